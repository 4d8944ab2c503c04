import { type Kysely, sql } from 'kysely'
import type { Database } from '../database.ts'

/**
 * What the forgetting of old clicks asks for: which of them a referral points at and, on PostgreSQL, which are old. Equal
 * keys are kept once there, so that the second index takes some bytes of a click. On SQLite it would take up to a fortieth
 * of a click's time, and is not needed: rows lie there in the order of arrival, and are walked through.
 */
export async function clickRetention(db: Kysely<never>, engine: Database['engine']) {
  await sql`create index referrals_by_click on referrals (click_id)`.execute(db)
  if (engine === 'postgres') await sql`create index clicks_by_day on clicks (program_id, day)`.execute(db)
}
