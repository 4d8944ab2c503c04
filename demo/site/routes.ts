import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { NONCE, secureHeaders } from 'hono/secure-headers'
import type { Books, Customer } from './books.ts'
import type { Mislata } from './mislata.ts'
import { account } from './pages/account.ts'
import { home } from './pages/home.ts'
import { layout, type View } from './pages/layout.ts'
import { partnerArea } from './pages/partner-area.ts'
import { partners } from './pages/partners.ts'
import { pricing } from './pages/pricing.ts'
import { login, signup } from './pages/sign-in.ts'
import { planById } from './plans.ts'

const TICKET = 'kilnhouse_ticket'
const MONTH_S = 30 * 24 * 3600
const TAKEN = 'There is already a studio with this address. Sign in instead.'
// As narrow as Mislata's own, so that no sign-up is made here that could not be reported there.
const MAIL = /^[\w+-]+(\.[\w+-]+)*@[a-z\d]+([.-][a-z\d]+)*\.[a-z]{2,}$/i

type Site = { books: Books; mislata: Mislata; api: string; publishableKey: string }

/** The pages and forms of Kilnhouse. */
export function site({ books, mislata, api, publishableKey }: Site) {
  const app = new Hono()
  const visitor = (c: Context) => books.signedInBy(getCookie(c, TICKET))

  const show = (c: Context, view: View, status: 200 | 409 | 422 = 200) => {
    c.header('cache-control', 'private, no-cache')
    const nonce = c.get('secureHeadersNonce') ?? ''
    return c.html(layout({ view, path: c.req.path, customer: visitor(c), api, publishableKey, nonce }), status)
  }

  const signIn = (c: Context, customer: Customer) => {
    const ticket = books.signIn(customer.id)
    if (ticket) setCookie(c, TICKET, ticket, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: MONTH_S })
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

  app.get('/', c => show(c, home()))
  app.get('/pricing', c => show(c, pricing()))
  app.get('/partners', c => show(c, partners(publishableKey, { signedIn: !!visitor(c) })))

  app.get('/signup', c => (visitor(c) ? c.redirect('/app') : show(c, signup({}))))
  app.post('/signup', async c => {
    const { name, email } = await fields(c)
    const wrong = {
      name: name ? undefined : 'Tell us what to call you.',
      email: MAIL.test(email) ? undefined : 'Give an address such as ruth@example.com.',
    }
    if (wrong.name || wrong.email) return show(c, signup({ name, email, wrong }), 422)
    if (books.byEmail(email)) return show(c, signup({ name, email, wrong: { email: TAKEN } }), 409)
    const customer = books.signUp({ name, email, ref: getCookie(c, 'mislata_ref') })
    await mislata.report()
    return signIn(c, customer)
  })

  app.get('/login', c => show(c, login(books.customers())))
  app.post('/login', async c => {
    const { customerId } = await fields(c)
    const customer = books.customers().find(one => one.id === customerId)
    return customer ? signIn(c, customer) : c.redirect('/login', 303)
  })
  app.post('/logout', c => {
    const ticket = deleteCookie(c, TICKET)
    if (ticket) books.signOut(ticket)
    return c.redirect('/', 303)
  })

  app.get('/app', c => {
    const customer = visitor(c)
    return customer ? show(c, account(customer, books.purchasesOf(customer.id))) : c.redirect('/login')
  })
  app.get('/app/partner', c => (visitor(c) ? show(c, partnerArea(publishableKey)) : c.redirect('/login')))

  app.post('/buy', async c => {
    const customer = visitor(c)
    if (!customer) return c.redirect('/login', 303)
    const { plan: planId, order } = await fields(c)
    const plan = planById(planId)
    if (plan && /^order_[\w-]{20,50}$/.test(order)) {
      books.buy(customer, plan, order)
      await mislata.report()
    }
    return c.redirect('/app', 303)
  })

  app.get('/partner-token', async c => {
    c.header('cache-control', 'no-store')
    const customer = visitor(c)
    if (!customer) return c.json({ error: 'Nobody is signed in.' }, 401)
    const token = await mislata.sessionToken(customer)
    return token ? c.json({ token }) : c.json({ error: 'The partner area cannot be reached.' }, 503)
  })

  for (const [path, { body, type }] of Object.entries(assets)) {
    app.get(path, c => c.body(body, 200, { 'content-type': type, 'cache-control': 'no-cache' }))
  }
  return app
}

/** The form's fields as text; a missing one is empty. */
async function fields(c: Context) {
  const form = await c.req.parseBody()
  const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim().slice(0, 200) : '')
  return { name: text('name'), email: text('email'), customerId: text('customerId'), plan: text('plan'), order: text('order') }
}

const CSS = 'text/css; charset=utf-8'
const asset = (file: string, type: string) => ({ body: readFileSync(new URL(`public/${file}`, import.meta.url), 'utf8'), type })
const assets = {
  '/frame.css': asset('frame.css', CSS),
  '/pages.css': asset('pages.css', CSS),
  '/studio.css': asset('studio.css', CSS),
  '/partner.js': asset('partner.js', 'text/javascript; charset=utf-8'),
  '/favicon.svg': asset('favicon.svg', 'image/svg+xml'),
}
