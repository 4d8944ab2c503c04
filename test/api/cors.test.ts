import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let own: TestProgram
let other: TestProgram

const allowedOrigins = ['https://acme.example', 'https://app.acme.example:8443', 'http://localhost:3000']

beforeAll(async () => {
  server = await testServer()
  own = await newProgram(server, { allowedOrigins })
  other = await newProgram(server, { siteUrl: 'https://other.example' })
  await newPartner(server, own, { slug: 'jane' })
})
afterAll(() => server.stop())

// Pages that this server shows itself, such as the console, ask it too.
const ITS_OWN = 'of the server itself'
const allowed = [...allowedOrigins, ITS_OWN]
const originOf = (page: string) => (page === ITS_OWN ? server.url() : page)
const refusedOrigins = [
  'null',
  '*',
  'https://evil.example',
  'https://acme.example.evil.example',
  'https://evilacme.example',
  'https://acme.example-evil.com',
  'https://www.acme.example',
  'https://acme.exampl',
  'https://acme.example.',
  'https://acme.example:443',
  'https://acme.example:8443',
  'https://acme.example/',
  'https://acme.example/path',
  'https://acme.example?x',
  'https://acme.example#x',
  'https://acme.example@evil.example',
  'https://user@acme.example',
  'http://acme.example',
  'HTTPS://ACME.EXAMPLE',
  'https://Acme.example',
  'https://app.acme.example',
  'http://app.acme.example:8443',
  'http://localhost',
  'http://localhost:3001',
  'http://127.0.0.1:3000',
  'acme.example',
  '//acme.example',
  'file://',
  'chrome-extension://acme.example',
  'https://acme.example https://evil.example',
  'https://acme.example,https://evil.example',
  'https://xn--acm-epa.example',
  'http://127.0.0.1',
  'https://127.0.0.1:8787',
]

const click = (origin: string) =>
  server.ask('POST', '/referrals/click', { body: { code: 'jane', key: own.publishable }, headers: { origin } })

/** A request that a page of `origin` sends, on each way that an answer can take. */
const asks = (origin: string): Record<string, () => ReturnType<TestServer['ask']>> => ({
  click: () => click(origin),
  track: () => server.ask('POST', '/v1/affiliate/track', { key: own.publishable, body: { code: 'jane' }, headers: { origin } }),
  status: () => server.ask('GET', '/v1/affiliate/apply/status', { key: own.publishable, headers: { origin } }),
  apply: () =>
    server.ask('POST', '/v1/affiliate/apply', {
      key: own.publishable,
      body: { email: 'a@example.com', name: 'A' },
      headers: { origin },
    }),
})

describe('A page of the program', () => {
  test.each(allowed)('%s may ask with the publishable key and read the answer', async page => {
    const origin = originOf(page)
    for (const [name, ask] of Object.entries(asks(origin))) {
      const reply = await ask()
      expect(reply.status, `${name}: ${reply.text}`).toBeLessThan(300)
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
      expect(reply.headers.get('access-control-allow-credentials')).toBeNull()
      expect(reply.headers.get('vary')).toMatch(/\bOrigin\b/i)
      expect(reply.headers.get('access-control-expose-headers')?.split(',')).toEqual(
        expect.arrayContaining(['retry-after', 'x-request-id']),
      )
    }
  })

  test.each(allowed)('%s may read why it was refused, too', async page => {
    const origin = originOf(page)
    for (const path of ['/v1/affiliate', '/nowhere', '/v1/apps']) {
      const reply = await server.ask('GET', path, { headers: { origin } })
      expect(reply.status).toBeGreaterThanOrEqual(400)
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
    }
    const reply = await server.ask('POST', '/referrals/click', { raw: '{', headers: { origin, 'content-type': 'text/plain' } })
    refused(reply, 400, 'malformed_json')
    expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
  })

  test.each(allowed)('%s may ask beforehand', async page => {
    const origin = originOf(page)
    for (const [method, path] of [
      ['POST', '/referrals/click'],
      ['GET', '/v1/affiliate/dashboard'],
      ['POST', '/v1/affiliate/apply'],
    ] as const) {
      const reply = await server.ask('OPTIONS', path, {
        headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'x-api-key,content-type' },
      })
      expect(reply.status).toBe(204)
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
      expect(reply.headers.get('access-control-allow-methods')?.split(',')).toContain(method)
      const headers = reply.headers.get('access-control-allow-headers')?.split(',')
      expect(headers).toEqual(
        expect.arrayContaining(['authorization', 'content-type', 'x-api-key', 'x-application-token', 'idempotency-key']),
      )
      expect(reply.headers.get('access-control-max-age')).toBe('600')
      expect(reply.headers.get('vary')).toMatch(/\bOrigin\b/i)
    }
  })
})

describe('A page of nobody we know', () => {
  test.each(refusedOrigins)('%s is refused and may not read even that', async origin => {
    for (const ask of Object.values(asks(origin))) {
      const reply = await ask()
      refused(reply, 403, 'origin_not_allowed')
      expect(reply.headers.get('access-control-allow-origin')).toBeNull()
      expect(reply.headers.get('vary')).toMatch(/\bOrigin\b/i)
    }
    const before = await server.ask('OPTIONS', '/v1/affiliate/apply', {
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    expect(before.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test("a page of another program is refused, with this program's key and with a session of it", async () => {
  const headers = { origin: other.site }
  for (const ask of Object.values(asks(other.site))) refused(await ask(), 403, 'origin_not_allowed')
  const { token } = (await server.ask('POST', '/v1/sessions', { key: own.secret, body: { customerId: 'c' } })).body
  refused(await server.ask('GET', '/v1/affiliate', { token, headers }), 403, 'origin_not_allowed')
  expect((await server.ask('GET', '/v1/affiliate', { token, headers: { origin: own.site } })).status).toBe(200)
})

test('what is no page sends no origin, and is asked for none', async () => {
  const reply = await server.ask('POST', '/referrals/click', { body: { code: 'jane', key: own.publishable } })
  expect(reply.status).toBe(202)
  expect(reply.headers.get('access-control-allow-origin')).toBeNull()
  expect(reply.headers.get('vary')).toMatch(/\bOrigin\b/i)
})

test('an origin that is added may ask at once, and one that is taken away no more', async () => {
  const origin = 'https://new.example'
  const set = (origins: string[]) =>
    server.ask('PATCH', `/v1/apps/${own.program.id}`, { token: own.token, body: { allowedOrigins: origins } })
  refused(await click(origin), 403, 'origin_not_allowed')
  await set([...allowedOrigins, origin])
  expect((await click(origin)).headers.get('access-control-allow-origin')).toBe(origin)
  await set(allowedOrigins)
  refused(await click(origin), 403, 'origin_not_allowed')
})

test('an origin cannot bring a header of its own', async () => {
  const reply = await server.ask('GET', '/healthz', { headers: { origin: 'https://acme.example%0d%0aset-cookie: a=b' } })
  expect(reply.headers.get('access-control-allow-origin')).toBeNull()
  expect(reply.headers.get('set-cookie')).toBeNull()
})
