import type { CommissionLine } from '../contract/conversions.ts'
import { Problem } from '../problem.ts'
import { type Act, commissionStatus, type Facts, outcomeOf, payableFrom } from '../rules/commission-status.ts'
import { isOpen } from '../rules/dispute.ts'
import { dayOf } from '../rules/period.ts'
import { movement, worth } from '../rules/standing.ts'
import type { Commission } from '../store/commissions.ts'
import * as commissions from '../store/commissions.ts'
import * as conversions from '../store/conversions.ts'
import * as counts from '../store/counts.ts'
import * as journal from '../store/journal.ts'
import * as merges from '../store/partner-merges.ts'
import * as facts from '../store/payment-facts.ts'
import * as periods from '../store/periods.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { newId } from './ids.ts'
import { commissionReversed } from './news.ts'
import { openPeriod } from './periods.ts'

/** The reason for which a commission is held while its referral is being looked at. */
export const REVIEW = 'referral_review'
/** The reason for which a commission is held while its payment is disputed. */
export const DISPUTE = 'dispute'

type Change = Partial<Facts> & { heldReason?: string | null; releasedAt?: string | null; why?: string }
type Cause = {
  /** What it is the record of: the same cause cannot move the same commission twice. */
  key: string
  kind:
    | 'commission_reversed'
    | 'commission_restored'
    | 'commission_limited'
    | 'commission_approved'
    | 'commission_held'
    | 'commission_released'
    | 'commission_rejected'
  /** What is told of it outside, where the kind does not say it. */
  reason?: string
}

/**
 * Changes what is on record of one commission, which the caller holds, and moves its money to where it then stands, in
 * the caller's transaction. The journal gets one transaction that sums to zero, or none where no money moves.
 */
export async function move(
  desk: Desk,
  db: Db,
  program: Program,
  before: Commission,
  { key, kind, reason, ...change }: Cause & Change,
) {
  const slots = movement(before, { ...before, ...change })
  const owner = slots.length ? await adopted(db, before) : {}
  const after: Commission = { ...before, ...change, ...owner }
  await commissions.update(db, before.id, { ...change, ...owner })
  if (!slots.length) return after
  const now = nowIn(desk, program).toISOString()
  const { id, referralId, currency } = before
  const [partnerId, owedTo] = [earnerOf(before), after.partnerId]
  const gained = worth(after) - worth(before)
  if (gained !== 0) {
    // On the day of the sale, so that a day's earnings are the same in whatever order its facts become known. Days, month
    // and journal are held in this order by whoever books anything, or two would wait for each other.
    const day = dayOf(new Date(before.occurredAt), program.settings.timeZone)
    await counts.addEarned(db, { partnerId, referralId, day, currency, amount: gained })
    const period = await openPeriod(desk, db, program, before.period)
    await periods.add(db, { programId: program.id, period, partnerId, currency, amount: gained })
  }
  await journal.post(db, {
    id: newId('jtx', desk.clock()),
    programId: program.id,
    key,
    kind,
    at: now,
    createdAt: now,
    entries: slots.map(slot => ({
      ...slot,
      partnerId: slot.account === 'commission_expense' ? partnerId : owedTo,
      commissionId: id,
      currency,
    })),
  })
  if (gained === 0) return after
  await announce(desk, db, program, commissionReversed(after, { amount: -gained, reason: reason ?? reasons[kind] ?? kind }))
  return after
}

/** Who earned a commission: whom it is owed to, unless that one has got it by a merge. Days, months and cost go by this. */
export function earnerOf({ earnedBy, partnerId }: Pick<Commission, 'earnedBy' | 'partnerId'>) {
  return earnedBy ?? partnerId
}

/**
 * To whom a commission goes of which something is owed again, or owed back: what is all in payouts stays with a partner that
 * is merged for as long as that is so.
 */
export async function adopted(db: Db, commission: Pick<Commission, 'earnedBy' | 'partnerId'>) {
  const partnerId = await merges.heirOf(db, commission.partnerId)
  return partnerId === commission.partnerId ? {} : { partnerId, earnedBy: earnerOf(commission) }
}

const reasons: Partial<Record<Cause['kind'], string>> = {
  commission_reversed: 'refund',
  commission_limited: 'limit',
  commission_rejected: 'rejected',
}

/**
 * Approves, holds, releases or rejects a commission, and returns it as it then is. The same act again changes nothing;
 * 409 where it is in a state that does not allow the act, 404 where it is not the program's. A rejection is final.
 */
export function decide(desk: Desk, program: Program, id: string, decision: { act: Act; reason: string | null; by: string }) {
  return inTransactionOnce(desk, async db => {
    const [commission] = await commissions.hold(db, { programId: program.id, id })
    if (!commission) throw new Problem('commission_not_found')
    const status = commissionStatus(commission, nowIn(desk, program).toISOString())
    const outcome = outcomeOf(decision.act, status, commission.releasedAt !== null)
    if (outcome === 'done') return commission
    if (outcome !== 'do') throw new Problem(outcome)
    // On its way to the partner already, or so it may be: what was in a file cannot be called back from here.
    if (commission.payoutId) throw new Problem('commission_in_payout')
    // Its own payout has failed, but not the one that took a refund of it back: that has to be settled by the next.
    const stops = decision.act === 'hold' || decision.act === 'reject'
    if (stops && commission.settled !== 0) throw new Problem('commission_in_payout')
    // Whoever releases it has seen what it was held for, and does not want it to wait any longer.
    if (decision.act === 'release') await waiveDisputes(desk, db, program, commission)
    return decideHeld(desk, db, program, commission, decision)
  })
}

async function waiveDisputes(desk: Desk, db: Db, program: Program, { conversionId }: Commission) {
  const sale = conversionId ? await conversions.byId(db, program.id, conversionId) : undefined
  if (sale) await facts.waive(db, sale, nowIn(desk, program).toISOString())
}

/** A commission waits for the outcome of a dispute, or does not any more, in the caller's transaction. */
export function decideDisputed(desk: Desk, db: Db, program: Program, commission: Commission, act: 'hold' | 'release') {
  return decideHeld(desk, db, program, commission, { act, reason: DISPUTE, by: 'system' })
}

/**
 * What a payout gives back waits for the disputes that were opened while it was in there, in the caller's transaction, which
 * has given it back and so holds it: a dispute that is told of meanwhile comes before or after.
 */
export async function holdDisputed(desk: Desk, db: Db, program: Program, payoutId: string) {
  for (const id of await facts.disputedIn(db, payoutId)) {
    const [commission] = await commissions.hold(db, { programId: program.id, id })
    if (commission && !commission.heldAt && !commission.rejectedAt && commission.payoutId === null)
      await decideDisputed(desk, db, program, commission, 'hold')
  }
}

/** What is held for the review of a referral goes on as if it never had been, in the caller's transaction. */
export async function releaseHeldOf(desk: Desk, db: Db, program: Program, referralId: string) {
  await decideReviewed(desk, db, program, referralId, 'release')
}

/** What is held for the review of a referral is rejected for good, in the caller's transaction. */
export async function rejectHeldOf(desk: Desk, db: Db, program: Program, referralId: string) {
  await decideReviewed(desk, db, program, referralId, 'reject')
}

async function decideReviewed(desk: Desk, db: Db, program: Program, referralId: string, act: 'release' | 'reject') {
  for (const commission of await commissions.hold(db, { programId: program.id, referralId })) {
    if (!commission.heldAt || commission.heldReason !== REVIEW || commission.rejectedAt) continue
    if (act === 'release' && (await isDisputed(db, program, commission))) {
      await commissions.update(db, commission.id, { heldReason: DISPUTE })
      continue
    }
    await decideHeld(desk, db, program, commission, { act, reason: REVIEW, by: 'system' })
  }
}

async function isDisputed(db: Db, program: Program, { conversionId }: Commission) {
  const sale = conversionId ? await conversions.byId(db, program.id, conversionId) : undefined
  return !!sale && (await facts.disputesOf(db, sale)).some(isOpen)
}

type Decision = { act: Act; reason: string | null; by: string }

async function decideHeld(desk: Desk, db: Db, program: Program, commission: Commission, { act, reason, by }: Decision) {
  const now = nowIn(desk, program).toISOString()
  const id = newId('dcn', desk.clock())
  await commissions.addDecision(db, {
    id,
    programId: program.id,
    commissionId: commission.id,
    act,
    reason,
    decidedBy: by,
    createdAt: now,
  })
  const changes = {
    approve: { kind: 'commission_approved', approvedAt: now },
    hold: { kind: 'commission_held', heldAt: now, heldReason: reason, releasedAt: null },
    release: { kind: 'commission_released', heldAt: null, heldReason: null, releasedAt: now },
    reject: { kind: 'commission_rejected', rejectedAt: now },
  } as const satisfies Record<Act, Omit<Cause, 'key'> & Change>
  const after = await move(desk, db, program, commission, { key: `decided:${id}`, ...changes[act] })
  await record(desk, db, program, {
    action: acted[act],
    object: commission.id,
    before: { status: commissionStatus(commission, now) },
    after: { status: commissionStatus(after, now), reason },
  })
  return after
}

const acted = {
  approve: 'commission.approved',
  hold: 'commission.held',
  release: 'commission.released',
  reject: 'commission.rejected',
} as const

/** A commission as every route of our own shows it: what is left of it, and where it stands. */
export function lineOf(commission: Commission, now: string): CommissionLine {
  const { id, partnerId, amount, reversed, currency, why } = commission
  return {
    id,
    partnerId,
    amount: amount - reversed,
    currency,
    status: commissionStatus(commission, now),
    availableAt: payableFrom(commission),
    why: JSON.parse(why),
  }
}
