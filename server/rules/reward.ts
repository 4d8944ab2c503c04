import type { Settings } from '../contract/programs.ts'

/** What a customer's referral was promised when it was made; a later change of the settings leaves it alone. */
export type RewardTerms = {
  referrerCredits: number
  referredCredits: number
  qualifyOn: 'first_payment' | 'signup'
  maxPerReferrer: number | null
}

/** The promise that holds for a customer's referral made now; null where the program gives no credits. */
export function rewardTermsFor({ rewards }: Settings): RewardTerms | null {
  const { enabled, referrerCredits, referredCredits, qualifyOn, maxPerReferrer } = rewards
  if (!enabled || (referrerCredits === 0 && referredCredits === 0)) return null
  return { referrerCredits, referredCredits, qualifyOn, maxPerReferrer }
}

type Ends = { id: string; customerId: string; referrerCustomerId: string }

/** Who gets what for a referral. The key is made from the referral alone, so no second one can come about. */
export function rewardsFor(terms: RewardTerms, { id, customerId, referrerCustomerId }: Ends) {
  const both = [
    { role: 'referrer' as const, customerId: referrerCustomerId, credits: terms.referrerCredits },
    { role: 'referred' as const, customerId, credits: terms.referredCredits },
  ]
  return both.filter(each => each.credits > 0).map(each => ({ ...each, grantKey: `${id}:${each.role}` }))
}

/** What a grant says it is for. */
export const reasonOf = { referrer: 'referred_a_customer', referred: 'was_referred' }

const waitsMs = [10_000, 60_000, 300_000, 1_800_000, 3_600_000]

/** When a grant that has failed `attempts` times is tried again: after 10 seconds, 1, 5 and 30 minutes, then every hour, for ever. */
export function nextGrantAt(attempts: number, failedAt: Date) {
  const waitMs = waitsMs[Math.min(attempts, waitsMs.length) - 1] ?? 0
  return new Date(failedAt.getTime() + waitMs).toISOString()
}

/** Where a reward stands. */
export function rewardStatusOf({ grantedAt, reversedAt }: { grantedAt: string | null; reversedAt: string | null }) {
  if (reversedAt) return grantedAt ? ('reversed' as const) : ('cancelled' as const)
  return grantedAt ? ('granted' as const) : ('pending' as const)
}
