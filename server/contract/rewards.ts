import * as v from 'valibot'
import { CursorQuery } from './paging.ts'
import { PublicProgram } from './programs.ts'
import { ReferralStatus } from './referrals.ts'
import { Code, Instant, notList, paragraph, Search, whole } from './text.ts'

// A question that is asked with nothing in it is not asked: forms send every field that they have.
const asked = <S extends v.GenericSchema<string, unknown>>(schema: S) =>
  v.optional(
    v.union([
      v.pipe(
        v.literal(''),
        v.transform(() => undefined),
      ),
      schema,
    ]),
  )
const text = (max: number) => v.pipe(v.string(), v.maxLength(max))

/** An admin sees all programs, and so names one; a key names its own by itself. */
const appId = asked(text(100))

const Day = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}$/, 'Give a day such as 2026-11-21.'),
  v.check(isOnCalendar, 'That day does not exist.'),
)

const Limit = v.optional(whole(1, 100), '20')

/** GET /admin/referrals */
export const ReferralQuery = v.object({
  appId,
  user_id: asked(text(255)),
  status: asked(ReferralStatus),
  campaign: asked(text(120)),
  pending_grant: asked(
    v.pipe(
      v.picklist(['true', 'false', '1', '0'], 'Give true or false.'),
      v.transform(value => value === 'true' || value === '1'),
    ),
  ),
  search: asked(Search),
  page: v.optional(whole(1, 1_000_000), '1'),
  limit: Limit,
})

/** GET /admin/referrals/stats: days of the program's own calendar, both of them included. */
export const StatsQuery = v.object({ appId, from: asked(Day), to: asked(Day), campaign: asked(text(120)) })

/** POST /admin/referrals/recover */
export const RecoverQuery = v.object({ appId, limit: Limit })

/** What the rest of the admin's routes ask: which program. */
export const OneProgram = v.object({ appId })

/** GET /referrals/me/events */
export const EventQuery = v.object({ limit: Limit })

/** POST /admin/referrals/:id/reject */
export const Rejection = notList(v.object({ reason: v.optional(v.nullable(paragraph(1000))) }))

export const RewardRole = v.picklist(['referrer', 'referred'])
export const RewardStatus = v.picklist(['pending', 'granted', 'cancelled', 'reversed'])

export const Reward = v.object({
  id: v.string(),
  role: RewardRole,
  customerId: v.string(),
  credits: v.number(),
  status: RewardStatus,
  grantKey: v.string(),
  attempts: v.number(),
  lastOutcome: v.nullable(v.string()),
  nextAttemptAt: v.nullable(Instant),
  createdAt: Instant,
  grantedAt: v.nullable(Instant),
  reversedAt: v.nullable(Instant),
})

export const FraudReason = v.picklist(['self_referral', 'circle', 'disposable_email', 'paid_ads', 'velocity'])
export type FraudReason = v.InferOutput<typeof FraudReason>

const Person = { customerId: v.nullable(v.string()), email: v.nullable(v.string()), name: v.nullable(v.string()) }
const referral = {
  id: v.string(),
  referrer: v.object({ type: v.picklist(['customer', 'partner']), partnerId: v.nullable(v.string()), ...Person }),
  referred: v.object(Person),
  code: v.string(),
  campaign: v.nullable(v.string()),
  clickId: v.nullable(v.string()),
  status: ReferralStatus,
  reviewReasons: v.array(FraudReason),
  rejectReason: v.nullable(v.string()),
  rewards: v.array(Reward),
  createdAt: Instant,
}
export const ReferralRow = v.object(referral)
export const ReferralRows = v.object({ data: v.array(ReferralRow), total: v.number() })

export const HistoryStep = v.picklist([
  'attributed',
  'review_required',
  'first_payment',
  'qualified',
  'approved',
  'rejected',
  'capped',
  'reward_granted',
  'rewarded',
  'reversed',
])
export type HistoryStep = v.InferOutput<typeof HistoryStep>

export const ReferralDetail = v.object({
  ...referral,
  history: v.array(v.object({ step: HistoryStep, at: Instant, role: v.optional(RewardRole) })),
})

export const Recovered = v.object({ attempted: v.number(), granted: v.number(), failed: v.number(), pending: v.number() })

const funnel = {
  clicks: v.number(),
  signups: v.number(),
  qualified: v.number(),
  rewarded: v.number(),
  capped: v.number(),
  review: v.number(),
  rejected: v.number(),
  creditsGranted: v.number(),
}
export const ReferralStats = v.object({ ...funnel, byDay: v.array(v.object({ day: v.string(), ...funnel })) })
export type ReferralStats = v.InferOutput<typeof ReferralStats>

/** GET /referrals/me */
export const MyReferrals = v.object({
  code: v.string(),
  sharePath: v.string(),
  shareUrl: v.string(),
  program: PublicProgram,
  rewards: v.object({
    enabled: v.boolean(),
    referrerCredits: v.number(),
    referredCredits: v.number(),
    qualifyOn: v.picklist(['first_payment', 'signup']),
    maxPerReferrer: v.nullable(v.number()),
  }),
  stats: v.object({
    clicks: v.number(),
    signups: v.number(),
    qualified: v.number(),
    rewarded: v.number(),
    pending: v.number(),
    capped: v.number(),
    creditsEarned: v.number(),
  }),
  referrals: v.array(
    v.object({
      id: v.string(),
      status: ReferralStatus,
      campaign: v.nullable(v.string()),
      createdAt: Instant,
      credits: v.number(),
    }),
  ),
})

export const MyReferralEvents = v.object({
  data: v.array(
    v.object({
      id: v.string(),
      role: RewardRole,
      status: ReferralStatus,
      campaign: v.nullable(v.string()),
      createdAt: Instant,
      reward: v.optional(v.object({ credits: v.number(), status: RewardStatus, grantedAt: v.nullable(Instant) })),
    }),
  ),
})

/** GET /referrals/qr.svg: a code's link as an SVG document. */
export const PictureQuery = v.object({ code: v.pipe(Code, v.minLength(1)) })
export const Picture = v.string()

/** GET /v1/customers/:id/credits */
export const CreditQuery = CursorQuery
export const Credits = v.object({
  customerId: v.string(),
  balance: v.number(),
  data: v.array(
    v.object({
      id: v.string(),
      credits: v.number(),
      reason: v.string(),
      referralId: v.nullable(v.string()),
      createdAt: Instant,
    }),
  ),
  nextCursor: v.nullable(v.string()),
})

/** GET /v1/apps/:appId/grant-secret: what the posts to `rewards.grantUrl` are signed with. */
export const GrantSecret = v.object({ secret: v.string() })

function isOnCalendar(day: string) {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
