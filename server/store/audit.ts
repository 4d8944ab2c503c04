import type { Insertable } from 'kysely'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'

export function insert(db: Db, entry: Insertable<Schema['auditEntries']>) {
  return db.insertInto('auditEntries').values(entry).execute()
}

type Wanted = {
  object?: string | undefined
  action?: string | undefined
  noun?: string | undefined
  actor?: string | undefined
  from?: string | undefined
  to?: string | undefined
  limit: number
  after: string | null
}

/** What was done in a program, or to the installation itself where none is named, newest first. */
export function page(db: Db, programId: string | null, { object, action, noun, actor, from, to, ...paging }: Wanted) {
  const all = db.selectFrom('auditEntries').selectAll()
  let query = programId === null ? all.where('programId', 'is', null) : all.where('programId', '=', programId)
  // The sign after the point: all actions of the noun, and none of another that begins alike.
  if (noun !== undefined) query = query.where('action', '>', `${noun}.`).where('action', '<', `${noun}/`)
  if (actor !== undefined) query = query.where('actorId', '=', actor)
  if (from !== undefined) query = query.where('createdAt', '>=', from)
  if (to !== undefined) query = query.where('createdAt', '<', to)
  if (object !== undefined) query = query.where('object', '=', object)
  if (action !== undefined) query = query.where('action', '=', action)
  return readAfter(query, paging)
}
