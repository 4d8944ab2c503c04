import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { dropDatabase, freshDatabase } from '../support/postgres.ts'
import { serverProcess } from '../support/process.ts'
import { type Receiver, receiver } from '../support/receiver.ts'
import { asker, browser, newPartner, newProgram, signIn, type TestProgram } from '../support/server.ts'
import { admin } from './support.ts'

// Behind a proxy that hands each request to the next server, nobody can tell that there are several.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const LIMIT = 400
/** How old what a server knows of programs and keys may be, and what it may take to ask. */
const SOON_MS = 1_000 + 2_000

type Asker = ReturnType<typeof asker>
let ask: Asker
let first: Asker
let second: Asker
let acme: TestProgram
let told: Receiver
const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends.reverse()) await end()
})

// Two servers on one database, and a proxy that shares the requests out between them in turn.
beforeAll(async () => {
  const database = await freshDatabase(inject('postgresUrl'))
  ends.push(() => dropDatabase(database))
  const environment = {
    DATABASE_URL: database,
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    TRUSTED_PROXIES: '127.0.0.1',
    PUBLIC_RATE_LIMIT: String(LIMIT),
    ALLOW_PRIVATE_WEBHOOKS: '1',
  }
  // Both at once: which of them makes the tables is left to them.
  const servers = [1, 2].map(() => serverProcess(environment, [], end => void ends.push(end)))
  const addresses = await Promise.all(servers.map(each => each.ready()))
  let turn = 0
  const proxy = createServer((incoming, outgoing) => {
    const to = new URL(incoming.url ?? '/', addresses[turn++ % addresses.length])
    const { method, headers } = incoming
    const onwards = request(to, { method, headers }, reply => {
      outgoing.writeHead(reply.statusCode ?? 502, { ...reply.headers, 'x-served-by': to.port })
      reply.pipe(outgoing)
    })
    onwards.on('error', () => outgoing.destroy())
    incoming.pipe(onwards)
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  ends.push(() => new Promise(resolve => proxy.close(resolve)))
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  ask = asker(() => url)
  ;[first, second] = addresses.map(address => asker(() => address)) as [Asker, Asker]
  told = await receiver()
  ends.push(() => told.close())
  acme = await newProgram({ ask }, { defaultCommissionRate: 20, holdingPeriodDays: 30 })
})

/** What both answer to the same question. */
const both = (...asked: Parameters<Asker>) => Promise.all([first(...asked), second(...asked)])
const statuses = async (...asked: Parameters<Asker>) => (await both(...asked)).map(each => each.status)

/** How long it takes until something is so, in milliseconds. */
async function until(isSo: () => Promise<void>) {
  const since = performance.now()
  await vi.waitFor(isSo, { timeout: 20_000, interval: 20 })
  return performance.now() - since
}

const visit = (code: string, from: string) => ({
  headers: { origin: acme.site, 'user-agent': browser, 'x-forwarded-for': from },
  body: { code, key: acme.publishable, url: acme.program.siteUrl },
})

/** A partner with a customer's session and a key, each made through the proxy. */
async function signedInPartner(slug: string) {
  const partner = await newPartner({ ask }, acme, { slug })
  const customer = { customerId: `customer-${slug}`, email: partner.email }
  const { token } = (await ask('POST', '/v1/sessions', { key: acme.secret, body: customer })).body
  const { key } = (await ask('POST', '/v1/affiliate/api-keys', { token, body: { name: 'Reports' } })).body
  return { ...partner, token, key }
}

test('what one server has done, the other knows at the next request', async () => {
  // Made by the one, and asked of the other: the program, its keys, what the host's backend tells, a visitor's session.
  const secret = { key: acme.secret }
  const partner = await newPartner({ ask }, acme, { slug: 'JANE' })
  expect(partner.slug).toBe('JANE')
  const click = visit('JANE', '203.0.113.1')
  const clicked = await Promise.all(Array.from({ length: 40 }, () => ask('POST', '/referrals/click', click)))
  expect(new Set(clicked.map(each => each.headers.get('x-served-by'))).size).toBe(2)
  // One visitor: one click, whoever was told of it.
  expect(new Set(clicked.map(each => each.body.clickId)).size).toBe(1)

  const referral = await ask('POST', '/v1/referrals', {
    ...secret,
    body: { customerId: 'c1', clickId: clicked[0]?.body.clickId },
  })
  expect(referral.status, referral.text).toBe(201)
  const sale = {
    ...secret,
    headers: { 'idempotency-key': 'sale-1' },
    body: { externalId: 'inv_1', customerId: 'c1', amount: 10_000, currency: 'EUR' },
  }
  await Promise.all(Array.from({ length: 8 }, () => ask('POST', '/v1/conversions', sale)))
  const again = await both('POST', '/v1/conversions', sale)
  expect(again.map(({ status }) => status)).toEqual([201, 201])
  expect(again[0]?.text).toBe(again[1]?.text)
  const figures = await ask('GET', `/api/v1/partners/${partner.id}`, secret)
  expect(figures.body).toMatchObject({ stats: { pending_cents: 2_000 } })
})

describe('a session is one on every server, and ended on every server', () => {
  test('that of an admin', async () => {
    const token = await signIn({ ask: first })
    expect(await statuses('GET', '/v1/auth/me', { token })).toEqual([200, 200])
    await first('POST', '/v1/auth/logout', { token })
    expect(await statuses('GET', '/v1/auth/me', { token })).toEqual([401, 401])
  })

  test('those of a partner: in the host’s product, and by a key', async () => {
    const { token, key, id } = await signedInPartner('SUE')
    const asked = async () => [
      await statuses('GET', '/v1/affiliate', { token, headers: { origin: acme.site } }),
      await statuses('GET', '/api/v1/partners/codes', { token: key }),
    ]
    expect(await asked()).toEqual([
      [200, 200],
      [200, 200],
    ])
    expect((await first('DELETE', `/api/v1/partners/${id}`, { key: acme.secret })).status).toBe(200)
    expect((await asked())[1]).toEqual([403, 403])
  })
})

test('a partner who is deactivated at one server earns at none, at once', async () => {
  const { id, slug } = await signedInPartner('BOB')
  const secret = { key: acme.secret }
  const clicks = async () => (await ask('GET', `/v1/apps/${acme.program.id}/stats`, { token: acme.token })).body.clicks
  await second('POST', '/referrals/click', visit(slug, '203.0.113.20'))
  const before = await clicks()
  expect((await first('DELETE', `/api/v1/partners/${id}`, secret)).status).toBe(200)
  // What the other server has never been asked of the partner, and what it has just been asked.
  await second('POST', '/referrals/click', visit(slug, '203.0.113.21'))
  expect(await clicks()).toBe(before)
  const late = await second('POST', '/v1/referrals', { ...secret, body: { customerId: 'late', code: slug } })
  expect(late.body).toMatchObject({ attributed: false, reason: 'inactive_partner' })
  // And back again.
  expect((await second('PATCH', `/api/v1/partners/${id}`, { ...secret, body: { status: 'active' } })).status).toBe(200)
  expect((await first('POST', '/v1/referrals', { ...secret, body: { customerId: 'back', code: slug } })).status).toBe(201)
})

test('a key that is revoked, and a site that is taken out, are known to the other within a second', async () => {
  const other = await newProgram({ ask }, { allowedOrigins: ['https://shop.example'] })
  await newPartner({ ask }, other, { slug: 'ANN' })
  const as = { token: other.token }
  const click = (origin: string) => {
    const asked = visit('ANN', '203.0.113.30')
    return second('POST', '/referrals/click', {
      headers: { ...asked.headers, origin },
      body: { ...asked.body, key: other.publishable, url: other.program.siteUrl },
    })
  }
  const secret = () => second('GET', '/api/v1/partners', { key: other.secret })
  expect([(await click('https://shop.example')).status, (await secret()).status]).toEqual([202, 200])

  expect((await first('PATCH', `/v1/apps/${other.program.id}`, { ...as, body: { allowedOrigins: [other.site] } })).status).toBe(
    200,
  )
  expect(await until(async () => expect((await click('https://shop.example')).status).toBe(403))).toBeLessThan(SOON_MS)
  expect((await click(other.site)).status).toBe(202)

  const { body: keys } = await ask('GET', `/v1/apps/${other.program.id}/api-keys`, as)
  for (const { id } of keys.data)
    expect((await first('DELETE', `/v1/apps/${other.program.id}/api-keys/${id}`, as)).status).toBe(200)
  const gone = async () => expect([(await click(other.site)).status, (await secret()).status]).toEqual([401, 401])
  expect(await until(gone)).toBeLessThan(SOON_MS)
})

test('what one of them has to do later is done once, though all of them look for it', async () => {
  const as = { token: acme.token }
  const hooks = `/v1/apps/${acme.program.id}/webhooks`
  const made = await ask('POST', hooks, { ...as, body: { url: told.url('/once'), events: ['referral.created'] } })
  expect(made.status, made.text).toBe(201)
  await newPartner({ ask }, acme, { slug: 'ONCE' })
  const customers = Array.from({ length: 40 }, (_, i) => `once-${i}`)
  await Promise.all(
    customers.map(customerId => ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId, code: 'ONCE' } })),
  )
  const received = await told.at('/once', customers.length)
  expect(new Set(received.map(each => each.body.data.customerId)).size).toBe(customers.length)
  // Nobody is still at work on one, and none has been tried a second time.
  const deliveries = async () => (await ask('GET', `${hooks}/deliveries?limit=100`, as)).body.data
  await until(async () => {
    const open = (await deliveries()).filter((each: { status: string }) => each.status !== 'delivered')
    expect(open).toEqual([])
  })
  expect((await deliveries()).map((each: { attempts: unknown[] }) => each.attempts.length)).toEqual(customers.map(() => 1))
  expect(told.so('/once')).toHaveLength(customers.length)
})

test('what browsers ask counts together: the limit is that of all servers, or a little more', async () => {
  // Each address has minutes of its own, and the end of one may fall into this; hardly that of both.
  const passed = await Promise.all(['203.0.113.98', '203.0.113.99'].map(passedFrom))
  expect(Math.min(...passed)).toBeGreaterThanOrEqual(LIMIT)
  expect(Math.min(...passed)).toBeLessThan(1.5 * LIMIT)
})

async function passedFrom(address: string) {
  let passed = 0
  for (let sent = 0; sent < 3 * LIMIT; sent += 20) {
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask('POST', '/referrals/click', visit('NOBODY', address))))
    passed += replies.filter(({ status }) => status === 202).length
  }
  return passed
}

test('guesses at a password count together', async () => {
  const guess = () => ask('POST', '/v1/auth/login', { body: { email: admin.email, password: 'wrong wrong wrong' } })
  const seen = []
  for (let count = 0; count < 9; count++) seen.push((await guess()).status)
  expect(seen).toEqual([...Array(8).fill(401), 429])
})
