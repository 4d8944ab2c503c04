import type { Context } from 'hono'
import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { describeRoute, resolver } from 'hono-openapi'
import { isbot } from 'isbot'
import { programOfPublishable } from '../auth.ts'
import { readJson } from '../body.ts'
import { Click, Clicked } from '../contract/referrals.ts'
import { type Server, valid } from '../door.ts'
import { Problem } from '../problem.ts'
import * as clicks from '../program/clicks.ts'
import { expiresAt, parseRef } from '../rules/attribution.ts'
import { foldCode } from '../rules/code.ts'
import * as storedClicks from '../store/clicks.ts'
import type { Program } from '../store/programs.ts'

/** System R, the public part. */
export function referrals(server: Server) {
  const content = {
    'application/json': { schema: resolver(Click, { errorMode: 'ignore', typeMode: 'input' }) },
    'text/plain': { schema: { type: 'string' as const, description: 'The same JSON, as text: it spares a preflight.' } },
  }
  const described = describeRoute({
    summary: 'Tell of a click',
    tags: ['Referrals'],
    description: 'Public. The program is that of the publishable key in the body or in x-api-key, or the only one there is.',
    requestBody: { required: true, content },
    responses: {
      202: { description: 'On disk, or of no consequence', content: { 'application/json': { schema: resolver(Clicked) } } },
    },
  })

  // Its own door: it is asked ten thousand times for each time that another route is, and it takes text.
  return new Hono().post('/referrals/click', described, async c => {
    const address = server.address(c)
    await server.limitPublic(address)
    const click = valid(Click, await readJson(c, { textToo: true }))
    const program = await programOf(c, server, click.key ?? c.req.header('x-api-key'))
    const userAgent = c.req.header('user-agent') ?? ''
    const kept = await keptFirst(c, server, program, click.code)
    if (kept) return c.json(kept, 202)
    const clicked = await clicks.record(server.desk, program, { ...click, address, userAgent, bot: isBot(userAgent) })
    if (isOwnSite(c)) setAttribution(c, clicked)
    return c.json(clicked, 202)
  })
}

async function programOf(c: Context, server: Server, key: string | undefined) {
  if (key) return programOfPublishable(c, server, key)
  const { programs } = await server.desk.directory.current()
  const [only, another] = programs.values()
  if (!only || another) throw new Problem('no_credential')
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
  return Date.parse(until) > server.desk.clock().getTime() ? { clickId: click.id, code: click.code, expiresAt: until } : undefined
}

// The browser itself says whether page and server are of one site; only then is a cookie of ours the page's own.
function isOwnSite(c: Context) {
  const site = c.req.header('sec-fetch-site')
  return site === 'same-site' || site === 'same-origin'
}

/** Set by a response, a cookie outlives the limits that browsers put on those which scripts set. */
function setAttribution(c: Context, { code, clickId, expiresAt }: { code: string; clickId: string; expiresAt: string }) {
  if (!/^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/.test(code)) return
  const url = new URL(c.req.url)
  const page = URL.parse(c.req.header('origin') ?? '') ?? url
  const domain = sharedDomain(page.hostname, url.hostname)
  setCookie(c, 'mislata_ref', `${code}.${clickId}`, {
    path: '/',
    sameSite: 'Lax',
    secure: page.protocol === 'https:',
    expires: new Date(expiresAt),
    ...(domain && { domain }),
  })
}

/** What two hosts of one site have in common; nothing for addresses and single names. */
function sharedDomain(one: string, other: string) {
  const ours = one.split('.')
  const theirs = other.split('.')
  const common: string[] = []
  while (ours.length && ours.at(-1) === theirs.at(-1)) {
    common.unshift(ours.pop() ?? '')
    theirs.pop()
  }
  return common.length > 1 && !/^[\d.]+$/.test(one) && !one.includes(':') ? common.join('.') : undefined
}

const agents = new Map<string, boolean>()

/** Few browsers send most clicks, and looking a user agent up is cheaper than matching it against all bots. */
export function isBot(userAgent: string) {
  let known = agents.get(userAgent)
  if (known === undefined) {
    known = userAgent === '' || isbot(userAgent)
    if (agents.size > 5_000) agents.clear()
    agents.set(userAgent.slice(0, 500), known)
  }
  return known
}
