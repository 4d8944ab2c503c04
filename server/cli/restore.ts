import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { answering, using } from '../installation.ts'
import { pgRestore } from '../providers/pg-tools.ts'
import type { Contents } from '../store/backup.ts'
import { openBeside } from '../store/database.ts'
import { migrate } from '../store/migrate.ts'
import { migrations } from '../store/migrations.ts'
import { contentsAt, place, target } from '../store/restore.ts'
import { type Command, CouldNot, FOUND, OK } from './command.ts'
import { atDesk } from './desk.ts'
import { type Manifest, manifestIn, markOf, SECRET, sha256Of } from './manifest.ts'
import { complain, progress, say } from './terminal.ts'
import { check, lines } from './verify.ts'

type Wanted = { folder: string; manifest: Manifest; config: Config; force: boolean }

export const command: Command = {
  takes: '<backup>',
  words: [1, 1],
  about: [
    'Into the database that DATABASE_URL names. The server has to be stopped, and the database empty. It holds the copy',
    'against its manifest, puts it in place, brings the tables up to date, and checks the books.',
  ],
  options: {
    force: {
      type: 'boolean',
      about: "Replace what is there: SQLite's file is kept beside it under another name, PostgreSQL's tables are dropped",
    },
  },
  async run({ options, words: [folder = ''] }) {
    const config = readConfig(process.env)
    const manifest = manifestIn(folder)
    const wanted = { folder: resolve(folder), manifest, config, force: options.force === true }
    await assertFits(wanted)
    await answering(() => (manifest.engine === 'sqlite' ? intoFile(wanted) : intoPostgres(wanted)))
    const report = await atDesk({ writes: false }, desk => check(desk, { noted: manifest.chains }))
    for (const line of lines(report)) say(line)
    complain(
      report.ok
        ? `Restored as it was at ${manifest.createdAt}. docs/running.md says what to look at before you start the server.`
        : 'It is restored as it was, and what it holds is not right.',
    )
    return report.ok ? OK : FOUND
  },
}

/** Everything that can be known before anything is touched. */
async function assertFits({ folder, manifest, config, force }: Wanted) {
  const engine = config.databaseUrl.startsWith('sqlite:') ? 'sqlite' : 'postgres'
  if (manifest.engine !== engine)
    throw new CouldNot(
      `The backup is of ${manifest.engine}, and DATABASE_URL names ${engine}. Export and import move between them.`,
    )
  const later = manifest.migrations.filter(name => !migrations.some(each => each.name === name))
  if (later.length) throw new CouldNot(`The backup is of a later release, ${manifest.release}: it has ${later.join(', ')}.`)
  const step = progress('Reading the backup')
  const { bytes, name, sha256 } = manifest.file
  const found = await sha256Of(join(folder, name), done => step.at(done, bytes)).catch(error => {
    throw new CouldNot(`The backup cannot be read: ${error.message}`)
  })
  step.end(found.sha256 === sha256 ? 'it is whole' : 'it is not whole')
  if (found.sha256 !== sha256) throw new CouldNot(`${join(folder, name)} is not as it was when the backup was made.`)
  const { kept, mark } = manifest.secret
  if (config.appSecret && markOf(config.appSecret) !== mark && !force)
    throw new CouldNot(
      'APP_SECRET is not the secret that the backup was made with, and what was sealed with that could not be read.',
    )
  if (kept === 'environment' && !config.appSecret && !force)
    throw new CouldNot('APP_SECRET has to be what it was when the backup was made: it is not in it.')
}

async function intoFile({ folder, manifest, config, force }: Wanted) {
  const file = resolve(config.databaseUrl.slice('sqlite:'.length))
  const to = place(file)
  try {
    if (to.isTaken && !force) throw new CouldNot(`There is a database at ${file}. With --force it is kept under another name.`)
    const step = progress('Copying')
    const { faults, ...held } = await to.copy(join(folder, manifest.file.name))
    if (faults.length) throw new CouldNot(`The backup is damaged: ${faults[0]}`)
    assertSame(held, manifest)
    const aside = to.take(new Date())
    if (manifest.secret.kept === 'beside')
      writeFileSync(`${file}-secret`, readFileSync(join(folder, SECRET), 'utf8'), { mode: 0o600, flush: true })
    step.end(aside ? `in place; what stood there is ${aside}` : 'in place')
    await upToDate(config.databaseUrl)
  } finally {
    to.close()
  }
}

async function intoPostgres({ folder, manifest, config, force }: Wanted) {
  const { tables, servers } = await target(config.databaseUrl)
  if (servers) throw new CouldNot('Servers are connected to this database. Stop all of them first.')
  if (tables && !force) throw new CouldNot('The database is not empty. With --force what is there is dropped.')
  const step = progress('Copying with pg_restore')
  const ran = await pgRestore(config.databaseUrl, { file: join(folder, manifest.file.name), clean: tables > 0 })
  if (ran.outcome === 'missing')
    throw new CouldNot("A restore of PostgreSQL takes pg_restore, and there is none here. Install PostgreSQL's client.")
  if (ran.outcome === 'failed')
    throw new CouldNot(`pg_restore could not fill the database, and has left it as it was: ${ran.said}`)
  assertSame(await contentsAt(config.databaseUrl), manifest)
  step.end('in place')
  await upToDate(config.databaseUrl)
}

function assertSame(held: Contents, { migrations, rows, chains }: Manifest) {
  const differing = [...new Set([...Object.keys(rows), ...Object.keys(held.rows)])].filter(name => rows[name] !== held.rows[name])
  if (differing.length) throw new CouldNot(`The copy does not hold what its manifest says, in: ${differing.join(', ')}`)
  if (JSON.stringify([held.migrations, held.chains]) !== JSON.stringify([migrations, chains]))
    throw new CouldNot('The copy does not hold what its manifest says: its tables or its chains are others.')
}

async function upToDate(url: string) {
  const done = await using(openBeside(url), migrate)
  if (done.length) complain(`Brought up to date: ${done.join(', ')}`)
}
