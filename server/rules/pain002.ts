import type { ResultLine } from '../contract/payout-results.ts'
import type { Result } from './payout-results.ts'
import { at, type Element, every, textAt, treeOf } from './xml.ts'

// ISO 20022's own words: booked at the debtor's bank or credited at the creditor's is over, and so is a rejection.
const acts: Record<string, Result['act']> = {
  ACSC: 'paid',
  ACCC: 'paid',
  RJCT: 'failed',
  CANC: 'failed',
  ...Object.fromEntries(['RCVD', 'PDNG', 'ACTC', 'ACCP', 'ACSP', 'ACWC', 'ACWP', 'ACFC'].map(each => [each, null])),
}

/**
 * What a bank's status report, pain.002, says of each transfer that it names, by its end-to-end id, with the number of the
 * line on which it begins. Null where it is no such report, or names no transfer.
 */
export function readStatusReport(text: string): (Result | ResultLine)[] | null {
  const document = treeOf(text)
  const found = document && document.name === 'Document' ? every(document, 'TxInfAndSts') : []
  return found.length ? found.map(read) : null
}

function read(transfer: Element): Result | ResultLine {
  const { line } = transfer
  const payoutId = textAt(transfer, 'OrgnlEndToEndId').replace('-', '_')
  const status = textAt(transfer, 'TxSts')
  if (!payoutId) return { line, payoutId: null, code: 'line_malformed' }
  const act = acts[status]
  if (act === undefined) return { line, payoutId, code: 'status_unknown' }
  const why = at(transfer, 'StsRsnInf')
  const code = why && (textAt(why, 'Rsn', 'Cd') || textAt(why, 'Rsn', 'Prtry'))
  const said = [code, why && textAt(why, 'AddtlInf')].filter(Boolean).join(': ')
  const amount = at(transfer, 'OrgnlTxRef', 'Amt', 'InstdAmt')
  return {
    ...{ line, payoutId, act },
    reference: textAt(transfer, 'AcctSvcrRef') || textAt(transfer, 'StsId') || null,
    reason: act === 'failed' ? (said || `The bank says: ${status}`).slice(0, 1_000) : null,
    amount: amount?.text.trim() || null,
    currency: (amount && /\bCcy\s*=\s*["']([A-Z]{3})["']/.exec(amount.attributes)?.[1]) || null,
  }
}
