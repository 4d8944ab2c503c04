import * as v from 'valibot'
import { Percent } from './money.ts'
import { Code, Email, Instant, line, notList, PageQuery } from './text.ts'

export const PartnerStatus = v.picklist(['invited', 'active', 'deactivated'])
export type PartnerStatus = v.InferOutput<typeof PartnerStatus>
export const PayoutMethod = v.picklist(['paypal', 'stripe', 'bank_transfer', 'crypto'])

const Metadata = v.pipe(
  notList(v.record(v.string(), v.unknown())),
  v.check(value => byteLength(JSON.stringify(value)) <= 8192, 'Metadata may take 8 KB at most.'),
)

const fields = {
  first_name: v.optional(v.nullable(line(120))),
  last_name: v.optional(v.nullable(line(120))),
  commission_pct: v.optional(v.nullable(Percent)),
  payout_method: v.optional(v.nullable(PayoutMethod)),
  payout_email: v.optional(v.nullable(Email)),
  metadata: v.optional(v.nullable(Metadata)),
}

/** POST /api/v1/partners */
export const NewPartner = v.object({ email: Email, slug: Code, ...fields })
export type NewPartner = v.InferOutput<typeof NewPartner>

/** PATCH /api/v1/partners/:id. What is left out stays; null takes a value away. */
export const PartnerChange = v.object({
  email: v.optional(Email),
  slug: v.optional(Code),
  status: v.optional(PartnerStatus),
  ...fields,
})
export type PartnerChange = v.InferOutput<typeof PartnerChange>

/** Which program an admin means, where there are several. A key belongs to one. */
export const PartnerProgram = v.object({ appId: v.optional(v.pipe(v.string(), v.maxLength(100))) })

/** GET /api/v1/partners */
export const PartnerQuery = v.object({
  ...PartnerProgram.entries,
  ...PageQuery,
  status: v.optional(PartnerStatus),
  search: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200))),
})

export const Partner = v.object({
  id: v.string(),
  program_id: v.string(),
  email: v.string(),
  first_name: v.nullable(v.string()),
  last_name: v.nullable(v.string()),
  slug: v.string(),
  status: PartnerStatus,
  commission_pct: v.nullable(v.number()),
  payout_method: v.nullable(PayoutMethod),
  payout_email: v.nullable(v.string()),
  stripe_account_id: v.nullable(v.string()),
  metadata: v.nullable(v.record(v.string(), v.unknown())),
  created_at: Instant,
  /** Who has now what this one had; there once it has been merged, and not before. */
  merged_into: v.optional(v.string()),
})
export type Partner = v.InferOutput<typeof Partner>

/** Minor units of the program's currency. Pending, approved and paid add up to earned. */
export const PartnerStats = v.object({
  total_commissions: v.number(),
  total_earned_cents: v.number(),
  pending_cents: v.number(),
  approved_cents: v.number(),
  paid_cents: v.number(),
})

export const PartnerWithStats = v.object({ ...Partner.entries, stats: PartnerStats })
export const PartnerList = v.object({ data: v.array(Partner), total: v.number(), page: v.number(), per_page: v.number() })

// The contract is also read by browsers, which have no Buffer.
function byteLength(text: string) {
  return new TextEncoder().encode(text).length
}
