import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../config.ts'
import { secretFile, secretOf } from '../installation.ts'
import { info } from '../openapi/words.ts'
import { pgDump } from '../providers/pg-tools.ts'
import { atOneMoment, type Contents, copySqlite, readCopy, syncFile } from '../store/backup.ts'
import type { Database } from '../store/database.ts'
import { outstanding } from '../store/migrate.ts'
import { type Command, CouldNot, number, OK, text } from './command.ts'
import { besideServer } from './desk.ts'
import { MANIFEST, type Manifest, markOf, SECRET, sha256Of } from './manifest.ts'
import { progress, say } from './terminal.ts'

const NAMED = /^mislata-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z$/

export const command: Command = {
  about: [
    'A backup is a folder: the copy, a manifest that says what must be in it, and the secret where the server has made it',
    'itself. It is checked before it gets its name, which is what is said at the end. On PostgreSQL it is made with pg_dump.',
  ],
  options: {
    to: { type: 'string', value: 'folder', about: 'Where backups are kept; ./backups if not said' },
    keep: { type: 'string', value: 'n', about: 'Remove all backups there but the newest n, once this one is done' },
    json: { type: 'boolean', about: 'Say the manifest' },
  },
  run: asked => {
    const keep = number(asked, 'keep')
    const to = resolve(text(asked, 'to') ?? 'backups')
    return besideServer(async around => {
      // Nothing is written where there is nothing to copy.
      await outstanding(around.database)
      const { folder, manifest } = await keptIn(to, part => copy(around, part))
      say(asked.options.json ? JSON.stringify({ folder, ...manifest }, null, 2) : folder)
      for (const old of keep === undefined ? [] : backupsIn(to).slice(0, -keep)) rmSync(join(to, old), { recursive: true })
      return OK
    })
  },
}

/** The backups in a folder, the oldest first. */
function backupsIn(folder: string) {
  return readdirSync(folder)
    .filter(name => NAMED.test(name) && existsSync(join(folder, name, MANIFEST)))
    .sort()
}

/** What is made in a folder of another name gets its own once it is whole and on the disk. */
async function keptIn(to: string, make: (part: string) => Promise<Omit<Manifest, 'createdAt'>>) {
  const createdAt = new Date().toISOString()
  const folder = join(to, `mislata-${createdAt.replace(/[:.]/g, '-')}`)
  const part = `${folder}.part`
  const remove = () => rmSync(part, { recursive: true, force: true })
  const interrupted = () => {
    remove()
    process.exit(130)
  }
  try {
    mkdirSync(part, { recursive: true, mode: 0o700 })
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
    const manifest: Manifest = { ...(await make(part)), createdAt }
    writeFileSync(join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true })
    syncFile(part)
    renameSync(part, folder)
    syncFile(to)
    return { folder, manifest }
  } catch (error) {
    remove()
    const { code, message } = error as NodeJS.ErrnoException
    if (/^(ENOSPC|EACCES|EROFS|EPERM|ENOTDIR|EDQUOT)$/.test(code ?? '') || /disk is full/.test(message))
      throw new CouldNot(`The backup could not be written to ${to}: ${message}`)
    throw error
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
  }
}

async function copy(around: { config: Config; database: Database }, part: string): Promise<Omit<Manifest, 'createdAt'>> {
  const { config, database } = around
  const name = database.engine === 'sqlite' ? 'mislata.db' : 'mislata.dump'
  const file = join(part, name)
  const held = database.file === null ? await dump(config.databaseUrl, file) : await copyFile(database.file, file)
  chmodSync(file, 0o600)
  const step = progress('Summing up')
  const sum = await sha256Of(file, bytes => step.at(bytes / 1e6))
  step.end(`${(sum.bytes / 1e6).toFixed(1)} MB`)
  const secret = await secretOf(config, database)
  const { migrations, rows, chains } = held
  return {
    format: 1,
    release: info.version,
    engine: database.engine,
    file: { name, ...sum },
    migrations,
    rows,
    chains,
    secret: { kept: keepSecret(around, part), mark: markOf(secret) },
  }
}

function keepSecret({ config, database }: { config: Config; database: Database }, part: string) {
  if (config.appSecret) return 'environment'
  const own = secretFile(database)
  if (own === null) return 'inside'
  copyFileSync(own, join(part, SECRET))
  chmodSync(join(part, SECRET), 0o600)
  syncFile(join(part, SECRET))
  return 'beside'
}

async function copyFile(from: string, to: string): Promise<Contents> {
  const step = progress('Copying')
  await copySqlite(from, to, step.at)
  step.end()
  const check = progress('Checking the copy')
  const { faults, ...held } = await readCopy(to)
  check.end(faults.length ? 'it is damaged' : 'nothing wrong')
  if (faults.length) throw new CouldNot(`The database is damaged, and so is its copy: ${faults[0]} Run: mislata verify`)
  return held
}

async function dump(url: string, file: string): Promise<Contents> {
  const step = progress('Copying with pg_dump')
  return atOneMoment(url, async ({ snapshot, version, ...held }) => {
    const ran = await pgDump(url, { file, snapshot })
    if (ran.outcome === 'missing')
      throw new CouldNot(
        `A backup of PostgreSQL takes pg_dump of version ${Number.parseInt(version, 10)} or newer, and there is none here. Install PostgreSQL's client, or use your database's own backups.`,
      )
    if (ran.outcome === 'failed') throw new CouldNot(`pg_dump could not copy the database: ${ran.said}`)
    syncFile(file)
    step.end()
    return held
  })
}
