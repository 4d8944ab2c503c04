import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { BadConfig, readConfig } from '../server/config.ts'
import { complaint } from './support/process.ts'

// Some tests start processes, which are slow to start on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'mislata-test-'))
const unused = `sqlite:${join(folder, 'test.db')}`
const notes = join(folder, 'notes.txt')
writeFileSync(notes, 'This is no database. '.repeat(100))
afterAll(() => rmSync(folder, { recursive: true }))

describe('A variable that cannot be used is named, with what it takes', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ PORT: 'http' }, /^PORT takes a whole number from 0 to 65535$/],
    [{ PORT: '65536' }, /^PORT takes a whole number from 0 to 65535$/],
    [{ PUBLIC_URL: 'partners.example.com' }, /^PUBLIC_URL takes an address such as https:/],
    [{ PUBLIC_URL: 'ftp://partners.example.com' }, /^PUBLIC_URL takes an address such as https:/],
    [{ DATABASE_URL: 'mysql://root:hunter2@127.0.0.1/x' }, /^DATABASE_URL takes sqlite:<path> or postgres:/],
    [{ ADMIN_EMAIL: 'admin@example.com' }, /^ADMIN_EMAIL and ADMIN_PASSWORD go together/],
    [{ ADMIN_PASSWORD: 'hunter2hunter2' }, /^ADMIN_EMAIL and ADMIN_PASSWORD go together/],
    [{ ADMIN_EMAIL: 'admin', ADMIN_PASSWORD: 'hunter2hunter2' }, /^ADMIN_EMAIL takes an e-mail address/],
    [{ ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'hunter2' }, /^ADMIN_PASSWORD takes a password of at least 10/],
    [{ APP_SECRET: 'hunter2' }, /^APP_SECRET takes at least 32/],
    [{ SMTP_URL: 'mail.example.com' }, /^SMTP_URL takes an address such as smtps:/],
    [{ SMTP_URL: 'smtps://user:hunter2@mail.example.com' }, /^MAIL_FROM takes a sender/],
    [{ MAIL_FROM: 'partners' }, /^MAIL_FROM takes a sender/],
    [{ PUBLIC_RATE_LIMIT: '-1' }, /^PUBLIC_RATE_LIMIT takes a whole number/],
    [{ CLICK_RETENTION_DAYS: '13 months' }, /^CLICK_RETENTION_DAYS takes a whole number from 0 to 3650$/],
    [{ TRUSTED_PROXIES: '127.0.0.1,proxy' }, /^TRUSTED_PROXIES takes addresses or networks/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL takes one of trace, debug/],
    [{ SNIPPET_PATH: 'm.js' }, /^SNIPPET_PATH takes a path/],
    [{ KEY_PREFIX: 'Acme!' }, /^KEY_PREFIX takes small letters/],
    [{ METRICS_TOKEN: 'hunter2' }, /^METRICS_TOKEN takes at least 16 random characters/],
    [{ SIGNATURE_HEADER: 'content-length' }, /^SIGNATURE_HEADER takes a header name such as x-acme-signature/],
    [{ ALLOW_PRIVATE_WEBHOOKS: 'yes' }, /^ALLOW_PRIVATE_WEBHOOKS takes 1 to let webhooks go/],
    [{ PAYOUT_PROVIDERS_URL: 'http://127.0.0.1:9000' }, /^PAYOUT_PROVIDERS_URL takes ALLOW_PRIVATE_WEBHOOKS=1 beside it/],
    ...['https://api.example.com', 'http://10.0.0.1:9000', 'http://127.0.0.1.evil.example', 'http://127.0.0.1:9000/v1'].map(
      (url): [Record<string, string>, RegExp] => [
        { PAYOUT_PROVIDERS_URL: url, ALLOW_PRIVATE_WEBHOOKS: '1' },
        /^PAYOUT_PROVIDERS_URL takes an address on this machine/,
      ],
    ),
  ])('%j', (environment, says) => {
    const { message } = thrown(() => readConfig(environment))
    expect(message).toMatch(says)
    expect(message).not.toMatch(/hunter2|\n/)
  })
})

function thrown(act: () => unknown) {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(BadConfig)
    return error as BadConfig
  }
  throw new Error('That was taken')
}

describe('A server that cannot start says so in one line and ends with 78', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ PUBLIC_RATE_LIMIT: 'none' }, /^PUBLIC_RATE_LIMIT takes a whole number from 0 to 10000000$/],
    [{ HOST: '203.0.113.250' }, /^HOST and PORT take a free address: 203\.0\.113\.250:0 /],
    [{ DATABASE_URL: 'postgres://root:hunter2@127.0.0.1:1/x' }, /^DATABASE_URL takes a database that answers: .*ECONNREFUSED/],
    [{ DATABASE_URL: 'postgres://root:hunter2@nowhere.invalid/x' }, /^DATABASE_URL takes a database that answers: .*nowhere/],
    [{ DATABASE_URL: 'postgres://root:hunter2@:bad/x' }, /^DATABASE_URL takes a database that answers: /],
    [{ DATABASE_URL: `sqlite:${notes}/below/m.db` }, /^DATABASE_URL takes a database that answers: .*not a directory/],
    [{ DATABASE_URL: `sqlite:${folder}` }, /^DATABASE_URL takes a database that answers: unable to open/],
    [{ DATABASE_URL: `sqlite:${notes}` }, /^DATABASE_URL takes a database that answers: file is not a database/],
  ])('%j', async (environment, says) => {
    const line = await complaint({ DATABASE_URL: unused, ...environment })
    expect(line).toMatch(says)
    expect(line).not.toContain('hunter2')
  })

  test('so is a port that another program has', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    expect(await complaint({ DATABASE_URL: unused, PORT: String(port) })).toContain(`127.0.0.1:${port}`)
    other.close()
  })
})

test.each([
  {},
  { PORT: '', LOG_LEVEL: '', ADMIN_EMAIL: '', TRUSTED_PROXIES: '', PUBLIC_URL: '' },
])('what is not set has its default, and so has what is set to nothing: %j', environment => {
  expect(readConfig(environment)).toEqual({
    host: '127.0.0.1',
    port: 8787,
    publicUrl: null,
    databaseUrl: 'sqlite:./data/mislata.db',
    adminEmail: undefined,
    adminPassword: undefined,
    appSecret: undefined,
    smtpUrl: undefined,
    mailFrom: undefined,
    publicRateLimit: 600,
    trustedProxies: [],
    logLevel: 'info',
    snippetPath: '/m.js',
    keyPrefix: 'mislata',
    signatureHeader: 'x-quantumapi-signature',
    allowPrivateWebhooks: false,
    payoutProvidersUrl: null,
    metricsToken: undefined,
    partnerRateLimit: 100,
    clickRetentionDays: 400,
  })
})
