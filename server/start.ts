import type { AddressInfo } from 'node:net'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { visitorAddress } from './address.ts'
import { app } from './app.ts'
import type { Config } from './config.ts'
import { shared } from './counters.ts'
import type { Server } from './door.ts'
import { identity } from './identity.ts'
import { type Around, deskOf, ready, secretOf } from './installation.ts'
import { jobs, start as startJobs } from './jobs/index.ts'
import { loginLimit, publicLimit, signInLimit } from './limit.ts'
import { closed, listen } from './listen.ts'
import { logger } from './log.ts'
import { metrics } from './metrics.ts'
import { partnerLimit } from './partner-limit.ts'
import * as admins from './program/admins.ts'
import * as programs from './program/programs.ts'
import { keysAt } from './providers/jwks.ts'
import { clickWriter } from './store/clicks.ts'
import { tokens } from './tokens.ts'

// The built server stands in dist/ itself.
const built = new URL(import.meta.url.endsWith('.ts') ? '../dist/' : '../', import.meta.url)

// Less than the ten seconds after which those who stop servers lose patience.
const DRAIN_MS = 8_000

/** One running server: database, migrations, app, jobs, and an open port. `stop` lets what is under way finish. */
export async function start(config: Config, around: Around = {}) {
  const log = logger(config.logLevel)
  const database = await ready(config.databaseUrl)
  const secret = await secretOf(config, database)
  const desk = deskOf(config, { database, secret, clicks: clickWriter(database) }, around)

  const counted = shared(database, secret)
  const visits = publicLimit(database, { perMinute: config.publicRateLimit, secret })
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
    limitPublic: visits.count,
    limitPartner: partnerLimit(database, config.partnerRateLimit),
    limitLogin: loginLimit(counted),
    limitSignIn: signInLimit(counted),
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
      await visits.stop()
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
