import type { ExportType } from '../contract/export.ts'
import { contentHash } from '../rules/journal-chain.ts'
import { exported } from './export-tables.ts'
import { inParts } from './import.ts'
import { postAll } from './import-journal.ts'
import * as journal from './journal.ts'
import { hasFacts } from './programs.ts'
import type { Db, Schema } from './schema.ts'

export type Row = Record<string, unknown>

/** What of an export is written back: how one row of it came out. */
export type Restored = 'created' | 'unchanged' | 'row_differs' | 'id_taken'

/** True for a program that nothing has happened in. */
export async function isEmpty(db: Db, programId: string) {
  if (await hasFacts(db, programId)) return false
  for (const table of ['customers', 'codes', 'journalTransactions', 'deals', 'webhookEndpoints'] as const)
    if (await db.selectFrom(table).select('programId').where('programId', '=', programId).limit(1).executeTakeFirst())
      return false
  return true
}

/** From when a program has been there, and what it has been told. */
export async function setProgram(db: Db, id: string, change: { settings?: string; clockOffsetMs?: number; createdAt?: string }) {
  await db.updateTable('programs').set(change).where('id', '=', id).execute()
}

/**
 * Writes rows of one table back as they are, in their order, and says what became of each; without `write` what would. One that
 * is there already is held against what is there.
 */
export async function put(db: Db, programId: string, type: ExportType, rows: Row[], write: boolean): Promise<Restored[]> {
  const { table, key } = exported[type]
  const nameOf = (row: Row) => JSON.stringify(key.map(each => row[each]))
  const made = new Set<string>()
  if (write)
    await inParts(rows, async some => {
      const done = await db
        .insertInto(table as 'codes')
        .values(some as never)
        .onConflict(on => on.doNothing())
        .returning(key as never[])
        .execute()
      for (const row of done) made.add(nameOf(row as Row))
      return []
    })
  const others = rows.filter(row => !made.has(nameOf(row)))
  const there = new Map((await known(db, programId, type, others)).map(row => [nameOf(row), row]))
  return rows.map(row => {
    if (made.delete(nameOf(row))) return 'created'
    const before = there.get(nameOf(row))
    if (!before) return write ? 'id_taken' : 'created'
    return Object.entries(row).every(([name, value]) => (before[name] ?? null) === (value ?? null)) ? 'unchanged' : 'row_differs'
  })
}

async function known(db: Db, programId: string, type: ExportType, rows: Row[]): Promise<Row[]> {
  const { table, key, by } = exported[type]
  const [only = ''] = key
  const all = db.selectFrom(table as 'codes').selectAll()
  const own = by ? all : all.where('programId', '=', programId)
  if (key.length === 1)
    return inParts(rows, some =>
      own
        .where(
          only as 'code',
          'in',
          some.map(row => row[only] as string),
        )
        .execute(),
    )
  const found: Row[] = []
  for (const row of rows) {
    let query = own
    for (const name of key) query = query.where(name as 'code', '=', row[name] as string)
    found.push(...(await query.execute()))
  }
  return found
}

type Transaction = Omit<journal.Posting, 'entries'> & { entries: journal.Entry[] }

/** Writes transactions of the journal back, each with its entries, to wait for its place in the chain. */
export async function putTransactions(db: Db, programId: string, all: Transaction[], write: boolean): Promise<Restored[]> {
  const rows = await inParts(
    all.map(each => each.id),
    some => journal.whole(db, some),
  )
  const there = new Map(rows.map(row => [row.id, row]))
  const made = all.filter(each => !there.has(each.id))
  if (write) await postAll(db, programId, made)
  return all.map(({ entries, ...transaction }) => {
    const before = there.get(transaction.id)
    if (!before) return 'created'
    if (before.programId !== programId) return 'id_taken'
    const placed = entries.map((entry, position) => ({ ...entry, programId, position }))
    return contentHash(before, before.entries) === contentHash(transaction, placed) ? 'unchanged' : 'row_differs'
  })
}

/** The hashes that transactions have under another program's id: what their places in that one's chain were made from. */
export async function contentsAs(db: Db, programId: string, ids: string[]) {
  const all = await inParts(ids, some => journal.whole(db, some))
  return new Map(
    all.map(({ entries, ...each }) => [
      each.id,
      contentHash(
        { ...each, programId },
        entries.map(entry => ({ ...entry, programId })),
      ),
    ]),
  )
}

/** True where a row refers to something that is not there. */
export function refersToMissing(error: unknown) {
  if (!(error instanceof Error)) return false
  return (error as { code?: string }).code === '23503' || error.message.includes('FOREIGN KEY constraint failed')
}

/** The columns that a table has: an export of a later release may have more. */
export async function columnsOf(db: Db, type: ExportType): Promise<Set<string>> {
  const name = snake(exported[type].table)
  const table = (await db.introspection.getTables()).find(each => each.name === name)
  return new Set(table?.columns.map(each => camel(each.name)))
}

const snake = (name: keyof Schema) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
