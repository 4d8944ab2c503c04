import { sql } from 'kysely'
import { type Database, DatabaseRefused, inTransaction, isTaken } from './database.ts'
import { migrations } from './migrations.ts'
import { writeStatistics } from './statistics.ts'

/**
 * Brings the tables up to date and returns the names of what was done. Several processes may call it at once:
 * one does the work, the others wait and find it done. All steps share one transaction, so a process that is
 * killed half way leaves the database as it was.
 */
export async function migrate(database: Database) {
  await makeLedger(database)
  return inTransaction(database, async db => {
    // A row, not an advisory lock: PostgreSQL's relatives have rows. On SQLite the transaction is the lock.
    if (database.engine === 'postgres') {
      // An index on ten million rows takes longer than a request may, and so long the others wait.
      await sql`set local statement_timeout = 0`.execute(db)
      await sql`set local lock_timeout = 0`.execute(db)
      await sql`select name from migrations where name = 'lock' for update`.execute(db)
    }
    const { rows } = await sql<{ name: string }>`select name from migrations`.execute(db)
    const done = new Set(rows.map(row => row.name))
    const missing = [...done].filter(name => name !== 'lock' && !migrations.some(each => each.name === name))
    if (missing.length)
      throw new DatabaseRefused(`The database is newer than this release: it has ${missing.join(', ')}. Start the newer release.`)

    const pending = migrations.filter(each => !done.has(each.name))
    for (const { name, up } of pending) {
      await up(db as never, database.engine)
      await sql`insert into migrations (name, at) values (${name}, ${new Date().toISOString()})`.execute(db)
    }
    if (database.engine === 'sqlite') await writeStatistics(db)
    return pending.map(each => each.name)
  })
}

/** The names of what is to be done, without doing any of it, and of what only a later release knows. */
export async function outstanding({ db }: Database) {
  const tables = await db.introspection.getTables()
  const { rows } = tables.some(each => each.name === 'migrations')
    ? await sql<{ name: string }>`select name from migrations`.execute(db)
    : { rows: [] }
  const done = new Set(rows.map(row => row.name))
  done.delete('lock')
  return {
    done: migrations.filter(each => done.has(each.name)).map(each => each.name),
    pending: migrations.filter(each => !done.has(each.name)).map(each => each.name),
    unknown: [...done].filter(name => !migrations.some(each => each.name === name)).sort(),
  }
}

async function makeLedger(database: Database) {
  try {
    await sql`create table if not exists migrations (name text primary key, at text not null)`.execute(database.db)
    await sql`insert into migrations (name, at) values ('lock', ${new Date().toISOString()}) on conflict do nothing`.execute(
      database.db,
    )
  } catch (error) {
    // PostgreSQL's "if not exists" looks first and creates later; the one that comes second is told so by a unique key,
    // or by the table's or its row type's name.
    if (!isTaken(error) && !['42P07', '42710'].includes((error as { code?: string }).code ?? '')) throw error
    await sql`insert into migrations (name, at) values ('lock', ${new Date().toISOString()}) on conflict do nothing`.execute(
      database.db,
    )
  }
}
