import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_MINOR } from '../../server/contract/money.ts'
import { earned, type Sale, share } from '../../server/rules/commission.ts'
import type { Terms } from '../../server/rules/terms.ts'

const terms: Terms = {
  rule: 'percent',
  from: 'program',
  ratePpm: 200_000,
  flatAmount: 0,
  flatCurrency: 'EUR',
  products: [],
  recurringMonths: null,
  recurringPayments: null,
  maxPerCustomer: null,
  holdingPeriodDays: 30,
}
const sale: Sale = { amount: 59_800, tax: 0, discount: 0, currency: 'EUR', productId: null }

describe('A share is rounded once, half to even, in the currency’s own minor units', () => {
  test.each([
    ['598.00 EUR at 20 %', 59_800, 20, 11_960],
    ['0.07 at 20 % is 0.014', 7, 20, 1],
    ['0.25 at 10 % is 0.025, to even', 25, 10, 2],
    ['0.35 at 10 % is 0.035, to even', 35, 10, 4],
    ['0.05 at 10 % is 0.005, to even', 5, 10, 0],
    ['0.15 at 10 % is 0.015, to even', 15, 10, 2],
    ['0.251 at 10 % is above the half', 251, 1, 3],
    ['1000 JPY at 12.5 %', 1_000, 12.5, 125],
    ['4 JPY at 12.5 % is half a yen, to even', 4, 12.5, 0],
    ['12 JPY at 12.5 % is one and a half, to even', 12, 12.5, 2],
    ['1.005 KWD at 10 %', 1_005, 10, 100],
    ['-0.25 at 10 %', -25, 10, -2],
    ['-0.35 at 10 %', -35, 10, -4],
    ['-598.00 at 20 %', -59_800, 20, -11_960],
    ['nothing at 20 %', 0, 20, 0],
    ['anything at 0 %', 59_800, 0, 0],
    ['anything at 100 %', 59_801, 100, 59_801],
    ['a millionth of the largest amount', MAX_MINOR, 0.0001, 1_000_000],
    ['the largest amount at 100 %', MAX_MINOR, 100, MAX_MINOR],
    ['the largest amount but one at 33.3333 %', MAX_MINOR - 1, 33.3333, 333_333_000_000],
  ])('%s', (_, amount, percent, expected) => {
    expect(share(amount, Math.round(percent * 10_000))).toBe(expected)
  })

  const amounts = fc.integer({ min: -MAX_MINOR, max: MAX_MINOR })
  const rates = fc.integer({ min: 0, max: 1_000_000 })

  test('It is never further than half a minor unit from the exact value', () => {
    fc.assert(
      fc.property(amounts, rates, (amount, ratePpm) => {
        const off = BigInt(share(amount, ratePpm)) * 1_000_000n - BigInt(amount) * BigInt(ratePpm)
        expect(off <= 500_000n && off >= -500_000n).toBe(true)
      }),
    )
  })

  test('Exactly half goes to the even neighbour', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), n => {
        expect(share(2 * n + 1, 500_000) % 2 === 0).toBe(true)
      }),
    )
  })

  test('What is taken back is what was given', () => {
    fc.assert(
      fc.property(amounts, rates, (amount, ratePpm) => {
        expect(share(-amount, ratePpm) + share(amount, ratePpm)).toBe(0)
      }),
    )
  })
})

describe('A sale earns', () => {
  test('its rate of what is left without tax and discount', () => {
    expect(earned({ ...sale, amount: 72_358, tax: 12_558, discount: 9_800 }, terms)).toEqual({
      amount: 10_000,
      currency: 'EUR',
      why: {
        kind: 'sale',
        rule: 'percent',
        ruleFrom: 'program',
        rate: 20,
        base: 50_000,
        formula: '20 % of 500.00 EUR = 100.00 EUR',
        rounding: 'half_even',
      },
    })
  })

  test.each([
    ['EUR', 59_800, '20 % of 598.00 EUR = 119.60 EUR'],
    ['JPY', 59_800, '20 % of 59800 JPY = 11960 JPY'],
    ['KWD', 59_800, '20 % of 59.800 KWD = 11.960 KWD'],
  ])('in %s, and says so in its own decimals', (currency, amount, formula) => {
    const line = earned({ ...sale, amount, currency }, terms)
    expect([line.amount, line.currency, line.why.formula]).toEqual([11_960, currency, formula])
  })

  test('the rate of its product where that has one', () => {
    const pro = { ...terms, products: [{ productId: 'pro', ratePpm: 300_000 }] }
    const line = earned({ ...sale, productId: 'pro' }, pro)
    expect([line.amount, line.why.ruleFrom, line.why.rate]).toEqual([17_940, 'product', 30])
    const other = earned({ ...sale, productId: 'basic' }, pro)
    expect([other.amount, other.why.ruleFrom, other.why.rate]).toEqual([11_960, 'program', 20])
  })

  test('a flat amount in the program’s currency, whatever was sold', () => {
    const flat: Terms = { ...terms, rule: 'flat', flatAmount: 1_500 }
    expect(earned({ ...sale, currency: 'USD', amount: 100 }, flat)).toEqual({
      amount: 1_500,
      currency: 'EUR',
      why: {
        kind: 'sale',
        rule: 'flat',
        ruleFrom: 'program',
        rate: null,
        base: 100,
        formula: '15.00 EUR a sale',
        rounding: 'half_even',
      },
    })
  })

  test('the rate of its product also where everything else earns a flat amount', () => {
    const flat: Terms = { ...terms, rule: 'flat', flatAmount: 1_500, products: [{ productId: 'pro', ratePpm: 300_000 }] }
    expect(earned({ ...sale, productId: 'pro' }, flat)).toMatchObject({ amount: 17_940, why: { ruleFrom: 'product' } })
    expect(earned({ ...sale, productId: 'basic' }, flat).amount).toBe(1_500)
  })

  test('nothing where nothing is left to pay, flat or not', () => {
    const free = { ...sale, discount: 59_800 }
    expect(earned(free, terms).amount).toBe(0)
    expect(earned(free, { ...terms, rule: 'flat', flatAmount: 1_500 }).amount).toBe(0)
  })
})
