import { createHmac } from 'node:crypto'
import { Problem } from '../problem.ts'
import { foldEmail } from '../rules/email.ts'
import * as admins from '../store/admins.ts'
import { inTransaction } from '../store/database.ts'
import * as meta from '../store/meta.ts'
import type { Db } from '../store/schema.ts'
import type { Desk } from './desk.ts'
import { hashed, newId, randomText } from './ids.ts'
import { hashPassword, isPassword } from './password.ts'

const SESSION_MS = 12 * 3_600_000
const LINK_MS = 24 * 3_600_000

/** A session of twelve hours for whoever knows the password; its id goes into the token. */
export async function login(desk: Desk, { email, password }: { email: string; password: string }) {
  const admin = await admins.byEmail(desk.database.db, foldEmail(email))
  if (!(await isPassword(password, admin?.passwordHash)) || !admin) throw new Problem('wrong_login')
  const now = desk.clock()
  const session = {
    id: newId('ses', now),
    adminId: admin.id,
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + SESSION_MS).toISOString(),
  }
  await inTransaction(desk.database, db => admins.beginSession(db, session))
  return session
}

/** The session's token stops working at once. */
export function logout(desk: Desk, sessionId: string) {
  return inTransaction(desk.database, db => admins.endSession(db, sessionId, desk.clock().toISOString()))
}

/**
 * The environment's admin exists with the environment's password; a new one ends the sessions that the old one began.
 * Hashing is slow, so an unchanged pair is recognised.
 */
export async function ensureAdmin(desk: Desk, { email, password }: { email: string; password: string }) {
  const mark = createHmac('sha256', desk.secret)
    .update(`${foldEmail(email)}\n${password}`)
    .digest('base64url')
  if ((await meta.value(desk.database.db, 'environment_admin')) === mark) return
  const passwordHash = await hashPassword(password)
  await inTransaction(desk.database, async db => {
    await keep(desk, db, email, passwordHash)
    await admins.endSessionsOf(db, foldEmail(email), desk.clock().toISOString())
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
  const passwordHash = await hashPassword(password)
  await inTransaction(desk.database, async db => {
    if (!(await meta.takeIf(db, 'set_up', stored))) throw new Problem('not_found')
    await keep(desk, db, email, passwordHash)
  })
}

function keep(desk: Desk, db: Db, email: string, passwordHash: string) {
  return admins.keep(db, {
    id: newId('adm', desk.clock()),
    email,
    emailFold: foldEmail(email),
    passwordHash,
    createdAt: desk.clock().toISOString(),
  })
}
