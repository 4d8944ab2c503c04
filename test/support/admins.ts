import { newId } from '../../server/program/ids.ts'
import { sealed } from '../../server/program/sealed.ts'
import { codeAt, fromBase32, stepAt } from '../../server/rules/totp.ts'
import * as sessions from '../../server/store/admin-sessions.ts'
import * as admins from '../../server/store/admins.ts'
import { inTransaction } from '../../server/store/database.ts'
import { admin, type TestServer } from './server.ts'

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

/** The code that an app with this secret shows at the server's time, or some half minutes later. */
export const codeOf = (secret: string, { clock }: Pick<TestServer, 'clock'>, later = 0) =>
  codeAt(fromBase32(secret), stepAt(clock.now) + later)

export const knownCode = (server: Pick<TestServer, 'clock'>) => codeOf(SECRET, server)

// Passwords are slow to hash, so what a request uses up is put where it would be instead of being asked for.

/** Another admin, who cannot sign in. */
export async function anotherAdmin(server: TestServer, role: 'manager' | 'owner' = 'manager') {
  const { database, clock } = server.desk()
  const id = newId('adm', clock())
  const email = `${id.toLowerCase()}@example.com`
  const made = { id, email, emailFold: email, passwordHash: 'none', createdAt: clock().toISOString(), role }
  await inTransaction(database, db => admins.keep(db, made))
  return id
}

/** Another session of the first admin. */
export async function anotherSession(server: TestServer) {
  const { database, clock } = server.desk()
  const now = clock()
  const id = newId('ses', now)
  const adminId = await firstAdmin(server)
  const expiresAt = new Date(now.getTime() + 3_600_000).toISOString()
  const made = { id, adminId, createdAt: now.toISOString(), seenAt: now.toISOString(), expiresAt }
  await inTransaction(database, db => sessions.begin(db, made))
  return id
}

/** The first admin's second factor, at any point of its life. */
export async function secondFactor(server: TestServer, state: 'off' | 'begun' | 'on') {
  const { database, clock } = server.desk()
  const id = await firstAdmin(server)
  const totpSecret = state === 'off' ? null : sealed(server.desk(), id, SECRET)
  const totpConfirmedAt = state === 'on' ? clock().toISOString() : null
  await inTransaction(database, db => admins.change(db, id, { totpSecret, totpConfirmedAt, totpStep: null }))
}

async function firstAdmin(server: TestServer) {
  const first = await admins.byEmail(server.desk().database.db, admin.email)
  if (!first) throw new Error('There is no first admin')
  return first.id
}
