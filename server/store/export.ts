import { sql } from 'kysely'
import type { ExportType } from '../contract/export.ts'
import { exported, type Table } from './export-tables.ts'
import type { Db } from './schema.ts'

type Row = Record<string, unknown>

const PAGE = 500

/**
 * All rows of one noun of a program that were there at `until`, a page at a time in the order of their keys: each page is
 * a question of its own, so that nobody waits for the whole. Journal transactions have their entries within.
 */
export async function* rowsOf(db: Db, programId: string, type: ExportType, until: string): AsyncGenerator<Row[]> {
  const table = exported[type]
  for (let last: Row | undefined; ; ) {
    const found = await page(db, programId, table, until, last)
    if (found.length) yield await finished(db, type, table, found)
    if (found.length < PAGE) return
    last = found.at(-1)
  }
}

async function page(db: Db, programId: string, { table, key, by, made }: Table, until: string, last: Row | undefined) {
  const columns = sql.join(key.map(name => sql.ref(name)))
  const conditions = [ofProgram(table, by, programId)]
  if (made) conditions.push(sql`${sql.ref(made)} <= ${until}`)
  if (last) conditions.push(sql`(${columns}) > (${sql.join(key.map(name => last[name]))})`)
  const { rows } = await sql<Row>`select * from ${sql.table(table)} where ${sql.join(conditions, sql` and `)}
    order by ${columns} limit ${PAGE}`.execute(db)
  return rows
}

// Asked of each row as it comes: to list whose rows they are would take longer with each page.
function ofProgram(table: Table['table'], by: Table['by'], programId: string) {
  const owner = sql.ref(`${table}.${by}Id`)
  if (by === 'partner') return sql`exists (select 1 from partners p where p.id = ${owner} and p.program_id = ${programId})`
  if (by === 'customer') return sql`exists (select 1 from customers c where c.id = ${owner} and c.program_id = ${programId})`
  return sql`${sql.ref(by === 'id' ? 'id' : 'programId')} = ${programId}`
}

async function finished(db: Db, type: ExportType, { without = [], json = [] }: Table, rows: Row[]): Promise<Row[]> {
  const told = rows.map(row => {
    const kept = Object.entries(row).filter(([name]) => !without.includes(name))
    // `type` says what a line is; what a key is for goes by another name.
    return Object.fromEntries(
      kept.map(([name, value]) => [name === 'type' ? 'keyType' : name, json.includes(name) ? parsed(value) : value]),
    )
  })
  return type === 'journalTransaction' ? withEntries(db, told) : told
}

async function withEntries(db: Db, transactions: Row[]) {
  const ids = transactions.map(each => each.id as string)
  const entries = await db
    .selectFrom('journalEntries')
    .selectAll()
    .where('transactionId', 'in', ids)
    .orderBy('transactionId')
    .orderBy('position')
    .execute()
  const byTransaction = Map.groupBy(entries, each => each.transactionId)
  return transactions.map(each => {
    const own = byTransaction.get(each.id as string) ?? []
    return { ...each, entries: own.map(({ transactionId: _, programId: __, position: ___, ...entry }) => entry) }
  })
}

function parsed(value: unknown) {
  return typeof value === 'string' && value !== '' ? JSON.parse(value) : value
}
