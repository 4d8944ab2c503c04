import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { Token } from '../../server/contract/auth.ts'
import { PartnerList } from '../../server/contract/partners.ts'
import { ProgramList } from '../../server/contract/programs.ts'
import { setUpToken } from '../../server/program/admins.ts'
import { emptyDatabase } from '../support/database.ts'
import { readyProcess } from '../support/process.ts'
import { answered, refused } from '../support/replies.ts'
import { admin, type TestServer, testServer } from '../support/server.ts'

// Some tests start processes, which are slow to start on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 })

let server: TestServer

beforeAll(async () => {
  server = await testServer({ ADMIN_EMAIL: '', ADMIN_PASSWORD: '' })
})
afterAll(() => server.stop())

async function database() {
  const made = await emptyDatabase()
  onTestFinished(made.remove)
  return made.url
}

const typed = {
  email: 'first@example.com',
  password: 'a long password',
  name: 'Ceramics & "Co"',
  siteUrl: 'https://ceramics.example/shop',
  currency: 'GBP',
}
const form = (fields: Record<string, string>) => ({
  raw: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
})

test('a first start without ADMIN_EMAIL prints a link that makes one admin, one programme and its keys, once', async () => {
  const url = await database()
  const first = await readyProcess({ DATABASE_URL: url })
  const { open = '' } = await first.line('Nobody can sign in yet')
  expect(open).toMatch(new RegExp(`^${first.address}/setup/[1-9A-Za-z]{32}$`))
  const path = new URL(open).pathname

  for (let look = 0; look < 2; look++) {
    const page = await first.ask('GET', path)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'; frame-ancestors 'none'")
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('cache-control')).toBe('no-store')
  }

  const both = await Promise.all([first.ask('POST', path, form(typed)), first.ask('POST', path, form(typed))])
  expect(both.map(each => each.status).sort()).toEqual([200, 404])
  const done = both.find(each => each.status === 200)?.text ?? ''
  const [key] = /mislata_sk_\w+/.exec(done) ?? []
  expect(done).toMatch(/data-key=&quot;mislata_pk_\w+&quot;|data-key="mislata_pk_\w+"/)
  for (const method of ['GET', 'POST'])
    expect((await first.ask(method, path, method === 'POST' ? form(typed) : {})).status).toBe(404)

  const { email, password, ...program } = typed
  const { token } = answered(await first.ask('POST', '/v1/auth/login', { body: { email, password } }), 200, Token)
  const { data } = answered(await first.ask('GET', '/v1/apps', { token }), 200, ProgramList)
  expect(data).toMatchObject([{ ...program, mode: 'live', allowedOrigins: ['https://ceramics.example'] }])
  answered(await first.ask('GET', '/api/v1/partners', { key }), 200, PartnerList)

  await first.end('SIGTERM')
  const next = await readyProcess({ DATABASE_URL: url })
  await next.end('SIGTERM')
  expect(next.output.out).not.toContain('/setup/')
})

describe('The form behind the link', () => {
  test.each([
    [{ password: 'too short' }, 'Use at least 10 characters.'],
    [{ email: 'first' }, 'That is not an e-mail address.'],
    [{ siteUrl: 'javascript:alert(1)' }, 'That is not a web address.'],
    [{ currency: 'EURO' }, 'That is not an ISO 4217 currency code.'],
    [{ name: ' ' }, 'name'],
    [{ name: '"><script>alert(1)</script>', email: 'x' }, '&quot;&gt;&lt;script&gt;'],
  ])('says what is wrong and keeps what was typed, but for the password: %j', async (wrong, says) => {
    const path = `/setup/${await setUpToken(server.desk())}`
    const sent = { ...typed, ...wrong }
    const page = await server.ask('POST', path, form(sent))
    expect(page.status).toBe(422)
    expect(page.text).toContain(says)
    const { password, ...kept } = sent
    for (const value of Object.values(kept)) expect(page.text).toContain(`value="${escaped(value)}"`)
    expect(page.text).not.toContain(password)
    expect(page.text).not.toContain('<script')
    expect((await server.ask('GET', path)).status).toBe(200)
  })

  test.each([
    '',
    'email=',
    'email[]=a',
    'email=a&email=b',
    '%',
    '\0',
    '{"email":"a"}',
    'email=%00%ff',
  ])('takes no nonsense: %j', async raw => {
    const path = `/setup/${await setUpToken(server.desk())}`
    expect((await server.ask('POST', path, { ...form({}), raw })).status).toBe(422)
    expect((await server.ask('POST', path, { ...form({}), raw: 'x'.repeat(70_000) })).status).toBe(413)
  })
})

describe('The link', () => {
  test('works for a day, or until the next start gives another', async () => {
    const first = `/setup/${await setUpToken(server.desk())}`
    const second = `/setup/${await setUpToken(server.desk())}`
    expect((await server.ask('GET', first)).status).toBe(404)
    const began = server.clock.now
    server.clock.now = new Date(began.getTime() + 86_400_000 - 1)
    expect((await server.ask('GET', second)).status).toBe(200)
    server.clock.now = new Date(began.getTime() + 86_400_000)
    expect((await server.ask('GET', second)).status).toBe(404)
    expect((await server.ask('POST', second, form(typed))).status).toBe(404)
    server.clock.now = began
  })

  test.each(['nonsense', '%00', 'a'.repeat(5_000), '..%2f..', 'undefined', 'null'])('is no other: %.10s', async token => {
    expect((await server.ask('GET', `/setup/${token}`)).status).toBe(404)
    expect((await server.ask('POST', `/setup/${token}`, form(typed))).status).toBe(404)
  })
})

test('a new ADMIN_PASSWORD holds from the next start: the old one is over, and so is what it began', async () => {
  const url = await database()
  const startWith = (password: string) => readyProcess({ DATABASE_URL: url, ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: password })
  const logIn = (password: string) => ['POST', '/v1/auth/login', { body: { email: admin.email, password } }] as const

  const first = await startWith('the first password')
  const { token } = answered(await first.ask(...logIn('the first password')), 200, Token)
  await first.end('SIGTERM')
  const same = await startWith('the first password')
  answered(await same.ask('GET', '/v1/apps', { token }), 200, ProgramList)
  await same.end('SIGTERM')
  const changed = await startWith('the second password')
  refused(await changed.ask(...logIn('the first password')), 401, 'wrong_login')
  answered(await changed.ask(...logIn('the second password')), 200, Token)
  refused(await changed.ask('GET', '/v1/apps', { token }), 401, 'bad_credential')
})

function escaped(text: string) {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
