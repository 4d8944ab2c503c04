import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Delivery } from '../../server/contract/webhooks.ts'
import { pay, refer, sessionOf } from '../support/acts.ts'
import { receiver, until } from '../support/receiver.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { deliveriesOf, ofPartner } from '../support/webhooks.ts'

// The Partner API's webhooks as its document has them: its four events, its way of verifying, its retries.

let server: TestServer
let program: TestProgram
let partner: { id: string }
let own: Awaited<ReturnType<typeof receiver>>
let secret: string
let token: string

beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  server.clock.now = new Date('2026-01-15T10:30:00Z')
  own = await receiver()
  program = await newProgram(server, { name: 'Quantum', siteUrl: 'https://quantumapi.eu', currency: 'EUR' })
  const made = await newPartner(server, program, { slug: 'blogger' })
  partner = made
  token = await sessionOf(server, program, { customerId: 'blogger', email: made.email })
  const endpoint = await server.ask('POST', '/v1/affiliate/webhooks', { token, body: { url: own.url('/hook'), events: ['*'] } })
  secret = endpoint.body.secret
})
afterAll(async () => {
  await server.stop()
  await own.close()
})

function verifyWebhook(payload: string, signature: unknown, secret: string) {
  const expected = createHmac('sha256', secret).update(payload).digest('hex')
  return signature === `sha256=${expected}`
}

/** The one event of a kind that has come, verified as the document does it. */
async function told(event: string) {
  const is = ({ body }: { body: { event: string } }) => body.event === event
  await until(() => own.so('/hook').some(is), event)
  const [received, ...more] = own.so('/hook').filter(is)
  expect(more).toEqual([])
  expect(verifyWebhook(received?.text ?? '', received?.headers['x-quantumapi-signature'], secret)).toBe(true)
  expect(received?.body).toMatchObject({ id: expect.stringMatching(/^evt_/), event, created_at: expect.any(String) })
  return received?.body.data
}

describe('Available events', () => {
  test('referral.created: a new customer signed up via your link', async () => {
    const { id } = await refer(server, program, { customerId: 'tnt_xyz', code: 'blogger' })
    expect(await told('referral.created')).toMatchObject({ id, partnerId: partner.id, code: 'blogger' })
  })

  test('referral.converted: the referred customer subscribed to a paid plan', async () => {
    await pay(server, program, { customerId: 'tnt_xyz', amount: 59_800 })
    expect(await told('referral.converted')).toMatchObject({ partnerId: partner.id })
  })

  test('commission.calculated: the monthly commission has been calculated', async () => {
    server.clock.now = new Date('2026-02-01T09:00:00Z')
    token = await sessionOf(server, program, { customerId: 'blogger' })
    const { token: admin } = (await server.ask('POST', '/v1/auth/login', { body: login })).body
    await server.ask('POST', `/v1/apps/${program.program.id}/periods/2026-01/close`, { token: admin })
    expect(await told('commission.calculated')).toMatchObject({ partnerId: partner.id, period: '2026-01' })
  })

  test('payout.completed: the payment has been sent to your account', async () => {
    server.clock.now = new Date('2026-03-01T09:00:00Z')
    const base = `/v1/apps/${program.program.id}/payouts`
    const { data } = (await server.ask('POST', base, { key: program.secret, body: {} })).body
    expect(data).toMatchObject([{ partnerId: partner.id }])
    await server.ask('POST', `${base}/${data[0].id}/paid`, { key: program.secret, body: {} })
    expect(await told('payout.completed')).toMatchObject({ partnerId: partner.id })
  })
})

const login = { email: 'admin@example.com', password: 'correct horse battery' }

test('Deliveries are retried three times, after 1 s, 10 s and 60 s', async () => {
  own.answer('/hook', 500)
  const before = own.so('/hook').length
  await refer(server, program, { customerId: 'tnt_late', code: 'blogger' })
  const tries = () =>
    own
      .so('/hook')
      .slice(before)
      .filter(({ body }) => body.event === 'referral.created')
  for (const [retry, seconds] of [1, 10, 60].entries()) {
    const next = await plannedAfter(retry + 1)
    const planned = Date.parse(next) - server.clock.now.getTime()
    expect(planned).toBeGreaterThanOrEqual(seconds * 1_000)
    expect(planned).toBeLessThanOrEqual(seconds * 1_100)
    server.clock.now = new Date(next)
  }
  await until(() => tries().length === 4, 'the third retry')
  const [first, ...others] = tries().map(({ text }) => text)
  expect(others).toEqual([first, first, first])
})

/** When a delivery that has been tried so often is tried again. */
async function plannedAfter(attempts: number) {
  token = await sessionOf(server, program, { customerId: 'blogger' })
  let found: Delivery | undefined
  await until(async () => {
    const all = await deliveriesOf(ofPartner(server, token))
    found = all.find(each => each.status === 'pending' && each.attempts.length === attempts)
    return found !== undefined
  }, `attempt ${attempts} to have failed`)
  return found?.nextAttemptAt ?? ''
}
