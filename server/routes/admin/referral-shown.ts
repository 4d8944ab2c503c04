import { reasonsOf } from '../../program/rewards.ts'
import { stateOf } from '../../rules/referral-state.ts'
import { rewardStatusOf } from '../../rules/reward.ts'
import type { WithPeople } from '../../store/referral-lists.ts'
import type { Reward } from '../../store/rewards.ts'
import * as rewards from '../../store/rewards.ts'
import type { Db } from '../../store/schema.ts'

/** Referrals as operators see them: with who is on both sides, and their rewards. */
export async function shownAll(db: Db, found: WithPeople[]) {
  const owed = await rewards.ofReferrals(
    db,
    found.map(each => each.id),
  )
  return found.map(referral =>
    shown(
      referral,
      owed.filter(each => each.referralId === referral.id),
    ),
  )
}

function shown(referral: WithPeople, owed: Reward[]) {
  const { id, code, campaign, clickId, partnerId, rejectReason, createdAt } = referral
  const partnerName = [referral.firstName, referral.lastName].filter(Boolean).join(' ') || null
  return {
    id,
    referrer: {
      type: partnerId ? 'partner' : 'customer',
      partnerId,
      customerId: referral.referrerId,
      email: referral.referrerEmail,
      name: partnerName ?? referral.referrerName,
    },
    referred: { customerId: referral.referredId, email: referral.referredEmail, name: referral.referredName },
    code,
    campaign,
    clickId,
    status: stateOf(referral),
    reviewReasons: reasonsOf(referral),
    rejectReason,
    rewards: owed.map(reward => shownReward(referral, reward)),
    createdAt,
  }
}

function shownReward({ referredId, referrerId }: WithPeople, reward: Reward) {
  const { id, role, credits, grantKey, attempts, lastOutcome, nextAttemptAt, createdAt, grantedAt, reversedAt } = reward
  const customerId = (role === 'referrer' ? referrerId : referredId) ?? reward.customerId
  const status = rewardStatusOf(reward)
  return {
    id,
    role,
    customerId,
    credits,
    status,
    grantKey,
    attempts,
    lastOutcome,
    nextAttemptAt,
    createdAt,
    grantedAt,
    reversedAt,
  }
}
