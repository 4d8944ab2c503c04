import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { NONCE, secureHeaders } from 'hono/secure-headers'
import type { Books, Customer } from './books.ts'
import type { Mislata } from './mislata.ts'

/** What a site is given: its records, its way to Mislata, and where its pages find the tags. */
export type Site = { books: Books; mislata: Mislata; api: string; publishableKey: string }

type Plot = Site & {
  /** The cookie that says who is signed in. Sites on one machine share a jar, so each has a name of its own. */
  ticket: string
  /** The folder whose files are served as they are. */
  folder: URL
  files: string[]
}

const MONTH_S = 30 * 24 * 3600
const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** What the backends of all three sites do alike: their policy, who is signed in, the widget's token, files. */
export function house({ books, mislata, api, ticket, folder, files }: Plot) {
  const app = new Hono()
  const visitor = (c: Context) => books.signedInBy(getCookie(c, ticket))
  const nonce = (c: Context): string => c.get('secureHeadersNonce') ?? ''

  const signIn = (c: Context, customer: Customer) => {
    const value = books.signIn(customer.id)
    if (value) setCookie(c, ticket, value, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: MONTH_S })
    return c.redirect('/app', 303)
  }

  app.use(csrf())
  app.use(
    secureHeaders({
      // The strictest policy that a site is likely to have. What Mislata brings to the page works under it.
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: [NONCE, "'strict-dynamic'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'", api],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["'none'"],
      },
      // Browsers send `Origin: null` with a form under no-referrer, and the csrf check lives by that header.
      referrerPolicy: 'strict-origin-when-cross-origin',
    }),
  )

  app.post('/login', async c => {
    const { customerId } = await c.req.parseBody()
    const customer = books.customers().find(one => one.id === customerId)
    return customer ? signIn(c, customer) : c.redirect('/login', 303)
  })
  app.post('/logout', c => {
    const value = deleteCookie(c, ticket)
    if (value) books.signOut(value)
    return c.redirect('/', 303)
  })

  app.get('/partner-token', async c => {
    c.header('cache-control', 'no-store')
    const customer = visitor(c)
    if (!customer) return c.json({ error: 'Nobody is signed in.' }, 401)
    const token = await mislata.sessionToken(customer)
    return token ? c.json({ token }) : c.json({ error: 'The partner area cannot be reached.' }, 503)
  })

  for (const file of files) {
    const body = readFileSync(new URL(file, folder), 'utf8')
    const type = TYPES[file.split('.').pop() ?? ''] ?? 'text/plain'
    app.get(`/${file}`, c => c.body(body, 200, { 'content-type': type, 'cache-control': 'no-cache' }))
  }
  return { app, visitor, nonce, signIn }
}
