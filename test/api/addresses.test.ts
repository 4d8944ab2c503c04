import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { visitorAddress } from '../../server/address.ts'
import { refused } from '../support/replies.ts'
import { newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

describe('Whom a request comes from', () => {
  const nobody: string[] = []
  const local = ['127.0.0.1', '::1']
  const networks = ['10.0.0.0/8', '2001:db8:ff::/48']

  test.each<[string, string[], string | undefined, string | undefined, string]>([
    ['is its peer, without proxies', nobody, '203.0.113.9', undefined, '203.0.113.9'],
    ['is its peer, whatever it claims, without proxies', nobody, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['is its peer, whatever it claims, where it is no proxy of ours', local, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['is whom our proxy names', local, '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['is the last one named, because the rest is hearsay', local, '127.0.0.1', '1.1.1.1, 2.2.2.2, 198.51.100.1', '198.51.100.1'],
    [
      'is the first from the right whom no proxy of ours vouches for',
      networks,
      '10.0.0.1',
      '1.1.1.1,198.51.100.1, 10.9.9.9 ,10.1.1.1',
      '198.51.100.1',
    ],
    ['is the leftmost where all are ours', networks, '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['is not found behind nonsense', local, '127.0.0.1', '1.1.1.1, unknown', '127.0.0.1'],
    ['is not found behind nothing', local, '127.0.0.1', '', '127.0.0.1'],
    ['is not found behind commas', local, '127.0.0.1', ', ,', '127.0.0.1'],
    ['is found where the proxy adds a port', local, '127.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['is found where the proxy adds a port to IPv6', local, '::1', '[2001:db8:1:2:3::4]:4711', '2001:db8:1:2::/64'],
    ['is found behind a proxy that arrives as mapped IPv4', local, '::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['is found behind a proxy that is named as mapped IPv4', ['::ffff:127.0.0.1'], '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['is found behind a network of IPv6', networks, '2001:db8:ff:1::1', '198.51.100.1', '198.51.100.1'],
    ['is its peer from just outside a network', networks, '11.0.0.1', '198.51.100.1', '11.0.0.1'],
    ['is unknown without a peer', nobody, undefined, '198.51.100.1', 'unknown'],
  ])('%s', (_, trusted, peer, forwardedFor, address) => {
    expect(visitorAddress(trusted)(peer, forwardedFor)).toBe(address)
  })

  test('is one for all spellings of an address', () => {
    const of = visitorAddress([])
    const four = [
      '1.2.3.4',
      '::ffff:1.2.3.4',
      '::FFFF:1.2.3.4',
      '::ffff:102:304',
      '0:0:0:0:0:ffff:0102:0304',
      '0000:0000:0000:0000:0000:ffff:1.2.3.4',
    ]
    expect(new Set(four.map(peer => of(peer, undefined)))).toEqual(new Set(['1.2.3.4']))
    const six = [
      '2001:db8::1',
      '2001:DB8::1',
      '2001:0db8:0000:0000:0000:0000:0000:0001',
      '2001:db8:0:0::1',
      '2001:db8::0.0.0.1',
      '2001:db8::1%eth0',
    ]
    expect(new Set(six.map(peer => of(peer, undefined)))).toEqual(new Set(['2001:db8:0:0::/64']))
  })

  test('is one for all of a /64, and another for the next', () => {
    const of = visitorAddress([])
    const all = Array.from({ length: 65_536 }, (_, at) => of(`2001:db8:0:7:${at.toString(16)}::1`, undefined))
    expect(new Set(all)).toEqual(new Set(['2001:db8:0:7::/64']))
    expect(of('2001:db8:0:8::1', undefined)).toBe('2001:db8:0:8::/64')
  })
})

describe('Five requests a minute for each address', () => {
  let direct: TestServer
  let proxied: TestServer
  const own = new Map<TestServer, TestProgram>()

  beforeAll(async () => {
    direct = await testServer({ PUBLIC_RATE_LIMIT: '5' })
    proxied = await testServer({ PUBLIC_RATE_LIMIT: '5', TRUSTED_PROXIES: '127.0.0.1,::1' })
    // Signing in counts too: the proxied one is asked from an address that no test uses.
    for (const server of [direct, proxied]) own.set(server, await newProgram(server))
  })
  afterAll(() => Promise.all([direct.stop(), proxied.stop()]))

  const ask = (server: TestServer, method: string, path: string, from: string) => {
    const body = method === 'POST' ? { code: 'nobodys' } : undefined
    return server.ask(method, path, { key: own.get(server)?.publishable, body, headers: { 'x-forwarded-for': from } })
  }

  test('are counted over all public routes and however the visitor names itself; the sixth waits', async () => {
    const routes: [string, string][] = [
      ['POST', '/referrals/click'],
      ['POST', '/v1/affiliate/track'],
      ['GET', '/v1/affiliate/apply/status'],
      ['POST', '/referrals/click'],
    ]
    // The first of the five was the sign-in.
    for (const [at, [method, path]] of routes.entries())
      expect((await ask(direct, method, path, `198.51.100.${at}`)).status).toBeLessThan(300)
    for (const [at, [method, path]] of routes.entries()) {
      const reply = await ask(direct, method, path, `203.0.113.${at}`)
      refused(reply, 429, 'too_many_requests')
      const wait = Number(reply.headers.get('retry-after'))
      expect(wait).toBeGreaterThan(50)
      expect(wait).toBeLessThanOrEqual(60)
      expect(reply.headers.get('ratelimit-policy')).toBe('"public";q=5;w=60')
      expect(reply.headers.get('ratelimit')).toBe(`"public";r=0;t=${wait}`)
    }
    refused(
      await direct.ask('POST', '/v1/auth/login', { body: { email: 'a@example.com', password: 'x' } }),
      429,
      'too_many_requests',
    )
  })

  test('do not hold up backends, probes or partners', async () => {
    const program = own.get(direct) as TestProgram
    const { token } = (await direct.ask('POST', '/v1/sessions', { key: program.secret, body: { customerId: 'c' } })).body
    for (let time = 0; time < 7; time++) {
      expect((await direct.ask('GET', '/api/v1/partners', { key: program.secret })).status).toBe(200)
      expect((await direct.ask('GET', '/v1/affiliate', { token })).status).toBe(200)
      expect((await direct.ask('GET', '/v1/apps', { token: program.token })).status).toBe(200)
      for (const probe of ['/healthz', '/readyz']) expect((await direct.ask('GET', probe)).status).toBe(200)
    }
  })

  test('behind a proxy are those of the visitor it names, and of none that the visitor makes up', async () => {
    const click = (from: string) => ask(proxied, 'POST', '/referrals/click', from)
    for (let time = 0; time < 5; time++) expect((await click(`10.0.0.${time}, 198.51.100.7`)).status).toBe(202)
    refused(await click('10.0.0.9, 198.51.100.7'), 429, 'too_many_requests')
    expect((await click('198.51.100.7, 198.51.100.8')).status).toBe(202)
    for (let time = 0; time < 5; time++) expect((await click(`2001:db8::${time + 1}`)).status).toBe(202)
    refused(await click('2001:db8::ffff:1'), 429, 'too_many_requests')
    expect((await click('2001:db8:0:1::1')).status).toBe(202)
  })
})
