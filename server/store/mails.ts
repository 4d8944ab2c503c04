import type { Insertable, Selectable } from 'kysely'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'

/**
 * Puts a mail into the outbox, in the transaction that gave cause to it, unless there is one by its natural key. `facts` are
 * what it tells of, as JSON.
 */
export function queue(db: Db, mail: Insertable<Schema['mails']>) {
  return db
    .insertInto('mails')
    .values(mail)
    .onConflict(on => on.columns(['programId', 'naturalKey']).doNothing())
    .execute()
}

/** True where somebody has been sent a mail of this kind lately. */
export async function queuedSince(
  db: Db,
  { programId, recipient, kind, since }: { programId: string; recipient: string; kind: string; since: string },
) {
  const found = await db
    .selectFrom('mails')
    .select('id')
    .where('recipient', '=', recipient)
    .where('kind', '=', kind)
    .where('programId', '=', programId)
    .where('createdAt', '>', since)
    .limit(1)
    .executeTakeFirst()
  return !!found
}

/** How many mails of a kind a program has queued since then. */
export async function countSince(db: Db, { programId, kind, since }: { programId: string; kind: string; since: string }) {
  const { count } = await db
    .selectFrom('mails')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('programId', '=', programId)
    .where('kind', '=', kind)
    .where('createdAt', '>', since)
    .executeTakeFirstOrThrow()
  return Number(count)
}

type Wanted = { state?: 'waiting' | 'sent' | 'failed' | undefined; now: string; limit: number; after: string | null }

/** A program's mails without what they say, newest first. Those whose time was up at `now` have failed as well. */
export function page(db: Db, programId: string, { state, now, ...paging }: Wanted) {
  let query = db
    .selectFrom('mails')
    .select(['id', 'kind', 'recipient', 'subject', 'attempts', 'failure'])
    .select(['createdAt', 'sentAt', 'failedAt', 'givesUpAt', 'nextAttemptAt'])
    .where('programId', '=', programId)
  if (state !== undefined) query = query.where('sentAt', state === 'sent' ? 'is not' : 'is', null)
  if (state === 'failed') query = query.where(eb => eb.or([eb('failedAt', 'is not', null), eb('givesUpAt', '<=', now)]))
  if (state === 'waiting')
    query = query.where('failedAt', 'is', null).where(eb => eb.or([eb('givesUpAt', 'is', null), eb('givesUpAt', '>', now)]))
  return readAfter(query, paging)
}

export type Claimed = Pick<
  Selectable<Schema['mails']>,
  'id' | 'programId' | 'recipient' | 'kind' | 'subject' | 'body' | 'facts' | 'givesUpAt' | 'attempts' | 'createdAt'
>

/**
 * Takes up to `limit` mails that are due, and keeps others from taking them until `until`: if this process dies,
 * they are due again then.
 */
export function claim(db: Db, { now, until, limit }: { now: string; until: string; limit: number }): Promise<Claimed[]> {
  return db
    .updateTable('mails')
    .set(eb => ({ nextAttemptAt: until, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', eb =>
      eb
        .selectFrom('mails')
        .select('id')
        .where('sentAt', 'is', null)
        .where('failedAt', 'is', null)
        .where(due => due.or([due('nextAttemptAt', 'is', null), due('nextAttemptAt', '<=', now)]))
        .where(due => due.or([due('givesUpAt', 'is', null), due('givesUpAt', '>', now)]))
        .orderBy('createdAt')
        .limit(limit),
    )
    .where('sentAt', 'is', null)
    .where('failedAt', 'is', null)
    .where(eb => eb.or([eb('nextAttemptAt', 'is', null), eb('nextAttemptAt', '<=', now)]))
    .returning(['id', 'programId', 'recipient', 'kind', 'subject', 'body', 'facts', 'givesUpAt', 'attempts', 'createdAt'])
    .execute()
}

/** Writes down what came of an attempt, unless somebody has taken the mail again meanwhile. */
export function settle(
  db: Db,
  { id, attempts }: Pick<Claimed, 'id' | 'attempts'>,
  outcome: Pick<Insertable<Schema['mails']>, 'sentAt' | 'failedAt' | 'failure' | 'nextAttemptAt' | 'facts'>,
) {
  return db.updateTable('mails').set(outcome).where('id', '=', id).where('attempts', '=', attempts).execute()
}

/**
 * Forgets the mails that were queued before `before`, sent or not, and at `now` what lets somebody in from those that
 * are sent no more.
 */
export async function forget(db: Db, { before, now }: { before: string; now: string }) {
  await db
    .updateTable('mails')
    .set({ facts: null })
    .where('kind', '=', 'portal_link')
    .where('facts', 'is not', null)
    .where('givesUpAt', '<=', now)
    .execute()
  await db.deleteFrom('mails').where('createdAt', '<', before).execute()
}
