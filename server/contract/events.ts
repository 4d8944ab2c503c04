import * as v from 'valibot'

/** Everything that a webhook endpoint can be told of. */
export const EventName = v.picklist([
  'referral.created',
  'referral.converted',
  'commission.calculated',
  'payout.completed',
  'partner_application_approved',
  'partner_application_rejected',
  'application.created',
  'partner.updated',
  'commission.created',
  'commission.reversed',
  'payout.failed',
  'reward.granted',
  'reward.reversed',
  'referral.review_required',
  'deal.registered',
  'endpoint.disabled',
  'endpoint.test',
])
export type EventName = v.InferOutput<typeof EventName>
