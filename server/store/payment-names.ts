import { holdSale } from './refunds.ts'
import type { Db } from './schema.ts'

/**
 * The id under which a payment is kept, by any name that it has, held until the transaction ends: a payment and all that is
 * told of it pass one at a time, by whatever name.
 */
export async function hold(db: Db, programId: string, name: string): Promise<string> {
  await holdSale(db, programId, name)
  const known = await idOf(db, programId, name)
  if (known !== name) await holdSale(db, programId, known)
  return known
}

export async function idOf(db: Db, programId: string, name: string) {
  const row = await db
    .selectFrom('paymentNames')
    .select('externalId')
    .where('programId', '=', programId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.externalId ?? name
}

/** From now on one name finds what goes by another, and so does every name that the one had. */
export async function add(db: Db, programId: string, { name, externalId }: { name: string; externalId: string }) {
  await db
    .updateTable('paymentNames')
    .set({ externalId })
    .where('programId', '=', programId)
    .where('externalId', '=', name)
    .execute()
  await db
    .insertInto('paymentNames')
    .values({ programId, name, externalId })
    .onConflict(on => on.columns(['programId', 'name']).doUpdateSet({ externalId }))
    .execute()
}
