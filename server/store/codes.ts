import type { Insertable } from 'kysely'
import { foldCode } from '../rules/code.ts'
import type { Db, Schema } from './schema.ts'

/** Takes a code; false where it is taken. A code once taken is never free again. */
export async function take(db: Db, code: Omit<Insertable<Schema['codes']>, 'codeFold'>) {
  const row = await db
    .insertInto('codes')
    .values({ ...code, codeFold: foldCode(code.code) })
    .onConflict(on => on.columns(['programId', 'codeFold']).doNothing())
    .returning('code')
    .executeTakeFirst()
  return !!row
}

/** A code with whom it belongs to, retired or not. */
export function find(db: Db, programId: string, code: string) {
  return db
    .selectFrom('codes')
    .leftJoin('partners', 'partners.id', 'codes.partnerId')
    .select(['codes.code', 'codes.codeFold', 'codes.partnerId', 'codes.customerId', 'codes.retiredAt'])
    .select(['partners.ratePpm', 'partners.deactivatedAt as partnerDeactivatedAt', 'partners.customerId as partnerCustomerId'])
    .where('codes.programId', '=', programId)
    .where('codes.codeFold', '=', foldCode(code))
    .executeTakeFirst()
}

/** A partner's codes that are in use, oldest first. */
export function ofPartner(db: Db, partnerId: string) {
  return db
    .selectFrom('codes')
    .select(['code', 'label', 'createdAt'])
    .where('partnerId', '=', partnerId)
    .where('retiredAt', 'is', null)
    .orderBy('createdAt')
    .orderBy('codeFold')
    .limit(100)
    .execute()
}
