import { type Context, Hono } from 'hono'
import { html, raw } from 'hono/html'
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
      if (!result.success)
        return form(c, typed, new Map(result.issues.map(issue => [String(issue.path?.[0]?.key), issue.message])))
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
      <p>The console is where you run it: review who applies, look at what is earned, pay, and bring over what another system has. You sign in with the address and the password that you have just given.</p>
      <p><a class="go" href="/console">Open the console</a></p>
      <h2>For your developers</h2><p>Copy the two keys before you go: they are not shown again. Others can be made in the console, under Keys.</p>
      <h2>Publishable key</h2><p class="muted">For your pages.</p><pre tabindex="0">${publishable.key}</pre>
      <h2>Secret key</h2><p class="muted">For your backend, and nowhere else.</p><pre tabindex="0">${secret.key}</pre>
      <h2>On your marketing site</h2><p class="muted">Remembers who sent a visitor.</p><pre tabindex="0">${snippet}</pre>
      <h2>Where partners should be</h2><p class="muted">Shows the application form, then its state, then the dashboard.</p><pre tabindex="0">${widget}</pre>
      <p class="muted">Program: ${program.id}</p>`,
  )
}

const fields = [
  { name: 'email', label: 'Your e-mail', type: 'email', autocomplete: 'username' },
  { name: 'password', label: 'A password, at least 10 characters', type: 'password', autocomplete: 'new-password' },
  { name: 'name', label: 'What the programme is called', type: 'text', autocomplete: 'organization' },
  { name: 'siteUrl', label: 'The site that partners send people to, such as https://acme.com', type: 'url', autocomplete: 'url' },
  { name: 'currency', label: 'Currency, such as EUR or USD', type: 'text', autocomplete: 'off' },
] as const

function form(c: Context, typed: Typed, faults = new Map<string, string>()) {
  const field = ({ name, label, type, autocomplete }: (typeof fields)[number]) => {
    const fault = faults.get(name)
    // A password is typed again rather than sent back.
    const value = type === 'password' ? '' : (typed[name] ?? '')
    return html`<label for="${name}">${label}</label>
      <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required value="${value}" ${fault ? raw(`aria-invalid="true" aria-describedby="${name}-fault"`) : ''}>
      ${fault ? html`<p class="fault" id="${name}-fault">${fault}</p>` : ''}`
  }
  return page(
    c,
    'Set up Mislata',
    html`<h1>Set up Mislata</h1>
      <p class="muted">You become the first admin. This link works once.</p>
      <form method="post">${fields.map(field)}<button>Set up</button></form>`,
    faults.size ? 422 : 200,
  )
}

function gone(c: Context) {
  return page(
    c,
    'No such link',
    html`<h1>This link no longer works</h1><p>It has been used, is older than a day, or was replaced when the server started again. Look for the newest link in the server's output.</p>`,
    404,
  )
}
