import { sql } from 'kysely'
import type { Db } from './schema.ts'

/** What a partner has earned, by referral, month and currency, and by what has become of it. Sums of minor units, exact. */
export async function byReferral(db: Db, partnerId: string, period: string | undefined) {
  let query = db
    .selectFrom('commissions')
    .select(['commissions.referralId', 'commissions.period', 'commissions.currency'])
    .select(sql<number>`case when commissions.rejected_at is null then 0 else 1 end`.as('rejected'))
    // As text, because PostgreSQL's own sum arrives rounded where it is very large.
    .select(sql<string>`cast(sum(commissions.amount) as text)`.as('amount'))
    .select(sql<string>`cast(sum(commissions.reversed) as text)`.as('reversed'))
    .select(sql<string>`cast(sum(commissions.paid_out) as text)`.as('paid'))
    .where('commissions.partnerId', '=', partnerId)
  if (period !== undefined) query = query.where('commissions.period', '=', period)
  const rows = await query.groupBy(['commissions.referralId', 'commissions.period', 'commissions.currency', 'rejected']).execute()
  return rows.map(({ referralId, period, currency, paid, rejected, amount, reversed }) => ({
    referralId,
    period,
    currency,
    amount: BigInt(amount),
    reversed: BigInt(reversed),
    isRejected: rejected === 1,
    paid: BigInt(paid),
  }))
}
