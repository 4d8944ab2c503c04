import { type Context, Hono } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import * as v from 'valibot'
import { Email } from '../contract/text.ts'
import type { Server } from '../door.ts'
import { Problem } from '../problem.ts'
import { hashed } from '../program/ids.ts'
import { ask, MAILED_MS } from '../program/portal-sign-in.ts'
import type { Program } from '../store/programs.ts'
import { branded } from './branded.ts'
import { assertOwnPage, ownCookie, ownCookieOf } from './own-page.ts'
import { speech } from './portal-language.ts'
import { whose } from './whose.ts'

// By it a mailed link knows the browser that asked for it.
const COOKIE = 'mislata_sign_in'

/** Where a partner asks for a link by mail. The answer is the same whoever asks, and so is the time that it takes. */
export function signInPages(server: Server) {
  return new Hono().post('/portal/sign-in', async c => {
    // Nobody would get the link.
    if (!server.sendsMail) throw new Problem('not_found')
    await server.limitPublic(server.address(c))
    assertOwnPage(c, server)
    if (c.req.header('content-type')?.split(';')[0]?.trim() !== 'application/x-www-form-urlencoded')
      throw new Problem('wrong_type')
    const form = new URLSearchParams(await c.req.text())
    const program = await programNamed(server, form.get('program'))
    const typed = form.get('email') ?? ''
    const email = v.safeParse(Email, typed)
    if (!email.success) return asking(c, program, { typed, status: 422 })
    if (!(await server.limitSignIn(server.address(c)))) return tooMany(c, program)
    const known = ownCookieOf(c, server, COOKIE)
    const browser = await ask(server.desk, { programId: program?.id ?? null, email: email.output, browser: known })
    setCookie(c, COOKIE, browser, { ...ownCookie(server), maxAge: MAILED_MS / 1000 })
    return asked(c, program, email.output)
  })
}

/** The program that an address names; none where it names none that there is. */
export async function programNamed({ desk }: Server, id: string | null | undefined) {
  return id ? (await desk.directory.current()).programs.get(id) : undefined
}

/** Whether it was this browser that asked for a mailed link. */
export function isAsker(c: Context, server: Server, { browser }: { browser: string }) {
  const held = ownCookieOf(c, server, COOKIE)
  return held !== undefined && hashed(held) === browser
}

export function forgetAsker(c: Context, server: Server) {
  deleteCookie(c, COOKIE, ownCookie(server))
}

type Asking = { out?: boolean; typed?: string; status?: 200 | 422 }

/** The page that asks for an address; `typed` is what was no address, `out` is whoever has just left. */
export function asking(c: Context, program: Program | undefined, { out, typed, status = 200 }: Asking) {
  const spoken = speech(c, program)
  const { say } = spoken
  const isWrong = typed !== undefined
  return branded(c, {
    speech: spoken,
    title: isWrong ? say.checkAddress : say.portal,
    brand: program?.settings.brand ?? null,
    status,
    body: html`<main class="door">${whose(program)}<h1>${out ? say.signedOut : say.signIn}</h1>
      <p>${say.signInText}</p>
      <form method="post" action="/portal/sign-in" novalidate>
        <label for="email">${say.email}</label>
        <input id="email" name="email" type="email" dir="ltr" autocomplete="email" inputmode="email" maxlength="254" required value="${typed ?? ''}"${isWrong ? html` aria-invalid="true" aria-describedby="wrong" autofocus` : ''}>
        ${isWrong ? html`<p class="wrong" id="wrong">${say.emailWrong}</p>` : ''}
        ${program ? html`<input type="hidden" name="program" value="${program.id}">` : ''}
        <button class="act">${say.send}</button>
      </form>
      ${program ? html`<p class="muted">${spoken.fill(say.orAccount, { program: program.settings.name }, name => html`<a href="${program.settings.siteUrl}" rel="noopener"><bdi>${name}</bdi></a>`)}</p>` : ''}</main>`,
  })
}

function asked(c: Context, program: Program | undefined, email: string) {
  const spoken = speech(c, program)
  const { say } = spoken
  const again = program ? `/portal?program=${encodeURIComponent(program.id)}` : '/portal'
  return branded(c, {
    speech: spoken,
    title: say.asked,
    brand: program?.settings.brand ?? null,
    body: html`<main class="door">${whose(program)}<h1>${say.asked}</h1>
      <p>${spoken.fill(say.askedText, { email })}</p>
      <p class="muted more">${say.askedMore} <a href="${again}">${say.another}</a></p></main>`,
  })
}

function tooMany(c: Context, program: Program | undefined) {
  const spoken = speech(c, program)
  const { say } = spoken
  c.header('retry-after', '900')
  return branded(c, {
    speech: spoken,
    title: say.tooMany,
    brand: program?.settings.brand ?? null,
    status: 429,
    body: html`<main class="door">${whose(program)}<h1>${say.tooMany}</h1>
      <p>${say.tooManyText}</p></main>`,
  })
}
