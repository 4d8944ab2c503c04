import type { EventName } from '../contract/events.ts'
import type { Outcome } from '../providers/webhook.ts'
import { isDead, nextAttempt } from '../rules/retry.ts'
import { signatures } from '../rules/signature.ts'
import { inTransaction } from '../store/database.ts'
import type { Delivery } from '../store/deliveries.ts'
import * as deliveries from '../store/deliveries.ts'
import * as events from '../store/events.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import type { Endpoint } from '../store/webhook-endpoints.ts'
import * as endpoints from '../store/webhook-endpoints.ts'
import { announce } from './announce.ts'
import type { Desk } from './desk.ts'
import { endpointDisabled } from './mail-news.ts'
import { opened } from './sealed.ts'

/** One delivery that this process has taken, with all that it takes to send it. */
export type Taken = { delivery: Delivery; program: Program; event: EventName; endpoint: Endpoint; body: string }

/** How an attempt went: what the dial says of it, or that it could not be signed. */
export type Attempted = Omit<Outcome, 'outcome'> & { outcome: Outcome['outcome'] | 'unsigned' }

type Wanted = { endpointId: string; limit: number; leaseMs: number; except: string[] }

/** Takes what is due for an endpoint, for as long as the lease is; nobody else is given it meanwhile. */
export async function take(desk: Desk, { endpointId, limit, leaseMs, except }: Wanted): Promise<Taken[]> {
  const now = desk.clock()
  const until = new Date(now.getTime() + leaseMs).toISOString()
  const { programs } = await desk.directory.current()
  return inTransaction(desk.database, async db => {
    const endpoint = await endpoints.live(db, endpointId)
    const program = endpoint && programs.get(endpoint.programId)
    if (!program) return []
    const taken = await deliveries.claim(db, { endpointId, now: now.toISOString(), until, limit, except })
    if (!taken.length) return []
    const told = await events.byIds(db, [...new Set(taken.map(each => each.eventId))])
    const byId = new Map(told.map(each => [each.id, each]))
    return taken.flatMap(delivery => {
      const found = byId.get(delivery.eventId)
      return found ? [{ delivery, program, endpoint, event: found.event as EventName, body: found.body }] : []
    })
  })
}

/** The headers to send it with, or null where the endpoint's secret cannot be read. */
export function headersFor(desk: Desk, { delivery, program, endpoint, body }: Taken): Record<string, string> | null {
  const now = desk.clock()
  const current = opened(desk, endpoint.id, endpoint.secret)
  if (current === null) return null
  const isGood = endpoint.oldSecret && endpoint.oldSecretUntil && endpoint.oldSecretUntil > now.toISOString()
  const old = isGood ? opened(desk, endpoint.id, endpoint.oldSecret as string) : null
  return {
    'content-type': 'application/json',
    ...signatures({
      id: delivery.eventId,
      at: now,
      body,
      secrets: old === null ? [current] : [current, old],
      attempt: delivery.tries + 1,
      header: program.settings.webhooks.signatureHeader ?? desk.signatureHeader,
    }),
  }
}

/**
 * Writes down how an attempt went, and plans the next one or gives up. An endpoint that answers 410, or nothing but failures
 * for five days, is disabled, and the program's other endpoints are told. What comes after the lease has run out counts no more.
 */
export async function settle(desk: Desk, taken: Taken, attempted: Attempted) {
  const { delivery, endpoint, program } = taken
  const now = desk.clock()
  const at = now.toISOString()
  const isOk = attempted.outcome === 'ok'
  await inTransaction(desk.database, async db => {
    // The endpoint before the delivery: in this order everybody takes their locks.
    const failing = isOk ? undefined : await endpoints.failed(db, endpoint.id, at)
    if (isOk) await endpoints.recovered(db, endpoint.id)
    const reason = failing && !failing.disabledAt ? reasonToStop(failing, attempted, now) : null

    const next = isOk || reason ? null : planned(taken, attempted, now)
    const settled = await deliveries.settle(db, delivery, {
      nextAttemptAt: next?.toISOString() ?? null,
      tries: delivery.tries + 1,
      attempts: delivery.attempts + 1,
      ...(isOk && { deliveredAt: at }),
      ...(!isOk && !next && { failedAt: at }),
    })
    if (!settled) return
    await deliveries.insertAttempt(db, {
      deliveryId: delivery.id,
      number: delivery.attempts + 1,
      at,
      outcome: attempted.outcome,
      status: attempted.status ?? null,
      ms: attempted.ms,
      excerpt: attempted.excerpt ?? null,
      reason: attempted.reason ?? null,
    })
    if (failing && reason) await stop(desk, db, program, failing, reason)
  })
}

/** Gives back what was taken and has not been sent to the end: it is due again at once. */
export async function giveBack(desk: Desk, { delivery }: Taken) {
  await inTransaction(desk.database, db => deliveries.settle(db, delivery, { nextAttemptAt: desk.clock().toISOString() }))
}

function planned({ delivery, endpoint, event }: Taken, { retryAfter }: Attempted, now: Date) {
  // Whoever sent a test is waiting for what comes of it.
  if (event === 'endpoint.test') return null
  return nextAttempt({
    tries: delivery.tries + 1,
    startedAt: new Date(delivery.startedAt),
    now,
    slowRetries: endpoint.slowRetriesOffAt === null,
    retryAfter,
    chance: Math.random(),
  })
}

type Reason = 'gone' | 'failing'

function reasonToStop(endpoint: Endpoint, { status }: Attempted, now: Date): Reason | null {
  if (status === 410) return 'gone'
  return endpoint.failingSince && isDead(new Date(endpoint.failingSince), now) ? 'failing' : null
}

async function stop(desk: Desk, db: Db, program: Program, endpoint: Endpoint, reason: Reason) {
  const at = desk.clock().toISOString()
  await endpoints.update(db, endpoint.id, { disabledAt: at, disabledReason: reason })
  await deliveries.giveUp(db, endpoint.id, at)
  const { id, url, failingSince, partnerId } = endpoint
  // A partner's endpoint is its own affair.
  if (partnerId !== null) return endpointDisabled(desk, db, program, { id, url, reason, disabledAt: at, partnerId })
  await announce(desk, db, program, {
    event: 'endpoint.disabled',
    object: id,
    partnerId: null,
    data: { id, url, reason, failingSince, disabledAt: at },
  })
}
