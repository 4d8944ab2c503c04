import type { InferOutput } from 'valibot'
import type { EventName } from '../../contract/events.ts'
import type { DeliveryQuery, Delivery as DeliveryReply, Endpoint as EndpointReply, EventQuery } from '../../contract/webhooks.ts'
import type { Desk } from '../../program/desk.ts'
import { namesFor } from '../../program/replays.ts'
import { ownerOf, type Side } from '../../program/webhooks.ts'
import type { Attempt, Delivery } from '../../store/deliveries.ts'
import * as deliveries from '../../store/deliveries.ts'
import * as events from '../../store/events.ts'
import type { Endpoint } from '../../store/webhook-endpoints.ts'
import * as endpoints from '../../store/webhook-endpoints.ts'

const ATTEMPTS_SHOWN = 20

type Paging = { limit: number; cursor?: string | undefined }

/** What a program and a partner are shown of their endpoints, of what happened, and of what became of it. */
export async function endpointList(desk: Desk, side: Side, { limit, cursor }: Paging) {
  const page = await endpoints.page(desk.database.db, ownerOf(side), { limit, after: cursor ?? null })
  return { data: page.data.map(endpointShown), nextCursor: page.nextCursor }
}

export async function eventList(desk: Desk, side: Side, { limit, cursor, event }: InferOutput<typeof EventQuery>) {
  const names = namesFor(side).filter(name => event === undefined || name === event)
  if (!names.length) return { data: [], nextCursor: null }
  const page = await events.page(desk.database.db, ownerOf(side), { names, limit, after: cursor ?? null })
  return { data: page.data.map(eventShown), nextCursor: page.nextCursor }
}

export async function deliveryList(desk: Desk, side: Side, { limit, cursor, ...asked }: InferOutput<typeof DeliveryQuery>) {
  const page = await deliveries.page(desk.database.db, ownerOf(side), { ...asked, limit, after: cursor ?? null })
  return { data: await deliveriesShown(desk, page.data), nextCursor: page.nextCursor }
}

export async function deliveryShown(desk: Desk, delivery: Delivery): Promise<DeliveryReply> {
  const [shown] = await deliveriesShown(desk, [delivery])
  if (!shown) throw new Error('A delivery has no event')
  return shown
}

export function endpointShown(endpoint: Endpoint): EndpointReply {
  const { id, url, disabledAt, failingSince, oldSecretUntil, createdAt } = endpoint
  return {
    id,
    url,
    events: JSON.parse(endpoint.events),
    slowRetries: endpoint.slowRetriesOffAt === null,
    disabled: disabledAt !== null,
    disabledAt,
    disabledReason: endpoint.disabledReason as EndpointReply['disabledReason'],
    failingSince,
    oldSecretUntil,
    createdAt,
  }
}

function eventShown({ id, event, object, sequence, createdAt, body }: events.Event) {
  return { id, event: event as EventName, object, sequence, createdAt, payload: JSON.parse(body) }
}

async function deliveriesShown(desk: Desk, all: Delivery[]): Promise<DeliveryReply[]> {
  if (!all.length) return []
  const { db } = desk.database
  const names = new Map((await events.byIds(db, [...new Set(all.map(each => each.eventId))])).map(each => [each.id, each.event]))
  const attempts = Map.groupBy(
    await deliveries.attemptsOf(
      db,
      all.map(each => each.id),
      ATTEMPTS_SHOWN,
    ),
    each => each.deliveryId,
  )
  return all.map(({ id, eventId, endpointId, createdAt, nextAttemptAt, deliveredAt, failedAt, attempts: made }) => ({
    id,
    eventId,
    event: names.get(eventId) as EventName,
    endpointId,
    status: deliveredAt ? ('delivered' as const) : failedAt ? ('failed' as const) : ('pending' as const),
    createdAt,
    nextAttemptAt,
    deliveredAt,
    failedAt,
    // One that has come in since the delivery was read does not go with what is said of it here.
    attempts: (attempts.get(id) ?? []).filter(each => each.number <= made).map(attemptShown),
  }))
}

function attemptShown({ number, at, outcome, status, ms, excerpt, reason }: Attempt) {
  return { number, at, outcome: outcome as DeliveryReply['attempts'][number]['outcome'], status, ms, excerpt, reason }
}
