import * as v from 'valibot'
import { CommissionStatus } from './affiliate.ts'
import { CommissionLine } from './conversions.ts'
import { Currency, SignedMinor } from './money.ts'
import { CursorQuery } from './paging.ts'
import { Story } from './story.ts'
import { Instant, line, paragraph, Search } from './text.ts'

const Period = v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'Give a month such as 2026-03.'))

/** GET /v1/apps/:appId/commissions */
export const CommissionQuery = v.object({
  ...CursorQuery.entries,
  partnerId: v.optional(v.pipe(v.string(), v.maxLength(300))),
  status: v.optional(CommissionStatus),
  period: v.optional(Period),
  search: v.optional(Search),
})

/**
 * One commission. `earned` is what it came to when it was made, `reversed` how much of that refunds have taken back, and
 * `amount` what is left: minor units of `currency`. `availableAt` is when it may be paid, or might have been. `payoutId` is
 * the payout that it is in, and `paid` what has been paid of it: where that is more than `amount`, the next payout takes
 * the difference back.
 */
export const Commission = v.object({
  ...CommissionLine.entries,
  partnerName: v.string(),
  earned: v.number(),
  reversed: v.number(),
  paid: v.number(),
  payoutId: v.nullable(v.string()),
  referralId: v.nullable(v.string()),
  conversionId: v.nullable(v.string()),
  productId: v.nullable(v.string()),
  period: v.string(),
  heldReason: v.nullable(v.string()),
  occurredAt: Instant,
  createdAt: Instant,
})
export type Commission = v.InferOutput<typeof Commission>

export const CommissionList = v.object({ data: v.array(Commission), nextCursor: v.nullable(v.string()) })

/**
 * Everything that has to do with one commission: the sums of its entries are what each account holds of it, and its story
 * says how each cent came to be there.
 */
export const CommissionWithHistory = v.object({
  ...Commission.entries,
  entries: v.array(
    v.object({
      transactionId: v.string(),
      key: v.string(),
      kind: v.string(),
      account: v.string(),
      amount: v.number(),
      currency: v.string(),
      availableAt: v.nullable(Instant),
      at: Instant,
      createdAt: Instant,
    }),
  ),
  refunds: v.array(
    v.object({
      id: v.string(),
      externalId: v.string(),
      amount: v.nullable(v.number()),
      currency: v.string(),
      createdAt: Instant,
    }),
  ),
  decisions: v.array(
    v.object({
      act: v.picklist(['approve', 'hold', 'release', 'reject']),
      reason: v.nullable(v.string()),
      by: v.string(),
      at: Instant,
    }),
  ),
  story: Story,
})
export type CommissionWithHistory = v.InferOutput<typeof CommissionWithHistory>

/** POST …/commissions/:id/approve, hold, release and reject */
export const CommissionDecision = v.object({ reason: v.optional(v.nullable(paragraph(1000))) })

/** POST /v1/apps/:appId/commissions: a correction by hand, above or below zero. */
export const NewAdjustment = v.object({
  partnerId: v.pipe(v.string(), v.minLength(1), v.maxLength(300)),
  amount: v.pipe(
    SignedMinor,
    v.check(amount => amount !== 0, 'Give an amount above or below zero.'),
  ),
  currency: Currency,
  note: line(1000),
})
export type NewAdjustment = v.InferOutput<typeof NewAdjustment>
