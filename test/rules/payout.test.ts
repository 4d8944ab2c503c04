import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Due, lineKind, minimumIn, missingDetails, outcomeOfPayout, type PayTo, payable } from '../../server/rules/payout.ts'
import { cellOf } from '../../server/rules/payout-file.ts'
import { monthAfter, monthBefore } from '../../server/rules/period.ts'

const now = '2026-04-01T00:00:00.000Z'
const [before, after] = ['2026-03-31T23:59:59.999Z', '2026-04-01T00:00:00.001Z']
let made = 0
const due = (amount: number, more: Partial<Due> = {}): Due => ({
  commissionId: `com_${++made}`,
  amount,
  payableFrom: before,
  heldAt: null,
  rejectedAt: null,
  ...more,
})

describe('What a partner is to be paid', () => {
  test.each<[string, Due[], number, { amount: number; lines: number[] }]>([
    ['what has become payable', [due(6_000), due(7_000)], 5_000, { amount: 13_000, lines: [6_000, 7_000] }],
    ['and this very moment', [due(6_000, { payableFrom: now })], 5_000, { amount: 6_000, lines: [6_000] }],
    ['not what is pending', [due(6_000), due(1, { payableFrom: after })], 5_000, { amount: 6_000, lines: [6_000] }],
    ['not what is held', [due(6_000), due(1, { heldAt: before })], 5_000, { amount: 6_000, lines: [6_000] }],
    ['not what is rejected', [due(6_000), due(1, { rejectedAt: before })], 5_000, { amount: 6_000, lines: [6_000] }],
    ['no line of nothing', [due(6_000), due(0)], 5_000, { amount: 6_000, lines: [6_000] }],
    ['less what was taken back', [due(9_000), due(-3_000)], 5_000, { amount: 6_000, lines: [9_000, -3_000] }],
    ['the minimum itself', [due(5_000)], 5_000, { amount: 5_000, lines: [5_000] }],
    ['one cent where there is no minimum', [due(1)], 0, { amount: 1, lines: [1] }],
  ])('is %s', (_, entries, minimum, { amount, lines }) => {
    const decided = payable(entries, now, minimum)
    expect([decided.amount, decided.lines.map(each => each.amount), decided.carried]).toEqual([amount, lines, null])
  })

  test.each<[string, Due[], number, object]>([
    ['one cent below the minimum', [due(4_999)], 5_000, { amount: 4_999, reason: 'below_minimum' }],
    ['what refunds have brought below it', [due(6_000), due(-2_000)], 5_000, { amount: 4_000, reason: 'below_minimum' }],
    ['what refunds have brought below zero', [due(6_000), due(-7_000)], 0, { amount: -1_000, reason: 'below_zero' }],
    ['what cancels out', [due(6_000), due(-6_000)], 0, { amount: 0, reason: 'below_minimum' }],
    ['nothing at all', [], 0, { amount: 0, reason: 'below_minimum' }],
  ])('is nothing, and carried is %s', (_, entries, minimum, carried) => {
    expect(payable(entries, now, minimum)).toEqual({ lines: [], amount: 0, carried })
  })
})

test.each([
  [50, 'EUR', 5_000],
  [50, 'JPY', 50],
  [50, 'KWD', 50_000],
  [0, 'EUR', 0],
  [12.34, 'EUR', 1_234],
  [1.005, 'KWD', 1_005],
  [12.345, 'EUR', 1_235],
  [12.341, 'EUR', 1_235],
  [12.3, 'JPY', 13],
  [0.1, 'JPY', 1],
])('A minimum of %d is in %s %i', (minimum, currency, minor) => {
  expect(minimumIn({ minPayoutAmount: minimum, minPayoutAmounts: [] }, currency)).toBe(minor)
  const own = [{ currency, amount: 7 }]
  expect(minimumIn({ minPayoutAmount: minimum, minPayoutAmounts: own }, currency)).toBe(
    minimumIn({ minPayoutAmount: 7, minPayoutAmounts: [] }, currency),
  )
  expect(minimumIn({ minPayoutAmount: minimum, minPayoutAmounts: [{ currency: 'SEK', amount: 7 }] }, currency)).toBe(minor)
})

test.each([
  ['paid', 'pending', 'do'],
  ['paid', 'paid', 'done'],
  ['paid', 'failed', 'payout_is_failed'],
  ['failed', 'pending', 'do'],
  ['failed', 'paid', 'payout_is_paid'],
  ['failed', 'failed', 'done'],
] as const)('Marking as %s what is %s: %s', (act, status, outcome) => {
  expect(outcomeOfPayout(act, status)).toBe(outcome)
})

test.each([
  ['commission', 100, 0, 'sale'],
  ['adjustment', 100, 0, 'adjustment'],
  ['adjustment', -100, 0, 'adjustment'],
  ['taken_back', -100, 100, 'sale'],
  ['given_back', 50, 100, 'sale'],
] as const)('A line is %s: %i after %i of a %s', (kind, amount, settledBefore, why) => {
  expect(lineKind({ amount, settledBefore, why: { kind: why } })).toBe(kind)
})

const nothing: PayTo = { method: null, payoutEmail: null, stripeAccountId: null, metadata: {} }
test.each<[Partial<PayTo>, string[]]>([
  [{}, ['payout_method']],
  [{ method: 'paypal' }, ['payout_email']],
  [{ method: 'paypal', payoutEmail: 'a@b.example' }, []],
  [{ method: 'stripe', payoutEmail: 'a@b.example' }, ['stripe_account_id']],
  [{ method: 'stripe', stripeAccountId: 'acct_1' }, []],
  [{ method: 'bank_transfer' }, ['payout_email']],
  [{ method: 'bank_transfer', payoutEmail: 'a@b.example' }, []],
  [{ method: 'bank_transfer', metadata: { account_number: '123' } }, []],
  [{ method: 'bank_transfer', metadata: { iban: '  ' } }, ['payout_email']],
  [{ method: 'bank_transfer', metadata: { iban: 12 } }, ['payout_email']],
  [{ method: 'crypto', payoutEmail: 'a@b.example' }, ['metadata.wallet_address']],
  [{ method: 'crypto', metadata: { wallet_address: 'bc1' } }, []],
])('Of %j is missing %j', (known, missing) => {
  expect(missingDetails({ ...nothing, ...known })).toEqual(missing)
})

type Commission = { earned: number; reversed: number; isDue: boolean; open: number; paid: number }
const happening = fc.oneof(
  fc.record({ what: fc.constant('earn' as const), amount: fc.integer({ min: 1, max: 10_000 }), isDue: fc.boolean() }),
  fc.record({ what: fc.constant('refund' as const), which: fc.nat(), share: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ what: fc.constant('run' as const), minimum: fc.integer({ min: 0, max: 5_000 }) }),
  fc.record({ what: fc.constantFrom('pay' as const, 'fail' as const), which: fc.nat() }),
  fc.record({ what: fc.constant('ripen' as const), which: fc.nat() }),
)

test('Whatever happens, carried and paid and pending are what was earned and not taken back, and no amount is paid twice', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), story => {
      const commissions = new Map<string, Commission>()
      const payouts: { lines: { commissionId: string; amount: number }[]; amount: number; state: 'open' | 'paid' | 'failed' }[] =
        []
      const pick = <T>(all: T[], which: number) => all[which % Math.max(1, all.length)]
      const at = (id: string) => commissions.get(id) as Commission
      for (const event of story) {
        if (event.what === 'earn') {
          const fresh = { earned: event.amount, reversed: 0, isDue: event.isDue, open: 0, paid: 0 }
          commissions.set(`com_${commissions.size}`, fresh)
        } else if (event.what === 'refund') {
          const one = pick([...commissions.values()], event.which)
          if (one) one.reversed += Math.ceil(((one.earned - one.reversed) * event.share) / 10)
        } else if (event.what === 'ripen') {
          const one = pick([...commissions.values()], event.which)
          if (one) one.isDue = true
        } else if (event.what === 'run') {
          const entries = [...commissions].map(([commissionId, { earned, reversed, open, paid, isDue }]) =>
            due(earned - reversed - open - paid, { commissionId, payableFrom: isDue ? before : after }),
          )
          const { lines, amount, carried } = payable(entries, now, event.minimum)
          expect(amount).toBe(lines.reduce((sum, each) => sum + each.amount, 0))
          expect(new Set(lines.map(each => each.commissionId)).size).toBe(lines.length)
          expect(carried === null).toBe(lines.length > 0)
          if (carried) continue
          expect(amount).toBeGreaterThanOrEqual(Math.max(1, event.minimum))
          for (const line of lines) at(line.commissionId).open += line.amount
          payouts.push({ lines, amount, state: 'open' })
          // A second run at once finds nothing of it.
          const left = entries.map(each => ({
            ...each,
            amount: each.amount - (lines.find(l => l.commissionId === each.commissionId)?.amount ?? 0),
          }))
          expect(payable(left, now, 0).lines).toEqual([])
        } else {
          const payout = pick(
            payouts.filter(each => each.state === 'open'),
            event.which,
          )
          if (!payout) continue
          payout.state = event.what === 'pay' ? 'paid' : 'failed'
          for (const line of payout.lines) {
            at(line.commissionId).open -= line.amount
            if (event.what === 'pay') at(line.commissionId).paid += line.amount
          }
        }
        const all = [...commissions.values()]
        const sum = (of: (each: Commission) => number) => all.reduce((total, each) => total + of(each), 0)
        const worth = (each: Commission) => each.earned - each.reversed
        const paid = payouts.filter(each => each.state === 'paid').reduce((total, each) => total + each.amount, 0)
        const open = payouts.filter(each => each.state === 'open').reduce((total, each) => total + each.amount, 0)
        const pending = sum(each => (each.isDue ? 0 : worth(each) - each.open - each.paid))
        const carried = sum(each => (each.isDue ? worth(each) - each.open - each.paid : 0))
        expect(paid + open + pending + carried).toBe(sum(worth))
        // What live payouts hold of a commission is never more than it ever earned, and never less than nothing.
        for (const each of all) {
          expect(each.open + each.paid).toBeLessThanOrEqual(each.earned)
          expect(each.open + each.paid).toBeGreaterThanOrEqual(-each.earned)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('The months around a month', () => {
  expect([monthBefore('2026-01'), monthAfter('2026-12'), monthAfter('2026-01'), monthBefore('2028-03')]).toEqual([
    '2025-12',
    '2027-01',
    '2026-02',
    '2028-02',
  ])
})

test('No text in a file begins as a formula does, and every text can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const cell = cellOf(text)
      const read = cell.startsWith('"') && cell.endsWith('"') && cell.length > 1 ? cell.slice(1, -1).replaceAll('""', '"') : cell
      expect(read).not.toMatch(/^[=+\-@\t\r\n]/)
      expect([text, `'${text}`]).toContain(read)
    }),
  )
  expect(cellOf(-3)).toBe('-3')
})
