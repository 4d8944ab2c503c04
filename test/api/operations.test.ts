import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, createServer } from 'node:net'
import { sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openConnection } from '../../server/store/sqlite.ts'
import { emptyDatabase, engine } from '../support/database.ts'
import { start as startPostgres } from '../support/postgres.ts'
import { complaint, readyProcess } from '../support/process.ts'
import { admin, newProgram, testServer } from '../support/server.ts'

// Most tests start processes, which are slow to start on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 })

const account = { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }

async function database() {
  const made = await emptyDatabase()
  onTestFinished(made.remove)
  return made.url
}

const running = (environment: Record<string, string>) => readyProcess({ ...account, ...environment })

/** A request of which the server has the head and waits for the body. */
async function begun(address: string, path: string, headers: Record<string, string>, length: number) {
  const expecting = { 'content-type': 'application/json', 'content-length': length, expect: '100-continue', ...headers }
  const begun = request(address + path, { method: 'POST', headers: expecting, agent: new Agent({ keepAlive: true }) })
  begun.flushHeaders()
  await once(begun, 'continue')
  return begun
}

function isListening(address: string) {
  const { hostname, port } = new URL(address)
  return new Promise<boolean>(resolve => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

test('on SIGTERM what is under way is answered and kept, nothing else is taken, and the process ends well', async () => {
  const url = await database()
  const server = await running({ DATABASE_URL: url })
  const { secret } = await newProgram(server)

  const body = JSON.stringify({ email: 'late@example.com', slug: 'late' })
  const late = await begun(server.address, '/api/v1/partners', { 'x-api-key': secret }, body.length)
  const probe = connect(Number(new URL(server.address).port), '127.0.0.1')
  probe.write('GET /readyz HTTP/1.1\r\nhost: localhost\r\n')
  await server.ask('GET', '/readyz')
  const told = Date.now()
  const ended = server.end('SIGTERM')
  while (await isListening(server.address)) await new Promise(setImmediate)
  probe.write('\r\n')
  const [ready] = await once(probe, 'data')
  const [status, ...head] = String(ready).toLowerCase().split('\r\n')
  expect(status).toMatch(/^http\/1\.1 503 /)
  expect(head).toContain('retry-after: 2')
  late.end(body)
  const [reply] = await once(late, 'response')
  const text = (await reply.toArray()).join('')
  expect([reply.statusCode, text]).toEqual([201, expect.stringContaining('late@example.com')])
  expect(await ended).toEqual({ code: 0, signal: null })
  // A connection that its client would keep is closed, not waited for.
  expect(Date.now() - told).toBeLessThan(7_000)
  await server.line('Mislata has stopped')

  const again = await running({ DATABASE_URL: url })
  const kept = await again.ask('GET', `/api/v1/partners/${JSON.parse(text).id}`, { key: secret })
  expect(kept.body).toMatchObject({ email: 'late@example.com' })
})

test('nothing that lets anybody in, and no address of anybody, is in the log, not even of what fails', async () => {
  const url = await database()
  const APP_SECRET = 'canary-app-secret-canary-app-secret-canary'
  const withPassword = url.replace('postgres@', 'postgres:canary-database-password@')
  const server = await running({ DATABASE_URL: withPassword, LOG_LEVEL: 'debug', APP_SECRET, TRUSTED_PROXIES: '127.0.0.1' })
  const { secret, publishable, token } = await newProgram(server)
  const ask = (method: string, path: string, asked: object) =>
    server.ask(method, path, {
      ...asked,
      headers: { 'x-forwarded-for': '198.51.100.77', referer: 'https://canary-referer.example/' },
    })

  const wrong = { email: 'canary-login@example.com', password: 'canary-wrong-password' }
  await ask('POST', '/v1/auth/login', { body: wrong })
  const customer = { customerId: 'canary-customer', email: 'canary-customer@example.com', name: 'Canary Name' }
  const session = (await ask('POST', '/v1/sessions', { key: secret, body: customer })).body.token
  const person = { email: 'canary-person@example.com', name: 'Canary Name' }
  const { applicationToken } = (await ask('POST', '/v1/affiliate/apply', { key: publishable, body: person })).body
  await ask('GET', '/v1/affiliate/apply/status?email=canary-query@example.com', { key: secret })
  await ask('POST', '/referrals/click', { body: { code: 'canary-code', key: publishable } })
  await ask('GET', '/setup/canary-setup-token', {})
  await ask('GET', '/v1/affiliate', { token: 'canary.forged.token' })
  await ask('POST', '/api/v1/partners', { key: 'mislata_sk_canaryunknownkey', body: { email: 'canary@example.com', slug: 'c' } })
  await breakCustomers(url)
  const failed = await ask('POST', '/v1/sessions', { key: secret, body: { ...customer, customerId: 'canary-failing' } })
  expect([failed.status, failed.body.code]).toEqual([500, 'internal'])
  expect(failed.text).not.toMatch(/canary|customers|select|Error/)
  expect(await server.line('A request failed')).toMatchObject({
    level: 'error',
    route: '/v1/sessions',
    requestId: failed.headers.get('x-request-id'),
  })
  await server.end('SIGTERM')

  const log = server.output.out + server.output.err
  expect(log.match(/"msg":"request"/g)?.length).toBeGreaterThan(10)
  for (const one of [secret, publishable, token, session, applicationToken, admin.password, admin.email, '198.51.100.77']) {
    expect(one.length).toBeGreaterThan(10)
    expect(log).not.toContain(one)
  }
  expect(log).not.toMatch(/canary/i)
  expect(log).not.toContain('scrypt$')
})

async function breakCustomers(url: string) {
  if (engine === 'sqlite') {
    const another = openConnection(url.slice('sqlite:'.length))
    another.exec('alter table customers rename to gone')
    another.close()
    return
  }
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('alter table customers rename to gone')
  await client.end()
}

test('a server that runs says so, and whether it is ready', async () => {
  const server = await testServer()
  for (const probe of ['/healthz', '/readyz']) expect((await server.ask('GET', probe)).body).toEqual({ status: 'ok' })
  await server.stop()
})

if (engine === 'sqlite') {
  test('a request and a mail that never end do not hold up the end for as long as ten seconds', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void silent.close())
    await once(silent, 'listening')
    const { port } = silent.address() as { port: number }
    const mail = { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'partners@example.com' }
    const server = await running({ DATABASE_URL: await database(), ...mail })
    const { publishable } = await newProgram(server)
    const sending = once(silent, 'connection')
    const apply = { key: publishable, body: { email: 'known@example.com', name: 'Known' } }
    for (let time = 0; time < 2; time++) expect((await server.ask('POST', '/v1/affiliate/apply', apply)).status).toBe(202)
    const stuck = await begun(server.address, '/v1/auth/login', {}, 10)
    stuck.on('error', () => {})
    await sending
    const told = Date.now()
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(Date.now() - told).toBeLessThan(9_500)
  })

  test('a second server on the same file says who is there, and harms nothing', async () => {
    const url = await database()
    const first = await running({ DATABASE_URL: url })
    expect(await complaint({ DATABASE_URL: url })).toMatch(/test\.db is in use by another Mislata process .* Stop it first/)
    expect((await first.ask('POST', '/v1/auth/login', { body: admin })).status).toBe(200)
    await first.end('SIGKILL')
    await running({ DATABASE_URL: url })
  })

  test('SQLite keeps what it has acknowledged: each connection is safe', async () => {
    const server = await testServer()
    const { db, file } = server.desk().database
    const another = openConnection(file as string)
    const first = (row: unknown) => Object.values(row ?? {})[0]
    const asks = [
      async (pragma: string) => first((await sql.raw(`pragma ${pragma}`).execute(db)).rows[0]),
      async (pragma: string) => first(another.prepare(`pragma ${pragma}`).get()),
    ]
    for (const ask of asks) {
      expect(await ask('journal_mode')).toBe('wal')
      expect(await ask('synchronous')).toBe(2)
      expect(await ask('foreign_keys')).toBe(1)
      expect(await ask('busy_timeout')).toBe(5_000)
      expect(await ask('integrity_check')).toBe('ok')
    }
    another.close()
    await server.stop()
  })
}

if (engine === 'postgres') {
  test('a server whose PostgreSQL has gone is there but not ready, and asks to be asked later', async () => {
    const postgres = await startPostgres()
    const server = await testServer({ DATABASE_URL: postgres.url })
    const { secret, publishable } = await newProgram(server)
    await postgres.stop()
    expect((await server.ask('GET', '/healthz')).status).toBe(200)
    const replies = [
      await server.ask('GET', '/readyz'),
      await server.ask('GET', '/api/v1/partners', { key: secret }),
      await server.ask('POST', '/api/v1/partners', { key: secret, body: { email: 'a@example.com', slug: 'a' } }),
      await server.ask('POST', '/referrals/click', { body: { code: 'a', key: publishable } }),
    ]
    for (const reply of replies) {
      expect([reply.status, reply.body.code], reply.text).toEqual([503, 'unavailable'])
      expect(reply.headers.get('retry-after')).toBe('2')
    }
    await server.stop()
  })
}
