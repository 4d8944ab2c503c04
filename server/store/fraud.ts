import { sql } from 'kysely'
import type { Db } from './schema.ts'

type Owner = { partnerId: string } | { referrerCustomerId: string }

/** How many signups somebody has brought since a moment; no more than `most` are counted. */
export async function signupsSince(db: Db, owner: Owner, since: string, most: number) {
  const query = db.selectFrom('referrals').select('id').where('createdAt', '>', since).limit(most)
  const found =
    'partnerId' in owner
      ? query.where('partnerId', '=', owner.partnerId)
      : query.where('referrerCustomerId', '=', owner.referrerCustomerId)
  const { count } = await db
    .selectFrom(found.as('found'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The customer who referred another, by a code of its own or as a partner; undefined where nobody did. */
export async function referrerOf(db: Db, programId: string, customerId: string) {
  const row = await db
    .selectFrom('referrals')
    .leftJoin('partners', 'partners.id', 'referrals.partnerId')
    .select(sql<string | null>`coalesce(referrals.referrer_customer_id, partners.customer_id)`.as('referrer'))
    .where('referrals.programId', '=', programId)
    .where('referrals.customerId', '=', customerId)
    .executeTakeFirst()
  return row?.referrer ?? undefined
}

/** The visitor through whose click a customer was referred. */
export async function visitorOf(db: Db, programId: string, customerId: string) {
  const row = await db
    .selectFrom('referrals')
    .innerJoin('clicks', 'clicks.id', 'referrals.clickId')
    .select('clicks.visitor')
    .where('referrals.programId', '=', programId)
    .where('referrals.customerId', '=', customerId)
    .executeTakeFirst()
  return row?.visitor
}
