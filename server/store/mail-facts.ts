import type { Db } from './schema.ts'

/** True where a partner has earned by another sale already, held ones aside. */
export async function hasOtherCommission(db: Db, { partnerId, id }: { partnerId: string; id: string }) {
  const found = await db
    .selectFrom('commissions')
    .select('id')
    .where('partnerId', '=', partnerId)
    .where('id', '<>', id)
    .where('conversionId', 'is not', null)
    .where('amount', '>', 0)
    .where('heldAt', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return !!found
}

/** A partner's payouts that were paid between two moments. */
export function paidBetween(db: Db, { partnerId, from, to }: { partnerId: string; from: string; to: string }) {
  return db
    .selectFrom('payouts')
    .select(['amount', 'currency', 'paidAt'])
    .where('partnerId', '=', partnerId)
    .where('paidAt', '>=', from)
    .where('paidAt', '<', to)
    .orderBy('currency')
    .execute()
}

/** What a month brought a partner, counted. */
export async function monthOf(db: Db, { programId, partnerId, month }: { programId: string; partnerId: string; month: string }) {
  const found = await db
    .selectFrom('partnerMonth')
    .select(['clicks', 'signups', 'conversions'])
    .where('programId', '=', programId)
    .where('month', '=', month)
    .where('partnerId', '=', partnerId)
    .executeTakeFirst()
  return found ?? { clicks: 0, signups: 0, conversions: 0 }
}

/** Where those are reached who run the installation. */
export function admins(db: Db) {
  return db.selectFrom('admins').select('email').orderBy('id').execute()
}

/** How often a commission has been told of, which tells its mails apart. */
export async function told(db: Db, { programId, object }: { programId: string; object: string }) {
  const found = await db
    .selectFrom('eventSequences')
    .select('last')
    .where('programId', '=', programId)
    .where('object', '=', object)
    .executeTakeFirst()
  return found?.last ?? 0
}
