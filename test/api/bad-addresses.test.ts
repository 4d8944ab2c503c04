import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problem, refused } from '../support/replies.ts'
import { addressOf, credential, type House, house, routes } from '../support/routes.ts'
import { type TestServer, testServer } from '../support/server.ts'
import { rowCounts } from '../support/tables.ts'

let server: TestServer
let own: House

beforeAll(async () => {
  server = await testServer()
  own = await house(server)
})
afterAll(() => server.stop())

const strange = [
  '',
  ' ',
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
  '%0d%0aX: y',
  'a'.repeat(5_000),
  '%F0%9F%92%A9',
]

describe('A strange question', () => {
  test.each(
    routes.filter(route => route.query),
  )('to $name is answered or refused, and is no mistake of the server', async route => {
    const { method, path } = addressOf({ ...route, query: undefined }, await route.ids?.(own))
    const names = [...Object.keys(route.query ?? {}), 'unknown', '__proto__', '%00']
    for (const question of names.flatMap(name => [
      ...strange.map(value => `${name}=${value}`),
      `${name}=1&${name}=2`,
      `${name}[]=1`,
      `${name}[a]=1`,
    ])) {
      const token = route.who[0] === 'session' ? own.session : own.token
      const reply = await server.ask(
        method,
        `${path}?${question}`,
        route.who.includes('secret') ? { key: own.secret } : { token },
      )
      expect(reply.status, `${question}: ${reply.text}`).toBeLessThan(500)
      if (reply.status !== 200) expect(refused(reply, 422, 'invalid'), question).toHaveLength(1)
    }
    expect(await rowCounts(server)).toEqual(before)
  })

  test('with NUL in it is refused', async () => {
    expect(refused(await server.ask('GET', '/api/v1/partners?search=a%00b', { key: own.secret }), 422, 'invalid')).toEqual([
      'search',
    ])
    expect(
      refused(await server.ask('GET', '/v1/affiliate/apply/status?email=a%00@example.com', { key: own.secret }), 422, 'invalid'),
    ).toEqual(['email'])
  })
})

describe('A strange id', () => {
  const ids = [
    '%00',
    'a%00b',
    'a'.repeat(10_000),
    '%ED%A0%80',
    '%FF',
    '%',
    '%zz',
    '%F0%9F',
    '__proto__',
    'constructor',
    'toString',
    "'",
    '%27%20or%201=1--',
    '%2e%2e',
    '..%2f..%2f',
    '%5c',
    '%20',
    '*',
    '%25',
    '_',
    '%F0%9F%92%A9',
    'null',
    'undefined',
    '-1',
    '{}',
  ]
  const named = routes.filter(route => route.ids && !route.name.includes('customer'))

  test.each(named)('in the path of $name is that of nothing', async route => {
    const right = (await route.ids?.(own)) ?? {}
    const body = route.bodies?.(own)[0]
    for (const id of ids) {
      for (const name of Object.keys(right)) {
        const { method, path } = addressOf(route, { ...right, [name]: id })
        const reply = await server.ask(method, path, { body, ...credential(route) })
        expect(problem(reply).status, `${name}: ${id.slice(0, 50)}`).toBe(404)
      }
    }
  })

  test('is a customer of the host if it can be kept, and otherwise nobody', async () => {
    const get = (id: string) => server.ask('GET', `/v1/affiliate/by-customer/${id}`, { key: own.secret })
    for (const id of ids.filter(each => !each.includes('%2e'))) expect((await get(id)).body, id).toEqual({ enrolled: false })
    for (const id of ['%00', 'a%00b', 'a'.repeat(256), 'a'.repeat(10_000)]) {
      expect(
        refused(
          await server.ask('PUT', `/v1/customers/${id}`, { key: own.secret, body: { email: 'a@example.com' } }),
          422,
          'invalid',
        ),
      ).toEqual(['id'])
    }
    expect(await rowCounts(server)).toEqual(before)
  })
})

test.each([
  ['PUT', '/v1/apps', 'GET, POST'],
  ['DELETE', '/v1/conversions', 'POST'],
  ['POST', '/api/v1/partners/par_1', 'GET, PATCH, DELETE'],
  ['PROPFIND', '/healthz', 'GET'],
])('%s %s is not a method of that address', async (method, path, allowed) => {
  const reply = await server.ask(method, path)
  refused(reply, 405, 'method_not_allowed')
  expect(
    reply.headers
      .get('allow')
      ?.split(', ')
      .filter(each => each !== 'HEAD' && each !== 'OPTIONS')
      .sort(),
  ).toEqual(allowed.split(', ').sort())
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
