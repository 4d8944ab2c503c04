import { createHmac } from 'node:crypto'
import type { Role } from '../contract/roles.ts'
import { Problem } from '../problem.ts'
import { foldEmail } from '../rules/email.ts'
import * as sessions from '../store/admin-sessions.ts'
import * as admins from '../store/admins.ts'
import { inTransaction } from '../store/database.ts'
import * as meta from '../store/meta.ts'
import type { Db } from '../store/schema.ts'
import type { Desk } from './desk.ts'
import { hashed, newId, randomText } from './ids.ts'

const LINK_MS = 24 * 3_600_000

/** The admin who is meant. 401 where the password is another, alike where there is no such admin. */
export async function whoKnows(desk: Desk, { email, password }: { email: string; password: string }) {
  const admin = await admins.byEmail(desk.database.db, foldEmail(email))
  if (!(await desk.passwords.isSame(password, admin?.passwordHash)) || !admin) throw new Problem('wrong_login')
  return admin
}

/** Whoever is signed in says who they are once more, before what a stranger at their screen must not do. */
export async function assertKnows(desk: Desk, adminId: string, password: string) {
  const admin = await admins.byId(desk.database.db, adminId)
  if (!(await desk.passwords.isSame(password, admin?.passwordHash)) || !admin) throw new Problem('wrong_login')
  return admin
}

/** The new password holds, and every session but the one that asks is over. */
export async function changePassword(
  desk: Desk,
  { adminId, sessionId }: { adminId: string; sessionId: string },
  { password, newPassword }: { password: string; newPassword: string },
) {
  const admin = await assertKnows(desk, adminId, password)
  const passwordHash = await desk.passwords.hash(newPassword)
  await inTransaction(desk.database, async db => {
    await admins.change(db, admin.id, { passwordHash })
    await sessions.endAllOf(db, admin.id, { but: sessionId, at: desk.clock().toISOString() })
  })
}

/**
 * The environment's admin exists with the environment's password, as an owner where it is new. Another password than last
 * time ends the sessions that the old one began, and asks for no second factor until one is set up again: it is the way back
 * in for whoever has lost theirs. Hashing is slow, so an unchanged pair is recognised.
 */
export async function ensureAdmin(desk: Desk, { email, password }: { email: string; password: string }) {
  const mark = createHmac('sha256', desk.secret)
    .update(`${foldEmail(email)}\n${password}`)
    .digest('base64url')
  if ((await meta.value(desk.database.db, 'environment_admin')) === mark) return
  const passwordHash = await desk.passwords.hash(password)
  await inTransaction(desk.database, async db => {
    const { id } = await keep(desk, db, { email, role: 'owner' }, passwordHash)
    await admins.change(db, id, { totpSecret: null, totpConfirmedAt: null, totpStep: null })
    await admins.replaceRecoveryCodes(db, id, [])
    await sessions.endAllOf(db, id, { at: desk.clock().toISOString() })
    await meta.set(db, 'environment_admin', mark)
  })
}

/** A link that makes the first admin, once, within a day. Undefined where there is an admin already. */
export async function setUpToken(desk: Desk) {
  if (await admins.any(desk.database.db)) return undefined
  const token = randomText(32)
  const expires = new Date(desk.clock().getTime() + LINK_MS).toISOString()
  await inTransaction(desk.database, db => meta.set(db, 'set_up', `${hashed(token)} ${expires}`))
  return token
}

/** True while the link may be used. Looking does not use it up. */
export async function isSetUpToken(desk: Desk, token: string) {
  const stored = await meta.value(desk.database.db, 'set_up')
  const [hash, expires = ''] = (stored ?? '').split(' ')
  return hash === hashed(token) && expires > desk.clock().toISOString() ? stored : null
}

/** Makes the first admin and uses the link up, whatever else happens at the same time. */
export async function setUp(desk: Desk, token: string, { email, password }: { email: string; password: string }) {
  const stored = await isSetUpToken(desk, token)
  if (!stored) throw new Problem('not_found')
  const passwordHash = await desk.passwords.hash(password)
  await inTransaction(desk.database, async db => {
    if (!(await meta.takeIf(db, 'set_up', stored))) throw new Problem('not_found')
    await keep(desk, db, { email, role: 'owner' }, passwordHash)
  })
}

/** Makes an admin; one whose address is known gets the password, and keeps its role. */
export async function keep(desk: Desk, db: Db, { email, role }: { email: string; role: Role }, passwordHash: string) {
  const emailFold = foldEmail(email)
  const createdAt = desk.clock().toISOString()
  await admins.keep(db, { id: newId('adm', desk.clock()), email, emailFold, passwordHash, createdAt, role })
  const admin = await admins.byEmail(db, emailFold)
  if (!admin) throw new Error('An admin who was kept is not there')
  return admin
}
