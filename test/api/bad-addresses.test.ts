import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, house } from '../support/house.ts'
import { problem, refused } from '../support/replies.ts'
import { addressOf, credential, routes } from '../support/routes.ts'
import { type TestServer, testServer } from '../support/server.ts'
import { rowCounts } from '../support/tables.ts'

let server: TestServer
let own: House

beforeAll(async () => {
  server = await testServer()
  own = await house(server)
})
afterAll(() => server.stop())

const answers = [
  '',
  '%20',
  '%00',
  '%ED%A0%80',
  '%FF',
  '%',
  '%2',
  '-1',
  '1e9',
  'null',
  '[]',
  '{}',
  "'",
  '"',
  '%0d%0aX:y',
  '%F0%9F%92%A9',
]
const questionsOf = (names: string[]) =>
  names.flatMap(name => [
    ...[...answers, 'a'.repeat(5_000)].map(answer => `${name}=${answer}`),
    ...[`${name}=1&${name}=2`, `${name}[]=1`, `${name}[a]=1`, name, `&&${name}`],
  ])

describe('A strange question', () => {
  const asked = routes.filter(route => route.query && route.name.startsWith('GET '))

  test.each(asked)('to $name is answered or refused, and changes nothing', async route => {
    const { method, path } = addressOf({ ...route, query: undefined }, await route.ids?.(own))
    const before = await rowCounts(server)
    for (const question of questionsOf([...Object.keys(route.query ?? {}), 'unknown', '__proto__', '%00'])) {
      const reply = await server.ask(method, `${path}?${question}`, credential(route, own))
      if (reply.status === 200) continue
      // A program or a batch is named as in a path, and that there is none such is an answer too.
      if (question.startsWith('appId') && reply.status === 404) refused(reply, 404, 'program_not_found')
      else if (question.startsWith('into') && reply.status === 404) refused(reply, 404, 'partner_not_found')
      else if (question.includes('batch') && reply.status === 404) refused(reply, 404, 'payout_batch_not_found')
      else expect(refused(reply, 422, 'invalid').length, question).toBeGreaterThan(0)
    }
    expect(await rowCounts(server)).toEqual(before)
  })

  test.each([
    ['/api/v1/partners?search=a%00b', 'search'],
    ['/api/v1/partners?status=%00', 'status'],
    ['/v1/affiliate/apply/status?email=a%00@example.com', 'email'],
  ])('with NUL in it is refused: %s', async (path, field) => {
    expect(refused(await server.ask('GET', path, { key: own.secret }), 422, 'invalid')).toEqual([field])
  })
})

const strange = [
  ...[
    '%00',
    'a%00b',
    '%ED%A0%80',
    '%FF',
    '%',
    '%zz',
    '%F0%9F',
    '%25',
    '%20',
    '%5c',
    '..%2f..',
    '%27%20or%201=1--',
    '%F0%9F%92%A9',
  ],
  ...['__proto__', 'constructor', 'toString', 'null', 'undefined', '-1', '*', '_', "'", '{}', 'a'.repeat(10_000)],
]

describe('A strange id', () => {
  const named = routes.filter(route => route.ids && !route.signed && !route.name.includes('customer'))

  test.each(named)('in the path of $name is that of nothing', async route => {
    const ids = (await route.ids?.(own)) ?? {}
    const body = route.bodies?.(own)[0]
    const before = await rowCounts(server)
    for (const id of strange) {
      for (const name of Object.keys(ids)) {
        const { method, path } = addressOf(route, { ...ids, [name]: id })
        const reply = await server.ask(method, path, { body, ...credential(route, own) })
        // A month is not looked up: what is none is refused as any other wrong word. So is what stands in a question.
        const isWord = name === 'period' || Object.values(route.query ?? {}).includes(`{${name}}`)
        expect(problem(reply).status, `${name}: ${id.slice(0, 50)}`).toBe(isWord && reply.status === 422 ? 422 : 404)
      }
    }
    expect(await rowCounts(server)).toEqual(before)
  })

  test('is that of no partner where it may be a customer of the host', async () => {
    for (const id of strange) {
      const reply = await server.ask('GET', `/v1/affiliate/by-customer/${id}`, { key: own.secret })
      expect([reply.status, reply.body], id).toEqual([200, { enrolled: false }])
    }
  })

  test.each(['%00', 'a%00b', 'a'.repeat(256), 'a'.repeat(10_000)])('that cannot be kept is no customer: %.10s', async id => {
    const before = await rowCounts(server)
    const reply = await server.ask('PUT', `/v1/customers/${id}`, { key: own.secret, body: { email: 'a@example.com' } })
    expect(refused(reply, 422, 'invalid')).toEqual(['id'])
    expect(await rowCounts(server)).toEqual(before)
  })

  test('that can be kept is a customer as any other', async () => {
    for (const id of ['__proto__', 'constructor', "' or 1=1 --", '💩', 'a/b', '%', ' ', 'é', 'a'.repeat(255)]) {
      const path = `/v1/customers/${encodeURIComponent(id)}`
      const made = await server.ask('PUT', path, { key: own.secret, body: { email: 'b@example.com' } })
      expect([made.status, made.body.customerId], made.text).toEqual([200, id])
      expect((await server.ask('PUT', path, { key: own.secret, body: { email: 'b@example.com' } })).text).toBe(made.text)
    }
  })
})

test.each([
  ['PUT', '/v1/apps', ['GET', 'POST']],
  ['DELETE', '/v1/conversions', ['POST']],
  ['POST', '/api/v1/partners/par_1', ['DELETE', 'GET', 'PATCH']],
  ['PROPFIND', '/healthz', ['GET']],
])('%s %s is refused with the methods that there are', async (method, path, allowed) => {
  const reply = await server.ask(method, path)
  refused(reply, 405, 'method_not_allowed')
  expect(
    reply.headers
      .get('allow')
      ?.split(', ')
      .filter(each => each !== 'HEAD' && each !== 'OPTIONS')
      .sort(),
  ).toEqual(allowed)
})

test.each([
  '/nowhere',
  '/v1',
  '/v1/',
  '/v1/apps/',
  '//v1/apps',
  '/V1/apps',
  '/v1/apps/x/y/z',
  '/%',
  '/%00',
  '/.env',
  `/${'a/'.repeat(4_000)}`,
])('%.40s is no address', async path => {
  refused(await server.ask('GET', path), 404, 'not_found')
})
