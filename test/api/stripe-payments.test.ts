import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Conversion } from '../../server/contract/conversions.ts'
import { change, click, day, pass, pay, refer } from '../support/acts.ts'
import { balanceOf, commissionList, expectExact, refund as refundByApi } from '../support/money.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { charge, event, invoice, oldInvoice, seconds, session, stripeOf } from '../support/stripe.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
let stripe: Awaited<ReturnType<typeof stripeOf>>
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server, { defaultCommissionRate: 30 })
  stripe = await stripeOf(server, acme)
})
afterAll(() => server.stop())
afterEach(() => expectExact(server))

let tests = 0
let partner: { id: string; slug: string; email: string }
/** Ids of this test's own. */
const of = (prefix: string, which: string | number = '') => `${prefix}_${tests}${which && `_${which}`}`
beforeEach(async () => {
  partner = await newPartner(server, acme, { slug: `partner-${++tests}` })
})

const now = () => seconds(server.clock.now.toISOString())
const checkout = (more: Record<string, unknown> = {}) =>
  event('checkout.session.completed', session(of('cs'), { customer: of('cus'), created: now(), ...more }), now())
const referred = (more: Record<string, unknown> = {}) => checkout({ client_reference_id: partner.slug, ...more })
const paid = (more: { paid: number; tax?: number } & Record<string, unknown>, which: string | number = '') =>
  event('invoice.paid', invoice(of('in', which), { customer: of('cus'), at: now(), ...more }), now())
const balance = () => balanceOf(server, acme, partner)
const lines = async () => (await commissionList(server, acme, `?partnerId=${partner.id}`)).data
const rows = async () => (await everyRow(server)).conversions?.filter(each => `${each.externalId}`.includes(`_${tests}`)) ?? []

describe('A checkout binds its customer', () => {
  test('to the code in client_reference_id, so that what is paid from then on earns', async () => {
    await stripe.tell(referred(), paid({ paid: 12_000, tax: 2_000 }))
    expect(await balance()).toEqual([3_000, 0])
    expect(await lines()).toMatchObject([{ earned: 3_000, why: { code: partner.slug, base: 10_000, clickId: null } }])
    expect(await rows()).toMatchObject([{ externalId: of('in'), amount: 12_000, tax: 2_000, productId: 'prod_1' }])
  })

  test.each(['.', '-', '_', ''])('to the click behind the code, or alone (%j)', async between => {
    const { clickId } = await click(server, acme, { code: partner.slug })
    const client_reference_id = between ? `${partner.slug}${between}${clickId}` : clickId
    await stripe.tell(checkout({ client_reference_id }), paid({ paid: 1_000 }))
    expect(await lines()).toMatchObject([{ earned: 300, why: { code: partner.slug, clickId } }])
  })

  test('by what the host has written into its metadata', async () => {
    const { clickId } = await click(server, acme, { code: partner.slug })
    const metadata = { mislata_ref: partner.slug, mislata_click: clickId }
    await stripe.tell(checkout({ metadata }), paid({ paid: 1_000 }))
    expect(await lines()).toMatchObject([{ earned: 300, why: { clickId } }])
  })

  test('and a payment that was told of first earns then', async () => {
    await stripe.tell(paid({ paid: 12_000, tax: 2_000 }))
    expect(await balance()).toEqual([0, 0])
    await stripe.tell(referred())
    expect(await balance()).toEqual([3_000, 0])
  })

  test('but to nobody, by a code that is none, and earlier payments stay without', async () => {
    await stripe.tell(paid({ paid: 1_000 }), checkout({ client_reference_id: 'user_of_the_host' }), paid({ paid: 1_000 }, 2))
    expect(await balance()).toEqual([0, 0])
    expect(await rows()).toHaveLength(2)
  })

  test('while what the customer paid days before does not count, in whatever order it is told', async () => {
    const long = now() - 10 * 86_400
    await stripe.tell(
      paid({ paid: 1_000, at: long }),
      referred(),
      paid({ paid: 2_000, at: long + 60 }, 2),
      paid({ paid: 4_000 }, 3),
    )
    expect(await balance()).toEqual([1_200, 0])
  })

  test('that the host calls by its own id, in metadata or as the reference of one that it has told of', async () => {
    const customerId = `user-${tests}`
    await refer(server, acme, { customerId, code: partner.slug })
    await stripe.tell(paid({ paid: 1_000 }), checkout({ metadata: { customerId } }), paid({ paid: 2_000 }, 2))
    expect(await balance()).toEqual([900, 0])
    const other = `other-${tests}`
    await refer(server, acme, { customerId: other, code: partner.slug })
    const customer = of('cus', 'other')
    await stripe.tell(paid({ paid: 10_000, customer }, 3), checkout({ client_reference_id: other, customer }))
    expect(await balance()).toEqual([3_900, 0])
    expect((await rows()).filter(each => each.referralId === null)).toEqual([])
  })

  test('without believing the address that was typed at the till', async () => {
    const email = partner.email
    await stripe.tell(referred({ customer_details: { email, name: 'X' } }))
    const { customers, partners } = await everyRow(server)
    expect(customers?.filter(each => each.email === email)).toEqual([])
    expect(partners?.find(each => each.id === partner.id)).toMatchObject({ customerId: null })
    // It does tell that a partner pays for itself.
    await stripe.tell(paid({ paid: 1_000 }))
    expect(await lines()).toMatchObject([{ status: 'held', heldReason: 'referral_review' }])
  })
})

describe('A checkout without an invoice is a payment', () => {
  const once = (more: Record<string, unknown> = {}) =>
    referred({
      mode: 'payment',
      payment_intent: of('pi'),
      amount_total: 13_000,
      total_details: { amount_discount: 500, amount_shipping: 1_000, amount_tax: 2_000 },
      ...more,
    })

  test('of what was paid, without tax and shipping', async () => {
    await stripe.tell(once())
    expect(await balance()).toEqual([3_000, 0])
    expect(await rows()).toMatchObject([{ externalId: of('pi'), amount: 13_000, tax: 3_000 }])
  })

  test('of a guest, whom Stripe does not keep', async () => {
    await stripe.tell(once({ customer: null }))
    expect(await balance()).toEqual([3_000, 0])
  })

  test('only once the money is there', async () => {
    const waiting = once({ payment_status: 'unpaid' })
    await stripe.tell(waiting)
    expect(await balance()).toEqual([0, 0])
    const object = { ...waiting.data.object, payment_status: 'paid' }
    await stripe.tell(event('checkout.session.async_payment_succeeded', object, now()))
    expect(await balance()).toEqual([3_000, 0])
  })

  test('and with an invoice it is that invoice', async () => {
    const [pi, invoiceId] = [of('pi'), of('in')]
    await stripe.tell(once({ invoice: invoiceId }), paid({ paid: 13_000, tax: 2_000, intent: pi }))
    expect(await rows()).toHaveLength(1)
    await stripe.tell(event('charge.refunded', charge(of('ch'), { amount: 13_000, refunded: 13_000, intent: pi }), now()))
    expect(await balance()).toEqual([0, 0])
  })

  test('that is free is none', async () => {
    await stripe.tell(once({ amount_total: 0, payment_status: 'no_payment_required', payment_intent: null }))
    expect(await rows()).toEqual([])
  })
})

describe('An invoice', () => {
  test('of nothing, such as a trial, is no payment, and begins no clock', async () => {
    await stripe.tell(referred(), paid({ paid: 0 }))
    expect(await rows()).toEqual([])
    const [referral] = ((await everyRow(server)).referrals ?? []).filter(each => each.partnerId === partner.id)
    expect(referral).toMatchObject({ qualifiedAt: null })
  })

  test('that a credit has paid in part counts for the rest', async () => {
    await stripe.tell(referred(), paid({ paid: 6_000, total: 12_000, total_taxes: [{ amount: 2_000 }] }))
    expect(await lines()).toMatchObject([{ earned: 1_500, why: { base: 5_000 } }])
  })

  test('has its shipping outside of the base, and the tax on it', async () => {
    const shipping_cost = { amount_subtotal: 1_000, amount_tax: 200, amount_total: 1_200 }
    await stripe.tell(referred(), paid({ paid: 13_200, tax: 2_200, shipping_cost }))
    expect(await lines()).toMatchObject([{ why: { base: 10_000 } }])
  })

  test('as older versions of the API have it says the same', async () => {
    const old = oldInvoice(of('in'), {
      paid: 12_000,
      tax: 2_000,
      customer: of('cus'),
      intent: of('pi'),
      charge: of('ch'),
      at: now(),
    })
    await stripe.tell(referred(), event('invoice.payment_succeeded', old, now()), event('invoice.paid', old, now()))
    expect(await rows()).toMatchObject([{ amount: 12_000, tax: 2_000, productId: 'prod_1' }])
    await stripe.tell(
      event('charge.refunded', charge(of('ch'), { amount: 12_000, refunded: 6_000, intent: of('pi'), invoice: of('in') }), now()),
    )
    expect(await balance()).toEqual([1_500, 0])
  })

  test('earns by the terms of its product', async () => {
    await change(server, acme, { commission: { products: [{ productId: 'prod_pro', rate: 50 }] } })
    await stripe.tell(referred(), paid({ paid: 1_000, product: 'prod_pro' }))
    expect(await lines()).toMatchObject([{ earned: 500, productId: 'prod_pro' }])
    await change(server, acme, { commission: { products: [] } })
  })

  test.each([
    ['jpy', 1_000, 300],
    ['isk', 100_000, 300],
    ['kwd', 10_000, 3_000],
    ['mga', 1_000, 30_000],
    ['usd', 1_000, 300],
  ])('in %s of %i, as Stripe counts, earns %i', async (currency, amount, earned) => {
    await stripe.tell(referred(), paid({ paid: amount, currency }))
    expect(await lines()).toMatchObject([{ earned, currency: currency.toUpperCase() }])
  })

  test('of a customer whom nobody brought is attributed by its promotion code', async () => {
    const promotion = { id: of('promo'), code: partner.slug.toUpperCase() }
    await stripe.tell(event('promotion_code.created', promotion, now()))
    const discounts = [{ id: 'di_1', coupon: null, promotion_code: of('promo') }]
    await stripe.tell(paid({ paid: 1_000, discounts }), paid({ paid: 2_000 }, 2))
    expect(await balance()).toEqual([900, 0])
  })

  test.each([
    ['a coupon of that id', () => ({ coupon: { id: partner.slug, name: null } })],
    ['a coupon of that name', () => ({ coupon: { id: 'x1', name: partner.slug } })],
    ['a coupon that says so', () => ({ source: { coupon: { id: 'x2', name: null, metadata: { mislata_code: partner.slug } } } })],
    ['a promotion code, written out', () => ({ promotion_code: { id: 'promo_x', code: partner.slug } })],
  ])('and by %s', async (_, discount) => {
    await stripe.tell(paid({ paid: 1_000, discount: discount() }))
    expect(await balance()).toEqual([300, 0])
  })

  test('belongs to the day of the payment in a program whose clock is moved', async () => {
    const other = await newProgram(server, { mode: 'test' })
    const own = await newPartner(server, other, { slug: 'later' })
    const advanceTo = new Date(server.clock.now.getTime() + 100 * day).toISOString()
    await server.ask('POST', `/v1/apps/${other.program.id}/clock`, { token: other.token, body: { advanceTo } })
    await (await stripeOf(server, other)).tell(checkout({ client_reference_id: 'later' }), paid({ paid: 1_000 }))
    expect(await balanceOf(server, other, own)).toEqual([200, 0])
  })
})

describe('The same payment, told by Stripe and by the host', () => {
  const told = () => stripe.tell(referred(), paid({ paid: 12_000, tax: 2_000, intent: of('pi') }))
  const say = (externalId: string, more: Record<string, unknown> = {}) =>
    server.ask('POST', '/v1/conversions', {
      key: acme.secret,
      body: { externalId, customerId: `user-${tests}`, amount: 12_000, tax: 2_000, currency: 'EUR', ...more },
    })

  test.each(['in', 'pi'])('is one where the host tells of it second, by the id of its %s', async prefix => {
    await told()
    const first = answered(await say(of(prefix)), 200, Conversion)
    expect(first).toMatchObject({ externalId: of(prefix), commissions: [{ amount: 3_000 }] })
    expect(answered(await say(of(prefix)), 200, Conversion)).toEqual(first)
    refused(await say(of(prefix), { amount: 12_001 }), 422, 'conversion_differs')
    expect(await rows()).toHaveLength(1)
    expect(await balance()).toEqual([3_000, 0])
  })

  test.each(['in', 'pi'])('is one where Stripe tells of it second, by the id of its %s', async prefix => {
    answered(await say(of(prefix)), 201, Conversion)
    await told()
    expect(await rows()).toHaveLength(1)
  })

  test('is the host’s customer’s, who may be referred where Stripe’s is not', async () => {
    await refer(server, acme, { customerId: `user-${tests}`, code: partner.slug })
    await stripe.tell(paid({ paid: 12_000, tax: 2_000 }))
    expect(await balance()).toEqual([0, 0])
    expect(answered(await say(of('in')), 200, Conversion).commissions).toMatchObject([{ amount: 3_000 }])
    await stripe.tell(paid({ paid: 1_000 }, 2))
    expect(await balance()).toEqual([3_300, 0])
  })

  test('is one even where its names become known only afterwards', async () => {
    await stripe.tell(referred(), paid({ paid: 12_000, tax: 2_000 }))
    await pay(server, acme, { externalId: of('pi'), customerId: of('cus'), amount: 12_000, tax: 2_000 })
    expect(await balance()).toEqual([6_000, 0])
    const payment = { type: 'payment_intent', payment_intent: of('pi') }
    await stripe.tell(event('invoice_payment.paid', { id: 'inpay_1', invoice: of('in'), payment }, now()))
    expect(await balance()).toEqual([3_000, 0])
  })

  test('and a refund of it likewise', async () => {
    await told()
    await stripe.tell(event('charge.refunded', charge(of('ch'), { amount: 12_000, refunded: 6_000, intent: of('pi') }), now()))
    await refundByApi(server, acme, { externalId: of('re'), conversionExternalId: of('pi'), amount: 6_000 })
    expect(await balance()).toEqual([1_500, 0])
  })

  test('earns once where both come at the same time, in ten attempts', async () => {
    await stripe.tell(referred())
    for (let i = 0; i < 10; i++)
      await Promise.all([stripe.tell(paid({ paid: 1_000 }, i)), say(of('in', i), { amount: 1_000, tax: 0 })])
    expect(await rows()).toHaveLength(10)
  })
})

describe('When the last subscription ends', () => {
  const ended = (at: number) =>
    event('customer.subscription.deleted', { id: 'sub_1', customer: of('cus'), ended_at: at, status: 'canceled' }, at)
  const churnedAt = async () =>
    ((await everyRow(server)).referrals ?? []).find(each => each.partnerId === partner.id)?.churnedAt ?? null

  test('the referral has ended, also where that is told first', async () => {
    pass(server, day)
    await stripe.tell(ended(now()), referred({ created: now() - 7_200 }), paid({ paid: 1_000, at: now() - 3_600 }))
    expect(await churnedAt()).toBe(server.clock.now.toISOString())
  })

  test('until the customer pays again', async () => {
    await stripe.tell(referred(), paid({ paid: 1_000 }))
    pass(server, day)
    await stripe.tell(ended(now() - 60))
    expect(await churnedAt()).not.toBe(null)
    await stripe.tell(paid({ paid: 1_000 }, 2), ended(now() - 120))
    expect(await churnedAt()).toBe(null)
  })
})

test('A checkout and its first payment that come at once earn once, in twenty attempts', async () => {
  for (let i = 0; i < 20; i++) {
    const customer = of('cus', i)
    await Promise.all([stripe.tell(referred({ customer, id: of('cs', i) })), stripe.tell(paid({ paid: 1_000, customer }, i))])
  }
  expect(await balance()).toEqual([6_000, 0])
})
