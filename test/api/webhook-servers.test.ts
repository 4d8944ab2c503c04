import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliverWebhooks } from '../../server/jobs/deliver-webhooks.ts'
import { settle, take } from '../../server/program/deliveries.ts'
import { minute } from '../support/acts.ts'
import { type Receiver, receiver, until } from '../support/receiver.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import * as webhooks from '../support/webhooks.ts'

// Any number of servers may work on one database. What they have of their own is the job and what it has under way.
let server: TestServer
let acme: TestProgram
let own: webhooks.Asking
let other: Receiver
let partner: { id: string }

beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  other = await receiver()
  acme = await newProgram(server)
  own = webhooks.ofProgram(server, acme)
  partner = await newPartner(server, acme, { slug: 'jane' })
})
afterAll(async () => {
  await server.stop()
  await other.close()
})

let changes = 0
const cause = () =>
  server.ask('PATCH', `/api/v1/partners/${partner.id}`, { key: acme.secret, body: { first_name: `Jane ${++changes}` } })

test('Servers that deliver at the same time send each event once between them', async () => {
  await webhooks.newEndpoint(own, { url: other.url('/shared') })
  await webhooks.newEndpoint(own, { url: other.url('/shared-too') })
  const others = [deliverWebhooks(), deliverWebhooks(), deliverWebhooks()]
  for (let events = 0; events < 40; events++) await cause()
  await until(async () => {
    await Promise.all(others.map(job => job.run(server.desk())))
    return other.so('/shared').length >= 40 && other.so('/shared-too').length >= 40
  }, 'all have arrived')
  await Promise.all(others.map(job => job.stop?.()))
  await until(async () => (await webhooks.deliveriesOf(own, '?status=delivered&limit=100')).length === 80, 'all are written down')
  for (const path of ['/shared', '/shared-too']) {
    expect(new Set(other.so(path).map(each => each.headers['webhook-id'])).size).toBe(40)
    expect(other.so(path)).toHaveLength(40)
  }
}, 60_000)

test('A server that comes back too late with an answer does not overrule the one that has taken over', async () => {
  other.answer('/late', () => {})
  const { id: endpointId } = await webhooks.newEndpoint(own, { url: other.url('/late') })
  const desk = server.desk()
  // Nothing is due for anybody else until the clock moves: it stands still before the delivery is made.
  await webhooks.changeEndpoint(own, endpointId, { disabled: true })
  await cause()
  await webhooks.changeEndpoint(own, endpointId, { disabled: false })
  const [event] = await webhooks.eventsOf(own, '?limit=1')
  const { db } = desk.database
  const at = new Date(server.clock.now.getTime() + minute).toISOString()
  await db
    .insertInto('deliveries')
    .values({
      id: 'dlv_late11111111111111',
      programId: acme.program.id,
      partnerId: null,
      endpointId,
      eventId: event?.id ?? '',
      createdAt: at,
      startedAt: at,
      nextAttemptAt: at,
    })
    .execute()
  const later = { ...desk, clock: () => new Date(server.clock.now.getTime() + 2 * minute) }
  const latest = { ...desk, clock: () => new Date(server.clock.now.getTime() + 4 * minute) }
  const wanted = { endpointId, limit: 5, leaseMs: minute, except: [] }
  const [first] = await take(later, wanted)
  expect(await take(later, wanted)).toEqual([])
  const [second] = await take(latest, wanted)
  if (!first || !second) throw new Error('it was not given out')
  await settle(latest, second, { outcome: 'ok', status: 200, ms: 5 })
  await settle(latest, first, { outcome: 'timeout', ms: 15_000 })
  const [done] = await webhooks.deliveriesOf(own, `?endpointId=${endpointId}`)
  expect(done).toMatchObject({ status: 'delivered', nextAttemptAt: null, attempts: [{ number: 1, outcome: 'ok' }] })
})
