import type { Context } from 'hono'
import { house, type Site } from '../../backend/house.ts'
import { partnerArea, partners, referArea } from './earning.ts'
import { layout, type View } from './layout.ts'
import { home, login, overview } from './pages.ts'

/** The pages of Hexrack. */
export function hexrack(site: Site) {
  const { books, api, publishableKey } = site
  const { app, visitor, nonce } = house({
    ...site,
    ticket: 'hexrack_ticket',
    folder: new URL('public/', import.meta.url),
    files: ['reset.css', 'rack.css', 'console.css', 'partner.js', 'favicon.svg'],
  })

  const show = (c: Context, view: View) => {
    c.header('cache-control', 'private, no-cache')
    return c.html(layout({ view, path: c.req.path, customer: visitor(c), api, publishableKey, nonce: nonce(c) }))
  }
  const inside = (path: string, view: () => View) => app.get(path, c => (visitor(c) ? show(c, view()) : c.redirect('/login')))

  app.get('/', c => show(c, home()))
  app.get('/partners', c => show(c, partners(publishableKey)))
  app.get('/login', c => show(c, login(books.customers())))
  inside('/app', () => overview(publishableKey))
  inside('/app/partner', () => partnerArea(publishableKey))
  inside('/app/refer', referArea)
  return app
}
