import { sql } from 'kysely'
import type { Db } from './schema.ts'

// What is kept beside the journal so that nobody has to add it up, a page at a time.

type Page = { after: string; limit: number }
type Row = { at: string; partnerId: string; currency: string; amount: number }

/** When which months were closed. */
export async function closedPeriods(db: Db, programId: string) {
  const rows = await db
    .selectFrom('periods')
    .select(['period', 'closedAt'])
    .where('programId', '=', programId)
    .where('closedAt', 'is not', null)
    .execute()
  return new Map(rows.map(each => [each.period, each.closedAt]))
}

/** The next payouts of a program, by id. */
export function payouts(db: Db, programId: string, { after, limit }: Page) {
  return db
    .selectFrom('payouts')
    .select(['id', 'partnerId', 'amount', 'currency', 'paidAt', 'failedAt'])
    .where('programId', '=', programId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** What the lines of some payouts come to, and what the journal has booked for each. */
export async function aroundPayouts(db: Db, programId: string, ids: string[]) {
  const lines = await db
    .selectFrom('payoutLines')
    .select(['payoutId', ({ fn }) => fn.countAll<number>().as('count'), ({ fn }) => fn.max('position').as('last')])
    .select(sql<number>`cast(sum(amount) as bigint)`.as('amount'))
    .where('payoutId', 'in', ids)
    .groupBy('payoutId')
    .execute()
  const keys = ids.flatMap(id => ['created', 'paid', 'failed'].map(act => `payout_${act}:${id}`))
  const { rows } = await sql<{ key: string; account: string; amount: number }>`
    select t.key, e.account, cast(sum(e.amount) as bigint) as amount
    from journal_transactions t join journal_entries e on e.transaction_id = t.id
    where t.program_id = ${programId} and t.key in (${sql.join(keys)})
      and e.account in ('partner_payable', 'partner_paid') group by t.key, e.account`.execute(db)
  const byPayout = new Map(lines.map(each => [each.payoutId, each]))
  const booked = Map.groupBy(rows, each => each.key.slice(each.key.indexOf(':') + 1))
  return (id: string) => {
    const { count = 0, last = -1, amount = 0 } = byPayout.get(id) ?? {}
    const of = (account: string) =>
      (booked.get(id) ?? []).filter(each => each.account === account).reduce((sum, each) => sum + Number(each.amount), 0)
    const numbers = { count: Number(count), last: Number(last), amount: Number(amount) }
    return { lines: numbers, payable: of('partner_payable'), paid: of('partner_paid') }
  }
}

/** What is owed by the day on which it falls due. */
export async function owed(db: Db, programId: string, { after, limit }: Page): Promise<(Row & { after: string })[]> {
  const [currency = '', availableOn = ''] = after.split(' ')
  const rows = await db
    .selectFrom('programOwed')
    .select(['currency', 'availableOn', 'amount'])
    .where('programId', '=', programId)
    .where(after === '' ? sql<boolean>`true` : sql<boolean>`(currency, available_on) > (${currency}, ${availableOn})`)
    .orderBy('currency')
    .orderBy('availableOn')
    .limit(limit)
    .execute()
  return rows.map(each => ({
    ...{ at: each.availableOn, partnerId: '', currency: each.currency, amount: each.amount },
    after: `${each.currency} ${each.availableOn}`,
  }))
}

/** What partners earned by month. */
export async function months(db: Db, programId: string, { after, limit }: Page): Promise<(Row & { after: string })[]> {
  const [period = '', partnerId = '', currency = ''] = after.split(' ')
  const rows = await db
    .selectFrom('partnerPeriods')
    .select(['period', 'partnerId', 'currency', 'amount'])
    .where('programId', '=', programId)
    .where(
      after === '' ? sql<boolean>`true` : sql<boolean>`(period, partner_id, currency) > (${period}, ${partnerId}, ${currency})`,
    )
    .orderBy('period')
    .orderBy('partnerId')
    .orderBy('currency')
    .limit(limit)
    .execute()
  return rows.map(({ period: at, ...each }) => ({ at, ...each, after: `${at} ${each.partnerId} ${each.currency}` }))
}

/** What the next partners earned on all their days, by currency; one without any has a row of nothing. */
export async function days(db: Db, programId: string, { after, limit }: Page): Promise<Row[]> {
  const { rows } = await sql<{ partnerId: string; currency: string | null; amount: number | null }>`
    select p.id as partner_id, d.currency, cast(sum(d.amount) as bigint) as amount
    from (select id from partners where program_id = ${programId} and id > ${after} order by id limit ${limit}) p
    left join partner_day_earned d on d.partner_id = p.id group by p.id, d.currency order by p.id`.execute(db)
  return rows.map(({ partnerId, currency, amount }) => ({
    at: '',
    partnerId,
    currency: currency ?? '',
    amount: Number(amount ?? 0),
  }))
}

/** What all partners of a program earned on all its days, by currency. */
export async function programDays(db: Db, programId: string): Promise<Row[]> {
  const { rows } = await sql<{ currency: string; amount: number }>`
    select currency, cast(sum(commissions) as bigint) as amount from program_day_money
    where program_id = ${programId} group by currency`.execute(db)
  return rows.map(each => ({ at: '', partnerId: '', currency: each.currency, amount: Number(each.amount) }))
}
