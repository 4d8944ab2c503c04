import { type Kysely, sql } from 'kysely'
import { dayOf } from '../../rules/period.ts'

const PAGE = 1_000

type Sale = { id: string; programId: string; currency: string; occurredAt: string; amount: number; settings: string }

// What is kept beside the journal since 007 and 008, for programs that have worked longer than that. Of one that began
// later all of it is there, and nothing is written.
const statements = [
  `insert into sales (program_id, external_id)
    select program_id, external_id from conversions c
    where not exists (select 1 from sales s where s.program_id = c.program_id and s.external_id = c.external_id)`,
  `update conversions set partner_id = (
      select partner_id from commissions where conversion_id = conversions.id order by id limit 1)
    where partner_id is null and exists (select 1 from commissions where conversion_id = conversions.id)`,
  `insert into program_owed (program_id, currency, available_on, amount)
    select program_id, currency, available_on, cast(sum(amount) as bigint) from (
      select program_id, currency, amount,
        case account when 'partner_held' then 'held' else coalesce(substr(available_at, 1, 10), '') end as available_on
      from journal_entries where account not in ('commission_expense', 'partner_paid')) entries
    where program_id not in (select program_id from program_owed)
    group by program_id, currency, available_on`,
]

/** Fills what an earlier release did not keep yet: each payment's own row and partner, what is owed, and the money by day. */
export async function keptSums(db: Kysely<never>) {
  for (const statement of statements) await sql.raw(statement).execute(db)
  const { rows } = await sql<{ programId: string }>`
    select distinct p.program_id from partner_day_earned d join partners p on p.id = d.partner_id
    where p.program_id not in (select program_id from program_day_money)`.execute(db)
  for (const { programId } of rows) await moneyByDay(db, programId)
}

async function moneyByDay(db: Kysely<never>, programId: string) {
  await sql`
    insert into program_day_money (program_id, day, currency, revenue, commissions)
    select p.program_id, d.day, d.currency, 0, cast(sum(d.amount) as bigint)
    from partner_day_earned d join partners p on p.id = d.partner_id
    where p.program_id = ${programId} group by p.program_id, d.day, d.currency`.execute(db)
  for (let after = ''; ; ) {
    const { rows } = await sql<Sale>`
      select c.id, c.program_id, c.currency, c.occurred_at, c.amount - c.discount - c.lost as amount, p.settings
      from conversions c join programs p on p.id = c.program_id
      where c.program_id = ${programId} and c.partner_id is not null and c.id > ${after} order by c.id limit ${PAGE}`.execute(db)
    const last = rows.at(-1)
    if (!last) return
    for (const { currency, occurredAt, amount, settings } of rows) {
      // The day is the program's own.
      const day = dayOf(new Date(occurredAt), JSON.parse(settings).timeZone ?? 'UTC')
      await sql`
        insert into program_day_money (program_id, day, currency, revenue, commissions)
        values (${programId}, ${day}, ${currency}, ${amount}, 0)
        on conflict (program_id, day, currency) do update set revenue = program_day_money.revenue + excluded.revenue`.execute(db)
    }
    after = last.id
  }
}
