import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { PayoutWithLines } from '../../server/contract/payouts.ts'
import {
  expectBooks,
  letPass,
  openPayout,
  type Provider,
  paidBy,
  payingProgram,
  quiet,
  sendAll,
} from '../support/payout-sending.ts'
import { type Manner, type PayoutServer, payoutServer } from '../support/payout-server.ts'
import { expectSettled, payoutOf } from '../support/payouts.ts'
import { type TestProgram, type TestServer, testServer } from '../support/server.ts'

// However a provider behaves: all of it at once, each to a partner of its own.
vi.setConfig({ hookTimeout: 120_000 })

let server: TestServer
let fake: PayoutServer
let own: TestProgram
const results = new Map<string, PayoutWithLines>()

beforeAll(async () => {
  fake = await payoutServer(() => server.clock.now)
  server = await testServer({ PAYOUT_PROVIDERS_URL: fake.url, ALLOW_PRIVATE_WEBHOOKS: '1' }, { providerTimeoutMs: 400 })
  own = await payingProgram(server)
  const all: { name: string; id: string }[] = []
  for (const { name, provider, manner, fate } of cases) {
    const partner = await paidBy(server, own, provider, name)
    if (manner) fake.manners.set(partner.to, manner)
    if (fate) fake.fates.set(partner.to, fate)
    all.push({ name: `${provider} ${name}`, id: (await openPayout(server, own, partner)).id })
  }
  expect((await sendAll(server, own)).left).toEqual([])
  await quiet(server)
  // What comes late comes after it has been asked for once, and not been there.
  await letPass(server, 0.1, 1)
  fake.release()
  await letPass(server, 28)
  for (const { name, id } of all) results.set(name, await payoutOf(server, own, id))
})
afterAll(async () => {
  await server.stop()
  await fake.stop()
})

type Case = {
  name: string
  provider: Provider
  manner?: Manner
  fate?: string[]
  status: 'paid' | 'failed' | 'pending'
  /** What was said of each attempt to send it, in order. */
  sends: string[]
  /** How often it was asked to move the money, and under how many keys. */
  keys?: number
}

const found = (provider: Provider, manner: Manner): Case => ({
  name: manner,
  provider,
  manner,
  status: 'paid',
  // PayPal can only be asked by sending again under the same key, and then says which batch that was.
  sends: provider === 'stripe' ? ['unknown'] : ['unknown', 'pending'],
})
const again = (provider: Provider, manner: Manner): Case => ({
  ...found(provider, manner),
  sends: ['unknown', provider === 'stripe' ? 'done' : 'pending'],
})
const first = (provider: Provider) => (provider === 'stripe' ? 'done' : 'pending')

const cases: Case[] = (['stripe', 'paypal'] as const).flatMap(provider => [
  { name: 'well', provider, status: 'paid' as const, sends: [first(provider)] },
  { name: 'twice', provider, manner: 'twice' as const, status: 'paid' as const, sends: [first(provider)] },
  { name: 'refused', provider, manner: 'refused' as const, status: 'failed' as const, sends: ['refused'] },
  ...(['poor', 'haste', 'locked out'] as const).map(manner => ({
    ...{ name: manner, provider, manner, status: 'paid' as const, sends: ['not_sent', first(provider)], keys: 2 },
  })),
  again(provider, 'hang'),
  again(provider, 'cut'),
  found(provider, 'late'),
  found(provider, 'garbage'),
  found(provider, 'booked, then hang'),
  found(provider, 'booked, then cut'),
  found(provider, 'booked, then 500'),
])
cases.push(
  { ...again('paypal', '500') },
  {
    name: 'pending',
    provider: 'paypal',
    fate: ['PENDING', 'ONHOLD', 'UNCLAIMED', 'SUCCESS'],
    status: 'paid',
    sends: ['pending'],
  },
  { name: 'blocked', provider: 'paypal', fate: ['BLOCKED', 'SUCCESS'], status: 'paid', sends: ['pending'] },
  { name: 'returned', provider: 'paypal', fate: ['UNCLAIMED', 'RETURNED'], status: 'failed', sends: ['pending'] },
  { name: 'failed', provider: 'paypal', fate: ['FAILED'], status: 'failed', sends: ['pending'] },
  { name: 'denied', provider: 'paypal', fate: ['PENDING', 'DENIED'], status: 'failed', sends: ['pending'] },
)

describe('Whatever a provider does, the money moves once and the books agree', () => {
  test.each(cases)('$provider: $name', ({ name, provider, status, sends, keys = 1 }) => {
    const payout = results.get(`${provider} ${name}`) as PayoutWithLines
    const attempts = payout.sending?.attempts ?? []
    const sent = attempts.filter(each => each.act === 'send')
    expect([payout.status, payout.sending?.state, sent.map(each => each.outcome)]).toEqual([status, status, sends])
    expect(new Set(sent.map(each => each.key)).size).toBe(keys)
    expect(attempts.every(each => each.endedAt !== null)).toBe(true)
    expectBooks(fake, [payout])
    const [booked] = fake.booked(payout.id)
    const reference = booked?.id.replace('ITEM', 'TX') ?? null
    expect(payout.reference).toBe(reference)
    expect(payout.failure === null).toBe(status === 'paid')
  })

  test('A key of Stripe that has once answered 500 does so for a day, and is used until Stripe has forgotten it', async () => {
    const partner = await paidBy(server, own, 'stripe')
    fake.manners.set(partner.to, '500')
    const { id } = await openPayout(server, own, partner)
    await sendAll(server, own, { ids: [id] })
    await letPass(server, 1)
    expect((await payoutOf(server, own, id)).sending?.state).toBe('unknown')
    await letPass(server, 50, 25 * 60)
    const payout = await payoutOf(server, own, id)
    const keys = fake.moves.filter(each => each.destination === partner.to).map(each => each.key)
    expect([payout.status, new Set(keys).size]).toEqual(['paid', 1])
    expect(keys.length).toBeGreaterThan(1)
    expectBooks(fake, [payout])
  })

  test('What has failed is owed again, what was paid is told once, and all of it adds up', async () => {
    await expectSettled(server)
    const { db } = server.desk().database
    const events = await db.selectFrom('events').select(['event', 'object']).where('event', 'like', 'payout.%').execute()
    const payouts = [...results.values()]
    const told = (event: string) => events.filter(each => each.event === event).map(each => each.object)
    const paid = payouts.filter(each => each.status === 'paid').map(each => each.id)
    const failed = payouts.filter(each => each.status === 'failed').map(each => each.id)
    expect(told('payout.failed').sort()).toEqual(failed.sort())
    expect(
      told('payout.completed')
        .filter(each => paid.includes(each))
        .sort(),
    ).toEqual(paid.sort())
    expect(failed.length).toBeGreaterThan(3)
  })
})
