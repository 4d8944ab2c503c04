import { Hono } from 'hono'
import { AdminSessionList, Me, NewPassword, PasswordChanged, SessionsEnded } from '../../contract/admins.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import * as sessions from '../../program/admin-sessions.ts'
import { isRequired } from '../../program/admin-totp.ts'
import { changePassword } from '../../program/admins.ts'
import type { Desk } from '../../program/desk.ts'
import * as admins from '../../store/admins.ts'

const tag = 'Sign-in'

/** Who is signed in, and where else. */
export function authMe(server: Server) {
  return new Hono()
    .get(
      '/v1/auth/me',
      ...door(server, { summary: 'Who is signed in', tag, who: ['admin'], replies: { 200: Me } }, async ({ c, desk, caller }) => {
        const open = await sessions.list(desk, caller.adminId)
        const expiresAt = open.find(each => each.id === caller.sessionId)?.expiresAt ?? desk.clock().toISOString()
        return c.json(await meOf(desk, { ...caller, expiresAt }))
      }),
    )
    .get(
      '/v1/auth/sessions',
      ...door(
        server,
        { summary: "List one's open sessions", tag, who: ['admin'], replies: { 200: AdminSessionList } },
        async ({ c, desk, caller }) => {
          const open = await sessions.list(desk, caller.adminId)
          const data = open.map(({ id, tokenHash, createdAt, seenAt, expiresAt, agent }) => ({
            id,
            kind: tokenHash === null ? ('token' as const) : ('console' as const),
            current: id === caller.sessionId,
            createdAt,
            seenAt: seenAt ?? createdAt,
            expiresAt,
            agent,
          }))
          return c.json({ data })
        },
      ),
    )
    .delete(
      '/v1/auth/sessions',
      ...door(
        server,
        { summary: 'End all other sessions', tag, who: ['admin'], replies: { 200: SessionsEnded } },
        async ({ c, desk, caller }) => c.json({ ended: await sessions.endOthers(desk, caller) }),
      ),
    )
    .delete(
      '/v1/auth/sessions/:id',
      ...door(
        server,
        { summary: 'End a session', tag, who: ['admin'], replies: { 200: SessionsEnded } },
        async ({ c, desk, caller }) => {
          const wanted = { adminId: caller.adminId, id: idFrom(c, 'id') }
          if (!(await sessions.endOne(desk, wanted))) throw new Problem('session_not_found')
          return c.json({ ended: 1 })
        },
      ),
    )
    .post(
      '/v1/auth/password',
      ...door(
        server,
        { summary: "Change one's password", tag, who: ['admin'], body: NewPassword, replies: { 200: PasswordChanged } },
        async ({ c, desk, caller, body }) => {
          await guarded(server, server.address(c), caller.email, () => changePassword(desk, caller, body))
          return c.json({ changed: true })
        },
      ),
    )
}

/** What asks for a password or a code can be guessed at, and so is counted with the sign-ins. */
export async function guarded<T>({ limitLogin }: Server, from: string, email: string, act: () => Promise<T>) {
  await limitLogin.attempt(from, email)
  const done = await act()
  await limitLogin.succeeded(from, email)
  return done
}

type Signed = { adminId: string; sessionId: string; expiresAt: string }

export async function meOf(desk: Desk, { adminId, sessionId, expiresAt }: Signed): Promise<Me> {
  const { db } = desk.database
  const admin = await admins.byId(db, adminId)
  if (!admin) throw new Problem('bad_credential')
  const { programs } = await desk.directory.current()
  return {
    id: admin.id,
    email: admin.email,
    role: admin.role,
    secondFactor: admin.totpConfirmedAt !== null,
    mustEnrol: admin.totpConfirmedAt === null && (await isRequired(db)),
    recoveryCodesLeft: await admins.recoveryCodesLeft(db, adminId),
    sessionId,
    expiresAt,
    programs: [...programs.values()].map(({ id, settings: { name, siteUrl, currency, timeZone, mode, brand } }) => ({
      id,
      name,
      siteUrl,
      currency,
      timeZone,
      mode,
      brand: { logoUrl: brand.logoUrl, accent: brand.accent },
    })),
  }
}
