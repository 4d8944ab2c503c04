import { batch, signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { ImportedLine, ImportLine, ImportProgress, ImportSource } from '../../server/contract/import.ts'
import { withQuery } from '../api.ts'
import { Failure } from '../failure.ts'
import { type Answers, acts } from './acts.ts'
import { app } from './session.ts'

export type Line = ImportedLine
export type Summary = Extract<ImportLine, { type: 'summary' }>
export type Problem = Extract<ImportLine, { type: 'problem' }>

export const sourceNames: Record<ImportSource, string> = {
  rewardful: 'Rewardful',
  firstpromoter: 'FirstPromoter',
  tolt: 'Tolt',
  tapfiliate: 'Tapfiliate',
  partnerstack: 'PartnerStack',
  dub: 'Dub',
  csv: 'Another CSV file',
  mislata: 'An export of this product',
}

export const outcomeNames: Record<Line['outcome'], readonly ['good' | 'quiet' | 'waiting' | 'bad', string]> = {
  refused: ['bad', 'Refused'],
  skipped: ['waiting', 'Left out'],
  changed: ['good', 'Changed'],
  created: ['good', 'New'],
  unchanged: ['quiet', 'Here already'],
}

// What somebody has to look at is kept whole, as far as anybody reads; of what is well, a sample.
const MOST = { refused: 2_000, skipped: 1_000, changed: 200, created: 200, unchanged: 200 }

/** A file of another system: every line is looked at without a change, and then brought in. */
function importing() {
  const own = acts()
  const file = signal<File | undefined>(undefined)
  const progress = signal<ImportProgress | undefined>(undefined)
  const lines = signal<Line[]>([])
  const problem = signal<Problem | undefined>(undefined)
  const summary = signal<Summary | undefined>(undefined)
  let asked: Answers = {}

  const begin = () =>
    batch(() => {
      progress.value = undefined
      lines.value = []
      problem.value = undefined
      summary.value = undefined
    })

  async function run(dryRun: boolean) {
    begin()
    const { from, kind = '' } = asked
    const mapping = mappingOf(asked)
    const path = withQuery(app('/import'), { from, kind, dryRun: String(dryRun), mapping })
    const found: Record<Line['outcome'], Line[]> = { refused: [], skipped: [], changed: [], created: [], unchanged: [] }
    for await (const line of told(path, file.peek())) {
      if (line.type === 'line') {
        if (found[line.outcome].length < MOST[line.outcome]) found[line.outcome].push(line)
      } else if (line.type === 'progress') progress.value = line
      else if (line.type === 'problem') problem.value = line
      else
        batch(() => {
          lines.value = [...found.refused, ...found.skipped, ...found.changed, ...found.created, ...found.unchanged]
          summary.value = line
        })
    }
    if (!summary.peek()) throw new Failure('import_broken_off', BROKEN_OFF)
  }

  return {
    acts: own,
    file,
    progress,
    lines,
    problem,
    summary,
    /** Looks at every line. Nothing is changed. */
    look: (answers: Answers) => {
      asked = answers
      return own.run('look', () => run(true))
    },
    /** Brings in what was looked at. */
    bring: () => own.run('bring', () => run(false)),
    again() {
      begin()
      file.value = undefined
    },
  }
}

const BROKEN_OFF = {
  title: 'The answer broke off',
  detail: 'What was brought in until then is kept. Do it again: what is here already is not made twice.',
}

function mappingOf({ columns = '', amounts, dates, currency }: Answers) {
  const named = columns.split('\n').flatMap(line => {
    const [, field, column] = line.match(/^\s*(\w+)\s*[=:]\s*(.+?)\s*$/) ?? []
    return field && column ? [[field, column] as const] : []
  })
  const mapping = {
    ...(named.length && { columns: Object.fromEntries(named) }),
    ...(amounts && { amounts }),
    ...(dates && { dates }),
    ...(currency && { currency }),
  }
  return Object.keys(mapping).length ? JSON.stringify(mapping) : undefined
}

/** The lines of the answer, as they come. */
async function* told(path: string, body: File | undefined): AsyncGenerator<ImportLine> {
  if (!body) throw new Failure('no_file', { title: 'No file was chosen', detail: 'Choose the export first.' })
  const init = {
    method: 'POST',
    credentials: 'same-origin',
    body,
    headers: { 'content-type': 'application/octet-stream' },
  } as const
  const reply = await fetch(path, init).catch(() => {
    throw new Failure(navigator.onLine ? 'unreachable' : 'offline')
  })
  if (!reply.ok || !reply.body) {
    const { code = 'unexpected_reply', title, detail, errors } = Object(await reply.json().catch(() => null))
    throw new Failure(code, { status: reply.status, title, detail, fields: atFields(errors) })
  }
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    const parts = (rest + (value ?? '')).split('\n')
    rest = done ? '' : (parts.pop() ?? '')
    for (const part of parts) if (part.trim()) yield JSON.parse(part) as ImportLine
    if (done) return
  }
}

// Of a mapping's parts, each has a field of the form.
const atFields = (errors: { path: string; message: string }[] = []) =>
  errors.map(({ path, message }) => ({
    path: path.replace(/^mapping\./, '').replace(/^columns\..*/, 'columns'),
    message: path.includes('columns.') ? `${path.split('.').pop()}: ${message}` : message,
  }))

export type Importing = ReturnType<typeof importing>
export const useImporting = () => useMemo(importing, [])
