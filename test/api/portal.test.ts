import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Token } from '../../server/contract/auth.ts'
import { PortalLink } from '../../server/contract/portal.ts'
import { freePort } from '../e2e/support.ts'
import { change, dashboard, day, minute, pass, sessionOf } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { asker, newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server, { brand: { accent: '#7c3aed', logoUrl: 'https://cdn.acme.example/logo.svg' } })
})
afterAll(() => server.stop())

let tests = 0
let jane: { id: string; slug: string; email: string }
beforeEach(async () => {
  jane = await newPartner(server, acme, { slug: `jane-${++tests}`, first_name: 'Jane' })
})

const session = () => sessionOf(server, acme, { customerId: `jane-${tests}`, email: jane.email })

/** The path of a new link for Jane. */
async function link() {
  const { url } = answered(await server.ask('GET', '/v1/affiliate/portal-link', { token: await session() }), 200, PortalLink)
  return new URL(url).pathname
}

/** A request as the server's own page makes it, over HTTP as tests have it. */
const own = (cookie = '') => ({ 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) })

async function press(path: string, headers: Record<string, string> = own()) {
  const reply = await fetch(server.url() + path, { method: 'POST', headers, redirect: 'manual' })
  const [cookie = ''] = reply.headers.getSetCookie()
  return {
    status: reply.status,
    headers: reply.headers,
    set: cookie,
    cookie: cookie.split(';')[0] ?? '',
    text: await reply.text(),
  }
}

const enter = async () => (await press(await link())).cookie
const page = (cookie = '') => server.ask('GET', '/portal', { headers: own(cookie) })
const token = (cookie: string, more: Record<string, string> = {}) =>
  server.ask('POST', '/portal/session', { body: {}, headers: { ...own(cookie), ...more } })

describe('A link into the portal', () => {
  test('is one of this server, holds a code nobody can guess, and works for 24 hours', async () => {
    const reply = await server.ask('GET', '/v1/affiliate/portal-link', {
      token: await session(),
      headers: { 'x-forwarded-host': 'evil.example' },
    })
    const { url, expiresAt } = answered(reply, 200, PortalLink)
    expect(url).toMatch(new RegExp(`^${server.url()}/portal/[1-9A-Za-z]{32}$`))
    expect(Date.parse(expiresAt) - server.clock.now.getTime()).toBe(day)
    const path = new URL(url).pathname
    const began = server.clock.now
    server.clock.now = new Date(began.getTime() + day - 1)
    expect((await server.ask('GET', path)).status).toBe(200)
    server.clock.now = new Date(began.getTime() + day)
    const late = await server.ask('GET', path)
    expect([late.status, (await press(path)).status]).toEqual([410, 410])
    expect(late.text).toContain('Get a new one in your account at <bdi>Acme</bdi>.')
    server.clock.now = began
  })

  test('is for partners only', async () => {
    const get = async (who: string) => server.ask('GET', '/v1/affiliate/portal-link', { token: who })
    refused(await get(await sessionOf(server, acme, { customerId: 'nobody' })), 404, 'not_a_partner')
    const mine = await session()
    await server.ask('DELETE', `/api/v1/partners/${jane.id}`, { key: acme.secret })
    refused(await get(mine), 403, 'partner_deactivated')
    refused(await server.ask('GET', '/v1/affiliate/portal-link', { key: acme.secret }), 403, 'wrong_credential')
  })

  test('is not used up by looking, which changes nothing at all', async () => {
    const path = await link()
    const before = await everyRow(server)
    for (let look = 0; look < 20; look++) {
      const shown = await server.ask(look % 2 ? 'HEAD' : 'GET', path)
      expect(shown.status).toBe(200)
      expect(shown.headers.getSetCookie()).toEqual([])
    }
    expect(await everyRow(server)).toEqual(before)
    expect((await press(path)).status).toBe(303)
  })

  test('lets one in of fifty who come at once', async () => {
    const path = await link()
    const all = await Promise.all(Array.from({ length: 50 }, () => press(path)))
    expect(all.filter(each => each.status === 303)).toHaveLength(1)
    expect(all.filter(each => each.status === 410)).toHaveLength(49)
    expect(all.filter(each => each.set)).toHaveLength(1)
  })

  test('that was used says so, and leads on whoever it let in', async () => {
    const path = await link()
    const { cookie } = await press(path)
    const again = await server.ask('GET', path)
    expect(again.status).toBe(410)
    expect(again.text).toContain('This link no longer works')
    expect(again.text).toContain('href="https://acme.example"')
    expect((await server.ask('GET', path, { headers: own(cookie) })).text).toContain('href="/portal"')
    const twice = await press(path, own(cookie))
    expect([twice.status, twice.headers.get('location'), twice.set]).toEqual([303, '/portal', ''])
  })

  test('that was never given is unknown, whatever it looks like', async () => {
    for (const code of ['1', 'a'.repeat(32), 'x'.repeat(4_000), '%00', '..%2f..', 'session', 'sign-out']) {
      const shown = await server.ask('GET', `/portal/${code}`)
      expect([code, shown.status]).toEqual([code, 404])
      expect(shown.text).not.toContain('Acme')
    }
    expect((await press(`/portal/${'a'.repeat(32)}`)).status).toBe(404)
  })

  test('is not in the database, nor is what it opens', async () => {
    const path = await link()
    const { cookie } = await press(path)
    const held = JSON.stringify(await everyRow(server))
    expect(held).not.toContain(path.split('/').at(-1))
    expect(held).not.toContain(cookie.split('=').at(-1))
  })

  test('ends with the partnership, and stays ended when that begins again', async () => {
    const path = await link()
    await server.ask('DELETE', `/api/v1/partners/${jane.id}`, { key: acme.secret })
    expect((await press(path)).status).toBe(410)
    await server.ask('PATCH', `/api/v1/partners/${jane.id}`, { key: acme.secret, body: { status: 'active' } })
    expect((await press(path)).status).toBe(410)
    expect((await press(await link())).status).toBe(303)
  })
})

describe('Pressing the button', () => {
  test('sets a cookie that no script can read, and goes on to an address without the code', async () => {
    const { status, headers, set } = await press(await link())
    expect([status, headers.get('location')]).toEqual([303, '/portal'])
    expect(set).toMatch(/^mislata_portal=[1-9A-Za-z]{32}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('ends the session that the browser had before', async () => {
    const first = await enter()
    const second = await press(await link(), own(first))
    refused(await token(first), 401, 'no_credential')
    answered(await token(second.cookie), 200, Token)
  })

  test.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'https://acme.example' }],
  ])('on another site does nothing: %j', async headers => {
    const path = await link()
    const cookie = await enter()
    expect((await press(path, headers as Record<string, string>)).status).toBe(403)
    expect((await press('/portal/sign-out', { ...(headers as Record<string, string>), cookie })).status).toBe(403)
    refused(
      await server.ask('POST', '/portal/session', { body: {}, headers: { ...(headers as Record<string, string>), cookie } }),
      403,
      'cross_site',
    )
    answered(await token(cookie), 200, Token)
    expect((await press(path)).status).toBe(303)
  })

  test('works where the browser says nothing of sites, as over plain http', async () => {
    expect((await press(await link(), { origin: 'null' })).status).toBe(303)
    expect((await press(await link(), { origin: server.url() })).status).toBe(303)
  })
})

describe('A portal session', () => {
  test('gives tokens of fifteen minutes for its partner, which open the dashboard', async () => {
    const cookie = await enter()
    const given = answered(await token(cookie), 200, Token)
    expect(Date.parse(given.expiresAt) - server.clock.now.getTime()).toBe(15 * minute)
    expect((await dashboard(server, given.token)).affiliate.id).toBe(jane.id)
  })

  test.each([
    [{ 'content-type': 'text/plain' }, 415, 'wrong_type'],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 415, 'wrong_type'],
    [{ 'content-type': 'multipart/form-data' }, 415, 'wrong_type'],
    [{ origin: 'null', 'sec-fetch-site': '' }, 403, 'cross_site'],
  ] as const)('gives none to a request like %j', async (headers, status, code) => {
    refused(await token(await enter(), headers as Record<string, string>), status, code)
  })

  test('is nothing without its cookie, and no other credential stands for it', async () => {
    refused(await token(''), 401, 'no_credential')
    refused(await token('mislata_portal=1111'), 401, 'no_credential')
    refused(await token('', { authorization: `Bearer ${await session()}` }), 401, 'no_credential')
    // Nor does it stand for any other.
    const cookie = await enter()
    refused(await server.ask('GET', '/v1/affiliate/dashboard', { headers: own(cookie) }), 401, 'no_credential')
  })

  test('lasts seven days from its last use, and thirty in all', async () => {
    const began = server.clock.now
    const idle = await enter()
    const busy = await enter()
    for (let days = 0; days < 7; days++) {
      pass(server, day)
      answered(await token(busy), 200, Token)
    }
    refused(await token(idle), 401, 'no_credential')
    expect((await page(idle)).text).toContain('You are not signed in')
    for (let days = 7; days < 29; days++) {
      pass(server, day)
      answered(await token(busy), 200, Token)
    }
    pass(server, day)
    refused(await token(busy), 401, 'no_credential')
    server.clock.now = began
  })

  test('ends on the server when somebody signs out', async () => {
    const cookie = await enter()
    expect((await page(cookie)).text).toContain('<mislata-dashboard>')
    const out = await press('/portal/sign-out', own(cookie))
    expect(out.status).toBe(200)
    expect(out.text).toContain('You are signed out')
    expect(out.text).toContain('Go to <bdi>Acme</bdi>')
    expect(out.set).toMatch(/^mislata_portal=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/)
    refused(await token(cookie), 401, 'no_credential')
    expect((await page(cookie)).text).not.toContain('<mislata-dashboard')
    expect((await press('/portal/sign-out')).status).toBe(200)
  })

  test('ends when its partner is deactivated, and stays ended', async () => {
    const cookie = await enter()
    await server.ask('DELETE', `/api/v1/partners/${jane.id}`, { key: acme.secret })
    refused(await token(cookie), 401, 'no_credential')
    expect((await page(cookie)).text).not.toContain('<mislata-dashboard')
    await server.ask('PATCH', `/api/v1/partners/${jane.id}`, { key: acme.secret, body: { status: 'active' } })
    refused(await token(cookie), 401, 'no_credential')
  })
})

describe('The portal’s pages', () => {
  test('are the program’s own, and escape what it is called', async () => {
    await change(server, acme, { name: '<b>Ceramics</b> & "Co"' })
    const [shut, open] = [await server.ask('GET', await link()), await page(await enter())]
    for (const { text } of [shut, open]) {
      expect(text).toContain('&lt;b&gt;Ceramics&lt;/b&gt; &amp; &quot;Co&quot;')
      expect(text).toContain('--given:#7c3aed')
    }
    expect(open.text).toContain('src="https://cdn.acme.example/logo.svg"')
    // Whose server is asked for a picture would learn of the visit.
    expect(shut.text).not.toContain('cdn.acme.example')
    await change(server, acme, { name: 'Acme' })
  })

  test('allow no script but this server’s own, no frame, no copy and no referrer', async () => {
    const replies = [
      await server.ask('GET', await link()),
      await page(await enter()),
      await page(),
      await server.ask('GET', '/portal/1'),
    ]
    for (const { headers, text } of replies) {
      const policy = headers.get('content-security-policy') ?? ''
      for (const part of [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
      ])
        expect(policy).toContain(part)
      expect(policy).not.toMatch(/unsafe|\*/)
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(text).not.toMatch(/<script(?![^>]*src=)| on\w+=| style=/)
    }
    const script = await server.ask('GET', '/portal.js')
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
  })
})

test('over https the cookie is bound to this host', async () => {
  const port = await freePort()
  const secure = await testServer({ PORT: String(port), PUBLIC_URL: 'https://partners.example.com' })
  const url = `http://127.0.0.1:${port}`
  const there = { ...secure, ask: asker(() => url) }
  const program = await newProgram(there)
  const john = await newPartner(there, program, { slug: 'john' })
  const who = await sessionOf(there, program, { customerId: 'john', email: john.email })
  const made = answered(await there.ask('GET', '/v1/affiliate/portal-link', { token: who }), 200, PortalLink)
  expect(made.url).toMatch(/^https:\/\/partners\.example\.com\/portal\/\w{32}$/)
  const entered = await fetch(url + new URL(made.url).pathname, { method: 'POST', headers: own(), redirect: 'manual' })
  const [set = ''] = entered.headers.getSetCookie()
  expect(set).toMatch(/^__Host-mislata_portal=\w{32}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  const [cookie = ''] = set.split(';')
  const shown = async (cookie: string) => (await there.ask('GET', '/portal', { headers: own(cookie) })).text
  expect(await shown(cookie)).toContain('<mislata-dashboard>')
  expect(await shown(cookie.replace('__Host-', ''))).not.toContain('<mislata-dashboard>')
  await secure.stop()
})
