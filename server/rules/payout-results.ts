import { exponent } from '../contract/money.ts'
import type { ResultFormat, ResultLine } from '../contract/payout-results.ts'
import { type CsvLine, csvLines } from './csv.ts'
import { readStatusReport } from './pain002.ts'
import { outcomeOfPayout } from './payout.ts'

/** What one line of a result file says of a payout. `amount` is as it is written; `act` is null where it is not over yet. */
export type Result = {
  line: number
  payoutId: string
  act: 'paid' | 'failed' | null
  reference: string | null
  reason: string | null
  amount: string | null
  currency: string | null
}

type Column = 'payout' | 'status' | 'reference' | 'reason' | 'amount' | 'currency'

// By what a column may be called, in small letters without anything between the words. PayPal has had several names for them.
const titles: Record<Exclude<ResultFormat, 'pain002'>, Record<Column, string[]>> = {
  plain: {
    payout: ['payoutid', 'payout'],
    status: ['status'],
    reference: ['reference'],
    reason: ['reason'],
    amount: ['amount'],
    currency: ['currency'],
  },
  paypal: {
    payout: ['customerid', 'uniqueid', 'recipientid', 'senderitemid'],
    status: ['status', 'transactionstatus', 'paymentstatus'],
    reference: ['transactionid', 'payoutitemid'],
    reason: ['errormessage', 'reason', 'error', 'errorcode', 'reasoncode'],
    amount: ['amount', 'paymentamount', 'grossamount', 'gross'],
    currency: ['currency', 'currencycode', 'paymentcurrency'],
  },
  wise: {
    payout: ['reference', 'paymentreference'],
    status: ['status'],
    reference: ['id', 'transferid', 'transferwiseid'],
    reason: ['reason', 'error', 'errormessage'],
    amount: ['targetamountafterfees', 'targetamount'],
    currency: ['targetcurrency'],
  },
}

const words = {
  paid: ['paid', 'completed', 'complete', 'success', 'succeeded', 'sent', 'settled', 'claimed', 'outgoing payment sent'],
  failed: [
    'failed',
    'denied',
    'returned',
    'refunded',
    'reversed',
    'blocked',
    'cancelled',
    'canceled',
    'rejected',
    'bounced back',
  ],
  open: [
    'pending',
    'unclaimed',
    'processing',
    'processed',
    'on hold',
    'onhold',
    'held',
    'new',
    'incoming payment waiting',
    'funds converted',
  ],
} as const

/**
 * What a file says of payouts, line by line, or of a line why nothing can be learnt from it. Null where a column is wanting, or
 * it is not what it should be.
 */
export function readResults(format: ResultFormat, text: string): (Result | ResultLine)[] | null {
  if (format === 'pain002') return readStatusReport(text)
  const [head, ...rest] = csvLines(text)
  const names = (head?.fields ?? []).map(each => each.toLowerCase().replace(/[^a-z]/g, ''))
  const place = (column: Column) => titles[format][column].map(name => names.indexOf(name)).find(at => at >= 0)
  const places: Record<Column, number | undefined> = {
    payout: place('payout'),
    status: place('status'),
    reference: place('reference'),
    reason: place('reason'),
    amount: place('amount'),
    currency: place('currency'),
  }
  if (places.payout === undefined || places.status === undefined) return null
  return rest.map(each => read(each, names.length, places))
}

function read({ line, fields }: CsvLine, width: number, places: Record<Column, number | undefined>): Result | ResultLine {
  if (!fields || fields.length !== width) return { line, payoutId: null, code: 'line_malformed' }
  const cell = (column: Column) => harmed(fields[places[column] ?? -1] ?? '')
  // Banks and Wise put text of their own around a reference, and some have no underscore.
  const payoutId = /pay[_-][1-9A-HJ-NP-Za-km-z]{16,}/.exec(cell('payout'))?.[0].replace('-', '_') ?? cell('payout')
  const status = cell('status').toLowerCase().replaceAll('_', ' ')
  const [act] = (['paid', 'failed', 'open'] as const).filter(each => (words[each] as readonly string[]).includes(status))
  if (!payoutId) return { line, payoutId: null, code: 'line_malformed' }
  if (!act) return { line, payoutId, code: 'status_unknown' }
  const known = { reference: cell('reference') || null, reason: cell('reason') || null }
  const reason = act === 'failed' ? (known.reason ?? `The file says: ${cell('status')}`) : null
  const money = { amount: cell('amount') || null, currency: cell('currency').toUpperCase() || null }
  return { line, payoutId, act: act === 'open' ? null : act, ...known, reason: reason?.slice(0, 1_000) ?? null, ...money }
}

// The apostrophe that made a field harmless on its way out is no part of it.
const harmed = (cell: string) => cell.trim().replace(/^'(?=[=+\-@])/, '')

type Known = { amount: number; currency: string; status: 'pending' | 'paid' | 'failed' }

/**
 * What becomes of a payout by what a file says of it; undefined where it is not known. `paid` and `failed` are to be done,
 * `unchanged` is so already, and everything else says why nothing is.
 */
export function verdictOn(result: Result, payout: Known | undefined): ResultLine['code'] {
  if (!payout) return 'payout_not_found'
  if (result.currency !== null && result.currency !== payout.currency) return 'currency_differs'
  if (result.amount !== null && !readings(result.amount, payout.currency).includes(payout.amount)) return 'amount_differs'
  if (result.act === null) return payout.status === 'pending' ? 'not_final' : 'unchanged'
  const outcome = outcomeOfPayout(result.act, payout.status)
  return outcome === 'do' ? result.act : outcome === 'done' ? 'unchanged' : outcome
}

/** The payouts of which a file says both that they were paid and that they have failed. */
export function contradicted(results: readonly Result[]): Set<string> {
  const acts = Map.groupBy(
    results.filter(each => each.act !== null),
    each => each.payoutId,
  )
  return new Set([...acts].filter(([, all]) => new Set(all.map(each => each.act)).size > 1).map(([id]) => id))
}

/** What an amount may mean in minor units: `1,234.56` and `1.234,56` are 123456 EUR. Money that goes out may stand below zero. */
export function readings(written: string, currency: string): number[] {
  const plain = written.replace(/[\s\u00a0\u202f']/g, '').replace(/^-/, '')
  const places = exponent(currency)
  return [
    [',', '.'],
    ['.', ','],
  ].flatMap(([thousands = '', point = '']) => {
    const form = new RegExp(`^(\\d{1,3}(?:\\${thousands}\\d{3})+|\\d+)(?:\\${point}(\\d+))?$`).exec(plain)
    const decimals = (form?.[2] ?? '').replace(/0+$/, '')
    if (!form || decimals.length > places) return []
    return [Number(`${form[1]?.replaceAll(thousands, '')}${decimals.padEnd(places, '0')}`)]
  })
}
