import type { Invite, MadeInvite, Member, MemberChange, NewInvite, Team, TeamSettings } from '../server/contract/admins.ts'
import type { AuditEntry } from '../server/contract/audit.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import type { CursorQuery, In, Listed, Out } from './shapes.ts'

const who = ['admin'] as const
const path = '/v1/team'

/** Who may sign in, and as what, with an owner's token. */
export function team(send: Send) {
  return {
    list: (options?: CallOptions) => send<Out<typeof Team>>('GET', path, { who }, options),
    /** `link` is in this reply and in no other. It works once, for three days. */
    invite: (wanted: In<typeof NewInvite>, options?: CallOptions) =>
      send<Out<typeof MadeInvite>>('POST', `${path}/invites`, { who, body: wanted }, options),
    takeInviteBack: (id: string, options?: CallOptions) =>
      send<Invite>('DELETE', `${path}/invites/${segment(id)}`, { who }, options),
    changeRole: (id: string, role: In<typeof MemberChange>['role'], options?: CallOptions) =>
      send<Member>('PATCH', `${path}/${segment(id)}`, { who, body: { role } }, options),
    /** Their sessions are over at once. */
    remove: (id: string, options?: CallOptions) => send<Member>('DELETE', `${path}/${segment(id)}`, { who }, options),
    settings: (settings: In<typeof TeamSettings>, options?: CallOptions) =>
      send<Out<typeof TeamSettings>>('PATCH', `${path}/settings`, { who, body: settings }, options),
    /** Who changed what of the team, newest first. */
    audit: (query: CursorQuery = {}, options?: CallOptions) =>
      send<Listed<AuditEntry>>('GET', '/v1/audit', { who, query }, options),
  }
}
