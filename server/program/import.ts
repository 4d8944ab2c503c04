import { setImmediate } from 'node:timers/promises'
import * as v from 'valibot'
import type { ImportedLine, ImportKind, ImportLine, ImportMapping, ImportProblem, ImportSource } from '../contract/import.ts'
import { Currency } from '../contract/money.ts'
import { Problem } from '../problem.ts'
import { commissionStatus } from '../rules/commission-status.ts'
import { kindOf, type Reader, readerOf } from '../rules/import-columns.ts'
import { type Row, rowOf } from '../rules/import-rows.ts'
import { inTransaction, isTaken } from '../store/database.ts'
import * as store from '../store/import.ts'
import { nothing } from '../store/import-rows.ts'
import type { Program } from '../store/programs.ts'
import * as programs from '../store/programs.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { planCommission } from './import-commissions.ts'
import { settle } from './import-paid.ts'
import { planPartner } from './import-partners.ts'
import type { Plan } from './import-plan.ts'
import { opened, type ReadRow, Unreadable } from './import-read.ts'
import { planReferral } from './import-referrals.ts'
import { tally } from './import-report.ts'
import { restore } from './import-restore.ts'
import { look, type World, world } from './import-world.ts'
import { write } from './import-write.ts'
import { seal } from './journal-chain.ts'

export type Import = {
  programId: string
  from: ImportSource
  /** The file as it is; it is read as it comes. */
  stream: AsyncIterable<Uint8Array>
  dryRun: boolean
  kind?: ImportKind | undefined
  mapping?: ImportMapping | undefined
  /** Ends with the batch before the first row that is refused. */
  stopAtRefusal?: boolean | undefined
}

// A batch is one transaction; on SQLite nobody else writes meanwhile.
const BATCH = 400

/**
 * Brings a file of another system over, row by row, and yields what became of each; in a dry run what would, and nothing is
 * changed. What was made is known by the names that it has there: the same file again changes nothing, and one whose import was
 * broken off goes on where it was. Nobody is told of anything. Throws where nothing can be begun: 404 for a program that is
 * not there, 422 for a file of which cannot be seen what its rows are.
 */
export async function* importInto(desk: Desk, asked: Import): AsyncGenerator<ImportLine, void> {
  const program = await programs.byId(desk.database.db, asked.programId)
  if (!program) throw new Problem('program_not_found')
  if (asked.from === 'mislata') yield* restore(desk, program, asked)
  else yield* rowsInto(desk, program, { ...asked, from: asked.from })
}

async function* rowsInto(
  desk: Desk,
  program: Program,
  { from, stream, dryRun, stopAtRefusal = false, ...asked }: Import & { from: Exclude<ImportSource, 'mislata'> },
): AsyncGenerator<ImportLine, void> {
  const mapping = asked.mapping ?? { columns: {}, statuses: {} }
  const report = tally(dryRun)
  let problem: ImportProblem | null = null
  try {
    const file = await opened(stream)
    const kind = asked.kind ?? kindOf(from, mapping, file.columns)
    if (!kind && file.columns.length)
      throw Problem.at(
        'kind',
        'It cannot be seen what the rows of this file are. Say so by kind, or name its columns in mapping.',
      )
    if (kind) {
      const reader = readerOf({ from, kind, mapping, isJson: file.isJson })
      const w = world()
      for await (const rows of batches(file.rows)) {
        const told = await batch(desk, program, { source: from, reader, rows, dryRun, w, stopAtRefusal })
        if (told.isStopped) {
          yield* report.lines(told.refused)
          const line = told.refused[0]?.line ?? 0
          problem = { type: 'problem', line, code: 'stopped', message: 'A line was refused: its batch was not written.' }
          break
        }
        yield* report.lines(told.all)
        report.money(told.money)
        yield report.progress(rows.length)
        await setImmediate()
      }
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    problem = { type: 'problem', line: error.line, code: error.code, message: error.message }
  }
  if (problem) yield problem
  const id = dryRun || !report.hasChanged() ? null : await finished(desk, program, { from, ...report.counts() })
  yield report.summary({ id, complete: problem === null })
}

type Asked = {
  source: Exclude<ImportSource, 'mislata'>
  reader: Reader
  rows: ReadRow[]
  dryRun: boolean
  w: World
  stopAtRefusal: boolean
}

async function batch(desk: Desk, program: Program, { source, reader, rows, dryRun, w, stopAtRefusal }: Asked) {
  const now = nowIn(desk, program).toISOString()
  const around = { now, currency: program.settings.currency, isCurrency: (code: string) => v.is(Currency, code) }
  const read = rows.map(({ line, cells }) => ({ line, row: cells ? rowOf(reader, cells, around) : noRow }))
  const found = read.flatMap(each => each.row.found)
  const place = { programId: program.id, source }
  const planned = (plan: Plan) => {
    const all = read.flatMap(({ line, row }) => told(plan, reader.kind, line, row))
    const refused = all.filter(each => each.outcome === 'refused')
    return { all, refused, isStopped: stopAtRefusal && refused.length > 0, money: moneyOf(plan, all) }
  }
  const planOf = (known: World): Plan => ({ desk, program, source, now, w: known, writes: nothing(), paid: new Map() })
  if (dryRun) {
    await look(desk.database.db, w, place, found, false)
    const done = planned(planOf(w))
    w.forget()
    return done
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(desk.database, async db => {
        await store.holdTurn(db, program.id, now)
        const plan = planOf(world())
        await look(db, plan.w, place, found, true)
        const done = planned(plan)
        settle(plan)
        if (!done.isStopped) await write(db, plan)
        return done
      })
    } catch (error) {
      // Somebody has taken an address or a code between the look and the writing: the next look sees it.
      if (attempt === 3 || !isTaken(error)) throw error
    }
  }
}

const noRow: Row = {
  key: null,
  found: [],
  refusal: { outcome: 'refused', code: 'not_a_row', message: 'The line has more cells than there are titles.' },
}

const nouns = { partners: 'partner', referrals: 'referral', commissions: 'commission' } as const

function told(plan: Plan, kind: ImportKind, line: number, { key, found, refusal }: Row): ImportedLine[] {
  const all = found.flatMap(each => {
    if (each.noun === 'partner') return planPartner(plan, each)
    return each.noun === 'referral' ? planReferral(plan, each) : planCommission(plan, each)
  })
  const lines = refusal ? [{ noun: nouns[kind], ...refusal }] : all
  return lines.map(({ noun, ...rest }) => ({ type: 'line' as const, line, noun, key, ...rest }))
}

/** What the commissions come to that the lines of a batch tell of, each as it then stands. */
function moneyOf({ w, now }: Plan, lines: ImportedLine[]) {
  return lines.flatMap(({ noun, outcome, id }) => {
    const commission = noun === 'commission' && outcome !== 'refused' && id ? w.commissions.get(id) : undefined
    if (!commission) return []
    const { amount, reversed, currency } = commission
    return [{ id: commission.id, currency, amount: amount - reversed, state: commissionStatus(commission, now) }]
  })
}

async function* batches(rows: AsyncIterable<ReadRow>) {
  let some: ReadRow[] = []
  let broken: unknown
  try {
    for await (const row of rows) {
      some.push(row)
      if (some.length < BATCH) continue
      yield some
      some = []
    }
  } catch (error) {
    broken = error
  }
  // What could be read before the file broke off is taken.
  if (some.length) yield some
  if (broken) throw broken
}

/** Gives what was booked its place in the chain, and writes down that there was an import. */
async function finished(desk: Desk, program: Program, after: Record<string, unknown>) {
  const id = newId('imp', desk.clock())
  await seal(desk, program.id)
  await inTransaction(desk.database, db => record(desk, db, program, { action: 'data.imported', object: id, after }))
  return id
}
