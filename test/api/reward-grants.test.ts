import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { GrantSecret } from '../../server/contract/rewards.ts'
import { change, minute, pass, pay } from '../support/acts.ts'
import { customerReferrals } from '../support/customer-referrals.ts'
import { type GrantServer, grantServer } from '../support/grant-server.ts'
import { answered } from '../support/replies.ts'
import { newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let host: GrantServer
let acme: TestProgram
let r: ReturnType<typeof customerReferrals>
beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  r = customerReferrals(server, () => acme)
})
afterAll(() => server.stop())
beforeEach(async () => {
  host = await grantServer()
  const rewards = { enabled: true, referrerCredits: 10, referredCredits: 5, qualifyOn: 'signup', grantUrl: host.url }
  acme = await newProgram(server, { rewards, fraud: { velocity: 'off' } })
})
afterEach(async () => {
  host.release()
  // What is left over is nobody's any more, and would be tried again beside the next test.
  await change(server, acme, { rewards: { grantUrl: null } })
  await host.stop()
})

const owed = async (id: string) => (await r.read(id)).rewards
const granted = () =>
  vi.waitFor(async () => expect((await r.list('pending_grant=true')).total).toBe(0), { timeout: 20_000, interval: 50 })
const signUps = async (count: number) => {
  const { code } = await r.me('ada')
  const made = []
  for (let n = 1; n <= count; n++) made.push(await r.signUp(code, `friend-${n}`))
  return made
}

describe('A grant', () => {
  test('is made by itself, of both sides, under keys that say whose it is', async () => {
    const [referral] = await signUps(1)
    expect(referral?.status).toBe('qualified')
    await granted()
    const id = referral?.id ?? ''
    expect(host.keys().sort()).toEqual([`${id}:referred`, `${id}:referrer`])
    expect([host.credits('ada'), host.credits('friend-1')]).toEqual([10, 5])
    expect(await r.read(id)).toMatchObject({
      status: 'rewarded',
      rewards: [{ status: 'granted', attempts: 1, lastOutcome: 'ok', nextAttemptAt: null }, { status: 'granted' }],
    })
    expect((await r.credits('ada')).balance).toBe(0)
    expect((await r.me('ada')).stats.creditsEarned).toBe(10)
  })

  test('is signed as webhooks are, with a secret that the program can read', async () => {
    await signUps(1)
    await granted()
    const reply = await r.asked('GET', `/v1/apps/${acme.program.id}/grant-secret`)
    const { secret } = answered(reply, 200, GrantSecret)
    const call = host.calls.find(each => each.customerId === 'ada')
    expect(JSON.parse(call?.body ?? '')).toEqual({
      grantKey: call?.key,
      customerId: 'ada',
      credits: 10,
      reason: 'referred_a_customer',
    })
    expect(call?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': call?.key,
      'webhook-id': call?.key,
    })
    const documented = createHmac('sha256', secret)
      .update(call?.body ?? '')
      .digest('hex')
    expect(call?.headers['x-quantumapi-signature']).toBe(`sha256=${documented}`)
    const at = vi.useFakeTimers({ now: server.clock.now, toFake: ['Date'] })
    try {
      expect(new Webhook(secret).verify(call?.body ?? '', call?.headers ?? {})).toMatchObject({ credits: 10 })
    } finally {
      at.useRealTimers()
    }
    const other = await newProgram(server)
    const theirs = await server.ask('GET', `/v1/apps/${other.program.id}/grant-secret`, { key: other.secret })
    expect(theirs.body.secret).not.toBe(secret)
  })

  test('that succeeds and is not heard of is asked for again under the same key, until it is heard of', async () => {
    host.behave('done, then dropped')
    const [referral] = await signUps(1)
    const id = referral?.id ?? ''
    await vi.waitFor(() => expect(host.calls.length).toBeGreaterThanOrEqual(2), { timeout: 20_000 })
    for (let n = 0; n < 3; n++) await r.recover()
    expect(await owed(id)).toMatchObject([{ status: 'pending', lastOutcome: 'unreachable' }, { status: 'pending' }])
    expect((await r.read(id)).status).toBe('qualified')
    host.behave('well')
    expect(await r.recover()).toEqual({ attempted: 2, granted: 2, failed: 0, pending: 0 })
    expect(await r.recover()).toEqual({ attempted: 0, granted: 0, failed: 0, pending: 0 })
    expect(new Set(host.calls.map(each => each.key)).size).toBe(2)
    expect([host.credits('ada'), host.credits('friend-1')]).toEqual([10, 5])
    expect((await r.read(id)).status).toBe('rewarded')
    expect(await r.stats()).toMatchObject({ rewarded: 1, creditsGranted: 15 })
  })

  test.each([
    ['status 500', 'status 500'],
    ['status 302', 'redirect'],
    ['dropped', 'unreachable'],
  ] as const)('that fails by %s is on record as that, and tried again later and later', async (manner, outcome) => {
    host.behave(manner)
    const [referral] = await signUps(1)
    const reward = async () => (await owed(referral?.id ?? ''))[0]
    const waitOf = async () => Date.parse((await reward())?.nextAttemptAt ?? '') - server.clock.now.getTime()
    await vi.waitFor(async () => expect((await reward())?.attempts).toBe(1), { timeout: 20_000, interval: 50 })
    await vi.waitFor(async () => expect(await reward()).toMatchObject({ status: 'pending', lastOutcome: outcome }), {
      timeout: 15_000,
    })
    expect(await waitOf()).toBe(minute / 6)
    expect(await r.recover()).toEqual({ attempted: 2, granted: 0, failed: 2, pending: 2 })
    expect(await waitOf()).toBe(minute)
    host.behave('well')
    pass(server, minute)
    await granted()
    expect(host.credits('ada')).toBe(10)
  })

  test('of one side may fail alone: the other is not asked for again', async () => {
    host.behave(call => (call.customerId === 'ada' ? 'status 500' : 'well'))
    const [referral] = await signUps(1)
    await vi.waitFor(() => expect(host.calls).toHaveLength(2), { timeout: 20_000 })
    const statuses = async () => (await owed(referral?.id ?? '')).map(each => each.status)
    await vi.waitFor(async () => expect(await statuses()).toEqual(['pending', 'granted']), { timeout: 20_000 })
    expect((await r.read(referral?.id ?? '')).status).toBe('qualified')
    host.behave('well')
    expect(await r.recover()).toEqual({ attempted: 1, granted: 1, failed: 0, pending: 0 })
    expect((await r.read(referral?.id ?? '')).status).toBe('rewarded')
  })

  test('does not reach an address that is not public where that is not let through', async () => {
    const strict = await testServer()
    const rewards = { enabled: true, referrerCredits: 1, qualifyOn: 'signup', grantUrl: host.url }
    const other = await newProgram(strict, { rewards })
    const there = customerReferrals(strict, () => other)
    const { id } = await there.signUp((await there.me('ada')).code, 'bob')
    await vi.waitFor(async () => expect((await there.read(id)).rewards[0]?.lastOutcome).toBe('refused'), { timeout: 20_000 })
    expect(host.calls).toEqual([])
    await strict.stop()
  })
})

describe('Recovery', () => {
  test('run many times at once asks for each grant once, and grants each', async () => {
    host.behave('status 500')
    await signUps(10)
    await vi.waitFor(() => expect(host.calls.length).toBeGreaterThanOrEqual(20), { timeout: 20_000 })
    const all = async () => (await r.list()).data.flatMap(each => each.rewards)
    const failed = async () => (await all()).filter(each => each.lastOutcome === 'status 500')
    await vi.waitFor(async () => expect(await failed()).toHaveLength(20), { timeout: 20_000 })
    host.behave('well')
    const before = host.calls.length
    const runs = await Promise.all(Array.from({ length: 20 }, () => r.recover()))
    expect(host.calls.length - before).toBe(20)
    expect(runs.reduce((sum, each) => sum + each.granted, 0)).toBe(20)
    expect(runs.reduce((sum, each) => sum + each.failed, 0)).toBe(0)
    expect((await r.recover()).pending).toBe(0)
    expect(host.credits('ada')).toBe(100)
    expect(await r.stats()).toMatchObject({ rewarded: 10, creditsGranted: 150 })
  })

  test('takes up no more than it is asked to', async () => {
    host.behave('status 500')
    await signUps(3)
    await vi.waitFor(() => expect(host.calls).toHaveLength(6), { timeout: 20_000 })
    await vi.waitFor(async () => expect(await r.recover(1)).toEqual({ attempted: 1, granted: 0, failed: 1, pending: 6 }), {
      timeout: 15_000,
    })
  })

  test('leaves alone what somebody is at work on, until that one is given up for dead', async () => {
    host.behave('never')
    await signUps(1)
    await vi.waitFor(() => expect(host.calls).toHaveLength(2), { timeout: 20_000 })
    expect(await r.recover()).toEqual({ attempted: 0, granted: 0, failed: 0, pending: 2 })
    // Whoever waits for these two answers has died, as far as anybody can tell.
    pass(server, minute)
    host.behave('well')
    expect(await r.recover()).toEqual({ attempted: 2, granted: 2, failed: 0, pending: 0 })
    host.release()
    await granted()
    expect([host.credits('ada'), host.credits('friend-1')]).toEqual([10, 5])
  })

  test('finds what a server has left that was stopped while its host kept it waiting', async () => {
    host.behave('never')
    const [referral] = await signUps(1)
    await vi.waitFor(() => expect(host.calls).toHaveLength(2), { timeout: 20_000 })
    await server.restart()
    expect((await owed(referral?.id ?? '')).map(each => each.lastOutcome)).toEqual(['timeout', 'timeout'])
    host.behave('well')
    expect(await r.recover()).toEqual({ attempted: 2, granted: 2, failed: 0, pending: 0 })
    expect(host.credits('ada')).toBe(10)
  })

  test('asks nobody of another program', async () => {
    host.behave('status 500')
    await signUps(1)
    await vi.waitFor(() => expect(host.calls).toHaveLength(2), { timeout: 20_000 })
    const stranger = await newProgram(server)
    const reply = await server.ask('POST', '/admin/referrals/recover', { key: stranger.secret })
    expect(reply.body).toEqual({ attempted: 0, granted: 0, failed: 0, pending: 0 })
    expect(host.calls).toHaveLength(2)
  })
})

describe('A change of where credits are granted', () => {
  test('keeps here what nobody has been asked for', async () => {
    await change(server, acme, { rewards: { qualifyOn: 'first_payment' } })
    await r.signUp((await r.me('ada')).code, 'bob')
    await change(server, acme, { rewards: { grantUrl: null } })
    await pay(server, acme, { customerId: 'bob', amount: 1_000 })
    expect([(await r.credits('ada')).balance, host.calls.length]).toEqual([10, 0])
  })

  test('never keeps here what may have been granted there', async () => {
    host.behave('done, then dropped')
    await signUps(1)
    await vi.waitFor(() => expect(host.calls).toHaveLength(2), { timeout: 20_000 })
    await change(server, acme, { rewards: { grantUrl: null } })
    await vi.waitFor(async () => expect(await r.recover()).toMatchObject({ attempted: 2, granted: 0, failed: 2 }), {
      timeout: 15_000,
    })
    expect((await r.credits('ada')).balance).toBe(0)
    expect((await r.list('pending_grant=true')).data[0]?.rewards[0]?.lastOutcome).toBe('no grantUrl')
    await change(server, acme, { rewards: { grantUrl: host.url } })
    host.behave('well')
    expect(await r.recover()).toMatchObject({ granted: 2, pending: 0 })
    expect(host.credits('ada')).toBe(10)
  })
})

test('A refund while a grant is under way cancels it, and says that it may have been made', async () => {
  await change(server, acme, { rewards: { qualifyOn: 'first_payment' } })
  const { id } = await r.signUp((await r.me('ada')).code, 'bob')
  host.behave('never')
  await pay(server, acme, { customerId: 'bob', amount: 1_000, externalId: 'p-1' })
  await vi.waitFor(() => expect(host.calls).toHaveLength(2), { timeout: 20_000 })
  const body = { externalId: 'r-1', conversionExternalId: 'p-1' }
  expect((await server.ask('POST', '/v1/refunds', { key: acme.secret, body })).status).toBe(201)
  expect(await r.read(id)).toMatchObject({ status: 'reversed', rewards: [{ status: 'cancelled', nextAttemptAt: null }, {}] })
  host.release()
  host.behave('well')
  pass(server, 10 * minute)
  expect(await r.recover()).toEqual({ attempted: 0, granted: 0, failed: 0, pending: 0 })
  const told = await server
    .desk()
    .database.db.selectFrom('events')
    .select('body')
    .where('event', '=', 'reward.reversed')
    .execute()
  const ours = told.map(each => JSON.parse(each.body).data).filter(each => each.referralId === id)
  expect(ours.map(each => each.granted)).toEqual(['unknown', 'unknown'])
})

test('What is granted is announced once for each side', async () => {
  const [referral] = await signUps(1)
  await granted()
  await r.recover()
  const rows = await server.desk().database.db.selectFrom('events').select('body').where('event', '=', 'reward.granted').execute()
  const ours = rows.map(each => JSON.parse(each.body).data).filter(each => each.referralId === referral?.id)
  expect(ours.map(each => [each.role, each.customerId, each.credits]).sort()).toEqual([
    ['referred', 'friend-1', 5],
    ['referrer', 'ada', 10],
  ])
})
