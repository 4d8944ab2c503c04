import { closeSync, fsyncSync, openSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely'
import pg from 'pg'
import { forKysely, plugins } from './database.ts'
import { faults, rowCounts } from './integrity.ts'
import type { Db, Schema } from './schema.ts'
import { openConnection } from './sqlite.ts'

/** What a copy holds: enough to tell whether another has the same. */
export type Contents = {
  migrations: string[]
  rows: Record<string, number>
  chains: { programId: string; length: number; head: string }[]
}

const PAGES = 2_000

/**
 * Copies SQLite's file as it is at one moment, whoever writes to it meanwhile, and waits for nobody. The copy is one file,
 * on the disk.
 */
export async function copySqlite(from: string, to: string, far: (done: number, of: number) => void) {
  const source = openConnection(from)
  try {
    source.exec('pragma query_only = on')
    // Without a transaction of its own the copy would begin anew whenever somebody else has written.
    source.exec('begin')
    source.prepare('select count(*) from sqlite_master').get()
    await backup(source, to, {
      rate: PAGES,
      progress: ({ totalPages, remainingPages }) => far(totalPages - remainingPages, totalPages),
    })
  } finally {
    source.close()
  }
  const copy = new DatabaseSync(to)
  // A log beside it would be a second file to lose.
  copy.exec('pragma journal_mode = delete')
  copy.close()
  syncFile(to)
}

/** What a copy of SQLite's file holds, and what is wrong with it. The file is only read. */
export async function readCopy(file: string): Promise<Contents & { faults: string[] }> {
  const connection = new DatabaseSync(file, { readOnly: true })
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: forKysely(connection) }), plugins })
  try {
    const wrong = await faults({ engine: 'sqlite', db })
    // What is not whole cannot be counted.
    if (wrong.length) return { faults: wrong, migrations: [], rows: {}, chains: [] }
    return { faults: wrong, ...(await contents(db)) }
  } finally {
    await db.destroy()
    if (connection.isOpen) connection.close()
  }
}

/** What a database holds now. */
export async function contents(db: Db): Promise<Contents> {
  const { rows: steps } = await sql<{ name: string }>`select name from migrations where name <> 'lock' order by name`.execute(db)
  const rows = await rowCounts(db)
  const chains = 'journal_heads' in rows ? await db.selectFrom('journalHeads').selectAll().orderBy('programId').execute() : []
  return {
    migrations: steps.map(each => each.name),
    rows,
    chains: chains.map(({ programId, length, hash }) => ({ programId, length: Number(length), head: hash })),
  }
}

/**
 * What PostgreSQL holds at one moment, and the name under which another program sees the same moment until `work` is done.
 */
export async function atOneMoment<T>(url: string, work: (at: Contents & { snapshot: string; version: string }) => Promise<T>) {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 5_000, application_name: 'mislata backup' })
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), plugins })
  try {
    return await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async db => {
        const { rows } = await sql<{ snapshot: string; version: string }>`
          select pg_export_snapshot() as snapshot, current_setting('server_version') as version`.execute(db)
        const { snapshot = '', version = '' } = rows[0] ?? {}
        return work({ ...(await contents(db)), snapshot, version })
      })
  } finally {
    await db.destroy()
  }
}

/** A file, or a folder's list of names, is on the disk. */
export function syncFile(path: string) {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
