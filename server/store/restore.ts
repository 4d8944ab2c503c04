import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sql } from 'kysely'
import { type Contents, contents, readCopy, syncFile } from './backup.ts'
import { type Database, openBeside, takeLock } from './database.ts'

/** What belongs to SQLite's file, and would be read with whatever stands in its place. */
const PARTS = ['', '-wal', '-shm', '-secret']

/**
 * The one who puts another file in the place of SQLite's: nobody else has it until `close`. Throws `DatabaseRefused` where
 * a server runs.
 */
export function place(file: string) {
  mkdirSync(dirname(file), { recursive: true })
  const lock = takeLock(file)
  const part = `${file}.part`
  return {
    isTaken: existsSync(file) && statSync(file).size > 0,
    /** Copies it to where the file is to be, under another name, and says what is in it. */
    async copy(from: string): Promise<Contents & { faults: string[] }> {
      rmSync(part, { force: true })
      copyFileSync(from, part)
      syncFile(part)
      return readCopy(part)
    },
    /** Puts what was copied in place. What stood there gets another name, which is answered. */
    take(at: Date) {
      const aside = `${file}-before-${at.toISOString().replace(/[:.]/g, '-')}`
      const moved = PARTS.filter(each => existsSync(file + each))
      for (const each of moved) renameSync(file + each, aside + each)
      renameSync(part, file)
      syncFile(dirname(file))
      return moved.includes('') ? join(dirname(file), basename(aside)) : null
    },
    close() {
      rmSync(part, { force: true })
      lock.close()
    },
  }
}

/** What PostgreSQL's database holds now, and how many servers are connected to it. */
export async function target(url: string) {
  const database = openBeside(url)
  try {
    const tables = await database.db.introspection.getTables()
    return { tables: tables.length, servers: await serversOn(database) }
  } finally {
    await database.close()
  }
}

async function serversOn({ db }: Database) {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity
    where datname = current_database() and application_name = 'mislata' and pid <> pg_backend_pid()`.execute(db)
  return rows.length
}

/** The same as a copy says of itself, of the database that it was put into. */
export async function contentsAt(url: string): Promise<Contents> {
  const database = openBeside(url)
  try {
    return await contents(database.db)
  } finally {
    await database.close()
  }
}
