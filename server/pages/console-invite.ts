import { type Context, Hono } from 'hono'
import { html, raw } from 'hono/html'
import * as v from 'valibot'
import { Password } from '../contract/auth.ts'
import type { Server } from '../door.ts'
import { accept, invited } from '../program/admin-team.ts'
import { page } from './frame.ts'

const roles = { owner: 'an owner', manager: 'a manager', finance: 'finance', read_only: 'a reader' }

/** The page behind an invitation: a password, and the way to the console. Opening it uses nothing up. */
export function consoleInvitePage(server: Server) {
  const { desk } = server
  return new Hono()
    .get('/console/invite/:token', async c => {
      await server.limitPublic(server.address(c))
      const invite = await invited(desk, c.req.param('token'))
      return invite ? form(c, invite) : gone(c)
    })
    .post('/console/invite/:token', async c => {
      await server.limitPublic(server.address(c))
      const token = c.req.param('token')
      const invite = await invited(desk, token)
      if (!invite) return gone(c)
      const password = v.safeParse(Password, new URLSearchParams(await c.req.text()).get('password') ?? '')
      if (!password.success) return form(c, invite, password.issues[0].message)
      await accept(desk, token, password.output)
      return page(
        c,
        'You are in',
        html`<h1>That is done</h1><p>Sign in as <strong>${invite.email}</strong> with the password that you have chosen.</p>
          <p><a href="/console">Go to the console</a></p>`,
      )
    })
}

type Invited = NonNullable<Awaited<ReturnType<typeof invited>>>

function form(c: Context, { email, role }: Invited, fault?: string) {
  return page(
    c,
    'Choose a password',
    html`<h1>Choose a password</h1>
      <p class="muted">You have been invited to help run a partner programme, as ${roles[role]}. You sign in as <strong>${email}</strong>.</p>
      <form method="post">
        <input type="hidden" name="username" autocomplete="username" value="${email}">
        <label for="password">A password, at least 10 characters</label>
        <input id="password" name="password" type="password" autocomplete="new-password" required ${fault ? raw('aria-invalid="true" aria-describedby="password-fault"') : ''}>
        ${fault ? html`<p class="fault" id="password-fault">${fault}</p>` : ''}
        <button>Set the password</button>
      </form>`,
    fault ? 422 : 200,
  )
}

function gone(c: Context) {
  return page(
    c,
    'No such invitation',
    html`<h1>This invitation no longer works</h1><p>It has been used, taken back, or is older than three days. Ask for a new one. If you have used it, <a href="/console">sign in</a>.</p>`,
    404,
  )
}
