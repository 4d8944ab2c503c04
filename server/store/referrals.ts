import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Db, Schema } from './schema.ts'

export type Referral = Selectable<Schema['referrals']>

export function ofCustomer(db: Db, programId: string, customerId: string) {
  return db
    .selectFrom('referrals')
    .selectAll()
    .where('programId', '=', programId)
    .where('customerId', '=', customerId)
    .executeTakeFirst()
}

/** Binds a customer to a code; undefined where the customer is bound already, which nothing undoes. */
export function bind(db: Db, referral: Insertable<Schema['referrals']>) {
  return db
    .insertInto('referrals')
    .values(referral)
    .onConflict(on => on.columns(['programId', 'customerId']).doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** A page of those that a partner has brought, newest first, with the id by which the host knows the customer, and the number of all. */
export async function ofPartner(db: Db, partnerId: string, { limit, offset }: { limit: number; offset: number }) {
  const { total } = await db
    .selectFrom('referrals')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('partnerId', '=', partnerId)
    .executeTakeFirstOrThrow()
  const data = await db
    .selectFrom('referrals')
    .innerJoin('customers', 'customers.id', 'referrals.customerId')
    .selectAll('referrals')
    .select(({ fn }) => fn.coalesce('customers.externalId', 'customers.id').as('hostsCustomerId'))
    .where('referrals.partnerId', '=', partnerId)
    .orderBy('referrals.createdAt', 'desc')
    .orderBy('referrals.id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return { data, total: Number(total) }
}

/** The first payment; true the first time only. */
export async function qualify(db: Db, id: string, qualifiedAt: string) {
  const row = await db
    .updateTable('referrals')
    .set({ qualifiedAt })
    .where('id', '=', id)
    .where('qualifiedAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return !!row
}

export function byId(db: Db, programId: string, id: string) {
  return db.selectFrom('referrals').selectAll().where('programId', '=', programId).where('id', '=', id).executeTakeFirst()
}

/** The same, held until the transaction ends: whoever else would change it, or what it earns, waits for that. */
export function hold(db: Db, programId: string, id: string) {
  return db
    .updateTable('referrals')
    .set(({ ref }) => ({ code: ref('code') }))
    .where('programId', '=', programId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

export function update(db: Db, id: string, change: Updateable<Schema['referrals']>) {
  return db.updateTable('referrals').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}
