import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { prune } from '../../server/jobs/prune.ts'
import { day, decide, minute, pass, pay, refer, sessionOf } from '../support/acts.ts'
import { type Receiver, receiver, until } from '../support/receiver.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import * as webhooks from '../support/webhooks.ts'

let server: TestServer
let acme: TestProgram
let own: webhooks.Asking
let other: Receiver

beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  other = await receiver()
})
beforeEach(async () => {
  acme = await newProgram(server)
  own = webhooks.ofProgram(server, acme)
})
afterAll(async () => {
  await server.stop()
  await other.close()
})

const apply = (email: string, more: object = {}) =>
  server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: { email, name: 'Jane Smith', ...more } })
// The clock stands still, so that of one object it is the number that tells what came first.
const events = async (query = '') => (await webhooks.eventsOf(own, query)).sort((a, b) => a.sequence - b.sequence)
const names = async () => (await events()).map(each => each.event)
const told = async (event: string) => (await events(`?event=${event}`)).map(each => each.payload)

describe('An application', () => {
  test('that is approved is told as documented', async () => {
    await apply('jane@example.com', { reason: 'A large audience' })
    await server.ask('PUT', '/v1/customers/cust_123', { key: acme.secret, body: { email: 'jane@example.com' } })
    const { application, affiliate } = await decide(server, acme, 'jane@example.com', { action: 'approve', code: 'JANE20' })
    expect(await names()).toEqual(['application.created', 'partner_application_approved'])
    expect(await told('application.created')).toMatchObject([
      { data: { id: application.id, email: 'jane@example.com', reason: 'A large audience', status: 'pending', sequence: 1 } },
    ])
    expect(await told('partner_application_approved')).toEqual([
      {
        id: expect.stringMatching(/^evt_/),
        event: 'partner_application_approved',
        created_at: server.clock.now.toISOString(),
        data: {
          application: { id: application.id, email: 'jane@example.com', name: 'Jane Smith' },
          affiliate: { id: affiliate?.id, code: 'JANE20', customer_id: 'cust_123' },
          sequence: 2,
        },
      },
    ])
  })

  test('that is rejected likewise, with the reason', async () => {
    await apply('joe@example.com')
    const { application } = await decide(server, acme, 'joe@example.com', { action: 'reject', rejectionReason: 'Not now' })
    expect((await told('partner_application_rejected')).map(each => each.data)).toEqual([
      { application: { id: application.id, email: 'joe@example.com', name: 'Jane Smith', reason: 'Not now' }, sequence: 2 },
    ])
  })

  test('that is refused is not told of', async () => {
    await apply('jane@example.com')
    await apply('jane@example.com')
    expect(await names()).toEqual(['application.created'])
  })

  test('that is approved by itself is told of twice, in order', async () => {
    acme = await newProgram(server, { autoApprove: true })
    own = webhooks.ofProgram(server, acme)
    await apply('auto@example.com')
    expect((await events()).map(each => [each.event, each.sequence])).toEqual([
      ['application.created', 1],
      ['partner_application_approved', 2],
    ])
  })

  test('of many words is told in 20 KB', async () => {
    const { id } = await webhooks.newEndpoint(own, { url: other.url('/long') })
    await apply('long@example.com', {
      reason: '🦊'.repeat(2_500),
      company: '🦊'.repeat(100),
      website: `https://a.example/${'🦊'.repeat(900)}`,
    })
    const [received] = await other.at('/long')
    expect(Buffer.byteLength(received?.text ?? '')).toBeLessThanOrEqual(20_000)
    expect((await webhooks.deliveriesOf(own))[0]?.endpointId).toBe(id)
  })
})

test('A signup, the first payment and what each earns are told once each, without the customer’s address', async () => {
  const { id: partnerId } = await newPartner(server, acme, { slug: 'jane' })
  const referral = await refer(server, acme, { customerId: 'customer-1', code: 'jane', email: 'private@example.com' })
  pass(server, 1)
  await refer(server, acme, { customerId: 'customer-2', code: 'jane' })
  const first = await pay(server, acme, { customerId: 'customer-1', amount: 59_800 })
  await pay(server, acme, { customerId: 'customer-1', amount: 59_800 })
  await pay(server, acme, { customerId: 'nobodys', amount: 59_800 })
  await server.ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId: 'customer-1', code: 'jane' } })

  const created = await told('referral.created')
  expect(created.map(each => (each.data as { customerId: string }).customerId)).toEqual(['customer-2', 'customer-1'])
  expect(created[1]?.data).toMatchObject({ id: referral.id, partnerId, code: 'jane', sequence: 1 })
  const converted = await told('referral.converted')
  expect(converted.map(each => each.data)).toMatchObject([{ id: referral.id, customerId: 'customer-1', sequence: 2 }])
  const earned = await told('commission.created')
  expect(earned).toHaveLength(2)
  expect(earned[1]?.data).toMatchObject({
    partnerId,
    referralId: referral.id,
    amount: first.commissions[0]?.amount,
    currency: 'EUR',
  })
  expect(JSON.stringify([created, converted, earned])).not.toContain('private@example.com')
})

test('A change of a partner is told of, and a change that changes nothing is not', async () => {
  const { id } = await newPartner(server, acme, { slug: 'jane', metadata: { note: 'do not pay' } })
  const change = (body: object) => server.ask('PATCH', `/api/v1/partners/${id}`, { key: acme.secret, body })
  await change({ first_name: 'Jane' })
  await change({ first_name: 'Jane' })
  const updates = await told('partner.updated')
  expect(updates.map(each => each.data)).toMatchObject([
    { id, firstName: null, status: 'active', sequence: 1 },
    { id, firstName: 'Jane', status: 'active', sequence: 2 },
  ])
  expect(JSON.stringify(updates)).not.toContain('do not pay')
})

describe('Who is told', () => {
  test('is each endpoint that asked for it, and that is there at the time', async () => {
    const wanted = { all: ['*'], some: ['application.created', 'payout.failed'], others: ['payout.failed'] }
    for (const [path, events] of Object.entries(wanted)) await webhooks.newEndpoint(own, { url: other.url(`/${path}`), events })
    const paused = await webhooks.newEndpoint(own, { url: other.url('/paused') })
    await webhooks.changeEndpoint(own, paused.id, { disabled: true })
    const stranger = webhooks.ofProgram(server, await newProgram(server))
    await webhooks.newEndpoint(stranger, { url: other.url('/stranger') })
    await apply('jane@example.com')
    await webhooks.newEndpoint(own, { url: other.url('/late') })
    const [all] = await other.at('/all')
    const [some] = await other.at('/some')
    expect(all?.text).toBe(some?.text)
    expect(await webhooks.deliveriesOf(own)).toHaveLength(2)
    expect(await webhooks.deliveriesOf(stranger)).toEqual([])
    for (const path of ['/others', '/paused', '/stranger', '/late']) expect(other.so(path)).toEqual([])
  })

  test('is a partner of what is its own, and of what a partner may know', async () => {
    await newPartner(server, acme, { slug: 'jane', email: 'jane@example.com' })
    const joe = await newPartner(server, acme, { slug: 'joe', email: 'joe@example.com' })
    const jane = webhooks.ofPartner(server, await sessionOf(server, acme, { customerId: 'jane', email: 'jane@example.com' }))
    await webhooks.newEndpoint(jane, { url: other.url('/jane') })
    await apply('third@example.com')
    await decide(server, acme, 'third@example.com', { action: 'approve' })
    await refer(server, acme, { customerId: 'joes', code: joe.slug })
    await pay(server, acme, { customerId: 'joes', amount: 1_000 })
    await refer(server, acme, { customerId: 'janes', code: 'jane', email: 'janes-customer@example.com' })
    await pay(server, acme, { customerId: 'janes', amount: 1_000 })

    const received = await other.at('/jane', 3)
    const mine = ['referral.created', 'referral.converted', 'commission.created']
    expect(received.map(each => each.body.event).sort()).toEqual([...mine].sort())
    expect(received.map(each => each.text).join()).not.toMatch(/joe|third|janes-customer@/)
    const log = await webhooks.eventsOf(jane)
    expect(log.map(each => each.event).sort()).toEqual([...mine, 'partner.updated'].sort())
    expect(log.map(each => JSON.stringify(each)).join()).not.toMatch(/joe|third|janes-customer@/)
    expect(await webhooks.eventsOf(jane, '?event=application.created')).toEqual([])
  })

  test('is no partner that has been deactivated', async () => {
    const { id } = await newPartner(server, acme, { slug: 'jane', email: 'jane@example.com' })
    const jane = webhooks.ofPartner(server, await sessionOf(server, acme, { customerId: 'jane', email: 'jane@example.com' }))
    await webhooks.newEndpoint(jane, { url: other.url('/stopped') })
    await refer(server, acme, { customerId: 'janes', code: 'jane' })
    await other.at('/stopped', 1)
    await server.ask('DELETE', `/api/v1/partners/${id}`, { key: acme.secret })
    await pay(server, acme, { customerId: 'janes', amount: 1_000 })
    expect(await webhooks.deliveriesOf(own)).toEqual([])
    const { db } = server.desk().database
    expect(await db.selectFrom('deliveries').select('id').where('programId', '=', acme.program.id).execute()).toHaveLength(1)
  })
})

test('What happened is forgotten after 90 days, with what became of it', async () => {
  await webhooks.newEndpoint(own, { url: other.url('/forgotten') })
  await apply('early@example.com')
  await other.at('/forgotten')
  await until(async () => (await webhooks.deliveriesOf(own, '?status=delivered')).length === 1, 'it is delivered')
  pass(server, 91 * day)
  await apply('late@example.com')
  await prune(server.desk())
  expect(await webhooks.eventsOf(own)).toHaveLength(1)
  await until(async () => (await webhooks.deliveriesOf(own, '?status=delivered')).length === 1, 'the second is delivered')
  expect((await told('application.created')).map(each => each.data)).toMatchObject([{ email: 'late@example.com' }])
})

test('What happens is listed newest first, in pages', async () => {
  for (const each of ['a', 'b', 'c']) {
    await apply(`${each}@example.com`)
    pass(server, minute)
  }
  const first = await webhooks.ask(own, 'GET', '/events?limit=2')
  const second = await webhooks.ask(own, 'GET', `/events?limit=2&cursor=${first.body.nextCursor}`)
  const addresses = [...first.body.data, ...second.body.data].map(each => each.payload.data.email)
  expect(addresses).toEqual(['c@example.com', 'b@example.com', 'a@example.com'])
  expect(second.body.nextCursor).toBeNull()
})
