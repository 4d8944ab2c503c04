import { sql } from 'kysely'
import { inMonths, type Span } from '../rules/span.ts'
import { compiled } from './compiled.ts'
import type { Db } from './schema.ts'

// Everything here comes from counts that are kept as things happen. Clicks themselves are never read. A "cross join" is one
// whose order SQLite keeps: days are looked up for each of a program's partners.

/** A program's days on which something happened, in order. */
export const days = (db: Db, programId: string, { from, to }: Span) => daysOf(db, { programId, from, to })

const daysOf = compiled((db, { programId, from, to }: Span & { programId: string }) =>
  db
    .selectFrom('programDay')
    .select(['day', 'clicks', 'signups', 'conversions'])
    .where('programId', '=', programId)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .orderBy('day'),
)

/** What was paid and earned by day and currency, in order. */
export const money = (db: Db, programId: string, { from, to }: Span) => moneyOf(db, { programId, from, to })

const moneyOf = compiled((db, { programId, from, to }: Span & { programId: string }) =>
  db
    .selectFrom('programDayMoney')
    .select(['day', 'currency', 'revenue', 'commissions'])
    .where('programId', '=', programId)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .orderBy('day')
    .orderBy('currency'),
)

type Top = {
  id: string
  slug: string
  email: string
  firstName: string | null
  lastName: string | null
  clicks: number
  signups: number
  conversions: number
}

type Wanted = { currency: string; limit: number }

/**
 * The partners that brought most: by what they earned in `currency`, then by conversions, signups and clicks. Whole
 * months come from the counts by month, so that a year costs no more than its months.
 */
export async function top(db: Db, programId: string, span: Span, { currency, limit }: Wanted) {
  const leaders = await leadersOf(db, programId, span, { currency, limit })
  const among = (column: string) => (leaders ? sql`${sql.ref(column)} in (${sql.join(leaders)})` : sql`true`)
  const { months, days } = inMonths(span)
  const parts = days.map(
    ({ from, to }) => sql`
      select d.partner_id, d.clicks, d.signups, d.conversions, 0 as earned from partners p cross join partner_day d
      where p.program_id = ${programId} and d.partner_id = p.id and d.day between ${from} and ${to} and ${among('p.id')}`,
  )
  if (months)
    parts.push(sql`
      select m.partner_id, m.clicks, m.signups, m.conversions, 0 as earned from partner_month m
      where ${leaders ? among('m.partner_id') : sql`m.program_id = ${programId}`}
        and m.month between ${months.from} and ${months.to}`)
  parts.push(sql`
    select e.partner_id, 0, 0, 0, e.amount from partners p cross join partner_day_earned e
    where p.program_id = ${programId} and e.partner_id = p.id and e.day between ${span.from} and ${span.to} and e.currency = ${currency}
      and ${among('p.id')}`)
  const { rows } = await sql<Top>`
    select p.id, p.slug, p.email, p.first_name, p.last_name, s.clicks, s.signups, s.conversions
    from (
      select partner_id, sum(clicks) as clicks, sum(signups) as signups, sum(conversions) as conversions, sum(earned) as earned
      from (${sql.join(parts, sql` union all `)}) as parts group by partner_id
      order by earned desc, conversions desc, signups desc, clicks desc, partner_id limit ${limit}
    ) as s join partners p on p.id = s.partner_id
    order by s.earned desc, s.conversions desc, s.signups desc, s.clicks desc, p.id`.execute(db)
  return rows.map(row => ({
    ...row,
    clicks: Number(row.clicks),
    signups: Number(row.signups),
    conversions: Number(row.conversions),
  }))
}

/**
 * Where enough partners have earned something, only those can be among the first: who they are, so that nobody else's days
 * have to be added up. Undefined where that is not decided by what was earned alone.
 */
async function leadersOf(db: Db, programId: string, span: Span, { currency, limit }: Wanted) {
  const most = 3 * limit
  const rows = await earnersOf(db, { programId, from: span.from, to: span.to, currency, most })
  const last = rows[limit - 1]
  if (!last) return undefined
  // Who has earned as much as the last of them may come before it by what it brought.
  const leaders = rows.filter(each => each.earned >= last.earned).map(each => each.partnerId)
  return leaders.length < most ? leaders : undefined
}

type Earning = { programId: string; from: string; to: string; currency: string; most: number }

const earnersOf = compiled(
  (_, { programId, from, to, currency, most }: Earning) => sql<{ partnerId: string; earned: number }>`
    select p.id as partner_id, cast(sum(e.amount) as bigint) as earned
    from partners p cross join partner_day_earned e
    where p.program_id = ${programId} and e.partner_id = p.id and e.day between ${from} and ${to} and e.currency = ${currency}
    group by p.id having sum(e.amount) > 0 order by earned desc limit ${most}`,
)

/** What some partners earned in a span, by currency. */
export function earned(db: Db, partnerIds: string[], { from, to }: Span) {
  return db
    .selectFrom('partnerDayEarned')
    .select(['partnerId', 'currency'])
    .select(({ fn }) => fn.sum<number>('amount').as('amount'))
    .where('partnerId', 'in', partnerIds)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .groupBy(['partnerId', 'currency'])
    .orderBy('currency')
    .execute()
}

/** How many partners are in which state, and how many applications wait for somebody to decide. */
export async function standing(db: Db, programId: string) {
  const [[partners], [applications]] = await Promise.all([partnersOf(db, { programId }), undecidedOf(db, { programId })])
  const [all, active, deactivated] = [partners?.all, partners?.active, partners?.deactivated].map(Number) as [
    number,
    number,
    number,
  ]
  return {
    partners: { invited: all - active - deactivated, active, deactivated },
    applications: { pending: Number(applications?.pending) },
  }
}

const partnersOf = compiled((db, { programId }: { programId: string }) =>
  db
    .selectFrom('partners')
    .select(({ fn }) => fn.countAll<number>().as('all'))
    .select(({ fn }) => fn.count<number>('deactivatedAt').as('deactivated'))
    .select(sql<number>`count(case when deactivated_at is null and activated_at is not null then 1 end)`.as('active'))
    .where('programId', '=', programId),
)

const undecidedOf = compiled((db, { programId }: { programId: string }) =>
  db
    .selectFrom('applications')
    .select(({ fn }) => fn.countAll<number>().as('pending'))
    .where('programId', '=', programId)
    .where('decision', 'is', null),
)

/**
 * What is owed to all partners, by currency: approved where it may be paid, pending where its time is to come, held where
 * somebody has stopped it.
 */
export async function owed(db: Db, programId: string, now: string) {
  const today = now.slice(0, 10)
  // What becomes payable later today stands in the day's sum already.
  const [sums, later] = await Promise.all([
    owedOn(db, { programId, today }),
    payableLater(db, { programId, now, end: `${today}T99` }),
  ])
  return sums.map(({ currency, pending, approved, held }) => {
    const waiting = Number(later.find(each => each.currency === currency)?.amount ?? 0)
    return { currency, pending: Number(pending) + waiting, approved: Number(approved) - waiting, held: Number(held) }
  })
}

const owedOn = compiled((db, { programId, today }: { programId: string; today: string }) =>
  db
    .selectFrom('programOwed')
    .select('currency')
    .select(
      sql<number>`cast(sum(case when available_on > ${today} and available_on <> 'held' then amount else 0 end) as bigint)`.as(
        'pending',
      ),
    )
    .select(sql<number>`cast(sum(case when available_on > ${today} then 0 else amount end) as bigint)`.as('approved'))
    .select(sql<number>`cast(sum(case when available_on = 'held' then amount else 0 end) as bigint)`.as('held'))
    .where('programId', '=', programId)
    .groupBy('currency')
    .orderBy('currency'),
)

const payableLater = compiled((db, { programId, now, end }: { programId: string; now: string; end: string }) =>
  db
    .selectFrom('journalEntries')
    .select('currency')
    .select(({ fn }) => fn.sum<number>('amount').as('amount'))
    .where('programId', '=', programId)
    .where('account', '=', 'partner_earnings')
    .where('availableAt', '>', now)
    .where('availableAt', '<', end)
    .groupBy('currency'),
)
