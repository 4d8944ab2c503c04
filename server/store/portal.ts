import type { Insertable, Selectable } from 'kysely'
import type { Db, Schema } from './schema.ts'

export type Link = Selectable<Schema['portalLinks']>
export type Session = Selectable<Schema['portalSessions']>

/** Keeps a new link, and forgets those of the same partner that ran out before `forgetBefore`. */
export async function addLink(db: Db, link: Insertable<Schema['portalLinks']>, forgetBefore: string) {
  await db.deleteFrom('portalLinks').where('partnerId', '=', link.partnerId).where('expiresAt', '<', forgetBefore).execute()
  await db.insertInto('portalLinks').values(link).execute()
}

export function link(db: Db, hash: string) {
  return db.selectFrom('portalLinks').selectAll().where('hash', '=', hash).executeTakeFirst()
}

/** Uses a link up; undefined where it has run out or somebody was faster. */
export function useLink(db: Db, hash: string, now: string) {
  return db
    .updateTable('portalLinks')
    .set({ usedAt: now })
    .where('hash', '=', hash)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returningAll()
    .executeTakeFirst()
}

/** Keeps that somebody has asked for a link by mail. */
export function ask(db: Db, asked: Insertable<Schema['portalAsks']>) {
  return db.insertInto('portalAsks').values(asked).execute()
}

/** Those who have asked and have no answer yet, oldest first. */
export function openAsks(db: Db, limit: number) {
  return db.selectFrom('portalAsks').selectAll().where('answeredAt', 'is', null).orderBy('createdAt').limit(limit).execute()
}

/** Takes one to answer it; undefined where somebody else has. */
export function answer(db: Db, id: string, now: string) {
  return db
    .updateTable('portalAsks')
    .set({ answeredAt: now })
    .where('id', '=', id)
    .where('answeredAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
}

/** How often an address has been asked with since then, in whatever program. */
export async function asksOf(db: Db, { emailFold, since }: { emailFold: string; since: string }) {
  const { count } = await db
    .selectFrom('portalAsks')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('emailFold', '=', emailFold)
    .where('answeredAt', '>', since)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export function forgetAsks(db: Db, before: string) {
  return db.deleteFrom('portalAsks').where('createdAt', '<', before).execute()
}

/** Keeps a new session, and forgets those of the same partner that ran out before `forgetBefore`. */
export async function beginSession(db: Db, session: Insertable<Schema['portalSessions']>, forgetBefore: string) {
  await db.deleteFrom('portalSessions').where('partnerId', '=', session.partnerId).where('expiresAt', '<', forgetBefore).execute()
  await db.insertInto('portalSessions').values(session).execute()
}

/** A session, whether or not it is over. */
export function session(db: Db, hash: string) {
  return db.selectFrom('portalSessions').selectAll().where('hash', '=', hash).executeTakeFirst()
}

export function extendSession(db: Db, hash: string, expiresAt: string) {
  return db.updateTable('portalSessions').set({ expiresAt }).where('hash', '=', hash).where('endedAt', 'is', null).execute()
}

export function endSession(db: Db, hash: string, endedAt: string) {
  return db.updateTable('portalSessions').set({ endedAt }).where('hash', '=', hash).where('endedAt', 'is', null).execute()
}

/** Ends all that lets a partner into the portal: its sessions, and the links that nobody has opened yet. */
export async function endAllOf(db: Db, partnerId: string, now: string) {
  await db
    .updateTable('portalSessions')
    .set({ endedAt: now })
    .where('partnerId', '=', partnerId)
    .where('endedAt', 'is', null)
    .execute()
  await db
    .updateTable('portalLinks')
    .set({ usedAt: now })
    .where('partnerId', '=', partnerId)
    .where('usedAt', 'is', null)
    .execute()
}
