import type { Insertable } from 'kysely'
import type { Db, Schema } from './schema.ts'

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
    .select(['id', 'payloadHash', 'reply'])
    .where('programId', '=', programId)
    .where('externalId', '=', externalId)
    .executeTakeFirst()
}

/** The answer that every repetition gets. */
export function setReply(db: Db, id: string, change: { reply: string; referralId: string | null }) {
  return db.updateTable('conversions').set(change).where('id', '=', id).execute()
}
