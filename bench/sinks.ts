import { chmodSync, closeSync, fsyncSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import pg from 'pg'

export type Value = string | number | null

/** Takes rows past the server, as fast as the database takes them at all. `end` makes them safe, and tells how many bytes there are. */
export type Sink = { put(table: string, columns: string[], rows: Value[][]): Promise<void>; end(): Promise<number> }

/** Into a database that a server has made and that no server has open. `folder` is for what lies there in between. */
export function sinkFor(url: string, folder: string): Promise<Sink> {
  return url.startsWith('sqlite:') ? intoSqlite(url.slice('sqlite:'.length)) : intoPostgres(url, folder)
}

async function intoSqlite(file: string): Promise<Sink> {
  const connection = new DatabaseSync(file)
  // Who fills a database for a measurement can begin again; the server sets its own when it opens the file.
  connection.exec('pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -200000; begin')
  const statements = new Map<string, StatementSync>()
  return {
    async put(table, columns, rows) {
      const places = columns.map(() => '?').join(', ')
      const text = `insert into ${table} (${columns.join(', ')}) values (${places})`
      let statement = statements.get(text)
      if (!statement) {
        statement = connection.prepare(text)
        statements.set(text, statement)
      }
      for (const row of rows) statement.run(...row)
    },
    async end() {
      connection.exec('commit')
      connection.exec('pragma journal_mode = wal')
      connection.close()
      // What the system has yet to write would be written while the server is being measured.
      const whole = openSync(file, 'r+')
      fsyncSync(whole)
      closeSync(whole)
      return statSync(file).size
    },
  }
}

// By files that the database's own process reads: the server is one that this run has started, on this machine.
async function intoPostgres(url: string, folder: string): Promise<Sink> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('set synchronous_commit = off')
  let last: Promise<unknown> = Promise.resolve()
  let files = 0
  return {
    async put(table, columns, rows) {
      if (!rows.length) return
      // While PostgreSQL reads one, the next is being written.
      const file = join(folder, `rows-${files++ % 2}`)
      const text = rows.map(row => row.map(inCopy).join('\t')).join('\n')
      writeFileSync(file, `${text}\n`)
      chmodSync(file, 0o644)
      await last
      last = client.query(`copy ${table} (${columns.join(', ')}) from '${file}'`)
      last.catch(() => {})
    },
    async end() {
      await last
      for (const n of [0, 1]) rmSync(join(folder, `rows-${n}`), { force: true })
      await client.query('vacuum analyze')
      await client.query('checkpoint')
      const { rows } = await client.query('select pg_database_size(current_database()) as bytes')
      await client.end()
      return Number(rows[0]?.bytes)
    },
  }
}

function inCopy(value: Value) {
  if (value === null) return '\\N'
  return typeof value === 'string' && /[\\\t\n\r]/.test(value)
    ? value.replace(/[\\\t\n\r]/g, found => (found === '\\' ? '\\\\' : found === '\t' ? '\\t' : found === '\n' ? '\\n' : '\\r'))
    : String(value)
}
