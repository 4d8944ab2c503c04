import { sql, type UpdateQueryBuilder, type UpdateResult } from 'kysely'
import type { Db, Schema } from './schema.ts'

const AT_MOST = 100

export type Row = { id: string; object: string; since: string; attempts: number; reason: string | null; state: string | null }
type About = { programId: string; now: string }

/** Mails that were given up: refused, or tried until they were of no use. Who wanted a link has asked for another since. */
export function mails(db: Db, { programId, now }: About) {
  return read(
    db,
    sql`select id, recipient as object, coalesce(failed_at, gives_up_at) as since, attempts, failure as reason, kind as state`,
    sql`from mails where program_id = ${programId} and sent_at is null and kind <> 'portal_link' and attempts > 0
      and (failed_at is not null or gives_up_at <= ${now})`,
  )
}

/** Deliveries to the program's own endpoints that were given up. Of one that was deleted nobody wants to hear. */
export function deliveries(db: Db, { programId }: About) {
  return read(
    db,
    sql`select d.id as id, d.endpoint_id as object, d.failed_at as since, d.attempts,
      (select outcome from delivery_attempts a where a.delivery_id = d.id order by number desc limit 1) as reason,
      case when e.disabled_at is null then null else 'disabled' end as state`,
    sql`from deliveries d join webhook_endpoints e on e.id = d.endpoint_id
      where d.program_id = ${programId} and d.failed_at is not null and d.partner_id is null and e.deleted_at is null
      and exists (select 1 from events v where v.id = d.event_id and v.event <> 'endpoint.test')`,
  )
}

/** Payouts of which nobody knows whether they have left, and such as could not be sent several times. */
export function payouts(db: Db, { programId }: About) {
  return read(
    db,
    sql`select payout_id as id, payout_id as object, coalesce(doubt_since, created_at) as since, tries as attempts,
      detail as reason, state`,
    sql`from payout_sendings where program_id = ${programId}
      and (state = 'unknown' or state = 'stopped' or (state = 'waiting' and tries >= 3))
      and exists (select 1 from payouts p where p.id = payout_id and p.paid_at is null and p.failed_at is null)`,
  )
}

/** Rewards that were to be granted, and were not at several attempts. */
export function grants(db: Db, { programId }: About) {
  return read(
    db,
    sql`select id, referral_id as object, created_at as since, attempts, last_outcome as reason, null as state`,
    sql`from rewards where program_id = ${programId} and next_attempt_at is not null and attempts >= 3`,
  )
}

export type Late = { name: 'mails' | 'deliveries' | 'payouts' | 'grants' | 'refunds'; count: number; since: string }

/** What is due and that nobody takes up, and refunds of payments that nobody has told of, with how many and since when. */
export async function late(
  db: Db,
  { programId, before, refundsBefore }: { programId: string; before: string; refundsBefore: string },
) {
  const due = (table: string, at: string) =>
    sql`select count(*) as count, min(${sql.raw(at)}) as since from ${sql.table(table)}
      where program_id = ${programId} and ${sql.raw(at)} <= ${before}`
  const all = {
    mails: sql`select count(*) as count, min(created_at) as since from mails where program_id = ${programId}
      and sent_at is null and failed_at is null and created_at <= ${before} and attempts = 0 and gives_up_at > ${before}`,
    deliveries: due('deliveries', 'next_attempt_at'),
    payouts: due('payout_sendings', 'next_at'),
    grants: due('rewards', 'next_attempt_at'),
    refunds: sql`select count(*) as count, min(created_at) as since from refunds
      where program_id = ${programId} and conversion_id is null and created_at <= ${refundsBefore}`,
  }
  const found: Late[] = []
  for (const [name, query] of Object.entries(all)) {
    const [row] = (await sql<{ count: number; since: string | null }>`${query}`.execute(db)).rows
    if (row?.since && Number(row.count)) found.push({ name: name as Late['name'], count: Number(row.count), since: row.since })
  }
  return found
}

/** Gives a mail that was given up another three days, from now; false where it was not. */
export async function tryMail(db: Db, id: string, { programId, now, givesUpAt }: About & { givesUpAt: string }) {
  const { numUpdatedRows } = await db
    .updateTable('mails')
    .set({ failedAt: null, nextAttemptAt: now, givesUpAt })
    .where('id', '=', id)
    .where('programId', '=', programId)
    .where('sentAt', 'is', null)
    .where(eb => eb.or([eb('failedAt', 'is not', null), eb('givesUpAt', '<=', now)]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Lets a payout be asked after, or a reward be granted, at once instead of later; false where somebody is at it. */
export async function hasten(db: Db, what: 'payoutSendings' | 'rewards', id: string, { programId, now }: About) {
  const free = sql<boolean>`(leased_until is null or leased_until <= ${now})`
  const hastened =
    what === 'rewards'
      ? db.updateTable('rewards').set({ nextAttemptAt: now }).where('id', '=', id).where('nextAttemptAt', '>', now)
      : db.updateTable('payoutSendings').set({ nextAt: now }).where('payoutId', '=', id).where('nextAt', '>', now)
  const own = (hastened as UpdateOne).where('programId', '=', programId).where(free)
  const { numUpdatedRows } = await own.executeTakeFirst()
  return numUpdatedRows === 1n
}

// Both have these columns; Kysely's types of two tables do not meet.
type UpdateOne = UpdateQueryBuilder<Schema, 'rewards', 'rewards', UpdateResult>

async function read(db: Db, what: ReturnType<typeof sql>, where: ReturnType<typeof sql>) {
  const { rows } = await sql<Row>`${what} ${where} order by 3, 1 limit ${AT_MOST}`.execute(db)
  if (rows.length < AT_MOST) return { rows, count: rows.length }
  const counted = await sql<{ count: number }>`select count(*) as count ${where}`.execute(db)
  return { rows, count: Number(counted.rows[0]?.count ?? 0) }
}
