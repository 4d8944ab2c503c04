import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Partner, PartnerList } from '../../server/contract/partners.ts'
import { answered, refused } from '../support/replies.ts'
import { newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let own: TestProgram

const people = [
  { slug: 'elodie', first_name: 'Élodie', last_name: 'Durand', email: 'elodie@example.com', status: 'active' },
  // The same name, its accent written as a character of its own.
  { slug: 'zoe', first_name: 'Zoe\u0308', last_name: 'Keller', email: 'zoe@example.com', status: 'active' },
  { slug: '50_off', first_name: 'Fifty', last_name: '100% Real', email: 'fifty@example.com', status: 'invited' },
  { slug: '50Xoff', first_name: 'Mo', last_name: "O'Brien", email: 'mo.obrien@Shop.Example', status: 'invited' },
  { slug: 'back', first_name: 'Ann', last_name: 'a\\b', email: 'ann@example.com', status: 'deactivated' },
]

beforeAll(async () => {
  server = await testServer()
  own = await newProgram(server)
  const stranger = await newProgram(server)
  await server.ask('POST', '/api/v1/partners', {
    key: stranger.secret,
    body: { email: 'elodie@example.com', slug: 'elodie', first_name: 'Élodie' },
  })
  for (const { status, ...person } of people) {
    const made = answered(await server.ask('POST', '/api/v1/partners', { key: own.secret, body: person }), 201, Partner)
    await server.ask('PATCH', `/api/v1/partners/${made.id}`, { key: own.secret, body: { status } })
    server.clock.now = new Date(server.clock.now.getTime() + 1_000)
  }
})
afterAll(() => server.stop())

const get = (query: Record<string, string | number>) =>
  server.ask('GET', `/api/v1/partners?${new URLSearchParams(query as Record<string, string>)}`, { key: own.secret })
const found = async (query: Record<string, string | number>) => {
  const { data, total } = answered(await get(query), 200, PartnerList)
  expect(total).toBe(data.length)
  return data.map(each => each.slug).sort()
}

describe('A search', () => {
  test.each([
    ['elodie@', ['elodie']],
    ['ELODIE', ['elodie']],
    ['élodie', ['elodie']],
    ['ÉLODIE DUR', ['elodie']],
    ['E\u0301lodie', ['elodie']],
    ['zoë', ['zoe']],
    ['ZOË KELLER', ['zoe']],
    ['%', ['50_off']],
    ['0% r', ['50_off']],
    ['50_', ['50_off']],
    ['50', ['50Xoff', '50_off']],
    ['\\', ['back']],
    ['a\\b', ['back']],
    ["o'b", ['50Xoff']],
    ["' or 1=1 --", []],
    ['shop.example', ['50Xoff']],
    ['  keller  ', ['zoe']],
    ['nobody', []],
  ])('for %j finds %j', async (search, slugs) => {
    expect(await found({ search })).toEqual(slugs)
  })

  test('for nothing finds everybody', async () => {
    expect(await found({ search: '  ' })).toHaveLength(people.length)
  })

  test('follows a change of what it looks through', async () => {
    const [{ id } = { id: '' }] = (await get({ search: 'keller' })).body.data
    await server.ask('PATCH', `/api/v1/partners/${id}`, { key: own.secret, body: { last_name: 'Meyer' } })
    expect(await found({ search: 'keller' })).toEqual([])
    expect(await found({ search: 'meyer' })).toEqual(['zoe'])
  })
})

describe('A status', () => {
  test.each([
    ['invited', ['50Xoff', '50_off']],
    ['active', ['elodie', 'zoe']],
    ['deactivated', ['back']],
  ])('%s finds those of that status, with a search or without', async (status, slugs) => {
    expect(await found({ status })).toEqual(slugs)
    expect(await found({ status, search: 'a' })).toEqual(slugs.filter(slug => slug !== '50Xoff' || status === 'invited'))
  })

  test.each(['paid', '', 'Active', 'active,invited'])('%j is none', async status => {
    expect(refused(await get({ status }), 422, 'invalid')).toEqual(['status'])
  })
})

describe('A page', () => {
  test('is one of all, newest first, and says how many there are', async () => {
    const slugs: string[] = []
    for (const page of [1, 2, 3]) {
      const list = answered(await get({ page, per_page: 2 }), 200, PartnerList)
      expect(list).toMatchObject({ total: 5, page, per_page: 2 })
      slugs.push(...list.data.map(each => each.slug))
    }
    expect(slugs).toEqual(people.map(each => each.slug).reverse())
    expect(answered(await get({ page: 4, per_page: 2 }), 200, PartnerList)).toEqual({ data: [], total: 5, page: 4, per_page: 2 })
    expect(answered(await get({ page: 1_000_000, per_page: 100 }), 200, PartnerList).data).toEqual([])
  })

  test('is the first, of twenty, where nothing is said', async () => {
    expect(answered(await get({}), 200, PartnerList)).toMatchObject({ total: 5, page: 1, per_page: 20 })
  })

  test.each([
    ['page', ['0', '-1', '1.5', 'one', '', '1e2', '1000001', '99999999999999999999']],
    ['per_page', ['0', '101', '-1', 'all', '', '1.0']],
  ])('is refused for a %s that cannot be', async (name, values) => {
    for (const value of values) expect(refused(await get({ [name]: value }), 422, 'invalid'), value).toEqual([name])
  })
})
