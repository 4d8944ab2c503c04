import { type Insertable, type Selectable, sql } from 'kysely'
import type { EventName } from '../contract/events.ts'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'
import type { Owner } from './webhook-endpoints.ts'

export type Event = Selectable<Schema['events']>

export function insert(db: Db, event: Insertable<Schema['events']>) {
  return db.insertInto('events').values(event).execute()
}

/** The next number of what is told of one object. Whoever tells of it next waits for this transaction. */
export async function nextSequence(db: Db, programId: string, object: string) {
  const row = await db
    .insertInto('eventSequences')
    .values({ programId, object, last: 1 })
    .onConflict(on => on.columns(['programId', 'object']).doUpdateSet({ last: sql`event_sequences.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow()
  return row.last
}

type Wanted = { names: readonly EventName[]; limit: number; after: string | null }

/** What an owner is told of: a program of everything, a partner of its own, and of both only the events named. */
export function page(db: Db, owner: Owner, { names, ...paging }: Wanted) {
  return readAfter(told(db, owner, names), paging)
}

type Span = Wanted & { from: string; to: string }

/** The same, from a time up to another. */
export function within(db: Db, owner: Owner, { names, from, to, ...paging }: Span) {
  return readAfter(told(db, owner, names).where('createdAt', '>=', from).where('createdAt', '<', to), paging)
}

export function byIds(db: Db, ids: string[]) {
  return db.selectFrom('events').select(['id', 'event', 'body']).where('id', 'in', ids).execute()
}

/** How often an object has been told of since a time. */
export async function countOf(db: Db, { programId, object, since }: { programId: string; object: string; since: string }) {
  const { total } = await db
    .selectFrom('events')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('programId', '=', programId)
    .where('object', '=', object)
    .where('createdAt', '>', since)
    .executeTakeFirstOrThrow()
  return Number(total)
}

function told(db: Db, { programId, partnerId }: Owner, names: readonly EventName[]) {
  const query = db
    .selectFrom('events')
    .selectAll()
    .where('programId', '=', programId)
    .where('event', 'in', [...names])
  return partnerId === null ? query : query.where('partnerId', '=', partnerId)
}
