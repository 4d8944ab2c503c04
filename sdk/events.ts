import type { EventName } from '../server/contract/events.ts'

type Applicant = { id: string; email: string; name: string }
type Referral = {
  id: string
  customerId: string
  partnerId: string | null
  code: string
  clickId: string | null
  campaign: string | null
  createdAt: string
}
type Earning = {
  id: string
  partnerId: string
  referralId: string | null
  conversionId: string | null
  currency: string
  amount: number
}
type Reward = { rewardId: string; referralId: string; role: 'referrer' | 'referred'; credits: number; grantKey: string }

type Payout = {
  id: string
  partnerId: string
  amount: number
  currency: string
  method: string | null
  createdAt: string
}

type Told = {
  partner_application_approved: { application: Applicant; affiliate: { id: string; code: string; customer_id: string } }
  partner_application_rejected: { application: Applicant & { reason: string | null } }
  'application.created': Applicant & {
    company: string | null
    website: string | null
    reason: string | null
    status: 'pending'
    createdAt: string
  }
  'partner.updated': {
    id: string
    email: string
    firstName: string | null
    lastName: string | null
    company: string | null
    website: string | null
    slug: string
    status: 'invited' | 'active' | 'deactivated'
    payoutMethod: string | null
    payoutEmail: string | null
    commissionPct: number | null
    createdAt: string
  }
  'referral.created': Referral
  'referral.converted': Referral & { convertedAt: string }
  'referral.review_required': {
    referralId: string
    customerId: string
    code: string
    partnerId: string | null
    reasons: string[]
  }
  /** Minor units. */
  'commission.created': Earning & { status: string; availableAt: string }
  /** `amount` is what was taken back, `remaining` what is left, in minor units. */
  'commission.reversed': Earning & { remaining: number; reason: string }
  /** What a closed month came to, paid or not, in minor units of each currency. */
  'commission.calculated': { partnerId: string; period: string; amounts: { amount: number; currency: string }[] }
  /** Minor units. */
  'payout.completed': Payout & { reference: string | null; paidAt: string }
  'payout.failed': Payout & { reason: string; failedAt: string }
  'reward.granted': Reward & { customerId: string }
  /** `granted`: whether there is something to take back; `unknown` where a grant was asked for and not answered. */
  'reward.reversed': Reward & { granted: 'yes' | 'no' | 'unknown' }
  'deal.registered': {
    id: string
    partnerId: string
    status: string
    leadEmail: string
    leadName: string
    notes: string | null
    createdAt: string
  }
  'endpoint.disabled': { id: string; url: string; reason: string; failingSince: string | null; disabledAt: string }
}

type Event<Name, Data> = { id: string; event: Name; created_at: string; data: Data & { sequence: number } }

/**
 * What a webhook tells. Comparing `event` tells TypeScript what `data` holds. `sequence` numbers the events of one object
 * from 1, so that one that arrives late is known by it.
 */
export type MislataEvent = {
  [Name in EventName]: Event<Name, Name extends keyof Told ? Told[Name] : Record<string, unknown>>
}[EventName]
