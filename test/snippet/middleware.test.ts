import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import * as v from 'valibot'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Click } from '../../server/contract/referrals.ts'
import { express, hono, next, type Options } from '../../snippet/middleware.ts'

// Where clicks are told: it remembers, and answers or not.
const told: { path: string; headers: IncomingMessage['headers']; click: Click }[] = []
let answer: (reply: ServerResponse) => void
const mislata = createServer(async (asked, reply) => {
  told.push({ path: asked.url ?? '', headers: asked.headers, click: v.parse(Click, JSON.parse(await text(asked))) })
  answer(reply)
})
let api = ''
beforeAll(async () => {
  await new Promise<void>(resolve => mislata.listen(0, '127.0.0.1', resolve))
  api = `http://127.0.0.1:${(mislata.address() as AddressInfo).port}`
})
afterAll(() => {
  mislata.closeAllConnections()
  mislata.close()
})
// What is told may come late: each test has a code of its own.
let tests = 0
let JANE = ''
const toldOf = (code: string) => told.filter(({ click }) => click.code === code)
beforeEach(() => {
  JANE = `JANE${++tests}`
  answer = reply => reply.writeHead(202).end('{}')
})

type Answer = { status: number; cookies: string[]; body: string }
type Site = { ask(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>; close(): void }

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36'
const VISIT = { 'user-agent': BROWSER, accept: 'text/html,*/*;q=0.8', 'sec-fetch-dest': 'document', host: 'www.acme.test' }

function ask(port: number): Site['ask'] {
  return (path, headers = {}, method = 'GET') =>
    new Promise((resolve, reject) => {
      const asked = request({ port, path, method, headers: { ...VISIT, ...headers } }, async reply =>
        resolve({ status: reply.statusCode ?? 0, cookies: reply.headers['set-cookie'] ?? [], body: await text(reply) }),
      )
      asked.on('error', reject).end()
    })
}

// The same site three times: a page, a redirect that drops the query, a page with a cookie of its own, a file, an error.
const sites: Record<string, (options: Options) => Promise<Site>> = {
  async hono(options) {
    const app = new Hono()
    app.use(hono(options))
    app.get('/', c => c.html('<h1>Acme</h1>'))
    app.get('/go', c => c.redirect('/en/'))
    app.get('/own', c => {
      c.header('set-cookie', 'own=1', { append: true })
      return c.html('own')
    })
    app.get('/data', c => c.json({}))
    app.get('/fails', () => {
      throw new Error('mine')
    })
    app.onError((_, c) => c.html('sorry', 500))
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
    await new Promise<void>(resolve => server.once('listening', resolve))
    return { ask: ask((server.address() as AddressInfo).port), close: () => server.close() }
  },
  async express(options) {
    const middleware = express(options)
    const html = { 'Content-Type': 'text/html' }
    const pages: Record<string, (reply: ServerResponse) => void> = {
      '/': reply => {
        reply.setHeader('content-type', 'text/html')
        reply.end('<h1>Acme</h1>')
      },
      '/go': reply => reply.writeHead(302, { location: '/en/' }).end(),
      '/own': reply => reply.writeHead(200, { ...html, 'Set-Cookie': 'own=1' }).end('own'),
      '/data': reply => reply.writeHead(200, 'OK', { 'content-type': 'application/json' }).end('{}'),
      '/fails': reply => reply.writeHead(500, html).end('sorry'),
    }
    const server = createServer((asked, reply) =>
      middleware(asked, reply, () => pages[(asked.url ?? '').split('?')[0] ?? '']?.(reply)),
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return { ask: ask((server.address() as AddressInfo).port), close: () => server.close() }
  },
  async next(options) {
    const middleware = next(options)
    const waited: Promise<unknown>[] = []
    const html = { 'content-type': 'text/html' }
    const pages: Record<string, () => Response> = {
      '/': () => new Response('<h1>Acme</h1>', { headers: html }),
      '/go': () => Response.redirect('http://www.acme.test/en/', 302),
      '/own': () => new Response('own', { headers: { ...html, 'set-cookie': 'own=1' } }),
      '/fails': () => new Response('sorry', { status: 500, headers: html }),
    }
    return {
      async ask(path, headers = {}, method = 'GET') {
        const asked = new Request(`http://www.acme.test${path}`, { method, headers: { ...VISIT, ...headers } })
        const response = middleware(
          asked,
          { waitUntil: promise => waited.push(promise) },
          pages[new URL(asked.url).pathname]?.() as Response,
        )
        return { status: response.status, cookies: response.headers.getSetCookie(), body: await response.text() }
      },
      close() {},
    }
  },
}

describe.each(Object.keys(sites))('%s', name => {
  const open: Site[] = []
  afterAll(() => {
    for (const site of open) site.close()
  })
  async function site(options: Partial<Options> = {}) {
    const made = await (sites[name] as (options: Options) => Promise<Site>)({ api, key: 'mislata_pk_test', ...options })
    open.push(made)
    return made
  }
  const ours = (cookies: string[]) => cookies.filter(each => each.startsWith('mislata_ref='))

  test('sets the cookie with the page and tells the server of the click', async () => {
    const { ask } = await site()
    const reply = await ask(`/?ref=${JANE}&x=1`, { referer: 'https://blog.example/a', 'x-forwarded-for': '203.0.113.7' })
    expect([reply.status, reply.body]).toEqual([200, '<h1>Acme</h1>'])
    expect(reply.cookies).toEqual([
      expect.stringMatching(/^mislata_ref=JANE\d+\.clk_\d{16,40}; Max-Age=2592000; Path=\/; SameSite=Lax; Domain=acme\.test$/),
    ])
    await expect.poll(() => toldOf(JANE).length).toBe(1)
    const [{ path, headers, click }] = toldOf(JANE) as [(typeof told)[0]]
    expect(path).toBe('/referrals/click')
    expect(headers).toMatchObject({ 'user-agent': BROWSER, 'content-type': 'text/plain' })
    expect(headers['x-forwarded-for']).toMatch(/^203\.0\.113\.7(, (::ffff:)?127\.0\.0\.1)?$/)
    expect(click).toEqual({
      code: JANE,
      clickId: /clk_\d+/.exec(reply.cookies[0] ?? '')?.[0],
      key: 'mislata_pk_test',
      url: `http://www.acme.test/?ref=${JANE}&x=1`,
      referrer: 'https://blog.example/a',
    })
  })

  test('is there before a redirect drops the code, and where the page fails or sets cookies of its own', async () => {
    const { ask } = await site()
    const redirect = await ask(`/go?ref=${JANE}`)
    expect([redirect.status, ours(redirect.cookies).length]).toEqual([302, 1])
    expect(ours((await ask(`/fails?ref=${JANE}`)).cookies)).toHaveLength(1)
    const own = await ask(`/own?ref=${JANE}`)
    expect(own.cookies).toContain('own=1')
    expect(ours(own.cookies)).toHaveLength(1)
  })

  test.each([
    ['no code', '/?x=1', {}],
    ['an empty one', '/?ref=', {}],
    ['what is no code', '/?ref=%3Cb%3E', {}],
    ['cookie attributes', '/?ref=a%3B%20Domain=evil.test', {}],
    ['a line break', '/?ref=a%0d%0aset-cookie:x=1', {}],
    ['a bot', '/?ref=JANE20', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }],
    ['a program', '/?ref=JANE20', { 'user-agent': '' }],
    ['a page that is fetched ahead', '/?ref=JANE20', { 'sec-purpose': 'prefetch;prerender' }],
    ['an older way to say so', '/?ref=JANE20', { purpose: 'prefetch' }],
    ['a frame', '/?ref=JANE20', { 'sec-fetch-dest': 'iframe' }],
    ['a request of a script', '/?ref=JANE20', { 'sec-fetch-dest': 'empty' }],
    ['something that wants no page', '/?ref=JANE20', { 'sec-fetch-dest': '', accept: 'application/json' }],
    ['Global Privacy Control', '/?ref=JANE20', { 'sec-gpc': '1' }],
  ])('does nothing for %s', async (_, path, headers) => {
    const { ask } = await site()
    const reply = await ask(path.replace('JANE20', JANE), headers as Record<string, string>)
    expect([reply.status, reply.cookies]).toEqual([200, []])
    await ask(`/?ref=LAST${tests}`)
    await expect.poll(() => toldOf(`LAST${tests}`).length).toBe(1)
    expect(toldOf(JANE)).toEqual([])
  })

  test('asks who may be remembered, where the site says how', async () => {
    const { ask } = await site({ consent: header => /agreed=yes/.test(header('cookie') ?? '') })
    expect((await ask(`/?ref=${JANE}`)).cookies).toEqual([])
    expect((await ask(`/?ref=${JANE}`, { cookie: 'agreed=yes', 'sec-gpc': '1' })).cookies).toHaveLength(1)
    const broken = await site({
      consent: () => {
        throw new Error('mine')
      },
    })
    expect(await broken.ask(`/?ref=${JANE}`)).toMatchObject({ status: 200, cookies: [] })
  })

  test('leaves the click that is there, unless the code is another or hours have passed', async () => {
    const { ask } = await site()
    const held = (code: string, age = 0) => ({ cookie: `a=1; mislata_ref=${code}.clk_${Date.now() - age}1234567` })
    expect((await ask(`/?ref=${JANE}`, held(JANE))).cookies).toEqual([])
    expect((await ask(`/?ref=${JANE}`, held(JANE, 11e6))).cookies).toHaveLength(1)
    expect((await ask(`/?ref=${JANE}`, held('OTTO'))).cookies).toHaveLength(1)
    const first = await site({ attribution: 'first' })
    expect((await first.ask(`/?ref=${JANE}`, held('OTTO', 11e6))).cookies).toEqual([])
  })

  test('takes other parameters, days and domains', async () => {
    const { ask } = await site({ params: ['ref', 'via'], days: 90, domain: 'acme.test' })
    const [cookie] = (await ask(`/?via=${JANE}`, { host: 'shop.acme.test', 'x-forwarded-proto': 'https' })).cookies
    expect(cookie).toMatch(/^mislata_ref=JANE\d+\.clk_\d+; Max-Age=7776000; Path=\/; SameSite=Lax; Domain=acme\.test; Secure$/)
  })

  test.each([
    ['is away', () => ({ api: 'http://127.0.0.1:9' })],
    ['never answers', () => ({ timeoutMs: 300 })],
    ['redirects', () => ({})],
  ])('the page does not wait or fail where the server %s', async (what, options) => {
    answer = reply => what === 'redirects' && reply.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()
    const { ask } = await site(options())
    const began = performance.now()
    expect(await ask(`/?ref=${JANE}`)).toMatchObject({ status: 200, body: '<h1>Acme</h1>', cookies: [expect.any(String)] })
    expect(performance.now() - began).toBeLessThan(250)
  })
})

test('A file is no page', async () => {
  for (const name of ['hono', 'express']) {
    const site = await (sites[name] as (options: Options) => Promise<Site>)({ api })
    expect(await site.ask(`/data?ref=${JANE}`)).toMatchObject({ status: 200, cookies: [] })
    site.close()
  }
})

test('An address of the server that is none is told when the site starts', () => {
  for (const make of [hono, express, next]) expect(() => make({ api: 'partners' })).toThrow(TypeError)
})
