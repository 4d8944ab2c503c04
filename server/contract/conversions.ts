import * as v from 'valibot'
import { CommissionStatus, Why } from './affiliate.ts'
import { Currency, Minor } from './money.ts'
import { Code, CustomerId, Instant, line, Time } from './text.ts'

/** POST /v1/conversions. Amounts are minor units of `currency`; commission is earned on amount − tax − discount. */
export const NewConversion = v.pipe(
  v.object({
    externalId: line(255),
    customerId: CustomerId,
    amount: Minor,
    currency: Currency,
    tax: v.optional(Minor, 0),
    discount: v.optional(Minor, 0),
    productId: v.optional(v.nullable(line(255))),
    code: v.optional(v.nullable(Code)),
    occurredAt: v.optional(Time),
  }),
  v.forward(
    v.check(sale => sale.tax + sale.discount <= sale.amount, 'Tax and discount together are more than the amount.'),
    ['amount'],
  ),
)
export type NewConversion = v.InferOutput<typeof NewConversion>

export const CommissionLine = v.object({
  id: v.string(),
  partnerId: v.string(),
  amount: v.number(),
  currency: v.string(),
  status: CommissionStatus,
  availableAt: Instant,
  why: Why,
})
export type CommissionLine = v.InferOutput<typeof CommissionLine>

export const Conversion = v.object({
  id: v.string(),
  externalId: v.string(),
  customerId: v.string(),
  amount: v.number(),
  currency: v.string(),
  occurredAt: Instant,
  commissions: v.array(CommissionLine),
})
export type Conversion = v.InferOutput<typeof Conversion>
