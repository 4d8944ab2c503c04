import { randomBytes } from 'node:crypto'
import { Problem } from '../problem.ts'
import { base32, fromBase32, stepOf } from '../rules/totp.ts'
import { REQUIRES_SECOND_FACTOR } from '../store/admin-sessions.ts'
import * as admins from '../store/admins.ts'
import { inTransaction } from '../store/database.ts'
import * as meta from '../store/meta.ts'
import type { Db } from '../store/schema.ts'
import { assertKnows } from './admins.ts'
import type { Desk } from './desk.ts'
import { hashed } from './ids.ts'
import { opened, sealed } from './sealed.ts'

const CODES = 10

/**
 * 401 where an admin has a second factor and the code is not from it: a code of the app, each of which works once, or one of
 * the recovery codes, which it uses up. Whoever has none set up is let by.
 */
export async function secondFactor(desk: Desk, db: Db, adminId: string, code: string | undefined) {
  const admin = await admins.byId(db, adminId)
  if (!admin) throw new Problem('wrong_login')
  if (!admin.totpConfirmedAt) return
  if (!code) throw new Problem('second_factor_needed')
  if (!(await isRight(desk, db, admin, code))) throw new Problem('wrong_second_factor')
}

/** A new secret, which asks for nothing until it is confirmed by a code of it. 409 where there is a second factor already. */
export async function enrol(desk: Desk, adminId: string, password: string) {
  const { email } = await assertKnows(desk, adminId, password)
  const secret = base32(randomBytes(20))
  await inTransaction(desk.database, async db => {
    await assertOff(db, adminId)
    await admins.change(db, adminId, { totpSecret: sealed(desk, adminId, secret), totpStep: null })
  })
  return { secret, email }
}

/** From now on signing in takes a code. Returns the recovery codes, which are kept as hashes only. */
export function confirm(desk: Desk, adminId: string, code: string) {
  return inTransaction(desk.database, async db => {
    const admin = await assertOff(db, adminId)
    if (!admin.totpSecret) throw new Problem('second_factor_not_begun')
    if (!(await isRight(desk, db, admin, code))) throw new Problem('wrong_second_factor')
    await admins.change(db, adminId, { totpConfirmedAt: desk.clock().toISOString() })
    return newRecoveryCodes(db, adminId)
  })
}

/** Ten new recovery codes; those before stop working. */
export async function renewRecoveryCodes(desk: Desk, adminId: string, password: string) {
  await assertKnows(desk, adminId, password)
  return inTransaction(desk.database, async db => {
    await assertOn(db, adminId)
    return newRecoveryCodes(db, adminId)
  })
}

/** Signing in takes the password alone. 409 while a second factor is required of everybody. */
export async function turnOff(desk: Desk, adminId: string, password: string) {
  await assertKnows(desk, adminId, password)
  await inTransaction(desk.database, async db => {
    await assertOn(db, adminId)
    if (await isRequired(db)) throw new Problem('second_factor_is_required')
    await admins.change(db, adminId, { totpSecret: null, totpConfirmedAt: null, totpStep: null })
    await admins.replaceRecoveryCodes(db, adminId, [])
  })
}

/** Whether everybody has to have a second factor. */
export async function isRequired(db: Db) {
  return (await meta.value(db, REQUIRES_SECOND_FACTOR)) === 'yes'
}

async function isRight(desk: Desk, db: Db, admin: admins.Admin, code: string) {
  const typed = code.replace(/[\s-]/g, '').toLowerCase()
  if (!/^\d{6}$/.test(typed)) return admins.takeRecoveryCode(db, { adminId: admin.id, hash: hashed(typed) })
  const secret = opened(desk, admin.id, admin.totpSecret ?? '')
  if (secret === null) return false
  const step = stepOf(fromBase32(secret), typed, { now: desk.clock(), after: admin.totpStep })
  return step !== null && admins.takeStep(db, admin.id, step)
}

/** Sixteen letters and digits each: 80 bits, which a plain hash keeps well. */
async function newRecoveryCodes(db: Db, adminId: string) {
  const codes = Array.from({ length: CODES }, () => base32(randomBytes(10)).toLowerCase())
  await admins.replaceRecoveryCodes(db, adminId, codes.map(hashed))
  return codes.map(code => code.replace(/(.{4})(?=.)/g, '$1-'))
}

async function assertOff(db: Db, adminId: string) {
  const admin = await admins.byId(db, adminId)
  if (!admin) throw new Problem('bad_credential')
  if (admin.totpConfirmedAt) throw new Problem('second_factor_is_on')
  return admin
}

async function assertOn(db: Db, adminId: string) {
  const admin = await admins.byId(db, adminId)
  if (!admin?.totpConfirmedAt) throw new Problem('second_factor_is_off')
}
