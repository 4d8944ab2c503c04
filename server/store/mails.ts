import type { Insertable } from 'kysely'
import type { Db, Schema } from './schema.ts'

/** Puts a mail into the outbox, in the transaction that gave cause to it. */
export function queue(db: Db, mail: Insertable<Schema['mails']>) {
  return db.insertInto('mails').values(mail).execute()
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

/**
 * Takes up to `limit` mails that are due, and keeps others from taking them until `until`: if this process dies,
 * they are due again then.
 */
export function claim(db: Db, { now, until, limit }: { now: string; until: string; limit: number }) {
  return db
    .updateTable('mails')
    .set(eb => ({ nextAttemptAt: until, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', eb =>
      eb
        .selectFrom('mails')
        .select('id')
        .where('sentAt', 'is', null)
        .where('attempts', '<', 10)
        .where(due => due.or([due('nextAttemptAt', 'is', null), due('nextAttemptAt', '<=', now)]))
        .orderBy('createdAt')
        .limit(limit),
    )
    .where('sentAt', 'is', null)
    .where(eb => eb.or([eb('nextAttemptAt', 'is', null), eb('nextAttemptAt', '<=', now)]))
    .returning(['id', 'recipient', 'subject', 'body', 'attempts'])
    .execute()
}

export function sent(db: Db, id: string, sentAt: string) {
  return db.updateTable('mails').set({ sentAt, failure: null }).where('id', '=', id).execute()
}

export function failed(db: Db, id: string, { failure, nextAttemptAt }: { failure: string; nextAttemptAt: string }) {
  return db.updateTable('mails').set({ failure, nextAttemptAt }).where('id', '=', id).execute()
}
