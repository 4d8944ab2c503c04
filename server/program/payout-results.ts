import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { MOST_RESULTS, type PayoutResults, type PayoutResultsReport, type ResultLine } from '../contract/payout-results.ts'
import { Problem } from '../problem.ts'
import { payoutStatus } from '../rules/partner-api.ts'
import { contradicted, type Result, readResults, verdictOn } from '../rules/payout-results.ts'
import { isUnderWay } from '../rules/sending.ts'
import { inTransaction } from '../store/database.ts'
import * as payouts from '../store/payouts.ts'
import type { Program } from '../store/programs.ts'
import * as sendings from '../store/sendings.ts'
import { record } from './audit.ts'
import type { Desk } from './desk.ts'
import { newId } from './ids.ts'
import { markFailed, markPaid } from './payouts.ts'

/**
 * Marks as paid or failed what a file of a bank or provider says so of, each payout in a transaction of its own, and tells
 * of every line what came of it, or in a dry run would. What does not fit the payout changes nothing, and the same file again
 * changes nothing more. 422 where the file has no titles that tell of payouts, or too many lines.
 */
export async function importResults(
  desk: Desk,
  program: Program,
  { format, content, dryRun }: PayoutResults,
): Promise<PayoutResultsReport> {
  const read = readResults(format, content)
  if (!read)
    throw Problem.at(
      'content',
      `That is no ${format === 'pain002' ? 'pain.002 that names transfers' : 'CSV with a title of the payout and one of its status'}.`,
    )
  if (read.length > MOST_RESULTS) throw Problem.at('content', `Send at most ${MOST_RESULTS} lines at a time.`)
  const torn = contradicted(read.filter(each => 'act' in each))
  const settled = new Map<string, 'paid' | 'failed'>()
  const id = newId('imp', desk.clock())
  const lines: ResultLine[] = []
  try {
    for (const each of read) {
      lines.push('act' in each ? await settle(desk, program, each, { dryRun, torn, settled }) : each)
      // SQLite answers at once: without a pause a long file would let nobody else have a turn.
      if (lines.length % 50 === 0) await setImmediate()
    }
  } finally {
    // What was done before something went wrong is in the audit log, too.
    if (settled.size && !dryRun) {
      const sha256 = createHash('sha256').update(content).digest('hex')
      const after = { format, sha256, ...countsOf(lines) }
      await inTransaction(desk.database, db =>
        record(desk, db, program, { action: 'payout_results.imported', object: id, after }),
      )
    }
  }
  return { id: settled.size && !dryRun ? id : null, dryRun, ...countsOf(lines), lines }
}

type So = { dryRun: boolean; torn: Set<string>; settled: Map<string, 'paid' | 'failed'> }

async function settle(desk: Desk, program: Program, result: Result, { dryRun, torn, settled }: So): Promise<ResultLine> {
  const { line, payoutId, reference, reason } = result
  const payout = await payouts.byId(desk.database.db, program.id, payoutId)
  const status = settled.get(payoutId) ?? (payout && payoutStatus(payout))
  const code = verdictOn(result, payout && status && { ...payout, status })
  if (torn.has(payoutId) && code !== 'payout_not_found') return { line, payoutId, code: 'contradicted' }
  if (code !== 'paid' && code !== 'failed') return { line, payoutId, code }
  const sending = await sendings.byPayout(desk.database.db, payoutId)
  if (sending && isUnderWay(sending.state)) return { line, payoutId, code: 'payout_is_sending' }
  if (!dryRun) {
    try {
      if (code === 'paid') await markPaid(desk, program, payoutId, reference?.slice(0, 255) ?? null)
      else await markFailed(desk, program, payoutId, reason ?? '')
    } catch (error) {
      // Somebody else has said something of it meanwhile.
      const { code: refusal } = error as Problem
      if (refusal === 'payout_is_paid' || refusal === 'payout_is_failed' || refusal === 'payout_is_sending')
        return { line, payoutId, code: refusal }
      throw error
    }
  }
  settled.set(payoutId, code)
  return { line, payoutId, code }
}

function countsOf(lines: ResultLine[]) {
  const count = (...codes: ResultLine['code'][]) => lines.filter(each => codes.includes(each.code)).length
  const [paid, failed, unchanged] = [count('paid'), count('failed'), count('unchanged', 'not_final')]
  return { paid, failed, unchanged, refused: lines.length - paid - failed - unchanged }
}
