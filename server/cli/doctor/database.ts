import { statSync } from 'node:fs'
import { secretFile } from '../../installation.ts'
import * as admins from '../../store/admins.ts'
import type { Database } from '../../store/database.ts'
import { diskOf, postgresHealth, sqliteHealth } from '../../store/health.ts'
import { outstanding } from '../../store/migrate.ts'
import { type Findings, findings } from './finding.ts'

const MB = 1_000_000
const LITTLE = 200 * MB

/** Whether it keeps what it has acknowledged, has room, and is of this release. */
export async function checkDatabase(database: Database) {
  const said = findings('database')
  if (database.file === null) await checkPostgres(database, said)
  else await checkSqlite(database, database.file, said)
  const { done, pending, unknown } = await outstanding(database)
  if (unknown.length) said.wrong(`It is newer than this release: it has ${unknown.join(', ')}.`, 'Install the newer release.')
  else if (pending.length)
    said.note(
      `${done.length ? 'It is of an earlier release' : 'It is empty'}: ${pending.join(', ')} to be done.`,
      'Back up; the next start of the server, or `mislata migrate`, does it.',
    )
  else {
    said.ok('The tables are those of this release.')
    if (!(await admins.any(database.db)))
      said.note(
        'Nobody can sign in yet.',
        'Make an admin with `mislata admin create`, or open the link that the server prints when it starts.',
      )
  }
  return said.all
}

async function checkPostgres(database: Database, said: Findings) {
  const found = await postgresHealth(database)
  if (!found) return
  const { version, fsync, synchronousCommit, fullPageWrites, bytes } = found
  said.ok(`PostgreSQL ${version.split(' ')[0]} answers, with ${megabytes(bytes)}.`)
  for (const [name, value] of Object.entries({ fsync, synchronous_commit: synchronousCommit, full_page_writes: fullPageWrites }))
    if (value === 'off')
      said.wrong(
        `${name} is off: what the server has acknowledged can be lost when the machine fails.`,
        `Turn it on${name === 'synchronous_commit' ? ', for this database: alter database … set synchronous_commit = on' : ' in postgresql.conf'}.`,
      )
}

async function checkSqlite(database: Database, file: string, said: Findings) {
  const { version, journalMode, synchronous, bytes } = await sqliteHealth(database)
  said.ok(`SQLite ${version} answers, with ${megabytes(bytes)}.`)
  if (journalMode !== 'wal' || synchronous !== 2)
    said.wrong(
      `SQLite has not taken its settings: journal_mode=${journalMode}, synchronous=${synchronous}.`,
      'Keep the file on a disk of this machine.',
    )
  const { free, kind } = diskOf(file)
  if (kind === 'network')
    said.wrong(
      `${file} is on a network's disk, where locks are not kept.`,
      'Keep it on a disk of this machine, or use PostgreSQL.',
    )
  if (kind === 'memory') said.wrong(`${file} is in memory, and gone when the machine starts again.`, 'Keep it on a disk.')
  // Room for a backup beside it, and for the log while that is made.
  if (free < LITTLE) said.wrong(`The disk has ${megabytes(free)} left.`, 'Make room: what cannot be stored is refused.')
  else if (free < 2 * bytes)
    said.note(`The disk has ${megabytes(free)} left, less than twice the database.`, 'Keep backups elsewhere, or make room.')
  else said.ok(`The disk has ${megabytes(free)} left.`)
  for (const path of [file, secretFile(database) ?? file]) {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
    if (mode & (path === file ? 0o007 : 0o077) && process.platform !== 'win32')
      said.wrong(`${path} can be read by other accounts of this machine.`, `chmod 600 ${path}`)
  }
}

function megabytes(bytes: number) {
  return bytes < 1_000 * MB ? `${Math.round(bytes / MB)} MB` : `${(bytes / 1_000 / MB).toFixed(1)} GB`
}
