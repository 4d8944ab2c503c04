import * as v from 'valibot'
import { Minor } from './money.ts'
import { Instant, line } from './text.ts'

/**
 * POST /v1/refunds. `amount` is in minor units of the payment's currency, tax included, as the customer gets it back; left
 * out or null it is all that is left of the payment.
 */
export const NewRefund = v.object({
  externalId: line(255),
  conversionExternalId: line(255),
  amount: v.optional(v.nullable(v.pipe(Minor, v.minValue(1, 'Give what is refunded, or leave it out for all of it.')))),
})
export type NewRefund = v.InferOutput<typeof NewRefund>

/**
 * `counted` is what the refund counts for: no more than was left of the payment; null while it waits for one.
 * `reversals` are what it took back.
 */
export const Refund = v.object({
  id: v.string(),
  externalId: v.string(),
  conversionExternalId: v.string(),
  status: v.picklist(['applied', 'waiting']),
  amount: v.nullable(v.number()),
  counted: v.nullable(v.number()),
  currency: v.nullable(v.string()),
  reversals: v.array(v.object({ commissionId: v.string(), partnerId: v.string(), amount: v.number(), currency: v.string() })),
  createdAt: Instant,
})
export type Refund = v.InferOutput<typeof Refund>
