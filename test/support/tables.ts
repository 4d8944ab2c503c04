import type { TestServer } from './server.ts'

/** How many rows each table has. */
export async function rowCounts(server: TestServer) {
  return Object.fromEntries(Object.entries(await everyRow(server)).map(([table, rows]) => [table, rows.length]))
}

/** All that the database holds, by table: what somebody who gets hold of a copy would have. */
export async function everyRow(server: TestServer) {
  const { db } = server.desk().database
  const tables = await db.introspection.getTables()
  const rows = tables.map(
    async ({ name }) =>
      [
        name,
        await db
          .selectFrom(name as 'meta')
          .selectAll()
          .execute(),
      ] as const,
  )
  return Object.fromEntries(await Promise.all(rows)) as Record<string, Record<string, unknown>[]>
}
