import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { AdminSessionList, Me, PasswordChanged, SessionsEnded } from '../../server/contract/admins.ts'
import { ProgramList } from '../../server/contract/programs.ts'
import { freePort } from '../e2e/support.ts'
import { atConsole } from '../support/console.ts'
import { answered, refused } from '../support/replies.ts'
import { admin, asker, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'

// Every sign-in is slow by design.
vi.setConfig({ testTimeout: 60_000 })

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

const minutes = (count: number) => {
  server.clock.now = new Date(server.clock.now.getTime() + count * 60_000)
}

describe('The console', () => {
  test.each(['/console', '/console/partners/par_1'])('is the same page at %s, and runs no script but its own', async path => {
    const { status, headers, text } = await server.ask('GET', path)
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
    expect(text).toContain('<script type="module" src="/console.js"></script>')
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style=| on\w+=/)
  })

  test('signs in by a cookie that no script reads and no other site sends', async () => {
    const { me, set, ask } = await atConsole(server)
    expect(set).toMatch(/^mislata_console=[1-9A-Za-z]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(me).toMatchObject({ email: admin.email, role: 'owner', secondFactor: false, mustEnrol: false })
    expect(me.programs).toContainEqual(expect.objectContaining({ id: acme.program.id, name: 'Acme', currency: 'EUR' }))
    expect(answered(await ask('GET', '/v1/auth/me'), 200, Me)).toEqual(me)
    answered(await ask('GET', '/v1/apps'), 200, ProgramList)
    const written = await ask('PATCH', `/v1/apps/${acme.program.id}`, { body: { name: 'Acme Two' } })
    expect(written.body.name).toBe('Acme Two')
  })

  test('keeps its cookie to this host, where it is spoken to by https', async () => {
    const port = await freePort()
    const secure = await testServer({ PORT: String(port), PUBLIC_URL: 'https://partners.example.com' })
    const { set, ask } = await atConsole({ ask: asker(() => `http://127.0.0.1:${port}`) })
    expect(set).toMatch(/^__Host-mislata_console=\w{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    answered(await ask('GET', '/v1/auth/me'), 200, Me)
    const plain = await ask('GET', '/v1/auth/me', { headers: { cookie: set.replace('__Host-', '') } })
    refused(plain, 401, 'no_credential')
    await secure.stop()
  })

  test('never says what is in the cookie, and keeps only a hash of it', async () => {
    const { cookie, me } = await atConsole(server)
    const secret = cookie.split('=')[1] as string
    const row = await server
      .desk()
      .database.db.selectFrom('adminSessions')
      .selectAll()
      .where('id', '=', me.sessionId)
      .executeTakeFirstOrThrow()
    expect(row.tokenHash).toHaveLength(43)
    expect(JSON.stringify([row, me])).not.toContain(secret)
    refused(
      await server.ask('GET', '/v1/auth/me', { headers: { cookie: `mislata_console=${row.tokenHash}` } }),
      401,
      'bad_credential',
    )
  })
})

describe('What a page of somebody else makes a browser send', () => {
  const rename = { name: 'Taken over' }
  let ask: Awaited<ReturnType<typeof atConsole>>['ask']
  let cookie: string
  beforeAll(async () => {
    ;({ ask, cookie } = await atConsole(server))
  })

  test.each<[Record<string, string>, number]>([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site', origin: 'https://evil.partners.example' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
    [{ 'sec-fetch-site': '', origin: 'https://evil.example' }, 403],
    [{ 'sec-fetch-site': '', origin: 'null' }, 403],
    [{ 'sec-fetch-site': '', origin: 'own' }, 200],
    [{ 'sec-fetch-site': 'same-origin', origin: 'own' }, 200],
  ])('with %j is answered %i', async (headers, status) => {
    const origin = headers.origin === 'own' ? server.url() : headers.origin
    const sent = { ...headers, ...(origin !== undefined && { origin }) }
    const reply = await ask('PATCH', `/v1/apps/${acme.program.id}`, { body: rename, headers: sent })
    expect(reply.status, reply.text).toBe(status)
    if (status === 403) {
      refused(reply, 403, 'cross_site')
      const { body } = await ask('GET', `/v1/apps/${acme.program.id}`)
      expect(body.name).not.toBe(rename.name)
    }
    await ask('PATCH', `/v1/apps/${acme.program.id}`, { body: { name: 'Acme' } })
  })

  test('reads nothing either, but a download that somebody opens themselves is given', async () => {
    refused(await ask('GET', '/v1/apps', { headers: { 'sec-fetch-site': 'cross-site' } }), 403, 'cross_site')
    expect((await ask('GET', '/v1/apps', { headers: { 'sec-fetch-site': 'none' } })).status).toBe(200)
  })

  test('does not count where a key or a token is shown', async () => {
    const headers = { cookie, 'sec-fetch-site': 'cross-site' }
    expect((await server.ask('GET', '/v1/apps', { token: acme.token, headers })).status).toBe(200)
    refused(await server.ask('GET', '/v1/apps', { token: 'wrong', headers }), 401, 'bad_credential')
  })
})

describe('Sessions', () => {
  const list = async (ask: (method: string, path: string) => ReturnType<TestServer['ask']>) =>
    answered(await ask('GET', '/v1/auth/sessions'), 200, AdminSessionList).data

  test('are listed with when and by what, and without from where', async () => {
    const { ask, me } = await atConsole(server)
    const mine = (await list(ask)).find(each => each.current)
    expect(mine).toEqual({
      id: me.sessionId,
      kind: 'console',
      current: true,
      createdAt: server.clock.now.toISOString(),
      seenAt: server.clock.now.toISOString(),
      expiresAt: me.expiresAt,
      agent: 'Chrome on Linux',
    })
    await signIn(server)
    expect((await list(ask)).filter(each => each.kind === 'token' && !each.current).length).toBeGreaterThan(0)
  })

  test('are over when they are left', async () => {
    const { ask } = await atConsole(server)
    const left = await ask('POST', '/v1/auth/logout')
    expect(left.headers.getSetCookie()[0]).toMatch(/^mislata_console=; Max-Age=0; Path=\//)
    refused(await ask('GET', '/v1/auth/me'), 401, 'bad_credential')
  })

  test('are ended one by one, and none of them twice', async () => {
    const [here, there] = [await atConsole(server), await atConsole(server)]
    const path = `/v1/auth/sessions/${there.me.sessionId}`
    expect(answered(await here.ask('DELETE', path), 200, SessionsEnded).ended).toBe(1)
    refused(await there.ask('GET', '/v1/auth/me'), 401, 'bad_credential')
    refused(await here.ask('DELETE', path), 404, 'session_not_found')
    answered(await here.ask('GET', '/v1/auth/me'), 200, Me)
  })

  test('are ended all but the one that asks', async () => {
    const token = await signIn(server)
    const { ask } = await atConsole(server)
    const { ended } = answered(await ask('DELETE', '/v1/auth/sessions'), 200, SessionsEnded)
    expect(ended).toBeGreaterThan(1)
    refused(await server.ask('GET', '/v1/apps', { token }), 401, 'bad_credential')
    expect(await list(ask)).toHaveLength(1)
  })

  test('of the console are over after two hours without use, and after twelve with it', async () => {
    const { ask } = await atConsole(server)
    const works = async () => (await ask('GET', '/v1/auth/me')).status
    minutes(119)
    expect(await works()).toBe(200)
    minutes(119)
    expect(await works()).toBe(200)
    minutes(121)
    expect(await works()).toBe(401)
    const busy = await atConsole(server)
    for (let hour = 0; hour < 12; hour++) {
      expect((await busy.ask('GET', '/v1/auth/me')).status).toBe(200)
      minutes(60)
    }
    refused(await busy.ask('GET', '/v1/auth/me'), 401, 'bad_credential')
  })

  test('begin anew with a new password, which takes the old one', async () => {
    const change = (body: object) => ({ body, headers: { 'content-type': 'application/json' } })
    const token = await signIn(server)
    const here = await atConsole(server)
    const wrong = await here.ask(
      'POST',
      '/v1/auth/password',
      change({ password: 'not that one', newPassword: 'another long one' }),
    )
    refused(wrong, 401, 'wrong_login')
    const short = { password: admin.password, newPassword: 'short' }
    expect(refused(await here.ask('POST', '/v1/auth/password', change(short)), 422, 'invalid')).toEqual(['newPassword'])
    const wanted = { password: admin.password, newPassword: 'another long one' }
    answered(await here.ask('POST', '/v1/auth/password', change(wanted)), 200, PasswordChanged)
    refused(await server.ask('GET', '/v1/auth/me', { token }), 401, 'bad_credential')
    answered(await here.ask('GET', '/v1/auth/me'), 200, Me)
    refused(await server.ask('POST', '/v1/auth/login', { body: admin }), 401, 'wrong_login')
    const back = { password: wanted.newPassword, newPassword: admin.password }
    answered(await here.ask('POST', '/v1/auth/password', change(back)), 200, PasswordChanged)
  })
})
