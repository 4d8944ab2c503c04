import { type Kysely, sql } from 'kysely'
import type { Database } from '../database.ts'

/** Lists of a program's mails, codes and deals are read from their newest on, and what a referral has brought by its id. */
export async function listIndexes(db: Kysely<never>, engine: Database['engine']) {
  await sql`create index mails_of_program on mails (program_id, created_at)`.execute(db)
  await sql`create index codes_by_time on codes (program_id, created_at)`.execute(db)
  await sql`create index deals_by_time on deals (program_id, created_at)`.execute(db)
  await sql`create index credits_of_referral on credit_entries (referral_id)`.execute(db)
  // PostgreSQL would look through all days that there have been; SQLite looks at each partner's, and is faster at that.
  if (engine === 'postgres')
    await sql`create index partner_day_earned_by_day on partner_day_earned (day, currency, partner_id, amount)`.execute(db)
}
