import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Db, Schema } from './schema.ts'

export type Reward = Selectable<Schema['rewards']>

export function insert(db: Db, reward: Insertable<Schema['rewards']>) {
  return db.insertInto('rewards').values(reward).returningAll().executeTakeFirstOrThrow()
}

export function update(db: Db, id: string, change: Updateable<Schema['rewards']>) {
  return db.updateTable('rewards').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

export function byId(db: Db, id: string) {
  return db.selectFrom('rewards').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The rewards of some referrals, a referrer's before those of whom it referred. */
export async function ofReferrals(db: Db, referralIds: string[]) {
  if (!referralIds.length) return []
  const found = await db.selectFrom('rewards').selectAll().where('referralId', 'in', referralIds).orderBy('id').execute()
  return found.sort((a, b) => (a.role === b.role ? 0 : a.role === 'referrer' ? -1 : 1))
}

/** How many referrals a customer is owed rewards for, or has had them for; those that were reversed do not count. */
export async function owedTo(db: Db, referrerCustomerId: string) {
  const { count } = await db
    .selectFrom('referrals')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('referrerCustomerId', '=', referrerCustomerId)
    .where('owedAt', 'is not', null)
    .where('reversedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/**
 * Takes one reward that is to be granted, and keeps others from it until `until`: if this process dies, it can be
 * taken again then. Undefined where somebody else has it, or nothing is left to do.
 */
export function claim(db: Db, id: string, { now, until }: { now: string; until: string }) {
  return db
    .updateTable('rewards')
    .set(eb => ({ leasedUntil: until, lastAttemptAt: now, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .where('nextAttemptAt', 'is not', null)
    .where(eb => eb.or([eb('leasedUntil', 'is', null), eb('leasedUntil', '<=', now)]))
    .returningAll()
    .executeTakeFirst()
}

/** What of a program's would be tried again up to a moment is due now. */
export function bringForward(db: Db, programId: string, { now, upTo }: { now: string; upTo: string }) {
  return db
    .updateTable('rewards')
    .set({ nextAttemptAt: now })
    .where('programId', '=', programId)
    .where('nextAttemptAt', '>', now)
    .where('nextAttemptAt', '<=', upTo)
    .execute()
}

/** The programs that have any whose time has come. */
export function programsWithDue(db: Db, now: string) {
  return db.selectFrom('rewards').select('programId').distinct().where('nextAttemptAt', '<=', now).execute()
}

/** A program's whose time has come and that nobody is at work on, the longest waiting first. */
export function due(db: Db, programId: string, { now, limit }: { now: string; limit: number }) {
  return db
    .selectFrom('rewards')
    .select('id')
    .where('programId', '=', programId)
    .where('nextAttemptAt', '<=', now)
    .where(eb => eb.or([eb('leasedUntil', 'is', null), eb('leasedUntil', '<=', now)]))
    .orderBy('nextAttemptAt')
    .limit(limit)
    .execute()
}

/** All of a program's that are not granted yet and that nobody is at work on, whether or not their time has come. */
export function outstanding(db: Db, programId: string, { now, limit }: { now: string; limit: number }) {
  return db
    .selectFrom('rewards')
    .select(['id'])
    .where('programId', '=', programId)
    .where('nextAttemptAt', 'is not', null)
    .where(eb => eb.or([eb('leasedUntil', 'is', null), eb('leasedUntil', '<=', now)]))
    .orderBy('nextAttemptAt')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** How many of a program's are not granted yet. */
export async function countOutstanding(db: Db, programId: string) {
  const { count } = await db
    .selectFrom('rewards')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('programId', '=', programId)
    .where('nextAttemptAt', 'is not', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** All credits that a customer has been granted and that were not taken back. */
export async function creditsEarned(db: Db, customerId: string) {
  const row = await db
    .selectFrom('rewards')
    .select(({ fn }) => fn.sum<number>('credits').as('credits'))
    .where('customerId', '=', customerId)
    .where('grantedAt', 'is not', null)
    .where('reversedAt', 'is', null)
    .executeTakeFirst()
  return Number(row?.credits ?? 0)
}
