import type { Terms } from './terms.ts'

/** One payment by a referred customer, with what it would earn if there were no limits. */
export type Payment = { id: string; externalId: string; occurredAt: string; amount: number; currency: string }

type Limits = Pick<Terms, 'recurringMonths' | 'recurringPayments' | 'maxPerCustomer' | 'flatCurrency'>

/** True where a referral's later payments may earn less than its first. */
export function hasLimits({ recurringMonths, recurringPayments, maxPerCustomer }: Limits) {
  return recurringMonths !== null || recurringPayments !== null || maxPerCustomer !== null
}

/**
 * What each of a customer's payments earns under the limits of its terms, by the payment's id. They are counted by the
 * time they were made, not by the order in which they were reported: the first N payments, those within N months of the
 * first, and of these until they have earned the most that one customer may earn. That most is of the program's own
 * currency; lines in another are not counted against it, because no rate of exchange is known. A payment reported later
 * can only lessen what those after it earn.
 */
export function limited(payments: readonly Payment[], limits: Limits): Map<string, number> {
  const inTime = [...payments].sort(
    (a, b) => compare(a.occurredAt, b.occurredAt) || compare(a.externalId, b.externalId) || compare(a.id, b.id),
  )
  const ends = limits.recurringMonths && inTime[0] ? monthsAfter(inTime[0].occurredAt, limits.recurringMonths) : null
  let left = limits.maxPerCustomer
  return new Map(
    inTime.map(({ id, occurredAt, amount, currency }, position) => {
      if (limits.recurringPayments !== null && position >= limits.recurringPayments) return [id, 0]
      if (ends !== null && Date.parse(occurredAt) >= ends) return [id, 0]
      if (left === null || currency !== limits.flatCurrency) return [id, amount]
      const earns = Math.min(amount, left)
      left -= earns
      return [id, earns]
    }),
  )
}

/**
 * The same moment some calendar months later, in UTC, in milliseconds; the last day of a month that is too short:
 * 31 January and one month is 28 February.
 */
export function monthsAfter(instant: string, months: number) {
  const at = new Date(instant)
  const day = at.getUTCDate()
  at.setUTCDate(1)
  at.setUTCMonth(at.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
  at.setUTCDate(Math.min(day, lastDay))
  return at.getTime()
}

// As the characters stand, so that every server puts them in the same order.
function compare(a: string, b: string) {
  return a < b ? -1 : a > b ? 1 : 0
}
