import * as v from 'valibot'
import { expect, test } from 'vitest'
import { Settings } from '../../server/contract/programs.ts'
import { termsFor } from '../../server/rules/terms.ts'

const settings = (more: Record<string, unknown> = {}) =>
  v.parse(Settings, { name: 'Acme', siteUrl: 'https://acme.example', currency: 'EUR', ...more })

test('Where nothing is said, a referral earns 20 percent for ever, held for 30 days', () => {
  expect(termsFor(settings(), null)).toEqual({
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
  })
})

test('The program’s rates are kept in millionths, to the fourth decimal', () => {
  const terms = termsFor(
    settings({ defaultCommissionRate: 12.3456, commission: { products: [{ productId: 'pro', rate: 0.0001 }] } }),
    null,
  )
  expect(terms.ratePpm).toBe(123_456)
  expect(terms.products).toEqual([{ productId: 'pro', ratePpm: 1 }])
})

test('A partner’s own rate goes before everything that the program says, also where it is zero', () => {
  const flat = settings({ commission: { type: 'flat', flatAmount: 1_500, products: [{ productId: 'pro', rate: 30 }] } })
  expect(termsFor(flat, null)).toMatchObject({ rule: 'flat', from: 'program', flatAmount: 1_500 })
  expect(termsFor(flat, 250_000)).toMatchObject({ rule: 'percent', from: 'partner', ratePpm: 250_000, products: [] })
  expect(termsFor(flat, 0)).toMatchObject({ rule: 'percent', from: 'partner', ratePpm: 0 })
})

test('Limits and the holding period are part of the terms', () => {
  const commission = { recurringMonths: 12, recurringPayments: 6, maxPerCustomer: 10_000 }
  expect(termsFor(settings({ commission, holdingPeriodDays: 14 }), null)).toMatchObject({ ...commission, holdingPeriodDays: 14 })
})
