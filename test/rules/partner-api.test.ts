import { describe, expect, test } from 'vitest'
import { foldCode, labelCode } from '../../server/rules/code.ts'
import { commissionRows, type Earnings, payoutStatus, referralStatus, totalOf } from '../../server/rules/partner-api.ts'

const then = '2026-01-01T00:00:00.000Z'
const nothing = { reviewAt: null, approvedAt: null, rejectedAt: null, churnedAt: null }

describe('A referral is, for its partner,', () => {
  test.each([
    ['active', {}],
    ['review', { reviewAt: then }],
    ['active', { reviewAt: then, approvedAt: then }],
    ['rejected', { reviewAt: then, rejectedAt: then }],
    ['rejected', { rejectedAt: then, churnedAt: then }],
    ['rejected', { reviewAt: then, approvedAt: then, rejectedAt: then }],
    ['churned', { churnedAt: then }],
    ['churned', { reviewAt: then, approvedAt: then, churnedAt: then }],
    ['review', { reviewAt: then, churnedAt: then }],
  ])('%s with %j', (status, facts) => {
    expect(referralStatus({ ...nothing, ...facts })).toBe(status)
  })
})

const earned = (amount: number | bigint, more: Partial<Earnings> = {}): Earnings => ({
  referralId: 'ref_1',
  period: '2026-01',
  currency: 'EUR',
  amount: BigInt(amount),
  reversed: 0n,
  isRejected: false,
  paid: 0n,
  ...more,
})
const brief = (earnings: Earnings[]) =>
  commissionRows(earnings).map(({ referralId, period, currency, status, amount }) =>
    [referralId ?? '–', period, currency, status, amount].join(' '),
  )

describe('Commissions are, for their partner,', () => {
  test.each<[string, Earnings[], string[]]>([
    ['calculated until they are paid', [earned(11_960)], ['ref_1 2026-01 EUR calculated 11960']],
    ['paid', [earned(11_960, { paid: 11_960n })], ['ref_1 2026-01 EUR paid 11960']],
    [
      'paid, and below zero, where they were refunded after that',
      [earned(11_960, { reversed: 11_960n, paid: 11_960n })],
      ['ref_1 2026-01 EUR calculated -11960', 'ref_1 2026-01 EUR paid 11960', 'ref_1 2026-01 EUR reversed 11960'],
    ],
    [
      'partly reversed by a partial refund',
      [earned(11_960, { reversed: 1_960n })],
      ['ref_1 2026-01 EUR calculated 10000', 'ref_1 2026-01 EUR reversed 1960'],
    ],
    ['only reversed by a full one', [earned(11_960, { reversed: 11_960n })], ['ref_1 2026-01 EUR reversed 11960']],
    ['reversed where they were rejected', [earned(11_960, { isRejected: true })], ['ref_1 2026-01 EUR reversed 11960']],
    [
      'reversed once where they were refunded and then rejected',
      [earned(11_960, { isRejected: true, reversed: 1_960n })],
      ['ref_1 2026-01 EUR reversed 11960'],
    ],
    [
      'one row for each status, however they come together',
      [earned(100), earned(50, { paid: 50n }), earned(30, { reversed: 30n }), earned(20, { isRejected: true })],
      ['ref_1 2026-01 EUR calculated 100', 'ref_1 2026-01 EUR paid 50', 'ref_1 2026-01 EUR reversed 50'],
    ],
    ['below zero where an adjustment took more', [earned(-500)], ['ref_1 2026-01 EUR calculated -500']],
    ['left out where nothing is left', [earned(500), earned(-500)], []],
    [
      'the latest month first, then by referral and currency',
      [
        earned(1, { period: '2025-12' }),
        earned(2, { currency: 'JPY' }),
        earned(3, { referralId: 'ref_2' }),
        earned(4, { referralId: null }),
        earned(5),
      ],
      [
        '– 2026-01 EUR calculated 4',
        'ref_1 2026-01 EUR calculated 5',
        'ref_1 2026-01 JPY calculated 2',
        'ref_2 2026-01 EUR calculated 3',
        'ref_1 2025-12 EUR calculated 1',
      ],
    ],
  ])('%s', (_, earnings, rows) => {
    expect(brief(earnings)).toEqual(rows)
  })

  test('added up exactly where numbers would not be', () => {
    const many = Array.from({ length: 3 }, () => earned(2n ** 53n - 1n))
    expect(totalOf(commissionRows(many), 'EUR')).toBe(3n * (2n ** 53n - 1n))
  })

  test('in the total of one currency, calculated and paid, and nothing else', () => {
    const rows = commissionRows([
      earned(100),
      earned(50, { paid: 50n }),
      earned(7, { currency: 'USD' }),
      earned(9, { isRejected: true }),
    ])
    expect([totalOf(rows, 'EUR'), totalOf(rows, 'USD'), totalOf(rows, 'JPY')]).toEqual([150n, 7n, 0n])
  })
})

test.each([
  ['pending', null, null],
  ['paid', then, null],
  ['failed', null, then],
  ['paid', then, then],
])('A payout is %s when paid %j and failed %j', (status, paidAt, failedAt) => {
  expect(payoutStatus({ paidAt, failedAt })).toBe(status)
})

describe('The code of a label', () => {
  test.each([
    ['blog-campaign-feb', 'ref_blog_feb_7kx'],
    ['Blog', 'ref_blog_7kx'],
    ['Blog feb', 'ref_blog_feb_7kx'],
    ['  ¡José García!  ', 'ref_jose_garcia_7kx'],
    ['ブログ', 'ref_7kx'],
    ['💩', 'ref_7kx'],
    ['../../etc', 'ref_etc_7kx'],
    ['a b c d e', 'ref_a_e_7kx'],
    [`${'x'.repeat(60)} ${'y'.repeat(59)}`, `ref_${'x'.repeat(20)}_${'y'.repeat(20)}_7kx`],
  ])('%s is %s', (label, code) => {
    expect(labelCode(label, '7kx')).toBe(code)
    expect(code.length).toBeLessThanOrEqual(64)
    expect(code).toMatch(/^[A-Za-z0-9][A-Za-z0-9._~-]*$/)
    expect(foldCode(code)).toBe(code)
  })
})
