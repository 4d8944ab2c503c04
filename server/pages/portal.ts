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
import { type Speech, speech } from './portal-language.ts'
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
      return outside(c, found?.program, { out: true })
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

  function outside(c: Context, program: Program | undefined, { out = false } = {}) {
    if (server.sendsMail) return asking(c, program, { out })
    const spoken = speech(c, program)
    const { say } = spoken
    return branded(c, {
      speech: spoken,
      title: say.portal,
      brand: program?.settings.brand ?? null,
      body: html`<main class="door">${whose(program)}<h1>${out ? say.signedOut : say.notSignedIn}</h1>
      <p>${program ? spoken.fill(say.opens, { program: program.settings.name }) : say.opensElsewhere}</p>
      ${way(program, spoken)}</main>`,
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
  const spoken = speech(c, program)
  const { say } = spoken
  return branded(c, {
    speech: spoken,
    title: spoken.text(say.partners, { program: name }),
    brand,
    body: html`<main class="door">${whose(program)}${welcome(mailed, spoken)}
      <form method="post"><button class="act">${mailed ? say.enter : say.open}</button></form>
      <p class="muted">${say.once}</p></main>`,
  })
}

// Somebody may send others a link of their own, so that they take that one's portal for theirs: it says whose it is.
function welcome(mailed: Mailed, { say, fill }: Speech) {
  if (!mailed) return html`<h1>${say.door}</h1><p>${say.doorText}</p>`
  const as = (sentence: string) => fill(sentence, { email: mailed.email }, email => html`<strong><bdi>${email}</bdi></strong>`)
  if (mailed.isHere) return html`<h1>${say.signIn}</h1><p>${as(say.signInAs)}</p>`
  return html`<h1>${say.signInHere}</h1><p>${as(say.signInHereText)}</p>`
}

function inside(c: Context, program: Program) {
  const { name, siteUrl, brand } = program.settings
  const spoken = speech(c, program)
  const { say } = spoken
  // What is not the name stands back: `Acme partners`.
  const bar = say.partners.split('{program}').map(part => part && html`<span>${part}</span>`)
  return branded(c, {
    speech: spoken,
    title: spoken.text(say.partners, { program: name }),
    brand,
    whole: true,
    body: html`<header class="top"><div class="row">${brand.logoUrl ? html`<img src="${brand.logoUrl}" alt="">` : mark(name)}
        <h1 class="name">${bar[0]}<bdi>${name}</bdi>${bar[1]}</h1>
        <form method="post" action="/portal/sign-out"><button class="out">${say.signOut}</button></form></div></header>
      <main class="inside"><noscript><p>${say.noScript}</p></noscript>
        <mislata-dashboard></mislata-dashboard></main>
      <footer class="foot muted"><a href="${siteUrl}" rel="noopener">${new URL(siteUrl).host}</a>
        ${brand.termsUrl ? html`<a href="${brand.termsUrl}" rel="noopener">${say.terms}</a>` : ''}</footer>`,
  })
}

function gone(c: Context, { program, mailed }: Exclude<Looked, { at: 'unknown' }>, isIn: boolean) {
  const spoken = speech(c, program)
  const { say } = spoken
  const again = mailed
    ? html`<a class="act" href="/portal?program=${encodeURIComponent(program.id)}">${say.newLink}</a>`
    : way(program, spoken)
  const why = isIn ? say.goneUsed : mailed ? say.goneMailed : say.goneGiven
  return branded(c, {
    speech: spoken,
    title: say.gone,
    brand: program.settings.brand,
    status: 410,
    body: html`<main class="door">${whose(program)}<h1>${say.gone}</h1>
      <p>${spoken.fill(why, { program: program.settings.name })}</p>
      ${isIn ? html`<a class="act" href="/portal">${say.toPortal}</a>` : again}</main>`,
  })
}

function unknown(c: Context) {
  const spoken = speech(c, undefined)
  const { say } = spoken
  return branded(c, {
    speech: spoken,
    title: say.unknown,
    brand: null,
    status: 404,
    body: html`<main class="door"><h1>${say.unknown}</h1>
      <p>${say.unknownText}</p></main>`,
  })
}

const way = (program: Program | undefined, { say, fill }: Speech) =>
  program
    ? html`<a class="act" href="${program.settings.siteUrl}" rel="noopener">${fill(say.goTo, { program: program.settings.name })}</a>`
    : ''
