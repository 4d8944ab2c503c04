import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AuditList } from '../../server/contract/audit.ts'
import { StripeConnection } from '../../server/contract/stripe.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { event, invoice, SIGNING_SECRET, seconds, session, signedBy, stripeOf } from '../support/stripe.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  acme = await newProgram(server)
})

const path = () => `/v1/apps/${acme.program.id}/integrations/stripe`
const now = () => seconds(server.clock.now.toISOString())
const paid = () => event('invoice.paid', invoice('in_1', { customer: 'cus_1', paid: 1_000, at: now() }), now())
const post = (asked: object) => server.ask('POST', `/v1/integrations/stripe/${acme.program.id}`, asked)
const conversions = async () => ((await everyRow(server)).conversions ?? []).filter(each => each.programId === acme.program.id)

describe('The signing secret', () => {
  const read = async () => answered(await server.ask('GET', path(), { token: acme.token }), 200, StripeConnection)
  const put = (webhookSecret: unknown) => server.ask('PUT', path(), { token: acme.token, body: { webhookSecret } })

  test('is kept sealed, shown nowhere again, and forgotten', async () => {
    const url = `${server.url()}/v1/integrations/stripe/${acme.program.id}`
    expect(await read()).toEqual({ connected: false, url, hint: null, createdAt: null })
    const set = answered(await put(SIGNING_SECRET), 200, StripeConnection)
    expect(set).toEqual({ connected: true, url, hint: 'LaSw', createdAt: server.clock.now.toISOString() })
    expect(await read()).toEqual(set)
    expect(JSON.stringify(await everyRow(server))).not.toContain(SIGNING_SECRET.slice(6))
    const gone = answered(await server.ask('DELETE', path(), { token: acme.token }), 200, StripeConnection)
    expect([gone, await read()]).toEqual(Array(2).fill({ connected: false, url, hint: null, createdAt: null }))
    refused(await post(signedBy(SIGNING_SECRET, paid(), server.clock.now)), 400, 'bad_signature')
  })

  test('that takes the place of another is the only one that counts', async () => {
    const stripe = await stripeOf(server, acme)
    await put('whsec_another0123456789')
    refused(await stripe.send(paid()), 400, 'bad_signature')
    expect((await stripe.send(paid(), { secret: 'whsec_another0123456789' })).status).toBe(200)
  })

  test.each([
    [''],
    ['sk_live_123456789'],
    ['whsec_'],
    ['whsec_a b c d e f g'],
    [7],
    [null],
    [`whsec_${'x'.repeat(300)}`],
  ])('is not %j', async secret => {
    expect(refused(await put(secret), 422, 'invalid')).toEqual(['webhookSecret'])
  })

  test('is set and forgotten by admins alone, on the record', async () => {
    for (const method of ['GET', 'PUT', 'DELETE'])
      refused(
        await server.ask(method, path(), { key: acme.secret, body: method === 'PUT' ? {} : undefined }),
        403,
        'wrong_credential',
      )
    await put(SIGNING_SECRET)
    await server.ask('DELETE', path(), { token: acme.token })
    await server.ask('DELETE', path(), { token: acme.token })
    const { data } = answered(
      await server.ask('GET', `/v1/apps/${acme.program.id}/audit?object=${acme.program.id}`, { token: await signIn(server) }),
      200,
      AuditList,
    )
    const actions = data.map(each => each.action).filter(each => each.startsWith('stripe'))
    expect(actions).toEqual(['stripe.disconnected', 'stripe.connected'])
    expect(JSON.stringify(data)).not.toContain(SIGNING_SECRET)
  })
})

describe('An event is refused, and changes nothing,', () => {
  const bad = async (asked: object, code = 'bad_signature') => {
    const before = await everyRow(server)
    refused(await post(asked), 400, code)
    expect(await everyRow(server)).toEqual(before)
  }
  const good = () => signedBy(SIGNING_SECRET, paid(), server.clock.now)
  const signature = (header: string | undefined) => ({
    ...good(),
    headers: { ...(header !== undefined && { 'stripe-signature': header }) },
  })
  beforeEach(async () => {
    await stripeOf(server, acme)
  })

  test('without a signature, or with one that is none', async () => {
    for (const header of [
      undefined,
      '',
      't=1',
      'v1=abc',
      't=now,v1=abc',
      't=1,v1=',
      `t=${now()},v1=${'0'.repeat(64)}`,
      'x'.repeat(4_000),
    ])
      await bad(signature(header))
  })

  test('with the signature of another body, another secret, or another scheme', async () => {
    const { headers } = good()
    await bad({ raw: JSON.stringify(paid()).replace('1000', '9000'), headers })
    await bad(signedBy('whsec_another0123456789', paid(), server.clock.now))
    await bad(signature(headers['stripe-signature'].replace('v1=', 'v2=')))
    await bad({ raw: '', headers })
  })

  test('where it was signed more than five minutes ago, by the real time in a test program too', async () => {
    await server.ask('PATCH', `/v1/apps/${acme.program.id}`, { token: acme.token, body: { mode: 'test' } })
    const body = { advanceTo: '2027-01-01T00:00:00Z' }
    await server.ask('POST', `/v1/apps/${acme.program.id}/clock`, { token: acme.token, body })
    const at = (ms: number) => new Date(server.clock.now.getTime() - ms)
    await bad(signedBy(SIGNING_SECRET, paid(), at(301_000)))
    expect((await post(signedBy(SIGNING_SECRET, paid(), at(299_000)))).status).toBe(200)
  })

  test('for a program that is another’s, or that is not there, all in the same words', async () => {
    const other = await newProgram(server)
    const asked = good()
    const replies = [other.program.id, 'prog_1111111111111111111111', 'x', '%00'].map(id =>
      server.ask('POST', `/v1/integrations/stripe/${id}`, asked),
    )
    expect(new Set((await Promise.all(replies)).map(each => each.text)).size).toBe(1)
  })

  test('where it is signed, but no JSON', async () => {
    for (const text of ['{', 'x', '{"a":1']) await bad(signedBy(SIGNING_SECRET, text, server.clock.now), 'malformed_json')
  })
})

describe('An event that is signed', () => {
  test('but lacks what is needed is refused by its field', async () => {
    const { send } = await stripeOf(server, acme)
    const lacking = (object: object, type = 'invoice.paid') => send(event(type, object, now()))
    for (const text of ['[]', '7', 'null', '{}']) expect((await send(text)).body.code).toBe('invalid')
    expect(refused(await lacking({}), 422, 'invalid')).toEqual(['id', 'currency', 'amount_paid'])
    const good = invoice('in_x', { customer: 'cus_x', paid: 1_000 })
    expect(refused(await lacking({ ...good, currency: 'xyz' }), 422, 'invalid')).toEqual(['currency'])
    expect(refused(await lacking({ ...good, amount_paid: 1e15 }), 422, 'invalid')).toContain('amount')
    expect(refused(await lacking({ ...good, amount_paid: 0.5 }), 422, 'invalid')).toEqual(['amount_paid'])
    expect(refused(await lacking({ ...good, id: 'a\0b' }), 422, 'invalid')).toEqual(['id'])
    expect(refused(await lacking({ ...good, customer: '\ud800' }), 422, 'invalid')).toEqual(['customer'])
    expect(refused(await lacking({ id: 'ch_1' }, 'charge.refunded'), 422, 'invalid')).toEqual(['currency', 'amount_refunded'])
    expect(await conversions()).toEqual([])
  })

  test('of a type that means nothing here is taken, and changes nothing', async () => {
    const { tell, send } = await stripeOf(server, acme)
    const before = await everyRow(server)
    for (const type of ['customer.created', 'payout.paid', 'v2.core.event', '__proto__', 'constructor', 'toString'])
      await tell(event(type, {}, now()))
    // What belongs to no payment, and a refund that only goes on.
    await tell(event('refund.failed', { id: 're_1', currency: 'eur', amount: 5 }, now()))
    expect((await everyRow(server)).conversions).toEqual(before.conversions)
    expect((await send({ ...event('ping', {}, now()), more: 'x'.repeat(200_000) })).status).toBe(200)
    refused(await send({ ...event('ping', {}, now()), more: 'x'.repeat(600_000) }), 413, 'too_large')
  })

  test('may be as wide as an invoice is', async () => {
    const { tell } = await stripeOf(server, acme)
    const metadata = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`key_${at}`, 'value']))
    await tell(event('invoice.paid', invoice('in_1', { customer: 'cus_1', paid: 1_000, metadata, at: now() }), now()))
    expect(await conversions()).toHaveLength(1)
  })

  test('is acted upon once, however often it is sent, one by one or at once', async () => {
    await newPartner(server, acme, { slug: 'jane' })
    const { tell } = await stripeOf(server, acme)
    const checkout = event(
      'checkout.session.completed',
      session('cs_1', { customer: 'cus_1', client_reference_id: 'jane' }),
      now(),
    )
    const all = [checkout, paid()]
    await tell(...all)
    const before = await everyRow(server)
    for (let i = 0; i < 3; i++) await tell(...all)
    await Promise.all(Array.from({ length: 10 }, () => tell(...all)))
    expect(await everyRow(server)).toEqual(before)
  })

  test('and twice at once for the first time is acted upon once', async () => {
    await newPartner(server, acme, { slug: 'jane' })
    const { tell } = await stripeOf(server, acme)
    const checkout = event(
      'checkout.session.completed',
      session('cs_1', { customer: 'cus_1', client_reference_id: 'jane' }),
      now(),
    )
    const bill = paid()
    await Promise.all(Array.from({ length: 6 }, () => [tell(checkout), tell(bill)]).flat())
    expect(await conversions()).toMatchObject([{ amount: 1_000 }])
    expect((await everyRow(server)).commissions?.filter(each => each.programId === acme.program.id)).toHaveLength(1)
  })

  test('under the same id in another program is another event', async () => {
    const other = await newProgram(server)
    const bill = paid()
    await (await stripeOf(server, acme)).tell(bill)
    await (await stripeOf(server, other)).tell(bill)
    expect((await everyRow(server)).inbound_events?.filter(each => each.eventId === bill.id)).toHaveLength(2)
  })
})
