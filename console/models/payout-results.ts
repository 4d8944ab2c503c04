import { signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import {
  LONGEST_RESULTS,
  type PayoutResultsReport,
  type ResultFormat,
  type ResultLine,
} from '../../server/contract/payout-results.ts'
import { ask } from '../api.ts'
import { Failure } from '../failure.ts'
import { counted } from '../format.ts'
import { acts } from './acts.ts'
import { app } from './session.ts'
import { say } from './telling.ts'
import { recount } from './waiting.ts'

export type Report = PayoutResultsReport
export type Line = Report['lines'][number]
type Code = (typeof ResultLine)['entries']['code']['options'][number]

export const formatNames: Record<ResultFormat, string> = {
  plain: 'CSV with payout_id, status, reference, reason',
  paypal: "PayPal's report of a mass payment",
  wise: "Wise's report of a batch",
  pain002: "A bank's status report, pain.002",
}

/** What became, or would become, of a line, in words; and whether somebody has to look at it. */
export const codes: Record<Code, readonly [tone: 'good' | 'waiting' | 'bad' | 'quiet', words: string]> = {
  paid: ['good', 'Paid'],
  failed: ['bad', 'Failed: owed again'],
  unchanged: ['quiet', 'Known already'],
  not_final: ['waiting', 'Not over yet: bring the file again when it is'],
  payout_not_found: ['bad', 'No such payout here'],
  amount_differs: ['bad', 'Another amount than the payout'],
  currency_differs: ['bad', 'Another currency than the payout'],
  payout_is_paid: ['bad', 'Marked as paid before, which is final'],
  payout_is_failed: ['bad', 'Marked as failed before, which is final'],
  payout_is_sending: ['bad', 'A provider is sending it, and says itself what comes of it'],
  contradicted: ['bad', 'The file says both of this payout: neither is believed'],
  status_unknown: ['bad', 'The state is none that is known'],
  line_malformed: ['bad', 'The line cannot be read'],
}

/** A file that a bank or a provider has given back: looked at first, then recorded. */
function results() {
  const own = acts()
  const file = signal<{ name: string; content: string; format: ResultFormat } | undefined>(undefined)
  const report = signal<Report | undefined>(undefined)
  const tell = (dryRun: boolean) => {
    const { content = '', format = 'plain' } = file.peek() ?? {}
    return ask<Report>('POST', app('/payouts/results'), { body: { format, content, dryRun } })
  }
  return {
    acts: own,
    file,
    report,
    /** Reads a file and says what would come of each of its lines. Nothing is changed. */
    look: (chosen: File, format: ResultFormat) =>
      own.run('look', async () => {
        if (chosen.size > LONGEST_RESULTS * 4) throw tooLong()
        const content = await chosen.text()
        if (content.length > LONGEST_RESULTS) throw tooLong()
        file.value = { name: chosen.name, content, format }
        report.value = await tell(true)
      }),
    /** Does what was looked at. */
    record: () =>
      own.run('record', async () => {
        report.value = await tell(false)
        const { paid, failed } = report.value
        say(`Recorded: ${counted(paid, 'payout')} paid, ${failed} failed`)
        void recount()
      }),
    again() {
      file.value = undefined
      report.value = undefined
    },
  }
}

const tooLong = () =>
  new Failure('file_too_long', { title: 'The file is too long', detail: 'A megabyte at most: give it in parts.' })

export type Results = ReturnType<typeof results>
export const useResults = () => useMemo(results, [])
