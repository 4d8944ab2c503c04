import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Invite, MadeInvite, Member, Team } from '../../server/contract/admins.ts'
import { AuditList } from '../../server/contract/audit.ts'
import { Token } from '../../server/contract/auth.ts'
import { anotherAdmin } from '../support/admins.ts'
import { joined } from '../support/console.ts'
import { answered, refused } from '../support/replies.ts'
import { admin, signIn, type TestServer, testServer } from '../support/server.ts'
import { smtpServer } from '../support/smtp.ts'

// Every sign-in is slow by design.
vi.setConfig({ testTimeout: 60_000 })

let server: TestServer
let token: string
let smtp: Awaited<ReturnType<typeof smtpServer>>
beforeAll(async () => {
  smtp = await smtpServer()
  server = await testServer({ SMTP_URL: smtp.url(), MAIL_FROM: 'partners@mail.example' })
  token = await signIn(server)
})
afterAll(async () => {
  await server.stop()
  await smtp.stop()
})

const ask = (method: string, path: string, body?: object, as = token) => server.ask(method, path, { token: as, body })
const team = async () => answered(await ask('GET', '/v1/team'), 200, Team)
const invite = async (email: string, role = 'manager') =>
  answered(await ask('POST', '/v1/team/invites', { email, role }), 201, MadeInvite)
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const open = (link: string) => server.ask('GET', new URL(link).pathname)
const choose = (link: string, password: string) =>
  server.ask('POST', new URL(link).pathname, { raw: new URLSearchParams({ password }).toString(), headers: form })
const logIn = (email: string, password = admin.password) => server.ask('POST', '/v1/auth/login', { body: { email, password } })

describe('An invitation', () => {
  test('makes an admin of whoever opens its link and chooses a password', async () => {
    const made = await invite('Finance@Example.com', 'finance')
    expect(made.link).toMatch(new RegExp(`^${server.url()}/console/invite/[1-9A-Za-z]{32}$`))
    expect((await team()).invites).toEqual([{ ...made, link: undefined }].map(({ link: _, ...each }) => each))
    for (let look = 0; look < 2; look++) expect((await open(made.link)).text).toContain('Choose a password')
    const short = await choose(made.link, 'short')
    expect([short.status, short.text.includes('at least 10')]).toEqual([422, true])
    expect((await choose(made.link, admin.password)).text).toContain('href="/console"')
    answered(await logIn('finance@example.com'), 200, Token)
    const { data, invites } = await team()
    expect(data.map(({ email, role, you }) => [email, role, you])).toEqual([
      [admin.email, 'owner', true],
      ['Finance@Example.com', 'finance', false],
    ])
    expect([invites, (await open(made.link)).status, (await choose(made.link, 'again and again')).status]).toEqual([[], 404, 404])
    refused(await ask('POST', '/v1/team/invites', { email: 'finance@example.com', role: 'owner' }), 409, 'admin_exists')
  })

  test('is one for each address, can be taken back, and runs out after three days', async () => {
    const [first, second] = [await invite('a@example.com'), await invite('A@example.com', 'finance')]
    expect([(await open(first.link)).status, (await open(second.link)).status]).toEqual([404, 200])
    answered(await ask('DELETE', `/v1/team/invites/${second.id}`), 200, Invite)
    expect((await open(second.link)).status).toBe(404)
    refused(await ask('DELETE', `/v1/team/invites/${second.id}`), 404, 'invite_not_found')
    const third = await invite('a@example.com')
    const began = server.clock.now
    server.clock.now = new Date(began.getTime() + 3 * 86_400_000)
    expect((await choose(third.link, admin.password)).status).toBe(404)
    server.clock.now = began
  })

  test('is taken up once, also where two do it at the same moment', async () => {
    const { link } = await invite('twice@example.com')
    const both = await Promise.all([choose(link, 'the first password'), choose(link, 'the other password')])
    expect(both.map(each => each.status).sort()).toEqual([200, 404])
    const known = await Promise.all(['the first password', 'the other password'].map(each => logIn('twice@example.com', each)))
    expect(known.map(each => each.status).sort()).toEqual([200, 401])
  })

  test('tells its link once: only a hash of it is kept', async () => {
    const { link } = await invite('secret@example.com')
    const { db } = server.desk().database
    const kept = [
      await db.selectFrom('adminInvites').selectAll().execute(),
      await db.selectFrom('auditEntries').selectAll().execute(),
      await db.selectFrom('mails').selectAll().execute(),
    ]
    expect(JSON.stringify(kept)).not.toContain(link.split('/').at(-1))
    expect(JSON.stringify(kept[1])).not.toContain('secret@example.com')
  })
})

test('An invitation is mailed, too', async () => {
  const { link } = await invite('mailed@example.com')
  await vi.waitFor(() => expect(smtp.arrived.map(each => each.to)).toContain('mailed@example.com'), { timeout: 15_000 })
  const mail = smtp.arrived.find(each => each.to === 'mailed@example.com')
  expect(mail?.text).toContain(link)
  expect(mail?.text).toContain(`${admin.email} invites you`)
})

describe('An admin', () => {
  test('who is removed is out at once, and may be invited again', async () => {
    const theirs = await joined(server, { token, email: 'gone@example.com', role: 'manager' })
    expect((await ask('GET', '/v1/apps', undefined, theirs)).status).toBe(200)
    const member = (await team()).data.find(each => each.email === 'gone@example.com')
    answered(await ask('DELETE', `/v1/team/${member?.id}`), 200, Member)
    refused(await ask('GET', '/v1/apps', undefined, theirs), 401, 'bad_credential')
    refused(await logIn('gone@example.com'), 401, 'wrong_login')
    refused(await ask('DELETE', `/v1/team/${member?.id}`), 404, 'admin_not_found')
    await invite('gone@example.com')
  })

  test('stays where there would be no owner: neither removed nor made something else', async () => {
    const first = (await team()).data[0]
    refused(await ask('DELETE', `/v1/team/${first?.id}`), 409, 'last_owner')
    refused(await ask('PATCH', `/v1/team/${first?.id}`, { role: 'manager' }), 409, 'last_owner')
    const other = await anotherAdmin(server, 'owner')
    answered(await ask('PATCH', `/v1/team/${other}`, { role: 'read_only' }), 200, Member)
    refused(await ask('DELETE', `/v1/team/${first?.id}`), 409, 'last_owner')
    refused(await ask('PATCH', '/v1/team/adm_1111111111111111111111', { role: 'owner' }), 404, 'admin_not_found')
  })

  test('is left as an owner where two take that away from each other at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const [first, other] = [(await team()).data[0]?.id, await anotherAdmin(server, 'owner')]
      const both = await Promise.all([first, other].map(id => ask('PATCH', `/v1/team/${id}`, { role: 'manager' })))
      // Whoever was faster may have taken the right to ask from the other.
      expect(both.filter(each => each.status === 200)).toHaveLength(1)
      const owners = (await team()).data.filter(each => each.role === 'owner')
      expect(owners).toHaveLength(1)
      const { desk } = server
      await desk()
        .database.db.updateTable('admins')
        .set({ role: 'owner' })
        .where('id', '=', first ?? '')
        .execute()
      await desk().database.db.updateTable('admins').set({ role: 'manager' }).where('id', '=', other).execute()
    }
  })

  test('who does something to the team is on record, with what it was before', async () => {
    const id = await anotherAdmin(server)
    await ask('PATCH', `/v1/team/${id}`, { role: 'finance' })
    await ask('PATCH', '/v1/team/settings', { requireSecondFactor: false })
    await ask('DELETE', `/v1/team/${id}`)
    const { data } = answered(await ask('GET', '/v1/audit?limit=2'), 200, AuditList)
    expect(data.map(({ action, object, before, after, actor }) => ({ action, object, before, after, by: actor.label }))).toEqual([
      {
        action: 'admin.removed',
        object: id,
        before: { email: expect.stringMatching(/^personal:/), role: 'finance' },
        after: null,
        by: admin.email,
      },
      { action: 'admin.role_changed', object: id, before: { role: 'manager' }, after: { role: 'finance' }, by: admin.email },
    ])
  })
})

test('An admin from before there were roles is an owner', async () => {
  const { db } = server.desk().database
  const old = {
    id: 'adm_0',
    email: 'old@example.com',
    emailFold: 'old@example.com',
    passwordHash: 'none',
    createdAt: '2026-01-01T00:00:00.000Z',
  }
  await db.insertInto('admins').values(old).execute()
  expect((await team()).data.find(each => each.id === 'adm_0')?.role).toBe('owner')
})
