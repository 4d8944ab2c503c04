import type { MadePayouts, NewPayouts } from '../contract/payouts.ts'
import { Problem } from '../problem.ts'
import { payableFrom } from '../rules/commission-status.ts'
import { payoutStatus } from '../rules/partner-api.ts'
import { carriedOf, minimumIn, outcomeOfPayout, type PayoutAct, payable } from '../rules/payout.ts'
import { inTransaction } from '../store/database.ts'
import * as journal from '../store/journal.ts'
import * as partners from '../store/partners.ts'
import * as due from '../store/payable.ts'
import type { Payout } from '../store/payouts.ts'
import * as payouts from '../store/payouts.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { payoutCompleted, payoutFailed } from './news.ts'

type Made = { made: Payout[]; carried: MadePayouts['carried'] }

/**
 * Makes a payout for every partner and currency in which what may be paid reaches the minimum, each in a transaction of its
 * own, and says what it has left. However many runs there are at once, each commission is in one payout: a run that comes
 * second finds nothing due. Nothing leaves.
 */
export async function run(desk: Desk, program: Program, wanted: NewPayouts): Promise<Made> {
  const now = nowIn(desk, program).toISOString()
  const { minPayoutAmount } = program.settings
  const made: Payout[] = []
  const carried: Made['carried'] = []
  for (const { partnerId, currency, amount } of await due.byPartner(desk.database.db, program.id, { ...wanted, now })) {
    const minimum = minimumIn(minPayoutAmount, currency)
    const result = carriedOf(amount, minimum) ?? (await pay(desk, program, { partnerId, currency, minimum, now }))
    if (!result) continue
    if ('id' in result) made.push(result)
    else carried.push({ partnerId, amount: result.amount, currency, reason: result.reason })
  }
  return { made, carried }
}

type Asked = { partnerId: string; currency: string; minimum: number; now: string }

/** One partner's payout in one currency, or why there is none; nothing where another run has just made it. */
function pay(desk: Desk, program: Program, { partnerId, currency, minimum, now }: Asked) {
  return inTransaction(desk.database, async db => {
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
    const id = newId('pay', desk.clock())
    const byId = new Map(held.map(each => [each.id, each]))
    const rows = lines.map((line, position) => {
      const { settled = 0, lines: before = 0 } = byId.get(line.commissionId) ?? {}
      return { ...line, payoutId: id, programId: program.id, position, number: before + 1, settledBefore: settled }
    })
    const { payoutMethod: method } = partner
    const row = { id, programId: program.id, partnerId, amount, currency, method, createdAt: now }
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
 * Marks a payout as paid, for good, and tells of it. Again changes nothing; 409 where it has failed, 404 where it is not
 * the program's.
 */
export function markPaid(desk: Desk, program: Program, id: string, reference: string | null): Promise<Payout> {
  return mark(desk, program, id, 'paid', async (db, payout, now) => {
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
 * nothing; 409 where it was paid, 404 where it is not the program's.
 */
export function markFailed(desk: Desk, program: Program, id: string, reason: string): Promise<Payout> {
  return mark(desk, program, id, 'failed', async (db, payout, now) => {
    const after = await payouts.update(db, id, { failedAt: now, failure: reason })
    await payouts.giveBack(db, id)
    await book(desk, db, payout, 'payout_failed', now, line => [
      { ...line, account: 'partner_payable', amount: -line.amount, availableAt: null },
      { ...line, account: 'partner_earnings' },
    ])
    await announce(desk, db, program, payoutFailed(after))
    return after
  })
}

type Marking = (db: Db, payout: Payout, now: string) => Promise<Payout>

function mark(desk: Desk, program: Program, id: string, act: PayoutAct, work: Marking) {
  return inTransaction(desk.database, async db => {
    const payout = await payouts.hold(db, program.id, id)
    if (!payout) throw new Problem('payout_not_found')
    const outcome = outcomeOfPayout(act, payoutStatus(payout))
    if (outcome === 'done') return payout
    if (outcome !== 'do') throw new Problem(outcome)
    const after = await work(db, payout, nowIn(desk, program).toISOString())
    await record(desk, db, program, {
      action: `payout.${act}`,
      object: id,
      before: { status: payoutStatus(payout) },
      after: { status: payoutStatus(after) },
    })
    return after
  })
}

type Line = Pick<journal.Entry, 'partnerId' | 'commissionId' | 'currency' | 'amount' | 'availableAt'>
type Kind = 'payout_created' | 'payout_paid' | 'payout_failed'

/** Moves what every line of a payout is worth from one account to another. */
async function book(desk: Desk, db: Db, payout: Payout, kind: Kind, now: string, entriesOf: (line: Line) => journal.Entry[]) {
  const { id, programId, partnerId, currency } = payout
  const entries = (await payouts.lines(db, id)).flatMap(({ commissionId, amount, ...commission }) =>
    entriesOf({ partnerId, commissionId, currency, amount, availableAt: payableFrom(commission) }),
  )
  const transaction = { id: newId('jtx', desk.clock()), programId, key: `${kind}:${id}`, kind, at: now, createdAt: now }
  await journal.post(db, { ...transaction, entries })
}
