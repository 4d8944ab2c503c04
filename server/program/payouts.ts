import { Problem } from '../problem.ts'
import { payableFrom } from '../rules/commission-status.ts'
import { payoutStatus } from '../rules/partner-api.ts'
import { waitsUntil } from '../rules/pay-to.ts'
import { outcomeOfPayout, type PayoutAct, payable } from '../rules/payout.ts'
import { isUnderWay } from '../rules/sending.ts'
import { inTransaction } from '../store/database.ts'
import * as journal from '../store/journal.ts'
import * as merges from '../store/partner-merges.ts'
import * as partners from '../store/partners.ts'
import * as due from '../store/payable.ts'
import type { Payout } from '../store/payouts.ts'
import * as payouts from '../store/payouts.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import * as sendings from '../store/sendings.ts'
import { announce } from './announce.ts'
import { record } from './audit.ts'
import { holdDisputed } from './commissions.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { payoutCompleted, payoutFailed } from './news.ts'

type Asked = { batchId: string; partnerId: string; currency: string; minimum: number; now: string; renew(db: Db): Promise<void> }

/**
 * One partner's payout in one currency, in a transaction that first renews the run that it belongs to, or why there is none;
 * nothing where nothing is due any more. Nothing leaves.
 */
export function pay(desk: Desk, program: Program, { batchId, partnerId, currency, minimum, now, renew }: Asked) {
  return inTransaction(desk.database, async db => {
    await renew(db)
    const partner = await partners.hold(db, program.id, partnerId)
    if (!partner) return undefined
    const held = await due.hold(db, { programId: program.id, partnerId, currency, now })
    if (!held.length) return undefined
    const entries = held.map(({ amount, reversed, settled, id, ...rest }) => ({
      ...rest,
      commissionId: id,
      amount: amount - reversed - settled,
      payableFrom: payableFrom(rest),
    }))
    const { lines, amount, carried } = payable(entries, now, minimum)
    if (carried) return carried
    const until = waitsUntil(partner.payoutChangedAt, program.settings.payoutCoolingDays, now)
    if (until) return { amount, reason: 'details_changed' as const, until }
    const id = newId('pay', desk.clock())
    const byId = new Map(held.map(each => [each.id, each]))
    const rows = lines.map((line, position) => {
      const { settled = 0, lines: before = 0 } = byId.get(line.commissionId) ?? {}
      return { ...line, payoutId: id, programId: program.id, position, number: before + 1, settledBefore: settled }
    })
    const { payoutMethod: method } = partner
    const row = { id, programId: program.id, partnerId, amount, currency, method, createdAt: now, batchId }
    const payout = await payouts.insert(db, row, rows)
    await book(desk, db, payout, 'payout_created', now, line => [
      { ...line, account: 'partner_earnings', amount: -line.amount },
      { ...line, account: 'partner_payable', availableAt: null },
    ])
    await record(desk, db, program, { action: 'payout.created', object: id, after: { partnerId, amount, currency, method } })
    return payout
  })
}

/**
 * Marks a payout as paid, for good, and tells of it. Again changes nothing; 409 where it has failed or a provider is sending
 * it, 404 where it is not the program's.
 */
export function markPaid(desk: Desk, program: Program, id: string, reference: string | null): Promise<Payout> {
  return inTransaction(desk.database, async db => {
    await assertNotSending(db, program, id)
    return settlePaid(desk, db, program, id, reference)
  })
}

/** The same in the caller's transaction, for who has sent it. */
export function settlePaid(desk: Desk, db: Db, program: Program, id: string, reference: string | null): Promise<Payout> {
  return mark(desk, db, program, id, 'paid', async (payout, now) => {
    const method = payout.method ?? (await partners.byId(db, program.id, payout.partnerId))?.payoutMethod ?? null
    const after = await payouts.update(db, id, { paidAt: now, reference, method })
    await payouts.markPaid(db, id)
    await book(desk, db, payout, 'payout_paid', now, line => [
      { ...line, account: 'partner_payable', amount: -line.amount, availableAt: null },
      { ...line, account: 'partner_paid', availableAt: null },
    ])
    await announce(desk, db, program, payoutCompleted(after))
    return after
  })
}

/**
 * Marks a payout as failed, for good, and gives what was in it back: the next run may pay it. Tells of it. Again changes
 * nothing; 409 where it was paid or a provider is sending it, 404 where it is not the program's.
 */
export function markFailed(desk: Desk, program: Program, id: string, reason: string): Promise<Payout> {
  return inTransaction(desk.database, async db => {
    await assertNotSending(db, program, id)
    return settleFailed(desk, db, program, id, reason)
  })
}

/** The same in the caller's transaction, for who has tried to send it. */
export function settleFailed(desk: Desk, db: Db, program: Program, id: string, reason: string): Promise<Payout> {
  return mark(desk, db, program, id, 'failed', async (payout, now) => {
    const after = await payouts.update(db, id, { failedAt: now, failure: reason })
    await payouts.giveBack(db, id)
    const heir = await merges.heirOf(db, payout.partnerId)
    if (heir !== payout.partnerId) await payouts.leaveTo(db, id, heir)
    await book(desk, db, payout, 'payout_failed', now, (line, owedTo) => [
      { ...line, account: 'partner_payable', amount: -line.amount, availableAt: null },
      { ...line, account: 'partner_earnings', partnerId: owedTo },
    ])
    await holdDisputed(desk, db, program, id)
    await announce(desk, db, program, payoutFailed(after))
    return after
  })
}

// Whoever marks it and whoever has it sent hold the payout first, one after the other.
async function assertNotSending(db: Db, program: Program, id: string) {
  await payouts.hold(db, program.id, id)
  const sending = await sendings.byPayout(db, id)
  if (sending?.programId === program.id && isUnderWay(sending.state)) throw new Problem('payout_is_sending')
}

type Marking = (payout: Payout, now: string) => Promise<Payout>

async function mark(desk: Desk, db: Db, program: Program, id: string, act: PayoutAct, work: Marking) {
  const payout = await payouts.hold(db, program.id, id)
  if (!payout) throw new Problem('payout_not_found')
  const outcome = outcomeOfPayout(act, payoutStatus(payout))
  if (outcome === 'done') return payout
  if (outcome !== 'do') throw new Problem(outcome)
  const after = await work(payout, nowIn(desk, program).toISOString())
  await record(desk, db, program, {
    action: `payout.${act}`,
    object: id,
    before: { status: payoutStatus(payout) },
    after: { status: payoutStatus(after) },
  })
  return after
}

type Line = Pick<journal.Entry, 'partnerId' | 'commissionId' | 'currency' | 'amount' | 'availableAt'>
type EntriesOf = (line: Line, owedTo: string) => journal.Entry[]
type Kind = 'payout_created' | 'payout_paid' | 'payout_failed'

/** Moves what every line of a payout is worth from one account to another; `owedTo` is whose its commission is now. */
async function book(desk: Desk, db: Db, payout: Payout, kind: Kind, now: string, entriesOf: EntriesOf) {
  const { id, programId, partnerId, currency } = payout
  const entries = (await payouts.lines(db, id)).flatMap(({ commissionId, amount, owedTo, ...commission }) =>
    entriesOf({ partnerId, commissionId, currency, amount, availableAt: payableFrom(commission) }, owedTo),
  )
  const transaction = { id: newId('jtx', desk.clock()), programId, key: `${kind}:${id}`, kind, at: now, createdAt: now }
  await journal.post(db, { ...transaction, entries })
}
