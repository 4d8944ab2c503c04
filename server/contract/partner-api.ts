import * as v from 'valibot'
import { Instant, line, whole } from './text.ts'

/** POST /v1/affiliate/api-keys */
export const NewPartnerKey = v.object({ name: line(120) })
export const PartnerKey = v.object({ id: v.string(), name: v.string(), hint: v.string(), createdAt: Instant })
/** The key itself is in this reply and in no other. */
export const MadePartnerKey = v.object({ ...PartnerKey.entries, key: v.string() })
export const PartnerKeyList = v.object({ data: v.array(PartnerKey), nextCursor: v.nullable(v.string()) })

// The documented replies have no pages. Where nothing is asked, so much comes at once that few partners ever meet a second
// page, and a `Link` header names it where there is one.
const pages = {
  page: v.optional(whole(1, 1_000_000), '1'),
  per_page: v.optional(whole(1, 1_000), '1000'),
}

/** GET /api/v1/partners/referrals. Newest first; `total` counts all of them, whatever page is asked for. */
export const PartnerReferralQuery = v.object(pages)
export const PartnerReferralStatus = v.picklist(['active', 'review', 'rejected', 'churned'])
export type PartnerReferralStatus = v.InferOutput<typeof PartnerReferralStatus>
/** `tenantId` is the id by which the host knows the customer. */
export const PartnerReferral = v.object({
  id: v.string(),
  tenantId: v.string(),
  status: PartnerReferralStatus,
  createdAt: Instant,
})
export const PartnerReferralList = v.object({ data: v.array(PartnerReferral), total: v.number() })

/** A calendar month of the program's time zone, such as `2026-01`. */
export const Period = v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'Give a month such as 2026-01.'))

/** GET /api/v1/partners/commissions. Without `period`: all. */
export const PartnerCommissionQuery = v.object({ period: v.optional(Period), ...pages })
export const PartnerCommissionStatus = v.picklist(['calculated', 'paid', 'reversed'])
export type PartnerCommissionStatus = v.InferOutput<typeof PartnerCommissionStatus>
/** One row for each referral, period, currency and status. `referralId` is null for an adjustment that belongs to none. */
export const PartnerCommission = v.object({
  referralId: v.nullable(v.string()),
  amount: v.number(),
  currency: v.string(),
  status: PartnerCommissionStatus,
  period: v.string(),
})
export type PartnerCommission = v.InferOutput<typeof PartnerCommission>
/**
 * `totalAmount` is what is calculated and paid in the program's currency, over all pages: what was reversed, and what was
 * earned in other currencies, is not in it.
 */
export const PartnerCommissionList = v.object({ data: v.array(PartnerCommission), totalAmount: v.number() })

/** POST /api/v1/partners/codes */
export const NewPartnerCode = v.object({ label: line(120) })
export const MadePartnerCode = v.object({ code: v.string(), url: v.string(), createdAt: Instant })
/** `retiredAt` is null for a code that is in use. */
export const PartnerCode = v.object({
  code: v.string(),
  label: v.nullable(v.string()),
  url: v.string(),
  createdAt: Instant,
  retiredAt: v.nullable(Instant),
})
/** What a code has brought since it was made; `earned` in decimals, by currency. */
export const CodeFigures = v.object({
  clicks: v.number(),
  signups: v.number(),
  conversions: v.number(),
  earned: v.array(v.object({ currency: v.string(), amount: v.number() })),
})
/** GET /v1/affiliate/codes */
export const AffiliateCodeList = v.object({
  data: v.array(v.object({ ...PartnerCode.entries, ...CodeFigures.entries })),
  total: v.number(),
})
export const PartnerCodeList = v.object({ data: v.array(PartnerCode), total: v.number() })

/** GET /api/v1/partners/payouts. Newest first; amounts are decimals. */
export const PartnerPayoutStatus = v.picklist(['pending', 'paid', 'failed'])
export type PartnerPayoutStatus = v.InferOutput<typeof PartnerPayoutStatus>
export const PartnerPayout = v.object({
  id: v.string(),
  amount: v.number(),
  currency: v.string(),
  status: PartnerPayoutStatus,
  method: v.nullable(v.string()),
  reference: v.nullable(v.string()),
  createdAt: Instant,
  paidAt: v.nullable(Instant),
})
export const PartnerPayoutList = v.object({ data: v.array(PartnerPayout), nextCursor: v.nullable(v.string()) })
