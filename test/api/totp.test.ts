import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Enrolment, Me, RecoveryCodes, SecondFactorOff } from '../../server/contract/admins.ts'
import { Token } from '../../server/contract/auth.ts'
import { base32, codeAt, fromBase32, stepOf } from '../../server/rules/totp.ts'
import { codeOf, knownCode, secondFactor } from '../support/admins.ts'
import { atConsole, joined } from '../support/console.ts'
import { answered, refused } from '../support/replies.ts'
import { admin, signIn, type TestServer, testServer } from '../support/server.ts'

describe('A code', () => {
  // RFC 6238, appendix B, for SHA-1.
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %i s is %s', (seconds, code) => {
    expect(codeAt(Buffer.from('12345678901234567890'), Math.floor(seconds / 30), 8)).toBe(code)
  })

  test.each(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'])('has a secret that is written in base 32: %j', text => {
    // RFC 4648, section 10, without padding.
    const written = { '': '', f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB', foobar: 'MZXW6YTBOI' }
    expect(base32(Buffer.from(text))).toBe(written[text as keyof typeof written])
    expect(fromBase32(base32(Buffer.from(text))).toString()).toBe(text)
  })

  test('is good a half minute before and after its own, and later than the last that was used', () => {
    const secret = Buffer.from('12345678901234567890')
    const at = (step: number) => new Date(step * 30_000)
    const good = (now: number, after: number | null) => stepOf(secret, codeAt(secret, 100), { now: at(now), after })
    expect([98, 99, 100, 101, 102].map(now => good(now, null))).toEqual([null, 100, 100, 100, null])
    expect([good(100, 99), good(100, 100), good(100, 101)]).toEqual([100, null, null])
    expect(stepOf(secret, '1234567', { now: at(100), after: null })).toBeNull()
  })
})

// Every sign-in is slow by design.
vi.setConfig({ testTimeout: 60_000 })

let server: TestServer
let token: string
beforeAll(async () => {
  server = await testServer()
  token = await signIn(server)
})
afterAll(() => server.stop())
beforeEach(async () => {
  await secondFactor(server, 'off')
  server.clock.now = new Date(server.clock.now.getTime() + 5 * 60_000)
})

const post = (path: string, body: object, as = token) => server.ask('POST', path, { token: as, body })
const { password } = admin
const logIn = (code?: string) => server.ask('POST', '/v1/auth/login', { body: { ...admin, ...(code && { code }) } })

/** A second factor that is in force: its secret and its recovery codes. */
async function enrolled(as = token) {
  const { secret } = answered(await post('/v1/auth/totp', { password }, as), 201, Enrolment)
  const confirmed = await post('/v1/auth/totp/confirm', { code: codeOf(secret, server) }, as)
  return { secret, codes: answered(confirmed, 200, RecoveryCodes).recoveryCodes }
}

describe('A second factor', () => {
  test('is asked for once it has been confirmed, and not before', async () => {
    const { secret, uri, qr } = answered(await post('/v1/auth/totp', { password }), 201, Enrolment)
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(uri).toBe(
      `otpauth://totp/Mislata%20127.0.0.1:admin%40example.com?secret=${secret}&issuer=Mislata%20127.0.0.1&algorithm=SHA1&digits=6&period=30`,
    )
    expect(qr).toMatch(/^<svg /)
    answered(await logIn(), 200, Token)
    refused(await post('/v1/auth/totp/confirm', { code: codeOf(secret, server, 5) }), 401, 'wrong_second_factor')
    answered(await post('/v1/auth/totp/confirm', { code: codeOf(secret, server) }), 200, RecoveryCodes)
    refused(await logIn(), 401, 'second_factor_needed')
    const me = await server.ask('GET', '/v1/auth/me', { token })
    expect(me.body).toMatchObject({ secondFactor: true, recoveryCodesLeft: 10 })
  })

  test('takes each code once, also when it is sent twice at the same moment', async () => {
    const { secret } = await enrolled()
    refused(await logIn(codeOf(secret, server)), 401, 'wrong_second_factor')
    const next = codeOf(secret, server, 1)
    const both = await Promise.all([logIn(next), logIn(` ${next.slice(0, 3)} ${next.slice(3)}`)])
    expect(both.map(each => each.status).sort()).toEqual([200, 401])
  })

  test('is stood in for by each recovery code, once', async () => {
    const { codes } = await enrolled()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/)
    answered(await logIn(codes[0]?.toUpperCase().replaceAll('-', ' ')), 200, Token)
    refused(await logIn(codes[0]), 401, 'wrong_second_factor')
    expect((await server.ask('GET', '/v1/auth/me', { token })).body.recoveryCodesLeft).toBe(9)
    const { recoveryCodes } = answered(await post('/v1/auth/totp/recovery-codes', { password }), 200, RecoveryCodes)
    refused(await logIn(codes[1]), 401, 'wrong_second_factor')
    answered(await logIn(recoveryCodes[1]), 200, Token)
  })

  test('is set up and turned off with the password alone, and one at a time', async () => {
    refused(await post('/v1/auth/totp', { password: 'not that one' }), 401, 'wrong_login')
    refused(await post('/v1/auth/totp/confirm', { code: '123456' }), 409, 'second_factor_not_begun')
    refused(await post('/v1/auth/totp/off', { password }), 409, 'second_factor_is_off')
    await secondFactor(server, 'on')
    refused(await post('/v1/auth/totp', { password }), 409, 'second_factor_is_on')
    refused(await post('/v1/auth/totp/off', { password: 'not that one' }), 401, 'wrong_login')
    answered(await post('/v1/auth/totp/off', { password }), 200, SecondFactorOff)
    expect((await server.ask('GET', '/v1/auth/me', { token })).body).toMatchObject({ secondFactor: false, recoveryCodesLeft: 0 })
  })

  test('is kept so that the database alone tells nobody', async () => {
    const { secret, codes } = await enrolled()
    const { db } = server.desk().database
    const kept = JSON.stringify([
      await db.selectFrom('admins').selectAll().execute(),
      await db.selectFrom('adminRecoveryCodes').selectAll().execute(),
      await db.selectFrom('auditEntries').selectAll().execute(),
    ])
    expect(kept).toContain('v1.')
    for (const each of [secret, ...codes, ...codes.map(code => code.replaceAll('-', ''))]) expect(kept).not.toContain(each)
  })

  test('is not guessed: after eight wrong codes there is a wait', async () => {
    await secondFactor(server, 'begun')
    const guess = (code: string) => post('/v1/auth/totp/confirm', { code })
    for (let count = 0; count < 8; count++) refused(await guess(`00000${count}`), 401, 'wrong_second_factor')
    refused(await guess(knownCode(server)), 429, 'too_many_logins')
  })
})

test('An owner may require it of everybody: who has none is answered nothing else', { timeout: 60_000 }, async () => {
  const own = await testServer()
  const owner = await signIn(own)
  const ask = (method: string, path: string, as: string, body?: object) => own.ask(method, path, { token: as, body })
  const finance = await joined(own, { token: owner, email: 'finance@example.com', role: 'finance' })
  expect((await ask('PATCH', '/v1/team/settings', owner, { requireSecondFactor: true })).status).toBe(200)
  for (const as of [owner, finance]) refused(await ask('GET', '/v1/apps', as), 403, 'second_factor_required')
  refused(await ask('PATCH', '/v1/team/settings', owner, { requireSecondFactor: false }), 403, 'second_factor_required')
  const { secret } = answered(await ask('POST', '/v1/auth/totp', finance, { password }), 201, Enrolment)
  expect(answered(await ask('GET', '/v1/auth/me', finance), 200, Me).mustEnrol).toBe(true)
  answered(await ask('POST', '/v1/auth/totp/confirm', finance, { code: codeOf(secret, own) }), 200, RecoveryCodes)
  expect((await ask('GET', '/v1/apps', finance)).status).toBe(200)
  refused(await ask('POST', '/v1/auth/totp/off', finance, { password }), 409, 'second_factor_is_required')
  const console = await atConsole(own)
  expect(console.me.mustEnrol).toBe(true)
  refused(await console.ask('GET', '/v1/team'), 403, 'second_factor_required')
  await own.stop()
})
