import * as v from 'valibot'
import { Sum } from './money.ts'

const Counts = v.object({ clicks: v.number(), signups: v.number(), conversions: v.number() })

/**
 * GET /v1/apps/:appId/overview: what the console opens with. `previous` is the span of the same length before. `decide` is how
 * many wait for somebody's decision, and `stuck` how many will not go on by themselves.
 */
export const Overview = v.object({
  from: v.string(),
  to: v.string(),
  funnel: Counts,
  previous: Counts,
  revenue: v.array(Sum),
  commissions: v.array(Sum),
  byDay: v.array(v.object({ day: v.string(), ...Counts.entries })),
  liabilities: v.array(v.object({ currency: v.string(), pending: v.number(), approved: v.number(), held: v.number() })),
  decide: v.object({
    applications: v.number(),
    heldReferrals: v.number(),
    rewardsInReview: v.number(),
    heldCommissions: v.number(),
    payoutsProposed: v.number(),
    payoutsFailed: v.number(),
    deals: v.number(),
  }),
  stuck: v.number(),
})
export type Overview = v.InferOutput<typeof Overview>
