import { EventName } from '../contract/events.ts'
import { partnerEvents, type Replay } from '../contract/webhooks.ts'
import { Problem } from '../problem.ts'
import { inTransaction } from '../store/database.ts'
import * as deliveries from '../store/deliveries.ts'
import * as events from '../store/events.ts'
import * as endpoints from '../store/webhook-endpoints.ts'
import { wants } from './announce.ts'
import type { Desk } from './desk.ts'
import { newId } from './ids.ts'
import { ownerOf, type Side } from './webhooks.ts'

const EVENTS_AT_ONCE = 200

/** What an owner of endpoints may be told of at all. */
export function namesFor({ partnerId }: Side): readonly EventName[] {
  return partnerId === null ? EventName.options : partnerEvents
}

/** Sends one event to one endpoint again, with all retries: the same event, the same delivery, now. */
export function replayOne(desk: Desk, side: Side, id: string) {
  const now = desk.clock().toISOString()
  return inTransaction(desk.database, async db => {
    const delivery = await deliveries.byId(db, ownerOf(side), id)
    if (!delivery) throw new Problem('delivery_not_found')
    const endpoint = await endpoints.byId(db, ownerOf(side), delivery.endpointId)
    if (!endpoint || endpoint.disabledAt) throw new Problem('endpoint_disabled')
    const { programId, partnerId, endpointId, eventId } = delivery
    const [again] = await deliveries.queue(db, [{ id, programId, partnerId, endpointId, eventId, at: now }])
    return again ?? delivery
  })
}

/**
 * Sends what happened in a span again, to all endpoints that listen to it or to the one that is named, whether it was
 * delivered or not, and whether or not the endpoint was there at the time. At most 200 events at once: a cursor goes on.
 */
export function replaySpan(desk: Desk, side: Side, { from, to, endpointId, cursor }: Replay) {
  const owner = ownerOf(side)
  const now = desk.clock()
  return inTransaction(desk.database, async db => {
    const listening = endpointId === undefined ? await endpoints.enabled(db, owner) : [await named(endpointId)]
    const wanted = { names: namesFor(side), from, to, limit: EVENTS_AT_ONCE, after: cursor ?? null }
    const { data, nextCursor } = await events.within(db, owner, wanted)
    const queued = listening.flatMap(endpoint =>
      data
        .filter(each => wants(endpoint, each.event as EventName))
        .map(each => ({ id: newId('dlv', now), ...owner, endpointId: endpoint.id, eventId: each.id, at: now.toISOString() })),
    )
    for (let at = 0; at < queued.length; at += 500) await deliveries.queue(db, queued.slice(at, at + 500))
    return { replayed: queued.length, nextCursor }

    async function named(id: string) {
      const endpoint = await endpoints.byId(db, owner, id)
      if (!endpoint) throw new Problem('endpoint_not_found')
      if (endpoint.disabledAt) throw new Problem('endpoint_disabled')
      return endpoint
    }
  })
}
