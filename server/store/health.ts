import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Whether PostgreSQL puts on the disk what it has acknowledged, what its clock says, and which release it is. */
export async function postgresHealth({ db }: Database) {
  const { rows } = await sql<Record<'version' | 'fsync' | 'synchronousCommit' | 'fullPageWrites' | 'now' | 'bytes', string>>`
    select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as synchronous_commit, current_setting('full_page_writes') as full_page_writes,
      extract(epoch from clock_timestamp())::text as now, pg_database_size(current_database())::text as bytes`.execute(db)
  const [row] = rows
  return row && { ...row, now: new Date(Number(row.now) * 1_000), bytes: Number(row.bytes) }
}

/** How SQLite keeps its file. `synchronous` is 2 where a commit waits for the disk. */
export async function sqliteHealth({ db }: Database) {
  const ask = async (what: string) => Object.values((await sql.raw<object>(what).execute(db)).rows[0] ?? {})[0] as string | number
  return {
    version: String(await ask('select sqlite_version()')),
    journalMode: String(await ask('pragma journal_mode')),
    synchronous: Number(await ask('pragma synchronous')),
    bytes: Number(await ask('pragma page_count')) * Number(await ask('pragma page_size')),
  }
}

// What statfs calls them; on these SQLite's locks are not kept, or a commit is not on a disk.
const KINDS: Record<number, 'network' | 'memory'> = {
  26985: 'network',
  20859: 'network',
  4283649346: 'network',
  4266872130: 'network',
  16914836: 'memory',
  2240043254: 'memory',
}

/** The disk under a file: how much it has left, in bytes, and whether it is one. */
export function diskOf(file: string) {
  const { type, bavail, bsize } = statfsSync(dirname(file))
  return { free: bavail * bsize, kind: KINDS[type >>> 0] ?? 'disk' }
}
