import type { EventName } from '../server/contract/events.ts'
import type {
  Delivery,
  DeliveryStatus,
  Endpoint,
  EndpointChange,
  Event,
  MadeEndpoint,
  NewEndpoint,
  Replay,
  Replayed,
} from '../server/contract/webhooks.ts'
import type { Who } from './credentials.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import type { CursorQuery, In, Listed, Out } from './shapes.ts'

/** The path of the program that a call is about, such as `/v1/apps/prog_…`. */
export type AppOf = () => string

type DeliveryQuery = CursorQuery & { status?: DeliveryStatus; endpointId?: string }

/** Endpoints that are told of events, what they were told, and telling them again. */
export function webhooksAt(send: Send, owner: AppOf, who: readonly Who[]) {
  const at = () => `${owner()}/webhooks`
  const one = (id: string) => `${at()}/${segment(id)}`
  return {
    list: (query: CursorQuery = {}, options?: CallOptions) => send<Listed<Endpoint>>('GET', at(), { who, query }, options),
    /** `events` by name, or `['*']` for all. `secret` is in this reply and in no other; `verifyWebhook` needs it. */
    create: (endpoint: In<typeof NewEndpoint>, options?: CallOptions) =>
      send<Out<typeof MadeEndpoint>>('POST', at(), { who, body: endpoint }, options),
    update: (id: string, change: In<typeof EndpointChange>, options?: CallOptions) =>
      send<Endpoint>('PATCH', one(id), { who, body: change }, options),
    delete: (id: string, options?: CallOptions) => send<Endpoint>('DELETE', one(id), { who }, options),
    /** Sends the endpoint an event that says it is a test. */
    test: (id: string, options?: CallOptions) => send<Delivery>('POST', `${one(id)}/test`, { who }, options),
    /** Gives the endpoint a new secret; for a while the old one signs as well. */
    rotateSecret: (id: string, options?: CallOptions) =>
      send<Out<typeof MadeEndpoint>>('POST', `${one(id)}/rotate-secret`, { who }, options),
    events: (query: CursorQuery & { event?: EventName } = {}, options?: CallOptions) =>
      send<Listed<Out<typeof Event>>>('GET', `${at()}/events`, { who, query }, options),
    deliveries: (query: DeliveryQuery = {}, options?: CallOptions) =>
      send<Listed<Delivery>>('GET', `${at()}/deliveries`, { who, query }, options),
    replayDelivery: (id: string, options?: CallOptions) =>
      send<Delivery>('POST', `${at()}/deliveries/${segment(id)}/replay`, { who }, options),
    /** Tells again what happened between two times, of which there may be 31 days. */
    replay: (span: In<typeof Replay>, options?: CallOptions) =>
      send<Out<typeof Replayed>>('POST', `${at()}/replay`, { who, body: span }, options),
  }
}
