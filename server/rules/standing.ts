import { type Facts, payableFrom } from './commission-status.ts'

/** Where a commission's money is. Above zero in a partner's account is owed to it; what it costs is the other side. */
export type Slot = {
  account: 'partner_earnings' | 'partner_held' | 'commission_expense'
  availableAt: string | null
  amount: number
}

/**
 * What changes in the journal when a commission goes from one set of facts to another; null is before it was made. The
 * slots sum to zero. A refund of 60.00 on a line of 30.00 for 120.00 takes 15.00 out of the account it is in, with the
 * line's own date, so that it shrinks what is pending before that date and what may be paid from then on.
 */
export function movement(before: Facts | null, after: Facts): Slot[] {
  const sums = new Map<string, Slot>()
  for (const { amount, ...place } of [...placed(after), ...placed(before).map(negated)]) {
    const key = `${place.account} ${place.availableAt}`
    sums.set(key, { ...place, amount: (sums.get(key)?.amount ?? 0) + amount })
  }
  return [...sums.values()].filter(slot => slot.amount !== 0)
}

/** What a commission comes to now: what it earned, without what was taken back; nothing once it is rejected. */
export function worth({ amount, reversed, rejectedAt }: Facts) {
  return rejectedAt ? 0 : amount - reversed
}

function placed(facts: Facts | null): Slot[] {
  if (!facts) return []
  const amount = worth(facts)
  const own: Slot = facts.heldAt
    ? { account: 'partner_held', availableAt: null, amount }
    : { account: 'partner_earnings', availableAt: payableFrom(facts), amount }
  return [own, { account: 'commission_expense', availableAt: null, amount: -amount }]
}

function negated(slot: Slot): Slot {
  return { ...slot, amount: -slot.amount }
}
