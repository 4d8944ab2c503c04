import type { ReferralStatus } from '../contract/referrals.ts'
import type { HistoryStep } from '../contract/rewards.ts'

/** The moments of a referral's life: each is null until it has come. */
export type Moments = {
  createdAt: string
  reviewAt: string | null
  qualifiedAt: string | null
  earnedAt: string | null
  approvedAt: string | null
  rejectedAt: string | null
  cappedAt: string | null
  rewardedAt: string | null
  reversedAt: string | null
}

/** What a referral's moments make of it: what ended it goes before what it had reached. */
export function stateOf(moments: Moments): ReferralStatus {
  if (moments.rejectedAt) return 'rejected'
  if (moments.reversedAt) return 'reversed'
  if (moments.cappedAt) return 'capped'
  if (moments.rewardedAt) return 'rewarded'
  if (isWaiting(moments)) return 'review'
  return moments.qualifiedAt || moments.earnedAt ? 'qualified' : 'attributed'
}

/** True while somebody has to look at it before it earns anybody anything. */
export function isWaiting({ reviewAt, approvedAt, rejectedAt, reversedAt }: Moments) {
  return !!reviewAt && !approvedAt && !rejectedAt && !reversedAt
}

/** All that has happened to a referral and its rewards, in the order of time. */
export function historyOf(moments: Moments, rewards: { role: 'referrer' | 'referred'; grantedAt: string | null }[]) {
  const steps: { step: HistoryStep; at: string | null; role?: 'referrer' | 'referred' }[] = [
    { step: 'attributed', at: moments.createdAt },
    { step: 'first_payment', at: moments.qualifiedAt },
    { step: 'qualified', at: moments.earnedAt },
    { step: 'review_required', at: moments.reviewAt },
    { step: 'approved', at: moments.approvedAt },
    { step: 'rejected', at: moments.rejectedAt },
    { step: 'capped', at: moments.cappedAt },
    ...rewards.map(({ role, grantedAt }) => ({ step: 'reward_granted' as const, at: grantedAt, role })),
    { step: 'rewarded', at: moments.rewardedAt },
    { step: 'reversed', at: moments.reversedAt },
  ]
  const happened = steps.filter((each): each is typeof each & { at: string } => each.at !== null)
  return happened.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}
