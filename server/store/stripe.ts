import type { Insertable } from 'kysely'
import type { Db, Schema } from './schema.ts'

export function connection(db: Db, programId: string) {
  return db.selectFrom('stripeConnections').selectAll().where('programId', '=', programId).executeTakeFirst()
}

export function putConnection(db: Db, row: Insertable<Schema['stripeConnections']>) {
  const { secret, hint, createdAt } = row
  return db
    .insertInto('stripeConnections')
    .values(row)
    .onConflict(on => on.column('programId').doUpdateSet({ secret, hint, createdAt }))
    .execute()
}

export async function removeConnection(db: Db, programId: string) {
  const row = await db.deleteFrom('stripeConnections').where('programId', '=', programId).returning('hint').executeTakeFirst()
  return !!row
}

/** Keeps that an event has come; false where it had come before. */
export async function addEvent(db: Db, event: Insertable<Schema['inboundEvents']>) {
  const row = await db
    .insertInto('inboundEvents')
    .values(event)
    .onConflict(on => on.columns(['programId', 'source', 'eventId']).doNothing())
    .returning('eventId')
    .executeTakeFirst()
  return !!row
}

/** What is known of one of Stripe's customers, held until the transaction ends: what is told of it passes one at a time. */
export function holdCustomer(db: Db, programId: string, stripeId: string) {
  return db
    .insertInto('stripeCustomers')
    .values({ programId, stripeId, customerId: null })
    .onConflict(on => on.columns(['programId', 'stripeId']).doUpdateSet({ stripeId }))
    .returningAll()
    .executeTakeFirstOrThrow()
}

export function updateCustomer(
  db: Db,
  programId: string,
  stripeId: string,
  change: { customerId: string } | { endedAt: string },
) {
  return db
    .updateTable('stripeCustomers')
    .set(change)
    .where('programId', '=', programId)
    .where('stripeId', '=', stripeId)
    .execute()
}

/** When the last subscription of a customer ended, under any of the ids that Stripe has for it. */
export async function endedAt(db: Db, programId: string, customerIds: string[]) {
  const row = await db
    .selectFrom('stripeCustomers')
    .select(({ fn }) => fn.max('endedAt').as('endedAt'))
    .where('programId', '=', programId)
    .where('customerId', 'in', customerIds)
    .executeTakeFirst()
  return row?.endedAt ?? null
}

export function putCode(db: Db, row: Insertable<Schema['stripeCodes']>) {
  return db
    .insertInto('stripeCodes')
    .values(row)
    .onConflict(on => on.columns(['programId', 'stripeId']).doUpdateSet({ code: row.code }))
    .execute()
}

/** What promotion codes are called, by Stripe's ids for them. */
export async function codesOf(db: Db, programId: string, stripeIds: string[]) {
  if (!stripeIds.length) return []
  const rows = await db
    .selectFrom('stripeCodes')
    .select('code')
    .where('programId', '=', programId)
    .where('stripeId', 'in', stripeIds)
    .execute()
  return rows.map(each => each.code)
}
