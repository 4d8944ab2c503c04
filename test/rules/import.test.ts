import { describe, expect, test } from 'vitest'
import { cellsOf, columnName, kindOf } from '../../server/rules/import-columns.ts'
import { amountOf, timeOf } from '../../server/rules/import-values.ts'

describe('An amount is read in one way or not at all', () => {
  test.each([
    ['12', 'EUR', 'major', 1_200],
    ['12.5', 'EUR', 'major', 1_250],
    ['12,50', 'EUR', 'major', 1_250],
    ['1,234.50', 'USD', 'major', 123_450],
    ['1.234,50 €', 'EUR', 'major', 123_450],
    ['1 234,50', 'EUR', 'major', 123_450],
    ["1'234.50", 'CHF', 'major', 123_450],
    ['1,234,567', 'EUR', 'major', 123_456_700],
    ['$19.99', 'USD', 'major', 1_999],
    ['USD 5.00', 'USD', 'major', 500],
    ['12.3400', 'EUR', 'major', 1_234],
    ['0.125', 'KWD', 'major', 125],
    ['1500', 'JPY', 'major', 1_500],
    ['1500.00', 'JPY', 'major', 1_500],
    ['1999', 'USD', 'minor', 1_999],
    ['1999.0', 'USD', 'minor', 1_999],
    ['.5', 'EUR', 'major', 50],
    ['1,234', 'EUR', 'major', 'amount_ambiguous'],
    ['1.234', 'EUR', 'major', 'amount_ambiguous'],
    ['12.345', 'EUR', 'major', 'amount_ambiguous'],
    ['0.125', 'EUR', 'major', 'amount_invalid'],
    ['12.34.56', 'EUR', 'major', 'amount_invalid'],
    ['1,23,456', 'EUR', 'major', 'amount_invalid'],
    ['1e3', 'EUR', 'major', 'amount_invalid'],
    ['19.99', 'USD', 'minor', 'amount_invalid'],
    ['1.5', 'JPY', 'major', 'amount_invalid'],
    ['twelve', 'EUR', 'major', 'amount_invalid'],
    ['', 'EUR', 'major', 'amount_invalid'],
    ['99999999999999', 'EUR', 'major', 'amount_invalid'],
    ['-3', 'EUR', 'major', 'amount_negative'],
    ['−3,00', 'EUR', 'major', 'amount_negative'],
    ['(3.00)', 'EUR', 'major', 'amount_negative'],
    ['3.00-', 'EUR', 'major', 'amount_negative'],
    ['$3.00', 'EUR', 'major', 'currency_differs'],
    ['3.00 €', 'USD', 'major', 'currency_differs'],
    ['GBP 3.00', 'EUR', 'major', 'currency_differs'],
  ] as const)('%s in %s, %s units: %s', (text, currency, unit, expected) => {
    const read = amountOf(text, currency, unit)
    expect('value' in read ? read.value : read.code).toBe(expected)
  })
})

describe('A date is read in one way or not at all', () => {
  test.each([
    ['2026-01-05', undefined, '2026-01-05T00:00:00.000Z'],
    ['2026/1/5', undefined, '2026-01-05T00:00:00.000Z'],
    ['2026-01-05 14:30:00 UTC', undefined, '2026-01-05T14:30:00.000Z'],
    ['2026-01-05T14:30:00+02:00', undefined, '2026-01-05T12:30:00.000Z'],
    ['2026-01-05T14:30:00.123456Z', undefined, '2026-01-05T14:30:00.123Z'],
    ['5 Jan 2026', undefined, '2026-01-05T00:00:00.000Z'],
    ['Jan 5, 2026', undefined, '2026-01-05T00:00:00.000Z'],
    ['January 5th, 2026 3:15 PM', undefined, '2026-01-05T15:15:00.000Z'],
    ['05-Jan-2026', undefined, '2026-01-05T00:00:00.000Z'],
    ['13/4/2026', undefined, '2026-04-13T00:00:00.000Z'],
    ['4/13/2026', undefined, '2026-04-13T00:00:00.000Z'],
    ['4.4.2026', undefined, '2026-04-04T00:00:00.000Z'],
    ['3/4/2026', 'dmy', '2026-04-03T00:00:00.000Z'],
    ['3/4/2026', 'mdy', '2026-03-04T00:00:00.000Z'],
    ['1767571200', undefined, '2026-01-05T00:00:00.000Z'],
    ['1767571200000', undefined, '2026-01-05T00:00:00.000Z'],
    ['3/4/2026', undefined, 'date_ambiguous'],
    ['2026-02-30', undefined, 'date_invalid'],
    ['2026-13-01', undefined, 'date_invalid'],
    ['2026-01-05T25:00:00Z', undefined, 'date_invalid'],
    ['yesterday', undefined, 'date_invalid'],
    ['0001-01-01', undefined, 'date_invalid'],
  ] as const)('%s (%s): %s', (text, order, expected) => {
    const read = timeOf(text, order)
    expect('value' in read ? read.value : read.code).toBe(expected)
  })
})

test('A column is known by every spelling of its name', () => {
  for (const title of ['Created At', 'createdAt', 'created_at', ' CREATED-AT ']) expect(columnName(title)).toBe('created_at')
})

test('What is nested in JSON goes by the way to it, and a list by its own name', () => {
  const cells = cellsOf({
    id: 1,
    sale: { chargeId: 'ch_1', more: null },
    links: [{ token: 'a' }, { token: 'b' }],
    tags: ['x', 'y'],
  })
  const expected = { id: '1', sale_charge_id: 'ch_1', links_token: 'a\nb', tags: 'x\ny' }
  expect(Object.fromEntries(cells)).toEqual(expected)
})

describe('What a file is shows in its columns', () => {
  const plain = { columns: {}, statuses: {} }
  test.each([
    ['rewardful', 'stripe_customer_id first_name last_name email paypal_email wise_email token', 'partners'],
    ['rewardful', 'id link_token customer_email became_lead_at', 'referrals'],
    ['firstpromoter', 'id email name ref_id', 'partners'],
    ['firstpromoter', 'id uid email promoter_email created_at', 'referrals'],
    ['tapfiliate', 'external_id amount created_at affiliate_email program', undefined],
    ['tapfiliate', 'external_id amount created_at affiliate_email commission_amount', 'commissions'],
    ['dub', 'partner_id name email link_key', 'partners'],
    ['dub', 'id external_id email partner_id', 'referrals'],
    ['csv', 'colour size', undefined],
  ] as const)('%s: %s', (from, columns, kind) => {
    expect(kindOf(from, plain, columns.split(' '))).toBe(kind)
  })
})
