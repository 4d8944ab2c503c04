import { type Context, Hono } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { readJson } from '../body.ts'
import type { Server } from '../door.ts'
import { Problem } from '../problem.ts'
import { keepAlive, type Looked, look, redeem, SESSION_MS, signOut, visitor } from '../program/portal.ts'
import type { Program } from '../store/programs.ts'
import { branded } from './branded.ts'
import { assertOwnPage, ownCookie, ownCookieOf } from './own-page.ts'
import { portalScript } from './portal-script.ts'
import { asking, forgetAsker, isAsker, programNamed, signInPages } from './portal-sign-in.ts'
import { mark, whose } from './whose.ts'

const TOKEN_S = 15 * 60
const COOKIE = 'mislata_portal'

/**
 * The hosted portal: a link that lets one browser in once, the page with the partner's dashboard, and the way out.
 * Reading any of it changes nothing, so that programs that look at links in mails do not use them up.
 */
export function portalPages(server: Server) {
  const { desk } = server
  const held = (c: Context) => ownCookieOf(c, server, COOKIE)
  const current = async (c: Context) => {
    const token = held(c)
    return token ? visitor(desk, token) : undefined
  }

  return new Hono()
    .get('/portal.js', c => {
      const headers = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=300' }
      return c.body(portalScript, 200, headers)
    })
    .get('/portal', async c => {
      await server.limitPublic(server.address(c))
      const found = await current(c)
      if (found?.partner) return inside(c, found.program)
      return outside(c, (await programNamed(server, c.req.query('program'))) ?? found?.program)
    })
    .post('/portal/session', async c => {
      await server.limitPublic(server.address(c))
      assertOwnPage(c, server)
      await readJson(c)
      const token = held(c)
      const found = token ? await visitor(desk, token) : undefined
      if (!token || !found?.partner) throw new Problem('no_credential')
      await keepAlive(desk, token)
      const now = desk.clock()
      const expiresAt = new Date((Math.floor(now.getTime() / 1000) + TOKEN_S) * 1000)
      const { program, partner } = found
      const of = { kind: 'session' as const, programId: program.id, customerId: partner.customerId }
      return c.json({ token: await server.tokens.sign(of, { now, expiresAt }), expiresAt: expiresAt.toISOString() })
    })
    .post('/portal/sign-out', async c => {
      await server.limitPublic(server.address(c))
      assertOwnPage(c, server)
      const token = held(c)
      if (token) await signOut(desk, token)
      const found = await current(c)
      deleteCookie(c, COOKIE, ownCookie(server))
      return outside(c, found?.program, 'You are signed out')
    })
    .route('/', signInPages(server))
    .get('/portal/:code', async c => {
      await server.limitPublic(server.address(c))
      const looked = await look(desk, c.req.param('code'))
      if (looked.at === 'unknown') return unknown(c)
      if (looked.at === 'open')
        return door(c, looked.program, looked.mailed && { ...looked.mailed, isHere: isAsker(c, server, looked.mailed) })
      return gone(c, looked, await isIn(c, looked.partnerId))
    })
    .post('/portal/:code', async c => {
      await server.limitPublic(server.address(c))
      assertOwnPage(c, server)
      const code = c.req.param('code')
      const token = await redeem(desk, code, held(c))
      if (token) {
        setCookie(c, COOKIE, token, { ...ownCookie(server), maxAge: SESSION_MS / 1000 })
        forgetAsker(c, server)
        return c.redirect('/portal', 303)
      }
      const looked = await look(desk, code)
      if (looked.at === 'unknown') return unknown(c)
      // Pressed twice: the first press has let this browser in.
      return (await isIn(c, looked.partnerId)) ? c.redirect('/portal', 303) : gone(c, looked, false)
    })

  function outside(c: Context, program: Program | undefined, heading?: string) {
    if (server.sendsMail) return asking(c, program, { heading: heading ?? 'Sign in to your portal' })
    return branded(c, {
      title: 'Partner portal',
      brand: program?.settings.brand ?? null,
      body: html`<main class="door">${whose(program)}<h1>${heading ?? 'You are not signed in'}</h1>
      <p>The portal opens with a link that works once. You find one in your account${program ? ` at ${program.settings.name}` : ', with the company whose partner you are'}.</p>
      ${way(program)}</main>`,
    })
  }

  async function isIn(c: Context, partnerId: string) {
    const found = await current(c)
    return found?.partner?.id === partnerId
  }
}

type Mailed = { email: string; isHere: boolean } | null

function door(c: Context, program: Program, mailed: Mailed) {
  const { name, brand } = program.settings
  return branded(c, {
    title: `${name} partners`,
    brand,
    body: html`<main class="door">${whose(program)}${welcome(mailed)}
      <form method="post"><button class="act">${mailed ? 'Sign in' : 'Open the portal'}</button></form>
      <p class="muted">This link works once. The portal then stays open in this browser until you sign out, or have not used it for 7 days.</p></main>`,
  })
}

// Somebody may send others a link of their own, so that they take that one's portal for theirs: it says whose it is.
function welcome(mailed: Mailed) {
  if (!mailed)
    return html`<h1>Your partner portal</h1>
      <p>Your link, what it has brought, and what you are paid.</p>`
  const as = html`<strong><bdi>${mailed.email}</bdi></strong>`
  if (mailed.isHere)
    return html`<h1>Sign in to your portal</h1>
      <p>You will be signed in as ${as}.</p>`
  return html`<h1>Sign in here?</h1>
      <p>This link was asked for in another browser. You will be signed in as ${as} in this one. Is that not you, or did somebody else send you the link? Then close this page.</p>`
}

function inside(c: Context, { settings: { name, siteUrl, brand } }: Program) {
  return branded(c, {
    title: `${name} partners`,
    brand,
    whole: true,
    body: html`<header class="top"><div class="row">${brand.logoUrl ? html`<img src="${brand.logoUrl}" alt="">` : mark(name)}
        <p class="name">${name} <span>partners</span></p>
        <form method="post" action="/portal/sign-out"><button class="out">Sign out</button></form></div></header>
      <main class="inside"><noscript><p>The portal needs JavaScript. Turn it on for this page and load it again.</p></noscript>
        <mislata-dashboard></mislata-dashboard></main>
      <footer class="foot muted"><a href="${siteUrl}" rel="noopener">${new URL(siteUrl).host}</a>
        ${brand.termsUrl ? html`<a href="${brand.termsUrl}" rel="noopener">Partner terms</a>` : ''}</footer>`,
  })
}

function gone(c: Context, { program, mailed }: Exclude<Looked, { at: 'unknown' }>, isIn: boolean) {
  const again = mailed
    ? html`<a class="act" href="/portal?program=${encodeURIComponent(program.id)}">Get a new link</a>`
    : way(program)
  const next = mailed ? 'Ask for a new one.' : `Get a new one in your account at ${program.settings.name}.`
  return branded(c, {
    title: 'This link no longer works',
    brand: program.settings.brand,
    status: 410,
    body: html`<main class="door">${whose(program)}<h1>This link no longer works</h1>
      <p>A link works once, and for ${mailed ? '10 minutes' : '24 hours'}. ${isIn ? 'You have used this one, and are signed in.' : next}</p>
      ${isIn ? html`<a class="act" href="/portal">Go to the portal</a>` : again}</main>`,
  })
}

function unknown(c: Context) {
  return branded(c, {
    title: 'No such link',
    brand: null,
    status: 404,
    body: html`<main class="door"><h1>There is no such link</h1>
      <p>Check that you have the whole address. If you have, get a new link in your account, with the company whose partner you are.</p></main>`,
  })
}

const way = (program: Program | undefined) =>
  program ? html`<a class="act" href="${program.settings.siteUrl}" rel="noopener">Go to ${program.settings.name}</a>` : ''
