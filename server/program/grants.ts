import { createHmac } from 'node:crypto'
import { post } from '../providers/webhook.ts'
import { nextGrantAt, reasonOf } from '../rules/reward.ts'
import { signatures } from '../rules/signature.ts'
import * as credits from '../store/credits.ts'
import * as customers from '../store/customers.ts'
import { inTransaction } from '../store/database.ts'
import type { Program } from '../store/programs.ts'
import * as referrals from '../store/referrals.ts'
import type { Reward } from '../store/rewards.ts'
import * as rewards from '../store/rewards.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { count } from './referral-counts.ts'

// A call is over long before somebody else may take its reward up again.
const CALL_MS = 10_000
const LEASE_MS = 60_000
const AT_ONCE = 10
const RECOVERY_MS = 20_000

/** The programs in which a grant is due. */
export async function programsWithDue(desk: Desk): Promise<Program[]> {
  const due = await rewards.programsWithDue(desk.database.db, desk.clock().toISOString())
  const { programs } = await desk.directory.current()
  return due.map(({ programId }) => programs.get(programId)).filter(program => program !== undefined)
}

/** Grants what is due in a program, a few at a time, until nothing is or `signal` says that it is enough. */
export async function grantDueOf(desk: Desk, program: Program, signal: AbortSignal) {
  const startedAt = performance.now()
  // Settings may change; whoever goes on for long is to begin anew with those of then.
  while (!signal.aborted && performance.now() - startedAt < CALL_MS) {
    const due = await rewards.due(desk.database.db, program.id, { now: desk.clock().toISOString(), limit: AT_ONCE })
    if (!due.length) return
    await Promise.all(due.map(({ id }) => grant(desk, program, id, signal)))
  }
}

/**
 * Tries again, now, up to `limit` of a program's rewards that have not been granted, whether or not their time has come.
 * Any number may run at once: what one is at work on, the others leave alone. `pending` is what remains afterwards.
 */
export async function recover(desk: Desk, program: Program, limit: number) {
  const { db } = desk.database
  const startedAt = performance.now()
  const outcomes: (boolean | undefined)[] = []
  const found = await rewards.outstanding(db, program.id, { now: desk.clock().toISOString(), limit })
  await inGroups(found, async ({ id }) => {
    // Whoever asks would not wait longer; the rest is left to the next call.
    if (performance.now() - startedAt < RECOVERY_MS) outcomes.push(await grant(desk, program, id))
  })
  const granted = outcomes.filter(each => each === true).length
  const failed = outcomes.filter(each => each === false).length
  return { attempted: granted + failed, granted, failed, pending: await rewards.countOutstanding(db, program.id) }
}

/** What a program's grants are signed with. It is made from the installation's own secret, and changes with that alone. */
export function grantSecret({ secret }: Desk, program: Program) {
  return `whsec_${createHmac('sha256', secret).update(`grant\n${program.id}`).digest('base64')}`
}

/** Books a reward's credits into the customer's balance here, in the caller's transaction. */
export async function grantHere(desk: Desk, db: Db, program: Program, reward: Reward) {
  const { customerId, referralId, grantKey, role } = reward
  await credits.add(db, {
    id: newId('crd', desk.clock()),
    programId: program.id,
    customerId,
    referralId,
    entryKey: grantKey,
    credits: reward.credits,
    reason: reasonOf[role],
    createdAt: nowIn(desk, program).toISOString(),
  })
  await granted(desk, db, program, reward.id, 'kept')
}

/** That a reward has been granted; once more where it was taken back, and then holds after all. */
export async function tellGranted(desk: Desk, db: Db, program: Program, { id, customerId: ours, ...reward }: Reward) {
  const customer = await customers.byId(db, program.id, ours)
  const { referralId, role, credits, grantKey } = reward
  const data = { rewardId: id, referralId, role, customerId: customer?.externalId ?? ours, credits, grantKey }
  await announce(desk, db, program, { event: 'reward.granted', object: id, partnerId: null, data })
}

/** That a reward does not hold any more. A grant that was asked for and not answered may or may not have been made. */
export function tellReversed(desk: Desk, db: Db, program: Program, reward: Reward) {
  const { id, referralId, role, credits, grantKey, grantedAt, attempts } = reward
  const granted = grantedAt ? 'yes' : attempts > 0 ? 'unknown' : 'no'
  const data = { rewardId: id, referralId, role, credits, grantKey, granted }
  return announce(desk, db, program, { event: 'reward.reversed', object: id, partnerId: null, data })
}

/** One attempt: taken, made, written down. True for granted, false for failed, undefined where there was nothing to do. */
async function grant(desk: Desk, program: Program, id: string, signal?: AbortSignal): Promise<boolean | undefined> {
  const now = desk.clock()
  const until = new Date(now.getTime() + LEASE_MS).toISOString()
  const reward = await inTransaction(desk.database, db => rewards.claim(db, id, { now: now.toISOString(), until }))
  if (!reward) return undefined
  const { grantUrl } = program.settings.rewards
  const outcome = grantUrl ? await call(desk, program, reward, grantUrl, signal) : await keep(desk, program, reward)
  if (grantUrl && outcome === 'ok') await inTransaction(desk.database, db => granted(desk, db, program, id, outcome))
  else if (outcome !== 'kept') await inTransaction(desk.database, db => failed(desk, db, program, reward, outcome))
  return outcome === 'ok' || outcome === 'kept'
}

async function call(desk: Desk, program: Program, reward: Reward, url: string, signal?: AbortSignal) {
  const { grantKey, credits, role, attempts } = reward
  const customer = await customers.byId(desk.database.db, program.id, reward.customerId)
  const customerId = customer?.externalId ?? reward.customerId
  const body = JSON.stringify({ grantKey, customerId, credits, reason: reasonOf[role] })
  const header = program.settings.webhooks.signatureHeader ?? desk.signatureHeader
  const secrets = [grantSecret(desk, program)] as const
  const signed = signatures({ id: grantKey, at: desk.clock(), body, secrets, attempt: attempts, header })
  const headers = { 'content-type': 'application/json', 'idempotency-key': grantKey, ...signed }
  const answer = await post({
    url,
    headers,
    body,
    timeoutMs: CALL_MS,
    allowPrivate: desk.allowPrivateWebhooks,
    ...(signal && { signal }),
  })
  return answer.outcome === 'status' ? `status ${answer.status}` : answer.outcome
}

/** Without an address credits are kept here; but never those that were asked for elsewhere and may have been granted there. */
async function keep(desk: Desk, program: Program, reward: Reward) {
  if (reward.attempts > 1) return 'no grantUrl'
  return inTransaction(desk.database, async db => {
    await referrals.hold(db, program.id, reward.referralId)
    const current = await rewards.byId(db, reward.id)
    if (!current || current.reversedAt || current.grantedAt) return 'taken back'
    await grantHere(desk, db, program, current)
    return 'kept'
  })
}

async function granted(desk: Desk, db: Db, program: Program, id: string, outcome: string) {
  const found = await rewards.byId(db, id)
  const referral = found && (await referrals.hold(db, program.id, found.referralId))
  const before = referral && (await rewards.byId(db, id))
  if (!before || before.grantedAt) return
  const now = nowIn(desk, program).toISOString()
  const done = { grantedAt: now, lastOutcome: outcome, nextAttemptAt: null, leasedUntil: null }
  const reward = await rewards.update(db, id, done)
  // It was taken back while the call was under way: now it is known that there is something to take back.
  if (reward.reversedAt) return tellReversed(desk, db, program, reward)

  await count(db, program, referral, 'credits', now, reward.credits)
  await tellGranted(desk, db, program, reward)
  const { referralId } = reward
  const all = await rewards.ofReferrals(db, [referralId])
  if (!all.every(each => each.grantedAt)) return
  await referrals.update(db, referralId, { rewardedAt: now })
  await count(db, program, referral, 'rewarded', now)
}

async function failed(desk: Desk, db: Db, program: Program, { id, referralId, attempts }: Reward, outcome: string) {
  await referrals.hold(db, program.id, referralId)
  const reward = await rewards.byId(db, id)
  // Somebody else has taken it up meanwhile, or has granted it.
  if (!reward || reward.grantedAt || reward.attempts !== attempts) return
  const nextAttemptAt = reward.reversedAt ? null : nextGrantAt(attempts, desk.clock())
  await rewards.update(db, id, { lastOutcome: outcome, nextAttemptAt, leasedUntil: null })
}

async function inGroups<T>(all: T[], work: (one: T) => Promise<void>) {
  for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(work))
}
