import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, inject, onTestFinished, test } from 'vitest'
import { mislata } from '../support/cli.ts'
import { freshDatabase } from '../support/postgres.ts'
import { readyProcess } from '../support/process.ts'
import { admin, browser, newPartner, newProgram, type TestProgram } from '../support/server.ts'

// The drill: a server under load is backed up, killed, and another begins with what the backup holds.
const folder = mkdtempSync(join(tmpdir(), 'mislata-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Server = Awaited<ReturnType<typeof readyProcess>>

const account = { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password, PUBLIC_RATE_LIMIT: '0' }
const sqlite = (name: string) => `sqlite:${join(folder, name, 'mislata.db')}`

/** Whether the machine's pg_dump can copy the tests' PostgreSQL: it has to be of its release, or a later one. */
async function pgDumpFits() {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  const { rows } = await client.query('show server_version_num')
  await client.end()
  try {
    const [, major] = /(\d+)/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' })) ?? []
    return Number(major) >= Math.floor(Number(rows[0].server_version_num) / 10_000)
  } catch {
    return false
  }
}

/** Clicks and sales without a pause, until they are told to stop or the server is gone; what was acknowledged is noted. */
function load(server: Server, { secret, publishable }: TestProgram) {
  const acknowledged = { clicks: new Set<string>(), sales: new Set<string>() }
  const sent = new Set<string>()
  let stopped = false
  const lane = async (act: (turn: number) => Promise<void>) => {
    for (let turn = 0; !stopped; turn++) await act(turn).catch(() => (stopped = true))
  }
  const sale = (name: string) => async (turn: number) => {
    const externalId = `${name}-${turn}`
    sent.add(externalId)
    const body = { externalId, customerId: `customer-${turn % 5}`, amount: 1_000 + turn, currency: 'EUR' }
    const { status } = await server.ask('POST', '/v1/conversions', { key: secret, body })
    if (status === 201) acknowledged.sales.add(externalId)
  }
  const click = (net: number) => async (turn: number) => {
    const body = { code: 'jane', url: `https://acme.example/?ref=jane&turn=${turn}` }
    const headers = { 'user-agent': browser, 'x-forwarded-for': `198.${net}.${Math.floor(turn / 250) % 250}.${turn % 250}` }
    const { status, body: click } = await server.ask('POST', '/referrals/click', { key: publishable, headers, body })
    if (status === 202) acknowledged.clicks.add(click.clickId)
  }
  const lanes = [lane(sale('a')), lane(sale('b')), lane(click(51)), lane(click(52))]
  return {
    acknowledged,
    sent,
    async stop() {
      stopped = true
      await Promise.all(lanes)
    },
  }
}

async function underLoad(database: string) {
  const server = await readyProcess({ DATABASE_URL: database, TRUSTED_PROXIES: '127.0.0.1', ...account })
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane', payout_email: 'jane@example.com' })
  for (let at = 0; at < 5; at++)
    await server.ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId: `customer-${at}`, ref: 'jane' } })
  const going = load(server, acme)
  onTestFinished(() => going.stop())
  await expect.poll(() => Math.min(going.acknowledged.sales.size, going.acknowledged.clicks.size)).toBeGreaterThan(30)
  return { server, acme, going }
}

const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

/** All that has to be true of what was restored, from the manifest, from what was acknowledged, and from the books. */
async function assertRestored(
  environment: Record<string, string>,
  {
    acme,
    going,
    before,
    backup,
  }: { acme: TestProgram; going: ReturnType<typeof load>; before: ReturnType<typeof load>['acknowledged']; backup: string },
) {
  const manifest = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8'))
  const exported = await mislata(environment, 'export', '--program', acme.program.id)
  expect(exported.code, exported.err).toBe(0)
  const rows = Map.groupBy(linesOf(exported.out), each => each.type as string)
  const count = (type: string) => rows.get(type)?.length ?? 0
  const ids = new Set(rows.get('conversion')?.map(each => each.externalId as string))
  expect([...before.sales].filter(id => !ids.has(id))).toEqual([])
  expect([...ids].filter(id => !going.sent.has(id))).toEqual([])
  const clicks = new Set(rows.get('click')?.map(each => each.id as string))
  expect([...before.clicks].filter(id => !clicks.has(id))).toEqual([])
  const named = {
    conversion: 'conversions',
    click: 'clicks',
    commission: 'commissions',
    journalTransaction: 'journal_transactions',
  }
  for (const [type, table] of Object.entries(named)) expect(count(type), table).toBe(manifest.rows[table])

  const verified = await mislata(environment, 'verify', '--json', '--against', join(backup, 'manifest.json'))
  expect(verified.code, verified.out + verified.err).toBe(0)
  const books = JSON.parse(verified.out).programs.find((each: { id: string }) => each.id === acme.program.id)
  // 20 % of each sale that is there, and nothing else.
  const owed = rows.get('conversion')?.reduce((sum, each) => sum + Math.round(each.amount / 5), 0)
  expect(books.balances).toContainEqual({ account: 'commission_expense', currency: 'EUR', amount: -(owed ?? 0) })

  const server = await readyProcess({ ...environment, ...account })
  const ledger = await server.ask('GET', `/v1/apps/${acme.program.id}/ledger/verify`, { key: acme.secret })
  expect([ledger.status, ledger.body.ok, ledger.body.commissions]).toEqual([200, true, count('commission')])
  // The token was signed by the server that is gone.
  expect((await server.ask('GET', '/v1/apps', { token: acme.token })).status).toBe(200)
  await server.end('SIGTERM')
}

test('SQLite: what a backup of a server under load holds is what it must, wherever it is restored', async () => {
  const [first, second] = [sqlite('first'), sqlite('second')]
  const { server, acme, going } = await underLoad(first)
  const to = join(folder, 'backups')
  await mislata({ DATABASE_URL: first }, 'backup', '--to', to)
  const before = { sales: new Set(going.acknowledged.sales), clicks: new Set(going.acknowledged.clicks) }
  const made = await mislata({ DATABASE_URL: first }, 'backup', '--to', to, '--keep', '1')
  expect(made.code, made.err).toBe(0)
  const backup = made.out.trim()
  expect(readdirSync(to).map(name => join(to, name))).toEqual([backup])
  expect(readdirSync(backup).sort()).toEqual(['manifest.json', 'mislata.db', 'secret'])
  // Those who sell and click have not waited for it.
  await expect.poll(() => going.acknowledged.sales.size).toBeGreaterThan(before.sales.size + 5)

  const running = await mislata({ DATABASE_URL: first }, 'restore', backup, '--force')
  expect([running.code, running.err]).toEqual([3, expect.stringMatching(/in use by another Mislata process/)])
  await server.end('SIGKILL')
  await going.stop()
  const taken = await mislata({ DATABASE_URL: first }, 'restore', backup)
  expect([taken.code, taken.err]).toEqual([3, expect.stringMatching(/There is a database at .*--force/)])

  const restored = await mislata({ DATABASE_URL: second }, 'restore', backup)
  expect(restored.code, restored.err).toBe(0)
  await assertRestored({ DATABASE_URL: second }, { acme, going, before, backup })

  // In place of what was there, of which nothing is lost; the log of what was written last must not be read into the copy.
  const replaced = await mislata({ DATABASE_URL: first }, 'restore', backup, '--force')
  expect(replaced.code, replaced.err).toBe(0)
  await assertRestored({ DATABASE_URL: first }, { acme, going, before, backup })
  const aside = /what stood there is (.*)/.exec(replaced.err)?.[1] ?? ''
  const later = await mislata({ DATABASE_URL: `sqlite:${aside}` }, 'export', '--type', 'conversion', '--program', acme.program.id)
  const kept = new Set(linesOf(later.out).map(each => each.externalId))
  expect([...going.acknowledged.sales].filter(id => !kept.has(id))).toEqual([])
})

test('A backup that is not whole, not of this release, or of another secret is refused before anything is touched', async () => {
  const [from, to] = [sqlite('refused'), sqlite('nowhere')]
  const env = { DATABASE_URL: from, APP_SECRET: 'uT9-kq2vBz7Lw4Xn8Rj3Hs6Yd1Fg5Pc0' }
  expect((await mislata(env, 'migrate')).code).toBe(0)
  const made = await mislata(env, 'backup', '--to', join(folder, 'refused'))
  expect(made.code, made.err).toBe(0)
  const backup = made.out.trim()
  expect(readdirSync(backup).sort()).toEqual(['manifest.json', 'mislata.db'])
  const manifest = join(backup, 'manifest.json')
  const told = JSON.parse(readFileSync(manifest, 'utf8'))
  const file = join(backup, 'mislata.db')
  copyFileSync(file, `${file}.kept`)

  const refusal = async (environment: Record<string, string> = {}) => {
    const { code, err } = await mislata({ ...env, DATABASE_URL: to, ...environment }, 'restore', backup)
    expect([code, readdirSync(folder).includes('nowhere')], err).toEqual([3, false])
    return err
  }
  const bytes = readFileSync(file)
  bytes[5_000] = (bytes[5_000] ?? 0) ^ 1
  writeFileSync(file, bytes)
  expect(await refusal()).toMatch(/is not as it was when the backup was made/)
  copyFileSync(`${file}.kept`, file)
  expect(await refusal({ APP_SECRET: '' })).toMatch(/APP_SECRET has to be what it was/)
  expect(await refusal({ APP_SECRET: 'another-secret-than-the-one-of-before' })).toMatch(/APP_SECRET is not the secret/)
  expect(await refusal({ DATABASE_URL: 'postgres://127.0.0.1:9/x' })).toMatch(/The backup is of sqlite/)
  writeFileSync(manifest, JSON.stringify({ ...told, migrations: [...told.migrations, '900_later'] }))
  expect(await refusal()).toMatch(/of a later release.*900_later/)
  rmSync(manifest)
  expect(await refusal()).toMatch(/is not a backup/)

  writeFileSync(manifest, JSON.stringify({ ...told, rows: { ...told.rows, clicks: 7 } }))
  const short = await mislata({ ...env, DATABASE_URL: to }, 'restore', backup)
  expect([short.code, short.err]).toEqual([3, expect.stringMatching(/does not hold what its manifest says, in: clicks/)])
  expect(readdirSync(join(folder, 'nowhere')).filter(name => !name.includes('-lock'))).toEqual([])
})

test('PostgreSQL: with its own tools the same, and without them a clear word', async () => {
  const [first, second] = await Promise.all([freshDatabase(inject('postgresUrl')), freshDatabase(inject('postgresUrl'))])
  const { server, acme, going } = await underLoad(first)
  const to = join(folder, 'postgres')
  const without = await mislata({ DATABASE_URL: first, PATH: '' }, 'backup', '--to', to)
  expect([without.code, without.err]).toEqual([
    3,
    expect.stringMatching(/takes pg_dump of version \d+ or newer, and there is none/),
  ])
  expect(readdirSync(to)).toEqual([])
  const before = { sales: new Set(going.acknowledged.sales), clicks: new Set(going.acknowledged.clicks) }
  const made = await mislata({ DATABASE_URL: first }, 'backup', '--to', to)
  if (await pgDumpFits()) {
    expect(made.code, made.err).toBe(0)
    const backup = made.out.trim()
    const running = await mislata({ DATABASE_URL: first }, 'restore', backup, '--force')
    expect([running.code, running.err]).toEqual([3, expect.stringMatching(/Servers are connected/)])
    await server.end('SIGKILL')
    await going.stop()
    const taken = await mislata({ DATABASE_URL: first }, 'restore', backup)
    expect([taken.code, taken.err]).toEqual([3, expect.stringMatching(/not empty/)])
    for (const url of [second, first]) {
      const restored = await mislata({ DATABASE_URL: url }, 'restore', backup, ...(url === first ? ['--force'] : []))
      expect(restored.code, restored.err).toBe(0)
      await assertRestored({ DATABASE_URL: url }, { acme, going, before, backup })
    }
  } else {
    // An older one refuses, or there is none; the folder is as it was.
    expect([made.code, made.err]).toEqual([3, expect.stringMatching(/pg_dump/)])
    expect(readdirSync(to)).toEqual([])
  }
})
