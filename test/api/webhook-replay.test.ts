import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Delivery, Replayed } from '../../server/contract/webhooks.ts'
import { hour, minute, pass, refer, sessionOf } from '../support/acts.ts'
import { type Receiver, receiver } from '../support/receiver.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import * as webhooks from '../support/webhooks.ts'

let server: TestServer
let acme: TestProgram
let own: webhooks.Asking
let other: Receiver
let partner: { id: string }
let changes = 0

beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  other = await receiver()
})
beforeEach(async () => {
  pass(server, hour)
  acme = await newProgram(server)
  own = webhooks.ofProgram(server, acme)
  partner = await newPartner(server, acme, { slug: 'jane', email: 'jane@example.com' })
  pass(server, minute)
})
afterAll(async () => {
  await server.stop()
  await other.close()
})

const cause = () =>
  server.ask('PATCH', `/api/v1/partners/${partner.id}`, { key: acme.secret, body: { first_name: `Jane ${++changes}` } })
const inAnHour = () => new Date(server.clock.now.getTime() + hour).toISOString()

async function replay(asking: webhooks.Asking, span: object) {
  return answered(await webhooks.ask(asking, 'POST', '/replay', span), 200, Replayed)
}

describe('One delivery', () => {
  test('that has been given up is sent again, with the same event and all retries', async () => {
    other.answer('/given-up', 500)
    const { id } = await webhooks.newEndpoint(own, { url: other.url('/given-up'), slowRetries: false })
    await cause()
    const [first] = await webhooks.deliveriesOf(own, `?endpointId=${id}`)
    if (!first) throw new Error('nothing was sent')
    for (const attempts of [1, 2, 3, 4]) {
      await webhooks.delivery(own, first.id, each => each.attempts.length === attempts)
      pass(server, 2 * minute)
    }
    expect(await webhooks.deliveriesOf(own, '?status=failed')).toHaveLength(1)
    const again = answered(await webhooks.ask(own, 'POST', `/deliveries/${first.id}/replay`), 200, Delivery)
    expect(again).toMatchObject({ id: first.id, eventId: first.eventId, status: 'pending', failedAt: null })
    expect((await webhooks.delivery(own, first.id, each => each.attempts.length === 5)).status).toBe('pending')
    other.answer('/given-up', 200)
    pass(server, 2 * minute)
    const done = await webhooks.delivery(own, first.id, each => each.status === 'delivered')
    expect(done.attempts.map(each => each.number)).toEqual([6, 5, 4, 3, 2, 1])
    expect(new Set(other.so('/given-up').map(each => each.headers['webhook-id'])).size).toBe(1)
    expect(await webhooks.deliveriesOf(own, '?status=failed')).toEqual([])
  })

  test('that has arrived arrives once more', async () => {
    await webhooks.newEndpoint(own, { url: other.url('/twice') })
    await cause()
    await other.at('/twice')
    const [{ id } = { id: '' }] = await webhooks.deliveriesOf(own)
    await webhooks.delivery(own, id, each => each.status === 'delivered')
    await webhooks.ask(own, 'POST', `/deliveries/${id}/replay`)
    const [first, second] = await other.at('/twice', 2)
    expect(second?.text).toBe(first?.text)
  })

  test('to an endpoint that is disabled or gone is not', async () => {
    const { id } = await webhooks.newEndpoint(own, { url: other.url('/off') })
    const sent = await webhooks.sendTest(own, id)
    await webhooks.changeEndpoint(own, id, { disabled: true })
    refused(await webhooks.ask(own, 'POST', `/deliveries/${sent.id}/replay`), 409, 'endpoint_disabled')
    await webhooks.ask(own, 'DELETE', `/${id}`)
    refused(await webhooks.ask(own, 'POST', `/deliveries/${sent.id}/replay`), 409, 'endpoint_disabled')
    refused(await webhooks.ask(own, 'POST', '/deliveries/dlv_1111111111111111/replay'), 404, 'delivery_not_found')
  })
})

describe('A span', () => {
  test('is sent to an endpoint that was not there, or disabled, at the time', async () => {
    const from = server.clock.now.toISOString()
    const { id } = await webhooks.newEndpoint(own, { url: other.url('/missed') })
    await webhooks.newEndpoint(own, { url: other.url('/untouched'), events: ['payout.failed'] })
    await webhooks.changeEndpoint(own, id, { disabled: true })
    for (let events = 0; events < 3; events++) {
      await cause()
      pass(server, minute)
    }
    const to = server.clock.now.toISOString()
    await cause()
    await webhooks.changeEndpoint(own, id, { disabled: false })
    expect(await replay(own, { from, to })).toEqual({ replayed: 3, nextCursor: null })
    const received = await other.at('/missed', 3)
    expect(received.map(each => each.body.data.firstName)).toHaveLength(3)
    expect(await webhooks.deliveriesOf(own, `?endpointId=${id}`)).toHaveLength(3)
    // Said again it is sent again, in the same deliveries.
    expect(await replay(own, { from, to, endpointId: id })).toEqual({ replayed: 3, nextCursor: null })
    await other.at('/missed', 6)
    expect(new Set(other.so('/missed').map(each => each.headers['webhook-id'])).size).toBe(3)
    expect(await webhooks.deliveriesOf(own, `?endpointId=${id}`)).toHaveLength(3)
  })

  test('of many events goes on where it stopped', async () => {
    const { db } = server.desk().database
    const at = server.clock.now.toISOString()
    const ids = Array.from({ length: 450 }, (_, index) => `evt_many${String(index).padStart(12, '0')}`)
    const event = { programId: acme.program.id, partnerId: null, event: 'payout.failed', object: 'pay_1', createdAt: at }
    const body = (id: string) => JSON.stringify({ id, event: 'payout.failed', created_at: at, data: {} })
    const rows = ids.map((id, sequence) => ({ ...event, id, sequence, body: body(id) }))
    await db.insertInto('events').values(rows).execute()
    await webhooks.newEndpoint(own, { url: other.url('/many') })
    const span = { from: at, to: inAnHour() }
    let cursor: string | null = null
    const parts: number[] = []
    do {
      const part: { replayed: number; nextCursor: string | null } = await replay(own, { ...span, ...(cursor && { cursor }) })
      parts.push(part.replayed)
      cursor = part.nextCursor
    } while (cursor)
    expect(parts).toEqual([200, 200, 50])
    const received = await other.at('/many', 450)
    expect(new Set(received.map(each => each.headers['webhook-id']))).toEqual(new Set(ids))
  })

  test.each([
    ['to'],
    ['to', { from: '2026-03-10T12:00:00Z', to: '2026-03-10T12:00:00Z' }],
    ['to', { from: '2026-03-10T12:00:00Z', to: '2026-04-11T12:00:00Z' }],
    ['from', { from: 'yesterday', to: '2026-03-10T12:00:00Z' }],
  ] as [string, object?][])('with a wrong %s is refused', async (path, span = { from: '2026-03-10T12:00:00Z' }) => {
    expect(refused(await webhooks.ask(own, 'POST', '/replay', span), 422, 'invalid')).toEqual([path])
  })

  test('is refused for an endpoint that is disabled, or another’s', async () => {
    const { id } = await webhooks.newEndpoint(own, { url: other.url('/off') })
    await webhooks.changeEndpoint(own, id, { disabled: true })
    const span = { from: server.clock.now.toISOString(), to: inAnHour() }
    refused(await webhooks.ask(own, 'POST', '/replay', { ...span, endpointId: id }), 409, 'endpoint_disabled')
    const stranger = webhooks.ofProgram(server, await newProgram(server))
    refused(await webhooks.ask(stranger, 'POST', '/replay', { ...span, endpointId: id }), 404, 'endpoint_not_found')
  })

  test('brings a partner its own, and nothing else', async () => {
    const joe = await newPartner(server, acme, { slug: 'joe', email: 'joe@example.com' })
    const from = server.clock.now.toISOString()
    await refer(server, acme, { customerId: 'janes', code: 'jane' })
    await refer(server, acme, { customerId: 'joes', code: joe.slug })
    await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: { email: 'third@example.com', name: 'Third' } })
    const jane = webhooks.ofPartner(server, await sessionOf(server, acme, { customerId: 'jane', email: 'jane@example.com' }))
    await webhooks.newEndpoint(jane, { url: other.url('/janes') })
    expect(await replay(jane, { from, to: inAnHour() })).toEqual({ replayed: 1, nextCursor: null })
    const [received] = await other.at('/janes')
    expect(received?.body).toMatchObject({ event: 'referral.created', data: { customerId: 'janes' } })
  })
})
