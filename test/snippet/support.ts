import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { BrowserContext, BrowserContextOptions, Request } from 'playwright'
import * as v from 'valibot'
import { Click, type Clicked } from '../../server/contract/referrals.ts'
import { launch, launchOptions } from '../support/browser.ts'

const root = join(import.meta.dirname, '..', '..')
const CLICK = '/referrals/click'
export const DAY = 86_400_000

/** The snippet as visitors get it: its own file, and the one that it loads where its attributes ask for it. */
export async function buildSnippet() {
  const folder = mkdtempSync(join(tmpdir(), 'mislata-snippet-'))
  try {
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    const args = [vite, 'build', '--mode', 'snippet', '--outDir', folder, '--logLevel', 'error']
    await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } })
    const second = readdirSync(folder).find(name => /^[\w-]{8}\.js$/.test(name)) ?? ''
    return { script: readFileSync(join(folder, 'm.js')), second: readFileSync(join(folder, second)), secondName: second }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `cut`: the connection ends without an answer. `after`: when to answer. `body`: as it is where it is a string. */
export type Answer = { status?: number; body?: unknown; after?: Promise<unknown>; cut?: boolean }
type Asked = { method: string; headers: IncomingHttpHeaders; body: string }

/** Where clicks are told. It answers as it is told, remembers what it was asked, and hands out the snippet. */
async function startApi({ script, second, secondName }: Awaited<ReturnType<typeof buildSnippet>>) {
  const asked: Asked[] = []
  const scripts: string[] = []
  const waiting: { clicks: number; resolve: () => void }[] = []
  const state = { answer: accept as (click: Click) => Answer }
  const server = await listen(async (request, reply) => {
    reply.setHeader('access-control-allow-origin', '*')
    const path = new URL(request.url ?? '/', 'http://api').pathname
    if (path.endsWith('.js')) scripts.push(path)
    if (path === `/${secondName}`) return reply.setHeader('content-type', 'text/javascript').end(second)
    if (path.endsWith('.js')) return reply.setHeader('content-type', 'text/javascript').end(script)
    if (path !== CLICK) return reply.end()
    const one = { method: request.method ?? '', headers: request.headers, body: await text(request) }
    asked.push(one)
    for (const { resolve } of waiting.filter(({ clicks }) => clicks <= asked.length)) resolve()
    const { status = 202, body, after, cut } = state.answer(JSON.parse(one.body || '{}'))
    await after
    if (cut) return reply.destroy()
    reply.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  return {
    state,
    asked,
    /** The files that were loaded. */
    scripts,
    origin: `http://partners.example.test:${server.port}`,
    /** What has been told, each as the contract has it. */
    clicks: () => asked.map(({ body }) => v.parse(Click, JSON.parse(body))),
    /** Resolves when so many clicks have been told. */
    told: (clicks: number) =>
      new Promise<void>(resolve => {
        if (asked.length >= clicks) resolve()
        else waiting.push({ clicks, resolve })
      }),
    forget: () => {
      asked.length = 0
      scripts.length = 0
      waiting.length = 0
      state.answer = accept
    },
    close: server.close,
  }
}

export const clicked = (click: Click, over: Partial<v.InferOutput<typeof Clicked>> = {}) => ({
  body: { clickId: click.clickId, code: click.code, expiresAt: new Date(Date.now() + 60 * DAY).toISOString(), ...over },
})
const accept = (click: Click): Answer => clicked(click)

/** The host's pages: the same one at every address and under every name. */
async function startSite() {
  const state = { html: '', headers: {} as Record<string, string> }
  const server = await listen((_, reply) => {
    reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...state.headers }).end(state.html)
  })
  return { state, port: server.port, close: server.close }
}

export type Stage = Awaited<ReturnType<typeof setStage>>

/** A browser to which every name leads here, a host's site, and a server for clicks on another site. */
export async function setStage() {
  const built = await buildSnippet()
  const [api, site] = await Promise.all([startApi(built), startSite()])
  const args = [...(launchOptions().args ?? []), '--host-resolver-rules=MAP * 127.0.0.1, EXCLUDE localhost']
  const browser = await launch({ args })

  const tag = (attributes = '') => `<script async src="${api.origin}/m.js" data-key="mislata_pk_test" ${attributes}></script>`

  return {
    api,
    script: built.script.toString(),
    secondName: built.secondName,
    tag,
    /** What the site shows from now on. */
    show(html: string, headers: Record<string, string> = {}) {
      site.state.html = `<!doctype html><title>Acme</title>${html}`
      site.state.headers = headers
    },
    at: (host: string, path = '/') => `http://${host}:${site.port}${path}`,
    /** Somebody with an empty browser. */
    visitor: async (options: BrowserContextOptions = {}) => watch(await browser.newContext(options), api.origin),
    /** Before each test: the page has the tag and nothing was asked. */
    reset() {
      api.forget()
      this.show(tag())
    },
    async close() {
      await browser.close()
      await Promise.all([api.close(), site.close()])
    },
  }
}

async function watch(context: BrowserContext, apiOrigin: string) {
  const errors: string[] = []
  const sent: Request[] = []
  const ended = new Map<Request, PromiseWithResolvers<void>>()
  context.on('weberror', error => errors.push(error.error().message))
  context.on('request', request => {
    if (!request.url().endsWith(CLICK)) return
    sent.push(request)
    ended.set(request, Promise.withResolvers())
  })
  context.on('requestfinished', request => ended.get(request)?.resolve())
  context.on('requestfailed', request => ended.get(request)?.resolve())

  const page = await context.newPage()
  // A later request of the page has been answered: what it sent before is known, and what it does with replies is done.
  const later = (from = page) => from.evaluate(url => fetch(url).then(reply => reply.text()), `${apiOrigin}/later`)
  return {
    context,
    page,
    /** What the page was troubled with. */
    errors,
    /** What a page has written reaches the browser's own store a moment later; where nothing comes, there is none. */
    async cookie() {
      const end = performance.now() + 600
      for (;;) {
        const found = (await context.cookies()).find(({ name }) => name === 'mislata_ref')
        if (found || performance.now() > end) return found
      }
    },
    /** `window.mislata` as the cookie has it. */
    api: () => page.evaluate<string>('[mislata.code, mislata.clickId].join(".")'),
    /** How many clicks the browser has sent until now, each of them answered or failed. */
    async posts(from = page) {
      await later(from)
      await Promise.all([...ended.values()].map(({ promise }) => promise))
      await later(from)
      return sent.length
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}

async function listen(answer: RequestListener) {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  }
  return { port: (server.address() as AddressInfo).port, close }
}
