import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Token } from '../../server/contract/auth.ts'
import { prune } from '../../server/jobs/prune.ts'
import { sendMail } from '../../server/jobs/send-mail.ts'
import { answerAsks } from '../../server/program/portal-sign-in.ts'
import { smtp as createMailer, type Mailer } from '../../server/providers/smtp.ts'
import { dashboard, day, hour, minute, pass } from '../support/acts.ts'
import { payloads } from '../support/mails.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { smtpServer } from '../support/smtp.ts'
import { everyRow } from '../support/tables.ts'

let smtp: Awaited<ReturnType<typeof smtpServer>>
let server: TestServer
let mailer: Mailer
let acme: TestProgram
beforeAll(async () => {
  smtp = await smtpServer()
  const environment = { SMTP_URL: smtp.url(), MAIL_FROM: 'partners@mail.example', TRUSTED_PROXIES: '127.0.0.1' }
  server = await testServer(environment)
  mailer = createMailer(environment.SMTP_URL, environment.MAIL_FROM)
  acme = await newProgram(server, { brand: { accent: '#7c3aed' } })
})
afterAll(async () => {
  mailer.close()
  await server.stop()
  await smtp.stop()
})

let tests = 0
let jane: { id: string; slug: string; email: string }
beforeEach(async () => {
  jane = await newPartner(server, acme, { slug: `jane-${++tests}` })
})

/** Everyone comes from an address of their own, unless it is about that. */
const own = (more: Record<string, string> = {}) => ({
  'sec-fetch-site': 'same-origin',
  'x-forwarded-for': `198.51.100.${tests % 250}`,
  ...more,
})

async function post(path: string, form: Record<string, string> | null, headers: Record<string, string> = own()) {
  const body = form && new URLSearchParams(form)
  const reply = await fetch(server.url() + path, { method: 'POST', headers, body, redirect: 'manual' })
  const cookies = Object.fromEntries(reply.headers.getSetCookie().map(each => each.split(';')[0]?.split('=') ?? []))
  return { status: reply.status, headers: reply.headers, cookies, text: await reply.text() }
}

const ask = (email: string, more: Record<string, string> = {}, headers = own()) =>
  post('/portal/sign-in', { email, program: acme.program.id, ...more }, headers)

/** What goes on by itself every second, now. */
async function push() {
  await answerAsks(server.desk())
  await sendMail({ mailer, publicUrl: server.url }).run(server.desk())
}
const linksTo = (email: string) =>
  smtp.arrived.filter(each => each.to === email && each.text.includes('/portal/')).map(each => linkIn(each.text))
const linkIn = (text: string) => /\/portal\/[1-9A-Za-z]{32}/.exec(text)?.[0] ?? ''
/** Asks for a link as jane, and gets it: its path, and the cookie of the browser that asked. */
async function linkFor(email = jane.email, headers = own()) {
  const asked = await ask(email, {}, headers)
  await push()
  const all = await smtp.mailTo(email)
  return { path: linkIn(all.at(-1)?.text ?? ''), asker: `mislata_sign_in=${asked.cookies.mislata_sign_in}` }
}

test('A partner asks, gets a mail, opens its link and is in', async () => {
  const shown = await server.ask('GET', `/portal?program=${acme.program.id}`)
  expect(shown.text).toContain('Sign in to your portal')
  expect(shown.text).toContain('--given:#7c3aed')
  const { path, asker } = await linkFor()
  const [mail] = await smtp.mailTo(jane.email)
  expect(mail?.subject).toBe('Your way into the partner portal of Acme')
  expect(mail?.html).toContain(`href="${server.url()}${path}"`)
  const door = await server.ask('GET', path, { headers: own({ cookie: asker }) })
  expect(door.text).toContain('Sign in to your portal')
  expect(door.text).toContain(jane.email)
  expect([door.headers.get('referrer-policy'), door.headers.get('cache-control')]).toEqual(['no-referrer', 'no-store'])
  const entered = await post(path, null, own({ cookie: asker }))
  expect([entered.status, entered.headers.get('location')]).toEqual([303, '/portal'])
  // What the browser kept to be known by has done its work.
  expect(entered.cookies.mislata_sign_in).toBe('')
  const cookie = `mislata_portal=${entered.cookies.mislata_portal}`
  const given = answered(await server.ask('POST', '/portal/session', { body: {}, headers: own({ cookie }) }), 200, Token)
  expect((await dashboard(server, given.token)).affiliate.id).toBe(jane.id)
})

describe('Whether an address is a partner’s', () => {
  test('is to be seen neither in the answer nor in what is done for it', async () => {
    const deactivated = await newPartner(server, acme, { slug: `gone-${tests}` })
    await server.ask('DELETE', `/api/v1/partners/${deactivated.id}`, { key: acme.secret })
    const counts = async () =>
      Object.fromEntries(Object.entries(await everyRow(server)).map(([name, rows]) => [name, rows.length]))
    const seen: unknown[] = []
    for (const email of [jane.email, deactivated.email, `nobody-${tests}@example.com`]) {
      await push()
      const before = await counts()
      const { status, headers, text } = await ask(email)
      const after = await counts()
      const grown = Object.keys(after).filter(name => after[name] !== before[name])
      const told = [...headers].filter(([name]) => !['date', 'x-request-id', 'set-cookie', 'content-length'].includes(name))
      seen.push([status, told, text.replaceAll(email, 'EMAIL'), grown.filter(name => !/^mail|^limit_uses$/.test(name))])
    }
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
    expect(JSON.stringify(seen[0])).toContain('portal_asks')
    await push()
    expect([linksTo(deactivated.email), linksTo(`nobody-${tests}@example.com`)]).toEqual([[], []])
    expect(linksTo(jane.email)).toHaveLength(1)
  })
})

describe('A mailed link', () => {
  test('works for ten minutes', async () => {
    const { path } = await linkFor()
    pass(server, 10 * minute - 1)
    expect((await server.ask('GET', path)).status).toBe(200)
    pass(server, 1)
    const late = await server.ask('GET', path)
    expect([late.status, (await post(path, null)).status]).toEqual([410, 410])
    expect(late.text).toContain('A link works once, and for 10 minutes. Ask for a new one.')
    expect(late.text).toContain(`href="/portal?program=${acme.program.id}"`)
  })

  test('works once, for one of twenty who come at once, and is not used up by looking', async () => {
    const { path } = await linkFor()
    for (let look = 0; look < 20; look++) expect((await server.ask(look % 2 ? 'HEAD' : 'GET', path)).status).toBe(200)
    const all = await Promise.all(Array.from({ length: 20 }, () => post(path, null)))
    expect(all.filter(each => each.status === 303)).toHaveLength(1)
    expect(all.filter(each => each.status === 410)).toHaveLength(19)
  })

  test('opened in another browser says so, and whose portal it is, and lets in who confirms', async () => {
    const { path } = await linkFor()
    const other = await server.ask('GET', path, { headers: own({ cookie: 'mislata_sign_in=another' }) })
    expect(other.text).toContain('This link was asked for in another browser.')
    expect(other.text).toContain(`<bdi>${jane.email}</bdi>`)
    expect((await post(path, null)).status).toBe(303)
  })

  test('is known to the browser also where that has asked twice', async () => {
    const first = await linkFor()
    await ask(jane.email, {}, own({ cookie: first.asker }))
    await push()
    const both = linksTo(jane.email)
    expect(new Set(both).size).toBe(2)
    for (const path of both) {
      const { text } = await server.ask('GET', path, { headers: own({ cookie: first.asker }) })
      expect(text).not.toContain('another browser')
    }
  })

  test('stands nowhere in the database, before or after it is sent', async () => {
    await ask(jane.email)
    await answerAsks(server.desk())
    const before = JSON.stringify(await everyRow(server))
    await push()
    const [path = ''] = linksTo(jane.email)
    const code = path.split('/').at(-1) ?? ''
    expect(code).toHaveLength(32)
    expect(before).not.toContain(code)
    const { mails = [] } = await everyRow(server)
    expect(mails.find(each => each.recipient === jane.email && each.kind === 'portal_link')).toMatchObject({
      facts: null,
      body: '',
    })
  })

  test('that could not be sent in time is not sent, nor kept', async () => {
    await smtp.stop()
    await ask(jane.email)
    await push()
    await smtp.start()
    pass(server, 10 * minute)
    await push()
    expect(linksTo(jane.email)).toEqual([])
  })

  test('ends with the partnership', async () => {
    const { path } = await linkFor()
    await server.ask('DELETE', `/api/v1/partners/${jane.id}`, { key: acme.secret })
    expect((await post(path, null)).status).toBe(410)
  })

  test('is built on this server’s own address, whatever the request says', async () => {
    await ask(jane.email, {}, own({ 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }))
    await push()
    const [mail] = await smtp.mailTo(jane.email)
    expect(mail?.raw).not.toContain('evil.example')
    expect(mail?.text).toContain(`${server.url()}/portal/`)
  })
})

test('A partner that was only invited is let in, and is active from then on', async () => {
  const email = `invited-${tests}@example.com`
  const body = { email, slug: `invited-${tests}`, first_name: 'Ida', last_name: 'Berg' }
  const invited = await server.ask('POST', '/api/v1/partners', { key: acme.secret, body })
  const { path } = await linkFor(email)
  const entered = await post(path, null)
  const cookie = `mislata_portal=${entered.cookies.mislata_portal}`
  const given = answered(await server.ask('POST', '/portal/session', { body: {}, headers: own({ cookie }) }), 200, Token)
  expect((await dashboard(server, given.token)).affiliate.id).toBe(invited.body.id)
  expect((await server.ask('GET', `/api/v1/partners/${invited.body.id}`, { key: acme.secret })).body.status).toBe('active')
})

describe('With several programs', () => {
  test('one that is named is meant alone, and of none all in which the address is a partner', async () => {
    const other = await newProgram(server, { name: 'Bergwerk' })
    await newPartner(server, other, { slug: `jane-${tests}`, email: jane.email })
    await ask(jane.email)
    await push()
    expect((await smtp.mailTo(jane.email)).map(each => each.headers.get('from'))).toEqual(['Acme <partners@mail.example>'])
    const nobodys = await server.ask('GET', '/portal')
    expect(nobodys.text).not.toMatch(/Acme|Bergwerk|name="program"/)
    await ask(jane.email, { program: '' })
    await push()
    const all = (await smtp.mailTo(jane.email, 3)).slice(1)
    expect(all.map(each => each.headers.get('from')).sort()).toEqual([
      'Acme <partners@mail.example>',
      'Bergwerk <partners@mail.example>',
    ])
  })
})

describe('Asking again and again', () => {
  test('sends an address five links within an hour, and the answer does not change', async () => {
    const replies: string[] = []
    for (let time = 0; time < 7; time++) {
      replies.push((await ask(jane.email)).text)
      await push()
    }
    expect(new Set(replies).size).toBe(1)
    expect(linksTo(jane.email)).toHaveLength(5)
    pass(server, hour)
    await ask(jane.email.toUpperCase())
    await push()
    expect(linksTo(jane.email)).toHaveLength(6)
  })

  test('is refused after twenty times from one place, whichever addresses', async () => {
    const from = own({ 'x-forwarded-for': '203.0.113.9' })
    const statuses: number[] = []
    for (let time = 0; time < 21; time++) statuses.push((await ask(`x${time}@example.com`, {}, from)).status)
    expect(statuses).toEqual([...Array(20).fill(200), 429])
    expect((await ask(jane.email)).status).toBe(200)
  })

  test('does no harm where several servers answer: each is answered once', async () => {
    await ask(jane.email)
    await Promise.all(Array.from({ length: 5 }, () => answerAsks(server.desk())))
    await push()
    expect(linksTo(jane.email)).toHaveLength(1)
  })
})

describe('The form', () => {
  test.each([
    '',
    'jane',
    'jane@',
    '<b>@example.com',
    'a@b.example\nbcc: c@d.example',
    ...payloads.slice(0, 30),
  ])('says of %j that it is no address, and shows it as text', async typed => {
    const before = (await everyRow(server)).portal_asks?.length
    const { status, text } = await ask(typed)
    expect(status).toBe(422)
    expect(text).toContain('That is not an e-mail address.')
    expect(text).not.toMatch(/<(img|svg|iframe|a href=javascript|b>)|<script>/i)
    expect((await everyRow(server)).portal_asks?.length).toBe(before)
  })

  test.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ origin: 'https://evil.example' }],
  ])('is not taken from another site: %j', async headers => {
    expect((await post('/portal/sign-in', { email: jane.email }, headers as Record<string, string>)).status).toBe(403)
  })

  test('is a form, and nothing else is taken for it', async () => {
    refused(await server.ask('POST', '/portal/sign-in', { body: { email: jane.email }, headers: own() }), 415, 'wrong_type')
  })

  test('names no program that there is not', async () => {
    expect((await server.ask('GET', '/portal?program=prog_nothing')).text).not.toContain('name="program"')
    expect((await ask(jane.email, { program: 'prog_nothing' })).status).toBe(200)
  })
})

test('Who is erased has never asked', async () => {
  await ask(jane.email)
  const path = `/v1/apps/${acme.program.id}/people/${encodeURIComponent(jane.email)}`
  expect((await server.ask('DELETE', path, { token: await signIn(server) })).status).toBe(200)
  expect(JSON.stringify((await everyRow(server)).portal_asks)).not.toContain(jane.email)
})

test('Those who asked are forgotten after a day', async () => {
  await ask(jane.email)
  await push()
  pass(server, day + 1)
  await prune(server.desk())
  expect((await everyRow(server)).portal_asks).toEqual([])
})

test('Without a mail server nobody is offered a link by mail', async () => {
  const without = await testServer()
  const program = await newProgram(without)
  const { text } = await without.ask('GET', `/portal?program=${program.program.id}`)
  expect(text).toContain('You are not signed in')
  expect(text).not.toContain('<form')
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  refused(await without.ask('POST', '/portal/sign-in', { raw: 'email=jane@example.com', headers }), 404, 'not_found')
  await without.stop()
})
