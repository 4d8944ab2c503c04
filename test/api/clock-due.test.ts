import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Clock } from '../../server/contract/programs.ts'
import { pay, refer } from '../support/acts.ts'
import { customerReferrals } from '../support/customer-referrals.ts'
import { grantServer } from '../support/grant-server.ts'
import { commissionOf } from '../support/money.ts'
import { receiver } from '../support/receiver.ts'
import { answered } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import * as webhooks from '../support/webhooks.ts'

let server: TestServer
let other: Awaited<ReturnType<typeof receiver>>
beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  other = await receiver()
})
afterAll(async () => {
  await server.stop()
  await other.close()
})

async function advance({ program, token }: TestProgram, advanceTo: string) {
  answered(await server.ask('POST', `/v1/apps/${program.id}/clock`, { token, body: { advanceTo } }), 200, Clock)
}

test('A clock that is moved on ends holding periods and months, and tells of them', async () => {
  const acme = await newProgram(server, { mode: 'test' })
  const own = webhooks.ofProgram(server, acme)
  await newPartner(server, acme, { slug: 'jane' })
  await refer(server, acme, { customerId: 'ann', code: 'jane' })
  const { commissions } = await pay(server, acme, { customerId: 'ann', amount: 10_000 })
  const id = commissions[0]?.id ?? ''
  const months = async () =>
    (await webhooks.eventsOf(own, '?limit=100'))
      .filter(each => each.event === 'commission.calculated')
      .map(each => (each.payload.data as { period: string }).period)
  await advance(acme, '2026-03-31T21:00:00Z')
  expect([(await commissionOf(server, acme, id)).status, await months()]).toEqual(['pending', []])
  await advance(acme, '2026-06-02T00:00:00Z')
  expect([(await commissionOf(server, acme, id)).status, await months()]).toEqual(['approved', ['2026-03']])
  const { commissions: late } = await pay(server, acme, { customerId: 'ann', amount: 10_000, occurredAt: '2026-03-20T00:00:00Z' })
  expect((await commissionOf(server, acme, late[0]?.id ?? '')).period).toBe('2026-06')
})

test('A clock that is moved on tries again what it was to be tried with by then, and nothing of others', async () => {
  const [acme, beside] = [await newProgram(server, { mode: 'test' }), await newProgram(server, { mode: 'test' })]
  const waiting = []
  for (const each of [acme, beside]) {
    const path = `/${each.program.id}`
    other.answer(path, 500)
    const own = webhooks.ofProgram(server, each)
    const { id } = await webhooks.newEndpoint(own, { url: other.url(path), events: ['partner.updated'] })
    await newPartner(server, each, { slug: 'jane' })
    waiting.push({ own, path, endpoint: id })
  }
  const [first, second] = waiting
  if (!first || !second) throw new Error('Nothing waits')
  const deliveryOf = async ({ own, endpoint }: typeof first) => {
    const [found] = await webhooks.deliveriesOf(own, `?endpointId=${endpoint}`)
    if (!found) throw new Error('Nothing was sent')
    return found
  }
  for (let attempt = 1; attempt <= 4; attempt++) {
    const next: string[] = []
    for (const each of [first, second]) {
      const { id } = await deliveryOf(each)
      const { nextAttemptAt } = await webhooks.delivery(each.own, id, one => one.attempts.length === attempt)
      next.push(nextAttemptAt ?? '')
    }
    if (attempt < 4) server.clock.now = new Date(next.sort().at(-1) ?? '')
  }
  const before = server.clock.now.getTime()
  expect(Date.parse((await deliveryOf(first)).nextAttemptAt ?? '') - before).toBeGreaterThanOrEqual(300_000)
  other.answer(first.path, 200)
  other.answer(second.path, 200)
  await advance(acme, new Date(before + 3_600_000).toISOString())
  const { id } = await deliveryOf(first)
  await webhooks.delivery(first.own, id, one => one.status === 'delivered')
  expect((await deliveryOf(second)).attempts).toHaveLength(4)
})

test('A clock that is moved on grants what could not be granted', async () => {
  const host = await grantServer()
  host.behave('status 500')
  const rewards = { enabled: true, referrerCredits: 10, referredCredits: 0, qualifyOn: 'signup', grantUrl: host.url }
  const acme = await newProgram(server, { mode: 'test', rewards, fraud: { velocity: 'off' } })
  const r = customerReferrals(server, () => acme)
  const { code } = await r.me('ada')
  const { id } = await r.signUp(code, 'friend')
  const reward = async () => (await r.read(id)).rewards[0]
  await vi.waitFor(async () => expect(await reward()).toMatchObject({ attempts: 1, lastOutcome: 'status 500' }), 20_000)
  host.behave('well')
  await advance(acme, new Date(server.clock.now.getTime() + 9_000).toISOString())
  expect((await reward())?.nextAttemptAt).not.toBe(server.clock.now.toISOString())
  await advance(acme, new Date(server.clock.now.getTime() + 86_400_000).toISOString())
  await vi.waitFor(async () => expect(await reward()).toMatchObject({ status: 'granted', attempts: 2 }), 20_000)
  await host.stop()
})
