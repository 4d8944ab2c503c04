import { earned, type Sale } from './commission.ts'
import { type Facts, givenBack } from './given-back.ts'
import { availableAt } from './holding.ts'
import { hasLimits, limited } from './limits.ts'
import { reversed } from './reversal.ts'
import type { Terms } from './terms.ts'

/** A payment that earned its referral's partner something, or might have, with all that is known of it. */
export type Paid = Sale & { id: string; externalId: string; occurredAt: string; facts: Facts }

/** What a payment's commission comes to, in minor units, and from when it may be paid. */
export type Worth = { amount: number; currency: string; availableAt: string }

/**
 * What each of a customer's payments would be worth by now under some terms, by its id: earned, limited by the order in
 * which they were made, and refunds taken off, as it is done where they are booked. 120.00 with 20.00 tax at 30 %, of which
 * 60.00 was refunded, is worth 15.00.
 */
export function worthUnder(payments: readonly Paid[], terms: Terms): Map<string, Worth> {
  const lines = payments.map(paid => ({ paid, line: earned(paid, terms) }))
  const allowed = hasLimits(terms)
    ? limited(
        lines.map(({ paid: { id, externalId, occurredAt }, line: { amount, currency } }) => ({
          ...{ id, externalId, occurredAt },
          ...{ amount, currency },
        })),
        terms,
      )
    : undefined
  return new Map(
    lines.map(({ paid, line }) => {
      const earnedMinor = allowed ? (allowed.get(paid.id) ?? 0) : line.amount
      const refunded = givenBack(paid.facts)
      const taken = reversed({ earned: earnedMinor, paid: paid.amount - paid.discount, refunded })
      const date = availableAt(paid.occurredAt, terms.holdingPeriodDays)
      return [paid.id, { amount: earnedMinor - taken, currency: line.currency, availableAt: date }]
    }),
  )
}

export type Comparison = { currency: string; before: number; after: number }

/** Sums of what was and what would have been, by currency. */
export class Comparisons {
  #sums = new Map<string, Comparison>()
  changed = 0
  moved = 0

  add(before: Worth | null, after: Worth | null) {
    if (before) this.#of(before.currency).before += before.amount
    if (after) this.#of(after.currency).after += after.amount
    const [was, is] = [before?.amount ?? 0, after?.amount ?? 0]
    const isOther = was !== is || (was !== 0 && before?.currency !== after?.currency)
    if (isOther) this.changed++
    if (was !== 0 && is !== 0 && before?.availableAt !== after?.availableAt) this.moved++
  }

  totals(): Comparison[] {
    const all = [...this.#sums.values()].filter(each => each.before !== 0 || each.after !== 0)
    return all.sort((a, b) => (a.currency < b.currency ? -1 : 1))
  }

  #of(currency: string) {
    const known = this.#sums.get(currency) ?? { currency, before: 0, after: 0 }
    this.#sums.set(currency, known)
    return known
  }
}
