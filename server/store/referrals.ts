import type { Insertable, Selectable } from 'kysely'
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
