import type { Role } from '../contract/roles.ts'
import { Problem } from '../problem.ts'
import { foldEmail } from '../rules/email.ts'
import * as sessions from '../store/admin-sessions.ts'
import * as admins from '../store/admins.ts'
import { inTransaction } from '../store/database.ts'
import type { Db } from '../store/schema.ts'
import { keep } from './admins.ts'
import { recordOfInstallation } from './audit.ts'
import type { Desk } from './desk.ts'

// For whoever holds the machine: there is nobody above them to ask.

/** An admin with that password. 409 for an address that is an admin's. */
export async function create(desk: Desk, { email, role }: { email: string; role: Role }, password: string) {
  const passwordHash = await desk.passwords.hash(password)
  await inTransaction(desk.database, async db => {
    if (await admins.byEmail(db, foldEmail(email))) throw new Problem('admin_exists')
    const { id } = await keep(desk, db, { email, role }, passwordHash)
    await recordOfInstallation(desk, db, { action: 'admin.joined', object: id, after: { email, role } })
  })
}

/** The password holds, and every session is over. 404 where there is no such admin. */
export async function resetPassword(desk: Desk, email: string, password: string) {
  const passwordHash = await desk.passwords.hash(password)
  await inTransaction(desk.database, async db => {
    const { id } = await byAddress(db, email)
    await admins.change(db, id, { passwordHash })
    await sessions.endAllOf(db, id, { at: desk.clock().toISOString() })
    await recordOfInstallation(desk, db, { action: 'admin.password_reset', object: id })
  })
}

/** Signing in takes the password alone until a second factor is set up again, and every session is over. */
export function resetSecondFactor(desk: Desk, email: string) {
  return inTransaction(desk.database, async db => {
    const { id } = await byAddress(db, email)
    await admins.change(db, id, { totpSecret: null, totpConfirmedAt: null, totpStep: null })
    await admins.replaceRecoveryCodes(db, id, [])
    await sessions.endAllOf(db, id, { at: desk.clock().toISOString() })
    await recordOfInstallation(desk, db, { action: 'admin.second_factor_reset', object: id })
  })
}

/** The admin with an address. 404 where there is none. */
export async function byAddress(db: Db, email: string) {
  const admin = await admins.byEmail(db, foldEmail(email))
  if (!admin) throw new Problem('admin_not_found')
  return admin
}
