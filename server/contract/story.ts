import * as v from 'valibot'
import { Instant } from './text.ts'

/** What a step of a commission's story is about. */
export const StepKind = v.picklist([
  'click',
  'signup',
  'payment',
  'terms',
  'formula',
  'limits',
  'correction',
  'booked',
  'refund',
  'refund_total',
  'refund_failed',
  'dispute_opened',
  'dispute_closed',
  'moved',
  'decision',
  'payout_created',
  'payout_paid',
  'payout_failed',
  'reversal',
  'standing',
])

/**
 * One step from the click to what the commission is now, in words for people: `text` is an English sentence, and the other
 * fields are what it says. `object` is the id of what it is about, `transactionId` where the journal has it, and `amount`
 * is minor units of `currency`.
 */
export const Step = v.object({
  step: StepKind,
  at: v.nullable(Instant),
  object: v.nullable(v.string()),
  transactionId: v.nullable(v.string()),
  amount: v.nullable(v.number()),
  currency: v.nullable(v.string()),
  text: v.string(),
})
export type Step = v.InferOutput<typeof Step>

const nullableText = v.nullable(v.string())

/** What a commission has come from, and what has become of it. Amounts are minor units; rates percent. */
export const Story = v.object({
  click: v.nullable(v.object({ id: v.string(), at: Instant, url: nullableText, referrer: nullableText, campaign: nullableText })),
  signup: v.nullable(
    v.object({ referralId: v.string(), customerId: v.string(), code: v.string(), campaign: nullableText, at: Instant }),
  ),
  payment: v.nullable(
    v.object({
      id: v.string(),
      externalId: v.string(),
      amount: v.number(),
      tax: v.number(),
      discount: v.number(),
      base: v.number(),
      currency: v.string(),
      productId: nullableText,
      occurredAt: Instant,
      reportedAt: Instant,
      /** What the customer has got back in all, by refunds and lost disputes; no more than was paid. */
      refunded: v.number(),
    }),
  ),
  terms: v.nullable(
    v.object({
      rule: v.picklist(['percent', 'flat']),
      from: v.picklist(['partner', 'program', 'product']),
      rate: v.nullable(v.number()),
      flatAmount: v.nullable(v.number()),
      recurringMonths: v.nullable(v.number()),
      recurringPayments: v.nullable(v.number()),
      maxPerCustomer: v.nullable(v.number()),
      holdingPeriodDays: v.number(),
      at: Instant,
    }),
  ),
  disputes: v.array(
    v.object({
      externalId: v.string(),
      amount: v.number(),
      openedAt: Instant,
      closedAt: v.nullable(Instant),
      outcome: v.nullable(v.picklist(['lost', 'released'])),
      waivedAt: v.nullable(Instant),
    }),
  ),
  payouts: v.array(
    v.object({
      id: v.string(),
      number: v.number(),
      amount: v.number(),
      settledBefore: v.number(),
      status: v.picklist(['pending', 'paid', 'failed']),
      createdAt: Instant,
      paidAt: v.nullable(Instant),
      failedAt: v.nullable(Instant),
      reference: nullableText,
      failure: nullableText,
    }),
  ),
  steps: v.array(Step),
})
export type Story = v.InferOutput<typeof Story>
