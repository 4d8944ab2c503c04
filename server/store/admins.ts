import type { Insertable, Selectable } from 'kysely'
import type { Db, Schema } from './schema.ts'

export type Admin = Selectable<Schema['admins']>

export function byEmail(db: Db, emailFold: string) {
  return db.selectFrom('admins').selectAll().where('emailFold', '=', emailFold).executeTakeFirst()
}

export async function any(db: Db) {
  return !!(await db.selectFrom('admins').select('id').limit(1).executeTakeFirst())
}

/** Adds an admin, or gives a known one a new password. */
export function keep(db: Db, admin: Insertable<Schema['admins']>) {
  return db
    .insertInto('admins')
    .values(admin)
    .onConflict(on => on.column('emailFold').doUpdateSet({ passwordHash: admin.passwordHash }))
    .execute()
}

export function beginSession(db: Db, session: Insertable<Schema['adminSessions']>) {
  return db.insertInto('adminSessions').values(session).execute()
}

/** A session that has neither run out nor been ended. */
export function session(db: Db, id: string, now: string) {
  return db
    .selectFrom('adminSessions')
    .innerJoin('admins', 'admins.id', 'adminSessions.adminId')
    .select(['adminSessions.id', 'adminSessions.adminId', 'admins.email'])
    .where('adminSessions.id', '=', id)
    .where('adminSessions.endedAt', 'is', null)
    .where('adminSessions.expiresAt', '>', now)
    .executeTakeFirst()
}

export function endSession(db: Db, id: string, endedAt: string) {
  return db.updateTable('adminSessions').set({ endedAt }).where('id', '=', id).where('endedAt', 'is', null).execute()
}

/** Ends all sessions of one admin. */
export function endSessionsOf(db: Db, emailFold: string, endedAt: string) {
  const ids = db.selectFrom('admins').select('id').where('emailFold', '=', emailFold)
  return db.updateTable('adminSessions').set({ endedAt }).where('adminId', 'in', ids).where('endedAt', 'is', null).execute()
}

export function forgetSessions(db: Db, before: string) {
  return db.deleteFrom('adminSessions').where('expiresAt', '<', before).execute()
}
