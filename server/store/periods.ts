import { sql } from 'kysely'
import type { Db } from './schema.ts'

/**
 * Holds a month until the transaction ends, and says when it was closed. What is booked into it and its closing pass one at
 * a time, so that nothing is booked into a month that is closed.
 */
export async function hold(db: Db, programId: string, period: string) {
  return db
    .insertInto('periods')
    .values({ programId, period })
    .onConflict(on => on.columns(['programId', 'period']).doUpdateSet({ period }))
    .returning(['closedAt', 'announcedAt'])
    .executeTakeFirstOrThrow()
}

export function update(db: Db, programId: string, period: string, change: { closedAt: string } | { announcedAt: string }) {
  return db.updateTable('periods').set(change).where('programId', '=', programId).where('period', '=', period).execute()
}

/** The months up to `last` that are known of, and whether they are done with. */
export function upTo(db: Db, programId: string, last: string) {
  return db
    .selectFrom('periods')
    .select(['period', 'announcedAt'])
    .where('programId', '=', programId)
    .where('period', '<=', last)
    .orderBy('period')
    .execute()
}

/** Adds to what a partner earned in a month, or takes from it. */
export async function add(
  db: Db,
  {
    programId,
    period,
    partnerId,
    currency,
    amount,
  }: Record<'programId' | 'period' | 'partnerId' | 'currency', string> & { amount: number },
) {
  await sql`insert into partner_periods (program_id, period, partner_id, currency, amount)
    values (${programId}, ${period}, ${partnerId}, ${currency}, ${amount})
    on conflict (program_id, period, partner_id, currency)
    do update set amount = partner_periods.amount + excluded.amount`.execute(db)
}

/** What partners earned in a month, by partner and currency; of the named ones or of all. */
export async function earned(db: Db, programId: string, period: string, partnerIds?: string[]) {
  let query = db
    .selectFrom('partnerPeriods')
    .select(['partnerId', 'currency', 'amount'])
    .where('programId', '=', programId)
    .where('period', '=', period)
  if (partnerIds) query = query.where('partnerId', 'in', partnerIds)
  return query.orderBy('partnerId').orderBy('currency').execute()
}

/** Forgets the months of a program in which nothing was booked. */
export function forget(db: Db, programId: string) {
  return db
    .deleteFrom('periods')
    .where('programId', '=', programId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('partnerPeriods')
            .select('partnerId')
            .where('partnerPeriods.programId', '=', programId)
            .whereRef('partnerPeriods.period', '=', 'periods.period'),
        ),
      ),
    )
    .execute()
}

type Taking = { programId: string; period: string; at: string; limit: number }

/** Some partners who have not been told of a month. Each is `mine` for one transaction alone. */
export async function takeUntold(db: Db, { programId, period, at, limit }: Taking) {
  const { rows } = await sql<{ partnerId: string }>`
    select distinct partner_id from partner_periods p where program_id = ${programId} and period = ${period} and not exists (
      select 1 from calculated_periods c
      where c.program_id = p.program_id and c.period = p.period and c.partner_id = p.partner_id)
    order by partner_id limit ${limit}`.execute(db)
  if (!rows.length) return { found: 0, mine: [] }
  const taken = await db
    .insertInto('calculatedPeriods')
    .values(rows.map(({ partnerId }) => ({ programId, period, partnerId, createdAt: at })))
    .onConflict(on => on.columns(['programId', 'period', 'partnerId']).doNothing())
    .returning('partnerId')
    .execute()
  return { found: rows.length, mine: taken.map(each => each.partnerId).sort() }
}
