import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { inject } from 'vitest'
import { launch } from '../support/browser.ts'

export type Asked = { route: string; query: URLSearchParams; headers: IncomingMessage['headers']; body: string }
/** `cut`: the connection ends without an answer. `after`: when to answer. */
export type Answer = {
  status?: number
  body?: unknown
  headers?: Record<string, string>
  after?: Promise<unknown>
  cut?: boolean
}
export type Answers = Record<string, (asked: Asked) => Answer>

/** A server that answers as it is told, and remembers what it was asked. It also hands out the widget, like the real one. */
async function startApi(folder: string) {
  const asked: Asked[] = []
  const state = { answers: {} as Answers, asked }
  const server = createServer(async (request, reply) => {
    reply.setHeader('access-control-allow-origin', '*')
    const url = new URL(request.url ?? '/', 'http://api')
    if (url.pathname.endsWith('.js'))
      return send(reply, 200, readFileSync(join(folder, basename(url.pathname))), 'text/javascript')
    if (request.method === 'OPTIONS') {
      reply.setHeader('access-control-allow-headers', '*, authorization')
      reply.setHeader('access-control-allow-methods', '*')
      return send(reply, 204, '')
    }
    reply.setHeader('access-control-expose-headers', '*')
    const one = {
      route: `${request.method} ${url.pathname}`,
      query: url.searchParams,
      headers: request.headers,
      body: await text(request),
    }
    asked.push(one)
    const { status = 200, body, headers = {}, after, cut } = state.answers[one.route]?.(one) ?? { status: 404, body: {} }
    await after
    if (cut) return void reply.destroy()
    for (const [name, value] of Object.entries(headers)) reply.setHeader(name, value)
    if (typeof body === 'string') return send(reply, status, body, 'image/svg+xml; charset=utf-8')
    send(reply, status, JSON.stringify(body), status < 400 ? 'application/json' : 'application/problem+json')
  })
  const port = await listen(server)
  return { ...state, state, origin: `http://localhost:${port}`, close: () => close(server) }
}

/** Somebody's page, on another origin than the API and as strict as a page can be. */
async function startHost(apiOrigin: string) {
  const state = { html: '', isLax: false }
  const server = createServer((_, reply) => {
    const policy = `default-src 'none'; script-src 'nonce-host' 'strict-dynamic'; connect-src ${apiOrigin}; require-trusted-types-for 'script'; trusted-types 'none'`
    if (!state.isLax) reply.setHeader('content-security-policy', policy)
    send(reply, 200, state.html, 'text/html; charset=utf-8')
  })
  const port = await listen(server)
  return { state, origin: `http://127.0.0.1:${port}`, close: () => close(server) }
}

export type Stage = Awaited<ReturnType<typeof setStage>>

/**
 * A browser, a host's page and an API. `open` shows the page with an element in it. `oneDocument`: for tests that leave
 * nothing behind in it, the next element takes the place of the one before, as in an app of one page; `fresh` loads it anew.
 */
export async function setStage({ oneDocument = false } = {}) {
  const api = await startApi(inject('widgetFolder'))
  const host = await startHost(api.origin)
  const browser: Browser = await launch()

  // A page that nothing special was done to serves the next test of its kind as well: a new one takes longer than most tests.
  const idle = new Map<string, Held[]>()

  async function hold({ context = {}, before, now }: Opening): Promise<Held> {
    const kind = JSON.stringify([context, now])
    const held = before ? undefined : idle.get(kind)?.pop()
    if (held) return held
    const own = await browser.newContext({ viewport: VIEWPORT, timezoneId: 'Europe/Madrid', ...context })
    const page = await own.newPage()
    const faults = listenForFaults(page)
    await page.addInitScript(recordEvents)
    if (now) await page.clock.setFixedTime(now)
    await before?.(page)
    const one: Held = { page, faults, shows: '', close }
    async function close() {
      if (before) return own.close()
      if (oneDocument) await page.evaluate(leave)
      else {
        await page.evaluate(() => localStorage.clear())
        await page.goto('about:blank')
      }
      await page.mouse.move(0, 0)
      await page.setViewportSize(context.viewport ?? VIEWPORT)
      await page.emulateMedia({ colorScheme: context.colorScheme ?? 'light' })
      idle.set(kind, [...(idle.get(kind) ?? []), one])
    }
    return one
  }

  async function open(
    element: string,
    { answers = {}, query = '', body = '', lang = 'en-GB', fresh, html, ...how }: Opening = {},
  ) {
    const held = await hold(how)
    const { page, faults, close } = held
    faults.length = 0
    api.state.answers = answers
    api.asked.length = 0
    host.state.isLax = html !== undefined
    host.state.html =
      html ??
      `<!doctype html><html lang="${lang}"${lang === 'ar' ? ' dir="rtl"' : ''}><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>Host</title><script nonce="host" type="module" src="${api.origin}/widget.js${query}"></script><main><h1>Partners</h1>${element}</main>${body}</html>`
    const around = JSON.stringify([lang, query, body])
    const simple = element.match(/^<([\w-]+) ?([^<>]*)><\/\1>$/)
    if (oneDocument && !fresh && simple && held.shows === around) {
      const attributes = [...(simple[2] ?? '').matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value] as const)
      await page.evaluate(enter, { tag: simple[1] ?? '', attributes })
    } else await page.goto(host.origin)
    held.shows = around
    return { page, faults, asked: api.asked, close }
  }

  async function close() {
    await browser.close()
    await Promise.all([api.close(), host.close()])
  }

  return { open, close, origin: api.origin }
}

const VIEWPORT = { width: 900, height: 900 }

/** `shows`: what stands around the element in the document that is loaded. */
type Held = { page: Page; faults: string[]; shows: string; close(): Promise<void> }
type Opening = {
  answers?: Answers
  context?: BrowserContextOptions
  /** What the page does before any of its scripts: for instance breaks its storage, or gives tokens. */
  before?: (page: Page) => Promise<unknown>
  /** The time that it is on the page. */
  now?: string
  /** The language of the page. */
  lang?: string
  fresh?: boolean
  /** The whole page in place of the strict one, under no policy. */
  html?: string
  query?: string
  body?: string
}

declare global {
  interface Window {
    seen: { type: string; detail: Record<string, string> }[]
    violations: string[]
  }
}

function recordEvents() {
  window.seen = []
  window.violations = []
  for (const type of ['ready', 'applied', 'status', 'error', 'copied']) {
    addEventListener(`mislata:${type}`, event => window.seen.push({ type, detail: (event as CustomEvent).detail }))
  }
  addEventListener('securitypolicyviolation', event => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`))
}

type Entering = { tag: string; attributes: (readonly [string | undefined, string | undefined])[] }

// The page's policy lets no markup become elements, so that this one is made by hand.
function enter({ tag, attributes }: Entering) {
  const element = document.createElement(tag)
  for (const [name, value] of attributes) element.setAttribute(name ?? '', value ?? '')
  document.querySelector('main')?.append(element)
}

function leave() {
  for (const each of document.querySelectorAll('main > :not(h1)')) each.remove()
  window.seen = []
  window.violations = []
}

// A failed request is in the console whatever a page does about it; everything else there is a fault.
function listenForFaults(page: Page) {
  const faults: string[] = []
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text())
  })
  return faults
}

/** A session's token as the server mints it, without a signature that would hold. */
export function tokenFor(sub: string, expiresIn = 900) {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'HS256' })}.${part({ sub, exp: Math.floor(Date.now() / 1000) + expiresIn })}.c2lnbmF0dXJl`
}

function send(reply: ServerResponse, status: number, body: string | Buffer, type?: string) {
  if (type) reply.setHeader('content-type', type)
  reply.statusCode = status
  reply.end(body)
}

async function listen(server: ReturnType<typeof createServer>) {
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function close(server: ReturnType<typeof createServer>) {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
}
