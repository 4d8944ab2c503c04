import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_MINOR } from '../../server/contract/money.ts'
import { counted, refundedInAll, reversed } from '../../server/rules/reversal.ts'

describe('Of a commission as much is taken back as of the sale, rounded once, half to even', () => {
  test.each([
    ['120.00 that earned 30.00, 60.00 of it refunded', 3_000, 12_000, 6_000, 1_500],
    ['all of it', 3_000, 12_000, 12_000, 3_000],
    ['more than all of it', 3_000, 12_000, 99_999, 3_000],
    ['all of it, without an amount', 3_000, 12_000, null, 3_000],
    ['nothing', 3_000, 12_000, 0, 0],
    ['a third of what does not divide', 100, 300, 100, 33],
    ['two thirds of it', 100, 300, 200, 67],
    ['half a cent, to even', 1, 2, 1, 0],
    ['one and a half, to even', 3, 2, 1, 2],
    ['two and a half, to even', 5, 2, 1, 2],
    ['just above the half', 100, 201, 101, 50],
    ['a flat 15.00 on 1.00, of which a cent', 1_500, 100, 1, 15],
    ['half of the largest amounts', MAX_MINOR, MAX_MINOR, MAX_MINOR / 2, MAX_MINOR / 2],
    ['the largest amounts but one', MAX_MINOR - 1, MAX_MINOR, MAX_MINOR - 1, MAX_MINOR - 2],
    ['a sale that earned nothing', 0, 12_000, 6_000, 0],
  ])('%s', (_, earned, paid, refunded, expected) => {
    expect(reversed({ earned, paid, refunded })).toBe(expected)
  })
})

describe('Refunds of one sale', () => {
  test('are one sum, and all that there was where one of them names no amount', () => {
    expect(refundedInAll([])).toBe(0)
    expect(refundedInAll([3_000, 2_000])).toBe(5_000)
    expect(refundedInAll([3_000, null, 2_000])).toBe(null)
  })

  test('count for no more than what is left', () => {
    expect(counted(8_000, { paid: 12_000, refunded: 6_000 })).toBe(6_000)
    expect(counted(5_000, { paid: 12_000, refunded: 6_000 })).toBe(5_000)
    expect(counted(null, { paid: 12_000, refunded: 5_000 })).toBe(7_000)
    expect(counted(1, { paid: 12_000, refunded: null })).toBe(0)
    expect(counted(null, { paid: 12_000, refunded: 20_000 })).toBe(0)
  })
})

describe('Whatever is refunded', () => {
  const sale = fc
    .record({ paid: fc.integer({ min: 1, max: MAX_MINOR }), share: fc.integer({ min: 0, max: 1_000_000 }) })
    .map(({ paid, share }) => ({ paid, earned: Number((BigInt(paid) * BigInt(share)) / 1_000_000n) }))
  const part = fc.option(fc.integer({ min: 1, max: MAX_MINOR }), { nil: null })

  /** What each refund takes back, one after the other, as they are booked. */
  function slices({ earned, paid }: { earned: number; paid: number }, parts: (number | null)[]) {
    let before = 0
    return parts.map((_, at) => {
      const total = reversed({ earned, paid, refunded: refundedInAll(parts.slice(0, at + 1)) })
      const slice = total - before
      before = total
      return slice
    })
  }
  const sum = (values: number[]) => values.reduce((total, each) => total + each, 0)

  test('the order makes no difference in the end, and no slice gives anything back', () => {
    fc.assert(
      fc.property(
        sale,
        fc
          .array(part, { minLength: 1, maxLength: 6 })
          .chain(parts => fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length }))),
        (sale, [parts, shuffled]) => {
          expect(sum(slices(sale, shuffled))).toBe(sum(slices(sale, parts)))
          expect(slices(sale, shuffled).every(slice => slice >= 0)).toBe(true)
        },
      ),
    )
  })

  test('in however many parts a sale is given back, nothing is left, and never less', () => {
    fc.assert(
      fc.property(sale, fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 8 }), (sale, weights) => {
        const parts = weights.map(weight => Number((BigInt(sale.paid) * BigInt(weight)) / 10_000_000n)).filter(each => each > 0)
        const rest = sale.paid - sum(parts)
        expect(sum(slices(sale, [...parts, rest]))).toBe(sale.earned)
        expect(sum(slices(sale, [...parts, rest, null, sale.paid]))).toBe(sale.earned)
      }),
    )
  })

  test('it is never further than half a minor unit from the exact share', () => {
    fc.assert(
      fc.property(sale, fc.nat({ max: 1_000_000 }), ({ earned, paid }, weight) => {
        const refunded = Number((BigInt(paid) * BigInt(weight)) / 1_000_000n)
        const off = 2n * (BigInt(reversed({ earned, paid, refunded })) * BigInt(paid) - BigInt(earned) * BigInt(refunded))
        expect(off <= BigInt(paid) && off >= -BigInt(paid)).toBe(true)
      }),
    )
  })

  test('what refunds count for adds up to what was paid, at most', () => {
    fc.assert(
      fc.property(sale, fc.array(part, { maxLength: 6 }), ({ paid }, parts) => {
        const counts = parts.map((amount, at) => counted(amount, { paid, refunded: refundedInAll(parts.slice(0, at)) }))
        const total = refundedInAll(parts)
        expect(sum(counts)).toBe(total === null ? paid : Math.min(paid, total))
      }),
    )
  })
})
