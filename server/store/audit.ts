import type { Insertable } from 'kysely'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'

export function insert(db: Db, entry: Insertable<Schema['auditEntries']>) {
  return db.insertInto('auditEntries').values(entry).execute()
}

type Wanted = { object?: string | undefined; action?: string | undefined; limit: number; after: string | null }

/** What was done in a program, newest first. */
export function page(db: Db, programId: string, { object, action, ...paging }: Wanted) {
  let query = db.selectFrom('auditEntries').selectAll().where('programId', '=', programId)
  if (object !== undefined) query = query.where('object', '=', object)
  if (action !== undefined) query = query.where('action', '=', action)
  return readAfter(query, paging)
}
