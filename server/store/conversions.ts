import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Db, Schema } from './schema.ts'

export type Conversion = Selectable<Schema['conversions']>

/** Keeps the fact of a payment; false where its external id is known. */
export async function insert(db: Db, conversion: Insertable<Schema['conversions']>) {
  const row = await db
    .insertInto('conversions')
    .values(conversion)
    .onConflict(on => on.columns(['programId', 'externalId']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return !!row
}

export function byExternalId(db: Db, programId: string, externalId: string) {
  return db
    .selectFrom('conversions')
    .selectAll()
    .where('programId', '=', programId)
    .where('externalId', '=', externalId)
    .executeTakeFirst()
}

export function byId(db: Db, programId: string, id: string) {
  return db.selectFrom('conversions').selectAll().where('programId', '=', programId).where('id', '=', id).executeTakeFirst()
}

/** Whose a payment is, and the answer that every repetition gets. */
export function update(db: Db, id: string, change: Updateable<Schema['conversions']>) {
  return db.updateTable('conversions').set(change).where('id', '=', id).execute()
}

/** What Stripe has told of a customer's payments that nobody has earned anything by, the oldest first. */
export function uncredited(db: Db, programId: string, customerId: string) {
  return db
    .selectFrom('conversions')
    .select(['id', 'externalId'])
    .where('programId', '=', programId)
    .where('customerId', '=', customerId)
    .where('referralId', 'is', null)
    .where('toldAt', 'is not', null)
    .orderBy('externalId')
    .execute()
}

/** When a customer last paid anything. */
export async function lastPaidAt(db: Db, programId: string, customerId: string) {
  const row = await db
    .selectFrom('conversions')
    .select(({ fn }) => fn.max('toldAt').as('at'))
    .where('programId', '=', programId)
    .where('customerId', '=', customerId)
    .where('amount', '>', 0)
    .executeTakeFirst()
  return row?.at ?? null
}

/** The payments by a referral's customer since it was referred, in the order in which they were reported. */
export function ofReferral(db: Db, programId: string, referralId: string) {
  return db
    .selectFrom('conversions')
    .selectAll()
    .where('programId', '=', programId)
    .where('referralId', '=', referralId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}
