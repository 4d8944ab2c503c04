import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Db, Schema } from './schema.ts'

export type Refund = Selectable<Schema['refunds']>

/**
 * Holds what is known of a payment until the transaction ends, known or not: a payment and its refunds pass one at a time,
 * so that a refund that finds no payment is found by it.
 */
export function holdSale(db: Db, programId: string, externalId: string) {
  return db
    .insertInto('sales')
    .values({ programId, externalId })
    .onConflict(on => on.columns(['programId', 'externalId']).doUpdateSet({ externalId }))
    .execute()
}

/** Keeps the fact of a refund; false where its external id is known. */
export async function insert(db: Db, refund: Insertable<Schema['refunds']>) {
  const row = await db
    .insertInto('refunds')
    .values(refund)
    .onConflict(on => on.columns(['programId', 'externalId']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return !!row
}

export function update(db: Db, id: string, change: Updateable<Schema['refunds']>) {
  return db.updateTable('refunds').set(change).where('id', '=', id).execute()
}

/** All refunds of a payment that has just been reported wait no more. */
export function applied(db: Db, { programId, externalId, id }: { programId: string; externalId: string; id: string }) {
  return db
    .updateTable('refunds')
    .set({ conversionId: id })
    .where('programId', '=', programId)
    .where('conversionExternalId', '=', externalId)
    .where('conversionId', 'is', null)
    .execute()
}

export function byExternalId(db: Db, programId: string, externalId: string) {
  return db
    .selectFrom('refunds')
    .selectAll()
    .where('programId', '=', programId)
    .where('externalId', '=', externalId)
    .executeTakeFirst()
}

/** All refunds of a payment, in the order in which they were reported. */
export function ofSale(db: Db, programId: string, conversionExternalId: string) {
  return db
    .selectFrom('refunds')
    .selectAll()
    .where('programId', '=', programId)
    .where('conversionExternalId', '=', conversionExternalId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}
