import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Clicked } from '../../server/contract/referrals.ts'
import {
  MyReferralEvents,
  MyReferrals,
  Recovered,
  ReferralDetail,
  ReferralRow,
  ReferralRows,
  ReferralStats,
} from '../../server/contract/rewards.ts'
import { refer, sessionOf } from '../support/acts.ts'
import { customerReferrals } from '../support/customer-referrals.ts'
import { type GrantServer, grantServer } from '../support/grant-server.ts'
import { documented } from '../support/openapi.ts'
import { answered, refused } from '../support/replies.ts'
import { browser, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

// The nine documented endpoints of the Referrals API, one test for each, in the words of its page.

let server: TestServer
let host: GrantServer
let acme: TestProgram
beforeAll(async () => {
  host = await grantServer()
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  const rewards = { enabled: true, referrerCredits: 10, referredCredits: 5, qualifyOn: 'signup', grantUrl: host.url }
  acme = await newProgram(server, { rewards })
})
afterAll(async () => {
  await server.stop()
  await host.stop()
})

const r = () => customerReferrals(server, () => acme)
/** As the page has it: the key in `x-api-key`. */
const apiKey = (method: string, path: string, body?: unknown) =>
  server.ask(method, path, { headers: { 'x-api-key': acme.secret }, body })
const jwt = async (customerId: string, path: string) =>
  server.ask('GET', path, { headers: { authorization: `Bearer ${await sessionOf(server, acme, { customerId })}` } })
const held = async (n: number) => {
  const { code } = await r().me('ada', { email: 'ada@example.com' })
  return refer(server, acme, { customerId: `held-${n}`, code, email: `ada+${n}@example.com` })
}

// Path and parameters, as the page has them.
test.each([
  ['GET', '/admin/referrals', 'user_id status campaign pending_grant limit'],
  ['GET', '/admin/referrals/{id}', ''],
  ['POST', '/admin/referrals/{id}/approve', ''],
  ['POST', '/admin/referrals/{id}/reject', ''],
  ['POST', '/admin/referrals/recover', 'limit'],
  ['GET', '/admin/referrals/stats', 'from to campaign'],
  ['POST', '/referrals/click', ''],
  ['GET', '/referrals/me', ''],
  ['GET', '/referrals/me/events', 'limit'],
])('%s %s takes %j', async (method, path, query) => {
  const takes = (await documented(server)).get(`${method} ${path}`)
  expect(takes?.query).toEqual(expect.arrayContaining(query.split(' ').filter(Boolean)))
  const hasBody = path.endsWith('/click') || path.endsWith('/reject')
  expect(takes?.body !== undefined).toBe(hasBody)
})

test('POST /referrals/click captures a click, public, and keeps nothing of a person', async () => {
  const { code } = await r().me('ada')
  const visit = { code, url: 'https://acme.example/a?token=s3cret&utm_source=x#part', referrer: 'https://blog.example/post?id=1' }
  const headers = { 'user-agent': browser }
  const reply = await server.ask('POST', '/referrals/click', {
    headers,
    body: { ...visit, campaign: 'spring', key: acme.publishable },
  })
  const { clickId } = answered(reply, 202, Clicked)
  const row = await server.desk().database.db.selectFrom('clicks').selectAll().where('id', '=', clickId).executeTakeFirst()
  expect(row).toMatchObject({ url: 'https://acme.example/a?utm_source=x', referrer: 'blog.example', campaign: 'spring' })
  await refer(server, acme, { customerId: 'bob', clickId })
})

test('GET /referrals/me returns code, share path, reward settings, statistics and recent referrals', async () => {
  const reply = await jwt('ada', '/referrals/me')
  const mine = answered(reply, 200, MyReferrals)
  expect(mine.sharePath).toBe(`/?ref=${mine.code}`)
  expect(mine.rewards).toMatchObject({ referrerCredits: 10, referredCredits: 5 })
  expect(mine.stats).toMatchObject({ clicks: 1, signups: 1, qualified: 1 })
  expect(mine.referrals).toMatchObject([{ campaign: 'spring' }])
  refused(await server.ask('GET', '/referrals/me'), 401, 'no_credential')
  refused(await apiKey('GET', '/referrals/me'), 403, 'wrong_credential')
})

test('GET /referrals/me/events lists records in which the user is referrer or referred', async () => {
  const { data } = answered(await jwt('ada', '/referrals/me/events?limit=5'), 200, MyReferralEvents)
  expect(data).toMatchObject([{ role: 'referrer', campaign: 'spring', reward: { credits: 10 } }])
  const other = answered(await jwt('bob', '/referrals/me/events'), 200, MyReferralEvents)
  expect(other.data).toMatchObject([{ id: data[0]?.id, role: 'referred', reward: { credits: 5 } }])
})

test('GET /admin/referrals lists attributions with their reward records, and takes all its parameters', async () => {
  const path = '/admin/referrals?user_id=bob&campaign=spring&limit=10'
  const { data, total } = answered(await apiKey('GET', path), 200, ReferralRows)
  expect(total).toBe(1)
  expect(data[0]).toMatchObject({ referrer: { customerId: 'ada' }, referred: { customerId: 'bob' }, campaign: 'spring' })
  expect(data[0]?.rewards.map(each => [each.role, each.credits])).toEqual([
    ['referrer', 10],
    ['referred', 5],
  ])
  const all = `${path}&status=${data[0]?.status}&pending_grant=${data[0]?.rewards.some(each => each.status === 'pending')}`
  expect((await apiKey('GET', all)).status).toBe(200)
  const admin = { 'x-program-id': acme.program.id }
  const asAdmin = await server.ask('GET', path, { token: acme.token, headers: admin })
  expect(answered(asAdmin, 200, ReferralRows).total).toBe(1)
})

test('GET /admin/referrals/{id} returns one attribution and its reward records', async () => {
  const [row] = (await r().list('user_id=bob')).data
  const one = answered(await apiKey('GET', `/admin/referrals/${row?.id}`), 200, ReferralDetail)
  expect(one).toMatchObject({ id: row?.id, referred: { customerId: 'bob' } })
  expect(one.rewards).toHaveLength(2)
})

test('POST /admin/referrals/{id}/approve approves a held referral and resumes granting', async () => {
  const { id, status } = await held(1)
  expect(status).toBe('review')
  const approved = answered(await apiKey('POST', `/admin/referrals/${id}/approve`), 200, ReferralRow)
  expect(approved.rewards).toHaveLength(2)
  await r().recover()
  await expect.poll(async () => (await r().read(id)).status, { timeout: 20_000 }).toBe('rewarded')
})

test('POST /admin/referrals/{id}/reject rejects one without granting credits', async () => {
  const { id } = await held(2)
  const rejected = answered(
    await apiKey('POST', `/admin/referrals/${id}/reject`, { reason: 'The same person' }),
    200,
    ReferralRow,
  )
  expect([rejected.status, rejected.rewards]).toEqual(['rejected', []])
  expect((await apiKey('POST', `/admin/referrals/${(await held(3)).id}/reject`)).status).toBe(200)
})

describe('POST /admin/referrals/recover', () => {
  test('retries what was not marked as granted, under keys that do not double-credit', async () => {
    host.behave('done, then dropped')
    const { id } = await refer(server, acme, { customerId: 'cleo', code: (await r().me('zoe')).code })
    await expect.poll(() => host.credits('zoe'), { timeout: 20_000 }).toBe(10)
    host.behave('well')
    const recovered = async () => answered(await apiKey('POST', '/admin/referrals/recover?limit=50'), 200, Recovered)
    await expect.poll(async () => (await recovered()).pending, { timeout: 20_000 }).toBe(0)
    expect([host.credits('zoe'), host.credits('cleo')]).toEqual([10, 5])
    expect((await r().read(id)).status).toBe('rewarded')
  })
})

test('GET /admin/referrals/stats returns clicks, signups, qualification, reward, cap and review counts', async () => {
  const stats = answered(await apiKey('GET', '/admin/referrals/stats?from=2026-03-01&to=2026-03-31'), 200, ReferralStats)
  expect(stats).toMatchObject({ clicks: 1, signups: 5, capped: 0, review: 0, rejected: 2 })
  const spring = answered(await apiKey('GET', '/admin/referrals/stats?campaign=spring'), 200, ReferralStats)
  expect(spring).toMatchObject({ clicks: 1, signups: 1, qualified: 1 })
})
