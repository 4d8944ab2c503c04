import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { Db } from './schema.ts'

const SHOWN = 20

/**
 * What SQLite finds wrong with its own file: pages, indexes, and rows that refer to what is not there. A sentence each, and
 * none where all is well. PostgreSQL looks after that by itself.
 */
export async function faults({ engine, db }: Pick<Database, 'engine' | 'db'>): Promise<string[]> {
  if (engine === 'postgres') return []
  const { rows: pages } = await sql<{ integrityCheck: string }>`pragma integrity_check(${sql.raw(String(SHOWN))})`.execute(db)
  const { rows: strays } = await sql<{ table: string; rowid: number; parent: string }>`pragma foreign_key_check`.execute(db)
  return [
    ...pages.map(each => each.integrityCheck).filter(said => said !== 'ok'),
    ...strays
      .slice(0, SHOWN)
      .map(each => `Row ${each.rowid} of ${each.table} refers to a row of ${each.parent} that is not there.`),
  ]
}

/** How many rows each table has, by its name. */
export async function rowCounts(db: Db): Promise<Record<string, number>> {
  const names = (await db.introspection.getTables()).map(each => each.name).sort()
  const counts: Record<string, number> = {}
  for (const name of names) {
    const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(name)}`.execute(db)
    counts[name] = Number(rows[0]?.rows ?? 0)
  }
  return counts
}
