import type { Stuck, StuckKind, StuckRetried } from '../contract/stuck.ts'
import { Problem } from '../problem.ts'
import { PATIENCE_MS } from '../rules/mail/retry.ts'
import { inTransaction } from '../store/database.ts'
import type { Program } from '../store/programs.ts'
import * as stored from '../store/stuck.ts'
import { record } from './audit.ts'
import type { Desk } from './desk.ts'
import { replayOne } from './replays.ts'

// Jobs look every minute at the latest; what is due for longer is looked at by nobody.
const LATE_MS = 15 * 60_000
// A payment may be told of later than its refund, but not by days.
const REFUND_WAITS_MS = 24 * 3_600_000

/** What does not go on by itself in a program, the longest stuck of each kind first, and how many that is in all. */
export async function listStuck(desk: Desk, program: Program): Promise<{ data: Stuck[]; total: number }> {
  const now = desk.clock()
  const { db } = desk.database
  const about = { programId: program.id, now: now.toISOString() }
  const found = {
    payout: await stored.payouts(db, about),
    delivery: await stored.deliveries(db, about),
    grant: await stored.grants(db, about),
    mail: await stored.mails(db, about),
  }
  const late = await stored.late(db, {
    programId: program.id,
    before: new Date(now.getTime() - LATE_MS).toISOString(),
    refundsBefore: new Date(now.getTime() - REFUND_WAITS_MS).toISOString(),
  })
  const single = Object.entries(found).flatMap(([kind, { rows }]) => rows.map(row => shown(kind as keyof typeof words, row)))
  const total = Object.values(found).reduce((sum, { count }) => sum + count, 0)
  return { data: [...single, ...late.map(shownLate)], total: total + late.length }
}

export async function countStuck(desk: Desk, program: Program) {
  return (await listStuck(desk, program)).total
}

/**
 * Tries again what may be tried again: those that are named, or all. A mail and a delivery are sent anew, a grant is asked for
 * under the same key, and a payout whose outcome is unknown is asked after, and not sent. Any number of times, with the same
 * result: what is on its way already is left alone.
 */
export async function retryStuck(desk: Desk, program: Program, ids: string[] | undefined): Promise<StuckRetried['data']> {
  const { data } = await listStuck(desk, program)
  const known = new Map(data.map(each => [each.id, each]))
  const wanted = ids ? [...new Set(ids)] : data.filter(each => each.retry).map(each => each.id)
  const done: StuckRetried['data'] = []
  for (const id of wanted) {
    const stuck = known.get(id)
    if (!stuck) done.push({ id, outcome: 'nothing_to_do', reason: null })
    else if (!stuck.retry) done.push({ id, outcome: 'not_retried', reason: stuck.says })
    else done.push({ id, ...(await retried(desk, program, stuck)) })
  }
  const retriedIds = done.filter(each => each.outcome === 'retried').map(each => each.id)
  if (retriedIds.length)
    await inTransaction(desk.database, db =>
      record(desk, db, program, { action: 'stuck.retried', object: program.id, after: { ids: retriedIds } }),
    )
  return done
}

type Outcome = Omit<StuckRetried['data'][number], 'id'>

async function retried(desk: Desk, program: Program, { id, kind }: Stuck): Promise<Outcome> {
  const now = desk.clock()
  const about = { programId: program.id, now: now.toISOString() }
  const nothing: Outcome = { outcome: 'nothing_to_do', reason: null }
  if (kind === 'delivery') {
    try {
      await replayOne(desk, { program, partnerId: null }, id)
      return { outcome: 'retried', reason: null }
    } catch (error) {
      // It was forgotten, or its endpoint disabled, in this moment.
      if (!(error instanceof Problem)) throw error
      return { outcome: 'not_retried', reason: error.body().title }
    }
  }
  const givesUpAt = new Date(now.getTime() + PATIENCE_MS).toISOString()
  const did = await inTransaction(desk.database, db => {
    if (kind === 'mail') return stored.tryMail(db, id, { ...about, givesUpAt })
    return stored.hasten(db, kind === 'grant' ? 'rewards' : 'payoutSendings', id, about)
  })
  return did ? { outcome: 'retried', reason: null } : nothing
}

const words = {
  mail: 'This mail was not sent, and nobody tries any more.',
  delivery: 'This event was not delivered, and nobody tries any more.',
  grant: 'These credits were asked for several times and were not granted. It is tried again by itself.',
  payout: 'Whether this payout has left is not known. It is asked after by itself, and never sent again meanwhile.',
} satisfies Partial<Record<StuckKind, string>>

function shown(kind: keyof typeof words, { id, object, since, attempts, reason, state }: stored.Row): Stuck {
  const common = { id, kind, object, since, attempts: Number(attempts), reason }
  if (kind === 'delivery' && state === 'disabled')
    return { ...common, retry: false, says: 'Its endpoint is disabled. Enable it first, then send the event again.' }
  if (kind === 'payout' && state === 'stopped')
    return { ...common, retry: false, says: 'Nothing has left, and nobody tries any more. Send it again, or mark it by hand.' }
  if (kind === 'payout' && state === 'waiting')
    return { ...common, retry: true, says: 'This payout could not be sent several times. Nothing has left.' }
  return { ...common, retry: true, says: words[kind] }
}

const lateWords: Record<stored.Late['name'], string> = {
  mails: 'mails wait to be sent. Is there a mail server, and is it reached?',
  deliveries: 'events wait to be sent, and nobody takes them up.',
  payouts: 'payouts wait to be sent or asked after, and nobody takes them up.',
  grants: 'rewards wait to be granted, and nobody takes them up.',
  refunds: 'refunds wait for a payment that nobody has told of. They count as soon as it is told of.',
}

function shownLate({ name, count, since }: stored.Late): Stuck {
  const kind = name === 'refunds' ? 'refund' : 'job'
  return {
    id: `late_${name}`,
    kind,
    object: name,
    since,
    attempts: 0,
    reason: null,
    retry: false,
    says: `${count} ${lateWords[name]}`,
  }
}
