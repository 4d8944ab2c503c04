import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOpen, merged, outcomeOf } from '../../server/rules/dispute.ts'
import { type Facts, givenBack } from '../../server/rules/given-back.ts'

const facts = (some: Partial<Facts>): Facts => ({ refunds: [], totals: [], failures: [], disputes: [], ...some })
const total = (amount: number, at: number, charge = 'pi_1') => ({ charge, amount, at: `2026-01-${10 + at}` })
const failure = (id: string, amount: number, at: number, charge = 'pi_1') => ({
  refundExternalId: id,
  ...total(amount, at, charge),
})
const named = (externalId: string, amount: number | null) => ({ externalId, amount })

describe('What a customer has got back of a payment', () => {
  test.each<[string, Partial<Facts>, number | null]>([
    ['nothing', {}, 0],
    ['refunds that are named', { refunds: [named('a', 30), named('b', 20)] }, 50],
    ['all, by one without an amount', { refunds: [named('a', 30), named('b', null)] }, null],
    ['a refund that failed', { refunds: [named('a', 30), named('b', 20)], failures: [failure('b', 20, 1)] }, 30],
    ['one without an amount that failed', { refunds: [named('a', 30), named('b', null)], failures: [failure('b', 90, 1)] }, 30],
    ['the latest sum', { totals: [total(50, 2), total(20, 1)] }, 50],
    ['the larger of one second', { totals: [total(20, 1), total(50, 1)] }, 50],
    ['a sum, part of which failed later', { totals: [total(60, 1)], failures: [failure('a', 20, 2)] }, 40],
    ['a sum, part of which failed in the same second', { totals: [total(60, 1)], failures: [failure('a', 20, 1)] }, 40],
    ['a sum after a failure, which is out of it', { totals: [total(60, 1), total(50, 3)], failures: [failure('a', 60, 2)] }, 50],
    ['a failure of what is not known', { failures: [failure('a', 60, 2)] }, 0],
    ['sums of two charges', { totals: [total(60, 1), total(50, 2, 'pi_2')], failures: [failure('a', 50, 3, 'pi_2')] }, 60],
    ['the same refunds named and summed', { refunds: [named('a', 30)], totals: [total(30, 1)] }, 30],
    ['fewer named than summed', { refunds: [named('a', 30)], totals: [total(50, 1)] }, 50],
    ['a dispute that was lost', { disputes: [{ amount: 30, outcome: 'lost' }] }, 30],
    [
      'disputes that are open or were won',
      {
        disputes: [
          { amount: 30, outcome: null },
          { amount: 20, outcome: 'released' },
        ],
      },
      0,
    ],
    [
      '60.00 refunded, of which 20.00 failed, and a dispute over 30.00 lost',
      { totals: [total(6_000, 1)], failures: [failure('a', 2_000, 2)], disputes: [{ amount: 3_000, outcome: 'lost' }] },
      7_000,
    ],
  ])('%s', (_, some, expected) => {
    expect(givenBack(facts(some))).toBe(expected)
  })

  test('does not depend on the order in which the facts are known', () => {
    const moment = fc.nat({ max: 9 })
    const amount = fc.integer({ min: 1, max: 99 })
    const id = fc.constantFrom('a', 'b', 'c')
    const charge = fc.constantFrom('pi_1', 'pi_2')
    const all = fc.record({
      refunds: fc.array(fc.record({ externalId: id, amount: fc.option(amount) })),
      totals: fc.array(fc.tuple(amount, moment, charge).map(each => total(...each))),
      failures: fc.array(fc.tuple(id, amount, moment, charge).map(each => failure(...each))),
      disputes: fc.array(fc.record({ amount, outcome: fc.constantFrom('lost' as const, 'released' as const, null) })),
    })
    fc.assert(
      fc.property(all, ({ refunds, totals, failures, disputes }) => {
        const backwards = {
          refunds: refunds.toReversed(),
          totals: totals.toReversed(),
          failures: failures.toReversed(),
          disputes: disputes.toReversed(),
        }
        const sum = givenBack({ refunds, totals, failures, disputes })
        expect(givenBack(backwards)).toBe(sum)
        if (sum !== null) expect(sum).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('comes back by exactly what fails, whichever of the refunds of a charge that is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 8 }), fc.nat(), (parts, which) => {
        const sums = parts.map((_, at) => parts.slice(0, at + 1).reduce((sum, each) => sum + each, 0))
        const totals = sums.map((sum, at) => total(sum, at))
        const part = parts[which % parts.length] ?? 0
        const all = sums.at(-1) ?? 0
        expect(givenBack(facts({ totals }))).toBe(all)
        expect(givenBack(facts({ totals, failures: [failure('x', part, 9)] }))).toBe(all - part)
      }),
    )
  })
})

describe('A dispute', () => {
  test.each([
    ['needs_response', null],
    ['under_review', null],
    ['warning_needs_response', null],
    ['something_new', null],
    ['lost', 'lost'],
    ['won', 'released'],
    ['warning_closed', 'released'],
    ['prevented', 'released'],
  ])('that is %s comes to %s', (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome)
  })

  test('is the same in whatever order and however often it is told of', () => {
    const told = fc.record({
      amount: fc.integer({ min: 1, max: 9 }),
      at: fc.nat({ max: 5 }).map(at => `2026-01-1${at}`),
      outcome: fc.constantFrom('lost' as const, 'released' as const, null),
    })
    const end = (all: Parameters<typeof merged>[1][]) => all.reduce(merged, undefined as ReturnType<typeof merged> | undefined)
    fc.assert(
      fc.property(fc.array(told, { minLength: 1, maxLength: 6 }), all => {
        expect(end([...all].reverse())).toEqual(end(all))
        expect(end([...all, ...all])).toEqual(end(all))
      }),
    )
  })

  test('is open until it is closed, or until somebody waits for it no more', () => {
    expect(isOpen({ closedAt: null, waivedAt: null })).toBe(true)
    expect(isOpen({ closedAt: '2026-01-10', waivedAt: null })).toBe(false)
    expect(isOpen({ closedAt: null, waivedAt: '2026-01-10' })).toBe(false)
  })
})
