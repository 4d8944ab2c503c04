import type { Insertable } from 'kysely'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'

export function insert(db: Db, key: Insertable<Schema['apiKeys']>) {
  return db.insertInto('apiKeys').values(key).execute()
}

export function live(db: Db) {
  return db.selectFrom('apiKeys').select(['id', 'programId', 'type', 'hash']).where('revokedAt', 'is', null).execute()
}

export async function isLive(db: Db, hash: string) {
  const query = db.selectFrom('apiKeys').select('id').where('hash', '=', hash).where('revokedAt', 'is', null)
  return (await query.executeTakeFirst()) !== undefined
}

export function page(db: Db, programId: string, paging: { limit: number; after: string | null }) {
  const query = db
    .selectFrom('apiKeys')
    .select(['id', 'type', 'name', 'hint', 'createdAt'])
    .where('programId', '=', programId)
    .where('revokedAt', 'is', null)
  return readAfter(query, paging)
}

/** Stops a key for good; null where there is none such, or it was stopped before. */
export function revoke(db: Db, { programId, id, revokedAt }: { programId: string; id: string; revokedAt: string }) {
  return db
    .updateTable('apiKeys')
    .set({ revokedAt })
    .where('programId', '=', programId)
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .returning(['id', 'type', 'name', 'hint', 'createdAt'])
    .executeTakeFirst()
}

/** What a key is called, whether it still works or not. */
export function byId(db: Db, id: string) {
  return db.selectFrom('apiKeys').select(['name', 'hint']).where('id', '=', id).executeTakeFirst()
}
