import * as v from 'valibot'
import { ApplicationState } from './applications.ts'
import { Deal } from './deals.ts'
import { CodeFigures, PartnerPayout } from './partner-api.ts'
import { PartnerStatus } from './partners.ts'
import { PublicProgram } from './programs.ts'
import { Instant, whole } from './text.ts'

/** Amounts are decimals of `currency`, the program's own. */
const enrolment = {
  id: v.string(),
  code: v.string(),
  type: v.literal('partner'),
  status: PartnerStatus,
  name: v.string(),
  email: v.string(),
  customerId: v.nullable(v.string()),
  commissionRate: v.nullable(v.number()),
  totalEarned: v.number(),
  pendingBalance: v.number(),
  approvedBalance: v.number(),
  paidTotal: v.number(),
  currency: v.string(),
  createdAt: Instant,
}

/** GET /v1/affiliate/by-customer/:id and GET /v1/affiliate */
export const Enrolment = v.variant('enrolled', [
  v.object({
    enrolled: v.literal(false),
    application: v.optional(v.object({ status: ApplicationState, rejectionReason: v.optional(v.string()) })),
  }),
  v.object({ enrolled: v.literal(true), ...enrolment }),
])
export type Enrolment = v.InferOutput<typeof Enrolment>

export const CommissionStatus = v.picklist(['pending', 'approved', 'paid', 'held', 'rejected', 'reversed'])
export type CommissionStatus = v.InferOutput<typeof CommissionStatus>

/** How the line of a sale came about. `rate` in percent; `base` in minor units of the sale's currency. */
export const SaleWhy = v.object({
  kind: v.literal('sale'),
  clickId: v.nullable(v.string()),
  code: v.string(),
  rule: v.picklist(['percent', 'flat']),
  ruleFrom: v.picklist(['program', 'partner', 'product']),
  rate: v.nullable(v.number()),
  base: v.number(),
  formula: v.string(),
  rounding: v.literal('half_even'),
})
export type SaleWhy = v.InferOutput<typeof SaleWhy>

/** How a line came about: a sale, or somebody's correction with what they said of it; `imported` says from where it was brought over. */
export const Why = v.variant('kind', [
  SaleWhy,
  v.object({ kind: v.literal('adjustment'), note: v.string(), imported: v.optional(v.string()) }),
])
export type Why = v.InferOutput<typeof Why>

export const DashboardCommission = v.object({
  id: v.string(),
  referralId: v.nullable(v.string()),
  amount: v.number(),
  /** What refunds have taken back of it; `amount` is what is left. */
  reversedAmount: v.number(),
  currency: v.string(),
  status: CommissionStatus,
  productId: v.nullable(v.string()),
  occurredAt: Instant,
  availableAt: Instant,
  why: Why,
})

export const DashboardQuery = v.object({ days: v.optional(whole(1, 366), '30') })

/**
 * How far a partner is from its next payout in one currency. `due` is what the next run would pay, `onTheWay` what stands in
 * payouts that are not paid yet, `missing` what is missing to the `minimum`. On the day of `nextApproval.availableAt` that amount
 * becomes due; at `minimumReachedAt` what is pending makes `due` reach the minimum, null where it has or does not. When a payout
 * is made is the host's to say.
 */
export const NextPayout = v.object({
  currency: v.string(),
  due: v.number(),
  onTheWay: v.number(),
  minimum: v.number(),
  missing: v.number(),
  nextApproval: v.nullable(v.object({ availableAt: Instant, amount: v.number() })),
  minimumReachedAt: v.nullable(Instant),
})

/** GET /v1/affiliate/dashboard. Days are the program's own; `series` has one entry for each, oldest first. */
export const Dashboard = v.object({
  affiliate: v.object(enrolment),
  balances: v.array(
    v.object({ currency: v.string(), totalEarned: v.number(), pending: v.number(), approved: v.number(), paid: v.number() }),
  ),
  nextPayouts: v.array(NextPayout),
  program: PublicProgram,
  link: v.string(),
  stats: v.object({ clicks: v.number(), signups: v.number(), conversions: v.number(), conversionRate: v.number() }),
  series: v.array(
    v.object({ date: v.string(), clicks: v.number(), signups: v.number(), conversions: v.number(), earned: v.number() }),
  ),
  commissions: v.array(DashboardCommission),
  payouts: v.array(PartnerPayout),
  codes: v.array(
    v.object({
      code: v.string(),
      url: v.string(),
      label: v.nullable(v.string()),
      createdAt: Instant,
      ...CodeFigures.entries,
    }),
  ),
  deals: v.array(Deal),
})
export type Dashboard = v.InferOutput<typeof Dashboard>
