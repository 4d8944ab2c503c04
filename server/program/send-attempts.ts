import { Problem } from '../problem.ts'
import type { PayoutProvider, Sent } from '../providers/payout-provider.ts'
import { payoutStatus } from '../rules/partner-api.ts'
import { isUnderWay, nextOf, type Outcome, type Provider, type Said } from '../rules/sending.ts'
import { inTransaction } from '../store/database.ts'
import type { Connection } from '../store/payout-providers.ts'
import * as connections from '../store/payout-providers.ts'
import * as payouts from '../store/payouts.ts'
import type { Program } from '../store/programs.ts'
import * as programs from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import type { Sending } from '../store/sendings.ts'
import * as sendings from '../store/sendings.ts'
import type { Desk } from './desk.ts'
import { providerOf } from './payout-connections.ts'
import { settleFailed, settlePaid } from './payouts.ts'
import { assertWhole, keyOf } from './sending.ts'

/** Longer than the calls of one attempt take between them, so that what is under way is not taken again. */
const LEASE_MS = 180_000
/** How long something waits whose credentials are not there, or are another's. */
const WAITS_MS = 600_000

/** The payouts whose turn it is. */
export function due(desk: Desk, limit: number): Promise<string[]> {
  return sendings.due(desk.database.db, { now: desk.clock().toISOString(), limit })
}

/** What was tried, for whoever counts. */
export type Attempted = { provider: Provider; act: 'send' | 'look_up'; outcome: Outcome }

/**
 * One attempt at one payout: taken, written down, made, written down. However many processes try, one of them gets it; and
 * wherever one of them dies, what it may have sent is in doubt until the provider has said what came of it.
 */
export async function attempt(desk: Desk, payoutId: string, signal: AbortSignal): Promise<Attempted | undefined> {
  const now = desk.clock()
  const until = new Date(now.getTime() + LEASE_MS).toISOString()
  const taken = await inTransaction(desk.database, db => sendings.claim(db, payoutId, { now: now.toISOString(), until }))
  if (!taken) return undefined
  const { programs } = await desk.directory.current()
  const program = programs.get(taken.programId)
  if (!program) return undefined
  const { provider } = taken
  const act = taken.state === 'waiting' ? 'send' : 'look_up'
  const ready = await prepared(desk, taken, signal)
  if ('reason' in ready) {
    await putOff(desk, taken, ready.reason)
    return undefined
  }
  if (act === 'look_up') {
    const said = await ready.provider.lookUp(transferOf(program, taken), desk.clock())
    await settle(desk, program, taken, { act, said })
    return { provider, act, outcome: said.outcome }
  }

  const begun = await begin(desk, program, taken, ready.account)
  if (!begun) return { provider, act, outcome: 'stopped' }
  const said = await ready.provider.send(transferOf(program, taken))
  await settle(desk, program, taken, { act, said, number: begun })
  return { provider, act, outcome: said.outcome }
}

type Ready = { provider: PayoutProvider; account: string }

/** The provider to ask, if it is the one from whose account an earlier call may have gone. */
async function prepared(desk: Desk, taken: Sending, signal: AbortSignal): Promise<Ready | { reason: string }> {
  const connection = await connections.find(desk.database.db, taken.programId, taken.provider)
  if (!connection) return { reason: 'No credentials for this provider are set' }
  const provider = await providerOf(desk, connection, signal)
  if (!provider) return { reason: 'The credentials cannot be read: APP_SECRET has changed. Set them again' }
  const account = connection.account ?? (await accountOf(desk, connection, provider))
  if (typeof account !== 'string') return account
  const isOpen = taken.state !== 'waiting' || taken.doubtSince !== null
  if (isOpen && taken.account !== null && taken.account !== account)
    return { reason: `It was sent from ${taken.account}, and the credentials are for ${account}` }
  return { provider, account }
}

async function accountOf(desk: Desk, connection: Connection, provider: PayoutProvider) {
  const found = await provider.account()
  if ('reason' in found) return found
  await inTransaction(desk.database, db => connections.putAccount(db, connection, found.account))
  return found.account
}

/** Puts it in doubt, and on record what is about to be done: from here on it may have been sent. Its attempt's number. */
function begin(desk: Desk, program: Program, taken: Sending, account: string): Promise<number | undefined> {
  const { payoutId } = taken
  return inTransaction(desk.database, async db => {
    const payout = await payouts.hold(db, program.id, payoutId)
    const startedAt = desk.clock().toISOString()
    const reason = payout ? await reasonToStop(db, program, taken, payout) : 'The payout is not there'
    if (reason !== null) {
      // What may have gone under this key already is only asked after.
      const inDoubt = taken.doubtSince !== null
      const stopped = { state: 'stopped' as const, nextAt: null, endedAt: startedAt }
      const later = { state: 'unknown' as const, nextAt: plus(desk, WAITS_MS) }
      await sendings.settle(db, taken, { ...(inDoubt ? later : stopped), detail: reason, leasedUntil: null })
      return undefined
    }
    const doubtSince = taken.doubtSince ?? startedAt
    const begun = { state: 'unknown' as const, account, doubtSince, lastSentAt: startedAt }
    if (!(await sendings.settle(db, taken, begun))) return undefined
    const row = { payoutId, programId: program.id, act: 'send' as const, key: keyOf(taken), startedAt }
    return sendings.addAttempt(db, { ...row, endedAt: null, outcome: null, reason: null })
  })
}

async function reasonToStop(db: Db, program: Program, taken: Sending, payout: payouts.Payout) {
  // As it is now, and not as it was a second ago: nothing leaves a test program.
  const current = await programs.byId(db, program.id)
  if (current?.settings.mode !== 'live') return 'The program is in test mode'
  if (payoutStatus(payout) !== 'pending') return `The payout is ${payoutStatus(payout)}`
  if (payout.amount !== taken.amount || payout.currency !== taken.currency) return 'The payout is not what was asked for'
  try {
    await assertWhole(db, payout)
    return null
  } catch (error) {
    if (error instanceof Problem) return 'The payout is not what its lines come to'
    throw error
  }
}

type Heard = { act: 'send' | 'look_up'; said: Said; number?: number }

/**
 * Writes down what came of an attempt, and with it what becomes of the payout. What comes after somebody else has taken it up
 * counts no more: the same is found out again.
 */
async function settle(desk: Desk, program: Program, taken: Sending, { act, said, number }: Heard) {
  const { payoutId } = taken
  const inDoubt = act === 'send' && taken.doubtSince !== null
  await inTransaction(desk.database, async db => {
    await payouts.hold(db, program.id, payoutId)
    const now = desk.clock()
    const current = await sendings.byPayout(db, payoutId)
    if (!current || current.claims !== taken.claims) return
    const next = nextOf(act, said, { ...current, inDoubt, isFirst: taken.lastSentAt === null }, now)
    const endedAt = isUnderWay(next.state) ? null : now.toISOString()
    const { nextAt, ...rest } = next
    await sendings.settle(db, taken, { ...rest, nextAt: nextAt?.toISOString() ?? null, leasedUntil: null, endedAt })
    await note(db, taken, { act, said, number, at: now.toISOString() })
    if (said.outcome === 'done') await settlePaid(desk, db, program, payoutId, said.reference)
    else if (next.state === 'failed') await settleFailed(desk, db, program, payoutId, next.detail ?? 'Refused')
  })
}

/** On record: the end of the attempt that was begun, or a look-up; one that brings nothing new with the ones before it. */
async function note(
  db: Db,
  taken: Sending,
  { act, said, number, at }: Omit<Heard, 'number'> & { number: number | undefined; at: string },
) {
  const { payoutId, programId } = taken
  const { outcome } = said
  const reason = 'reason' in said ? said.reason : said.reference
  if (number !== undefined) return sendings.updateAttempt(db, { payoutId, number }, { endedAt: at, outcome, reason })
  const last = await sendings.lastAttempt(db, payoutId)
  if (last?.act === act && last.outcome === outcome && last.reason === reason)
    return sendings.updateAttempt(db, last, { endedAt: at, times: last.times + 1 })
  const row = { payoutId, programId, act, key: keyOf(taken), startedAt: at, endedAt: at, outcome, reason }
  await sendings.addAttempt(db, row)
}

/** Nothing could be asked: it stays as it is, for a while. */
async function putOff(desk: Desk, taken: Sending, reason: string) {
  const change = { detail: reason, nextAt: plus(desk, WAITS_MS), leasedUntil: null }
  await inTransaction(desk.database, db => sendings.settle(db, taken, change))
}

function plus(desk: Desk, ms: number) {
  return new Date(desk.clock().getTime() + ms).toISOString()
}

function transferOf({ settings }: Program, taken: Sending): Sent {
  const { payoutId, amount, currency, destination, handle, doubtSince, lastSentAt } = taken
  const note = `${settings.name}: your payout`
  return { key: keyOf(taken), payoutId, amount, currency, destination, note, handle, doubtSince, lastSentAt }
}
