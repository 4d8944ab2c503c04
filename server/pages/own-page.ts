import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import type { Server } from '../door.ts'
import { Problem } from '../problem.ts'

/**
 * 403 for a post that another site has made a browser send. Where the browser does not say how the two sites are related,
 * as over plain http, its origin says it; from pages with this referrer policy a form then says "null".
 */
export function assertOwnPage(c: Context, { publicUrl }: Server) {
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  const isForm = !c.req.header('content-type')?.startsWith('application/json')
  const own = origin === undefined || origin === new URL(publicUrl).origin || (origin === 'null' && isForm)
  if (site ? site !== 'same-origin' : !own) throw new Problem('cross_site')
}

/** A cookie that only this host sets and reads. Over plain http a browser takes neither the prefix nor what it stands for. */
export function ownCookie({ publicUrl }: Server) {
  const secure = publicUrl.startsWith('https:')
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure,
    ...(secure && { prefix: 'host' as const }),
  } satisfies CookieOptions
}

/** What such a cookie holds. */
export function ownCookieOf(c: Context, { publicUrl }: Server, name: string) {
  return publicUrl.startsWith('https:') ? getCookie(c, name, 'host') : getCookie(c, name)
}
