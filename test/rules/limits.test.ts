import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasLimits, limited, monthsAfter, type Payment } from '../../server/rules/limits.ts'

const none = { recurringMonths: null, recurringPayments: null, maxPerCustomer: null, flatCurrency: 'EUR' }
const paid = (id: string, occurredAt: string, amount = 100, currency = 'EUR'): Payment => ({
  id,
  externalId: id,
  occurredAt: `${occurredAt}T10:00:00.000Z`,
  amount,
  currency,
})
const allowed = (payments: Payment[], limits: Partial<typeof none> | object) =>
  Object.fromEntries(limited(payments, { ...none, ...limits }))

describe('A customer’s payments earn', () => {
  const monthly = [paid('a', '2026-01-31'), paid('b', '2026-02-28'), paid('c', '2026-03-31'), paid('d', '2026-04-30')]

  test.each<[string, object, object]>([
    ['all, where nothing is limited', {}, { a: 100, b: 100, c: 100, d: 100 }],
    ['the first two', { recurringPayments: 2 }, { a: 100, b: 100, c: 0, d: 0 }],
    ['those before two months have passed', { recurringMonths: 2 }, { a: 100, b: 100, c: 0, d: 0 }],
    ['those of one month', { recurringMonths: 1 }, { a: 100, b: 0, c: 0, d: 0 }],
    ['until the most is reached, the last one in part', { maxPerCustomer: 250 }, { a: 100, b: 100, c: 50, d: 0 }],
    ['nothing, where that is the most', { maxPerCustomer: 0 }, { a: 0, b: 0, c: 0, d: 0 }],
    [
      'under the narrowest of several limits',
      { recurringPayments: 3, recurringMonths: 12, maxPerCustomer: 250 },
      { a: 100, b: 100, c: 50, d: 0 },
    ],
  ])('%s', (_, limits, expected) => {
    expect(allowed(monthly, limits)).toEqual(expected)
    expect(allowed([...monthly].reverse(), limits)).toEqual(expected)
  })

  test('in another currency beside the most, which no rate of exchange says', () => {
    const payments = [paid('a', '2026-01-01', 80), paid('b', '2026-01-02', 900, 'USD'), paid('c', '2026-01-03', 80)]
    expect(allowed(payments, { maxPerCustomer: 100 })).toEqual({ a: 80, b: 900, c: 20 })
  })

  test('by their external id where they were made in the same moment', () => {
    expect(allowed([paid('b', '2026-01-01'), paid('a', '2026-01-01')], { recurringPayments: 1 })).toEqual({ a: 100, b: 0 })
  })
})

test.each([
  ['2026-01-15T10:00:00.000Z', 12, '2027-01-15T10:00:00.000Z'],
  ['2026-01-31T10:00:00.000Z', 1, '2026-02-28T10:00:00.000Z'],
  ['2028-01-31T10:00:00.000Z', 1, '2028-02-29T10:00:00.000Z'],
  ['2026-11-30T23:59:59.999Z', 3, '2027-02-28T23:59:59.999Z'],
])('%s and %i months is %s', (from, months, to) => {
  expect(new Date(monthsAfter(from, months)).toISOString()).toBe(to)
})

test('A limit of more months than there are years is none', () => {
  expect(allowed([paid('a', '2026-01-01'), paid('b', '9999-12-31')], { recurringMonths: 1_000_000 })).toEqual({ a: 100, b: 100 })
})

test('Terms have limits where one of them is set, be it zero', () => {
  expect(hasLimits(none)).toBe(false)
  expect(
    [{ recurringMonths: 1 }, { recurringPayments: 1 }, { maxPerCustomer: 0 }].map(each => hasLimits({ ...none, ...each })),
  ).toEqual([true, true, true])
})

test('A payment that becomes known later never lets another earn more', () => {
  const payment = fc.record({
    at: fc.integer({ min: 0, max: 500 }),
    amount: fc.integer({ min: 0, max: 100 }),
    currency: fc.constantFrom('EUR', 'USD'),
  })
  const limits = fc.record({
    recurringMonths: fc.option(fc.integer({ min: 1, max: 12 }), { nil: null }),
    recurringPayments: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
    maxPerCustomer: fc.option(fc.integer({ min: 0, max: 300 }), { nil: null }),
    flatCurrency: fc.constant('EUR'),
  })
  fc.assert(
    fc.property(fc.array(payment, { minLength: 1, maxLength: 8 }), limits, (made, limits) => {
      const payments = made.map(({ at, amount, currency }, i) =>
        paid(`p${i}`, new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10), amount, currency),
      )
      const all = limited(payments, limits)
      const before = limited(payments.slice(0, -1), limits)
      for (const [id, amount] of before) expect(all.get(id)).toBeLessThanOrEqual(amount)
      const total = payments.filter(each => each.currency === 'EUR').reduce((sum, { id }) => sum + (all.get(id) ?? 0), 0)
      if (limits.maxPerCustomer !== null) expect(total).toBeLessThanOrEqual(limits.maxPerCustomer)
      expect(payments.every(({ id, amount }) => (all.get(id) ?? -1) >= 0 && (all.get(id) ?? 0) <= amount)).toBe(true)
    }),
  )
})
