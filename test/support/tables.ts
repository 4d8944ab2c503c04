import { sql } from 'kysely'
import type { Db } from '../../server/store/schema.ts'
import type { TestServer } from './server.ts'

/** How many rows each table has, but for that of attempts to deliver, which go on by themselves. */
export async function rowCounts(server: TestServer) {
  const { db } = server.desk().database
  const tables = (await tableNames(db)).filter(name => name !== 'delivery_attempts')
  const each = tables.map(name => sql`select ${sql.lit(name)} as "table", count(*) as "rows" from ${sql.table(name)}`)
  const { rows } = await sql<{ table: string; rows: number }>`${sql.join(each, sql` union all `)}`.execute(db)
  return Object.fromEntries(rows.map(({ table, rows }) => [table, Number(rows)]))
}

// What has been booked gets its place in the chain by itself, some seconds later.
const SEALED = ['journal_waiting', 'journal_seals', 'journal_heads']

/** All that the database holds, by table, but for the journal's seals: what somebody who gets hold of a copy would have. */
export async function everyRow(server: TestServer) {
  const { db } = server.desk().database
  const rows = (await tableNames(db)).map(async name => {
    const table = db.selectFrom(name as 'meta').selectAll()
    return [name, inOrder(await table.execute())] as const
  })
  return Object.fromEntries(await Promise.all(rows)) as Record<string, Record<string, unknown>[]>
}

const named = new WeakMap<object, Promise<string[]>>()

async function tableNames(db: Db) {
  const known = named.get(db) ?? db.introspection.getTables().then(tables => tables.map(({ name }) => name))
  named.set(db, known)
  return (await known).filter(name => !SEALED.includes(name))
}

// PostgreSQL gives rows as they lie, and a row that was only locked may lie elsewhere afterwards.
function inOrder(rows: object[]) {
  const keyed = rows.map(row => [JSON.stringify(row), row] as const)
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row)
}
