import type { Db } from './schema.ts'

type Span = { from: string; to: string }

/** Partners' referrals with a payment in a span, the next of them by id; with `madeFrom` only those made from then on. */
export function referralsPaidIn(
  db: Db,
  programId: string,
  { paid, madeFrom, after, limit }: { paid: Span; madeFrom: string | null; after: string; limit: number },
) {
  let query = db
    .selectFrom('referrals')
    .select(['id', 'partnerId', 'terms', 'createdAt', 'rejectedAt'])
    .where('programId', '=', programId)
    .where('partnerId', 'is not', null)
    .where('id', '>', after)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('conversions')
          .select('conversions.id')
          .whereRef('conversions.referralId', '=', 'referrals.id')
          .where('conversions.partnerId', 'is not', null)
          .where('occurredAt', '>=', paid.from)
          .where('occurredAt', '<', paid.to),
      ),
    )
  if (madeFrom !== null) query = query.where('createdAt', '>=', madeFrom)
  return query.orderBy('id').limit(limit).execute()
}

/** The payments of some referrals that counted for their partners, at most so many. */
export function paymentsOf(db: Db, referralIds: string[], limit: number) {
  return db
    .selectFrom('conversions')
    .select(['id', 'externalId', 'referralId', 'amount', 'tax', 'discount', 'currency', 'productId', 'occurredAt'])
    .where('referralId', 'in', referralIds)
    .where('partnerId', 'is not', null)
    .limit(limit)
    .execute()
}

/** What is on record of the commissions of some referrals, by payment. */
export async function commissionsOf(db: Db, referralIds: string[]) {
  const rows = await db
    .selectFrom('commissions')
    .select(['conversionId', 'amount', 'reversed', 'currency', 'availableAt', 'rejectedAt'])
    .where('referralId', 'in', referralIds)
    .where('conversionId', 'is not', null)
    .execute()
  return new Map(rows.map(each => [each.conversionId ?? '', each]))
}
