import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Db, Schema } from './schema.ts'

export type Admin = Selectable<Schema['admins']>

export function byEmail(db: Db, emailFold: string) {
  return db.selectFrom('admins').selectAll().where('emailFold', '=', emailFold).executeTakeFirst()
}

export function byId(db: Db, id: string) {
  return db.selectFrom('admins').selectAll().where('id', '=', id).executeTakeFirst()
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

export function change(db: Db, id: string, to: Updateable<Schema['admins']>) {
  return db.updateTable('admins').set(to).where('id', '=', id).returningAll().executeTakeFirst()
}

/** Uses up the code of a half minute; false where it, or a later one, has been used. */
export async function takeStep(db: Db, id: string, step: number) {
  const { numUpdatedRows } = await db
    .updateTable('admins')
    .set({ totpStep: step })
    .where('id', '=', id)
    .where(eb => eb.or([eb('totpStep', 'is', null), eb('totpStep', '<', step)]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** These are the recovery codes now, and those before are none any more. */
export async function replaceRecoveryCodes(db: Db, adminId: string, hashes: string[]) {
  await db.deleteFrom('adminRecoveryCodes').where('adminId', '=', adminId).execute()
  const rows = hashes.map(hash => ({ adminId, hash }))
  if (rows.length) await db.insertInto('adminRecoveryCodes').values(rows).execute()
}

/** Uses up a recovery code; false where there is none such. */
export async function takeRecoveryCode(db: Db, code: { adminId: string; hash: string }) {
  const { numDeletedRows } = await db
    .deleteFrom('adminRecoveryCodes')
    .where('adminId', '=', code.adminId)
    .where('hash', '=', code.hash)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

export async function recoveryCodesLeft(db: Db, adminId: string) {
  const { count } = await db
    .selectFrom('adminRecoveryCodes')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('adminId', '=', adminId)
    .executeTakeFirstOrThrow()
  return Number(count)
}
