import { type Insertable, sql } from 'kysely'
import type { DealStatus } from '../contract/deals.ts'
import { compiled } from './compiled.ts'
import { newestFirst, readAfter } from './paging.ts'
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

/** The newest of them. */
export const latest = compiled((db, { partnerId, limit }: { partnerId: string; limit: number }) =>
  newestFirst(deals(db).where('partnerId', '=', partnerId)).limit(limit),
)

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
  return db.selectFrom('deals').selectAll('deals').select([referralId, qualifiedAt, seen])
}

const ofLead = sql`from customers c join referrals r on r.program_id = c.program_id and r.customer_id = c.id
  where c.program_id = deals.program_id and c.email_fold = deals.lead_email_fold and r.partner_id = deals.partner_id`

/** The lead as a customer that the same partner has brought. */
const referralId = sql<string | null>`(select min(r.id) ${ofLead})`.as('referralId')
const qualifiedAt = sql<string | null>`(select min(r.qualified_at) ${ofLead})`.as('qualifiedAt')

/** The lead as a customer that came after the deal and has not been brought by anybody. */
const seen = sql<string | null>`(select min(c.id)
  from customers c left join referrals r on r.program_id = c.program_id and r.customer_id = c.id
  where c.program_id = deals.program_id and c.email_fold = deals.lead_email_fold and c.created_at >= deals.created_at
    and r.id is null)`.as('seen')
