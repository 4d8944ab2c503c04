import { describe, expect, test } from 'vitest'
import { codesIn, minorOf, namesOfInvoice, paidByInvoice, paidBySession, productOf, refIn } from '../../server/rules/stripe.ts'

describe('An amount of Stripe’s in minor units', () => {
  test.each([
    [1_000, 'EUR', 1_000],
    [500, 'JPY', 500],
    [500, 'KRW', 500],
    [500, 'ISK', 5],
    [50_000, 'UGX', 500],
    [5, 'MGA', 500],
    [5_120, 'KWD', 5_120],
    [0, 'ISK', 0],
  ])('%i %s is %i', (amount, currency, expected) => {
    expect(minorOf(amount, currency)).toBe(expected)
  })
})

describe('What an invoice’s customer paid, and what of it is outside of the base', () => {
  const none = { tax: null, total_tax_amounts: null, total_taxes: null, shipping_cost: null }
  const shipping = (amount_subtotal: number, amount_tax: number, amount_total: number | null) => ({
    ...none,
    shipping_cost: { amount_subtotal, amount_tax, amount_total },
  })
  test.each([
    ['all', { ...none, amount_paid: 12_000, total: 12_000 }, 12_000, 0],
    [
      'with tax, as it is told now',
      { ...none, amount_paid: 12_000, total: 12_000, total_taxes: [{ amount: 1_500 }, { amount: 500 }] },
      12_000,
      2_000,
    ],
    [
      'with tax, as it was told',
      { ...none, amount_paid: 12_000, total: 12_000, total_tax_amounts: [{ amount: 2_000 }] },
      12_000,
      2_000,
    ],
    ['with tax, as it was told long ago', { ...none, amount_paid: 12_000, total: 12_000, tax: 2_000 }, 12_000, 2_000],
    ['half of it by a credit', { ...none, amount_paid: 6_000, total: 12_000, tax: 2_000 }, 6_000, 1_000],
    ['a third, to even', { ...none, amount_paid: 1, total: 2, tax: 1 }, 1, 0],
    ['with shipping', { ...shipping(1_000, 0, 1_000), amount_paid: 5_000, total: 5_000 }, 5_000, 1_000],
    ['with shipping and its tax', { ...shipping(1_000, 200, 1_200), amount_paid: 5_200, total: 5_200, tax: 200 }, 5_200, 1_200],
    [
      'with shipping of which only the sum before tax is known',
      { ...shipping(1_000, 200, null), amount_paid: 5_000, total: 5_000 },
      5_000,
      1_000,
    ],
    ['more tax than was paid', { ...none, amount_paid: 100, total: 100, tax: 900 }, 100, 100],
    ['a total below zero', { ...none, amount_paid: 0, total: -500, tax: -100 }, 0, 0],
    ['no total', { ...none, amount_paid: 100, total: null, tax: 20 }, 100, 20],
  ])('%s', (_, invoice, amount, outside) => {
    expect(paidByInvoice(invoice)).toEqual({ amount, outside })
  })

  test('of a checkout likewise', () => {
    const total_details = { amount_tax: 200, amount_shipping: 300 }
    expect(paidBySession({ amount_total: 1_000, total_details, shipping_cost: null })).toEqual({ amount: 1_000, outside: 500 })
    const shipping_cost = { amount_subtotal: 300, amount_tax: 60, amount_total: 360 }
    expect(paidBySession({ amount_total: 1_000, total_details, shipping_cost })).toEqual({ amount: 1_000, outside: 500 })
    expect(paidBySession({ amount_total: null, total_details: null, shipping_cost: null })).toEqual({ amount: 0, outside: 0 })
  })
})

describe('The product of an invoice', () => {
  const line = (amount: number, product: string | null, more = {}) => ({
    ...{ amount, proration: null, price: null, plan: null, pricing: { price_details: { product } } },
    ...more,
  })
  test.each([
    ['is that of its largest line', [line(100, 'small'), line(900, 'large')], 'large'],
    ['which is no proration, if there is another', [line(900, 'change', { proration: true }), line(100, 'plan')], 'plan'],
    ['as the price has it', [line(1, null, { pricing: null, price: { product: 'old' } })], 'old'],
    ['as the plan has it', [line(1, null, { pricing: null, plan: { product: 'older' } })], 'older'],
    ['is none where no line names one', [line(1, null)], null],
    ['is none without lines', null, null],
  ])('%s', (_, data, expected) => {
    expect(productOf({ lines: data && { data } })).toBe(expected)
  })
})

test('A payment goes by every id of its invoice, each once', () => {
  const payments = {
    data: [{ payment: { payment_intent: 'pi_1', charge: null } }, { payment: { payment_intent: null, charge: 'ch_2' } }],
  }
  expect(namesOfInvoice({ id: 'in_1', payment_intent: 'pi_1', charge: 'ch_1', payments })).toEqual([
    'in_1',
    'pi_1',
    'ch_1',
    'ch_2',
  ])
  expect(namesOfInvoice({ id: 'in_1', payment_intent: null, charge: null, payments: null })).toEqual(['in_1'])
})

test('A discount may be known by its promotion code, and its coupon by what the host has written, its id and its name', () => {
  const coupon = { id: 'c1', name: 'Jane', metadata: { mislata_code: 'jane' } }
  expect(
    codesIn([
      'di_1',
      null,
      { coupon: null, source: null, promotion_code: 'promo_1' },
      { coupon: 'c0', source: null, promotion_code: { id: 'promo_2', code: 'JANE20' } },
      { coupon: null, source: { coupon }, promotion_code: null },
    ]),
  ).toEqual({ promotionIds: ['promo_1', 'promo_2'], words: ['JANE20', 'c0', 'jane', 'c1', 'Jane'] })
})

describe('Who brought the customer of a checkout', () => {
  test.each([
    ['jane', null, { ref: 'jane' }],
    ['jane.clk_1a', null, { ref: 'jane.clk_1a', clickId: undefined }],
    ['jane-clk_1a', null, { ref: 'jane.clk_1a', clickId: undefined }],
    ['jane-smith_clk_1a', null, { ref: 'jane-smith.clk_1a', clickId: undefined }],
    ['clk_1a', null, { clickId: 'clk_1a' }],
    [null, { mislata_ref: 'jane', mislata_click: 'clk_2b' }, { ref: 'jane', clickId: 'clk_2b' }],
    ['user_77', { mislata_ref: 'jane' }, { ref: 'jane' }],
    [null, null, {}],
    [' ', { mislata_ref: 7 }, {}],
  ])('reference %j and metadata %j', (client_reference_id, metadata, expected) => {
    expect(refIn({ client_reference_id, metadata })).toEqual(expected)
  })
})
