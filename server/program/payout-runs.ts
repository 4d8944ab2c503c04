import { createHash } from 'node:crypto'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { MadePayouts, NewPayouts } from '../contract/payouts.ts'
import { Problem } from '../problem.ts'
import { carriedOf, minimumIn } from '../rules/payout.ts'
import { batchLine, batchTitles, totalsOf } from '../rules/payout-batch.ts'
import { inTransaction } from '../store/database.ts'
import * as due from '../store/payable.ts'
import type { Batch, Run } from '../store/payout-batches.ts'
import * as batches from '../store/payout-batches.ts'
import type { Payout } from '../store/payouts.ts'
import type { Program } from '../store/programs.ts'
import * as programs from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { actorOf, record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { pay } from './payouts.ts'

const leaseMs = 60_000
const longestWaitMs = 10_000

type Left = Omit<MadePayouts['carried'][number], 'partnerName'>
type Made = { batch: Batch | null; made: Payout[]; carried: Left[] }

/**
 * Makes a payout for every partner and currency in which what may be paid reaches the minimum, all of them in one batch,
 * which is frozen with the hash of its lines, and says what it has left. A program's runs go one after the other, on
 * however many servers: one that comes while another is at work waits for it, and then finds nothing due. No batch is made
 * of nothing. Nothing leaves. 503 where another run takes too long.
 */
export async function run(desk: Desk, program: Program, wanted: NewPayouts): Promise<Made> {
  return work(desk, program, await begun(desk, program, wanted))
}

/** Completes the runs whose servers have stopped in the middle of them. */
export async function finishAbandoned(desk: Desk) {
  for (const programId of await batches.abandoned(desk.database.db, desk.clock().toISOString())) {
    const program = await programs.byId(desk.database.db, programId)
    const left = program && (await batches.takeUp(desk.database.db, programId, held(desk)))
    if (program && left) await work(desk, program, left)
  }
}

/** The program's next run, begun as soon as nobody is at another. */
async function begun(desk: Desk, program: Program, wanted: NewPayouts): Promise<Run> {
  const { db } = desk.database
  const { kind: actorKind, id: actorId, label: actorLabel } = await actorOf(db)
  const createdAt = nowIn(desk, program).toISOString()
  const [currency, method] = [wanted.currency ?? null, wanted.method ?? null]
  const asked = { programId: program.id, currency, method, actorKind, actorId, actorLabel, createdAt }
  const until = performance.now() + longestWaitMs
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 200)) {
    const { holder, leasedUntil } = held(desk)
    const next: Run = { ...asked, batchId: newId('bat', desk.clock()), holder, leasedUntil }
    if (await batches.begin(db, next)) return next
    const left = await batches.takeUp(db, program.id, held(desk))
    if (left) await work(desk, program, left)
    else if (performance.now() > until) throw Problem.later('unavailable', 10)
    else await setTimeout(pauseMs)
  }
}

async function work(desk: Desk, program: Program, current: Run): Promise<Made> {
  try {
    const { made, carried } = await payAll(desk, program, current)
    return { batch: await sealed(desk, program, current), made, carried }
  } catch (error) {
    // Whoever comes next need not wait for the lease to run out. If that cannot be said either, it runs out.
    await batches.renew(desk.database.db, current, desk.clock().toISOString()).catch(() => {})
    throw error
  }
}

async function payAll(desk: Desk, program: Program, current: Run) {
  const now = nowIn(desk, program).toISOString()
  const { currency, method, batchId } = current
  const wanted = { now, ...(currency !== null && { currency }), ...(method !== null && { method }) }
  const made: Payout[] = []
  const carried: Made['carried'] = []
  const renew = (db: Db) => stillHeld(desk, db, current)
  for (const { partnerId, currency, amount } of await due.byPartner(desk.database.db, program.id, wanted)) {
    const minimum = minimumIn(program.settings, currency)
    const at = { batchId, partnerId, currency, minimum, now, renew }
    const result = carriedOf(amount, minimum) ?? (await pay(desk, program, at))
    if (!result) continue
    if ('id' in result) made.push(result)
    else carried.push({ partnerId, currency, minimum, ...result })
    // SQLite answers at once: without a pause a long run would let nobody else have a turn.
    await setImmediate()
  }
  return { made, carried }
}

/** Ends a run: what it has made is a batch from then on. Null where it has made nothing. */
function sealed(desk: Desk, program: Program, current: Run): Promise<Batch | null> {
  return inTransaction(desk.database, async db => {
    await stillHeld(desk, db, current)
    const all = await batches.payoutsOf(db, current.batchId)
    await batches.end(db, current)
    if (!all.length) return null
    const { batchId: id, programId, currency, method, actorKind, actorId, actorLabel, createdAt } = current
    const hash = createHash('sha256').update(batchTitles)
    for await (const lines of batches.lines(db, id)) hash.update(lines.map(batchLine).join(''))
    const [count, totals, sha256] = [all.length, totalsOf(all), hash.digest('hex')]
    const content = { count, totals: JSON.stringify(totals), hash: sha256 }
    const asked = { currency, method, actorKind, actorId, actorLabel, createdAt }
    const batch = await batches.insert(db, { id, programId, ...asked, ...content })
    await record(desk, db, program, { action: 'payout_batch.created', object: id, after: { count, totals, sha256 } })
    return batch
  })
}

// Whoever has lost the run to another must not add to what that one is about to freeze.
async function stillHeld(desk: Desk, db: Db, current: Run) {
  if (!(await batches.renew(db, current, held(desk).leasedUntil))) throw Problem.later('unavailable', 10)
}

function held(desk: Desk) {
  const now = desk.clock()
  const leasedUntil = new Date(now.getTime() + leaseMs).toISOString()
  return { holder: newId('bat', now), leasedUntil, now: now.toISOString() }
}
