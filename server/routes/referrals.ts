import type { Context } from 'hono'
import { Hono } from 'hono'
import { generateCookie } from 'hono/cookie'
import { describeRoute } from 'hono-openapi'
import type { Logger } from 'pino'
import type * as v from 'valibot'
import { assertOrigin, programOfPublishable } from '../auth.ts'
import { boundBody, jsonFrom, kindOf } from '../body.ts'
import { isBot } from '../bots.ts'
import { Click, Clicked } from '../contract/referrals.ts'
import { type Server, valid } from '../door.ts'
import { answerHeaders, isAllowed } from '../headers.ts'
import { accessLog } from '../log.ts'
import { described } from '../openapi/describe.ts'
import { Problem } from '../problem.ts'
import * as clicks from '../program/clicks.ts'
import { nowIn } from '../program/desk.ts'
import { expiresAt, parseRef } from '../rules/attribution.ts'
import { foldCode } from '../rules/code.ts'
import * as storedClicks from '../store/clicks.ts'
import type { Known } from '../store/directory.ts'
import type { Program } from '../store/programs.ts'

type Answer = v.InferOutput<typeof Clicked>

/** What is asked of a request that tells of a click, whoever has read it from the wire. */
export type ClickRequest = {
  header(name: string): string | undefined
  /** Whole; called once, after all that can be refused without it. */
  text(): Promise<string>
  address: string
}

/** The headers of an answer, to be filled as it is made: an error is told with them too. */
export type AnswerHeaders = Record<string, string>

/** System R, the public part. */
export function referrals(server: Server, log: Logger) {
  const routes = new Hono()
  if (log.isLevelEnabled('debug')) routes.post('/referrals/click', accessLog(log))
  return routes.post(
    '/referrals/click',
    Object.assign((c: Context) => inHono(c, server), description()),
  )
}

async function inHono(c: Context, server: Server) {
  const headers: AnswerHeaders = {}
  const request = {
    header: (name: string) => c.req.header(name),
    async text() {
      await boundBody(c)
      return c.req.text()
    },
    address: server.address(c),
  }
  try {
    return new Response(await click(request, server, headers), { status: 202, headers })
  } catch (error) {
    c.set('requestId', headers['x-request-id'] ?? '')
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
    throw error
  }
}

/** The body of the answer, once the click is on disk. Throws a Problem otherwise. */
export async function click(request: ClickRequest, server: Server, headers: AnswerHeaders) {
  const known = await server.desk.directory.current()
  const origin = request.header('origin')
  const isKnown = origin !== undefined && isAllowed(origin, known, server)
  Object.assign(headers, answerHeaders({ asked: request.header('x-request-id'), origin }, isKnown))
  await server.limitPublic(request.address)
  const text = await request.text()
  if (kindOf(request.header('content-type')) === 'other') throw new Problem('wrong_type')
  const visit = valid(Click, jsonFrom(text))
  const program = await programOf(origin, server, known, visit.key ?? request.header('x-api-key'))
  const kept = await keptFirst(request, server, program, visit.code)
  if (kept) return JSON.stringify(kept)
  const userAgent = request.header('user-agent') ?? ''
  const { address } = request
  const clicked = await clicks.record(server.desk, program, { ...visit, address, userAgent, bot: isBot(userAgent) })
  if (isOwnSite(request)) await setAttribution(request, headers, clicked)
  return JSON.stringify(clicked)
}

function description() {
  const spec = described({
    summary: 'Tell of a click',
    tag: 'Referrals',
    who: ['public'],
    body: Click,
    replies: { 202: Clicked },
  })
  const text = { schema: { type: 'string' as const, description: 'The same JSON, as text: it spares a preflight.' } }
  if (spec.requestBody && 'content' in spec.requestBody) spec.requestBody.content['text/plain'] = text
  return describeRoute(spec)
}

async function programOf(origin: string | undefined, server: Server, known: Known, key: string | undefined) {
  if (key) return programOfPublishable({ key, origin }, server, known)
  const [only, another] = known.programs.values()
  if (!only || another) throw new Problem('no_credential')
  assertOrigin(origin, only, server.publicUrl)
  return only
}

/** With first-click attribution, and a cookie that this server can read, the click that came first stays. */
async function keptFirst(request: ClickRequest, server: Server, program: Program, code: string) {
  if (program.settings.attribution !== 'first' || !isOwnSite(request)) return undefined
  const ref = /(?:^|; *)mislata_ref=([^;]+)/.exec(request.header('cookie') ?? '')?.[1]
  const held = ref ? parseRef(ref) : undefined
  if (!held?.clickId || foldCode(held.code) === foldCode(code)) return undefined
  const click = await storedClicks.byId(server.desk.database.db, program.id, held.clickId)
  if (!click) return undefined
  const until = expiresAt(click.at, program.settings.cookieDurationDays)
  return until > nowIn(server.desk, program).toISOString() ? { clickId: click.id, code: click.code, expiresAt: until } : undefined
}

// The browser itself says whether page and server are of one site; only then is a cookie of ours the page's own.
function isOwnSite(request: ClickRequest) {
  const site = request.header('sec-fetch-site')
  return site === 'same-site' || site === 'same-origin'
}

/** Set by a response, a cookie outlives the limits that browsers put on those which scripts set. */
async function setAttribution(request: ClickRequest, headers: AnswerHeaders, { code, clickId, expiresAt }: Answer) {
  if (!/^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/.test(code)) return
  const page = URL.parse(request.header('origin') ?? `http://${request.header('host')}`)
  if (!page) return
  // The list of public suffixes is large, and most installations answer on another site than their pages.
  const { getDomain } = await import('tldts')
  const domain = getDomain(page.hostname, { allowPrivateDomains: true })
  headers['set-cookie'] = generateCookie('mislata_ref', `${code}.${clickId}`, {
    path: '/',
    sameSite: 'Lax',
    secure: page.protocol === 'https:',
    expires: new Date(expiresAt),
    ...(domain && { domain }),
  })
}
