import { at, ids, later, page } from './sample.ts'
import type { Example, Examples } from './shape.ts'

const endpoint = {
  id: ids.endpoint,
  url: 'https://acme.example/hooks',
  events: ['*'],
  slowRetries: true,
  disabled: false,
  disabledAt: null,
  disabledReason: null,
  failingSince: null,
  oldSecretUntil: null,
  createdAt: at,
}
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const event = {
  id: ids.event,
  event: 'referral.created',
  object: ids.referral,
  sequence: 1,
  createdAt: at,
  payload: {
    id: ids.event,
    event: 'referral.created',
    created_at: at,
    data: { id: ids.referral, customerId: 'customer-1', sequence: 1 },
  },
}
const delivery = {
  id: ids.delivery,
  eventId: ids.event,
  event: 'referral.created',
  endpointId: ids.endpoint,
  status: 'delivered',
  createdAt: at,
  nextAttemptAt: null,
  deliveredAt: at,
  failedAt: null,
  attempts: [{ number: 1, at, outcome: 'ok', status: 204, ms: 84, excerpt: null, reason: null }],
}
const waiting = { ...delivery, status: 'pending', nextAttemptAt: at, deliveredAt: null, attempts: [] }
const id = { id: ["The endpoint's id.", ids.endpoint] } as const
const endpointId = ['Only those to this endpoint.', ids.endpoint] as const

type Names = { of: (name: string) => string; whose: string; may: readonly string[] }

/** A program's endpoints and a partner's own are the same routes below two paths. */
function below(path: string, { of, whose, may }: Names): Examples {
  const row = (name: string, { may: own = [], ...rest }: Omit<Example, 'id'>) => ({
    id: of(name),
    ...rest,
    may: [...may, ...own],
  })
  return {
    [`GET ${path}`]: row('listEndpoints', { says: `${whose} endpoints, newest first.`, replies: { 200: page(endpoint) } }),
    [`POST ${path}`]: row('createEndpoint', {
      says: 'Adds an endpoint: https, and a public host. `events` names what it is told of, `*` all of it. The secret that signs stands in this reply and is shown nowhere again.',
      body: { url: 'https://acme.example/hooks', events: ['*'] },
      replies: { 201: { ...endpoint, secret } },
      may: ['too_many_endpoints'],
    }),
    [`PATCH ${path}/{id}`]: row('updateEndpoint', {
      says: 'Changes an endpoint. `disabled: false` starts it again after whatever stopped it.',
      path: id,
      body: { events: ['referral.created', 'payout.completed'] },
      replies: { 200: { ...endpoint, events: ['referral.created', 'payout.completed'] } },
      may: ['endpoint_not_found'],
    }),
    [`DELETE ${path}/{id}`]: row('deleteEndpoint', {
      says: 'Takes an endpoint away. Nothing more is sent to it.',
      path: id,
      replies: { 200: endpoint },
      may: ['endpoint_not_found'],
    }),
    [`POST ${path}/{id}/test`]: row('testEndpoint', {
      says: 'Sends an `endpoint.test` event. The log of deliveries tells how it went.',
      path: id,
      replies: { 201: { ...waiting, event: 'endpoint.test' } },
      may: ['endpoint_not_found', 'endpoint_disabled', 'too_many_requests'],
    }),
    [`POST ${path}/{id}/rotate-secret`]: row('rotateEndpointSecret', {
      says: 'Gives an endpoint a new secret. The old one signs beside it until `oldSecretUntil`.',
      path: id,
      replies: { 200: { ...endpoint, oldSecretUntil: later, secret } },
      may: ['endpoint_not_found'],
    }),
    [`GET ${path}/events`]: row('listEvents', {
      says: `${whose} events, newest first, as they are sent.`,
      query: { event: ['Only those of this name.', 'referral.created'] },
      replies: { 200: page(event) },
    }),
    [`GET ${path}/deliveries`]: row('listDeliveries', {
      says: 'What is or was on its way to endpoints, newest first, with its latest attempts.',
      query: { status: ['Only those that stand so.', 'failed'], endpointId },
      replies: { 200: page(delivery) },
    }),
    [`POST ${path}/deliveries/{id}/replay`]: row('replayDelivery', {
      says: 'Sends one event to its endpoint again, under the same event id.',
      path: { id: ["The delivery's id.", ids.delivery] },
      replies: { 200: waiting },
      may: ['delivery_not_found', 'endpoint_disabled'],
    }),
    [`POST ${path}/replay`]: row('replayEvents', {
      says: 'Sends all events of a span again, from `from` up to but not at `to`, 31 days at most. With `nextCursor` the same question goes on.',
      body: { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' },
      replies: { 200: { replayed: 12, nextCursor: null } },
      may: ['endpoint_not_found', 'endpoint_disabled'],
    }),
  }
}

export const webhooks: Examples = {
  ...below('/v1/apps/{appId}/webhooks', { of: name => name, whose: "The program's", may: [] }),
  ...below('/v1/affiliate/webhooks', {
    of: name => name.replace(/(?<=[a-z])(?=[A-Z])/, 'Own'),
    whose: "The partner's own",
    may: ['not_a_partner', 'partner_deactivated', 'partner_not_active'],
  }),
}
