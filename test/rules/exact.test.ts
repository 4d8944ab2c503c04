import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_MINOR } from '../../server/contract/money.ts'
import { share } from '../../server/rules/commission.ts'
import { refundedInAll, reversed } from '../../server/rules/reversal.ts'

// What the rules round, held against fractions that are not rounded at all.

/** The whole number that is nearest to a fraction; of two that are as near the even one. Found by looking, not by a formula. */
function nearest(over: bigint, under: bigint) {
  const down = over >= 0n || over % under === 0n ? over / under : over / under - 1n
  const distance = (whole: bigint) => (over - whole * under < 0n ? whole * under - over : over - whole * under)
  const [best, ...others] = [down - 1n, down, down + 1n].sort((a, b) => {
    const [nearer, further] = [distance(a), distance(b)]
    if (nearer !== further) return nearer < further ? -1 : 1
    return a % 2n === 0n ? -1 : 1
  })
  if (others.some(each => distance(each) < distance(best as bigint))) throw new Error('There is a nearer one')
  return best as bigint
}

const minor = fc.oneof(fc.nat({ max: 1_000 }), fc.integer({ min: 0, max: MAX_MINOR }))
const ppm = fc.oneof(fc.constantFrom(125_000, 100_000, 500_000, 1, 999_999, 1_000_000), fc.nat({ max: 1_000_000 }))

describe('What is rounded is the nearest there is, half to even', () => {
  test.each([
    [5n, 2n, 2n],
    [7n, 2n, 4n],
    [-5n, 2n, -2n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [-2n, 3n, -1n],
  ])('the measure itself: %s/%s is %s', (over, under, expected) => {
    expect(nearest(over, under)).toBe(expected)
  })

  test('a share of an amount, above and below zero', () => {
    fc.assert(
      fc.property(minor, ppm, fc.constantFrom(1, -1), (amount, rate, sign) => {
        expect(BigInt(share(sign * amount, rate))).toBe(nearest(BigInt(sign * amount) * BigInt(rate), 1_000_000n))
      }),
      { numRuns: 2_000 },
    )
  })

  test('halves, all of them', () => {
    for (let whole = 0; whole < 2_000; whole++) expect(share(2 * whole + 1, 500_000)).toBe(whole % 2 === 0 ? whole : whole + 1)
  })

  test('what is taken back', () => {
    fc.assert(
      fc.property(minor, minor, minor, (earned, paid, refunded) => {
        const expected = refunded >= paid ? BigInt(earned) : nearest(BigInt(earned) * BigInt(refunded), BigInt(paid))
        expect(BigInt(reversed({ earned, paid, refunded }))).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('A sale that is given back bit by bit', () => {
  test('is worth less with each part and exactly nothing with the last, in hundreds of parts as well', () => {
    const cuts = fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 400, size: 'max' })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_MINOR }), ppm, cuts, (paid, rate, cuts) => {
        const earned = share(paid, rate)
        const at = [...cuts.map(cut => Number((BigInt(paid) * BigInt(cut)) / 1_000_000n)).sort((a, b) => a - b), paid]
        const parts = at.map((end, i) => end - (at[i - 1] ?? 0)).filter(part => part > 0)
        let left = earned
        for (const i of parts.keys()) {
          const next = earned - reversed({ earned, paid, refunded: refundedInAll(parts.slice(0, i + 1)) })
          expect(next).toBeLessThanOrEqual(left)
          left = next
        }
        expect(left).toBe(0)
      }),
    )
  })

  test('in single minor units', () => {
    for (const [paid, earned] of [
      [1_001, 300],
      [7, 1],
      [300, 300],
      [299, 1_500],
    ] as const) {
      let taken = 0
      for (let refunded = 1; refunded <= paid; refunded++) {
        const slice = reversed({ earned, paid, refunded }) - taken
        expect(slice).toBeGreaterThanOrEqual(Math.floor(earned / paid) - 1)
        expect(slice).toBeLessThanOrEqual(Math.ceil(earned / paid) + 1)
        taken += slice
      }
      expect(taken).toBe(earned)
    }
  })
})
