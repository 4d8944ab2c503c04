import { isWaiting } from '../rules/referral-state.ts'
import { type RewardTerms, rewardsFor } from '../rules/reward.ts'
import * as credits from '../store/credits.ts'
import * as customers from '../store/customers.ts'
import type { Program } from '../store/programs.ts'
import type { Referral } from '../store/referrals.ts'
import * as referrals from '../store/referrals.ts'
import * as rewards from '../store/rewards.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { type Desk, nowIn } from './desk.ts'
import { grantHere, tellGranted, tellReversed } from './grants.ts'
import { newId } from './ids.ts'
import { referralConverted } from './news.ts'
import { count } from './referral-counts.ts'

/** What follows from a referral that has just been made, in its transaction: the count, the review, the reward for a signup. */
export async function begin(desk: Desk, db: Db, program: Program, referral: Referral): Promise<Referral> {
  await count(db, program, referral, 'signups', referral.createdAt)
  if (referral.reviewAt) await askForReview(desk, db, program, referral)
  return termsOf(referral)?.qualifyOn === 'signup' ? earn(desk, db, program, referral) : referral
}

/** The first payment of a referred customer, in its transaction: true the first time only. `at` is when it was made. */
export async function qualify(desk: Desk, db: Db, program: Program, referral: Referral, at: string) {
  if (!(await referrals.qualify(db, referral.id, at))) return false
  const customer = await customers.byId(db, program.id, referral.customerId)
  await announce(desk, db, program, referralConverted(referral, customer, at))
  const terms = termsOf(referral)
  if (terms?.qualifyOn !== 'signup') await count(db, program, referral, 'qualified', at)
  if (terms?.qualifyOn === 'first_payment') await earn(desk, db, program, referral)
  return true
}

/** The promise is earned, once. It is kept at once unless somebody has to look at it first. */
async function earn(desk: Desk, db: Db, program: Program, { id }: Referral): Promise<Referral> {
  const held = await hold(db, program, id)
  if (held.earnedAt || held.rejectedAt || held.reversedAt) return held
  const now = nowIn(desk, program).toISOString()
  const reviewAt = held.reviewAt ?? (program.settings.rewards.review === 'all' ? now : null)
  const earned = await referrals.update(db, id, { earnedAt: now, reviewAt })
  if (termsOf(earned)?.qualifyOn === 'signup') await count(db, program, earned, 'qualified', now)
  if (!held.reviewAt && reviewAt) await askForReview(desk, db, program, earned)
  return settle(desk, db, program, earned)
}

/**
 * Owes the rewards that a held referral has earned, exactly once, unless it waits for review or its referrer has had
 * as many as it may have: then it is capped, and nobody gets anything for it.
 */
export async function settle(desk: Desk, db: Db, program: Program, held: Referral): Promise<Referral> {
  const terms = termsOf(held)
  const { referrerCustomerId, earnedAt, owedAt, cappedAt, rejectedAt, reversedAt } = held
  if (!terms || !referrerCustomerId || !earnedAt || owedAt || cappedAt || rejectedAt || reversedAt || isWaiting(held)) return held
  const now = nowIn(desk, program).toISOString()
  if (terms.maxPerReferrer !== null) {
    // Whoever settles another of the same referrer's waits here, and then counts this one too.
    await customers.hold(db, referrerCustomerId)
    if ((await rewards.owedTo(db, referrerCustomerId)) >= terms.maxPerReferrer) {
      await count(db, program, held, 'capped', now)
      return referrals.update(db, held.id, { cappedAt: now })
    }
  }
  await referrals.update(db, held.id, { owedAt: now })
  // All of them are there before one is granted: with the last one the referral is rewarded.
  const owed: rewards.Reward[] = []
  for (const each of rewardsFor(terms, { ...held, referrerCustomerId })) {
    const reward = { id: newId('rwd', desk.clock()), programId: program.id, referralId: held.id, ...each, createdAt: now }
    owed.push(await rewards.insert(db, { ...reward, nextAttemptAt: desk.clock().toISOString() }))
  }
  if (!program.settings.rewards.grantUrl) for (const reward of owed) await grantHere(desk, db, program, reward)
  return hold(db, program, held.id)
}

/**
 * Takes back what a customer's referral has earned by a payment that was refunded, in the refund's transaction: what has
 * not been granted is cancelled, credits that are kept here are booked out, and of each reward it is announced that it
 * does not hold, with whether it had been granted. Credits for a signup stay, for no payment was their cause. False where
 * there is nothing to take back.
 */
export async function reverseReward(desk: Desk, db: Db, program: Program, { id }: Referral): Promise<boolean> {
  const held = await hold(db, program, id)
  if (termsOf(held)?.qualifyOn !== 'first_payment' || !held.earnedAt) return false
  if (held.reversedAt || held.rejectedAt || held.cappedAt) return false
  const now = nowIn(desk, program).toISOString()
  await referrals.update(db, id, { reversedAt: now })
  for (const owed of await rewards.ofReferrals(db, [id])) {
    const reward = await rewards.update(db, owed.id, { reversedAt: now, nextAttemptAt: null })
    await bookKept(desk, db, program, reward, 'reversed')
    await tellReversed(desk, db, program, reward)
  }
  return true
}

/**
 * Gives back what `reverseReward` took, because the refund has failed or the dispute was won, in that act's transaction:
 * credits that are kept here are booked in again, what had not been granted is granted after all, and of what had been it is
 * announced that it holds.
 */
export async function restoreReward(desk: Desk, db: Db, program: Program, { id }: Referral) {
  const held = await hold(db, program, id)
  if (!held.reversedAt || held.rejectedAt) return
  const restored = await referrals.update(db, id, { reversedAt: null })
  for (const owed of await rewards.ofReferrals(db, [id])) {
    const nextAttemptAt = owed.grantedAt ? null : desk.clock().toISOString()
    const reward = await rewards.update(db, owed.id, { reversedAt: null, nextAttemptAt, leasedUntil: null })
    await bookKept(desk, db, program, reward, 'restored')
    if (reward.grantedAt) await tellGranted(desk, db, program, reward)
    else if (!program.settings.rewards.grantUrl && reward.attempts === 0) await grantHere(desk, db, program, reward)
  }
  await settle(desk, db, program, restored)
}

/** Books the credits of a reward out of the balance that is kept here, or in again, where they are not so already. */
async function bookKept(desk: Desk, db: Db, program: Program, reward: rewards.Reward, act: 'reversed' | 'restored') {
  const entries = await credits.ofReward(db, program.id, reward)
  const [granted] = entries
  if (!granted) return
  const sum = entries.reduce((total, each) => total + each.credits, 0)
  const wanted = act === 'restored' ? granted.credits : 0
  if (sum === wanted) return
  const times = entries.filter(each => each.entryKey.includes(`:${act}`)).length
  await credits.add(db, {
    id: newId('crd', desk.clock()),
    programId: program.id,
    customerId: granted.customerId,
    referralId: reward.referralId,
    entryKey: `${reward.grantKey}:${act}${times ? `:${times + 1}` : ''}`,
    credits: wanted - sum,
    reason: act === 'restored' ? 'refund_failed' : 'refunded',
    createdAt: nowIn(desk, program).toISOString(),
  })
}

async function askForReview(desk: Desk, db: Db, program: Program, referral: Referral) {
  const { id, code, partnerId, reviewReasons } = referral
  const customer = await customers.byId(db, program.id, referral.customerId)
  const customerId = customer?.externalId ?? referral.customerId
  const data = { referralId: id, customerId, code, partnerId, reasons: reasonsOf({ reviewReasons }) }
  await announce(desk, db, program, { event: 'referral.review_required', object: id, partnerId: null, data })
}

export function reasonsOf({ reviewReasons }: { reviewReasons: string | null }) {
  return reviewReasons ? JSON.parse(reviewReasons) : []
}

function termsOf({ rewardTerms }: Referral) {
  return rewardTerms ? (JSON.parse(rewardTerms) as RewardTerms) : null
}

async function hold(db: Db, program: Program, id: string) {
  const held = await referrals.hold(db, program.id, id)
  if (!held) throw new Error('A referral that was there is gone')
  return held
}
