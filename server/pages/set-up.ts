import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import * as v from 'valibot'
import { Password } from '../contract/auth.ts'
import { Currency } from '../contract/money.ts'
import { Email, line, WebUrl } from '../contract/text.ts'
import type { Server } from '../door.ts'
import { isSetUpToken, setUp } from '../program/admins.ts'
import * as keys from '../program/keys.ts'
import * as programs from '../program/programs.ts'
import * as storedPrograms from '../store/programs.ts'
import { page } from './frame.ts'

const Form = v.object({ email: Email, password: Password, name: line(120), siteUrl: WebUrl, currency: Currency })
type Typed = Partial<Record<keyof v.InferInput<typeof Form>, string>>

/** The page behind the one-time link of the first start: an admin, what the programme is called, and its first keys. */
export function setUpPage(server: Server) {
  const { desk } = server
  return new Hono()
    .get('/setup/:token', async c => {
      await server.limitPublic(server.address(c))
      return (await isSetUpToken(desk, c.req.param('token'))) ? form(c, {}) : gone(c)
    })
    .post('/setup/:token', async c => {
      await server.limitPublic(server.address(c))
      const token = c.req.param('token')
      if (!(await isSetUpToken(desk, token))) return gone(c)
      const typed = Object.fromEntries(new URLSearchParams(await c.req.text())) as Typed
      const result = v.safeParse(Form, typed)
      if (!result.success) return form(c, typed, `${String(result.issues[0].path?.[0]?.key ?? '')}: ${result.issues[0].message}`)
      await setUp(desk, token, result.output)
      return done(c, server, result.output)
    })
}

async function done(c: Context, server: Server, { name, siteUrl, currency }: v.InferOutput<typeof Form>) {
  const { desk, publicUrl } = server
  const [first] = await storedPrograms.all(desk.database.db)
  if (!first) throw new Error('There is no program to set up')
  const program = await programs.change(desk, first.id, { name, siteUrl, currency, allowedOrigins: [new URL(siteUrl).origin] })
  const publishable = await keys.create(desk, program, { type: 'publishable', name: 'Site' })
  const secret = await keys.create(desk, program, { type: 'secret', name: 'Backend' })
  const snippet = `<script async src="${publicUrl}/m.js" data-key="${publishable.key}"></script>`
  const widget = `<script type="module" src="${publicUrl}/widget.js"></script>\n<mislata-program publishable-key="${publishable.key}"></mislata-program>`
  return page(
    c,
    'Ready',
    html`<h1>${name} is ready</h1>
      <p>Copy the two keys now: they are not shown again.</p>
      <h2>Publishable key</h2><p class="muted">For your pages.</p><pre tabindex="0">${publishable.key}</pre>
      <h2>Secret key</h2><p class="muted">For your backend, and nowhere else.</p><pre tabindex="0">${secret.key}</pre>
      <h2>On your marketing site</h2><p class="muted">Remembers who sent a visitor.</p><pre tabindex="0">${snippet}</pre>
      <h2>Where partners should be</h2><p class="muted">Shows the application form, then its state, then the dashboard.</p><pre tabindex="0">${widget}</pre>
      <p class="muted">Program: ${program.id}</p>`,
  )
}

function form(c: Context, typed: Typed, problem?: string) {
  return page(
    c,
    'Set up Mislata',
    html`<h1>Set up Mislata</h1>
      <p class="muted">This link works once.</p>
      ${problem ? html`<p class="bad" role="alert">${problem}</p>` : ''}
      <form method="post">
        <label for="email">Your e-mail</label><input id="email" name="email" type="email" autocomplete="username" required value="${typed.email ?? ''}">
        <label for="password">A password, at least 10 characters</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="10" required>
        <label for="name">What the programme is called</label><input id="name" name="name" required maxlength="120" value="${typed.name ?? ''}">
        <label for="siteUrl">The site that partners send people to</label><input id="siteUrl" name="siteUrl" type="url" placeholder="https://" required value="${typed.siteUrl ?? ''}">
        <label for="currency">Currency</label><input id="currency" name="currency" required maxlength="3" value="${typed.currency ?? 'EUR'}">
        <button>Set up</button>
      </form>`,
    problem ? 422 : 200,
  )
}

function gone(c: Context) {
  return page(c, 'No such link', html`<h1>This link no longer works</h1><p>It has been used, is older than a day, or was replaced when the server started again. Look for the newest link in the server's output.</p>`, 404)
}
