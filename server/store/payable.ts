import { sql } from 'kysely'
import type { Commission } from './commissions.ts'
import type { Db } from './schema.ts'

type Wanted = { now: string; currency?: string | undefined; method?: string | undefined }

// What differs from what payouts hold of it, may be paid by its date or by somebody's approval, and is not stopped. An earlier
// release did not hold what came back from a payout while its payment was disputed: it waits all the same.
const due = (now: string) => sql<boolean>`(settled <> amount - reversed and rejected_at is null and held_at is null
  and (available_at <= ${now} or approved_at <= ${now})
  and (settled <> 0 or conversion_id is null or not exists (
    select 1 from disputes join conversions on conversions.program_id = disputes.program_id
      and conversions.external_id = disputes.conversion_external_id
    where conversions.id = commissions.conversion_id and closed_at is null and waived_at is null)))`

/** What each partner of a program is due in each currency; below zero where more was paid than is left. */
export async function byPartner(db: Db, programId: string, { now, currency, method }: Wanted) {
  let query = db
    .selectFrom('commissions')
    .select(['partnerId', 'currency'])
    .select(sql<number>`cast(sum(amount - reversed - settled) as bigint)`.as('amount'))
    .where('programId', '=', programId)
    .where(due(now))
  if (currency !== undefined) query = query.where('currency', '=', currency)
  if (method !== undefined)
    query = query.where('partnerId', 'in', eb =>
      eb.selectFrom('partners').select('id').where('programId', '=', programId).where('payoutMethod', '=', method),
    )
  const rows = await query.groupBy(['partnerId', 'currency']).orderBy('partnerId').orderBy('currency').execute()
  return rows.map(row => ({ ...row, amount: Number(row.amount) }))
}

/**
 * The commissions that one partner is due in one currency, held until the transaction ends and read as they are then,
 * with how many payouts have had a line of each.
 */
export async function hold(db: Db, at: { programId: string; partnerId: string; currency: string; now: string }) {
  const held: Omit<Commission, 'paidAt'>[] = await db
    .updateTable('commissions')
    .set(({ ref }) => ({ settled: ref('settled') }))
    .where('programId', '=', at.programId)
    .where('partnerId', '=', at.partnerId)
    .where('currency', '=', at.currency)
    .where(due(at.now))
    .returningAll()
    .execute()
  const { rows } = await sql<{ commissionId: string; lines: number }>`
    select l.commission_id, count(*) as lines from payout_lines l join commissions c on c.id = l.commission_id
    where c.program_id = ${at.programId} and c.partner_id = ${at.partnerId} and c.currency = ${at.currency}
      and c.settled <> c.amount - c.reversed and c.rejected_at is null
    group by l.commission_id`.execute(db)
  const lines = new Map(rows.map(each => [each.commissionId, Number(each.lines)]))
  const byTime = (a: { occurredAt: string; id: string }, b: { occurredAt: string; id: string }) =>
    `${a.occurredAt} ${a.id}` < `${b.occurredAt} ${b.id}` ? -1 : 1
  return held.sort(byTime).map(each => ({ ...each, lines: lines.get(each.id) ?? 0 }))
}
