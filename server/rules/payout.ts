import { minor } from '../contract/money.ts'
import type { Settings } from '../contract/programs.ts'

/** What one commission still has to be paid: what is left of it, without what payouts hold of it. Minor units. */
export type Due = {
  commissionId: string
  /** Below zero where more was paid than is left of it by now, and for corrections downwards. */
  amount: number
  /** From when it may be paid. */
  payableFrom: string
  heldAt: string | null
  rejectedAt: string | null
}

export type Carried = { amount: number; reason: 'below_zero' | 'below_minimum' }
export type Decided = { lines: { commissionId: string; amount: number }[]; amount: number; carried: Carried | null }

/**
 * What one partner is to be paid in one currency, `minimum` in its minor units: every commission whose time has come and
 * that nobody has stopped, those below zero too. Where that is nothing, less than nothing or less than the minimum, no line
 * is taken and all of it is carried to the next run: 30.00 and −10.00 with a minimum of 20.00 are one payout of 20.00, and
 * with a minimum of 50.00 none, and 20.00 carried.
 */
export function payable(entries: readonly Due[], now: string, minimum: number): Decided {
  const lines = entries
    .filter(each => each.amount !== 0 && each.payableFrom <= now && !each.heldAt && !each.rejectedAt)
    .map(({ commissionId, amount }) => ({ commissionId, amount }))
  const amount = lines.reduce((sum, each) => sum + each.amount, 0)
  const carried = carriedOf(amount, minimum)
  return carried ? { lines: [], amount: 0, carried } : { lines, amount, carried: null }
}

/** Why a sum of minor units is not paid out, if it is not. */
export function carriedOf(amount: number, minimum: number): Carried | null {
  if (amount < 0) return { amount, reason: 'below_zero' }
  return amount === 0 || amount < minimum ? { amount, reason: 'below_minimum' } : null
}

type Minima = Pick<Settings, 'minPayoutAmount' | 'minPayoutAmounts'>

/**
 * A program's minimum in minor units of a currency: the currency's own where it has one, or else the same number in every
 * currency, in its own major units: 50.00 is 5000 in EUR, 50 in JPY and 50000 in KWD. Where a currency has fewer decimals it
 * is rounded up.
 */
export function minimumIn({ minPayoutAmount, minPayoutAmounts }: Minima, currency: string) {
  const amount = minPayoutAmounts.find(each => each.currency === currency)?.amount ?? minPayoutAmount
  const nearest = minor(amount, currency)
  return nearest >= amount * minor(1, currency) - 1e-6 ? nearest : nearest + 1
}

export type PayoutAct = 'paid' | 'failed'
export type PayoutOutcome = 'do' | 'done' | 'payout_is_paid' | 'payout_is_failed'

const outcomes: Record<PayoutAct, Record<'pending' | 'paid' | 'failed', PayoutOutcome>> = {
  paid: { pending: 'do', paid: 'done', failed: 'payout_is_failed' },
  failed: { pending: 'do', paid: 'payout_is_paid', failed: 'done' },
}

/** Whether a payout may be marked so. Both are final: the same again changes nothing, the other is refused. */
export function outcomeOfPayout(act: PayoutAct, status: 'pending' | 'paid' | 'failed') {
  return outcomes[act][status]
}

export type LineKind = 'commission' | 'adjustment' | 'taken_back' | 'given_back'

/** What a line of a payout is: a commission or a correction the first time, and after that what has changed about it since. */
export function lineKind(line: { amount: number; settledBefore: number; why: { kind: 'sale' | 'adjustment' } }): LineKind {
  if (line.settledBefore !== 0) return line.amount < 0 ? 'taken_back' : 'given_back'
  return line.why.kind === 'adjustment' ? 'adjustment' : 'commission'
}

/** How a partner is to be paid; of `metadata` only what names an account. */
export type PayTo = {
  method: string | null
  payoutEmail: string | null
  stripeAccountId: string | null
  metadata: Record<string, unknown>
}

/** What has to be known of a partner before it can be paid by its method; nothing where all is known. */
export function missingDetails({ method, payoutEmail, stripeAccountId, metadata }: PayTo): string[] {
  if (method === null) return ['payout_method']
  if (method === 'stripe') return stripeAccountId ? [] : ['stripe_account_id']
  if (method === 'crypto') return textOf(metadata.wallet_address) ? [] : ['metadata.wallet_address']
  // A bank's own details, or an address at which Wise asks for them.
  if (method === 'bank_transfer' && (textOf(metadata.iban) || textOf(metadata.account_number))) return []
  return payoutEmail ? [] : ['payout_email']
}

/** A detail as text; what is no text says nothing. */
export function textOf(value: unknown) {
  return typeof value === 'string' ? value.trim() : ''
}
