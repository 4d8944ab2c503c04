// What the snippet does in the page, done by the host's own server: before a redirect drops the code, and with a cookie
// that outlives those which scripts set. It imports nothing, and whatever fails here, the page is answered all the same.

/** How the middleware is set up. */
export type Options = {
  /** Where the Mislata server is, such as `https://partners.example.com`. */
  api: string
  /** The program's publishable key; may be left out where the server has only one program. */
  key?: string
  /** Where the code stands in the address, the first that has a value counts. `ref` where nothing is said. */
  params?: string[]
  /** How long the cookie lasts: the program's `cookieDurationDays`. 30 where nothing is said. */
  days?: number
  /** The cookie's domain. The page's own without `www.` where nothing is said. */
  domain?: string
  /** `first`: a code stays for as long as its cookie. `last`, the default: each new code takes over. */
  attribution?: 'first' | 'last'
  /** Whether this visitor has agreed. Where it is given it decides alone, also for those whose browser objects. */
  consent?: (header: (name: string) => string | undefined) => boolean
  /** How long the server may take to be told; the page does not wait for it. 2000 where nothing is said. */
  timeoutMs?: number
}

type Visit = { method: string; url: URL; header(name: string): string | undefined; peer: string | undefined }
type Capture = { cookie: string; told: Promise<void> }

const SHAPE = /^[A-Za-z0-9][\w.~-]{0,63}$/
const BOT = /[^u]bot|http|crawl|spider|preview|lighthouse/i

/** For Hono: `app.use(hono({ api, key }))`. */
export function hono(options: Options) {
  const capture = capturing(options)
  return async (c: HonoContext, next: () => Promise<void>) => {
    const taken = capture(() => ({
      method: c.req.method,
      url: new URL(c.req.url),
      header: name => c.req.header(name),
      peer: (c.env as OnNode)?.incoming?.socket?.remoteAddress,
    }))
    await next()
    if (!taken || !isPage(c.res.status, c.res.headers.get('content-type'))) return
    quietly(() => c.header('set-cookie', taken.cookie, { append: true }))
    // Where the runtime stops with the answer, it is told to wait. On others there is no such context to ask for.
    quietly(() => c.executionCtx.waitUntil(taken.told))
  }
}

/** For Express, and whatever else calls `(request, response, next)` on Node: `app.use(express({ api, key }))`. */
export function express(options: Options) {
  const capture = capturing(options)
  return (request: NodeRequest, response: NodeResponse, next: () => void) => {
    const header = (name: string) => [request.headers[name]].flat().join(', ') || undefined
    const taken = capture(() => ({
      method: request.method ?? '',
      url: new URL(request.originalUrl ?? request.url ?? '/', `${isSecure(request) ? 'https' : 'http'}://${header('host')}`),
      header,
      peer: request.socket?.remoteAddress,
    }))
    if (taken) quietly(() => beforeHead(response, taken.cookie))
    next()
  }
}

/** For Next: `capture(request, event, NextResponse.next())` answers with the response that it is given, and the cookie. */
export function next(options: Options) {
  const capture = capturing(options)
  return <R extends Response>(
    request: Request,
    event: { waitUntil(promise: Promise<unknown>): void } | undefined,
    response: R,
  ): R => {
    const taken = capture(() => ({
      method: request.method,
      url: new URL(request.url),
      header: name => request.headers.get(name) ?? undefined,
      peer: undefined,
    }))
    if (!taken) return response
    quietly(() => event?.waitUntil(taken.told))
    try {
      response.headers.append('set-cookie', taken.cookie)
      return response
    } catch {
      // A redirect's headers cannot be changed, but copied.
      const copy = new Response(response.body, response) as R
      quietly(() => copy.headers.append('set-cookie', taken.cookie))
      return copy
    }
  }
}

function capturing(options: Options) {
  const click = new URL('/referrals/click', options.api)
  click.pathname = `${new URL(options.api).pathname.replace(/\/$/, '')}/referrals/click`
  return (read: () => Visit): Capture | undefined => {
    try {
      const visit = read()
      const found = isVisit(visit) && agrees(visit, options) ? codeOf(visit, options) : undefined
      if (!found) return undefined
      const clickId = `clk_${Date.now()}${crypto.getRandomValues(new Uint32Array(2)).join('')}`
      const body = JSON.stringify({
        code: found,
        clickId,
        key: options.key,
        url: visit.url.href,
        referrer: visit.header('referer'),
      })
      return {
        cookie: cookieOf(`${found}.${clickId}`, visit, options),
        told: tell(click, body, visit, options.timeoutMs ?? 2000),
      }
    } catch {
      return undefined
    }
  }
}

/** A person's browser that opens a page now, as far as it tells. */
function isVisit({ method, header }: Visit) {
  if (method !== 'GET' || BOT.test(` ${header('user-agent') || 'bot'}`)) return false
  if (/prefetch|prerender|preview/i.test(`${header('sec-purpose')}${header('purpose')}${header('x-moz')}`)) return false
  const destination = header('sec-fetch-dest')
  return destination ? destination === 'document' : /text\/html/.test(header('accept') ?? '')
}

const agrees = ({ header }: Visit, { consent }: Options) => (consent ? consent(header) : header('sec-gpc') !== '1')

function codeOf({ url, header }: Visit, { params = ['ref'], attribution }: Options) {
  const code = params.map(name => url.searchParams.get(name)).find(Boolean)
  if (!code || !SHAPE.test(code)) return undefined
  const [, held, clickId = ''] = /(?:^|; *)mislata_ref=([^;]+)\.(clk_\w+)/.exec(header('cookie') ?? '') ?? []
  if (held && attribution === 'first') return undefined
  // Ids begin with their time. The same code in the same 10,000 seconds is the same click, as it is for the snippet.
  return held === code && clickId.slice(4, 10) === `${Date.now()}`.slice(0, 6) ? undefined : code
}

function cookieOf(value: string, { url, header }: Visit, { days = 30, domain }: Options) {
  const host = url.hostname.replace(/^www\./, '')
  const on = domain ?? (/[a-z]/i.test(host) && host.includes('.') ? host : undefined)
  const secure = url.protocol === 'https:' || header('x-forwarded-proto')?.startsWith('https')
  const parts = [`mislata_ref=${value}`, `Max-Age=${Math.round(days * 86_400)}`, 'Path=/', 'SameSite=Lax']
  return [...parts, ...(on ? [`Domain=${on}`] : []), ...(secure ? ['Secure'] : [])].join('; ')
}

// As a proxy would pass the visit on: with the browser's name, and with the addresses that it came by.
async function tell(click: URL, body: string, { header, peer }: Visit, timeoutMs: number) {
  try {
    const headers = new Headers({ 'content-type': 'text/plain', 'user-agent': header('user-agent') ?? '' })
    const addresses = [header('x-forwarded-for'), peer].filter(Boolean).join(', ')
    if (addresses) headers.set('x-forwarded-for', addresses)
    const reply = await fetch(click, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
    await reply.body?.cancel()
  } catch {}
}

const isSecure = ({ socket, headers }: NodeRequest) =>
  !!socket?.encrypted || `${headers['x-forwarded-proto']}`.startsWith('https')

const isPage = (status: number, type: string | null | undefined) => (status >= 300 && status < 400) || !type || /html/.test(type)

// At the last moment, so that a page which sets cookies of its own does not replace this one.
function beforeHead(response: NodeResponse, cookie: string) {
  const own = response.writeHead
  response.writeHead = function (this: NodeResponse, ...all: unknown[]) {
    quietly(() => {
      const given = all.find(each => typeof each === 'object' && each && !Array.isArray(each)) as
        | Record<string, unknown>
        | undefined
      const find = (name: string) => Object.keys(given ?? {}).find(each => each.toLowerCase() === name)
      const type = given?.[find('content-type') ?? ''] ?? response.getHeader('content-type')
      if (!isPage(typeof all[0] === 'number' ? all[0] : 200, type === undefined ? undefined : `${type}`)) return
      const name = find('set-cookie')
      const held = [name && given ? given[name] : response.getHeader('set-cookie')].flat().filter(each => each !== undefined)
      const cookies = [...held.map(String), cookie]
      if (name && given) given[name] = cookies
      else response.setHeader('set-cookie', cookies)
    })
    return own.apply(this, all)
  }
}

function quietly(act: () => unknown) {
  try {
    act()
  } catch {}
}

// What Hono's server for Node gives; other runtimes give no address.
type OnNode = { incoming?: { socket?: { remoteAddress?: string } } } | undefined

type HonoContext = {
  req: { method: string; url: string; header(name: string): string | undefined }
  res: Response
  env: unknown
  executionCtx: { waitUntil(promise: Promise<unknown>): void }
  header(name: string, value: string, options: { append: boolean }): void
}

type NodeRequest = {
  method?: string
  url?: string
  originalUrl?: string
  headers: Record<string, string | string[] | undefined>
  socket?: { remoteAddress?: string; encrypted?: boolean }
}

type NodeResponse = {
  // biome-ignore lint/suspicious/noExplicitAny: Node has it in several forms, of which all are passed on.
  writeHead(...all: any[]): any
  getHeader(name: string): unknown
  setHeader(name: string, value: string[]): unknown
}
