import * as v from 'valibot'
import { Why } from './affiliate.ts'
import { Currency } from './money.ts'
import { CursorQuery } from './paging.ts'
import { PartnerPayoutStatus } from './partner-api.ts'
import { PayoutMethod } from './partners.ts'
import { PayoutBatch } from './payout-batches.ts'
import { PayoutSending } from './sending.ts'
import { Day } from './stats.ts'
import { Instant, line, paragraph } from './text.ts'

/** POST /v1/apps/:appId/payouts. What is left out is not asked about: all currencies, all methods. */
export const NewPayouts = v.object({ currency: v.optional(Currency), method: v.optional(PayoutMethod) })
export type NewPayouts = v.InferOutput<typeof NewPayouts>

const batchId = () => v.pipe(v.string(), v.maxLength(300))

/** GET /v1/apps/:appId/payouts */
export const PayoutQuery = v.object({
  ...CursorQuery.entries,
  status: v.optional(PartnerPayoutStatus),
  partnerId: v.optional(v.pipe(v.string(), v.maxLength(300))),
  currency: v.optional(Currency),
  method: v.optional(PayoutMethod),
  batch: v.optional(batchId()),
})

/**
 * One transfer to one partner: `amount` is minor units of `currency`. `payable` is false once it is paid or has failed, and
 * before that while it is being sent, where the partner lacks what its method needs (`missing` names the partner's fields), or
 * until `waitsUntil`, where the partner has just changed itself how it is paid.
 * `batchId` is the run that has made it, null where that was before there were batches.
 */
export const Payout = v.object({
  id: v.string(),
  partnerId: v.string(),
  partnerName: v.string(),
  amount: v.number(),
  currency: v.string(),
  status: PartnerPayoutStatus,
  method: v.nullable(v.string()),
  payable: v.boolean(),
  missing: v.array(v.string()),
  waitsUntil: v.nullable(Instant),
  reference: v.nullable(v.string()),
  failure: v.nullable(v.string()),
  createdAt: Instant,
  paidAt: v.nullable(Instant),
  failedAt: v.nullable(Instant),
  batchId: v.nullable(v.string()),
})
export type Payout = v.InferOutput<typeof Payout>

export const PayoutList = v.object({ data: v.array(Payout), nextCursor: v.nullable(v.string()) })

/**
 * The payouts that a run has made, the batch that they are, and the balances that it has left for the next one, each beside
 * what a payout in its currency has to reach. Where its partner has just changed how it is paid, `until` says how long it waits.
 */
export const MadePayouts = v.object({
  batch: v.nullable(PayoutBatch),
  data: v.array(Payout),
  carried: v.array(
    v.object({
      partnerId: v.string(),
      partnerName: v.string(),
      amount: v.number(),
      currency: v.string(),
      minimum: v.number(),
      reason: v.picklist(['below_minimum', 'below_zero', 'details_changed']),
      until: v.optional(Instant),
    }),
  ),
})
export type MadePayouts = v.InferOutput<typeof MadePayouts>

/**
 * What one commission has in a payout. `commission` and `adjustment` are lines of what was in no payout before;
 * `taken_back` and `given_back` are what has changed since a payout before, which held `settledBefore` of it.
 */
export const PayoutLine = v.object({
  commissionId: v.string(),
  kind: v.picklist(['commission', 'adjustment', 'taken_back', 'given_back']),
  amount: v.number(),
  currency: v.string(),
  settledBefore: v.number(),
  earned: v.number(),
  reversed: v.number(),
  referralId: v.nullable(v.string()),
  conversionId: v.nullable(v.string()),
  period: v.string(),
  occurredAt: Instant,
  why: Why,
})
export const PayoutWithLines = v.object({
  ...Payout.entries,
  lines: v.array(PayoutLine),
  sending: v.nullable(PayoutSending),
})
export type PayoutWithLines = v.InferOutput<typeof PayoutWithLines>

/** POST …/payouts/:id/paid. `reference` is what the bank or the provider calls the transfer. */
export const PayoutPaid = v.object({ reference: v.optional(v.nullable(paragraph(255))) })

/** POST …/payouts/:id/failed */
export const PayoutFailed = v.object({ reason: line(1000) })

/** A payout file: RFC 4180, UTF-8. */
export const PayoutFile = v.string()

/** GET /v1/apps/:appId/payouts.csv */
export const PayoutFileQuery = v.object({
  method: v.picklist(['paypal', 'bank_transfer', 'crypto', 'wise']),
  currency: v.optional(Currency),
  batch: v.optional(batchId()),
})

/** GET /v1/apps/:appId/payouts.xml. `on` is the day on which the bank is to execute it; the batch's own, if nothing is said. */
export const SepaFileQuery = v.object({ batch: batchId(), on: v.optional(Day) })

/** ISO 20022 pain.001.001.09, UTF-8. */
export const SepaFile = v.string()
