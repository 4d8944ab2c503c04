import type { TestServer } from './server.ts'

/** How many rows each table has, but for that of attempts to deliver, which go on by themselves. */
export async function rowCounts(server: TestServer) {
  const tables = Object.entries(await everyRow(server)).filter(([table]) => table !== 'delivery_attempts')
  return Object.fromEntries(tables.map(([table, rows]) => [table, rows.length]))
}

// What has been booked gets its place in the chain by itself, some seconds later.
const SEALED = ['journal_waiting', 'journal_seals', 'journal_heads']

/** All that the database holds, by table, but for the journal's seals: what somebody who gets hold of a copy would have. */
export async function everyRow(server: TestServer) {
  const { db } = server.desk().database
  const tables = (await db.introspection.getTables()).filter(({ name }) => !SEALED.includes(name))
  const rows = tables.map(async ({ name }) => {
    const table = db.selectFrom(name as 'meta').selectAll()
    return [name, inOrder(await table.execute())] as const
  })
  return Object.fromEntries(await Promise.all(rows)) as Record<string, Record<string, unknown>[]>
}

// PostgreSQL gives rows as they lie, and a row that was only locked may lie elsewhere afterwards.
function inOrder(rows: object[]) {
  const keyed = rows.map(row => [JSON.stringify(row), row] as const)
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row)
}
