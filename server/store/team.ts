import type { Insertable, Selectable } from 'kysely'
import type { Role } from '../contract/roles.ts'
import type { Db, Schema } from './schema.ts'

export type Invite = Selectable<Schema['adminInvites']>

/** Everybody who may sign in, in the order in which they came, and when each was last seen. */
export function members(db: Db) {
  return db
    .selectFrom('admins')
    .selectAll('admins')
    .select(eb =>
      eb
        .selectFrom('adminSessions')
        .select(({ fn }) => fn.max<string | null>('adminSessions.seenAt').as('seen'))
        .whereRef('adminSessions.adminId', '=', 'admins.id')
        .as('seenAt'),
    )
    .orderBy('admins.createdAt')
    .orderBy('admins.id')
    .limit(1_000)
    .execute()
}

export type Member = Awaited<ReturnType<typeof members>>[number]

/**
 * How many owners there are beside somebody. All owners' rows are held until the transaction ends, so that two who take each
 * other's role away at the same moment do not both find that there is another.
 */
export async function otherOwners(db: Db, id: string) {
  await db.updateTable('admins').set({ role: 'owner' }).where('role', '=', 'owner').execute()
  const { count } = await db
    .selectFrom('admins')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('role', '=', 'owner')
    .where('id', '<>', id)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export function setRole(db: Db, id: string, role: Role) {
  return db.updateTable('admins').set({ role }).where('id', '=', id).execute()
}

/** Takes an admin away, with all that lets them in. */
export async function remove(db: Db, id: string) {
  await db.deleteFrom('adminSessions').where('adminId', '=', id).execute()
  await db.deleteFrom('adminRecoveryCodes').where('adminId', '=', id).execute()
  await db.deleteFrom('admins').where('id', '=', id).execute()
}

/** Keeps an invitation; an earlier one to the same address is none any more. */
export async function invite(db: Db, invite: Insertable<Schema['adminInvites']>) {
  await db.deleteFrom('adminInvites').where('emailFold', '=', invite.emailFold).execute()
  await db.insertInto('adminInvites').values(invite).execute()
}

/** Those that may still be taken up. */
export function invites(db: Db, now: string) {
  return db.selectFrom('adminInvites').selectAll().where('expiresAt', '>', now).orderBy('createdAt').orderBy('id').execute()
}

export function inviteBy(db: Db, tokenHash: string, now: string) {
  return db
    .selectFrom('adminInvites')
    .selectAll()
    .where('tokenHash', '=', tokenHash)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
}

/** Takes an invitation away; undefined where it was gone. */
export function takeInvite(db: Db, id: string) {
  return db.deleteFrom('adminInvites').where('id', '=', id).returningAll().executeTakeFirst()
}

export function forgetInvites(db: Db, before: string) {
  return db.deleteFrom('adminInvites').where('expiresAt', '<', before).execute()
}
