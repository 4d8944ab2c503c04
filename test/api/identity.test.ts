import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, type GenerateKeyPairResult, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Enrolment } from '../../server/contract/affiliate.ts'
import { Customer } from '../../server/contract/customers.ts'
import { Program } from '../../server/contract/programs.ts'
import { minute, pass } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type Reply, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { rowCounts } from '../support/tables.ts'

type Answer = (request: IncomingMessage, reply: ServerResponse) => void
type Key = GenerateKeyPairResult & { kid: string; alg: string }

let server: TestServer
let acme: TestProgram & { audience: string }
let admin: string
let provider: Awaited<ReturnType<typeof identityProvider>>
let rsa: Key
let ec: Key
let ed: Key

beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  rsa = await newKey('rsa-1', 'RS256')
  ec = await newKey('ec-1', 'ES256')
  ed = await newKey('ed-1', 'EdDSA')
  provider = await identityProvider()
  await provider.publish(rsa, ec, ed)
  admin = await signIn(server)
  acme = { ...(await newProgram(server, { identity: { jwksUrl: provider.url, issuer, audience: 'acme' } })), audience: 'acme' }
})
afterAll(async () => {
  await server.stop()
  provider.stop()
})

const issuer = 'https://id.acme.example/'
let programs = 0

/** A program that takes the tokens of a provider, under an audience of its own. */
async function programOf(jwksUrl: string | null, identity: Record<string, unknown> = {}) {
  const settings = { jwksUrl, issuer, audience: `app-${++programs}`, ...identity }
  const body = { name: 'Acme', siteUrl: 'https://acme.example', currency: 'EUR', identity: settings }
  const { id } = answered(await server.ask('POST', '/v1/apps', { token: admin, body }), 201, Program)
  return { id, audience: settings.audience }
}

async function newKey(kid: string, alg: string): Promise<Key> {
  return { ...(await generateKeyPair(alg, { extractable: true })), kid, alg }
}

/** A provider's server of keys, which counts how often it is asked and can misbehave. */
async function identityProvider() {
  let body = '{"keys":[]}'
  let asked = 0
  let answer: Answer = (_, reply) => void reply.end(body)
  const listening = createServer((request, reply) => {
    asked++
    answer(request, reply)
  })
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/jwks`,
    asked: () => asked,
    async publish(...keys: Key[]) {
      const all = keys.map(async ({ publicKey, kid, alg }) => ({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }))
      body = JSON.stringify({ keys: await Promise.all(all) })
    },
    answers(how: Answer | undefined) {
      answer = how ?? ((_, reply) => void reply.end(body))
    },
    stop: () => {
      listening.close()
      listening.closeAllConnections()
    },
  }
}

type Wanted = { key?: Key; header?: Record<string, unknown>; claims?: JWTPayload; from?: number; to?: number | null }

/** A token as the provider signs it for Jane, but for what is named. Times are seconds from now. */
function token({ key = rsa, header = {}, claims = {}, from = 0, to = 600 }: Wanted = {}) {
  const now = Math.floor(server.clock.now.getTime() / 1000)
  const times = { iat: now + from, ...(to !== null && { exp: now + to }) }
  return new SignJWT({ iss: issuer, aud: acme.audience, sub: 'jane', ...times, ...claims })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(key.privateKey)
}

const ask = (bearer: string, headers?: Record<string, string>) =>
  server.ask('GET', '/v1/affiliate', { token: bearer, ...(headers && { headers }) })

describe('A token of the host’s own provider', () => {
  test('is a session of its customer, who is known from then on', async () => {
    expect(answered(await ask(await token()), 200, Enrolment)).toEqual({ enrolled: false })
    const named = await server.ask('PUT', '/v1/customers/jane', { key: acme.secret, body: { email: 'jane@example.com' } })
    expect(answered(named, 200, Customer).id).toMatch(/^cus_/)
  })

  test('signed with any algorithm that needs a secret key nobody publishes is as good', async () => {
    for (const key of [rsa, ec, ed]) expect((await ask(await token({ key }))).status).toBe(200)
  })

  test('makes the customer the partner of its address only where the provider has verified that', async () => {
    const email = 'verified@example.com'
    const { id } = await newPartner(server, acme, { slug: 'verified', email })
    const claimed = { sub: 'v-1', email }
    for (const email_verified of [undefined, false, 'true', 1]) {
      const reply = await ask(await token({ claims: { ...claimed, email_verified } }))
      expect(answered(reply, 200, Enrolment)).toEqual({ enrolled: false })
    }
    const reply = await ask(await token({ claims: { ...claimed, email_verified: true } }))
    expect(answered(reply, 200, Enrolment)).toMatchObject({ enrolled: true, id, customerId: 'v-1' })
  })

  test('opens what a session opens, and no more', async () => {
    refused(await server.ask('GET', '/v1/apps', { token: await token() }), 403, 'wrong_credential')
    refused(await server.ask('GET', '/api/v1/partners', { token: await token() }), 403, 'wrong_credential')
    refused(await ask(await token(), { origin: 'https://evil.example' }), 403, 'origin_not_allowed')
    expect((await ask(await token(), { origin: acme.site })).status).toBe(200)
  })

  test('need not name its key where only one fits', async () => {
    expect((await ask(await token({ header: { kid: undefined } }))).status).toBe(200)
  })

  test('may name several audiences', async () => {
    expect((await ask(await token({ claims: { aud: ['elsewhere', acme.audience] } }))).status).toBe(200)
  })

  test('is good for requests that come at once, of a customer whom nobody has seen before', async () => {
    const bearer = await token({ claims: { sub: 'rush', email: 'rush@example.com', email_verified: true } })
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask(bearer)))
    expect(replies.map(each => each.status)).toEqual(Array(10).fill(200))
  })
})

describe('A token is refused', () => {
  const wrong: [string, () => Promise<string>][] = [
    ['of another issuer', () => token({ claims: { iss: 'https://evil.example/' } })],
    ['without issuer', () => token({ claims: { iss: undefined } })],
    ['for another audience', () => token({ claims: { aud: 'elsewhere' } })],
    ['without audience', () => token({ claims: { aud: undefined } })],
    ['that has run out', () => token({ from: -3600, to: -60 })],
    ['that never runs out', () => token({ to: null })],
    ['that does not say since when', () => token({ claims: { iat: undefined } })],
    ['that is older than a day', () => token({ from: -86_500, to: 600 })],
    ['from the future', () => token({ from: 300, to: 900 })],
    ['that is not yet good', () => token({ claims: { nbf: Math.floor(server.clock.now.getTime() / 1000) + 300 } })],
    ['that names nobody', () => token({ claims: { sub: undefined } })],
    ['that names nothing', () => token({ claims: { sub: '' } })],
    ['whose name is too long', () => token({ claims: { sub: 'x'.repeat(256) } })],
    ['whose name cannot be kept', () => token({ claims: { sub: 'a\0b' } })],
    ['of a key that nobody has published', async () => token({ key: await newKey('unknown', 'RS256') })],
    ['of another key under a known name', async () => token({ key: await newKey('rsa-1', 'RS256') })],
    ['of one key under the name of another', () => token({ header: { kid: 'ec-1' } })],
    [
      'with a key of its own',
      async () => {
        const key = await newKey('own', 'RS256')
        return token({ key, header: { jwk: await exportJWK(key.publicKey), kid: undefined } })
      },
    ],
    ['that says where its keys are', async () => token({ key: await newKey('x', 'RS256'), header: { jku: `${provider.url}x` } })],
    ['without signature', async () => forged({ alg: 'none' }, async () => '')],
    ['with a signature that says none', async () => forged({ alg: 'none' }, async () => 'AAAA')],
    [
      'signed with the published key as if it were a secret',
      () => forged({ alg: 'HS256', kid: 'rsa-1' }, async text => hmac(text, await exportSPKI(rsa.publicKey))),
    ],
    [
      'signed with the published key, written otherwise',
      () => forged({ alg: 'HS256', kid: 'rsa-1' }, async text => hmac(text, JSON.stringify(await exportJWK(rsa.publicKey)))),
    ],
    [
      'whose claims were changed',
      async () => {
        const [head, , signature] = (await token()).split('.')
        return `${head}.${encoded({ ...(await claims()), sub: 'boss' })}.${signature}`
      },
    ],
  ]

  test.each(wrong)('%s', async (_, made) => {
    const before = await rowCounts(server)
    const bearer = await made()
    refused(await ask(bearer), 401, 'bad_credential')
    expect(await rowCounts(server)).toEqual(before)
  })

  test('that names a customer by the id that this server gave', async () => {
    const { id } = answered(
      await server.ask('PUT', '/v1/customers/victim', { key: acme.secret, body: { email: 'victim@example.com' } }),
      200,
      Customer,
    )
    refused(await ask(await token({ claims: { sub: id } })), 401, 'bad_credential')
    expect((await ask(await token({ claims: { sub: 'victim' } }))).status).toBe(200)
  })

  test('where its program names no provider, or only half of one', async () => {
    for (const identity of [{ jwksUrl: null }, { issuer: null }, { audience: null }]) {
      const program = await programOf(provider.url, identity)
      refused(await ask(await token({ claims: { iss: 'null', aud: program.audience ?? 'null' } })), 401, 'bad_credential')
    }
  })

  test('where two programs would take it', async () => {
    const first = await programOf(provider.url, { audience: 'shared' })
    expect((await ask(await token({ claims: { aud: 'shared' } }))).status).toBe(200)
    await programOf(provider.url, { audience: 'shared' })
    refused(await ask(await token({ claims: { aud: 'shared' } })), 401, 'bad_credential')
    const mine = { identity: { audience: 'mine' } }
    answered(await server.ask('PATCH', `/v1/apps/${first.id}`, { token: admin, body: mine }), 200, Program)
    expect((await ask(await token({ claims: { aud: 'shared' } }))).status).toBe(200)
  })
})

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = async () => JSON.parse(Buffer.from((await token()).split('.')[1] ?? '', 'base64url').toString())

async function forged(header: object, signed: (text: string) => Promise<string>) {
  const text = `${encoded(header)}.${encoded(await claims())}`
  return `${text}.${await signed(text)}`
}

async function hmac(text: string, key: string) {
  const { createHmac } = await import('node:crypto')
  return createHmac('sha256', key).update(text).digest('base64url')
}

describe('The provider’s keys', () => {
  /** A provider of the test's own, with a program that trusts it. */
  async function another(...keys: Key[]) {
    const own = await identityProvider()
    onTestFinished(() => own.stop())
    await own.publish(...keys)
    const { audience } = await programOf(own.url)
    return { ...own, ask: async (wanted: Wanted = {}) => ask(await token({ ...wanted, claims: { aud: audience } })) }
  }
  const unavailable = ({ status, body, headers }: Reply) => {
    expect([status, body.code]).toEqual([503, 'identity_unavailable'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }

  test('are asked for once, however many tokens come at once, and again after ten minutes', async () => {
    const own = await another(rsa)
    const replies = await Promise.all(Array.from({ length: 20 }, () => own.ask()))
    expect(replies.map(each => each.status)).toEqual(Array(20).fill(200))
    expect(own.asked()).toBe(1)
    pass(server, 9 * minute)
    expect((await own.ask()).status).toBe(200)
    expect(own.asked()).toBe(1)
    pass(server, 2 * minute)
    expect((await own.ask()).status).toBe(200)
    expect(own.asked()).toBe(2)
  })

  test('that are new are found by the first token that they sign, and old ones are no longer taken', async () => {
    const own = await another(rsa)
    expect((await own.ask()).status).toBe(200)
    const next = await newKey('rsa-2', 'RS256')
    await own.publish(next)
    pass(server, minute)
    expect((await own.ask({ key: next })).status).toBe(200)
    refused(await own.ask(), 401, 'bad_credential')
  })

  test('are not asked for with each token that somebody makes up', async () => {
    const own = await another(rsa)
    const stranger = await newKey('stranger', 'RS256')
    for (let times = 0; times < 20; times++) refused(await own.ask({ key: stranger }), 401, 'bad_credential')
    expect(own.asked()).toBe(1)
    pass(server, minute)
    for (let times = 0; times < 20; times++) refused(await own.ask({ key: stranger }), 401, 'bad_credential')
    expect(own.asked()).toBe(2)
  })

  test.each<[string, Answer]>([
    ['an error', (_, reply) => void reply.writeHead(500).end('{"keys":[]}')],
    ['a redirect', (_, reply) => void reply.writeHead(302, { location: provider.url }).end()],
    ['what is no JSON', (_, reply) => void reply.end('<html>')],
    ['JSON without keys', (_, reply) => void reply.end('{"keys":7}')],
    ['nothing', (_, reply) => void reply.destroy()],
    [
      'half of an answer',
      (_, reply) => void reply.writeHead(200, { 'content-length': '1000' }).write('{', () => reply.destroy()),
    ],
    ['without end', (_, reply) => void reply.end(' '.repeat(1_000_000))],
  ])('that cannot be had are said to be so, and are asked for again soon: %s', async (_, how) => {
    const own = await another(rsa)
    own.answers(how)
    unavailable(await own.ask())
    unavailable(await own.ask())
    expect(own.asked()).toBe(1)
    own.answers(undefined)
    pass(server, minute)
    expect((await own.ask()).status).toBe(200)
  })

  test('that were read go on for an hour while their provider does not answer', async () => {
    const own = await another(rsa)
    expect((await own.ask()).status).toBe(200)
    own.answers((_, reply) => void reply.destroy())
    pass(server, 30 * minute)
    expect((await own.ask()).status).toBe(200)
    pass(server, 31 * minute)
    unavailable(await own.ask())
  })

  test('that are none take nobody’s token', async () => {
    const own = await another()
    refused(await own.ask(), 401, 'bad_credential')
  })
})

test('Without ALLOW_PRIVATE_WEBHOOKS nothing on this machine or its network is asked', async () => {
  const strict = await testServer()
  const own = await identityProvider()
  await own.publish(rsa)
  const before = { server, admin }
  server = strict
  admin = await signIn(strict)
  try {
    const places = [
      own.url,
      own.url.replace('127.0.0.1', 'localhost'),
      own.url.replace('http:', 'https:'),
      'https://169.254.169.254/keys',
      'https://[::1]/keys',
    ]
    for (const place of places) {
      const { audience } = await programOf(place)
      const reply = await ask(await token({ claims: { aud: audience } }))
      expect([reply.status, reply.body.code], place).toEqual([503, 'identity_unavailable'])
    }
    expect(own.asked()).toBe(0)
  } finally {
    server = before.server
    admin = before.admin
    own.stop()
    await strict.stop()
  }
})
