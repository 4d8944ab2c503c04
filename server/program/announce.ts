import type { EventName } from '../contract/events.ts'
import { partnerEvents } from '../contract/webhooks.ts'
import { eventBody } from '../rules/event-body.ts'
import * as deliveries from '../store/deliveries.ts'
import * as events from '../store/events.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import type { Owner } from '../store/webhook-endpoints.ts'
import * as endpoints from '../store/webhook-endpoints.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { mailOf } from './mail-news.ts'

export type News = {
  event: EventName
  /** The id of what the event is about: its events are numbered, and arrive with that number. */
  object: string
  /** Whose it is, where a partner's own endpoints are told as well. */
  partnerId: string | null
  data: Record<string, unknown>
}

/**
 * Writes down, in the transaction of a change, what the outside is to be told of it. It is told after the commit, and only
 * if there is one. `data` gets `sequence`, which counts the events of one object from 1. A partner's own endpoints are told
 * what is about that partner, of the events that a partner may know.
 */
export async function announce(desk: Desk, db: Db, program: Program, news: News) {
  const event = await write(desk, db, program, news)
  await mailOf(desk, db, program, news)
  const listening = await endpoints.listening(db, { programId: program.id, partnerId: news.partnerId })
  const told = listening.filter(each => wants(each, news.event))
  if (told.length) await send(desk, db, program, event, told)
}

/** Tells one endpoint that it can be told, whatever it listens to. Returns the delivery. */
export async function announceTo(desk: Desk, db: Db, program: Program, endpoint: { id: string } & Owner, news: News) {
  const event = await write(desk, db, program, news)
  const [delivery] = await send(desk, db, program, event, [endpoint])
  if (!delivery) throw new Error('A delivery was not kept')
  return delivery
}

/** True where an endpoint has asked for an event and may have it. */
export function wants({ events: wanted, partnerId }: { events: string; partnerId: string | null }, event: EventName) {
  if (event === 'endpoint.test') return false
  if (partnerId !== null && !partnerEvents.includes(event)) return false
  const names: string[] = JSON.parse(wanted)
  return names.includes('*') || names.includes(event)
}

async function write(desk: Desk, db: Db, program: Program, { event, object, partnerId, data }: News) {
  const id = newId('evt', desk.clock())
  const createdAt = nowIn(desk, program).toISOString()
  const sequence = await events.nextSequence(db, program.id, object)
  const body = eventBody({ id, event, created_at: createdAt, data: { ...data, sequence } })
  await events.insert(db, { id, programId: program.id, partnerId, event, object, sequence, body, createdAt })
  return id
}

function send(desk: Desk, db: Db, program: Program, eventId: string, told: { id: string; partnerId: string | null }[]) {
  const at = desk.clock()
  return deliveries.queue(
    db,
    told.map(({ id, partnerId }) => ({
      id: newId('dlv', at),
      programId: program.id,
      partnerId,
      endpointId: id,
      eventId,
      at: at.toISOString(),
    })),
  )
}
