import * as v from 'valibot'
import { Instant, line } from './text.ts'

export const PayoutProviderName = v.picklist(['stripe', 'paypal'])
export type PayoutProviderName = v.InferOutput<typeof PayoutProviderName>
const Environment = v.picklist(['sandbox', 'live'])

/** PUT /v1/apps/:appId/payout-providers/stripe: a secret or restricted key; it says by itself whether it is a live one. */
export const NewStripePayouts = v.object({
  secretKey: v.pipe(
    v.string(),
    v.trim(),
    v.maxLength(255),
    v.regex(/^(sk|rk)_(test|live)_[A-Za-z0-9_]{8,}$/, 'Give a secret or restricted key, which begins with sk_ or rk_.'),
  ),
})
export type NewStripePayouts = v.InferOutput<typeof NewStripePayouts>

const Credential = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(255),
  v.regex(/^[A-Za-z0-9_-]{8,}$/, 'Give it as PayPal shows it: letters, digits, - and _.'),
)

/** PUT /v1/apps/:appId/payout-providers/paypal: those of a REST app that may make payouts. */
export const NewPaypalPayouts = v.object({ clientId: Credential, clientSecret: Credential, environment: Environment })
export type NewPaypalPayouts = v.InferOutput<typeof NewPaypalPayouts>

/** Credentials as they are shown: `hint` is their end. `account` is whose they are, once something has been sent with them. */
export const PayoutProvider = v.object({
  provider: PayoutProviderName,
  connected: v.boolean(),
  environment: v.nullable(Environment),
  hint: v.nullable(v.string()),
  account: v.nullable(v.string()),
  createdAt: v.nullable(Instant),
})
export type PayoutProvider = v.InferOutput<typeof PayoutProvider>
export const PayoutProviderList = v.object({ data: v.array(PayoutProvider) })

/** PUT /v1/apps/:appId/partners/:id/stripe-account. Null takes it away. */
export const NewStripeAccount = v.object({
  stripeAccountId: v.nullable(
    v.pipe(v.string(), v.trim(), v.maxLength(64), v.regex(/^acct_[A-Za-z0-9]+$/, 'Give the id of a connected account: acct_….')),
  ),
})
export const StripeAccount = v.object({ partnerId: v.string(), stripeAccountId: v.nullable(v.string()) })

/** One call about a payout, or a word of an admin. Without `endedAt` it is under way, or the server has died over it. */
const Attempt = v.object({
  act: v.picklist(['send', 'look_up', 'by_hand']),
  key: v.string(),
  startedAt: Instant,
  endedAt: v.nullable(Instant),
  outcome: v.nullable(v.picklist(['done', 'pending', 'refused', 'not_sent', 'absent', 'repeatable', 'unknown', 'stopped'])),
  reason: v.nullable(v.string()),
  /** Look-ups that bring nothing new are one, until `endedAt`. */
  times: v.number(),
})

/**
 * A payout that a provider sends. `waiting`: to be sent. `unknown`: sent, with an outcome that is being found out. `pending`:
 * the provider is at it. `stopped`: nothing has left and nobody tries any more. `paid` and `failed`: as the payout.
 */
export const PayoutSending = v.object({
  provider: PayoutProviderName,
  state: v.picklist(['waiting', 'unknown', 'pending', 'stopped', 'paid', 'failed']),
  detail: v.nullable(v.string()),
  account: v.nullable(v.string()),
  providerBatchId: v.nullable(v.string()),
  startedAt: Instant,
  nextAt: v.nullable(Instant),
  endedAt: v.nullable(Instant),
  attempts: v.array(Attempt),
})
export type PayoutSending = v.InferOutput<typeof PayoutSending>

/** POST /v1/apps/:appId/payouts/:id/send */
export const SentPayout = v.object({ payoutId: v.string(), sending: PayoutSending })

/** POST /v1/apps/:appId/payouts/send. Without `ids`: every open payout, or those of `method`. */
export const SendPayouts = v.object({
  ids: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(300))), v.minLength(1), v.maxLength(500))),
  method: v.optional(PayoutProviderName),
})
export type SendPayouts = v.InferOutput<typeof SendPayouts>

/**
 * What is being sent now, and what is not, with the code of the problem that sending it alone would have had. `more`: they were
 * too many for one call, and the same call again goes on.
 */
export const SentPayouts = v.object({
  sending: v.array(v.string()),
  left: v.array(v.object({ payoutId: v.string(), code: v.string() })),
  more: v.boolean(),
})
export type SentPayouts = v.InferOutput<typeof SentPayouts>

/** POST /v1/apps/:appId/payouts/:id/sending/end: what somebody has seen at the provider, with own eyes. */
export const EndSending = v.variant('as', [
  v.object({ as: v.literal('paid'), reference: line(255), note: line(1000) }),
  v.object({ as: v.picklist(['failed', 'not_sent']), note: line(1000) }),
])
export type EndSending = v.InferOutput<typeof EndSending>
