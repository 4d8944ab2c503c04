import { randomBytes } from 'node:crypto'
import type { EventName } from '../contract/events.ts'
import { type EndpointChange, type NewEndpoint, partnerEvents } from '../contract/webhooks.ts'
import { Problem } from '../problem.ts'
import { mayBePosted } from '../providers/webhook.ts'
import { inTransaction } from '../store/database.ts'
import * as deliveries from '../store/deliveries.ts'
import * as events from '../store/events.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import type { Endpoint } from '../store/webhook-endpoints.ts'
import * as endpoints from '../store/webhook-endpoints.ts'
import { announceTo } from './announce.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { newId } from './ids.ts'
import { sealed } from './sealed.ts'

/** Whose endpoints an act is about: the program's own, or a partner's. */
export type Side = { program: Program; partnerId: string | null }

const MAX_ENDPOINTS = 20
const OLD_SECRET_MS = 24 * 3_600_000
const TESTS_PER_MINUTE = 10

/** A new endpoint, told of what happens from now on. Its secret is returned here and when it is rotated, and nowhere else. */
export async function create(desk: Desk, side: Side, wanted: NewEndpoint) {
  assertUrl(desk, wanted.url)
  assertEvents(side, wanted.events)
  const secret = newSecret()
  const id = newId('whk', desk.clock())
  const now = desk.clock().toISOString()
  return inTransactionOnce(desk, async db => {
    const owner = side.partnerId === null ? undefined : await partners.hold(db, side.program.id, side.partnerId)
    if (owner?.deactivatedAt) throw new Problem('partner_deactivated')
    if ((await endpoints.count(db, ownerOf(side))) >= MAX_ENDPOINTS) throw new Problem('too_many_endpoints')
    const made = await endpoints.insert(db, {
      id,
      ...ownerOf(side),
      url: wanted.url,
      events: JSON.stringify(wanted.events),
      secret: sealed(desk, id, secret),
      slowRetriesOffAt: wanted.slowRetries ? null : now,
      createdAt: now,
    })
    await record(desk, db, side.program, { action: 'webhook.created', object: id, after: noted(made) })
    return { endpoint: made, secret }
  })
}

/**
 * Changes what is named. Disabling gives up what is on its way; enabling begins with a clean record, and what was missed
 * meanwhile comes by a replay.
 */
export function change(desk: Desk, side: Side, id: string, wanted: EndpointChange): Promise<Endpoint> {
  if (wanted.url !== undefined) assertUrl(desk, wanted.url)
  assertEvents(side, wanted.events)
  const now = desk.clock().toISOString()
  return inTransaction(desk.database, async db => {
    const endpoint = await endpoints.hold(db, ownerOf(side), id)
    if (!endpoint) throw new Problem('endpoint_not_found')
    if (wanted.disabled && !endpoint.disabledAt) await deliveries.giveUp(db, id, now)
    const after = await endpoints.update(db, id, {
      url: wanted.url ?? endpoint.url,
      events: wanted.events ? JSON.stringify(wanted.events) : endpoint.events,
      ...(wanted.slowRetries !== undefined && { slowRetriesOffAt: wanted.slowRetries ? null : now }),
      ...(wanted.disabled && !endpoint.disabledAt && { disabledAt: now, disabledReason: 'asked' }),
      ...(wanted.disabled === false && { disabledAt: null, disabledReason: null, failingSince: null }),
    })
    await record(desk, db, side.program, { action: 'webhook.updated', object: id, before: noted(endpoint), after: noted(after) })
    return after
  })
}

/** The endpoint is told nothing more, and its secrets are forgotten. */
export function remove(desk: Desk, side: Side, id: string): Promise<Endpoint> {
  return inTransaction(desk.database, db => removeIn(desk, db, side, id))
}

async function removeIn(desk: Desk, db: Db, side: Side, id: string): Promise<Endpoint> {
  const now = desk.clock().toISOString()
  if (!(await endpoints.hold(db, ownerOf(side), id))) throw new Problem('endpoint_not_found')
  await deliveries.giveUp(db, id, now)
  await record(desk, db, side.program, {
    action: 'webhook.deleted',
    object: id,
    before: { deletedAt: null },
    after: { deletedAt: now },
  })
  return endpoints.update(db, id, { deletedAt: now, secret: '', oldSecret: null, oldSecretUntil: null })
}

/** The same for all that a side has, in the caller's transaction. */
export async function removeAllOf(desk: Desk, db: Db, side: Side) {
  for (const { id } of await endpoints.all(db, ownerOf(side))) await removeIn(desk, db, side, id)
}

/** A new secret signs from now on; the one before it signs as well for 24 hours, so that no delivery fails meanwhile. */
export async function rotateSecret(desk: Desk, side: Side, id: string) {
  const secret = newSecret()
  const oldSecretUntil = new Date(desk.clock().getTime() + OLD_SECRET_MS).toISOString()
  return inTransactionOnce(desk, async db => {
    const current = await endpoints.hold(db, ownerOf(side), id)
    if (!current) throw new Problem('endpoint_not_found')
    await record(desk, db, side.program, { action: 'webhook.secret_rotated', object: id })
    const endpoint = await endpoints.update(db, id, {
      secret: sealed(desk, id, secret),
      oldSecret: current.secret,
      oldSecretUntil,
    })
    return { endpoint, secret }
  })
}

/** Sends an `endpoint.test` event to one endpoint, once. 429 after ten in a minute. */
export function test(desk: Desk, side: Side, id: string) {
  const { program, partnerId } = side
  return inTransactionOnce(desk, async db => {
    const endpoint = await endpoints.hold(db, ownerOf(side), id)
    if (!endpoint) throw new Problem('endpoint_not_found')
    if (endpoint.disabledAt) throw new Problem('endpoint_disabled')
    const since = new Date(nowIn(desk, program).getTime() - 60_000).toISOString()
    if ((await events.countOf(db, { programId: program.id, object: id, since })) >= TESTS_PER_MINUTE)
      throw Problem.later('too_many_requests', 60)
    const data = { id, message: 'This is a test. If its signature is right, nothing needs to be done.' }
    return announceTo(desk, db, program, endpoint, { event: 'endpoint.test', object: id, partnerId, data })
  })
}

export function ownerOf({ program, partnerId }: Side) {
  return { programId: program.id, partnerId }
}

/** For the audit log: where a partner's own endpoint is says who the partner is, and so goes as personal. */
function noted({ url, ...endpoint }: Endpoint) {
  return endpoint.partnerId === null ? { ...endpoint, url } : { ...endpoint, website: url }
}

function newSecret() {
  return `whsec_${randomBytes(32).toString('base64')}`
}

function assertUrl({ allowPrivateWebhooks: allowPrivate }: Desk, url: string) {
  if (!mayBePosted(url, { allowPrivate })) throw Problem.at('url', 'Give an https address on the internet.')
}

function assertEvents({ partnerId }: Side, wanted: readonly ('*' | EventName)[] = []) {
  if (partnerId === null) return
  const strange = wanted.find(each => each !== '*' && !partnerEvents.includes(each))
  if (strange) throw Problem.at('events', `A partner is not told of ${strange}.`)
}
