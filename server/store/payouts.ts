import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PartnerPayoutStatus } from '../contract/partner-api.ts'
import { compiled } from './compiled.ts'
import { newestFirst, readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'

/** A payout; until it is paid or has failed it goes by the method that its partner has now, where it was made without. */
export type Payout = Selectable<Schema['payouts']>
export type Line = Insertable<Schema['payoutLines']>

/** A partner's payouts, newest first. */
export function ofPartner(db: Db, partnerId: string, paging: { limit: number; after: string | null }) {
  return readAfter(allOf(db, partnerId), paging)
}

/** The newest of them. */
export const latest = compiled((db, { partnerId, limit }: { partnerId: string; limit: number }) =>
  newestFirst(allOf(db, partnerId)).limit(limit),
)

function allOf(db: Db, partnerId: string) {
  return db.selectFrom('payouts').selectAll().where('partnerId', '=', partnerId)
}

export function byId(db: Db, programId: string, id: string): Promise<Payout | undefined> {
  return db.selectFrom('payouts').selectAll().where('programId', '=', programId).where('id', '=', id).executeTakeFirst()
}

/** The same, held until the transaction ends: whoever else would mark it waits, and then sees what it has become. */
export function hold(db: Db, programId: string, id: string): Promise<Payout | undefined> {
  return db
    .updateTable('payouts')
    .set(({ ref }) => ({ amount: ref('amount') }))
    .where('programId', '=', programId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

export function update(db: Db, id: string, change: Updateable<Schema['payouts']>): Promise<Payout> {
  return db.updateTable('payouts').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

type Filter = {
  status?: PartnerPayoutStatus | undefined
  partnerId?: string | undefined
  currency?: string | undefined
  method?: string | undefined
  batch?: string | undefined
}

/** A program's payouts, newest first, or those of them that are named. */
export function page(db: Db, programId: string, { limit, after, ...filter }: Filter & { limit: number; after: string | null }) {
  return readAfter(filtered(db, programId, filter), { limit, after })
}

/** All that are neither paid nor failed, in the order in which they were made. */
export function open(db: Db, programId: string, filter: Omit<Filter, 'status'>): Promise<Payout[]> {
  return filtered(db, programId, { ...filter, status: 'pending' })
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}

function filtered(db: Db, programId: string, { status, partnerId, currency, method, batch }: Filter) {
  let query = db.selectFrom('payouts').selectAll().where('programId', '=', programId)
  if (status === 'paid') query = query.where('paidAt', 'is not', null)
  if (status === 'failed') query = query.where('paidAt', 'is', null).where('failedAt', 'is not', null)
  if (status === 'pending') query = query.where('paidAt', 'is', null).where('failedAt', 'is', null)
  if (partnerId !== undefined) query = query.where('partnerId', '=', partnerId)
  if (currency !== undefined) query = query.where('currency', '=', currency)
  if (batch !== undefined) query = query.where('batchId', '=', batch)
  if (method !== undefined)
    query = query.where(
      sql<boolean>`${method} = coalesce(method, case when paid_at is null and failed_at is null
        then (select payout_method from partners where partners.id = payouts.partner_id) end)`,
    )
  return query
}

/** Whom payouts go to, by partner. */
export async function recipients(db: Db, partnerIds: string[]) {
  const wanted = [...new Set(partnerIds)]
  const found = new Map<string, Awaited<ReturnType<typeof some>>[number]>()
  const some = (ids: string[]) =>
    db
      .selectFrom('partners')
      .select([
        'id',
        'email',
        'firstName',
        'lastName',
        'company',
        'payoutMethod',
        'payoutEmail',
        'stripeAccountId',
        'metadata',
        'payoutChangedAt',
      ])
      .where('id', 'in', ids)
      .execute()
  for (let i = 0; i < wanted.length; i += 500) for (const each of await some(wanted.slice(i, i + 500))) found.set(each.id, each)
  return found
}

/**
 * Writes a payout with its lines, and marks what they take of their commissions. A commission's line has a number, and the
 * table refuses a second of the same.
 */
export async function insert(db: Db, payout: Insertable<Schema['payouts']>, lines: Line[]): Promise<Payout> {
  const made = await db.insertInto('payouts').values(payout).returningAll().executeTakeFirstOrThrow()
  for (let i = 0; i < lines.length; i += 500)
    await db
      .insertInto('payoutLines')
      .values(lines.slice(i, i + 500))
      .execute()
  const { id } = made
  await sql`update commissions set payout_id = coalesce(payout_id, ${id}), settled = settled + ${lineOf(id)}
    where id in ${commissionsIn(id)}`.execute(db)
  return made
}

/** Marks what a payout's lines have paid of their commissions. */
export async function markPaid(db: Db, id: string) {
  await sql`update commissions set paid_out = paid_out + ${lineOf(id)} where id in ${commissionsIn(id)}`.execute(db)
}

/** Gives back what a payout's lines took of their commissions. The lines stay, as what once was to be paid. */
export async function giveBack(db: Db, id: string) {
  await sql`update commissions set settled = settled - ${lineOf(id)},
    payout_id = case when payout_id = ${id} then null else payout_id end
    where id in ${commissionsIn(id)}`.execute(db)
}

/** What has come out of a payout of somebody who has been merged meanwhile is owed to `heir`. */
export async function leaveTo(db: Db, id: string, heir: string) {
  await sql`update commissions set earned_by = coalesce(earned_by, partner_id), partner_id = ${heir}
    where id in ${commissionsIn(id)} and partner_id <> ${heir}`.execute(db)
}

const commissionsIn = (id: string) => sql`(select commission_id from payout_lines where payout_id = ${id})`
const lineOf = (id: string) => sql`(select amount from payout_lines where payout_id = ${id} and commission_id = commissions.id)`

/** Every line that a commission has had, and what became of its payout. */
export function linesOf(db: Db, commissionId: string) {
  return db
    .selectFrom('payoutLines')
    .innerJoin('payouts', 'payouts.id', 'payoutLines.payoutId')
    .select(['payoutId as id', 'payoutLines.number', 'payoutLines.amount', 'payoutLines.settledBefore'])
    .select(['payouts.createdAt', 'payouts.paidAt', 'payouts.failedAt', 'payouts.reference', 'payouts.failure'])
    .where('payoutLines.commissionId', '=', commissionId)
    .orderBy('payoutLines.number')
    .execute()
}

/** A payout's lines with their commissions, in the order of the payments. */
export function lines(db: Db, id: string) {
  return db
    .selectFrom('payoutLines')
    .innerJoin('commissions', 'commissions.id', 'payoutLines.commissionId')
    .select(['payoutLines.commissionId', 'payoutLines.amount', 'payoutLines.settledBefore'])
    .select(['commissions.amount as earned', 'reversed', 'currency', 'period', 'why', 'occurredAt'])
    .select(['referralId', 'conversionId', 'availableAt', 'approvedAt', 'commissions.partnerId as owedTo'])
    .where('payoutLines.payoutId', '=', id)
    .orderBy('position')
    .execute()
}
