import * as v from 'valibot'
import { PartnerStatus } from './partners.ts'
import { Instant } from './text.ts'

const id = () => v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const Side = v.object({ id: v.string(), name: v.string(), email: v.string(), status: PartnerStatus })
const Balances = v.array(v.object({ currency: v.string(), pending: v.number(), approved: v.number(), held: v.number() }))

/** POST /v1/apps/:appId/partners/:id/merge: into whom. */
export const MergeInto = v.object({ into: id() })
export type MergeInto = v.InferOutput<typeof MergeInto>

/** GET /v1/apps/:appId/partners/:id/merge?into= */
export const MergeQuestion = v.object({ into: id() })

/**
 * What goes from one partner to another, or has gone. `balances` is what is owed and in no payout, in minor units and below
 * zero where the partner owes; `balancesAfter` is what the other one has then. `payoutsWaiting` stay with the first, and are
 * paid to its own account.
 */
export const Merge = v.object({
  partner: Side,
  into: Side,
  codes: v.number(),
  referrals: v.number(),
  deals: v.number(),
  commissions: v.number(),
  balances: Balances,
  balancesAfter: Balances,
  payoutsWaiting: v.array(v.object({ id: v.string(), amount: v.number(), currency: v.string(), createdAt: Instant })),
  keys: v.number(),
  endpoints: v.number(),
})
export type Merge = v.InferOutput<typeof Merge>
