import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import { Problem } from './problem.ts'

const NAME = 'mislata_console'

type Place = { publicUrl: string }

// Over plain http a browser takes neither the prefix nor what it stands for: that is for trying out on one's own machine.
function options({ publicUrl }: Place) {
  const secure = publicUrl.startsWith('https:')
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure,
    ...(secure && { prefix: 'host' as const }),
  } satisfies CookieOptions
}

/** What the console's cookie holds. */
export function consoleCookie(c: Context, { publicUrl }: Place) {
  return publicUrl.startsWith('https:') ? getCookie(c, NAME, 'host') : getCookie(c, NAME)
}

export function setConsoleCookie(c: Context, place: Place, value: string, maxAge: number) {
  setCookie(c, NAME, value, { ...options(place), maxAge })
}

export function clearConsoleCookie(c: Context, place: Place) {
  deleteCookie(c, NAME, options(place))
}

/**
 * A browser sends a cookie with whatever makes it ask, so what came with one has to come from the console's own page. 403
 * where the browser says that it did not: in `Sec-Fetch-Site`, or, from those that do not send it, in `Origin`.
 */
export function assertOwnConsole(c: Context, { publicUrl }: Place) {
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  const reads = c.req.method === 'GET' || c.req.method === 'HEAD'
  // `none`: somebody has typed the address, or opened a download.
  const isOwn = site
    ? site === 'same-origin' || (reads && site === 'none')
    : origin === undefined || origin === new URL(publicUrl).origin
  if (!isOwn) throw new Problem('cross_site')
}
