import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { visitorAddress } from './address.ts'
import { app } from './app.ts'
import type { Config } from './config.ts'
import { BadConfig } from './config.ts'
import type { Server } from './door.ts'
import { identity } from './identity.ts'
import { jobs, start as startJobs } from './jobs/index.ts'
import { loginLimit, publicLimit, signInLimit } from './limit.ts'
import { closed, listen } from './listen.ts'
import { logger } from './log.ts'
import { metrics } from './metrics.ts'
import { partnerLimit } from './partner-limit.ts'
import * as admins from './program/admins.ts'
import type { Desk } from './program/desk.ts'
import * as programs from './program/programs.ts'
import { keysAt } from './providers/jwks.ts'
import { clickWriter } from './store/clicks.ts'
import { type Database, inTransaction, open } from './store/database.ts'
import { Directory } from './store/directory.ts'
import * as meta from './store/meta.ts'
import { migrate } from './store/migrate.ts'
import { tokens } from './tokens.ts'

// The built server stands in dist/ itself.
const built = new URL(import.meta.url.endsWith('.ts') ? '../dist/' : '../', import.meta.url)

// Less than the ten seconds after which those who stop servers lose patience.
const DRAIN_MS = 8_000

/** One running server: database, migrations, app, jobs, and an open port. `stop` lets what is under way finish. */
export async function start(
  config: Config,
  { clock = () => new Date(), payoutProviders }: { clock?: () => Date; payoutProviders?: Partial<Desk['payoutProviders']> } = {},
) {
  const log = logger(config.logLevel)
  const database = await ready(config.databaseUrl)
  const secret = await secretOf(config, database)
  const desk: Desk = {
    database,
    directory: new Directory(database),
    clicks: clickWriter(database),
    clock,
    secret,
    keyPrefix: config.keyPrefix,
    signatureHeader: config.signatureHeader,
    allowPrivateWebhooks: config.allowPrivateWebhooks,
    payoutProviders: { url: config.payoutProvidersUrl, timeoutMs: 30_000, ...payoutProviders },
  }

  let draining = false
  const addressOf = visitorAddress(config.trustedProxies)
  const server: Server = {
    desk,
    tokens: tokens(secret),
    identity: identity(url => keysAt(url, { allowPrivate: config.allowPrivateWebhooks })),
    publicUrl: config.publicUrl ?? `http://${config.host}:${config.port}`,
    isDraining: () => draining,
    address: (c: Context) =>
      addressOf((c.env as HttpBindings | undefined)?.incoming?.socket.remoteAddress, c.req.header('x-forwarded-for')),
    limitPublic: publicLimit(config.publicRateLimit),
    limitPartner: partnerLimit(database, config.partnerRateLimit),
    limitLogin: loginLimit(),
    limitSignIn: signInLimit(),
    sendsMail: config.smtpUrl !== undefined,
  }
  await programs.ensureFirst(desk, server.publicUrl)
  if (config.adminEmail && config.adminPassword)
    await admins.ensureAdmin(desk, { email: config.adminEmail, password: config.adminPassword })
  const figures = metrics(desk)
  const watching = { metrics: figures, token: config.metricsToken }
  const { fetch } = app(server, { log, built, snippetPath: config.snippetPath, watching })
  const listening = await listen(fetch, { server, log, addressOf, ...config }).catch(async error => {
    await database.close()
    throw error
  })
  const { port } = listening.address() as AddressInfo
  server.publicUrl = config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`

  const setUpToken = await admins.setUpToken(desk)
  const mailer = await mailerOf(config)
  const work = startJobs(jobs(mailer && { mailer, publicUrl: () => server.publicUrl }, figures), desk, log, figures)
  log.info({ url: server.publicUrl, database: database.file ?? 'postgres' }, 'Mislata is ready')
  if (setUpToken)
    log.info(
      { open: `${server.publicUrl}/setup/${setUpToken}` },
      'Nobody can sign in yet. Open this link once, within a day, to make the first admin',
    )

  return {
    url: server.publicUrl,
    port,
    desk,
    /** What the port hands its requests to. */
    fetch,
    async stop() {
      draining = true
      await Promise.race([Promise.all([closed(listening), work.stop()]), patience()])
      if ('closeAllConnections' in listening) listening.closeAllConnections()
      mailer?.close()
      await desk.clicks.close()
      await database.close()
      log.info('Mislata has stopped')
    },
  }
}

/** Loaded only where there is mail to send, because what sends it takes time and memory. */
async function mailerOf({ smtpUrl, mailFrom }: Config) {
  if (!smtpUrl || !mailFrom) return null
  const { smtp } = await import('./providers/smtp.ts')
  return smtp(smtpUrl, mailFrom)
}

function patience() {
  return new Promise<void>(resolve => setTimeout(resolve, DRAIN_MS).unref())
}

/** The secret from the environment, or one that was made at the first start and is kept beside the database. */
async function secretOf(config: Config, database: Database) {
  if (config.appSecret) return config.appSecret
  const made = randomBytes(48).toString('base64url')
  if (database.engine === 'postgres') return inTransaction(database, db => meta.setOnce(db, 'app_secret', made))
  const file = `${database.file}-secret`
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

/** The database, open and up to date. */
async function ready(url: string) {
  let database: Database | undefined
  try {
    database = open(url)
    await migrate(database)
    return database
  } catch (error) {
    await database?.close()
    const { message } = error as Error
    if (isUnusable(error)) throw new BadConfig(`DATABASE_URL takes a database that answers: ${message || 'no connection'}`)
    throw error
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
