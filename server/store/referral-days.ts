import { sql } from 'kysely'
import type { Db } from './schema.ts'

export type Step = 'signups' | 'qualified' | 'rewarded' | 'capped' | 'rejected' | 'credits'

type At = { programId: string; day: string; campaign: string | null }

/** Adds to what became of referrals on a day, in the transaction in which it does. */
export async function add(db: Db, { programId, day, campaign }: At, step: Step, amount = 1) {
  const none = { signups: 0, qualified: 0, rewarded: 0, capped: 0, rejected: 0, credits: 0 }
  const row = { ...none, [step]: amount }
  const column = sql.ref(step)
  await sql`insert into referral_day (program_id, day, campaign, signups, qualified, rewarded, capped, rejected, credits)
    values (${programId}, ${day}, ${campaign ?? ''}, ${row.signups}, ${row.qualified}, ${row.rewarded},
      ${row.capped}, ${row.rejected}, ${row.credits})
    on conflict (program_id, day, campaign) do update set ${column} = referral_day.${column} + ${amount}`.execute(db)
}

export type Range = { from?: string | undefined; to?: string | undefined; campaign?: string | undefined }

/** A program's days on which something became of a referral, of all campaigns together or of one. */
export async function days(db: Db, programId: string, { from, to, campaign }: Range) {
  let query = db.selectFrom('referralDay').where('programId', '=', programId)
  if (from) query = query.where('day', '>=', from)
  if (to) query = query.where('day', '<=', to)
  if (campaign) query = query.where('campaign', '=', campaign)
  return query
    .select('day')
    .select(({ fn }) => [
      fn.sum<number>('signups').as('signups'),
      fn.sum<number>('qualified').as('qualified'),
      fn.sum<number>('rewarded').as('rewarded'),
      fn.sum<number>('capped').as('capped'),
      fn.sum<number>('rejected').as('rejected'),
      fn.sum<number>('credits').as('credits'),
    ])
    .groupBy('day')
    .execute()
}
