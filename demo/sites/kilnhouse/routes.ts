import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { house, type Site } from '../../backend/house.ts'
import { account } from './pages/account.ts'
import { home } from './pages/home.ts'
import { layout, type View } from './pages/layout.ts'
import { partnerArea, referArea } from './pages/partner-area.ts'
import { partners } from './pages/partners.ts'
import { pricing } from './pages/pricing.ts'
import { login, signup } from './pages/sign-in.ts'
import { planById } from './plans.ts'

const TAKEN = 'There is already a studio with this address. Sign in instead.'
// As narrow as Mislata's own, so that no sign-up is made here that could not be reported there.
const MAIL = /^[\w+-]+(\.[\w+-]+)*@[a-z\d]+([.-][a-z\d]+)*\.[a-z]{2,}$/i

/** The pages and forms of Kilnhouse. */
export function kilnhouse(site: Site) {
  const { books, mislata, api, publishableKey } = site
  const { app, visitor, nonce, signIn } = house({
    ...site,
    ticket: 'kilnhouse_ticket',
    folder: new URL('public/', import.meta.url),
    files: ['frame.css', 'pages.css', 'studio.css', 'partner.js', 'favicon.svg'],
  })

  const show = (c: Context, view: View, status: 200 | 409 | 422 = 200) => {
    c.header('cache-control', 'private, no-cache')
    const page = { view, path: c.req.path, customer: visitor(c), api, publishableKey, nonce: nonce(c) }
    return c.html(layout(page), status)
  }

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

  app.get('/app', c => {
    const customer = visitor(c)
    return customer ? show(c, account(customer, books.purchasesOf(customer.id), publishableKey)) : c.redirect('/login')
  })
  app.get('/app/partner', c => (visitor(c) ? show(c, partnerArea(publishableKey)) : c.redirect('/login')))
  app.get('/app/refer', c => (visitor(c) ? show(c, referArea()) : c.redirect('/login')))

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
  return app
}

/** The form's fields as text; a missing one is empty. */
async function fields(c: Context) {
  const form = await c.req.parseBody()
  const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim().slice(0, 200) : '')
  return { name: text('name'), email: text('email'), plan: text('plan'), order: text('order') }
}
