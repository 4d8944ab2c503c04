import * as v from 'valibot'
import { CustomerId, Email, Instant } from './text.ts'

/** A click's id, made by the snippet or by this server. */
export const ClickId = v.pipe(v.string(), v.regex(/^clk_[A-Za-z0-9]{16,40}$/, 'That is not a click id.'))

// What a browser sends of itself may be long or odd; it is cut and cleaned, not refused.
const loose = (max: number) =>
  v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        v.transform(value => value.slice(0, max)),
      ),
    ),
  )

/** POST /referrals/click, as JSON or as text/plain with JSON in it. */
export const Click = v.object({
  code: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(255)),
  url: loose(4096),
  referrer: loose(4096),
  campaign: loose(120),
  clickId: v.optional(v.nullable(ClickId)),
  key: v.optional(v.pipe(v.string(), v.maxLength(200))),
})
export type Click = v.InferOutput<typeof Click>

/** The same reply whether the code exists or not, so that codes cannot be probed. */
export const Clicked = v.object({ clickId: v.string(), code: v.string(), expiresAt: Instant })

/** POST /v1/affiliate/track */
export const Track = v.object({
  code: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(255)),
  url: loose(4096),
})
export const Tracked = v.object({ clickId: v.string() })

/** POST /v1/referrals. `ref` is the cookie's value as it is. */
export const NewReferral = v.object({
  customerId: CustomerId,
  ref: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(400)))),
  code: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(255)))),
  clickId: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(255)))),
  email: v.optional(v.nullable(Email)),
  campaign: v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(120)))),
})
export type NewReferral = v.InferOutput<typeof NewReferral>

/** Where a referral stands. Each state begins at a moment that is kept; see rules/referral-state.ts. */
export const ReferralStatus = v.picklist(['attributed', 'qualified', 'review', 'rewarded', 'capped', 'rejected', 'reversed'])
export type ReferralStatus = v.InferOutput<typeof ReferralStatus>

export const Referral = v.object({
  id: v.string(),
  attributed: v.literal(true),
  code: v.string(),
  partnerId: v.nullable(v.string()),
  customerId: v.string(),
  clickId: v.nullable(v.string()),
  campaign: v.nullable(v.string()),
  status: ReferralStatus,
  createdAt: Instant,
})
export type Referral = v.InferOutput<typeof Referral>

export const NoReferralReason = v.picklist([
  'nothing_given',
  'unknown_code',
  'retired_code',
  'inactive_partner',
  'expired',
  'unknown_click',
])
export type NoReferralReason = v.InferOutput<typeof NoReferralReason>
export const NotAttributed = v.object({ attributed: v.literal(false), reason: NoReferralReason })
