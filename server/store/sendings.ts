import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Schema } from './schema.ts'

/** A payout that a provider sends, and one call about it. */
export type Sending = Selectable<Schema['payoutSendings']>
export type Attempt = Selectable<Schema['payoutAttempts']>

export function byPayout(db: Db, payoutId: string): Promise<Sending | undefined> {
  return db.selectFrom('payoutSendings').selectAll().where('payoutId', '=', payoutId).executeTakeFirst()
}

/** Every call about a payout that is on record, the first one first. */
export function attemptsOf(db: Db, payoutId: string): Promise<Attempt[]> {
  return db.selectFrom('payoutAttempts').selectAll().where('payoutId', '=', payoutId).orderBy('number').execute()
}

export function insert(db: Db, row: Insertable<Schema['payoutSendings']>): Promise<Sending> {
  return db.insertInto('payoutSendings').values(row).returningAll().executeTakeFirstOrThrow()
}

export function update(db: Db, payoutId: string, change: Updateable<Schema['payoutSendings']>): Promise<Sending> {
  return db.updateTable('payoutSendings').set(change).where('payoutId', '=', payoutId).returningAll().executeTakeFirstOrThrow()
}

/** Those whose time has come and that nobody is at work on, the longest waiting first. */
export async function due(db: Db, { now, limit }: { now: string; limit: number }) {
  const rows = await db
    .selectFrom('payoutSendings')
    .select('payoutId')
    .where('nextAt', '<=', now)
    .where(eb => eb.or([eb('leasedUntil', 'is', null), eb('leasedUntil', '<=', now)]))
    .orderBy('nextAt')
    .orderBy('payoutId')
    .limit(limit)
    .execute()
  return rows.map(each => each.payoutId)
}

/**
 * Takes one that is due, and keeps others from it until `until`: if this process dies, it is due again then. It comes with its
 * number of claims, which every later change asks for. Undefined where another process was quicker.
 */
export function claim(db: Db, payoutId: string, { now, until }: { now: string; until: string }): Promise<Sending | undefined> {
  return db
    .updateTable('payoutSendings')
    .set(eb => ({ leasedUntil: until, claims: eb('claims', '+', 1) }))
    .where('payoutId', '=', payoutId)
    .where('nextAt', '<=', now)
    .where(eb => eb.or([eb('leasedUntil', 'is', null), eb('leasedUntil', '<=', now)]))
    .returningAll()
    .executeTakeFirst()
}

/** Changes one that has been claimed; undefined where it has been claimed again since. */
export function settle(
  db: Db,
  { payoutId, claims }: Pick<Sending, 'payoutId' | 'claims'>,
  change: Updateable<Schema['payoutSendings']>,
): Promise<Sending | undefined> {
  return db
    .updateTable('payoutSendings')
    .set(change)
    .where('payoutId', '=', payoutId)
    .where('claims', '=', claims)
    .returningAll()
    .executeTakeFirst()
}

export async function lastAttempt(db: Db, payoutId: string): Promise<Attempt | undefined> {
  return db
    .selectFrom('payoutAttempts')
    .selectAll()
    .where('payoutId', '=', payoutId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Those of some payouts that are being sent. */
export async function amongThem(db: Db, payoutIds: string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (let i = 0; i < payoutIds.length; i += 500) {
    const rows = await db
      .selectFrom('payoutSendings')
      .select('payoutId')
      .where('payoutId', 'in', payoutIds.slice(i, i + 500))
      .where('state', 'in', ['waiting', 'unknown', 'pending'])
      .execute()
    for (const { payoutId } of rows) found.add(payoutId)
  }
  return found
}

/** Writes down an attempt, numbered after the last. */
export async function addAttempt(db: Db, attempt: Omit<Insertable<Schema['payoutAttempts']>, 'number'>): Promise<number> {
  const number = ((await lastAttempt(db, attempt.payoutId))?.number ?? 0) + 1
  await db
    .insertInto('payoutAttempts')
    .values({ ...attempt, number })
    .execute()
  return number
}

export async function updateAttempt(
  db: Db,
  { payoutId, number }: Pick<Attempt, 'payoutId' | 'number'>,
  change: Updateable<Schema['payoutAttempts']>,
) {
  await db.updateTable('payoutAttempts').set(change).where('payoutId', '=', payoutId).where('number', '=', number).execute()
}

/** Lets those that wait for a provider be tried at once. */
export async function hasten(
  db: Db,
  { programId, provider, now }: { programId: string; provider: Sending['provider']; now: string },
) {
  await db
    .updateTable('payoutSendings')
    .set({ nextAt: now })
    .where('programId', '=', programId)
    .where('provider', '=', provider)
    .where('nextAt', '>', now)
    .execute()
}

/** What the lines of a payout come to. */
export async function sumOfLines(db: Db, payoutId: string) {
  const { rows } = await sql<{ sum: number }>`
    select cast(coalesce(sum(amount), 0) as bigint) as sum from payout_lines where payout_id = ${payoutId}`.execute(db)
  return Number(rows[0]?.sum ?? 0)
}

/** How many are under way, and of how many of them it is not known what has come of them. */
export async function underWay(db: Db) {
  const row = await db
    .selectFrom('payoutSendings')
    .select(({ fn }) => [fn.countAll<number>().as('all'), fn.count<number>('doubtSince').as('unknown')])
    .where('endedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return { all: Number(row.all), unknown: Number(row.unknown) }
}

/** Forgets where a partner's money was sent. */
export async function forgetDestinations(db: Db, partnerId: string) {
  await db
    .updateTable('payoutSendings')
    .set({ destination: null })
    .where('payoutId', 'in', eb => eb.selectFrom('payouts').select('id').where('partnerId', '=', partnerId))
    .execute()
}
