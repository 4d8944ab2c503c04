import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { CamelCasePlugin, Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely'
import pg from 'pg'
import { Gate } from './gate.ts'
import { isOfNaming, namingClient } from './prepared.ts'
import type { Db, Schema } from './schema.ts'
import { openConnection } from './sqlite.ts'

/** One open database. `engine` is the only place from which the rest may learn which one it is. */
export type Database = {
  engine: 'sqlite' | 'postgres'
  db: Kysely<Schema>
  /** Where SQLite keeps its file; null on PostgreSQL. */
  file: string | null
  /** PostgreSQL's connections, for the one query that Kysely would only get in the way of. */
  pool: pg.Pool | null
  /** On SQLite there is one writer at a time: transactions and click batches pass here in turn instead of waiting in a lock. */
  gate: Gate
  close(): Promise<void>
}

/** Opens `sqlite:<path>` or `postgres://…`. Throws `DatabaseRefused` where another process holds the SQLite file. */
export function open(url: string): Database {
  return url.startsWith('sqlite:') ? openSqlite(resolve(url.slice('sqlite:'.length))) : openPostgres(url)
}

/**
 * The same beside a server that may be running: for reading, and for writing what no process keeps in memory. SQLite's file
 * has to be there already.
 */
export function openBeside(url: string): Database {
  if (!url.startsWith('sqlite:')) return openPostgres(url)
  const file = resolve(url.slice('sqlite:'.length))
  if (!existsSync(file)) throw new DatabaseRefused(`There is no database at ${file}. The first start of the server makes it.`)
  return onSqlite(file)
}

/** The database cannot be used as it is, and the message says what to do. */
export class DatabaseRefused extends Error {}

/**
 * Runs `work` in one transaction. Its argument is the transaction and must shadow the outer `db`:
 * on SQLite the outer one waits for the transaction to end, which then waits for it.
 */
export async function inTransaction<T>(database: Database, work: (db: Db) => Promise<T>): Promise<T> {
  if (database.engine === 'sqlite') {
    return database.gate.through(() => database.db.transaction().execute(work))
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.db.transaction().execute(work)
    } catch (error) {
      if (attempt === 6 || !isConflictOfTransactions(error)) throw error
      await new Promise(resolve => setTimeout(resolve, Math.random() * 20 * attempt))
    }
  }
}

/** True where a unique key said no. */
export function isTaken(error: unknown, column?: string) {
  if (!(error instanceof Error)) return false
  const code = (error as { code?: string }).code
  const detail = `${error.message} ${(error as { constraint?: string }).constraint ?? ''}`
  const taken = code === '23505' || error.message.includes('UNIQUE constraint failed')
  return taken && (!column || detail.includes(column))
}

/** True where the database cannot be reached or is too busy to answer: the caller may try again. */
export function isUnavailable(error: unknown) {
  if (!(error instanceof Error)) return false
  const code = (error as { code?: string }).code ?? ''
  const message = error.message
  return (
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|57P0[1-5]|08\w{3}|53\d{3}|57014|55P03|40001|40P01)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|database is locked|database or disk is full|disk I\/O error/.test(
      message,
    )
  )
}

/** True where the database answers a question at all. */
export async function answers({ db }: Database) {
  try {
    await sql`select 1`.execute(db)
    return true
  } catch {
    return false
  }
}

/** Makes a table refuse changes and deletions: its rows are history. */
export async function makeAppendOnly(db: Kysely<never>, engine: Database['engine'], table: string) {
  if (engine === 'sqlite') {
    for (const act of ['update', 'delete']) {
      await sql
        .raw(
          `create trigger ${table}_no_${act} before ${act} on ${table} begin select raise(abort, '${table} is append-only'); end`,
        )
        .execute(db)
    }
    return
  }
  await sql
    .raw(
      `create or replace function ${table}_append_only() returns trigger language plpgsql as $$ begin raise exception '${table} is append-only'; end $$`,
    )
    .execute(db)
  await sql
    .raw(
      `create trigger ${table}_append_only before update or delete on ${table} for each row execute function ${table}_append_only()`,
    )
    .execute(db)
}

export const plugins = [new CamelCasePlugin({ underscoreBeforeDigits: false })]

function openSqlite(file: string): Database {
  mkdirSync(dirname(file), { recursive: true })
  const lock = takeLock(file)
  // Whom the programme pays, and how, is for no other account of this machine. SQLite makes its other files alike.
  if (!existsSync(file)) writeFileSync(file, '', { mode: 0o600 })
  const database = onSqlite(file)
  return {
    ...database,
    async close() {
      await database.close()
      lock.close()
    },
  }
}

function onSqlite(file: string): Database {
  const connection = openConnection(file)
  assertSafe(connection)
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: forKysely(connection) }), plugins })
  return {
    engine: 'sqlite',
    db,
    file,
    pool: null,
    gate: new Gate(),
    async close() {
      await db.destroy()
      if (connection.isOpen) connection.close()
    },
  }
}

/** Kysely speaks the dialect of better-sqlite3. A statement is prepared once and kept: the set of queries is small. */
export function forKysely(connection: DatabaseSync) {
  const statements = new Map<string, ReturnType<typeof statement>>()
  return {
    close: () => connection.close(),
    prepare(text: string) {
      // Kysely begins lazily, and a transaction that starts with a read would later fail to become a writer.
      const wanted = text === 'begin' ? 'begin immediate' : text
      let known = statements.get(wanted)
      if (!known) {
        if (statements.size > 500) statements.clear()
        known = statement(connection.prepare(wanted))
        statements.set(wanted, known)
      }
      return known
    },
  }
}

function statement(prepared: StatementSync) {
  const values = (parameters: ReadonlyArray<unknown>) => parameters as SQLInputValue[]
  return {
    reader: prepared.columns().length > 0,
    all: (parameters: ReadonlyArray<unknown>) => prepared.all(...values(parameters)),
    run: (parameters: ReadonlyArray<unknown>) => prepared.run(...values(parameters)),
    iterate: (parameters: ReadonlyArray<unknown>) => prepared.iterate(...values(parameters)),
  }
}

function assertSafe(connection: DatabaseSync) {
  const ask = (text: string) => Object.values(connection.prepare(text).get() ?? {})[0]
  const found = {
    journal_mode: ask('pragma journal_mode'),
    synchronous: ask('pragma synchronous'),
    foreign_keys: ask('pragma foreign_keys'),
  }
  const wanted = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1 }
  for (const [name, value] of Object.entries(wanted)) {
    if (found[name as keyof typeof found] !== value) throw new Error(`SQLite did not take ${name} = ${value}`)
  }
  // Earlier versions can corrupt a database when a checkpoint and a write meet (the WAL-reset race).
  const version = String(ask('select sqlite_version()'))
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (major * 1e6 + minor * 1e3 + patch < 3_051_003) throw new Error(`SQLite ${version} is too old: 3.51.3 or newer is needed`)
}

/**
 * Nobody else has the file until this is closed; throws `DatabaseRefused` where somebody has. It is a second SQLite file held
 * in an exclusive transaction: the kernel lets go of it when the process dies, however it dies. The text file beside it only
 * tells people who holds it.
 */
export function takeLock(file: string) {
  const lock = new DatabaseSync(`${file}-lock`)
  try {
    lock.exec('pragma busy_timeout = 0; begin exclusive')
  } catch {
    lock.close()
    throw new DatabaseRefused(
      `${file} is in use by another Mislata process (see ${file}-lock.txt). Stop it first, or use PostgreSQL to run several.`,
    )
  }
  writeFileSync(`${file}-lock.txt`, `pid ${process.pid} since ${new Date().toISOString()}\n`)
  return lock
}

function openPostgres(url: string): Database {
  // A bigint arrives as text. Every amount is kept below 2^53, so that a number holds it exactly.
  pg.types.setTypeParser(pg.types.builtins.INT8, Number)
  pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number)
  const pool = new pg.Pool({
    Client: namingClient(),
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 15_000,
    lock_timeout: 5_000,
    idle_in_transaction_session_timeout: 15_000,
    application_name: 'mislata',
  })
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {})
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), plugins })
  return { engine: 'postgres', db, file: null, pool, gate: new Gate(), close: () => db.destroy() }
}

function isConflictOfTransactions(error: unknown) {
  const code = (error as { code?: string }).code
  // A foreign key says no where another transaction has joined away, or referred to, the customer this one had looked up.
  return code === '40001' || code === '40P01' || code === '23503' || isOfNaming(code)
}
