import type { FindingCode } from '../contract/ledger.ts'
import { shown } from './commission.ts'
import { payableFrom } from './commission-status.ts'
import { isOpen } from './dispute.ts'
import { givenBack, type Facts as Known } from './given-back.ts'
import { reversed } from './reversal.ts'
import { type Slot, worth } from './standing.ts'

/** Something that the books say of one object and that does not follow from the rest of them. */
export type Wrong = { code: FindingCode; object: string; expected: string | null; actual: string | null; message: string }

type Commission = {
  id: string
  period: string
  currency: string
  amount: number
  reversed: number
  settled: number
  paidOut: number
  conversionId: string | null
  payoutId: string | null
  availableAt: string
  approvedAt: string | null
  heldAt: string | null
  heldReason: string | null
  rejectedAt: string | null
  createdAt: string
}

/** All that is known of one commission beside its own row. Amounts are minor units of its currency. */
export type Around = {
  /** Sums of its entries; `first` is 1 for those with which it was booked. */
  booked: readonly { account: string; availableAt: string | null; amount: number; first: number }[]
  lines: readonly { payoutId: string; number: number; amount: number; paidAt: string | null; failedAt: string | null }[]
  decisions: readonly { act: string; times: number }[]
  /** Its payment, and what has become known of that. */
  sale: (Omit<Known, 'disputes'> & { amount: number; discount: number; disputes: readonly Dispute[] }) | undefined
  /** When its month was closed. */
  closedAt: string | null
}

type Dispute = Known['disputes'][number] & { closedAt: string | null; waivedAt: string | null }

/** What of one commission does not follow from everything else that is on record. */
export function wrongInCommission(commission: Commission, around: Around): Wrong[] {
  return [
    ...wrongBalances(commission, around),
    ...wrongPayouts(commission, around),
    ...wrongReversal(commission, around),
    ...wrongState(commission, around),
    ...wrongPeriod(commission, around),
  ]
}

/** What each account must hold of a commission: what it is worth where it stands, without what payouts hold. */
export function balancesOf(commission: Commission) {
  const left = worth({ ...commission, paidAt: null })
  const held = commission.heldAt ? left : 0
  return {
    partner_earnings: left - commission.settled - held,
    partner_held: held,
    partner_payable: commission.settled - commission.paidOut,
    partner_paid: commission.paidOut,
    commission_expense: -left,
  } satisfies Record<Slot['account'] | 'partner_payable' | 'partner_paid', number>
}

function wrongBalances(commission: Commission, { booked }: Around): Wrong[] {
  const { id, currency } = commission
  const wrong: Wrong[] = []
  for (const [account, expected] of Object.entries(balancesOf(commission))) {
    const actual = sum(booked.filter(each => each.account === account))
    if (actual !== expected)
      wrong.push(differs('commission_balance', id, currency, expected, actual, `The journal's ${account} of the commission`))
  }
  const from = payableFrom(commission)
  const dates = Map.groupBy(
    booked.filter(each => each.account === 'partner_earnings' && each.availableAt !== from),
    each => each.availableAt,
  )
  for (const [at, entries] of dates) {
    const actual = sum(entries)
    if (actual !== 0)
      wrong.push(
        differs('commission_balance', id, currency, 0, actual, `What may be paid from ${at}, where it may be from ${from},`),
      )
  }
  return wrong
}

function wrongPayouts({ id, currency, settled, paidOut, payoutId }: Commission, { lines, booked }: Around): Wrong[] {
  const wrong: Wrong[] = []
  const live = lines.filter(each => !each.failedAt)
  const inPayouts = sum(live)
  if (inPayouts !== settled)
    wrong.push(differs('commission_settled', id, currency, inPayouts, settled, 'What payouts hold of the commission'))
  const paid = sum(live.filter(each => each.paidAt))
  if (paid !== paidOut)
    wrong.push(differs('commission_settled', id, currency, paid, paidOut, 'What has been paid of the commission'))
  const earned = -sum(booked.filter(each => each.first && each.account === 'commission_expense'))
  // Where a payout that took some of it back has failed, those around it hold that much more until the next run.
  const untaken = sum(lines.filter(each => each.failedAt && each.amount < 0 !== earned < 0))
  if (earned < 0 ? inPayouts < earned - untaken : inPayouts > earned - untaken)
    wrong.push(
      differs(
        'commission_paid_twice',
        id,
        currency,
        earned,
        inPayouts,
        'What its payouts hold, against all that it ever earned,',
      ),
    )
  if (lines.length !== Math.max(0, ...lines.map(each => each.number)))
    wrong.push({
      ...none('payout_lines', id),
      message: `The lines that the commission has had in payouts are ${lines.length}, and their numbers do not run from 1 to that.`,
    })
  if (payoutId !== null && !live.some(each => each.payoutId === payoutId))
    wrong.push({
      ...none('commission_settled', id),
      actual: payoutId,
      message: 'The commission is said to be in a payout that has no line of it, or has failed.',
    })
  return wrong
}

function wrongReversal(commission: Commission, { sale }: Around): Wrong[] {
  const { id, currency, amount } = commission
  const expected = sale ? reversed({ earned: amount, paid: sale.amount - sale.discount, refunded: givenBack(sale) }) : 0
  if (expected === commission.reversed) return []
  const message = 'What refunds and disputes have taken back of the commission'
  return [differs('commission_reversed', id, currency, expected, commission.reversed, message)]
}

function wrongState(commission: Commission, { decisions, sale }: Around): Wrong[] {
  const { id, approvedAt, heldAt, heldReason, rejectedAt, payoutId } = commission
  const times = (act: string) => Number(decisions.find(each => each.act === act)?.times ?? 0)
  const wrong: Wrong[] = []
  const state = (expected: boolean, actual: boolean, word: string, why: string) => {
    if (expected === actual) return
    const [is, isNot] = [word, `not ${word}`]
    wrong.push({
      ...none('commission_state', id),
      expected: expected ? is : isNot,
      actual: actual ? is : isNot,
      message: `The commission is ${actual ? is : isNot}, and ${why} say that it is ${expected ? is : isNot}.`,
    })
  }
  state(times('hold') > times('release'), heldAt !== null, 'held', 'the decisions on it')
  state(times('approve') > 0, approvedAt !== null, 'approved early', 'the decisions on it')
  state(times('reject') > 0, rejectedAt !== null, 'rejected', 'the decisions on it')
  const isDisputed = !!sale?.disputes.some(isOpen)
  const mayBeHeld = !rejectedAt && payoutId === null
  if (isDisputed && mayBeHeld) state(true, heldAt !== null, 'held', 'the disputes of its payment')
  if (!isDisputed) state(false, heldReason === 'dispute' && heldAt !== null, 'held for a dispute', 'the disputes of its payment')
  return wrong
}

/** Servers' clocks may differ by this much. */
const SKEW_MS = 60_000

function wrongPeriod({ id, period, createdAt }: Commission, { closedAt }: Around): Wrong[] {
  if (closedAt === null || Date.parse(createdAt) <= Date.parse(closedAt) + SKEW_MS) return []
  const message = `The commission was made at ${createdAt} and stands in ${period}, which was closed at ${closedAt}.`
  return [{ ...none('commission_period', id), actual: period, message }]
}

type Payout = { id: string; amount: number; currency: string; paidAt: string | null; failedAt: string | null }
type InPayout = { lines: { count: number; last: number; amount: number }; payable: number; paid: number }

/** What of a payout does not follow from its lines and from the journal: `payable` and `paid` are what is booked for it. */
export function wrongInPayout({ id, amount, currency, paidAt, failedAt }: Payout, { lines, payable, paid }: InPayout): Wrong[] {
  const wrong: Wrong[] = []
  if (lines.amount !== amount || amount <= 0)
    wrong.push(differs('payout_amount', id, currency, lines.amount, amount, 'The amount of the payout, against its lines,'))
  if (lines.count !== lines.last + 1)
    wrong.push({
      ...none('payout_lines', id),
      expected: String(lines.last + 1),
      actual: String(lines.count),
      message: `The payout has ${lines.count} lines, and the last of them is number ${lines.last + 1}.`,
    })
  const open = paidAt || failedAt ? 0 : amount
  const done = paidAt && !failedAt ? amount : 0
  if (payable !== open)
    wrong.push(differs('payout_booking', id, currency, open, payable, 'What is booked as being on its way with the payout'))
  if (paid !== done) wrong.push(differs('payout_booking', id, currency, done, paid, 'What is booked as paid with the payout'))
  return wrong
}

/** Two amounts that should be one. */
export function differs(
  code: FindingCode,
  object: string,
  currency: string,
  expected: number,
  actual: number,
  what: string,
): Wrong {
  const [right, found] = [shown(expected, currency), shown(actual, currency)]
  return { code, object, expected: right, actual: found, message: `${what} is ${found}, and should be ${right}.` }
}

export function none(code: FindingCode, object: string) {
  return { code, object, expected: null, actual: null }
}

function sum(rows: readonly { amount: number }[]) {
  return rows.reduce((total, each) => total + each.amount, 0)
}
