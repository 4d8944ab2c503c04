import type { Step } from '../contract/story.ts'
import { shown } from './commission.ts'
import { commissionStatus, payableFrom } from './commission-status.ts'
import { givenBack } from './given-back.ts'
import { worth } from './standing.ts'
import { because, type Facts, said, when } from './story-facts.ts'

/** How much the customer has got back in all, in minor units, and no more than was paid. */
export function refundedOf({ sale, ...facts }: Pick<Facts, 'sale' | 'refunds' | 'totals' | 'failures' | 'disputes'>) {
  if (!sale) return 0
  const paid = sale.amount - sale.discount
  return Math.min(paid, givenBack(facts) ?? paid)
}

/** The arithmetic of what was taken back in all; nothing where nothing was. */
export function reversalOf(facts: Facts): Step[] {
  const { commission, sale } = facts
  const { id, amount, reversed, currency } = commission
  const refunded = refundedOf(facts)
  if (!sale || (refunded === 0 && reversed === 0)) return []
  const paid = sale.amount - sale.discount
  const all = `In all the customer got ${shown(refunded, sale.currency)} of ${shown(paid, sale.currency)} back`
  const share = `${shown(amount, currency)} × ${shown(refunded, sale.currency)} ÷ ${shown(paid, sale.currency)} = ${shown(reversed, currency)}`
  const text = `${all}. At the rate of the sale ${share} (rounded once, half to even) is taken back in all, and ${shown(amount - reversed, currency)} is left.`
  return [said({ step: 'reversal', object: id, amount: reversed, currency, text })]
}

/** Where it stands now, since when and why, and when it will be paid. */
export function standingOf(facts: Facts, now: string): Pick<Step, 'object' | 'amount' | 'currency' | 'text'> {
  const { commission } = facts
  const { id, currency, settled } = commission
  const left = worth(commission)
  const due = left - settled
  return {
    object: id,
    amount: left,
    currency,
    text: [...stands(facts, now), ...openly(facts), ...owes(due, facts, now)].join(' '),
  }
}

function stands({ commission, decisions, why }: Facts, now: string): string[] {
  const { availableAt, approvedAt, heldAt, heldReason, rejectedAt, paidAt, currency } = commission
  const from = payableFrom(commission)
  const left = shown(worth(commission), currency)
  switch (commissionStatus(commission, now)) {
    case 'rejected':
      return [
        `It has been rejected since ${when(rejectedAt ?? now)}${rejectedWhy(last(decisions, 'reject'))}, and is worth nothing.`,
      ]
    case 'paid':
      return [`It has been paid since ${when(paidAt ?? now)}.`]
    case 'reversed':
      return ['All of it has been taken back.']
    case 'held':
      return [
        `${left} has been held since ${when(heldAt ?? now)}${because(heldReason)}. Once released it may be paid from ${when(from)}.`,
      ]
    case 'pending':
      return [`${left} is pending until ${when(availableAt)}, the end of its holding period, and may be paid from then.`]
    case 'approved':
      if (why.kind === 'adjustment' && !why.imported) return [`${left} may be paid since it was made.`]
      return from === availableAt
        ? [`${left} has been approved since its holding period ended at ${when(availableAt)}.`]
        : [`${left} has been approved since ${when(approvedAt ?? from)}, when somebody approved it early.`]
  }
}

/** What of it is on its way. */
function openly({ payouts, commission }: Facts): string[] {
  return payouts
    .filter(each => !each.paidAt && !each.failedAt)
    .map(each => `${shown(each.amount, commission.currency)} of it is in payout ${each.id}, which has not been paid yet.`)
}

function owes(due: number, { commission, payouts }: Facts, now: string): string[] {
  const { currency, rejectedAt, heldAt, settled } = commission
  if (due === 0 || rejectedAt || heldAt || payableFrom(commission) > now) return []
  const isOwed = settled !== 0 || payouts.some(each => !each.failedAt)
  if (due < 0 && isOwed) return [`${shown(-due, currency)} more was paid than is left of it: the next payout is lower by that.`]
  if (due < 0) return [`The next payout is lower by ${shown(-due, currency)}.`]
  return [`The next run of payouts takes ${shown(due, currency)}, if all that the partner is due reaches the minimum.`]
}

function last(decisions: Facts['decisions'], act: string) {
  return decisions.findLast(each => each.act === act)?.reason ?? null
}

function rejectedWhy(reason: string | null) {
  return reason === 'referral_review' ? ' because the referral was rejected' : because(reason)
}
