import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { commands } from '../../server/cli/commands.ts'
import { run } from '../../server/cli/run.ts'
import { cliEntry, mislata, withInput } from '../support/cli.ts'
import { admin, asker, newPartner, newProgram, type TestProgram } from '../support/server.ts'

// One server, started by the command line as an operator does it, and the other commands beside it.
const folder = mkdtempSync(join(tmpdir(), 'mislata-cli-'))
const canaries = {
  APP_SECRET: 'kV7-canary-9dQ2xT4mWz8Lr6Bn1Hy3Gs5Fc0',
  METRICS_TOKEN: 'pX5-canary-2mQ9vT3z',
  SMTP_URL: 'smtp://someone:canary-smtp-password@127.0.0.1:9',
  MAIL_FROM: 'partners@example.com',
}
const env = { DATABASE_URL: `sqlite:${join(folder, 'mislata.db')}`, ...canaries }
let server: { url: string; ask: ReturnType<typeof asker>; stop(): Promise<number | null> }
let acme: TestProgram

beforeAll(async () => {
  const account = { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password, PORT: '0', PUBLIC_RATE_LIMIT: '0' }
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [cliEntry, 'serve'], { env: { PATH, HOME, ...env, ...account }, stdio: 'pipe' })
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', text => (said += text))
    child.stdout.on('data', text => {
      said += text
      const [, found] = /"url":"([^"]+)".*Mislata is ready/.exec(said) ?? []
      if (found) resolve(found)
    })
    child.on('close', () => reject(new Error(`It ended before it was ready:\n${said}`)))
  })
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  server = { url, ask: asker(() => url), stop }
  acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane' })
  await server.ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId: 'one', ref: 'jane' } })
  const sale = { externalId: 'sale-1', customerId: 'one', amount: 59_800, currency: 'EUR' }
  expect((await server.ask('POST', '/v1/conversions', { key: acme.secret, body: sale })).status).toBe(201)
})
afterAll(async () => {
  const code = await server?.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(code).toBe(0)
})

test('Each command says what it is for and what it takes; without one there is help', async () => {
  const [general, one] = await Promise.all([mislata({}), mislata({}, 'help', 'backup')])
  expect([general.code, general.err, one.code, one.err]).toEqual([0, '', 0, ''])
  expect(one.out).toMatch(/^Usage: mislata backup \[options\]\n/)
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    for (const name of Object.keys(commands)) {
      expect(general.out).toMatch(new RegExp(`^  ${name} `, 'm'))
      write.mockClear()
      expect(await run([name, '--help'])).toBe(0)
      const said = String(write.mock.calls[0]?.[0])
      const { command } = (await commands[name]?.load()) ?? {}
      for (const option of Object.keys(command?.options ?? {})) expect(said, name).toContain(`--${option}`)
      if (name === 'backup') expect(said).toBe(one.out)
    }
  } finally {
    write.mockRestore()
  }
})

test.each<[string[], RegExp]>([
  [['verify', '--fast'], /Unknown option '--fast'/],
  [['restore'], /It takes <backup>/],
  [['backup', '--keep', '0'], /--keep takes a whole number/],
  [['import', 'x.csv', '--from', 'elsewhere'], /--from takes one of rewardful/],
  [['admin', 'create'], /create takes an address/],
  [['doctor', '--site', 'acme.example'], /--site takes an address/],
])('%j is a wrong command line, and ends with 2', async (args, says) => {
  const { code, out, err } = await mislata(env, ...args)
  expect([code, out, err]).toEqual([2, '', expect.stringMatching(says)])
})

test('What cannot be done ends with 3, and configuration that cannot be used with 78', async () => {
  const missing = `sqlite:${join(folder, 'none', 'mislata.db')}`
  const ended = await Promise.all([
    mislata({ DATABASE_URL: missing }, 'verify'),
    mislata({ DATABASE_URL: 'postgres://nobody:hunter2@127.0.0.1:9/none' }, 'backup'),
    mislata(env, 'migrate'),
    mislata(env, 'export', '--program', 'prog_none'),
    mislata({ ...env, PORT: 'http' }, 'verify'),
  ])
  expect(ended.map(each => each.code)).toEqual([3, 3, 3, 3, 78])
  const says = [/There is no database at/, /database that answers/, /in use by another/, /There is no program prog_none/, /^PORT/]
  for (const [at, pattern] of says.entries()) expect(ended[at]?.err).toMatch(pattern)
  expect(ended.map(each => each.err).join()).not.toContain('hunter2')
  expect(existsSync(join(folder, 'none'))).toBe(false)
})

test('migrate tells what it would do, does it, and then has nothing to do', async () => {
  const empty = { DATABASE_URL: `sqlite:${join(folder, 'empty', 'mislata.db')}` }
  const planned = await mislata(empty, 'migrate', '--dry-run')
  expect([planned.code, existsSync(join(folder, 'empty'))]).toEqual([0, false])
  expect(planned.out).toMatch(/^001_programme\n002_webhooks\n/)
  const done = await mislata(empty, 'migrate')
  expect([done.code, done.out]).toEqual([0, planned.out])
  const again = await mislata(empty, 'migrate', '--dry-run')
  expect([again.code, again.out, again.err]).toEqual([0, '', 'There is nothing to do.\n'])
})

test('verify says what it has read, beside the server; of books that were changed it says what is wrong, and ends with 1', async () => {
  const right = await mislata(env, 'verify')
  expect([right.code, right.out], right.err).toEqual([
    0,
    expect.stringMatching(new RegExp(`ok +${acme.program.id} Acme: 1 trans`)),
  ])
  const backup = (await mislata(env, 'backup', '--to', join(folder, 'backups'))).out.trim()
  mkdirSync(join(folder, 'forged'))
  const file = join(folder, 'forged', 'mislata.db')
  copyFileSync(join(backup, 'mislata.db'), file)
  const forge = new DatabaseSync(file)
  forge.exec('drop trigger journal_entries_no_update; update journal_entries set amount = amount * 2')
  forge.exec(
    "pragma foreign_keys = off; insert into admin_sessions (id, admin_id, created_at, expires_at) select 'ses_x', 'nobody', created_at, expires_at from admin_sessions limit 1",
  )
  forge.close()
  const forged = { ...env, DATABASE_URL: `sqlite:${file}` }
  const wrong = await mislata(forged, 'verify', '--json', '--against', join(backup, 'manifest.json'))
  expect(wrong.code, wrong.err).toBe(1)
  const report = JSON.parse(wrong.out)
  expect(report.ok).toBe(false)
  expect(report.database).toEqual([expect.stringMatching(/admin_sessions refers to a row of admins/)])
  const [books] = report.programs.filter((each: { id: string }) => each.id === acme.program.id)
  expect(books.findings.map((each: { code: string }) => each.code)).toContain('transaction_changed')
  const other = await mislata(forged, 'verify', '--against', join(folder, 'nowhere.json'))
  expect([other.code, other.err]).toEqual([3, expect.stringMatching(/not the manifest of a backup/)])
})

test('export writes what the API does, to a file once it is whole', async () => {
  const file = join(folder, 'acme.ndjson')
  const partners = join(folder, 'partners.ndjson')
  const [piped, kept, one] = await Promise.all([
    mislata(env, 'export', '--program', acme.program.id),
    mislata(env, 'export', '--program', acme.program.id, '--out', file),
    mislata(env, 'export', '--program', acme.program.id, '--type', 'partner', '-o', partners),
  ])
  expect([piped.code, kept.code, one.code, kept.out], kept.err).toEqual([0, 0, 0, ''])
  const { text } = await server.ask('GET', `/v1/apps/${acme.program.id}/export`, { token: acme.token })
  const rows = (said: string) =>
    said.split('\n').filter(line => /^{"type":"(partner|conversion|journalTransaction|end)"/.test(line))
  expect(rows(piped.out)).toEqual(rows(text))
  expect(rows(readFileSync(file, 'utf8'))).toEqual(rows(text))
  expect(rows(readFileSync(partners, 'utf8'))).toHaveLength(2)
  expect(readdirSync(folder).filter(name => name.endsWith('.part'))).toEqual([])
})

test('import says what would come of a file, does it once, and ends with 1 where a line is refused', async () => {
  const csv = 'email,firstName,code\nann@example.com,Ann,ANN10\nbob@example.com,Bob,BOB10\n'
  const args = ['import', '-', '--from', 'csv', '--kind', 'partners', '--program', acme.program.id]
  const planned = await withInput(csv, env, ...args, '--dry-run')
  expect([planned.code, planned.out], planned.err).toEqual([0, expect.stringMatching(/^4 created, 0 changed/)])
  const list = () => server.ask('GET', '/api/v1/partners', { key: acme.secret })
  expect((await list()).text).not.toContain('ann@example.com')
  const file = join(folder, 'partners.csv')
  writeFileSync(file, `${csv}nobody,Cid,CID10\n`)
  const done = await mislata(env, ...args.with(1, file))
  expect([done.code, done.out], done.err).toEqual([
    1,
    expect.stringMatching(/^line 4: refused, email_invalid.*\n4 created, .* 1 refused/),
  ])
  expect((await list()).text).toContain('ann@example.com')
  const again = await withInput(csv, env, ...args, '--json')
  const lines = again.out.trim().split('\n')
  expect([again.code, JSON.parse(lines.at(-1) ?? '')]).toMatchObject([0, { type: 'summary', created: 0, unchanged: 4 }])
})

describe('admin', () => {
  const grace = { email: 'grace@example.com', password: 'a first password' }
  const login = (password: string) => server.ask('POST', '/v1/auth/login', { body: { email: grace.email, password } })

  test('makes one who can sign in at once; with another password the sessions are over', async () => {
    const made = await withInput(`${grace.password}\n`, env, 'admin', 'create', grace.email, '--role', 'finance')
    expect([made.code, made.out], made.err).toEqual([0, ''])
    const { status, body } = await login(grace.password)
    expect(status).toBe(200)
    const again = await withInput(`${grace.password}\n`, env, 'admin', 'create', grace.email)
    expect([again.code, again.err]).toEqual([3, expect.stringMatching(/admin/i)])
    const short = await withInput('short\n', env, 'admin', 'reset-password', grace.email)
    expect([short.code, short.err]).toEqual([3, expect.stringMatching(/at least 10 characters/)])
    const reset = await mislata(env, 'admin', 'reset-password', grace.email, '--generate')
    expect(reset.code, reset.err).toBe(0)
    expect((await server.ask('GET', '/v1/auth/me', { token: body.token })).status).toBe(401)
    expect((await login(grace.password)).status).toBe(401)
    expect((await login(reset.out.trim())).status).toBe(200)
  })

  test('lists them, changes a role, takes a lost second factor away, removes one; an owner always stays', async () => {
    const listed = await mislata(env, 'admin', 'list', '--json')
    expect(JSON.parse(listed.out)).toMatchObject([
      { email: admin.email, role: 'owner', secondFactor: false },
      { email: grace.email, role: 'finance' },
    ])
    expect((await mislata(env, 'admin', 'role', grace.email, '--role', 'manager')).code).toBe(0)
    const { token } = (await server.ask('POST', '/v1/auth/login', { body: admin })).body
    expect((await mislata(env, 'admin', 'reset-totp', grace.email)).code).toBe(0)
    expect((await mislata(env, 'admin', 'list')).out).toMatch(/grace@example.com +manager +password alone/)
    const owner = await mislata(env, 'admin', 'remove', admin.email)
    expect([owner.code, owner.err]).toEqual([3, expect.stringMatching(/owner/)])
    expect((await mislata(env, 'admin', 'remove', grace.email)).code).toBe(0)
    expect((await mislata(env, 'admin', 'remove', grace.email)).code).toBe(3)
    expect((await server.ask('GET', '/v1/apps', { token })).status).toBe(200)
  })
})

test('What the commands say, and what they write beside a backup, holds nothing that lets somebody in, and no address', async () => {
  const ended = [
    await mislata(env, 'doctor', '--json'),
    await mislata(env, 'verify', '--json'),
    await mislata(env, 'backup', '--json', '--to', join(folder, 'quiet')),
    await mislata(env, 'migrate'),
  ]
  const [backup = ''] = readdirSync(join(folder, 'quiet'))
  const manifest = readFileSync(join(folder, 'quiet', backup, 'manifest.json'), 'utf8')
  const said = [manifest, ...ended.flatMap(each => [each.out, each.err])].join('\n')
  expect(said).toContain(acme.program.id)
  expect(said).not.toMatch(/canary|scrypt|@partners\.example|admin@example\.com/)
  for (const secret of [acme.secret, acme.token, admin.password, ...Object.values(canaries).slice(0, 3)])
    expect(said).not.toContain(secret)
})
