import { batch, signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { ImportedLine, ImportKind, ImportLine, ImportProgress, ImportSource } from '../../server/contract/import.ts'
import { withQuery } from '../api.ts'
import { Failure } from '../failure.ts'
import { counted } from '../format.ts'
import { type Answers, acts } from './acts.ts'
import { kindOf } from './import-sources.ts'
import { app, refresh } from './session.ts'

export type Line = ImportedLine
export type Summary = Extract<ImportLine, { type: 'summary' }>
export type Problem = Extract<ImportLine, { type: 'problem' }>

export const outcomeNames: Record<Line['outcome'], readonly ['good' | 'quiet' | 'waiting' | 'bad', string]> = {
  refused: ['bad', 'Refused'],
  skipped: ['waiting', 'Left out'],
  changed: ['good', 'Changed'],
  created: ['good', 'New'],
  unchanged: ['quiet', 'Here already'],
}

// What somebody has to look at is kept whole, as far as anybody reads; of what is well, a sample.
const MOST = { refused: 2_000, skipped: 1_000, changed: 200, created: 200, unchanged: 200 }

const nounNames: Record<string, readonly [one: string, many?: string]> = {
  partner: ['partner'],
  code: ['code'],
  referral: ['referral'],
  customer: ['customer'],
  commission: ['commission'],
  payout: ['payout'],
}

/** How many of what are of an outcome: `3 partners and 4 codes`; empty where nothing is. */
export function manyOf({ nouns }: Pick<Summary, 'nouns'>, ...outcomes: Line['outcome'][]) {
  const said = Object.entries(nouns).flatMap(([noun, counts]) => {
    const many = outcomes.reduce((sum, each) => sum + counts[each], 0)
    return many ? [counted(many, ...(nounNames[noun] ?? [spoken(noun)]))] : []
  })
  if (said.length > 4) return counted(said.length, 'kind of thing', 'kinds of things')
  return [said.slice(0, -1).join(', '), ...said.slice(-1)].filter(Boolean).join(' and ')
}

const spoken = (noun: string) => noun.replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`).replaceAll('_', ' ')

/** A file of another system: every line is looked at without a change, and then brought in. */
function importing() {
  const own = acts()
  const file = signal<File | undefined>(undefined)
  const progress = signal<ImportProgress | undefined>(undefined)
  const lines = signal<Line[]>([])
  const problem = signal<Problem | undefined>(undefined)
  const summary = signal<Summary | undefined>(undefined)
  const from = signal<ImportSource>('rewardful')
  const brought = signal<ReadonlySet<ImportKind>>(new Set())
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
    const { kind = '' } = asked
    const mapping = mappingOf(asked)
    const path = withQuery(app('/import'), { from: from.peek(), kind, dryRun: String(dryRun), mapping })
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
    const said = summary.peek()
    if (!said) throw new Failure('import_broken_off', BROKEN_OFF)
    const done = kindOf(said.nouns)
    // An export brings its program's own name and settings.
    if (!dryRun && from.peek() === 'mislata') void refresh()
    if (!dryRun && done) brought.value = new Set([...brought.peek(), done])
  }

  return {
    acts: own,
    /** Where the files come from. */
    from,
    /** What has been brought in since this page was opened. */
    brought,
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

function mappingOf({ columns = '', statuses = '', amounts, dates, currency }: Answers) {
  const [named, meant] = [pairsIn(columns), pairsIn(statuses)]
  const mapping = {
    ...(named.length && { columns: Object.fromEntries(named) }),
    ...(meant.length && { statuses: Object.fromEntries(meant) }),
    ...(amounts && { amounts }),
    ...(dates && { dates }),
    ...(currency && { currency: currency.toUpperCase() }),
  }
  return Object.keys(mapping).length ? JSON.stringify(mapping) : undefined
}

/** `a = b`, one a line. Throws where a line is something else, so that nothing is left out unseen. */
function pairsIn(text: string) {
  return text.split('\n').flatMap(line => {
    if (!line.trim()) return []
    const [, name, meaning] = line.match(/^\s*([^=]+?)\s*=\s*(.+?)\s*$/) ?? []
    if (name && meaning) return [[name, meaning] as const]
    throw new Failure('no_pair', {
      title: `A line cannot be read: ${line.trim()}`,
      detail: 'Write two words with = between them, such as email = E-mail address.',
    })
  })
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
  errors.map(({ path, message }) => {
    const [part = '', ...rest] = path.replace(/^mapping\./, '').split('.')
    const isPair = part === 'columns' || part === 'statuses'
    return {
      path: isPair ? part : path.replace(/^mapping\./, ''),
      message: rest.length ? `${rest.join('.')}: ${message}` : message,
    }
  })

export type Importing = ReturnType<typeof importing>
export const useImporting = () => useMemo(importing, [])
