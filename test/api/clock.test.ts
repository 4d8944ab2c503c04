import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Clock, Program } from '../../server/contract/programs.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

type Own = { program: { id: string }; token: string; secret: string }

const advance = ({ program, token }: Own, advanceTo: unknown) =>
  server.ask('POST', `/v1/apps/${program.id}/clock`, { token, body: { advanceTo } })

/** The time that a partner is made at. */
async function timeIn(own: Own, slug: string) {
  const { id } = await newPartner(server, own, { slug })
  return (await server.ask('GET', `/api/v1/partners/${id}`, { key: own.secret })).body.created_at
}

describe('The clock of a program', () => {
  test('that is live cannot be moved', async () => {
    refused(await advance(await newProgram(server), '2027-01-01T00:00:00Z'), 409, 'not_a_test_program')
  })

  test('in test mode is its own, moves forward, and back only while nothing has happened', async () => {
    const [own, other] = [await newProgram(server, { mode: 'test' }), await newProgram(server, { mode: 'test' })]
    answered(await advance(own, '2027-01-01T00:00:00Z'), 200, Clock)
    expect(answered(await advance(own, '2020-06-01T02:00:00+02:00'), 200, Clock)).toEqual({ now: '2020-06-01T00:00:00.000Z' })
    expect(await timeIn(own, 'jane')).toBe('2020-06-01T00:00:00.000Z')
    expect(await timeIn(other, 'jane')).toBe(server.clock.now.toISOString())
    refused(await advance(own, '2020-05-31T23:59:59Z'), 409, 'clock_only_advances')
    answered(await advance(own, '2027-06-01T00:00:00Z'), 200, Clock)
    expect(await timeIn(own, 'john')).toBe('2027-06-01T00:00:00.000Z')
  })

  test('goes on by itself from where it has been set, and over a restart', async () => {
    const own = await newProgram(server, { mode: 'test' })
    answered(await advance(own, '2020-06-01T00:00:00Z'), 200, Clock)
    server.clock.now = new Date(server.clock.now.getTime() + 60_000)
    await server.restart()
    expect(await timeIn(own, 'jane')).toBe('2020-06-01T00:01:00.000Z')
  })

  test('once moved keeps its program a test program', async () => {
    const { program, token, secret } = await newProgram(server, { mode: 'test' })
    answered(await advance({ program, token, secret }, '2027-06-01T00:00:00Z'), 200, Clock)
    const change = (body: unknown) => server.ask('PATCH', `/v1/apps/${program.id}`, { token, body })
    refused(await change({ mode: 'live' }), 409, 'test_clock_is_set')
    answered(await change({ name: 'Still a test' }), 200, Program)
  })

  test.each([
    '2027-06-01',
    'tomorrow',
    '2027-13-01T00:00:00Z',
    '2027-02-30T00:00:00Z',
    '2027-06-01T00:00:00',
    1_800_000_000,
    null,
  ])('takes a time: %j is none', async to => {
    expect(refused(await advance(await newProgram(server, { mode: 'test' }), to), 422, 'invalid')).toEqual(['advanceTo'])
  })
})
