import type { ExpressionBuilder, Insertable } from 'kysely'
import type { DealStatus } from '../contract/deals.ts'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'

export type Deal = NonNullable<Awaited<ReturnType<typeof byLead>>>

/** Registers a lead; false where somebody holds it. */
export async function insert(db: Db, deal: Insertable<Schema['deals']>) {
  const row = await db
    .insertInto('deals')
    .values(deal)
    .onConflict(on => on.columns(['programId', 'leadEmailFold']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return !!row
}

export function byLead(db: Db, programId: string, leadEmailFold: string) {
  return deals(db).where('programId', '=', programId).where('leadEmailFold', '=', leadEmailFold).executeTakeFirst()
}

/** A partner's deals, newest first. */
export function page(db: Db, partnerId: string, paging: { limit: number; after: string | null }) {
  return readAfter(deals(db).where('partnerId', '=', partnerId), paging)
}

/** A program's deals, of one partner where it is named, newest first. */
export function pageOfProgram(
  db: Db,
  programId: string,
  { partnerId, ...paging }: { partnerId?: string | undefined; limit: number; after: string | null },
) {
  const all = deals(db).where('programId', '=', programId)
  return readAfter(partnerId === undefined ? all : all.where('partnerId', '=', partnerId), paging)
}

/** How far a deal has come. It is not written down anywhere: it follows from what has happened to its lead. */
export function statusOf({ referralId, qualifiedAt, seen }: Pick<Deal, 'referralId' | 'qualifiedAt' | 'seen'>): DealStatus {
  if (qualifiedAt) return 'won'
  return referralId || seen ? 'signed_up' : 'registered'
}

function deals(db: Db) {
  return db
    .selectFrom('deals')
    .selectAll('deals')
    .select(eb => [
      referralOfLead(eb)
        .select(({ fn }) => fn.min('referrals.id').as('id'))
        .as('referralId'),
      referralOfLead(eb)
        .select(({ fn }) => fn.min('referrals.qualifiedAt').as('at'))
        .as('qualifiedAt'),
      unboundLead(eb).as('seen'),
    ])
}

type InDeals = ExpressionBuilder<Schema, 'deals'>

/** The lead as a customer that the same partner has brought. */
function referralOfLead(eb: InDeals) {
  return eb
    .selectFrom('customers')
    .innerJoin('referrals', on =>
      on.onRef('referrals.programId', '=', 'customers.programId').onRef('referrals.customerId', '=', 'customers.id'),
    )
    .whereRef('customers.programId', '=', 'deals.programId')
    .whereRef('customers.emailFold', '=', 'deals.leadEmailFold')
    .whereRef('referrals.partnerId', '=', 'deals.partnerId')
}

/** The lead as a customer that came after the deal and has not been brought by anybody. */
function unboundLead(eb: InDeals) {
  return eb
    .selectFrom('customers')
    .leftJoin('referrals', on =>
      on.onRef('referrals.programId', '=', 'customers.programId').onRef('referrals.customerId', '=', 'customers.id'),
    )
    .select(({ fn }) => fn.min('customers.id').as('id'))
    .whereRef('customers.programId', '=', 'deals.programId')
    .whereRef('customers.emailFold', '=', 'deals.leadEmailFold')
    .whereRef('customers.createdAt', '>=', 'deals.createdAt')
    .where('referrals.id', 'is', null)
}
