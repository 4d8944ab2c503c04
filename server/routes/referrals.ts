import type { Context } from 'hono'
import { Hono } from 'hono'
import { generateCookie } from 'hono/cookie'
import { describeRoute, resolver } from 'hono-openapi'
import type { Logger } from 'pino'
import type * as v from 'valibot'
import { assertOrigin, programOfPublishable } from '../auth.ts'
import { boundBody, readJson } from '../body.ts'
import { isBot } from '../bots.ts'
import { Click, Clicked } from '../contract/referrals.ts'
import { problemReply, type Server, valid } from '../door.ts'
import { allowOrigin, answerHeaders } from '../headers.ts'
import { accessLog } from '../log.ts'
import { Problem } from '../problem.ts'
import * as clicks from '../program/clicks.ts'
import { nowIn } from '../program/desk.ts'
import { expiresAt, parseRef } from '../rules/attribution.ts'
import { foldCode } from '../rules/code.ts'
import * as storedClicks from '../store/clicks.ts'
import type { Known } from '../store/directory.ts'
import type { Program } from '../store/programs.ts'

type Answer = v.InferOutput<typeof Clicked>

/** System R, the public part. */
export function referrals(server: Server, log: Logger) {
  const routes = new Hono()
  if (log.isLevelEnabled('debug')) routes.post('/referrals/click', accessLog(log))
  return routes.post(
    '/referrals/click',
    Object.assign((c: Context) => click(c, server), described()),
  )
}

async function click(c: Context, server: Server) {
  const headers = answerHeaders(c)
  try {
    const known = await server.desk.directory.current()
    allowOrigin(c, headers, known, server)
    const address = server.address(c)
    await server.limitPublic(address)
    await boundBody(c)
    const visit = valid(Click, await readJson(c, { textToo: true }))
    const program = programOf(c, server, known, visit.key ?? c.req.header('x-api-key'))
    const userAgent = c.req.header('user-agent') ?? ''
    const kept = await keptFirst(c, server, program, visit.code)
    const clicked = kept ?? (await clicks.record(server.desk, program, { ...visit, address, userAgent, bot: isBot(userAgent) }))
    if (!kept && isOwnSite(c)) await setAttribution(c, headers, clicked)
    return new Response(JSON.stringify(clicked), { status: 202, headers })
  } catch (error) {
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
    throw error
  }
}

function described() {
  const content = {
    'application/json': { schema: resolver(Click, { errorMode: 'ignore', typeMode: 'input' }) },
    'text/plain': { schema: { type: 'string' as const, description: 'The same JSON, as text: it spares a preflight.' } },
  }
  return describeRoute({
    summary: 'Tell of a click',
    tags: ['Referrals'],
    description: 'Public. The program is that of the publishable key in the body or in x-api-key, or the only one there is.',
    security: [],
    requestBody: { required: true, content },
    responses: {
      202: { description: 'On disk, or of no consequence', content: { 'application/json': { schema: resolver(Clicked) } } },
      default: problemReply(),
    },
  })
}

function programOf(c: Context, server: Server, known: Known, key: string | undefined) {
  if (key) return programOfPublishable(c, server, known, key)
  const [only, another] = known.programs.values()
  if (!only || another) throw new Problem('no_credential')
  assertOrigin(c, only, server.publicUrl)
  return only
}

/** With first-click attribution, and a cookie that this server can read, the click that came first stays. */
async function keptFirst(c: Context, server: Server, program: Program, code: string) {
  if (program.settings.attribution !== 'first' || !isOwnSite(c)) return undefined
  const ref = /(?:^|; *)mislata_ref=([^;]+)/.exec(c.req.header('cookie') ?? '')?.[1]
  const held = ref ? parseRef(ref) : undefined
  if (!held?.clickId || foldCode(held.code) === foldCode(code)) return undefined
  const click = await storedClicks.byId(server.desk.database.db, program.id, held.clickId)
  if (!click) return undefined
  const until = expiresAt(click.at, program.settings.cookieDurationDays)
  return until > nowIn(server.desk, program).toISOString() ? { clickId: click.id, code: click.code, expiresAt: until } : undefined
}

// The browser itself says whether page and server are of one site; only then is a cookie of ours the page's own.
function isOwnSite(c: Context) {
  const site = c.req.header('sec-fetch-site')
  return site === 'same-site' || site === 'same-origin'
}

/** Set by a response, a cookie outlives the limits that browsers put on those which scripts set. */
async function setAttribution(c: Context, headers: Record<string, string>, { code, clickId, expiresAt }: Answer) {
  if (!/^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/.test(code)) return
  const url = new URL(c.req.url)
  const page = URL.parse(c.req.header('origin') ?? '') ?? url
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
