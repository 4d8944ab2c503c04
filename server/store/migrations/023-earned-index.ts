import { type Kysely, sql } from 'kysely'

/** Who earned most in a span is added up from this alone, without a look at each row. */
export async function earnedIndex(db: Kysely<never>) {
  await sql`create index partner_day_earned_sums on partner_day_earned (partner_id, day, currency, amount)`.execute(db)
}
