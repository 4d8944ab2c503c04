import * as v from 'valibot'
import { ApplicationState } from './applications.ts'
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

/** How a line came about. `rate` in percent; `base` in minor units of the sale's currency. */
export const Why = v.object({
  clickId: v.nullable(v.string()),
  code: v.string(),
  rule: v.picklist(['percent', 'flat']),
  ruleFrom: v.picklist(['program', 'partner', 'product']),
  rate: v.nullable(v.number()),
  base: v.number(),
  formula: v.string(),
  rounding: v.literal('half_even'),
})
export type Why = v.InferOutput<typeof Why>

export const DashboardCommission = v.object({
  id: v.string(),
  referralId: v.nullable(v.string()),
  amount: v.number(),
  currency: v.string(),
  status: CommissionStatus,
  productId: v.nullable(v.string()),
  occurredAt: Instant,
  availableAt: Instant,
  why: Why,
})

export const DashboardQuery = v.object({ days: v.optional(whole(1, 366), '30') })

/** GET /v1/affiliate/dashboard. Days are the program's own; `series` has one entry for each, oldest first. */
export const Dashboard = v.object({
  affiliate: v.object(enrolment),
  balances: v.array(
    v.object({ currency: v.string(), totalEarned: v.number(), pending: v.number(), approved: v.number(), paid: v.number() }),
  ),
  program: PublicProgram,
  link: v.string(),
  stats: v.object({ clicks: v.number(), signups: v.number(), conversions: v.number(), conversionRate: v.number() }),
  series: v.array(
    v.object({ date: v.string(), clicks: v.number(), signups: v.number(), conversions: v.number(), earned: v.number() }),
  ),
  commissions: v.array(DashboardCommission),
  payouts: v.array(
    v.object({ id: v.string(), amount: v.number(), currency: v.string(), status: v.string(), createdAt: Instant }),
  ),
  codes: v.array(v.object({ code: v.string(), url: v.string(), label: v.nullable(v.string()), createdAt: Instant })),
  deals: v.array(
    v.object({ id: v.string(), leadName: v.string(), leadEmail: v.string(), status: v.string(), createdAt: Instant }),
  ),
})
export type Dashboard = v.InferOutput<typeof Dashboard>
