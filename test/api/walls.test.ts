import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, house } from '../support/house.ts'
import { documented, fieldsOf } from '../support/openapi.ts'
import { problem, refused } from '../support/replies.ts'
import { addressOf, type Route, routes, type Who } from '../support/routes.ts'
import { type Reply, signIn, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let own: House
let stranger: House

beforeAll(async () => {
  server = await testServer()
  own = await house(server)
  stranger = await house(server)
})
afterAll(() => server.stop())

describe('The table of routes', () => {
  test('has each documented route, and no other', async () => {
    expect(routes.map(each => each.name).sort()).toEqual([...(await documented(server)).keys()].sort())
  })

  test('sends each documented field and asks each documented question', async () => {
    const known = await documented(server)
    for (const { name, bodies, query = {} } of routes) {
      const takes = known.get(name)
      expect(Object.keys(query), name).toEqual(takes?.query)
      expect(bodies !== undefined, name).toBe(takes?.body !== undefined)
      const sent = bodies?.(own) ?? []
      expect(
        fieldsOf(takes?.body).filter(field => !sent.some(body => at(body, field) !== undefined)),
        name,
      ).toEqual([])
    }
  })
})

const at = (value: unknown, path: string[]): unknown =>
  path.reduce((held: unknown, name) => (held as Record<string, unknown> | undefined)?.[name], value)

type Caller = 'nobody' | Exclude<Who, 'public'> | 'secret of another'
const callers: Caller[] = ['nobody', 'session', 'partner', 'publishable', 'secret of another', 'secret', 'admin']

/** A request that is right in everything but perhaps in who sends it. */
async function request(route: Route, caller: Caller, ids?: Record<string, string>) {
  const { method, path } = addressOf(route, ids ?? (await route.ids?.(own)))
  const body = route.bodies?.(own)[0]
  const tokens = { session: own.session, partner: own.partnerKey, admin: caller === 'admin' ? await adminFor(route) : undefined }
  const token = tokens[caller as keyof typeof tokens]
  const key = { publishable: own.publishable, secret: own.secret, 'secret of another': stranger.secret }[caller as string]
  return server.ask(method, path, { body, token, key, ...(await route.signed?.(own)) })
}

// Signing out ends the token, which the others still need.
const adminFor = ({ name }: Route) => (name === 'POST /v1/auth/logout' ? signIn(server) : own.token)

describe('Every route answers each caller as its row says', () => {
  beforeAll(async () => {
    const clickers = { token: own.token, body: { mode: 'test' } }
    await server.ask('PATCH', `/v1/apps/${own.program.id}`, clickers)
  })

  test.each(routes.filter(route => route.name !== 'POST /referrals/click'))('$name', async route => {
    for (const caller of callers) {
      const reply = await request(route, caller)
      const may = route.who.includes('public') || route.who.includes(caller as Who)
      const isSecret = caller === 'secret of another' && route.who.includes('secret')
      if (isSecret) expectForeign(route, reply)
      else if (may) expect([200, 201, 202], `${caller}: ${reply.text}`).toContain(reply.status)
      else if (caller === 'nobody') refused(reply, 401, 'no_credential')
      else refused(reply, 403, 'wrong_credential')
      if (may && caller !== 'publishable') expect(reply.status).toBe(route.ok)
    }
  })

  // Its credential stands in the body, because a post without a preflight has no header for it.
  test('POST /referrals/click', async () => {
    const click = (key?: string) => server.ask('POST', '/referrals/click', { body: { code: own.slug, ...(key && { key }) } })
    expect((await click(own.publishable)).status).toBe(202)
    refused(await click(), 401, 'no_credential')
    refused(await click(own.secret), 403, 'wrong_credential')
    refused(await click('mislata_pk_unknown'), 401, 'bad_credential')
    for (const key of [own.session, own.token]) {
      refused(await server.ask('POST', '/referrals/click', { key, body: { code: own.slug } }), 401, 'bad_credential')
    }
  })

  test('A publishable key does four things and no more', () => {
    const may = routes.filter(route => route.who.includes('publishable')).map(route => route.name)
    expect(may.sort()).toEqual([
      'GET /v1/affiliate/apply/status',
      'POST /referrals/click',
      'POST /v1/affiliate/apply',
      'POST /v1/affiliate/track',
    ])
  })

  test('A partner key reads what is its partner’s own, and makes codes, and no more', () => {
    const may = routes.filter(route => route.who.includes('partner')).map(route => route.name)
    expect(may.sort()).toEqual([
      'DELETE /api/v1/partners/codes/{code}',
      'GET /api/v1/partners/codes',
      'GET /api/v1/partners/commissions',
      'GET /api/v1/partners/payouts',
      'GET /api/v1/partners/referrals',
      'POST /api/v1/partners/codes',
    ])
  })

  test('A partner key that comes from a page is refused by every route, from whatever page', async () => {
    for (const route of routes.filter(each => each.who.includes('partner'))) {
      const { method, path } = addressOf(route, { code: own.slug })
      for (const origin of [own.site, server.url(), 'null', 'https://evil.example']) {
        const body = route.bodies?.(own)[0]
        const reply = await server.ask(method, path, { token: own.partnerKey, body, headers: { origin } })
        refused(reply, 403, 'secret_key_in_browser')
      }
    }
  })

  test('A secret key that comes from a page is refused by every route it is for, from whatever page', async () => {
    for (const route of routes.filter(each => each.who.includes('secret'))) {
      const { method, path } = addressOf(route, { appId: own.program.id, id: own.partnerId, period: '2026-01' })
      for (const origin of [own.site, server.url(), 'null', 'https://evil.example']) {
        const body = route.bodies?.(own)[0]
        refused(await server.ask(method, path, { key: own.secret, body, headers: { origin } }), 403, 'secret_key_in_browser')
      }
    }
  })
})

/** All of a reply but what is of the moment. */
const told = ({ status, headers, text }: Reply) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)),
})

describe('What belongs to another program answers as what is not there', () => {
  const absent = {
    appId: 'prog_1111111111111111111111',
    id: 'par_1111111111111111111111',
    keyId: 'key_1111111111111111111111',
    email: 'nobody@example.com',
    code: 'ref_nobody',
  }
  // One of the routes above has deactivated the partner.
  beforeAll(async () => {
    await server.ask('PATCH', `/api/v1/partners/${own.partnerId}`, { key: own.secret, body: { status: 'active' } })
  })

  // What is signed is for the program with whose secret it is: to every other it is not signed at all.
  const named = routes.filter(route => route.ids && !route.signed && !route.name.includes('customer'))
  const crossed = named.flatMap(route => route.who.map(who => ({ name: route.name, who, route })))

  test.each(crossed)('$name, asked by $who', async ({ route, who }) => {
    const theirs = (await route.ids?.(stranger)) ?? {}
    const mine = (await route.ids?.(own)) ?? {}
    for (const id of Object.keys(theirs)) {
      // An admin sees every program; what is in one is still not in another.
      if (who === 'admin' && (id === 'appId' || !('appId' in mine))) continue
      // A month is nobody's.
      if (id === 'period') continue
      const foreign = await request(route, who as Caller, { ...mine, [id]: theirs[id] as string })
      const missing = await request(route, who as Caller, { ...mine, [id]: absent[id as keyof typeof absent] })
      expect(problem(foreign).status).toBe(404)
      expect(told(foreign)).toEqual(told(missing))
    }
  })

  test('and is as it was', async () => {
    const partner = await server.ask('GET', `/api/v1/partners/${stranger.partnerId}`, { key: stranger.secret })
    expect(partner.body).toMatchObject({ slug: 'owner', email: 'owner@example.com', first_name: null, status: 'active' })
    const applications = await server.ask('GET', `/v1/apps/${stranger.program.id}/affiliates/applications`, {
      key: stranger.secret,
    })
    expect(applications.body.total).toBeGreaterThan(0)
    expect(applications.body.data.filter((each: { status: string }) => each.status !== 'pending')).toEqual([])
  })

  test('where a body names it: codes, clicks and customers are those of the caller', async () => {
    await server.ask('POST', '/api/v1/partners', { key: stranger.secret, body: { email: 'x@example.com', slug: 'theirs' } })
    const post = (path: string, body: object, key = own.secret) => server.ask('POST', path, { key, body })
    const { clickId } = (await post('/v1/affiliate/track', { code: 'theirs' }, stranger.publishable)).body
    const byCode = await post('/v1/referrals', { customerId: 'wall-1', code: 'theirs' })
    expect(byCode.text).toBe((await post('/v1/referrals', { customerId: 'wall-1', code: 'nobodys' })).text)
    const byClick = await post('/v1/referrals', { customerId: 'wall-1', clickId })
    expect(byClick.text).toBe((await post('/v1/referrals', { customerId: 'wall-1', clickId: 'clk_1111111111111111' })).text)

    const referred = await post('/v1/referrals', { customerId: 'wall-2', code: 'theirs' }, stranger.secret)
    expect(referred.status).toBe(201)
    const sale = await post('/v1/conversions', { externalId: 'wall', customerId: 'wall-2', amount: 1_000, currency: 'EUR' })
    expect(sale.body.commissions).toEqual([])
    const same = await post(
      '/v1/conversions',
      { externalId: 'wall', customerId: 'wall-2', amount: 2_000, currency: 'EUR' },
      stranger.secret,
    )
    expect(same.body.commissions).toHaveLength(1)
  })

  test('where a session asks: the partner of one program is nobody in another', async () => {
    const body = { customerId: 'owner', email: 'owner@example.com' }
    const { token } = (await server.ask('POST', '/v1/sessions', { key: stranger.secret, body })).body
    const [mine, theirs] = await Promise.all([own.session, token].map(token => server.ask('GET', '/v1/affiliate', { token })))
    expect(mine?.body.id).not.toBe(theirs?.body.id)
    expect(theirs?.body.id).toBe(stranger.partnerId)
  })
})

function expectForeign(route: Route, reply: Reply) {
  // An id of the host's own naming is anybody's: the same name is another customer elsewhere.
  const isOwn = !route.ids || route.name.includes('customer')
  if (isOwn) expect(reply.status, reply.text).toBe(route.ok)
  else expect(problem(reply).status, reply.text).toBe(404)
}
