import * as v from 'valibot'
import { Instant } from './text.ts'

/** PUT /v1/apps/:appId/integrations/stripe: the signing secret that Stripe shows for its webhook endpoint. */
export const NewStripeConnection = v.object({
  webhookSecret: v.pipe(
    v.string(),
    v.trim(),
    v.maxLength(255),
    v.regex(/^whsec_[A-Za-z0-9+/=_-]{8,}$/, "Give the endpoint's signing secret, which begins with whsec_."),
  ),
})

/** GET …/integrations/stripe. `url` is the address to give to Stripe; `hint` the end of the secret; nothing of either is left out. */
export const StripeConnection = v.object({
  connected: v.boolean(),
  url: v.string(),
  hint: v.nullable(v.string()),
  createdAt: v.nullable(Instant),
})
export type StripeConnection = v.InferOutput<typeof StripeConnection>

/** POST /v1/integrations/stripe/:appId: taken, acted upon or not. */
export const StripeReceived = v.object({ received: v.literal(true) })

// What is read of Stripe's events. Fields that have moved between its API versions are read in both places; what is not
// named here is not read.
const Text = v.pipe(
  v.string(),
  v.maxLength(5_000),
  v.check(text => text.isWellFormed() && !text.includes('\0'), 'That text has a character that cannot be kept.'),
)
const Id = v.pipe(Text, v.minLength(1), v.maxLength(255))
/** An id, or the object of it where Stripe was asked to put that in its place. */
const Ref = v.optional(
  v.nullable(
    v.pipe(
      v.union([Id, v.object({ id: Id })]),
      v.transform(ref => (typeof ref === 'string' ? ref : ref.id)),
    ),
  ),
  null,
)
const Amount = v.optional(v.nullable(v.pipe(v.number(), v.safeInteger())), null)
const Seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(32_503_680_000))
const When = v.optional(v.nullable(Seconds), null)
const Metadata = v.optional(v.nullable(v.record(v.string(), v.unknown())), null)
const MaybeText = v.optional(v.nullable(Text), null)
const list = <S extends v.GenericSchema>(one: S) => v.optional(v.nullable(v.array(one)), null)
const maybe = <S extends v.GenericSchema>(one: S) => v.optional(v.nullable(one), null)
const Sums = list(v.object({ amount: v.pipe(v.number(), v.safeInteger()) }))
const Coupon = v.object({ id: MaybeText, name: MaybeText, metadata: Metadata })
const Discount = v.union([
  Id,
  v.object({
    coupon: maybe(v.union([Id, Coupon])),
    source: maybe(v.object({ coupon: maybe(v.union([Id, Coupon])) })),
    promotion_code: maybe(v.union([Id, v.object({ id: Id, code: MaybeText })])),
  }),
])
const Shipping = maybe(v.object({ amount_subtotal: Amount, amount_tax: Amount, amount_total: Amount }))
const Person = maybe(v.object({ email: MaybeText, name: MaybeText }))
const Required = v.pipe(v.number(), v.safeInteger())

export const StripeSession = v.object({
  id: Id,
  created: When,
  mode: MaybeText,
  payment_status: MaybeText,
  client_reference_id: MaybeText,
  customer: Ref,
  customer_details: Person,
  customer_email: MaybeText,
  metadata: Metadata,
  invoice: Ref,
  payment_intent: Ref,
  amount_total: Amount,
  currency: MaybeText,
  total_details: maybe(v.object({ amount_shipping: Amount, amount_tax: Amount })),
  shipping_cost: Shipping,
  discounts: list(Discount),
})
export type StripeSession = v.InferOutput<typeof StripeSession>

const InvoicePaymentOf = v.object({ payment_intent: Ref, charge: Ref })
const Line = v.object({
  amount: Amount,
  proration: v.optional(v.nullable(v.boolean()), null),
  price: maybe(v.object({ product: Ref })),
  plan: maybe(v.object({ product: Ref })),
  pricing: maybe(v.object({ price_details: maybe(v.object({ product: Ref })) })),
})
const OfSubscription = maybe(v.object({ metadata: Metadata }))

export const StripeInvoice = v.object({
  id: Id,
  customer: Ref,
  customer_email: MaybeText,
  customer_name: MaybeText,
  currency: Text,
  amount_paid: Required,
  total: Amount,
  tax: Amount,
  total_tax_amounts: Sums,
  total_taxes: Sums,
  shipping_cost: Shipping,
  payment_intent: Ref,
  charge: Ref,
  payments: maybe(v.object({ data: list(v.object({ payment: maybe(InvoicePaymentOf) })) })),
  status_transitions: maybe(v.object({ paid_at: When })),
  lines: maybe(v.object({ data: list(Line) })),
  discount: maybe(Discount),
  discounts: list(Discount),
  metadata: Metadata,
  subscription_details: OfSubscription,
  parent: maybe(v.object({ subscription_details: OfSubscription })),
})
export type StripeInvoice = v.InferOutput<typeof StripeInvoice>

export const StripeInvoicePayment = v.object({ invoice: Ref, payment: maybe(InvoicePaymentOf) })
export const StripeCharge = v.object({ id: Id, currency: Text, amount_refunded: Required, payment_intent: Ref, invoice: Ref })
export const StripeRefund = v.object({
  id: Id,
  currency: Text,
  amount: Required,
  status: MaybeText,
  charge: Ref,
  payment_intent: Ref,
})
export const StripeDispute = v.object({
  id: Id,
  currency: Text,
  amount: Required,
  status: Text,
  charge: Ref,
  payment_intent: Ref,
})
export const StripeSubscription = v.object({ id: Id, customer: Ref, ended_at: When, canceled_at: When })
export const StripePromotionCode = v.object({ id: Id, code: Id })

/** An event of any type. `created` is when it happened at Stripe. */
export const StripeEvent = v.object({
  id: Id,
  type: Id,
  created: Seconds,
  data: v.object({ object: v.looseObject({}) }),
})
export type StripeEvent = v.InferOutput<typeof StripeEvent>
