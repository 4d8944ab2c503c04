import { afterAll, beforeAll, expect, test } from 'vitest'
import { BulkReviewed } from '../../server/contract/console.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

const applied = async (name: string, program = acme) =>
  (await server.ask('POST', '/v1/affiliate/apply', { key: program.secret, body: { email: `${name}@example.com`, name } })).body
    .id as string
const bulk = (body: object, headers = {}) =>
  server.ask('POST', `/v1/apps/${acme.program.id}/affiliates/applications/bulk`, { token: acme.token, body, headers })
const done = async (body: object, headers = {}) => answered(await bulk(body, headers), 200, BulkReviewed).data

test('Several applications are decided at once, each for itself', async () => {
  const stranger = await newProgram(server)
  const [ann, bob, foreign] = [await applied('ann'), await applied('bob'), await applied('eve', stranger)]
  await newPartner(server, acme, { slug: 'bob', email: 'bob@example.com' })
  const ids = [ann, bob, foreign, 'apl_1111111111111111111111', ann]
  expect(await done({ ids, action: 'approve' })).toEqual([
    { id: ann, ok: true, status: 'approved', partnerId: expect.stringMatching(/^par_/) },
    { id: bob, ok: false, code: 'partner_exists', detail: expect.any(String) },
    { id: foreign, ok: false, code: 'application_not_found', detail: expect.any(String) },
    { id: 'apl_1111111111111111111111', ok: false, code: 'application_not_found', detail: expect.any(String) },
  ])
  const list = `/v1/apps/${acme.program.id}/affiliates/applications?status=pending`
  const { body } = await server.ask('GET', list, { token: acme.token })
  expect(body.data.map((each: { id: string }) => each.id)).toEqual([bob])
})

test('asking again gives the same answer, and changes nothing that was decided otherwise', async () => {
  const ids = [await applied('cy'), await applied('di')]
  const first = await done({ ids, action: 'reject', rejectionReason: 'Not now' })
  expect(await done({ ids, action: 'reject', rejectionReason: 'Not now' })).toEqual(first)
  expect(first.every(each => each.ok && each.status === 'rejected')).toBe(true)
  expect(await done({ ids, action: 'approve' })).toMatchObject(ids.map(id => ({ id, ok: false, code: 'already_reviewed' })))
})

test('with a key the same request gets the stored answer, and two at the same moment decide each application once', async () => {
  const ids = [await applied('flo'), await applied('gus'), await applied('hal')]
  const [one, two] = await Promise.all([done({ ids, action: 'approve' }), done({ ids, action: 'approve' })])
  const partners = (rows: typeof one) => rows.map(each => each.ok && each.partnerId)
  expect(partners(two)).toEqual(partners(one))
  const keyed = { ids: [await applied('ira')], action: 'approve' }
  const answer = await bulk(keyed, { 'idempotency-key': 'bulk-1' })
  const again = await bulk(keyed, { 'idempotency-key': 'bulk-1' })
  expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([answer.text, 'true'])
})

test.each([
  [{ ids: [], action: 'approve' }, 'ids'],
  [{ ids: Array(101).fill('apl_1'), action: 'approve' }, 'ids'],
  [{ ids: ['apl_1'], action: 'delete' }, 'action'],
  [{ action: 'approve' }, 'ids'],
])('what makes no sense is refused: %#', async (body, path) => {
  expect(refused(await bulk(body), 422, 'invalid')).toEqual([path])
})
