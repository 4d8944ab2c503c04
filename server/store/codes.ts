import type { Insertable } from 'kysely'
import { foldCode } from '../rules/code.ts'
import { compiled } from './compiled.ts'
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

/** All of a partner's codes, the retired ones too, newest first. */
export function everyOne(db: Db, partnerId: string) {
  return db
    .selectFrom('codes')
    .select(['code', 'label', 'createdAt', 'retiredAt'])
    .where('partnerId', '=', partnerId)
    .orderBy('createdAt', 'desc')
    .orderBy('codeFold')
    .execute()
}

/** How many codes a partner has had, and how many of them are in use. */
export async function count(db: Db, partnerId: string) {
  const row = await db
    .selectFrom('codes')
    .select(({ fn }) => [fn.countAll<number>().as('all'), fn.count<number>('retiredAt').as('retired')])
    .where('partnerId', '=', partnerId)
    .executeTakeFirstOrThrow()
  return { all: Number(row.all), inUse: Number(row.all) - Number(row.retired) }
}

/** Takes a partner's code out of use, for ever. One that is retired keeps the time at which it was. */
export function retire(db: Db, { programId, code, retiredAt }: { programId: string; code: string; retiredAt: string }) {
  return db
    .updateTable('codes')
    .set(({ fn, val }) => ({ retiredAt: fn.coalesce('retiredAt', val(retiredAt)) }))
    .where('programId', '=', programId)
    .where('codeFold', '=', foldCode(code))
    .returning(['code', 'label', 'createdAt', 'retiredAt'])
    .executeTakeFirstOrThrow()
}

/** A partner's codes that are in use, oldest first. */
export const ofPartner = compiled((db, { partnerId }: { partnerId: string }) =>
  db
    .selectFrom('codes')
    .select(['code', 'label', 'createdAt'])
    .where('partnerId', '=', partnerId)
    .where('retiredAt', 'is', null)
    .orderBy('createdAt')
    .orderBy('codeFold')
    .limit(100),
)

/** A customer's own code: of several, the first. */
export function ofCustomer(db: Db, programId: string, customerId: string) {
  return db
    .selectFrom('codes')
    .select(['code'])
    .where('programId', '=', programId)
    .where('customerId', '=', customerId)
    .where('retiredAt', 'is', null)
    .orderBy('createdAt')
    .orderBy('codeFold')
    .executeTakeFirst()
}
