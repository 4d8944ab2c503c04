import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import * as v from 'valibot'
import { SignatureHeader } from './contract/webhooks.ts'

const whole = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d+$/, `a whole number from ${min} to ${max}`),
    v.transform(Number),
    v.minValue(min, `a whole number from ${min} to ${max}`),
    v.maxValue(max, `a whole number from ${min} to ${max}`),
  )

const absolute = (protocols: string[], example: string) =>
  v.pipe(
    v.string(),
    v.check(value => protocols.includes(URL.parse(value)?.protocol ?? ''), `an address such as ${example}`),
  )

const Environment = v.object({
  HOST: v.optional(v.pipe(v.string(), v.minLength(1, 'an address to listen on, such as 0.0.0.0')), '127.0.0.1'),
  PORT: v.optional(whole(0, 65535), '8787'),
  PUBLIC_URL: v.optional(absolute(['http:', 'https:'], 'https://partners.example.com')),
  DATABASE_URL: v.optional(
    v.pipe(v.string(), v.regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)/, 'sqlite:<path> or postgres://user:password@host/name')),
    'sqlite:./data/mislata.db',
  ),
  ADMIN_EMAIL: v.optional(v.pipe(v.string(), v.email('an e-mail address'))),
  ADMIN_PASSWORD: v.optional(v.pipe(v.string(), v.minLength(10, 'a password of at least 10 characters'))),
  APP_SECRET: v.optional(v.pipe(v.string(), v.minLength(32, 'at least 32 random characters'))),
  SMTP_URL: v.optional(absolute(['smtp:', 'smtps:'], 'smtps://user:password@mail.example.com')),
  MAIL_FROM: v.optional(v.pipe(v.string(), v.includes('@', 'a sender such as "Acme partners <partners@acme.com>"'))),
  PUBLIC_RATE_LIMIT: v.optional(whole(0, 10_000_000), '600'),
  PARTNER_RATE_LIMIT: v.optional(whole(0, 10_000_000), '100'),
  CLICK_RETENTION_DAYS: v.optional(whole(0, 3_650), '400'),
  TRUSTED_PROXIES: v.optional(
    v.pipe(
      v.string(),
      v.transform(value =>
        value
          .split(',')
          .map(each => each.trim())
          .filter(Boolean),
      ),
      v.check(list => list.every(isNetwork), 'addresses or networks, such as 127.0.0.1,10.0.0.0/8'),
    ),
    '',
  ),
  LOG_LEVEL: v.optional(
    v.picklist(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'one of trace, debug, info, warn, error, silent'),
    'info',
  ),
  SNIPPET_PATH: v.optional(
    v.pipe(v.string(), v.regex(/^\/[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*\.js$/, 'a path such as /visit.js')),
    '/m.js',
  ),
  SIGNATURE_HEADER: v.optional(
    v.pipe(
      v.string(),
      v.check(name => v.is(SignatureHeader, name), 'a header name such as x-acme-signature, which means nothing else'),
      v.toLowerCase(),
    ),
    'x-quantumapi-signature',
  ),
  ALLOW_PRIVATE_WEBHOOKS: v.optional(
    v.pipe(
      v.picklist(['0', '1'], '1 to let webhooks go to http and to private addresses, or 0'),
      v.transform(value => value === '1'),
    ),
    '0',
  ),
  PAYOUT_PROVIDERS_URL: v.optional(
    v.pipe(v.string(), v.check(isOnThisMachine, 'an address on this machine such as http://127.0.0.1:9000, for tests')),
  ),
  METRICS_TOKEN: v.optional(v.pipe(v.string(), v.regex(/^\S{16,}$/, 'at least 16 random characters, without spaces'))),
  KEY_PREFIX: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z][a-z0-9]{1,19}$/, 'small letters and digits, a letter first')),
    'mislata',
  ),
})

/** The names of all that is read. */
export const variables = Object.keys(Environment.entries)

export type Config = {
  host: string
  port: number
  publicUrl: string | null
  databaseUrl: string
  adminEmail: string | undefined
  adminPassword: string | undefined
  appSecret: string | undefined
  smtpUrl: string | undefined
  mailFrom: string | undefined
  publicRateLimit: number
  partnerRateLimit: number
  /** 0 for ever. */
  clickRetentionDays: number
  trustedProxies: string[]
  logLevel: string
  snippetPath: string
  keyPrefix: string
  metricsToken: string | undefined
  signatureHeader: string
  allowPrivateWebhooks: boolean
  payoutProvidersUrl: string | null
}

/** One variable that cannot be used, as a line that says what it takes. */
export class BadConfig extends Error {}

/** The environment as configuration. Throws `BadConfig` with one line that names the variable. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  // An empty variable is how compose files and shells write "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const result = v.safeParse(Environment, given)
  if (!result.success) {
    const [issue] = result.issues
    throw new BadConfig(`${v.getDotPath(issue)} takes ${issue.message}`)
  }
  const env = result.output
  if (!!env.ADMIN_EMAIL !== !!env.ADMIN_PASSWORD)
    throw new BadConfig('ADMIN_EMAIL and ADMIN_PASSWORD go together: set both or neither')
  if (env.SMTP_URL && !env.MAIL_FROM)
    throw new BadConfig('MAIL_FROM takes a sender such as "Acme partners <partners@acme.com>", because SMTP_URL is set')
  if (env.PAYOUT_PROVIDERS_URL && !env.ALLOW_PRIVATE_WEBHOOKS)
    throw new BadConfig('PAYOUT_PROVIDERS_URL takes ALLOW_PRIVATE_WEBHOOKS=1 beside it: it is for tests and development')
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL ? env.PUBLIC_URL.replace(/\/+$/, '') : null,
    databaseUrl: env.DATABASE_URL,
    adminEmail: env.ADMIN_EMAIL,
    adminPassword: env.ADMIN_PASSWORD,
    appSecret: env.APP_SECRET,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    publicRateLimit: env.PUBLIC_RATE_LIMIT,
    partnerRateLimit: env.PARTNER_RATE_LIMIT,
    clickRetentionDays: env.CLICK_RETENTION_DAYS,
    trustedProxies: env.TRUSTED_PROXIES,
    logLevel: env.LOG_LEVEL,
    snippetPath: env.SNIPPET_PATH,
    keyPrefix: env.KEY_PREFIX,
    metricsToken: env.METRICS_TOKEN,
    signatureHeader: env.SIGNATURE_HEADER,
    allowPrivateWebhooks: env.ALLOW_PRIVATE_WEBHOOKS,
    payoutProvidersUrl: env.PAYOUT_PROVIDERS_URL?.replace(/\/+$/, '') ?? null,
  }
}

// Credentials go there, so that nothing else will do.
function isOnThisMachine(text: string) {
  const { protocol, hostname, pathname, search, username } = URL.parse(text) ?? {}
  return (
    protocol === 'http:' && /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(hostname ?? '') && pathname === '/' && !search && !username
  )
}

function isNetwork(text: string) {
  if (isIP(text)) return true
  try {
    ipaddr.parseCIDR(text)
    return true
  } catch {
    return false
  }
}
