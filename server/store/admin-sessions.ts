import type { Insertable } from 'kysely'
import { compiled } from './compiled.ts'
import type { Db, Schema } from './schema.ts'

/** By this name the installation keeps whether everybody has to have a second factor. */
export const REQUIRES_SECOND_FACTOR = 'require_second_factor'

export function begin(db: Db, session: Insertable<Schema['adminSessions']>) {
  return db.insertInto('adminSessions').values(session).execute()
}

/**
 * A session that has neither run out nor been ended, with whose it is. One of the console is named by its cookie's hash, and
 * has run out too when it was last used before `usedSince`.
 */
export async function open(db: Db, named: { id: string } | { tokenHash: string; usedSince: string }, now: string) {
  const [session] = 'id' in named ? await byId(db, { ...named, now }) : await byCookie(db, { ...named, now })
  return session
}

const byId = compiled((db, { id, now }: { id: string; now: string }) =>
  openAt(db, now).where('adminSessions.id', '=', id).where('adminSessions.tokenHash', 'is', null),
)

const byCookie = compiled((db, { tokenHash, usedSince, now }: { tokenHash: string; usedSince: string; now: string }) =>
  openAt(db, now).where('adminSessions.tokenHash', '=', tokenHash).where('adminSessions.seenAt', '>', usedSince),
)

function openAt(db: Db, now: string) {
  return db
    .selectFrom('adminSessions')
    .innerJoin('admins', 'admins.id', 'adminSessions.adminId')
    .select(['adminSessions.id', 'adminSessions.adminId', 'adminSessions.seenAt', 'adminSessions.expiresAt'])
    .select(['admins.email', 'admins.role', 'admins.totpConfirmedAt'])
    .select(eb => eb.selectFrom('meta').select('value').where('name', '=', REQUIRES_SECOND_FACTOR).as('required'))
    .where('adminSessions.endedAt', 'is', null)
    .where('adminSessions.expiresAt', '>', now)
}

export type OpenSession = NonNullable<Awaited<ReturnType<typeof open>>>

export function seen(db: Db, id: string, seenAt: string) {
  return db.updateTable('adminSessions').set({ seenAt }).where('id', '=', id).execute()
}

/** An admin's sessions that are open, the newest first. */
export function openOf(db: Db, adminId: string, { now, usedSince }: { now: string; usedSince: string }) {
  return db
    .selectFrom('adminSessions')
    .selectAll()
    .where('adminId', '=', adminId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where(eb => eb.or([eb('tokenHash', 'is', null), eb('seenAt', '>', usedSince)]))
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
}

export function end(db: Db, id: string, endedAt: string) {
  return db.updateTable('adminSessions').set({ endedAt }).where('id', '=', id).where('endedAt', 'is', null).execute()
}

/** Ends one session of an admin; false where there is none such that is open. */
export async function endOf(db: Db, { adminId, id }: { adminId: string; id: string }, endedAt: string) {
  const { numUpdatedRows } = await db
    .updateTable('adminSessions')
    .set({ endedAt })
    .where('id', '=', id)
    .where('adminId', '=', adminId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', endedAt)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Ends the sessions of one admin, all but one where one is named. Says how many were open. */
export async function endAllOf(db: Db, adminId: string, { but, at }: { but?: string; at: string }) {
  let query = db
    .updateTable('adminSessions')
    .set({ endedAt: at })
    .where('adminId', '=', adminId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', at)
  if (but !== undefined) query = query.where('id', '<>', but)
  const { numUpdatedRows } = await query.executeTakeFirst()
  return Number(numUpdatedRows)
}

export function forget(db: Db, before: string) {
  return db.deleteFrom('adminSessions').where('expiresAt', '<', before).execute()
}
