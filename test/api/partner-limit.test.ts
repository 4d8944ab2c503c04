import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { PartnerReferralList } from '../../server/contract/partner-api.ts'
import { start } from '../../server/start.ts'
import { partnerKeyOf } from '../support/acts.ts'
import { engine } from '../support/database.ts'
import { keyedPartner } from '../support/partner.ts'
import { answered, refused } from '../support/replies.ts'
import { asker, newProgram, type Reply, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
let second: Awaited<ReturnType<typeof start>> | undefined

// An empty variable counts as not set, so that what holds here is the documented limit.
beforeAll(async () => {
  server = await testServer({ PARTNER_RATE_LIMIT: '' })
  acme = await newProgram(server)
  // A second server on the same database: a process on SQLite has it for itself.
  if (engine === 'postgres')
    second = await start(readConfig({ PORT: '0', DATABASE_URL: server.database.url, LOG_LEVEL: 'silent' }), {
      clock: () => server.clock.now,
    })
})
afterAll(async () => {
  await second?.stop()
  await server.stop()
})

const path = '/api/v1/partners/referrals'
const times = (count: number, ask: (at: number) => Promise<Reply>) =>
  Promise.all(Array.from({ length: count }, (_, at) => ask(at)))

/** What a reply says of the limit: how many are left, and in how many seconds there are more. */
function limitOf({ headers }: Reply) {
  expect(headers.get('ratelimit-policy')).toBe('"partner-key";q=100;w=60')
  const [, left, seconds] = /^"partner-key";r=(\d+);t=(\d+)$/.exec(headers.get('ratelimit') ?? '') ?? []
  expect(Number(seconds)).toBeGreaterThan(0)
  expect(Number(seconds)).toBeLessThanOrEqual(60)
  return { left: Number(left), seconds: Number(seconds) }
}

describe('A partner key', () => {
  test('is good for a hundred requests a minute, however many servers they come to at once, and not for one more', async () => {
    const { key } = await keyedPartner(server, acme, 'busy')
    const other = second && asker(() => second?.url ?? '')
    const replies = await times(140, at => (at % 2 && other ? other : server.ask)('GET', path, { token: key }))
    const passed = replies.filter(each => each.status === 200)
    expect(passed).toHaveLength(100)
    expect(passed.map(each => limitOf(each).left).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at))
    const turnedAway = replies.filter(each => each.status !== 200)
    expect(turnedAway).toHaveLength(40)
    for (const reply of turnedAway) {
      refused(reply, 429, 'too_many_requests')
      const { left, seconds } = limitOf(reply)
      expect(left).toBe(0)
      expect(Number(reply.headers.get('retry-after'))).toBe(seconds)
    }
    refused(await server.ask('GET', path, { token: key }), 429, 'too_many_requests')
    if (other) refused(await other('GET', path, { token: key }), 429, 'too_many_requests')
  })

  test('is as good as new when the minute that began with its first request is over', async () => {
    const { get } = await keyedPartner(server, acme, 'patient')
    await times(101, () => get('codes'))
    const { seconds } = limitOf(await get('codes'))
    const now = Date.now()
    onTestFinished(() => void vi.useRealTimers())
    vi.useFakeTimers({ toFake: ['Date'], now: now + (seconds - 5) * 1_000 })
    refused(await get('codes'), 429, 'too_many_requests')
    vi.setSystemTime(now + (seconds + 1) * 1_000)
    expect(limitOf(await get('codes')).left).toBe(99)
  })

  test('counts by itself: another of the same partner is as good as new', async () => {
    const { key, session } = await keyedPartner(server, acme, 'two-keys')
    const fresh = await partnerKeyOf(server, session)
    await times(101, () => server.ask('GET', path, { token: key }))
    refused(await server.ask('GET', path, { token: key }), 429, 'too_many_requests')
    const reply = await server.ask('GET', path, { token: fresh })
    answered(reply, 200, PartnerReferralList)
    expect(limitOf(reply).left).toBe(99)
  })

  test('says on every answer how much is left, also on those that find fault', async () => {
    const { get, post, remove } = await keyedPartner(server, acme, 'faulty')
    const replies = [
      await get('referrals'),
      await get('commissions?period=soon'),
      await post('codes', {}),
      await remove('codes/nobodys'),
      await get('payouts'),
      await get('codes'),
      await post('codes', { label: 'blog' }),
      await remove('codes/faulty'),
    ]
    expect(replies.map(each => each.status)).toEqual([200, 422, 422, 404, 200, 200, 201, 409])
    expect(replies.map(each => limitOf(each).left)).toEqual([99, 98, 97, 96, 95, 94, 93, 92])
  })

  test('is not used up by whoever only guesses at it, nor where it opens nothing', async () => {
    const { key, get } = await keyedPartner(server, acme, 'guessed')
    await times(120, () => server.ask('GET', path, { token: `${key}x` }))
    await times(120, () => server.ask('GET', '/v1/affiliate', { token: key }))
    expect(limitOf(await get('referrals')).left).toBe(99)
  })
})

test('PARTNER_RATE_LIMIT is how many', async () => {
  const strict = await testServer({ PARTNER_RATE_LIMIT: '2' })
  const { get } = await keyedPartner(strict, await newProgram(strict), 'strict')
  expect([(await get('codes')).status, (await get('codes')).status, (await get('codes')).status]).toEqual([200, 200, 429])
  expect((await get('codes')).headers.get('ratelimit-policy')).toBe('"partner-key";q=2;w=60')
  await strict.stop()
})

test('PARTNER_RATE_LIMIT of 0 is no limit', async () => {
  const open = await testServer({ PARTNER_RATE_LIMIT: '0' })
  const free = await keyedPartner(open, await newProgram(open), 'free')
  const replies = await times(150, () => free.get('codes'))
  expect(replies.every(each => each.status === 200 && !each.headers.has('ratelimit'))).toBe(true)
  await open.stop()
})
