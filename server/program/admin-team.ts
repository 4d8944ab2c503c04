import type { Role } from '../contract/roles.ts'
import { Problem } from '../problem.ts'
import { foldEmail } from '../rules/email.ts'
import { REQUIRES_SECOND_FACTOR } from '../store/admin-sessions.ts'
import * as admins from '../store/admins.ts'
import { inTransaction } from '../store/database.ts'
import * as mails from '../store/mails.ts'
import * as meta from '../store/meta.ts'
import type { Db } from '../store/schema.ts'
import * as team from '../store/team.ts'
import { isRequired } from './admin-totp.ts'
import { keep } from './admins.ts'
import { recordOfInstallation } from './audit.ts'
import type { Desk } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { hashed, newId, randomText } from './ids.ts'
import { sealed } from './sealed.ts'

const INVITE_MS = 3 * 24 * 3_600_000

/**
 * Asks somebody to become an admin: the token lets them choose a password once, within three days. Asked again, the earlier
 * token stops working. 409 for an address that is an admin's. `mailed` writes the mail; nothing is sent where it is absent.
 */
export async function invite(
  desk: Desk,
  { email, role }: { email: string; role: Role },
  mailed: ((token: string) => { subject: string; body: string }) | null,
) {
  const now = desk.clock()
  const emailFold = foldEmail(email)
  const expiresAt = new Date(now.getTime() + INVITE_MS).toISOString()
  const made = { id: newId('inv', now), email, emailFold, role, createdAt: now.toISOString(), expiresAt }
  return inTransactionOnce(desk, async db => {
    const token = randomText(32)
    if (await admins.byEmail(db, emailFold)) throw new Problem('admin_exists')
    await team.invite(db, { ...made, tokenHash: hashed(token) })
    await recordOfInstallation(desk, db, { action: 'admin.invited', object: made.id, after: { email, role } })
    if (mailed) {
      const { subject, body } = mailed(token)
      const id = newId('mail', now)
      const about = { id, programId: null, recipient: email, kind: 'admin_invited', subject, body: sealed(desk, id, body) }
      await mails.queue(db, { ...about, createdAt: made.createdAt, givesUpAt: expiresAt })
    }
    return { ...made, token }
  })
}

/** The invitation that a token is for, while it may be taken up. Looking does not use it up. */
export function invited(desk: Desk, token: string) {
  return team.inviteBy(desk.database.db, hashed(token), desk.clock().toISOString())
}

/** Makes the admin who was invited, and uses the invitation up, whatever else happens at the same time. */
export async function accept(desk: Desk, token: string, password: string) {
  const known = await invited(desk, token)
  if (!known) throw new Problem('invite_not_found')
  const passwordHash = await desk.passwords.hash(password)
  await inTransaction(desk.database, async db => {
    const taken = await team.takeInvite(db, known.id)
    if (taken?.tokenHash !== known.tokenHash) throw new Problem('invite_not_found')
    if (await admins.byEmail(db, taken.emailFold)) throw new Problem('admin_exists')
    const { id } = await keep(desk, db, taken, passwordHash)
    await recordOfInstallation(desk, db, { action: 'admin.joined', object: id, after: { email: taken.email, role: taken.role } })
  })
}

/** The invitation can be taken up no more. */
export function takeBack(desk: Desk, id: string) {
  return inTransaction(desk.database, async db => {
    const taken = await team.takeInvite(db, id)
    if (!taken) throw new Problem('invite_not_found')
    await recordOfInstallation(desk, db, { action: 'admin.invite_taken_back', object: id })
    return taken
  })
}

/** What they may do changes with their next request. 409 where nobody would be an owner any more. */
export function changeRole(desk: Desk, id: string, role: Role) {
  return inTransaction(desk.database, async db => {
    const before = await leavesAnOwner(db, id, role)
    await team.setRole(db, id, role)
    await recordOfInstallation(desk, db, {
      action: 'admin.role_changed',
      object: id,
      before: { role: before.role },
      after: { role },
    })
  })
}

/** They are an admin no more, and nothing that they hold works. 409 where nobody would be an owner any more. */
export function remove(desk: Desk, id: string) {
  return inTransaction(desk.database, async db => {
    const { email, role } = await leavesAnOwner(db, id, null)
    await team.remove(db, id)
    await recordOfInstallation(desk, db, { action: 'admin.removed', object: id, before: { email, role } })
  })
}

/** Whether everybody has to have a second factor; who has none can do nothing else until they set one up. */
export function requireSecondFactor(desk: Desk, required: boolean) {
  return inTransaction(desk.database, async db => {
    const before = { requireSecondFactor: await isRequired(db) }
    await meta.set(db, REQUIRES_SECOND_FACTOR, required ? 'yes' : 'no')
    const after = { requireSecondFactor: required }
    await recordOfInstallation(desk, db, { action: 'team.settings_changed', object: 'team', before, after })
  })
}

async function leavesAnOwner(db: Db, id: string, role: Role | null) {
  const others = role === 'owner' ? 1 : await team.otherOwners(db, id)
  const admin = await admins.byId(db, id)
  if (!admin) throw new Problem('admin_not_found')
  if (admin.role === 'owner' && !others) throw new Problem('last_owner')
  return admin
}
