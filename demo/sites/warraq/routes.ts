import type { Context } from 'hono'
import { house, type Site } from '../../backend/house.ts'
import { layout, type View } from './layout.ts'
import { account, front, login, partnerArea, partners, referArea } from './pages.ts'

/** The pages of دار الورّاق (Dar al-Warraq). */
export function warraq(site: Site) {
  const { books, api, publishableKey } = site
  const { app, visitor, nonce } = house({
    ...site,
    ticket: 'warraq_ticket',
    folder: new URL('public/', import.meta.url),
    files: ['print.css', 'type.css', 'partner.js', 'favicon.svg'],
  })

  const show = (c: Context, view: View) => {
    c.header('cache-control', 'private, no-cache')
    return c.html(layout({ view, path: c.req.path, customer: visitor(c), api, publishableKey, nonce: nonce(c) }))
  }

  app.get('/', c => show(c, front()))
  app.get('/partners', c => show(c, partners(publishableKey)))
  app.get('/login', c => show(c, login(books.customers())))
  app.get('/app', c => {
    const customer = visitor(c)
    return customer ? show(c, account(customer, publishableKey)) : c.redirect('/login')
  })
  app.get('/app/partner', c => (visitor(c) ? show(c, partnerArea(publishableKey)) : c.redirect('/login')))
  app.get('/app/refer', c => (visitor(c) ? show(c, referArea()) : c.redirect('/login')))
  return app
}
