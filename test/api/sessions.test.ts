import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Enrolment } from '../../server/contract/affiliate.ts'
import { Token } from '../../server/contract/auth.ts'
import { forgeries, read } from '../support/forgeries.ts'
import { answered, problem, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let own: TestProgram
let other: TestProgram

beforeAll(async () => {
  server = await testServer()
  own = await newProgram(server)
  other = await newProgram(server)
  for (const program of [own, other])
    await server.ask('POST', '/v1/sessions', { key: program.secret, body: { customerId: 'cust_1' } })
})
afterAll(() => server.stop())

const session = (body: unknown, key = own.secret) => server.ask('POST', '/v1/sessions', { key, body })
const sessionToken = async () => answered(await session({ customerId: 'cust_1' }), 201, Token).token
const enrolment = (token: string) => server.ask('GET', '/v1/affiliate', { token })
const lifetime = (expiresAt: string) => (Date.parse(expiresAt) - server.clock.now.getTime()) / 1000

describe('A session', () => {
  test('lasts fifteen minutes, to the second', async () => {
    const { token, expiresAt } = answered(await session({ customerId: 'cust_1' }), 201, Token)
    expect(lifetime(expiresAt)).toBe(900)
    const began = server.clock.now
    server.clock.now = new Date(began.getTime() + 899_000)
    answered(await enrolment(token), 200, Enrolment)
    server.clock.now = new Date(began.getTime() + 900_000)
    refused(await enrolment(token), 401, 'bad_credential')
    server.clock.now = began
  })

  test.each([
    [60, 60],
    [3_600, 3_600],
    [3_601, 3_600],
    [315_360_000, 3_600],
  ])('of which %d seconds are asked lasts %d', async (expiresIn, seconds) => {
    expect(lifetime(answered(await session({ customerId: 'cust_1', expiresIn }), 201, Token).expiresAt)).toBe(seconds)
  })

  test.each([
    [{}, 'customerId'],
    [{ customerId: '' }, 'customerId'],
    [{ customerId: 'x'.repeat(256) }, 'customerId'],
    [{ customerId: 'cust_1', email: 'not one' }, 'email'],
    [{ customerId: 'cust_1', expiresIn: 59 }, 'expiresIn'],
    [{ customerId: 'cust_1', expiresIn: 90.5 }, 'expiresIn'],
    [{ customerId: 'cust_1', expiresIn: '900' }, 'expiresIn'],
  ])('is refused for %j', async (body, field) => {
    expect(refused(await session(body), 422, 'invalid')).toEqual([field])
  })

  test('is one of its own program: the same customer id elsewhere is somebody else', async () => {
    const partner = await newPartner(server, own, { slug: 'jane', email: 'jane@example.com' })
    const mine = answered(await session({ customerId: 'jane', email: 'jane@example.com' }), 201, Token)
    const theirs = answered(await session({ customerId: 'jane', email: 'jane@example.com' }, other.secret), 201, Token)
    expect(answered(await enrolment(mine.token), 200, Enrolment)).toMatchObject({ enrolled: true, id: partner.id })
    expect(answered(await enrolment(theirs.token), 200, Enrolment)).toEqual({ enrolled: false })
  })

  test('ends with the partnership: a deactivated partner is shut out from the next request on', async () => {
    const { id } = await newPartner(server, own, { slug: 'john', email: 'john@example.com' })
    const { token } = answered(await session({ customerId: 'john', email: 'john@example.com' }), 201, Token)
    answered(await enrolment(token), 200, Enrolment)
    await server.ask('DELETE', `/api/v1/partners/${id}`, { key: own.secret })
    refused(await enrolment(token), 403, 'partner_deactivated')
    refused(await server.ask('GET', '/v1/affiliate/dashboard', { token }), 403, 'partner_deactivated')
  })
})

describe('A forged token', () => {
  test.each([
    ['session', '/v1/affiliate'],
    ['admin', '/v1/apps'],
  ] as const)('for %s is refused, whatever is wrong with it', async (kind, path) => {
    const tokens = { session: await sessionToken(), admin: own.token }
    const { genuine, forged } = forgeries(tokens[kind], {
      secret: server.desk().secret,
      anotherAudience: kind === 'session' ? 'admin' : own.program.id,
      anotherType: `mislata-${kind === 'session' ? 'admin' : 'session'}+jwt`,
    })
    expect(new Set(forged).size).toBeGreaterThan(120)
    expect((await server.ask('GET', path, { token: genuine })).status).toBe(200)
    const accepted: unknown[] = []
    for (const token of forged) {
      const reply = await server.ask('GET', path, { headers: { authorization: `Bearer ${token}` } })
      if (reply.status === 401) problem(reply)
      else accepted.push({ status: reply.status, token, ...read(token) })
    }
    expect(accepted).toEqual([])
  })

  test("for a session names no other program's customer", async () => {
    const elsewhere = answered(await session({ customerId: 'cust_2' }, other.secret), 201, Token)
    const { forged } = forgeries(elsewhere.token, {
      secret: server.desk().secret,
      anotherAudience: own.program.id,
      anotherType: '',
    })
    const moved = forged.find(token => read(token).claims.aud === own.program.id) as string
    expect(read(moved).header).toEqual(read(elsewhere.token).header)
    refused(await enrolment(moved), 401, 'bad_credential')
  })

  test('is refused under every other scheme, and with anything around it', async () => {
    for (const [path, token] of [
      ['/v1/affiliate', await sessionToken()],
      ['/v1/apps', own.token],
    ] as const) {
      expect((await server.ask('GET', path, { token })).status).toBe(200)
      for (const scheme of ['Basic', 'Token', 'JWT', 'Digest', 'Bearer Bearer', 'BearerBearer', 'Bearer,', '']) {
        refused(await server.ask('GET', path, { headers: { authorization: `${scheme} ${token}`.trim() } }), 401, 'bad_credential')
      }
      const twice = `Bearer ${token}, Bearer ${token}`
      refused(await server.ask('GET', path, { headers: { authorization: twice } }), 401, 'bad_credential')
      refused(await server.ask('GET', `${path}?access_token=${token}`), 401, 'no_credential')
      refused(await server.ask('GET', path, { headers: { cookie: `token=${token}` } }), 401, 'no_credential')
    }
  })
})

test('a true token of one kind opens no door of another', async () => {
  refused(await server.ask('GET', '/v1/apps', { token: await sessionToken() }), 403, 'wrong_credential')
  refused(await server.ask('GET', '/api/v1/partners', { token: await sessionToken() }), 403, 'wrong_credential')
  refused(await server.ask('GET', '/v1/affiliate', { token: own.token }), 403, 'wrong_credential')
  refused(await server.ask('POST', '/v1/sessions', { token: own.token, body: { customerId: 'c1' } }), 403, 'wrong_credential')
})

test('a token of another installation is refused', async () => {
  const elsewhere = await testServer({ APP_SECRET: 'another installation has another secret' })
  refused(await elsewhere.ask('GET', '/v1/apps', { token: own.token }), 401, 'bad_credential')
  refused(await elsewhere.ask('GET', '/v1/affiliate', { token: await sessionToken() }), 401, 'bad_credential')
  await elsewhere.stop()
})
