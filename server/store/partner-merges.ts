import { sql } from 'kysely'
import type { Commission } from './commissions.ts'
import type { Db } from './schema.ts'

type Two = { programId: string; from: string; into: string }

/** Into whom the partners of a program have been merged, by whom. Only those that have been. */
export async function all(db: Db, programId: string) {
  const rows = await db
    .selectFrom('partners')
    .select(['id', 'mergedInto'])
    .where('programId', '=', programId)
    .where('mergedInto', 'is not', null)
    .execute()
  return new Map(rows.map(each => [each.id, each.mergedInto as string]))
}

/** Who has what a partner would have: itself, or whoever it has been merged into in the end. */
export async function heirOf(db: Db, partnerId: string) {
  for (let id = partnerId; ; ) {
    const row = await db.selectFrom('partners').select('mergedInto').where('id', '=', id).executeTakeFirst()
    if (!row?.mergedInto) return id
    id = row.mergedInto
  }
}

/** Gives all of one partner's referrals, codes or deals to another. Returns how many there were. */
export async function give(db: Db, table: 'referrals' | 'codes' | 'deals', { programId, from, into }: Two) {
  const { numAffectedRows } = await sql`update ${sql.table(table)} set partner_id = ${into}
    where program_id = ${programId} and partner_id = ${from}`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** Holds every commission of a partner until the transaction ends: what others are doing to them is done, and known. */
export async function holdCommissions(db: Db, programId: string, partnerId: string) {
  await db
    .updateTable('commissions')
    .set(({ ref }) => ({ settled: ref('settled') }))
    .where('programId', '=', programId)
    .where('partnerId', '=', partnerId)
    .execute()
}

// What is neither all in payouts, nor rejected, nor taken back: something of it is owed, held, or owed back.
const hasBalance = sql<boolean>`((case when rejected_at is null then amount - reversed else 0 end) <> settled
  or (held_at is not null and rejected_at is null and amount <> reversed))`

/** Some of a partner's commissions that have a balance. */
export function withBalance(db: Db, { programId, partnerId, limit }: OfOne & { limit: number }) {
  return db
    .selectFrom('commissions')
    .selectAll()
    .where('programId', '=', programId)
    .where('partnerId', '=', partnerId)
    .where(hasBalance)
    .orderBy('id')
    .limit(limit)
    .execute()
}

type OfOne = { programId: string; partnerId: string }

/** How many codes, referrals or deals a partner has, those that are over too. */
export async function count(db: Db, table: 'referrals' | 'codes' | 'deals', { programId, partnerId }: OfOne) {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}
    where program_id = ${programId} and partner_id = ${partnerId}`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

export async function countWithBalance(db: Db, { programId, partnerId }: OfOne) {
  const { count } = await db
    .selectFrom('commissions')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('programId', '=', programId)
    .where('partnerId', '=', partnerId)
    .where(hasBalance)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The commissions are owed to another from now on, and go on being what the first one earned. */
export async function giveCommissions(db: Db, some: Pick<Commission, 'id'>[], { from, into }: Pick<Two, 'from' | 'into'>) {
  await db
    .updateTable('commissions')
    .set(({ fn, val }) => ({ partnerId: into, earnedBy: fn.coalesce('earnedBy', val(from)) }))
    .where(
      'id',
      'in',
      some.map(each => each.id),
    )
    .execute()
}

export type Balance = { currency: string; pending: number; approved: number; held: number }

/** What a partner is owed that is in no payout, by currency; below zero where it owes. Minor units. */
export async function balances(db: Db, partnerId: string, now: string): Promise<Balance[]> {
  const part = (when: ReturnType<typeof sql>) => sql<number>`cast(sum(case when ${when} then amount else 0 end) as bigint)`
  const rows = await db
    .selectFrom('journalEntries')
    .select('currency')
    .select(part(sql`account = 'partner_earnings' and available_at > ${now}`).as('pending'))
    .select(part(sql`account = 'partner_earnings' and available_at <= ${now}`).as('approved'))
    .select(part(sql`account = 'partner_held'`).as('held'))
    .where('partnerId', '=', partnerId)
    .where('account', 'in', ['partner_earnings', 'partner_held'])
    .groupBy('currency')
    .orderBy('currency')
    .execute()
  return rows
    .map(({ currency, ...each }) => ({
      currency,
      pending: Number(each.pending),
      approved: Number(each.approved),
      held: Number(each.held),
    }))
    .filter(each => each.pending !== 0 || each.approved !== 0 || each.held !== 0)
}

/** Stops every key of a partner for good. */
export async function revokeKeys(db: Db, partnerId: string, revokedAt: string) {
  await db
    .updateTable('partnerKeys')
    .set({ revokedAt })
    .where('partnerId', '=', partnerId)
    .where('revokedAt', 'is', null)
    .execute()
}
