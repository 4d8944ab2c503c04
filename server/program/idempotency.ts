import { AsyncLocalStorage } from 'node:async_hooks'
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { Problem } from '../problem.ts'
import { inTransaction } from '../store/database.ts'
import * as keys from '../store/idempotency.ts'
import type { Db } from '../store/schema.ts'
import type { Desk } from './desk.ts'
import { randomText } from './ids.ts'

const KEPT_MS = 24 * 3_600_000
// Longer than any request may take. After a crash the key is free again this much later.
const LEASE_MS = 60_000

/** Who sends which key where. `asked` is what the request asks for, in words that are the same for the same request. */
export type Attempt = { who: string; programId: string | null; method: string; path: string; key: string; asked: string }
export type Answer = { status: number; type: string; body: string }
/** A key that is held; `effect` is what an earlier run did that died before it could answer. */
export type Held = { id: string; holder: string; effect?: { is: unknown } }

// As with who acts, it is the same for all that one request does.
const held = new AsyncLocalStorage<{ held: Held; isSpent: boolean } | null>()

/**
 * Takes a key for one run of the request, or says what an earlier run answered. 409 while an earlier one is under way,
 * 422 where the key came with another request. A run that has not ended after its lease is given up for dead.
 */
export async function begin(desk: Desk, attempt: Attempt): Promise<{ held: Held } | { answer: Answer }> {
  const id = idOf(attempt)
  const fingerprint = createHmac('sha256', derived(desk, 'fingerprints')).update(attempt.asked).digest('base64url')
  const now = desk.clock()
  const inMs = (ms: number) => new Date(now.getTime() + ms).toISOString()
  const mine = {
    id,
    programId: attempt.programId,
    fingerprint,
    holder: randomText(16),
    leaseEndsAt: inMs(LEASE_MS),
    expiresAt: inMs(KEPT_MS),
    createdAt: inMs(0),
  }
  return inTransaction(desk.database, async db => {
    if (await keys.insert(db, mine)) return { held: mine }
    const earlier = await keys.byId(db, id)
    // Let go of since: whoever held it had nothing to keep.
    if (!earlier) throw inFlight()
    const isOver = earlier.expiresAt <= mine.createdAt
    if (!isOver && earlier.fingerprint !== fingerprint) throw new Problem('idempotency_key_reused')
    if (!isOver && earlier.sealed !== null && earlier.status !== null)
      return { answer: { status: earlier.status, ...unsealed<Omit<Answer, 'status'>>(desk, id, earlier.sealed) } }
    if (!isOver && earlier.leaseEndsAt > mine.createdAt) throw inFlight()
    const effect = isOver ? null : earlier.sealed
    if (!(await keys.takeOver(db, earlier, { ...mine, sealed: effect }))) throw inFlight()
    return { held: effect === null ? mine : { ...mine, effect: unsealed<{ is: unknown }>(desk, id, effect) } }
  })
}

/** Runs a request that holds a key, or none: what it does by `inTransactionOnce` is kept under that key. */
export function withKey<T>(own: Held | null, work: () => T): T {
  return held.run(own && { held: own, isSpent: false }, work)
}

/**
 * A transaction for what no natural key keeps from being done twice. What it came to, which JSON must be able to hold, is
 * kept under the request's `Idempotency-Key` in the same commit: where the server dies before it has answered, the same
 * request again gets just that, and nothing is done anew. Without a key it is a transaction like any other. One for each
 * request.
 */
export async function inTransactionOnce<T>(desk: Desk, work: (db: Db) => Promise<T>): Promise<T> {
  const run = held.getStore()
  if (!run) return inTransaction(desk.database, work)
  if (run.isSpent) throw new Error('A request can keep one thing that it has done under its key, and this is the second')
  run.isSpent = true
  const { id, holder, effect } = run.held
  if (effect) return effect.is as T
  return inTransaction(desk.database, async db => {
    const is = await work(db)
    // Whoever was taken for dead, and was not, undoes what another run does now.
    if (!(await keys.keepEffect(db, { id, holder, sealed: closed(desk, id, JSON.stringify({ is })) }))) throw inFlight()
    return is
  })
}

/** Keeps the answer for a day from the first attempt on. It may hold secrets that are shown once, so it is sealed. */
export function keep(desk: Desk, { id, holder }: Held, { status, type, body }: Answer) {
  const sealed = closed(desk, id, JSON.stringify({ type, body }))
  return inTransaction(desk.database, db => keys.finish(db, { id, holder, status, sealed }))
}

/** The run came to nothing, and the key may be used again. */
export function letGo(desk: Desk, { id, holder }: Held) {
  return inTransaction(desk.database, db => keys.release(db, { id, holder }))
}

function inFlight() {
  return new Problem('idempotency_in_flight', { headers: { 'retry-after': '1' } })
}

function idOf({ who, method, path, key }: Attempt) {
  return createHash('sha256')
    .update(JSON.stringify([who, method, path, key]))
    .digest('base64url')
}

function closed(desk: Desk, id: string, text: string) {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', derived(desk, 'answers'), nonce).setAAD(Buffer.from(id))
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

function unsealed<T>(desk: Desk, id: string, sealed: string): T {
  const bytes = Buffer.from(sealed, 'base64url')
  try {
    const cipher = createDecipheriv('aes-256-gcm', derived(desk, 'answers'), bytes.subarray(0, 12)).setAAD(Buffer.from(id))
    cipher.setAuthTag(bytes.subarray(-16))
    return JSON.parse(`${cipher.update(bytes.subarray(12, -16), undefined, 'utf8')}${cipher.final('utf8')}`)
  } catch {
    // Closed under an APP_SECRET that is no longer this one's. To run it again could do a thing twice.
    throw new Problem('idempotency_key_reused')
  }
}

function derived({ secret }: Desk, use: string) {
  return Buffer.from(hkdfSync('sha256', secret, 'mislata', `idempotency-${use}`, 32))
}
