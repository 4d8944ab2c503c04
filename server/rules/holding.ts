const day = 86_400_000

/** The moment from which a commission may be paid: the payment's own time and the holding period after it. */
export function availableAt(occurredAt: string, holdingPeriodDays: number) {
  return new Date(Date.parse(occurredAt) + holdingPeriodDays * day).toISOString()
}

/** A commission is pending until that moment has come. */
export function isPending(availableAt: string, now: string) {
  return availableAt > now
}
