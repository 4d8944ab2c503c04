import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config } from './config.ts'
import { BadConfig } from './config.ts'
import type { Desk } from './program/desk.ts'
import { type PasswordCost, passwords } from './program/password.ts'
import type { ClickWriter } from './store/clicks.ts'
import { type Database, inTransaction, open } from './store/database.ts'
import { Directory } from './store/directory.ts'
import * as meta from './store/meta.ts'
import { migrate } from './store/migrate.ts'

/** The database that is configured cannot be reached, or is none. */
export class NoAnswer extends BadConfig {}

/** What `work` comes to; throws `NoAnswer` where it finds that the database does not answer. */
export async function answering<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { message } = error as Error
    if (isUnusable(error)) throw new NoAnswer(`DATABASE_URL takes a database that answers: ${message || 'no connection'}`)
    throw error
  }
}

/** What `work` comes to; the database is closed, however it ends. */
export async function using<T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** For one who is to write: the tables are up to date, and on SQLite nobody else has it. */
export function ready(url: string) {
  return answering(async () => {
    const database = open(url)
    try {
      await migrate(database)
      return database
    } catch (error) {
      await database.close()
      throw error
    }
  })
}

/** What every act needs, on an open database. */
export function deskOf(
  config: Config,
  { database, secret, clicks }: { database: Database; secret: string; clicks: ClickWriter },
  { clock = () => new Date(), payoutProviders, passwordCost }: Around = {},
): Desk {
  return {
    database,
    directory: new Directory(database),
    clicks,
    clock,
    secret,
    keyPrefix: config.keyPrefix,
    signatureHeader: config.signatureHeader,
    clickRetentionDays: config.clickRetentionDays,
    allowPrivateWebhooks: config.allowPrivateWebhooks,
    payoutProviders: { url: config.payoutProvidersUrl, timeoutMs: 30_000, ...payoutProviders },
    passwords: passwords(passwordCost),
  }
}

export type Around = {
  clock?: () => Date
  payoutProviders?: Partial<Desk['payoutProviders']>
  passwordCost?: PasswordCost
}

/** Where a secret that was made at the first start is kept; null on PostgreSQL, which has it in a table. */
export function secretFile({ file }: { file: string | null }) {
  return file === null ? null : `${file}-secret`
}

/** The secret from the environment, or one that was made at the first start and is kept beside the database. */
export async function secretOf(config: Config, database: Database) {
  if (config.appSecret) return config.appSecret
  const made = randomBytes(48).toString('base64url')
  const file = secretFile(database)
  if (file === null) return inTransaction(database, db => meta.setOnce(db, 'app_secret', made))
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, made, { mode: 0o600, flag: 'wx' })
    return made
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const kept = readFileSync(file, 'utf8').trim()
    if (kept.length < 32) throw new BadConfig(`APP_SECRET takes at least 32 random characters, and ${file} does not hold them`)
    return kept
  }
}

function isUnusable(error: unknown) {
  const { code, message } = error as { code?: string; message?: string }
  return (
    /^(ECONNREFUSED|ENOTFOUND|ETIMEDOUT|28P01|28000|3D000|EAI_AGAIN|ERR_INVALID_URL|ENOTDIR|EISDIR|ENOENT|EACCES|EPERM|EROFS)$/.test(
      code ?? '',
    ) ||
    /timeout exceeded|Connection terminated|unable to open database file|file is not a database|readonly database/.test(
      message ?? '',
    )
  )
}
