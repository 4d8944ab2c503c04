import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Clicked, Tracked } from '../../server/contract/referrals.ts'
import { clicksOf, day, pass, refer } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import {
  browser,
  newPartner,
  newProgram,
  type Reply,
  signIn,
  type TestProgram,
  type TestServer,
  testServer,
} from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
  const allowedOrigins = ['https://acme.example', 'https://www.acme.example', 'http://shop.acme.example']
  acme = await newProgram(server, { allowedOrigins })
  await newPartner(server, acme, { slug: 'JANE20' })
  await newPartner(server, acme, { slug: 'BOB' })
})
afterAll(() => server.stop())

let visitors = 0
let from = ''
beforeEach(() => {
  from = `203.0.113.${++visitors}`
})

type Visit = { code: string; host?: string; headers?: Record<string, string>; program?: TestProgram }

/** A click as a browser sends it to a host name, which `fetch` does not let a caller choose. */
function send({ code, host = 'partners.acme.example', headers = {}, program = acme }: Visit) {
  const body = JSON.stringify({ code, key: program.publishable })
  return new Promise<Reply & { cookie: string | undefined }>((resolve, reject) => {
    const all = { host, 'content-type': 'text/plain', 'user-agent': browser, 'x-forwarded-for': from, ...headers }
    const asked = request(`${server.url()}/referrals/click`, { method: 'POST', headers: all }, async reply => {
      const text = (await reply.toArray()).join('')
      const told = new Headers({ 'content-type': reply.headers['content-type'] ?? '' })
      const cookie = reply.headers['set-cookie']?.[0]
      resolve({ status: reply.statusCode ?? 0, headers: told, text, body: JSON.parse(text), cookie })
    })
    asked.on('error', reject).end(body)
  })
}

async function visit(visit: Visit) {
  const reply = await send(visit)
  return { clicked: answered(reply, 202, Clicked), cookie: reply.cookie }
}

const ownPage = { origin: 'https://www.acme.example', 'sec-fetch-site': 'same-site' }

describe('A page of the server’s own site gets the attribution as a cookie', () => {
  test('on what the two hosts have in common, until the click’s window ends', async () => {
    const { clicked, cookie } = await visit({ code: 'JANE20', headers: ownPage })
    const expires = new Date(clicked.expiresAt).toUTCString()
    expect(cookie?.split('; ').sort()).toEqual(
      [
        `mislata_ref=JANE20.${clicked.clickId}`,
        'Domain=acme.example',
        'Path=/',
        `Expires=${expires}`,
        'Secure',
        'SameSite=Lax',
      ].sort(),
    )
  })

  test('on the registrable domain also where page and server are one host, as the snippet does', async () => {
    const shop = { host: 'shop.acme.example', headers: { origin: 'http://shop.acme.example', 'sec-fetch-site': 'same-origin' } }
    expect((await visit({ code: 'JANE20', ...shop })).cookie).toContain('Domain=acme.example;')
  })

  test('which attributes a signup as it is', async () => {
    const { clicked, cookie } = await visit({ code: 'JANE20', headers: ownPage })
    const ref = /^mislata_ref=([^;]+)/.exec(cookie ?? '')?.[1]
    expect(await refer(server, acme, { customerId: 'by-cookie', ref })).toMatchObject({
      code: 'JANE20',
      clickId: clicked.clickId,
    })
  })

  test('for the host alone where it is one host', async () => {
    const { cookie } = await visit({
      code: 'JANE20',
      host: 'acme.example',
      headers: { origin: 'https://acme.example', 'sec-fetch-site': 'same-origin' },
    })
    expect(cookie).toContain('Domain=acme.example')
  })

  test('without a domain on an address or a single name, and without Secure on http', async () => {
    const origins = { allowedOrigins: ['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'] }
    const local = await newProgram(server, origins)
    await newPartner(server, local, { slug: 'JANE20' })
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const headers = { origin: `http://${host}:3000`, 'sec-fetch-site': 'same-site' }
      const { cookie } = await visit({ code: 'JANE20', host: `${host}:8787`, headers, program: local })
      expect(cookie).toMatch(/^mislata_ref=JANE20\.clk_\w+; Path=\/; Expires=[^;]+; SameSite=Lax$/)
    }
  })

  test('for a code that leads nowhere too, so that it cannot be told', async () => {
    const { clicked, cookie } = await visit({ code: 'UNKNOWN', headers: ownPage })
    expect(cookie).toContain(`mislata_ref=UNKNOWN.${clicked.clickId};`)
  })

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['no page at all', { 'sec-fetch-site': 'none' }],
    ['a client that does not say', {}],
  ])('but not %s', async (_, headers) => {
    expect((await visit({ code: 'JANE20', headers })).cookie).toBeUndefined()
  })

  test.each([
    'JANE 20',
    'JANE;20',
    'JANE\r\nSet-Cookie: a=b',
    '"JANE20"',
    'x'.repeat(65),
    '山田',
  ])('and not for the code %j', async code => {
    expect((await visit({ code, headers: ownPage })).cookie).toBeUndefined()
  })
})

describe('Where the first click counts', () => {
  let first: TestProgram
  beforeAll(async () => {
    first = await newProgram(server, { attribution: 'first', allowedOrigins: ['https://www.acme.example'] })
    await newPartner(server, first, { slug: 'JANE20' })
    await newPartner(server, first, { slug: 'BOB' })
  })
  const holding = (cookie: string | undefined) => ({ ...ownPage, cookie: `theme=dark; ${cookie?.split(';')[0]}; lang=en` })
  const clicks = async () => (await clicksOf(server)).filter(row => row.programId === first.program.id).length

  test('a held cookie stays, and the later click is not another one', async () => {
    const held = await visit({ code: 'JANE20', headers: ownPage, program: first })
    const before = await clicks()
    const later = await visit({ code: 'BOB', headers: holding(held.cookie), program: first })
    expect(later).toEqual({ clicked: held.clicked, cookie: undefined })
    expect(await clicks()).toBe(before)
  })

  test('until its window has ended', async () => {
    const held = await visit({ code: 'JANE20', headers: ownPage, program: first })
    pass(server, 30 * day + 1000)
    const later = await visit({ code: 'BOB', headers: holding(held.cookie), program: first })
    expect(later.clicked.code).toBe('BOB')
    expect(later.cookie).toContain(`mislata_ref=BOB.${later.clicked.clickId};`)
  })

  test('by the program’s own clock, where it has one', async () => {
    const own = await newProgram(server, { mode: 'test', attribution: 'first', allowedOrigins: ['https://www.acme.example'] })
    await newPartner(server, own, { slug: 'JANE20' })
    await newPartner(server, own, { slug: 'BOB' })
    const held = await visit({ code: 'JANE20', headers: ownPage, program: own })
    const advanceTo = new Date(server.clock.now.getTime() + 31 * day).toISOString()
    const token = await signIn(server)
    expect((await server.ask('POST', `/v1/apps/${own.program.id}/clock`, { token, body: { advanceTo } })).status).toBe(200)
    expect((await visit({ code: 'BOB', headers: holding(held.cookie), program: own })).clicked.code).toBe('BOB')
  })

  test.each([
    'JANE20.clk_notOnRecord0000001',
    'JANE20',
    'clk_notOnRecord0000001',
    '',
  ])('but not where nothing is known of %j', async ref => {
    const later = await visit({ code: 'BOB', headers: holding(`mislata_ref=${ref}`), program: first })
    expect(later.clicked.code).toBe('BOB')
  })

  test('and where the last one counts, the later click replaces it', async () => {
    const held = await visit({ code: 'JANE20', headers: ownPage })
    const later = await visit({ code: 'BOB', headers: holding(held.cookie) })
    expect(later.cookie).toContain(`mislata_ref=BOB.${later.clicked.clickId};`)
  })
})

describe('A page may tell of clicks', () => {
  const post = (path: string, headers: Record<string, string>, key = acme.publishable) =>
    server.ask('POST', path, {
      key,
      headers: { 'user-agent': browser, 'x-forwarded-for': from, ...headers },
      body: { code: 'JANE20' },
    })

  test.each(['/referrals/click', '/v1/affiliate/track'])('on the program’s own origins and on no other: %s', async path => {
    for (const origin of ['https://acme.example', 'https://www.acme.example']) {
      const reply = await post(path, { origin })
      expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([202, origin])
    }
    for (const origin of ['https://evil.example', 'https://acme.example.evil.example', 'http://acme.example', 'null']) {
      const reply = await post(path, { origin })
      refused(reply, 403, 'origin_not_allowed')
      expect(reply.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('and not on whatever host name the request was sent to', async () => {
    const headers = { origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' }
    refused(await send({ code: 'JANE20', host: 'evil.example', headers }), 403, 'origin_not_allowed')
  })

  test('and never with a secret key', async () => {
    refused(await post('/referrals/click', { origin: acme.site }, acme.secret), 403, 'wrong_credential')
    refused(await post('/v1/affiliate/track', { origin: acme.site }, acme.secret), 403, 'secret_key_in_browser')
  })
})

describe('By /v1/affiliate/track', () => {
  const track = async (key: string, agent: string) => {
    const headers = { 'user-agent': agent, 'x-forwarded-for': from }
    const body = { code: 'JANE20', url: 'https://acme.example/?ref=JANE20&email=private' }
    return answered(await server.ask('POST', '/v1/affiliate/track', { key, headers, body }), 202, Tracked).clickId
  }
  const stored = async (id: string) => (await clicksOf(server)).find(row => row.id === id)

  test('a page tells of a click like any other', async () => {
    const id = await track(acme.publishable, browser)
    expect(await stored(id)).toMatchObject({ code: 'JANE20', url: 'https://acme.example/?ref=JANE20', ignored: null })
    expect(await track(acme.publishable, browser)).toBe(id)
    expect(await stored(await track(acme.publishable, 'Googlebot/2.1'))).toMatchObject({ ignored: 'bot' })
  })

  test('a backend tells of each of its visitors, whom it does not describe', async () => {
    const [one, other] = [await track(acme.secret, 'node'), await track(acme.secret, 'node')]
    expect(one).not.toBe(other)
    expect(await stored(one)).toMatchObject({ ignored: null })
    expect(await refer(server, acme, { customerId: 'by-track', clickId: other })).toMatchObject({
      code: 'JANE20',
      clickId: other,
    })
  })
})
