import type { CommissionStatus } from '../contract/affiliate.ts'
import { isPending } from './holding.ts'

/** What is on record of one commission. Each state is the moment in which it began, or null. */
export type Facts = {
  /** What it earned, in minor units; below zero only where somebody corrected a balance downwards. */
  amount: number
  /** How much of that refunds have taken back. */
  reversed: number
  /** When its holding period ends. */
  availableAt: string
  /** When somebody approved it before that. */
  approvedAt: string | null
  heldAt: string | null
  rejectedAt: string | null
  paidAt: string | null
}

/**
 * Where a commission stands at a moment. It is pending until its holding period ends or somebody approves it, approved
 * from then on, and paid once its payout is; rejected for good; reversed when nothing is left of it; held while somebody
 * has stopped it. A refund after the payout leaves it paid: that is owed, not unpaid.
 */
export function commissionStatus(facts: Facts, now: string): CommissionStatus {
  if (facts.rejectedAt) return 'rejected'
  if (facts.paidAt) return 'paid'
  if (facts.amount === facts.reversed) return 'reversed'
  if (facts.heldAt) return 'held'
  return isPending(payableFrom(facts), now) ? 'pending' : 'approved'
}

/** The moment from which it may be paid: the end of its holding period, or its approval where that was earlier. */
export function payableFrom({ availableAt, approvedAt }: Pick<Facts, 'availableAt' | 'approvedAt'>) {
  return approvedAt !== null && approvedAt < availableAt ? approvedAt : availableAt
}

export type Act = 'approve' | 'hold' | 'release' | 'reject'

/** What comes of an act: it is done, it has been done before, or the code of what stands against it. */
export type Outcome = 'do' | 'done' | `commission_is_${'held' | 'not_held' | 'rejected' | 'reversed' | 'paid'}`

const outcomes: Record<Act, Record<CommissionStatus, Outcome>> = {
  approve: {
    pending: 'do',
    approved: 'done',
    held: 'commission_is_held',
    rejected: 'commission_is_rejected',
    reversed: 'commission_is_reversed',
    paid: 'commission_is_paid',
  },
  hold: {
    pending: 'do',
    approved: 'do',
    held: 'done',
    rejected: 'commission_is_rejected',
    reversed: 'commission_is_reversed',
    paid: 'commission_is_paid',
  },
  release: {
    pending: 'commission_is_not_held',
    approved: 'commission_is_not_held',
    held: 'do',
    rejected: 'commission_is_rejected',
    reversed: 'commission_is_reversed',
    paid: 'commission_is_paid',
  },
  reject: {
    pending: 'do',
    approved: 'do',
    held: 'do',
    rejected: 'done',
    reversed: 'commission_is_reversed',
    paid: 'commission_is_paid',
  },
}

/**
 * Whether an act may be done to a commission in a state. Approving is for what is pending, holding for what is not paid
 * yet, releasing for what is held; rejecting is final. The same act again changes nothing: `wasReleased` says that the
 * last decision was a release.
 */
export function outcomeOf(act: Act, status: CommissionStatus, wasReleased = false): Outcome {
  const outcome = outcomes[act][status]
  return outcome === 'commission_is_not_held' && wasReleased ? 'done' : outcome
}
