import type { Insertable, Selectable } from 'kysely'
import type { Db, Schema } from './schema.ts'

export type Dispute = Selectable<Schema['disputes']>

type Sale = { programId: string; externalId: string }

/** All that is known of a payment beside the payment itself. */
export async function ofSale(db: Db, sale: Sale) {
  const refunds = await db
    .selectFrom('refunds')
    .select(['externalId', 'amount'])
    .where(...of(sale))
    .where(...under(sale))
    .execute()
  const totals = await db
    .selectFrom('refundTotals')
    .selectAll()
    .where(...of(sale))
    .where(...under(sale))
    .execute()
  const failures = await db
    .selectFrom('refundFailures')
    .selectAll()
    .where(...of(sale))
    .where(...under(sale))
    .execute()
  return { refunds, totals, failures, disputes: await disputesOf(db, sale) }
}

export function disputesOf(db: Db, sale: Sale) {
  return db
    .selectFrom('disputes')
    .selectAll()
    .where(...of(sale))
    .where(...under(sale))
    .execute()
}

/** The commissions in a payout whose payments are disputed, and somebody waits for the outcome. */
export async function disputedIn(db: Db, payoutId: string) {
  const rows = await db
    .selectFrom('payoutLines')
    .innerJoin('commissions', 'commissions.id', 'payoutLines.commissionId')
    .innerJoin('conversions', 'conversions.id', 'commissions.conversionId')
    .innerJoin('disputes', join =>
      join
        .onRef('disputes.programId', '=', 'conversions.programId')
        .onRef('disputes.conversionExternalId', '=', 'conversions.externalId'),
    )
    .select('commissions.id')
    .distinct()
    .where('payoutLines.payoutId', '=', payoutId)
    .where('disputes.closedAt', 'is', null)
    .where('disputes.waivedAt', 'is', null)
    .orderBy('commissions.id')
    .execute()
  return rows.map(each => each.id)
}

/** Keeps what a charge's refunds came to; false where that is known. */
export async function addTotal(db: Db, total: Insertable<Schema['refundTotals']>) {
  return !!(await db
    .insertInto('refundTotals')
    .values(total)
    .onConflict(on => on.doNothing())
    .returning('eventId')
    .executeTakeFirst())
}

/** Keeps that a refund has failed; false where that is known. */
export async function addFailure(db: Db, failure: Insertable<Schema['refundFailures']>) {
  return !!(await db
    .insertInto('refundFailures')
    .values(failure)
    .onConflict(on => on.doNothing())
    .returning('at')
    .executeTakeFirst())
}

export function dispute(db: Db, programId: string, externalId: string): Promise<Dispute | undefined> {
  return db
    .selectFrom('disputes')
    .selectAll()
    .where('programId', '=', programId)
    .where('externalId', '=', externalId)
    .executeTakeFirst()
}

/** Writes what is known of a dispute, whether or not anything was before. */
export function putDispute(db: Db, row: Insertable<Schema['disputes']>) {
  const { amount, openedAt, closedAt, outcome } = row
  return db
    .insertInto('disputes')
    .values(row)
    .onConflict(on => on.columns(['programId', 'externalId']).doUpdateSet({ amount, openedAt, closedAt, outcome }))
    .execute()
}

/** Nobody waits any more for the open disputes of a payment. */
export function waive(db: Db, sale: Sale, waivedAt: string) {
  return db
    .updateTable('disputes')
    .set({ waivedAt })
    .where(...of(sale))
    .where(...under(sale))
    .where('closedAt', 'is', null)
    .execute()
}

/** Puts under one payment what was told of another that has turned out to be the same. */
export async function moveTo(db: Db, programId: string, { from, into }: { from: string; into: string }) {
  const [sale, change] = [{ programId, externalId: from }, { conversionExternalId: into }]
  await db
    .updateTable('refunds')
    .set(change)
    .where(...of(sale))
    .where(...under(sale))
    .where('conversionId', 'is', null)
    .execute()
  await db
    .updateTable('refundTotals')
    .set(change)
    .where(...of(sale))
    .where(...under(sale))
    .execute()
  await db
    .updateTable('refundFailures')
    .set(change)
    .where(...of(sale))
    .where(...under(sale))
    .execute()
  await db
    .updateTable('disputes')
    .set(change)
    .where(...of(sale))
    .where(...under(sale))
    .execute()
}

const of = ({ programId }: Sale) => ['programId', '=', programId] as const
const under = ({ externalId }: Sale) => ['conversionExternalId', '=', externalId] as const
