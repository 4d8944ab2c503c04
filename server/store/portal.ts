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
