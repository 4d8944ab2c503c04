import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { change, click, day, hour, pass, pay, refer } from '../support/acts.ts'
import { commissionOf, decided, refund } from '../support/money.ts'
import { adjust, expectSettled, markedFailed, markedPaid, runPayouts } from '../support/payouts.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { dispute, event, seconds, stripeOf, refund as stripeRefund } from '../support/stripe.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  server.clock.now = new Date('2026-03-10T12:00:00Z')
  acme = await newProgram(server, { minPayoutAmount: 1 })
  await newPartner(server, acme, { slug: 'jane' })
})
afterEach(() => expectSettled(server))

const storyOf = async (id: string) => (await commissionOf(server, acme, id)).story

/** The sentences of a commission's story; ids by what they are of, as they differ each time. */
async function told(id: string) {
  const { steps } = await storyOf(id)
  return steps.map(({ text }) => text.replace(/\b(clk|ref|cnv|com|pay|jtx|par|key|adm|rfd|evt)_\w{14,22}\b/g, '<$1>'))
}
const now = async (id: string) => (await told(id)).at(-1)
const sold = async (sale: Record<string, unknown> & { amount: number }) =>
  (await pay(server, acme, { customerId: 'globex', ...sale })).commissions[0]?.id ?? ''

test('A cent is followed from the click to where it is, through refunds, disputes, decisions and payouts', async () => {
  const { clickId } = await click(server, acme, { code: 'jane', referrer: 'https://news.example/a', campaign: 'spring' })
  pass(server, hour)
  const referral = await refer(server, acme, { customerId: 'globex', ref: `jane.${clickId}` })
  pass(server, day)
  const id = await sold({ externalId: 'in_1', amount: 71_880, tax: 11_980, discount: 100 })
  const origin = [
    'At 2026-03-10 12:00 UTC a visitor came from news.example by a link, in the campaign spring (click <clk>).',
    'At 2026-03-10 13:00 UTC customer globex was bound to the code jane (referral <ref>).',
    'At 2026-03-11 13:00 UTC the customer paid 718.80 EUR (payment in_1).',
    "The terms of the signup hold: 20 %, the program's general rate; held back for 30 days.",
    '718.80 EUR − 119.80 EUR tax − 1.00 EUR discount = 598.00 EUR; 20 % of that = 119.60 EUR.',
    '119.60 EUR was booked at 2026-03-11 13:00 UTC in the month 2026-03, to be paid from 2026-04-10 13:00 UTC.',
  ]
  expect(await told(id)).toEqual([
    ...origin,
    '119.60 EUR is pending until 2026-04-10 13:00 UTC, the end of its holding period, and may be paid from then.',
  ])

  await decided(server, acme, id, 'hold', { reason: 'Looks odd' })
  expect(await now(id)).toBe(
    '119.60 EUR has been held since 2026-03-11 13:00 UTC: “Looks odd”. Once released it may be paid from 2026-04-10 13:00 UTC.',
  )
  await decided(server, acme, id, 'release')
  await decided(server, acme, id, 'approve')
  expect(await now(id)).toBe(
    '119.60 EUR has been approved since 2026-03-11 13:00 UTC, when somebody approved it early. The next run of payouts takes 119.60 EUR, if all that the partner is due reaches the minimum.',
  )
  pass(server, day)
  const first = (await runPayouts(server, acme)).data[0]?.id ?? ''
  expect(await now(id)).toBe(
    '119.60 EUR has been approved since 2026-03-11 13:00 UTC, when somebody approved it early. 119.60 EUR of it is in payout <pay>, which has not been paid yet.',
  )
  pass(server, hour)
  await markedFailed(server, acme, first, 'Account closed')
  pass(server, hour)
  const second = (await runPayouts(server, acme)).data[0]?.id ?? ''
  pass(server, hour)
  await markedPaid(server, acme, second, { reference: 'SEPA-1' })
  pass(server, hour)
  await refund(server, acme, { externalId: 're_1', conversionExternalId: 'in_1', amount: 10_000 })
  const stripe = await stripeOf(server, acme)
  const disputed = (status: string) => {
    pass(server, hour)
    const type = status === 'lost' ? 'charge.dispute.closed' : 'charge.dispute.created'
    return event(type, dispute('dp_1', { amount: 5_000, intent: 'in_1', status }), seconds(server.clock.now.toISOString()))
  }
  await stripe.tell(disputed('needs_response'))
  await stripe.tell(disputed('lost'))
  expect(await told(id)).toEqual([
    ...origin,
    'At 2026-03-11 13:00 UTC it was held by the key “secret” (<key>): “Looks odd”.',
    'At 2026-03-11 13:00 UTC it was released by the key “secret” (<key>).',
    'At 2026-03-11 13:00 UTC it was approved early by the key “secret” (<key>).',
    '119.60 EUR went into payout <pay>.',
    'Payout <pay> failed at 2026-03-12 14:00 UTC (“Account closed”), and what was in it may be paid by another.',
    '119.60 EUR went into payout <pay>.',
    'Payout <pay> was paid at 2026-03-12 16:00 UTC (reference SEPA-1).',
    'The customer got 100.00 EUR back (refund re_1).',
    '16.66 EUR of the commission was taken back at 2026-03-12 17:00 UTC, because of refund re_1.',
    'The customer disputed 50.00 EUR of the payment (dispute dp_1).',
    'Dispute dp_1 was lost: the customer keeps 50.00 EUR.',
    '8.33 EUR of the commission was taken back at 2026-03-12 19:00 UTC, because of a dispute (event <evt>).',
    'In all the customer got 150.00 EUR of 717.80 EUR back. At the rate of the sale 119.60 EUR × 150.00 EUR ÷ 717.80 EUR = 24.99 EUR (rounded once, half to even) is taken back in all, and 94.61 EUR is left.',
    'It has been paid since 2026-03-12 16:00 UTC. 24.99 EUR more was paid than is left of it: the next payout is lower by that.',
  ])

  const { steps, ...story } = await storyOf(id)
  expect(story).toEqual({
    click: {
      id: clickId,
      at: '2026-03-10T12:00:00.000Z',
      url: null,
      referrer: 'news.example',
      campaign: 'spring',
    },
    signup: { referralId: referral.id, customerId: 'globex', code: 'jane', campaign: 'spring', at: '2026-03-10T13:00:00.000Z' },
    payment: expect.objectContaining({ externalId: 'in_1', amount: 71_880, base: 59_800, refunded: 15_000 }),
    terms: expect.objectContaining({ rule: 'percent', from: 'program', rate: 20, flatAmount: null, holdingPeriodDays: 30 }),
    disputes: [expect.objectContaining({ externalId: 'dp_1', amount: 5_000, outcome: 'lost' })],
    payouts: [
      expect.objectContaining({ id: first, number: 1, amount: 11_960, status: 'failed', failure: 'Account closed' }),
      expect.objectContaining({ id: second, number: 2, amount: 11_960, status: 'paid', reference: 'SEPA-1' }),
    ],
  })
  const { entries } = await commissionOf(server, acme, id)
  const transactions = new Set(entries.map(each => each.transactionId))
  // Everything that the journal has of it is in the story, and nothing else.
  expect(new Set(steps.map(each => each.transactionId).filter(each => each !== null))).toEqual(transactions)
  const moved = steps.filter(each => ['booked', 'moved'].includes(each.step)).reduce((sum, each) => sum + (each.amount ?? 0), 0)
  expect([moved, steps.at(-1)?.amount]).toEqual([9_461, 9_461])
})

const referred = () => refer(server, acme, { customerId: 'globex', code: 'jane' })

test('What is rounded is told to the last decimal', async () => {
  await referred()
  const formula = async (id: string) => (await told(id)).find(each => each.includes(' − '))
  expect(await formula(await sold({ amount: 7 }))).toBe(
    '0.07 EUR − 0.00 EUR tax − 0.00 EUR discount = 0.07 EUR; 20 % of that = 0.014 EUR, rounded half to even 0.01 EUR.',
  )
  expect(await formula(await sold({ amount: 62, currency: 'JPY' }))).toBe(
    '62 JPY − 0 JPY tax − 0 JPY discount = 62 JPY; 20 % of that = 12.4 JPY, rounded half to even 12 JPY.',
  )
  expect(await formula(await sold({ amount: 1_000, currency: 'KWD' }))).toBe(
    '1.000 KWD − 0.000 KWD tax − 0.000 KWD discount = 1.000 KWD; 20 % of that = 0.200 KWD.',
  )
})

test('A flat amount, a product’s rate and the limits of the terms are told as they held at the signup', async () => {
  await change(server, acme, {
    commission: {
      type: 'flat',
      flatAmount: 500,
      products: [{ productId: 'pro', rate: 30 }],
      maxPerCustomer: 600,
      recurringMonths: 12,
    },
  })
  await referred()
  await change(server, acme, { commission: { type: 'percent', maxPerCustomer: null } })
  const limits = 'payments within 12 months of the first; 6.00 EUR a customer at most; held back for 30 days.'
  expect((await told(await sold({ amount: 9_900 }))).slice(0, 6)).toEqual([
    'No click is known: the code itself was given.',
    'At 2026-03-10 12:00 UTC customer globex was bound to the code jane (referral <ref>).',
    expect.stringMatching(/^At 2026-03-10 12:00 UTC the customer paid 99.00 EUR \(payment pay-\d+\)\.$/),
    `The terms of the signup hold: 5.00 EUR a sale, the program's general rule; ${limits}`,
    '99.00 EUR − 0.00 EUR tax − 0.00 EUR discount = 99.00 EUR was left to pay; a sale earns 5.00 EUR.',
    '5.00 EUR was booked at 2026-03-10 12:00 UTC in the month 2026-03, to be paid from 2026-04-09 12:00 UTC.',
  ])
  pass(server, hour)
  expect((await told(await sold({ amount: 1_000, productId: 'pro' }))).slice(3, 7)).toEqual([
    `The terms of the signup hold: 30 %, the product's own rate; ${limits}`,
    '10.00 EUR − 0.00 EUR tax − 0.00 EUR discount = 10.00 EUR; 30 % of that = 3.00 EUR.',
    'The limits of the terms leave 1.00 EUR of that.',
    '1.00 EUR was booked at 2026-03-10 13:00 UTC in the month 2026-03, to be paid from 2026-04-09 13:00 UTC.',
  ])
})

test('What came before its payment, failed, or was lessened by an earlier payment is told as that', async () => {
  await change(server, acme, { commission: { recurringPayments: 1 } })
  await referred()
  await refund(server, acme, { externalId: 're_1', conversionExternalId: 'in_1', amount: 600 })
  pass(server, hour)
  const id = await sold({ externalId: 'in_1', amount: 1_000, occurredAt: '2026-03-10T12:30:00Z' })
  const stripe = await stripeOf(server, acme)
  await stripe.tell(
    event('refund.failed', stripeRefund('re_1', { amount: 600, intent: 'in_1' }), seconds(server.clock.now.toISOString())),
  )
  pass(server, hour)
  await sold({ externalId: 'in_0', amount: 500, occurredAt: '2026-03-10T12:10:00Z' })
  const story = await told(id)
  expect(story).toContain(
    'At 2026-03-10 12:30 UTC the customer paid 10.00 EUR (payment in_1), and it was reported at 2026-03-10 13:00 UTC.',
  )
  expect(story.slice(6)).toEqual([
    'The customer got 6.00 EUR back (refund re_1). It was told of before the payment, and waited for it.',
    'Refund re_1 of 6.00 EUR did not get through, and counts for nothing.',
    '1.20 EUR of the commission was taken back at 2026-03-10 13:00 UTC, because of what had been told of the payment before it was reported.',
    '1.20 EUR of the commission was given back at 2026-03-10 13:00 UTC, because refund re_1 did not get through.',
    '2.00 EUR of the commission was taken back at 2026-03-10 14:00 UTC, because payment <cnv> was made earlier and the limits of the terms count it first.',
    'All of it has been taken back.',
  ])
})

test('What waits for a review, and is rejected with it, says so', async () => {
  const own = { customerId: 'globex', code: 'jane', email: 'jane@partners.example' }
  const { id: referralId } = await refer(server, acme, own)
  const id = await sold({ amount: 10_000 })
  expect((await told(id)).slice(-2)).toEqual([
    'At 2026-03-10 12:00 UTC it was held by the system because the referral waits for a review.',
    '20.00 EUR has been held since 2026-03-10 12:00 UTC because the referral waits for a review. Once released it may be paid from 2026-04-09 12:00 UTC.',
  ])
  await server.ask('POST', `/admin/referrals/${referralId}/reject`, { key: acme.secret, body: {} })
  expect((await told(id)).slice(-2)).toEqual([
    'At 2026-03-10 12:00 UTC it was rejected for good by the system because the referral was rejected.',
    'It has been rejected since 2026-03-10 12:00 UTC because the referral was rejected, and is worth nothing.',
  ])
})

test('A correction says who made it, and why', async () => {
  const partner = await newPartner(server, acme, { slug: 'omar' })
  const { id } = await adjust(server, acme, partner, -500)
  expect(await told(id)).toEqual([
    'The balance of partner <par> was corrected by the key “secret” (<key>), by -5.00 EUR: “For the tests”.',
    '-5.00 EUR was booked at 2026-03-10 12:00 UTC in the month 2026-03, to be paid from 2026-03-10 12:00 UTC.',
    '-5.00 EUR may be paid since it was made. The next payout is lower by 5.00 EUR.',
  ])
  expect(await storyOf(id)).toMatchObject({ click: null, signup: null, payment: null, terms: null, disputes: [], payouts: [] })
})
