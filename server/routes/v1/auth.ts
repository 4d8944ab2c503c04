import { Hono } from 'hono'
import * as v from 'valibot'
import { clearConsoleCookie, setConsoleCookie } from '../../console-cookie.ts'
import { SignedIn } from '../../contract/admins.ts'
import { Login, NewSession, Token } from '../../contract/auth.ts'
import { door, type Server } from '../../door.ts'
import { login, logout } from '../../program/admin-sessions.ts'
import * as customers from '../../program/customers.ts'
import { agentFamily } from '../../rules/agent.ts'
import { foldEmail } from '../../rules/email.ts'
import { meOf } from './auth-me.ts'

const DEFAULT_SESSION_S = 15 * 60
const LONGEST_SESSION_S = 60 * 60

export function auth(server: Server) {
  return new Hono()
    .post(
      '/v1/auth/login',
      ...door(
        server,
        {
          summary: 'Sign an admin in',
          tag: 'Sign-in',
          who: ['public'],
          body: Login,
          replies: { 200: v.union([Token, SignedIn]) },
        },
        async ({ c, desk, body }) => {
          const from = server.address(c)
          const email = foldEmail(body.email)
          await server.limitLogin.attempt(from, email)
          const as = { agent: agentFamily(c.req.header('user-agent')), isConsole: body.console === true }
          const { id, cookie, adminId, expiresAt } = await login(desk, body, as)
          await server.limitLogin.succeeded(from, email)
          const now = desk.clock()
          if (cookie !== null) {
            setConsoleCookie(c, server, cookie, Math.floor((Date.parse(expiresAt) - now.getTime()) / 1000))
            return c.json({ expiresAt, admin: await meOf(desk, { adminId, sessionId: id, expiresAt }) })
          }
          const token = await server.tokens.sign({ kind: 'admin', sessionId: id }, { now, expiresAt: new Date(expiresAt) })
          return c.json({ token, expiresAt })
        },
      ),
    )
    .post(
      '/v1/auth/logout',
      ...door(
        server,
        { summary: 'End the session', tag: 'Sign-in', who: ['admin'], replies: { 200: v.object({ ended: v.literal(true) }) } },
        async ({ c, desk, caller }) => {
          await logout(desk, caller.sessionId)
          clearConsoleCookie(c, server)
          return c.json({ ended: true })
        },
      ),
    )
    .post(
      '/v1/sessions',
      ...door(
        server,
        { summary: 'Make a token for one customer', tag: 'Sign-in', who: ['secret'], body: NewSession, replies: { 201: Token } },
        async ({ c, desk, program, body }) => {
          const customer = await customers.name(desk, program, body)
          const now = desk.clock()
          const seconds = Math.min(body.expiresIn ?? DEFAULT_SESSION_S, LONGEST_SESSION_S)
          const expiresAt = new Date((Math.floor(now.getTime() / 1000) + seconds) * 1000)
          const token = await server.tokens.sign(
            { kind: 'session', programId: program.id, customerId: customer.id },
            { now, expiresAt },
          )
          return c.json({ token, expiresAt: expiresAt.toISOString() }, 201)
        },
      ),
    )
}
