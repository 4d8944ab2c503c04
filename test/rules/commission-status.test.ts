import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Act, commissionStatus, type Facts, outcomeOf, payableFrom } from '../../server/rules/commission-status.ts'
import { movement, worth } from '../../server/rules/standing.ts'

const ends = '2026-04-09T12:00:00.000Z'
const earlier = '2026-03-20T00:00:00.000Z'
const facts: Facts = {
  amount: 3_000,
  reversed: 0,
  availableAt: ends,
  approvedAt: null,
  heldAt: null,
  rejectedAt: null,
  paidAt: null,
}

describe('A commission', () => {
  test.each<[string, Partial<Facts>, string, string]>([
    ['is pending before its holding period ends', {}, '2026-04-09T11:59:59.999Z', 'pending'],
    ['is approved from that moment on', {}, ends, 'approved'],
    ['is approved early from the moment somebody said so', { approvedAt: earlier }, earlier, 'approved'],
    ['is pending until then', { approvedAt: earlier }, '2026-03-19T23:59:59.999Z', 'pending'],
    ['is held, however long ago its holding period ended', { heldAt: earlier }, '2027-01-01T00:00:00.000Z', 'held'],
    ['is what it was with a part taken back', { reversed: 1_500 }, ends, 'approved'],
    ['is reversed with all of it taken back', { reversed: 3_000 }, ends, 'reversed'],
    ['is reversed rather than held', { reversed: 3_000, heldAt: earlier }, ends, 'reversed'],
    ['that its limits have emptied is reversed', { amount: 0 }, ends, 'reversed'],
    ['is rejected for good', { rejectedAt: earlier, heldAt: earlier, reversed: 3_000 }, ends, 'rejected'],
    ['is paid, also where it was refunded later', { paidAt: ends, reversed: 3_000 }, ends, 'paid'],
    ['below zero is a commission too', { amount: -500 }, ends, 'approved'],
  ])('%s', (_, more, now, status) => {
    expect(commissionStatus({ ...facts, ...more }, now)).toBe(status)
  })

  test('is payable from its approval only where that was before its holding period ended', () => {
    expect(payableFrom({ availableAt: ends, approvedAt: earlier })).toBe(earlier)
    expect(payableFrom({ availableAt: earlier, approvedAt: ends })).toBe(earlier)
    expect(payableFrom({ availableAt: ends, approvedAt: null })).toBe(ends)
  })
})

describe('What may be done to it', () => {
  const acts: Act[] = ['approve', 'hold', 'release', 'reject']
  test.each([
    ['pending', ['do', 'do', 'commission_is_not_held', 'do']],
    ['approved', ['done', 'do', 'commission_is_not_held', 'do']],
    ['held', ['commission_is_held', 'done', 'do', 'do']],
    ['rejected', ['commission_is_rejected', 'commission_is_rejected', 'commission_is_rejected', 'done']],
    ['reversed', Array(4).fill('commission_is_reversed')],
    ['paid', Array(4).fill('commission_is_paid')],
  ] as const)('while it is %s: approve, hold, release, reject are %j', (status, expected) => {
    expect(acts.map(act => outcomeOf(act, status))).toEqual(expected)
  })

  test('A release that is said again has been done', () => {
    expect(outcomeOf('release', 'pending', true)).toBe('done')
    expect(outcomeOf('release', 'rejected', true)).toBe('commission_is_rejected')
  })
})

describe('The entries of a change', () => {
  const moved = (before: Partial<Facts> | null, after: Partial<Facts>) =>
    movement(before && { ...facts, ...before }, { ...facts, ...after }).map(({ account, availableAt, amount }) =>
      [account, availableAt ?? '', amount].join(' ').replace(/ +/g, ' '),
    )

  test.each<[string, Partial<Facts> | null, Partial<Facts>, string[]]>([
    ['made', null, {}, [`partner_earnings ${ends} 3000`, 'commission_expense -3000']],
    ['made held', null, { heldAt: earlier }, ['partner_held 3000', 'commission_expense -3000']],
    ['half refunded', {}, { reversed: 1_500 }, [`partner_earnings ${ends} -1500`, 'commission_expense 1500']],
    ['approved early', {}, { approvedAt: earlier }, [`partner_earnings ${earlier} 3000`, `partner_earnings ${ends} -3000`]],
    [
      'refunded after it was approved early',
      { approvedAt: earlier },
      { approvedAt: earlier, reversed: 3_000 },
      [`partner_earnings ${earlier} -3000`, 'commission_expense 3000'],
    ],
    ['held', {}, { heldAt: earlier }, ['partner_held 3000', `partner_earnings ${ends} -3000`]],
    [
      'refunded while held',
      { heldAt: earlier },
      { heldAt: earlier, reversed: 1_000 },
      ['partner_held -1000', 'commission_expense 1000'],
    ],
    [
      'released, what is left',
      { heldAt: earlier, reversed: 1_000 },
      { reversed: 1_000 },
      [`partner_earnings ${ends} 2000`, 'partner_held -2000'],
    ],
    [
      'rejected while held',
      { heldAt: earlier },
      { heldAt: earlier, rejectedAt: ends },
      ['commission_expense 3000', 'partner_held -3000'],
    ],
    ['refunded after it was rejected', { rejectedAt: earlier }, { rejectedAt: earlier, reversed: 3_000 }, []],
    [
      'approved after it was rejected and nothing is left',
      { rejectedAt: earlier },
      { rejectedAt: earlier, approvedAt: earlier },
      [],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(moved(before, after).sort()).toEqual([...expected].sort())
  })

  test('sum to zero, and lead from anywhere to anywhere by whatever way', () => {
    const moment = fc.option(fc.constantFrom(earlier, ends, '2026-05-01T00:00:00.000Z'), { nil: null })
    const any = fc.record<Facts>({
      amount: fc.integer({ min: -10_000, max: 10_000 }),
      reversed: fc.integer({ min: 0, max: 10_000 }),
      availableAt: fc.constantFrom(earlier, ends),
      approvedAt: moment,
      heldAt: moment,
      rejectedAt: moment,
      paidAt: fc.constant(null),
    })
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 6 }), steps => {
        const sums = new Map<string, number>()
        let before: Facts | null = null
        for (const after of steps) {
          const slots = movement(before, after)
          expect(slots.reduce((sum, slot) => sum + slot.amount, 0)).toBe(0)
          for (const { account, availableAt, amount } of slots) {
            const place = `${account} ${availableAt}`
            sums.set(place, (sums.get(place) ?? 0) + amount)
          }
          before = after
        }
        const last = steps.at(-1) as Facts
        const direct = new Map(movement(null, last).map(slot => [`${slot.account} ${slot.availableAt}`, slot.amount]))
        expect(new Map([...sums].filter(([, amount]) => amount !== 0))).toEqual(direct)
        expect(-(sums.get('commission_expense null') ?? 0) + 0).toBe(worth(last) + 0)
      }),
    )
  })
})
