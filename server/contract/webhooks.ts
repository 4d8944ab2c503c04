import * as v from 'valibot'
import { EventName } from './events.ts'
import { CursorQuery } from './paging.ts'
import { Instant, Time, WebUrl } from './text.ts'

// What HTTP needs for itself, and what we send beside it.
const TAKEN =
  /^(host|connection|keep-alive|te|trailer|upgrade|expect|user-agent|date|cookie|authorization|transfer-encoding|(content|accept|proxy|webhook|idempotency|sec)-.*)$/

/** What the header with the documented signature is called. */
export const SignatureHeader = v.pipe(
  v.string(),
  v.toLowerCase(),
  v.regex(/^[a-z][a-z0-9-]{2,63}$/, 'Give a header name such as x-acme-signature.'),
  v.check(name => !TAKEN.test(name), 'That header means something else. Give one such as x-acme-signature.'),
)

/** What a partner's own endpoint can be told of. */
export const partnerEvents: readonly EventName[] = [
  'referral.created',
  'referral.converted',
  'commission.calculated',
  'commission.created',
  'commission.reversed',
  'payout.completed',
  'payout.failed',
  'partner.updated',
  'deal.registered',
]

/** Names of events, or `*` for all that there are and will be. */
const Wanted = v.pipe(
  v.array(v.picklist(['*', ...EventName.options.filter(name => name !== 'endpoint.test')])),
  v.minLength(1, 'Name an event, or * for all.'),
  v.maxLength(50),
  v.transform(names => (names.includes('*') ? ['*' as const] : [...new Set(names)])),
)

/** POST …/webhooks. `slowRetries`: whether what fails four times is tried again for 72 hours. */
export const NewEndpoint = v.object({
  url: WebUrl,
  events: v.optional(Wanted, () => ['*' as const]),
  slowRetries: v.optional(v.boolean(), true),
})
export type NewEndpoint = v.InferOutput<typeof NewEndpoint>

/** PATCH …/webhooks/:id. `disabled` pauses an endpoint, or starts it again after whatever stopped it. */
export const EndpointChange = v.object({
  url: v.optional(WebUrl),
  events: v.optional(Wanted),
  slowRetries: v.optional(v.boolean()),
  disabled: v.optional(v.boolean()),
})
export type EndpointChange = v.InferOutput<typeof EndpointChange>

export const Endpoint = v.object({
  id: v.string(),
  url: v.string(),
  events: v.array(v.string()),
  slowRetries: v.boolean(),
  disabled: v.boolean(),
  disabledAt: v.nullable(Instant),
  /** `asked`: by PATCH. `gone`: it answered 410. `failing`: nothing but failures for five days. */
  disabledReason: v.nullable(v.picklist(['asked', 'gone', 'failing'])),
  failingSince: v.nullable(Instant),
  /** Until then the secret before the present one signs as well. */
  oldSecretUntil: v.nullable(Instant),
  createdAt: Instant,
})
export type Endpoint = v.InferOutput<typeof Endpoint>

/** The secret is in this reply and in no other. */
export const MadeEndpoint = v.object({ ...Endpoint.entries, secret: v.string() })
export const EndpointList = v.object({ data: v.array(Endpoint), nextCursor: v.nullable(v.string()) })

export const EventQuery = v.object({ ...CursorQuery.entries, event: v.optional(EventName) })
export const Event = v.object({
  id: v.string(),
  event: EventName,
  object: v.string(),
  sequence: v.number(),
  createdAt: Instant,
  /** What is sent, as it is sent. */
  payload: v.record(v.string(), v.unknown()),
})
export const EventList = v.object({ data: v.array(Event), nextCursor: v.nullable(v.string()) })

export const DeliveryStatus = v.picklist(['pending', 'delivered', 'failed'])
export type DeliveryStatus = v.InferOutput<typeof DeliveryStatus>

export const DeliveryQuery = v.object({
  ...CursorQuery.entries,
  status: v.optional(DeliveryStatus),
  endpointId: v.optional(v.pipe(v.string(), v.maxLength(100))),
})

/** `unsigned`: the endpoint's secret cannot be read with this APP_SECRET; rotate it. The others are those of the dial. */
export const AttemptOutcome = v.picklist(['ok', 'redirect', 'status', 'timeout', 'refused', 'unreachable', 'unsigned'])

export const Attempt = v.object({
  number: v.number(),
  at: Instant,
  outcome: AttemptOutcome,
  status: v.nullable(v.number()),
  ms: v.number(),
  excerpt: v.nullable(v.string()),
  reason: v.nullable(v.string()),
})

/** One event on its way to one endpoint, with the latest attempts, the last one first. */
export const Delivery = v.object({
  id: v.string(),
  eventId: v.string(),
  event: EventName,
  endpointId: v.string(),
  status: DeliveryStatus,
  createdAt: Instant,
  nextAttemptAt: v.nullable(Instant),
  deliveredAt: v.nullable(Instant),
  failedAt: v.nullable(Instant),
  attempts: v.array(Attempt),
})
export type Delivery = v.InferOutput<typeof Delivery>
export const DeliveryList = v.object({ data: v.array(Delivery), nextCursor: v.nullable(v.string()) })

/** POST …/webhooks/replay: what happened from `from` up to, but not at, `to`; 31 days at most. */
export const Replay = v.pipe(
  v.object({
    from: Time,
    to: Time,
    endpointId: v.optional(v.pipe(v.string(), v.maxLength(100))),
    cursor: v.optional(v.pipe(v.string(), v.maxLength(300))),
  }),
  v.forward(
    v.check(({ from, to }) => from < to, 'The end comes after the beginning.'),
    ['to'],
  ),
  v.forward(
    v.check(({ from, to }) => Date.parse(to) - Date.parse(from) <= 31 * 86_400_000, 'Ask for 31 days at most.'),
    ['to'],
  ),
)
export type Replay = v.InferOutput<typeof Replay>

/** How many deliveries are on their way; with `nextCursor` the same question goes on where this one stopped. */
export const Replayed = v.object({ replayed: v.number(), nextCursor: v.nullable(v.string()) })
