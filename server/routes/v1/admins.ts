import { Hono } from 'hono'
import { Invite, MadeInvite, Member, MemberChange, NewInvite, Team, TeamSettings } from '../../contract/admins.ts'
import { AuditList } from '../../contract/audit.ts'
import { CursorQuery } from '../../contract/paging.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import * as team from '../../program/admin-team.ts'
import { isRequired } from '../../program/admin-totp.ts'
import type { Desk } from '../../program/desk.ts'
import * as audit from '../../store/audit.ts'
import * as stored from '../../store/team.ts'
import { shownEntry } from './audit.ts'

const tag = 'Team'

/** Who may sign in, and as what. */
export function adminRoutes(server: Server) {
  return new Hono()
    .get(
      '/v1/team',
      ...door(server, { summary: 'List admins', tag, who: ['admin'], replies: { 200: Team } }, async ({ c, desk, caller }) => {
        const { db } = desk.database
        const [members, invites] = [await stored.members(db), await stored.invites(db, desk.clock().toISOString())]
        return c.json({
          data: members.map(each => shown(each, caller.adminId)),
          invites: invites.map(shownInvite),
          requireSecondFactor: await isRequired(db),
        })
      }),
    )
    .post(
      '/v1/team/invites',
      ...door(
        server,
        { summary: 'Invite an admin', tag, who: ['admin'], body: NewInvite, replies: { 201: MadeInvite } },
        async ({ c, desk, caller, body }) => {
          const linkOf = (token: string) => `${server.publicUrl}/console/invite/${token}`
          const mail = (token: string) => mailOf({ by: caller.email, link: linkOf(token), host: new URL(server.publicUrl).host })
          const made = await team.invite(desk, body, server.sendsMail ? mail : null)
          return c.json({ ...shownInvite(made), link: linkOf(made.token) }, 201)
        },
      ),
    )
    .delete(
      '/v1/team/invites/:id',
      ...door(
        server,
        { summary: 'Take an invitation back', tag, who: ['admin'], replies: { 200: Invite } },
        async ({ c, desk }) => c.json(shownInvite(await team.takeBack(desk, idFrom(c, 'id')))),
      ),
    )
    .patch(
      '/v1/team/settings',
      ...door(
        server,
        { summary: 'Require a second factor', tag, who: ['admin'], body: TeamSettings, replies: { 200: TeamSettings } },
        async ({ c, desk, body }) => {
          await team.requireSecondFactor(desk, body.requireSecondFactor)
          return c.json(body)
        },
      ),
    )
    .patch(
      '/v1/team/:id',
      ...door(
        server,
        { summary: "Change an admin's role", tag, who: ['admin'], body: MemberChange, replies: { 200: Member } },
        async ({ c, desk, caller, body }) => {
          const id = idFrom(c, 'id')
          await team.changeRole(desk, id, body.role)
          return c.json(shown(await memberOf(desk, id), caller.adminId))
        },
      ),
    )
    .delete(
      '/v1/team/:id',
      ...door(
        server,
        { summary: 'Remove an admin', tag, who: ['admin'], replies: { 200: Member } },
        async ({ c, desk, caller }) => {
          const id = idFrom(c, 'id')
          const member = await memberOf(desk, id)
          await team.remove(desk, id)
          return c.json(shown(member, caller.adminId))
        },
      ),
    )
    .get(
      '/v1/audit',
      ...door(
        server,
        { summary: 'Who did what to the team', tag, who: ['admin'], query: CursorQuery, replies: { 200: AuditList } },
        async ({ c, desk, query }) => {
          const page = await audit.page(desk.database.db, null, { limit: query.limit, after: query.cursor ?? null })
          return c.json({ data: page.data.map(shownEntry), nextCursor: page.nextCursor })
        },
      ),
    )
}

async function memberOf(desk: Desk, id: string) {
  const member = (await stored.members(desk.database.db)).find(each => each.id === id)
  if (!member) throw new Problem('admin_not_found')
  return member
}

function shown({ id, email, role, totpConfirmedAt, createdAt, seenAt }: stored.Member, adminId: string): Member {
  return { id, email, role, secondFactor: totpConfirmedAt !== null, createdAt, seenAt, you: id === adminId }
}

type Shown = Pick<stored.Invite, 'id' | 'email' | 'role' | 'createdAt' | 'expiresAt'>

function shownInvite({ id, email, role, createdAt, expiresAt }: Shown): Invite {
  return { id, email, role, createdAt, expiresAt }
}

function mailOf({ by, link, host }: { by: string; link: string; host: string }) {
  const body = [
    `${by} invites you to help run the partner programme on ${host}.`,
    `Open this link within three days and choose a password. It works once.`,
    link,
    'If you do not know what this is about, do nothing.',
  ]
  return { subject: `An invitation to ${host}`, body: `${body.join('\n\n')}\n` }
}
