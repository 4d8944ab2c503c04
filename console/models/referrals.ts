import type * as v from 'valibot'
import type { FraudReason, HistoryStep, ReferralDetail, ReferralRow } from '../../server/contract/rewards.ts'
import { ask } from '../api.ts'
import { program } from './session.ts'
import { askFirst, say } from './telling.ts'
import { recount } from './waiting.ts'

export type Referral = v.InferOutput<typeof ReferralRow>
export type Detail = v.InferOutput<typeof ReferralDetail>

export const stateNames: Record<Referral['status'], string> = {
  review: 'Held for review',
  attributed: 'Signed up',
  qualified: 'Qualified',
  rewarded: 'Rewarded',
  capped: 'Over the limit',
  rejected: 'Rejected',
  reversed: 'Taken back',
}

/** What is odd about a signup: a word for it, and what it means. */
export const reasons: Record<FraudReason, readonly [string, string]> = {
  self_referral: [
    'Self-referral',
    'Who signed up looks like the one who gets the credit: the same mailbox, customer or browser.',
  ],
  circle: ['In a circle', 'The customer has, at some remove, referred the one who now refers them.'],
  disposable_email: ['Disposable address', 'The address is of a service that gives mailboxes away for minutes.'],
  paid_ads: ['Paid ad', 'The click came by an advertisement: perhaps one for your own name.'],
  velocity: ['Too many at once', 'Far more signups came by this code within an hour than people usually bring.'],
}

export const stepNames: Record<HistoryStep, string> = {
  attributed: 'Signed up by the code',
  review_required: 'Held for review',
  first_payment: 'Paid for the first time',
  qualified: 'Qualified',
  approved: 'Approved',
  rejected: 'Rejected',
  capped: 'Over the limit: nothing is granted',
  reward_granted: 'Reward granted',
  rewarded: 'Rewarded',
  reversed: 'Taken back: the payment was refunded',
}

/** Who is meant, by the best name there is. */
export const whoIs = ({ name, email, customerId }: Referral['referred']) => name || email || customerId || 'Somebody erased'

const path = (id: string, act = '') => `/admin/referrals/${encodeURIComponent(id)}${act}?appId=${program.peek()?.id ?? ''}`
export const referralPath = (id: string) => (program.value ? path(id) : '')

export type How = 'approve' | 'reject'

/** Asks, decides, and hands over what the referral is then; nothing where somebody thought better of it. */
export async function decide(referral: Referral, how: How): Promise<Referral | undefined> {
  let decided: Referral | undefined
  const who = whoIs(referral.referred)
  const isApproval = how === 'approve'
  await askFirst({
    title: isApproval ? `Approve the referral of ${who}?` : `Reject the referral of ${who}?`,
    text: isApproval
      ? 'What it has earned is released, and rewards are granted.'
      : 'Nobody gets anything for it, ever: held commissions are rejected with it.',
    verb: isApproval ? 'Approve' : 'Reject',
    danger: !isApproval,
    answer: isApproval ? undefined : { label: 'Reason', hint: 'Kept with the referral.', max: 1000 },
    act: async reason => {
      decided = await ask<Referral>('POST', path(referral.id, `/${how}`), { body: isApproval ? {} : { reason: reason || null } })
      say(isApproval ? 'The referral is approved' : 'The referral is rejected')
    },
  })
  if (decided) void recount()
  return decided
}
