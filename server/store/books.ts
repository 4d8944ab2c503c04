import { sql } from 'kysely'
import type { Db } from './schema.ts'

// What a check of the books reads, a page at a time and each page by an index.

type Page = { after: string; limit: number }

/** How transactions were sealed, or with which hash they wait for it; by id. */
export async function sealsOf(db: Db, programId: string, ids: string[]) {
  if (!ids.length) return new Map<string, { content: string | null }>()
  const sealed = await db
    .selectFrom('journalSeals')
    .select(['transactionId', 'content'])
    .where('transactionId', 'in', ids)
    .execute()
  const waiting = await db
    .selectFrom('journalWaiting')
    .select(['transactionId', 'content'])
    .where('programId', '=', programId)
    .where('transactionId', 'in', ids)
    .execute()
  return new Map<string, { content: string | null }>([...waiting, ...sealed].map(each => [each.transactionId, each]))
}

/** Whose commissions are, by id. */
export async function ownersOf(db: Db, programId: string, ids: string[]) {
  if (!ids.length) return new Map<string, { partnerId: string; currency: string }>()
  const rows = await db
    .selectFrom('commissions')
    .select(['id', 'partnerId', 'currency'])
    .where('programId', '=', programId)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(each => [each.id, each]))
}

/** The next commissions of a program, by id. */
export function commissions(db: Db, programId: string, { after, limit }: Page) {
  return db
    .selectFrom('commissions')
    .selectAll()
    .where('programId', '=', programId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** What the journal has of some commissions: `first` is 1 for what their first transaction booked. */
export async function booked(db: Db, ids: string[]) {
  const { rows } = await sql<{
    commissionId: string
    account: string
    availableAt: string | null
    first: number
    amount: number
  }>`
    select e.commission_id, e.account, e.available_at,
      case when t.kind in ('commission_earned', 'commission_adjusted') then 1 else 0 end as first,
      cast(sum(e.amount) as bigint) as amount
    from journal_entries e join journal_transactions t on t.id = e.transaction_id
    where e.commission_id in (${sql.join(ids)})
    group by e.commission_id, e.account, e.available_at, case when t.kind in ('commission_earned', 'commission_adjusted') then 1 else 0 end`.execute(
    db,
  )
  return Map.groupBy(
    rows.map(each => ({ ...each, amount: Number(each.amount), first: Number(each.first) })),
    each => each.commissionId,
  )
}

/** The lines that some commissions have in payouts, with what became of those. */
export async function linesOf(db: Db, ids: string[]) {
  const rows = await db
    .selectFrom('payoutLines')
    .innerJoin('payouts', 'payouts.id', 'payoutLines.payoutId')
    .select(['commissionId', 'payoutId', 'number', 'payoutLines.amount', 'paidAt', 'failedAt'])
    .where('commissionId', 'in', ids)
    .execute()
  return Map.groupBy(rows, each => each.commissionId)
}

/** How often each act was decided on some commissions. */
export async function decisionsOf(db: Db, ids: string[]) {
  const rows = await db
    .selectFrom('commissionDecisions')
    .select(['commissionId', 'act', ({ fn }) => fn.countAll<number>().as('times')])
    .where('commissionId', 'in', ids)
    .groupBy(['commissionId', 'act'])
    .execute()
  return Map.groupBy(rows, each => each.commissionId)
}

/** The payments behind some commissions, with everything that is known of them. */
export async function salesOf(db: Db, programId: string, conversionIds: string[]) {
  // PostgreSQL takes no empty list.
  if (!conversionIds.length) return new Map<string, never>()
  const sales = await db
    .selectFrom('conversions')
    .select(['id', 'externalId', 'amount', 'discount'])
    .where('programId', '=', programId)
    .where('id', 'in', conversionIds)
    .execute()
  const of = ['programId', '=', programId] as const
  const under = ['conversionExternalId', 'in', sales.map(each => each.externalId)] as const
  const refunds = bySale(
    await db
      .selectFrom('refunds')
      .selectAll()
      .where(...of)
      .where(...under)
      .execute(),
  )
  const totals = bySale(
    await db
      .selectFrom('refundTotals')
      .selectAll()
      .where(...of)
      .where(...under)
      .execute(),
  )
  const failures = bySale(
    await db
      .selectFrom('refundFailures')
      .selectAll()
      .where(...of)
      .where(...under)
      .execute(),
  )
  const disputes = bySale(
    await db
      .selectFrom('disputes')
      .selectAll()
      .where(...of)
      .where(...under)
      .execute(),
  )
  return new Map(
    sales.map(({ id, externalId, ...sale }) => [
      id,
      {
        ...sale,
        refunds: refunds.get(externalId) ?? [],
        totals: totals.get(externalId) ?? [],
        failures: failures.get(externalId) ?? [],
        disputes: disputes.get(externalId) ?? [],
      },
    ]),
  )
}

function bySale<T extends { conversionExternalId: string }>(rows: T[]) {
  return Map.groupBy(rows, each => each.conversionExternalId)
}
