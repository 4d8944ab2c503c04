import { sql } from 'kysely'
import * as codes from './code-figures.ts'
import { compiled } from './compiled.ts'
import type { Db } from './schema.ts'

type Counted = { programId: string; partnerId: string; day: string; code: string }

/**
 * Adds one signup or conversion to a partner's day, the program's day, the partner's month and the code, in the caller's
 * transaction. The order of the four is that in which clicks are counted, or the two would wait for each other.
 */
export async function add(db: Db, what: 'signups' | 'conversions', at: Counted) {
  const { programId, partnerId, day } = at
  const one = { clicks: 0, signups: what === 'signups' ? 1 : 0, conversions: what === 'conversions' ? 1 : 0 }
  const column = sql.ref(what)
  await sql`insert into partner_day (partner_id, day, clicks, signups, conversions)
    values (${partnerId}, ${day}, ${one.clicks}, ${one.signups}, ${one.conversions})
    on conflict (partner_id, day) do update set ${column} = partner_day.${column} + 1`.execute(db)
  await sql`insert into program_day (program_id, day, clicks, signups, conversions)
    values (${programId}, ${day}, ${one.clicks}, ${one.signups}, ${one.conversions})
    on conflict (program_id, day) do update set ${column} = program_day.${column} + 1`.execute(db)
  await sql`insert into partner_month (program_id, month, partner_id, clicks, signups, conversions)
    values (${programId}, ${day.slice(0, 7)}, ${partnerId}, ${one.clicks}, ${one.signups}, ${one.conversions})
    on conflict (program_id, month, partner_id) do update set ${column} = partner_month.${column} + 1`.execute(db)
  await codes.addCount(db, what, at)
}

type Earned = { partnerId: string; referralId: string | null; day: string; currency: string; amount: number }

/** Adds what a partner earned on a day, or lost again, to the partner's day, the program's and the referral's code; minor units. */
export async function addEarned(db: Db, at: Earned) {
  await sql`insert into partner_day_earned (partner_id, day, currency, amount)
    values (${at.partnerId}, ${at.day}, ${at.currency}, ${at.amount})
    on conflict (partner_id, day, currency) do update set amount = partner_day_earned.amount + excluded.amount`.execute(db)
  await sql`insert into program_day_money (program_id, day, currency, revenue, commissions)
    select program_id, ${at.day}, ${at.currency}, 0, ${at.amount} from partners where id = ${at.partnerId}
    on conflict (program_id, day, currency)
    do update set commissions = program_day_money.commissions + excluded.commissions`.execute(db)
  if (at.referralId !== null) await codes.addEarned(db, { ...at, referralId: at.referralId })
}

/** Adds what referred customers paid a program on a day, or got back; minor units, without tax and discount. */
export async function addRevenue(db: Db, at: { programId: string; day: string; currency: string; amount: number }) {
  await sql`insert into program_day_money (program_id, day, currency, revenue, commissions)
    values (${at.programId}, ${at.day}, ${at.currency}, ${at.amount}, 0)
    on conflict (program_id, day, currency) do update set revenue = program_day_money.revenue + excluded.revenue`.execute(db)
}

/** All that a partner's links have brought, from the monthly counts. */
export async function totals(db: Db, partnerId: string) {
  const [row] = await sumsOf(db, { partnerId })
  return { clicks: Number(row?.clicks ?? 0), signups: Number(row?.signups ?? 0), conversions: Number(row?.conversions ?? 0) }
}

const sumsOf = compiled((db, { partnerId }: { partnerId: string }) =>
  db
    .selectFrom('partnerMonth')
    .select(({ fn }) => [
      fn.sum<number>('clicks').as('clicks'),
      fn.sum<number>('signups').as('signups'),
      fn.sum<number>('conversions').as('conversions'),
    ])
    .where('partnerId', '=', partnerId),
)

/** A partner's days from `since` on: those on which something happened. */
export const daysOf = compiled((db, { partnerId, since }: { partnerId: string; since: string }) =>
  db
    .selectFrom('partnerDay')
    .select(['day', 'clicks', 'signups', 'conversions'])
    .where('partnerId', '=', partnerId)
    .where('day', '>=', since),
)

export const earnedByDay = compiled(
  (db, { partnerId, currency, since }: { partnerId: string; currency: string; since: string }) =>
    db
      .selectFrom('partnerDayEarned')
      .select(['day', 'amount'])
      .where('partnerId', '=', partnerId)
      .where('currency', '=', currency)
      .where('day', '>=', since),
)
