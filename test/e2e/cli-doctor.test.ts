import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { checkClock } from '../../server/cli/doctor/clock.ts'
import { checkConfiguration } from '../../server/cli/doctor/configuration.ts'
import { blocksConnection, blocksScript, policiesIn } from '../../server/cli/doctor/csp.ts'
import type { Finding } from '../../server/cli/doctor/finding.ts'
import { checkMail } from '../../server/cli/doctor/mail.ts'
import { checkSite } from '../../server/cli/doctor/site.ts'
import { readConfig } from '../../server/config.ts'
import { mislata } from '../support/cli.ts'
import { newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { smtpServer } from '../support/smtp.ts'

const wrong = (found: Finding[]) => found.filter(each => each.level === 'wrong').map(each => each.said)

describe('Configuration', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ DATABASE_ULR: 'sqlite:./x.db' }, /DATABASE_ULR is read by nobody/],
    [{ MISLATA_PORT: '9000' }, /MISLATA_PORT is read by nobody/],
    [{ public_url: 'https://partners.acme.com' }, /public_url is read by nobody/],
    [{ TRUSTED_PROXYS: '10.0.0.1' }, /TRUSTED_PROXYS is read by nobody/],
    [{ APP_SECRET: 'a'.repeat(40) }, /APP_SECRET can be guessed/],
    [{ APP_SECRET: 'please-change-me-0123456789-abcdefgh' }, /APP_SECRET can be guessed/],
    [{ METRICS_TOKEN: '1111222233334444' }, /METRICS_TOKEN can be guessed/],
    [{ ADMIN_EMAIL: 'grace@acme.com', ADMIN_PASSWORD: 'grace-2026-kx' }, /ADMIN_PASSWORD can be guessed/],
    [{ HOST: '0.0.0.0' }, /PUBLIC_URL is not set, so links in mails/],
    [{ PUBLIC_URL: 'http://partners.acme.com' }, /PUBLIC_URL is http:/],
    [{ PUBLIC_URL: 'https://acme.com/partners' }, /PUBLIC_URL has a path/],
    [{ TRUSTED_PROXIES: '0.0.0.0/0' }, /TRUSTED_PROXIES trusts everybody/],
    [{ ALLOW_PRIVATE_WEBHOOKS: '1' }, /ALLOW_PRIVATE_WEBHOOKS=1/],
  ])('%j is found', (environment, says) => {
    const found = checkConfiguration(environment, readConfig(environment))
    expect(wrong(found)).toEqual([expect.stringMatching(says)])
    expect(JSON.stringify(found)).not.toMatch(/grace-2026|change-me|1111222/)
  })

  test('what is right, and variables of others, are not', () => {
    const environment = {
      ...{
        PATH: '/bin',
        HOME: '/root',
        USER: 'x',
        HOSTNAME: 'y',
        MAIL: '/var/mail',
        LOG_LEVEL: 'info',
        PORTS: '80',
        npm_config_x: '1',
      },
      ...{ PUBLIC_URL: 'https://partners.acme.com', TRUSTED_PROXIES: '10.0.0.1', APP_SECRET: 'uT9-kq2vBz7Lw4Xn8Rj3Hs6Yd1Fg5Pc0' },
    }
    const found = checkConfiguration(environment, readConfig(environment))
    expect(found.map(each => each.level)).toEqual(['ok'])
  })
})

describe('A content security policy', () => {
  const wanted = { address: 'https://partners.acme.com/m.js', page: 'https://www.acme.com/' }
  test.each<[string, Partial<{ nonce: string; integrity: string }>, string | undefined]>([
    ['', {}, undefined],
    ["script-src 'self'", {}, "script-src 'self'"],
    ["default-src 'self'", {}, "default-src 'self'"],
    ["default-src 'none'; script-src https://partners.acme.com", {}, undefined],
    ["script-src 'self' *.acme.com", {}, undefined],
    ['script-src *.partners.acme.com', {}, 'script-src *.partners.acme.com'],
    ['script-src https:', {}, undefined],
    ['script-src http://partners.acme.com', {}, undefined],
    ['script-src https://partners.acme.com:8443', {}, 'script-src https://partners.acme.com:8443'],
    ['script-src https://partners.acme.com/m.js', {}, undefined],
    ['script-src https://partners.acme.com/widget/', {}, 'script-src https://partners.acme.com/widget/'],
    ['script-src *; script-src-elem https://cdn.example', {}, 'script-src-elem https://cdn.example'],
    ["script-src 'nonce-abc' 'strict-dynamic' https:", {}, "script-src 'nonce-abc' 'strict-dynamic' https:"],
    ["script-src 'nonce-abc' 'strict-dynamic' https:", { nonce: 'abc' }, undefined],
    ["script-src 'sha384-xyz'", { integrity: 'sha384-xyz' }, undefined],
    ["script-src 'self'; SCRIPT-SRC *", {}, "script-src 'self'"],
    ["script-src *, script-src 'self'", {}, "script-src 'self'"],
  ])('%s, with %j, stops by: %s', (policy, tag, expected) => {
    const stopped = policiesIn([policy]).map(each => blocksScript(each, { ...wanted, ...tag }))
    expect(stopped.find(each => each !== undefined)).toBe(expected)
  })

  test('stops the click where it names no connection to the server', () => {
    const [policy] = policiesIn(["default-src 'self'; script-src https://partners.acme.com"])
    expect(policy && blocksConnection(policy, wanted)).toBe("default-src 'self'")
    const [open] = policiesIn(["default-src 'self'; connect-src 'self' https://partners.acme.com"])
    expect(open && blocksConnection(open, wanted)).toBeUndefined()
  })
})

describe('A site', () => {
  let server: TestServer
  let acme: TestProgram
  let answer: (path: string, reply: ServerResponse) => unknown
  const http = createServer((request, reply) => answer(request.url ?? '/', reply))
  let origin: string
  beforeAll(async () => {
    await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
    server = await testServer()
    acme = await newProgram(server, { allowedOrigins: [origin] })
  })
  afterAll(async () => {
    http.closeAllConnections()
    http.close()
    await server?.stop()
  })

  const tag = (attributes = '') =>
    `<script async src="${server.url()}/m.js" data-key="${acme.publishable}" ${attributes}></script>`
  const page = (html: string, headers: Record<string, string> = {}) => {
    answer = (_, reply) => reply.writeHead(200, { 'content-type': 'text/html', ...headers }).end(`<!doctype html>${html}`)
  }
  const look = async (config = readConfig({ PUBLIC_URL: server.url() })) => {
    const known = await server.desk().directory.current()
    return checkSite(`${origin}/`, { config, known })
  }

  test('with the tag in its place has nothing wrong', async () => {
    const policy = `default-src 'self'; script-src ${server.url()}; connect-src ${server.url()}`
    page(`<html><head>${tag()}</head></html>`, { 'content-security-policy': policy })
    const { findings, at } = await look()
    expect(findings.map(each => [each.level, each.said])).toEqual([
      ['ok', expect.stringMatching(/The tag is there, and .*m\.js can be loaded/)],
      ['ok', expect.stringMatching(/Acme takes clicks from/)],
      ['ok', expect.stringMatching(/lets the tag work/)],
      ['ok', expect.stringMatching(/Site and server share 127\.0\.0\.1/)],
      ['ok', 'No redirect drops ?ref.'],
    ])
    expect(Math.abs((at?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
  })

  const cases: [string, () => void, RegExp[]][] = [
    ['no tag', () => page('<p>Hello'), [/The tag is not in/]],
    ['a tag in a comment', () => page(`<!-- ${tag()} -->`), [/The tag is not in/]],
    ['a tag that is a module', () => page(tag('type="module"')), [/The tag is a module/]],
    ['an address that is not there', () => page(tag().replace('/m.js', '/n.js')), [/answers 404/]],
    ['a key that nobody knows', () => page(tag().replace(acme.publishable, 'mislata_pk_unknown')), [/not of this installation/]],
    ['a secret key', () => page(tag().replace(acme.publishable, acme.secret)), [/A secret key is on the page/]],
    ['no key, with several programs', () => page(tag().replace(/data-key="[^"]*"/, '')), [/The tag has no key/]],
    ['a domain that is not its own', () => page(tag('data-domain="acme.com"')), [/data-domain is acme\.com/]],
    [
      'a policy in the page that stops both',
      () => page(`<meta http-equiv="Content-Security-Policy" content="default-src 'self'">${tag()}`),
      [/stops the script: default-src 'self'/, /stops the click: default-src 'self'/],
    ],
  ]
  test.each(cases)('%s is found', async (_, prepare, says) => {
    prepare()
    const { findings } = await look()
    expect(wrong(findings)).toEqual(says.map(each => expect.stringMatching(each)))
    expect(findings.filter(each => each.level === 'wrong' && !each.todo)).toEqual([])
    expect(JSON.stringify(findings)).not.toContain(acme.secret)
  })

  test('an origin that the program refuses, and a redirect that drops the parameter of the tag, are found', async () => {
    const other = await newProgram(server)
    answer = (path, reply) => {
      if (path.startsWith('/?')) return reply.writeHead(302, { location: '/welcome' }).end()
      return reply.writeHead(200).end(tag('data-params="via,ref"').replace(acme.publishable, other.publishable))
    }
    const { findings } = await look()
    expect(wrong(findings)).toEqual([
      expect.stringMatching(/refuses clicks from http:\/\/127/),
      expect.stringMatching(/\?via=doctor answers 302 and leads to .*\/welcome, without \?via/),
    ])
    answer = (path, reply) => {
      if (path.startsWith('/?')) return reply.writeHead(302, { location: `/welcome${path.slice(1)}` }).end()
      return reply.writeHead(200).end(tag())
    }
    expect(wrong((await look()).findings)).toEqual([])
  })

  test('is looked at by the command, which ends with 1 where something is wrong', async () => {
    page('<p>Hello')
    const env = { DATABASE_URL: server.database.url, PUBLIC_URL: server.url() }
    const { code, out } = await mislata(env, 'doctor', '--site', `${origin}/`)
    expect(code).toBe(1)
    expect(out).toMatch(/^ok +database: SQLite|^ok +database: PostgreSQL/m)
    expect(out).toMatch(/^ok +clock: The clock agrees with the site's\.$/m)
    expect(out).toMatch(/^WRONG +site: The tag is not in .*\n +→ Put it on every page: <script async/m)
    page(tag())
    const right = await mislata(env, 'doctor', '--json', '--site', `${origin}/`)
    expect(right.code, right.out + right.err).toBe(0)
    expect(JSON.parse(right.out).ok).toBe(true)
  })
})

test('A mail server is asked as for a mail: whether it answers, encrypts, lets in, and takes one', async () => {
  const smtp = await smtpServer({ auth: true })
  onTestFinished(() => smtp.stop())
  const at = (url: string) => readConfig({ SMTP_URL: url, MAIL_FROM: 'partners@acme.com' })
  const url = smtp.url('someone:secret-word@')
  const sent = await checkMail(at(url), 'operator@acme.com')
  expect(sent.map(each => [each.level, each.said])).toEqual([
    ['ok', expect.stringMatching(/answers, unencrypted/)],
    ['ok', 'It takes the user and the password.'],
    ['ok', expect.stringMatching(/has taken a mail for operator@acme\.com/)],
  ])
  expect(smtp.arrived.map(each => each.to)).toEqual(['operator@acme.com'])
  smtp.behave(place => (place === 'AUTH' ? '535 5.7.8 Not you' : undefined))
  const refused = await checkMail(at(url), 'operator@acme.com')
  expect(wrong(refused)).toEqual([expect.stringMatching(/does not let us in: .*535/)])
  smtp.behave(place => (place === 'RCPT' ? '550 5.1.1 Nobody' : undefined))
  expect(wrong(await checkMail(at(url), 'nobody@acme.com'))).toEqual([
    expect.stringMatching(/has not taken a mail for nobody@acme\.com/),
  ])
  const gone = await checkMail(at('smtp://127.0.0.1:9'), undefined)
  expect(wrong(gone)).toEqual([expect.stringMatching(/cannot be reached/)])
  expect(JSON.stringify([sent, refused, gone])).not.toContain('secret-word')
  expect(wrong(await checkMail(readConfig({}), 'operator@acme.com'))).toEqual(['There is no mail server to send with.'])
})

test('A clock that is not that of the site is found', async () => {
  const late = await checkClock({ database: null, site: new Date(Date.now() + 300_000) })
  expect(wrong(late)).toEqual([expect.stringMatching(/^The clock is (299|300) s behind the site's\.$/)])
  expect(wrong(await checkClock({ database: null, site: new Date() }))).toEqual([])
})
