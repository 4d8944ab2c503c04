import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApplicationList, Applied } from '../../server/contract/applications.ts'
import { pass } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
let path = ''
// The newest first, as the list has them.
const ids: string[] = []
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
  path = `/v1/apps/${acme.program.id}/affiliates/applications`
  for (let i = 0; i < 5; i++) {
    pass(server, 1000)
    const body = { email: `applicant-${i}@example.com`, name: `Applicant ${i}` }
    const reply = await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body })
    ids.unshift(answered(reply, 201, Applied).id)
  }
})
afterAll(() => server.stop())

const list = async (query = '') =>
  answered(await server.ask('GET', `${path}${query}`, { token: acme.token }), 200, ApplicationList)

test('Applications are listed with all that was written, newest first', async () => {
  const { data } = await list()
  expect(data.map(each => each.id)).toEqual(ids)
  expect(data[0]).toEqual({
    id: ids[0],
    email: 'applicant-4@example.com',
    name: 'Applicant 4',
    company: null,
    website: null,
    reason: null,
    answers: {},
    status: 'pending',
    rejectionReason: null,
    partnerId: null,
    createdAt: server.clock.now.toISOString(),
    reviewedAt: null,
  })
})

test('They come in pages', async () => {
  const pages = [await list('?page=1&per_page=2'), await list('?page=2&per_page=2'), await list('?page=3&per_page=2')]
  expect(pages.map(({ total, page, per_page }) => [total, page, per_page])).toEqual([
    [5, 1, 2],
    [5, 2, 2],
    [5, 3, 2],
  ])
  expect(pages.flatMap(each => each.data.map(application => application.id))).toEqual(ids)
  expect(await list('?page=9')).toEqual({ data: [], total: 5, page: 9, per_page: 20 })
})

test('They are filtered by state', async () => {
  const review = (id: string | undefined, action: string) =>
    server.ask('POST', `${path}/${id}/review`, { key: acme.secret, body: { action } })
  await review(ids[0], 'approve')
  await review(ids[1], 'reject')
  const inState = async (status: string) => (await list(`?status=${status}`)).data.map(each => each.id)
  expect(await inState('approved')).toEqual([ids[0]])
  expect(await inState('rejected')).toEqual([ids[1]])
  expect(await inState('pending')).toEqual(ids.slice(2))
  expect((await list('?status=pending&per_page=1')).total).toBe(3)
})

test.each([
  'status=maybe',
  'page=0',
  'page=x',
  'page=1.5',
  'per_page=0',
  'per_page=101',
])('The list does not take %s', async query => {
  const paths = refused(await server.ask('GET', `${path}?${query}`, { key: acme.secret }), 422, 'invalid')
  expect(paths).toEqual([query.split('=')[0]])
})
