import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import * as v from 'valibot'
import { ExportHead, type ExportType, exportTypes } from '../contract/export.ts'
import type { ImportedLine, ImportLine, ImportProblem, ImportSummary } from '../contract/import.ts'
import { Settings } from '../contract/programs.ts'
import { Problem } from '../problem.ts'
import { contentHash, NO_HASH } from '../rules/journal-chain.ts'
import { chainReader } from '../rules/ledger.ts'
import { inTransaction } from '../store/database.ts'
import { exported } from '../store/export-tables.ts'
import * as store from '../store/import.ts'
import * as back from '../store/import-restore.ts'
import type { Posting } from '../store/journal.ts'
import * as chain from '../store/journal-chain.ts'
import { searchText } from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import * as programs from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { record } from './audit.ts'
import type { Desk } from './desk.ts'
import { newId } from './ids.ts'
import type { Import } from './import.ts'
import { decoded, objectsIn, Unreadable } from './import-read.ts'
import { tally } from './import-report.ts'
import { LIVES_HERE, type Line, leftOut, missing, outcomeOf, outcomes, told } from './import-restored.ts'
import { seal } from './journal-chain.ts'
import { verify } from './ledger.ts'
import { sealed } from './sealed.ts'

type Head = v.InferOutput<typeof ExportHead>

const BATCH = 400

/**
 * Makes of a program in which nothing has happened the one that was exported: every row as it was, under this program's id. The
 * journal gets a chain of its own, made anew, once the exported one has been followed; where that ended is kept with the import.
 */
export async function* restore(
  desk: Desk,
  program: Program,
  { stream, dryRun }: Pick<Import, 'stream' | 'dryRun'>,
): AsyncGenerator<ImportLine, void> {
  const report = tally(dryRun)
  const lines = objectsIn(decoded(stream))
  const head = await headOf(lines)
  if (!head) {
    yield report.summary({ id: null, complete: true })
    return
  }
  let problem: ImportProblem | null = null
  const run = restoring(desk, program, head, dryRun)
  try {
    await run.begin()
    let [rows, isEnded] = [0, false]
    for await (const some of byType(lines)) {
      const { type } = some[0]?.value ?? {}
      if (type === 'end') {
        isEnded = some[0]?.value.rows === rows
        break
      }
      rows += some.length
      yield* report.lines(await run.put(type as ExportType, some))
      yield report.progress(some.length)
      await setImmediate()
    }
    if (!isEnded) throw new Unreadable(rows + 2, 'The export has no end, or not all of its lines.', 'file_broken_off')
  } catch (error) {
    if (error instanceof Unreadable) problem = { type: 'problem', line: error.line, code: error.code, message: error.message }
    else if (error instanceof Refused) problem = { type: 'problem', line: error.line, code: error.code, message: error.message }
    else throw error
  }
  if (problem) yield problem
  const begun = problem?.code !== 'program_not_empty' && problem?.code !== 'lives_here'
  const done = dryRun || !begun ? null : await run.end(report.counts(), report.hasChanged(), problem === null)
  yield report.summary({ id: done?.id ?? null, complete: problem === null, ...(done && { restored: done.restored }) })
}

class Refused extends Error {
  readonly line: number
  readonly code: 'export_tampered' | 'program_not_empty' | 'lives_here'
  constructor(code: Refused['code'], line: number, message: string) {
    super(message)
    this.code = code
    this.line = line
  }
}

async function headOf(lines: AsyncGenerator<Line>): Promise<Head | null> {
  const first = await lines.next().catch(error => {
    if (error instanceof Unreadable) throw Problem.at('from', 'That is no export of Mislata.')
    throw error
  })
  if (first.done) return null
  const head = v.safeParse(ExportHead, first.value.value)
  if (!head.success) throw Problem.at('from', 'That is no export of Mislata, or one of a later release.')
  return head.output
}

async function* byType(lines: AsyncIterable<Line>) {
  let some: Line[] = []
  for await (const each of lines) {
    if (some.length && (some.length >= BATCH || some[0]?.value.type !== each.value.type)) {
      yield some
      some = []
    }
    some.push(each)
  }
  if (some.length) yield some
}

function restoring(desk: Desk, program: Program, head: Head, dryRun: boolean) {
  const reader = chainReader(head.programId)
  const contents = new Map<string, string>()
  const columns = new Map<ExportType, Set<string>>()
  const oldChain = { length: 0, head: NO_HASH }
  let began: string | undefined
  const mark = { programId: program.id, source: 'mislata', kind: 'program', foreignKey: head.programId }

  const inBatch = <T>(work: (db: Db) => Promise<T>) => (dryRun ? work(desk.database.db) : inTransaction(desk.database, work))

  /** An id is there once on a server: what lives here already cannot be brought in beside itself. Ends the transaction. */
  const ours = (all: back.Restored[], lines: Line[]) => {
    const at = all.indexOf('id_taken')
    if (at >= 0) throw new Refused('lives_here', lines[at]?.line ?? 0, LIVES_HERE)
    return all
  }

  const rowOf = async (type: ExportType, { line, value }: Line) => {
    const known = columns.get(type) ?? (await back.columnsOf(desk.database.db, type))
    columns.set(type, known)
    if ('programId' in value && value.programId !== head.programId)
      throw new Refused('export_tampered', line, 'The row is of another program than the export.')
    const { json = [] } = exported[type]
    const named = Object.entries(value).filter(([name]) => name !== 'type' && known.has(name === 'keyType' ? 'type' : name))
    const row: back.Row = Object.fromEntries(
      named.map(([name, one]) => [name, json.includes(name) && one !== null && one !== '' ? JSON.stringify(one) : one]),
    )
    if ('programId' in row) row.programId = program.id
    return { ...row, ...(await keptBack(type, row)) }
  }

  // What an export leaves out, and what must not go on by itself on two servers.
  const keptBack = async (type: ExportType, row: back.Row): Promise<back.Row> => {
    if (type === 'partner') return { searchText: searchText(row as never) }
    if (type === 'click') return { visitor: '' }
    if (type === 'payoutSending') return { nextAt: null, leasedUntil: null }
    if (type === 'reward') return { leasedUntil: null }
    if (type === 'webhookEndpoint')
      return { disabledAt: row.disabledAt ?? row.createdAt, disabledReason: row.disabledReason ?? 'asked' }
    return {}
  }

  const putRows = async (type: ExportType, lines: Line[]): Promise<back.Restored[]> => {
    const rows: back.Row[] = []
    for (const each of lines) rows.push(await rowOf(type, each))
    // A secret is made for it, differently each time, and so is no part of what is compared.
    const secret = (row: back.Row) => sealed(desk, String(row.id), `whsec_${randomBytes(24).toString('base64')}`)
    const write = async (db: Db, some: back.Row[]) => {
      if (type !== 'webhookEndpoint' || dryRun) return back.put(db, program.id, type, some, !dryRun)
      const before = await back.put(db, program.id, type, some, false)
      const made = some.filter((_, at) => before[at] === 'created').map(row => ({ ...row, secret: secret(row) }))
      await back.put(db, program.id, type, made, true)
      return before
    }
    return inBatch(async db => ours(await write(db, rows), lines))
  }

  const putTransactions = async (lines: Line[]) => {
    const all = lines.map(({ line, value }) => {
      const { type: _, entries, ...transaction } = value as unknown as Posting & { type: string }
      if (transaction.programId !== head.programId || !Array.isArray(entries))
        throw new Refused('export_tampered', line, 'The transaction is of another program than the export, or has no entries.')
      const placed = entries.map((entry, position) => ({ ...entry, programId: head.programId, position }))
      if (dryRun) contents.set(transaction.id, contentHash(transaction, placed))
      return { ...transaction, programId: program.id, entries }
    })
    return inBatch(async db => ours(await back.putTransactions(db, program.id, all, !dryRun), lines))
  }

  const follow = async (lines: Line[]) => {
    const seals = lines.map(({ line, value }) => ({ line, ...(value as unknown as chain.Seal) }))
    const ids = seals.map(each => each.transactionId)
    const known = dryRun ? contents : await back.contentsAs(desk.database.db, head.programId, ids)
    for (const { line, ...each } of seals) {
      const content = known.get(each.transactionId)
      const [wrong] = reader.next({ ...each, isThere: content !== undefined })
      if (wrong) throw new Refused('export_tampered', line, wrong.message)
      if (content !== each.content)
        throw new Refused('export_tampered', line, `Transaction ${each.transactionId} is not as it was posted.`)
      Object.assign(oldChain, { length: each.sequence, head: each.hash })
    }
    return lines.map((): back.Restored => 'unchanged')
  }

  const putProgram = async ([only]: Line[]) => {
    const { settings, clockOffsetMs = 0, createdAt } = only?.value ?? {}
    const read = v.safeParse(Settings, settings)
    if (!read.success) throw new Refused('export_tampered', only?.line ?? 0, 'The settings are none that this release takes.')
    began = String(createdAt)
    const text = JSON.stringify(read.output)
    const isSame = JSON.stringify(program.settings) === text && program.createdAt === began
    const change = { settings: text, clockOffsetMs: Number(clockOffsetMs) }
    if (!dryRun && !isSame) await inTransaction(desk.database, db => back.setProgram(db, program.id, change))
    desk.directory.forget()
    return [isSame ? 'unchanged' : 'created'] as back.Restored[]
  }

  const written = (type: ExportType, lines: Line[]) => {
    if (type === 'program') return putProgram(lines)
    if (type === 'journalTransaction') return putTransactions(lines)
    if (type === 'journalSeal') return follow(lines)
    return putRows(type, lines)
  }

  return {
    /** Only a program in which nothing has happened can become another, or one that has begun to become that one. */
    async begin() {
      const { db } = desk.database
      const [known] = await store.names(db, mark, [head.programId])
      if (known) return
      if (head.programId !== program.id && (await programs.byId(db, head.programId)))
        throw new Refused('lives_here', 1, LIVES_HERE)
      if (!(await back.isEmpty(db, program.id)))
        throw new Refused('program_not_empty', 1, 'Something has happened in this program. Make a new one for it.')
      const row = { ...mark, objectId: program.id, fingerprint: '', createdAt: desk.clock().toISOString() }
      if (!dryRun) await store.putNames(db, [row])
    },

    async put(type: ExportType, lines: Line[]): Promise<ImportedLine[]> {
      if (!exportTypes.includes(type)) throw new Unreadable(lines[0]?.line ?? 0, `It is not known here what “${type}” is.`)
      const [code, message] = leftOut[type] ?? []
      if (code && message) return lines.map(each => told(type, each, { outcome: 'skipped', code, message }))
      try {
        const all = await written(type, lines)
        return lines.map((each, at) => told(type, each, outcomes[outcomeOf(all[at])]))
      } catch (error) {
        if (!back.refersToMissing(error)) throw error
        if (lines.length === 1) return lines.map(each => told(type, each, missing))
        // One of them: the others are taken.
        const found: ImportedLine[] = []
        for (const each of lines) found.push(...(await this.put(type, [each])))
        return found
      }
    },

    /** What can only be done when all is there: the chain, and the day from which the program has been. */
    async end(counts: Record<string, number>, hasChanged: boolean, isWhole: boolean) {
      const { db } = desk.database
      const note = { ...mark, kind: 'chain', foreignKey: head.programId }
      const [noted] = await store.names(db, note, [head.programId])
      const [length = '0', hash = NO_HASH] = (noted?.objectId ?? '').split(' ')
      const end = oldChain.length ? oldChain : { length: Number(length) || 0, head: noted ? hash : NO_HASH }
      await seal(desk, program.id)
      await inTransaction(desk.database, async db => {
        const row = { ...note, objectId: `${end.length} ${end.head}`, fingerprint: '', createdAt: desk.clock().toISOString() }
        if (oldChain.length) await store.putNames(db, [row])
        if (began && isWhole) await back.setProgram(db, program.id, { createdAt: began })
      })
      desk.directory.forget()
      const books = await verify(desk, { ...program, createdAt: began ?? program.createdAt })
      const restored: NonNullable<ImportSummary['restored']> = {
        fromProgramId: head.programId,
        oldChain: end,
        newChain: await chain.head(db, program.id).then(({ length, hash }) => ({ length, head: hash })),
        ok: books.ok,
        found: books.found,
      }
      if (!hasChanged) return { id: null, restored }
      const id = newId('imp', desk.clock())
      const after = { from: 'mislata', fromProgramId: head.programId, oldHead: end.head, oldLength: end.length, ...counts }
      await inTransaction(desk.database, db => record(desk, db, program, { action: 'data.imported', object: id, after }))
      return { id, restored }
    },
  }
}
