import { SignedIn } from '../../server/contract/admins.ts'
import { answered } from './replies.ts'
import { type Ask, admin, browser, type TestServer } from './server.ts'

export type Login = { email: string; password: string; code?: string }

/** Somebody at the console: a browser that keeps its cookie and says where its requests come from. */
export async function atConsole(server: Pick<TestServer, 'ask'>, login: Login = admin) {
  const reply = await server.ask('POST', '/v1/auth/login', {
    body: { ...login, console: true },
    headers: { 'user-agent': browser, 'sec-fetch-site': 'same-origin' },
  })
  const { admin: me } = answered(reply, 200, SignedIn)
  const [set = ''] = reply.headers.getSetCookie()
  const [cookie = ''] = set.split(';')
  return {
    me,
    set,
    cookie,
    ask: (method: string, path: string, { headers, ...more }: Ask = {}) =>
      server.ask(method, path, { headers: { cookie, 'sec-fetch-site': 'same-origin', ...headers }, ...more }),
  }
}

/** Another admin, who has taken up an invitation: the password is the same as the first admin's. */
export async function joined(server: TestServer, { token, email, role }: { token: string; email: string; role: string }) {
  const { body } = await server.ask('POST', '/v1/team/invites', { token, body: { email, role } })
  const form = new URLSearchParams({ password: admin.password }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  await server.ask('POST', new URL(body.link).pathname, { raw: form, headers })
  const { body: session } = await server.ask('POST', '/v1/auth/login', { body: { email, password: admin.password } })
  return session.token as string
}
