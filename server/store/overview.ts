import { sql } from 'kysely'
import type { Db } from './schema.ts'

// What waits for somebody's decision. Each of these is asked through an index of what waits, however much has been decided.

const one = async (query: Promise<{ rows: { count: number }[] }>) => Number((await query).rows[0]?.count ?? 0)

/** How many of each kind. */
export async function waiting(db: Db, programId: string) {
  const review = sql`from referrals where program_id = ${programId} and review_at is not null and approved_at is null
    and rejected_at is null and reversed_at is null and capped_at is null and rewarded_at is null`
  const ofPartners = sql<{ count: number }>`select count(*) as count ${review} and partner_id is not null`
  const ofCustomers = sql<{ count: number }>`select count(*) as count ${review} and partner_id is null`
  const held = sql<{ count: number }>`select count(*) as count from commissions
    where program_id = ${programId} and held_at is not null and rejected_at is null and amount <> reversed`
  const proposed = sql<{ count: number }>`select count(*) as count from payouts
    where program_id = ${programId} and paid_at is null and failed_at is null and not exists (
      select 1 from payout_sendings s where s.payout_id = payouts.id and s.state in ('waiting', 'unknown', 'pending'))`
  return {
    heldReferrals: await one(ofPartners.execute(db)),
    rewardsInReview: await one(ofCustomers.execute(db)),
    heldCommissions: await one(held.execute(db)),
    payoutsProposed: await one(proposed.execute(db)),
  }
}

/** Payouts that failed since a moment. */
export function failedPayouts(db: Db, programId: string, since: string) {
  const query = sql<{ count: number }>`select count(*) as count from payouts
    where program_id = ${programId} and paid_at is null and failed_at >= ${since}`
  return one(query.execute(db))
}

/** Leads that somebody holds and that have not become customers of theirs. */
export function openDeals(db: Db, programId: string) {
  const query = sql<{ count: number }>`select count(*) as count from deals where program_id = ${programId} and not exists (
    select 1 from customers c join referrals r on r.program_id = c.program_id and r.customer_id = c.id
    where c.program_id = deals.program_id and c.email_fold = deals.lead_email_fold)`
  return one(query.execute(db))
}
