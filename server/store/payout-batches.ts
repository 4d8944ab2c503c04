import type { Insertable, Selectable } from 'kysely'
import type { BatchLine } from '../rules/payout-batch.ts'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'

export type Batch = Selectable<Schema['payoutBatches']>
export type Run = Selectable<Schema['payoutRuns']>

/** Begins a run; false where the program has one. */
export async function begin(db: Db, run: Insertable<Schema['payoutRuns']>) {
  const row = await db
    .insertInto('payoutRuns')
    .values(run)
    .onConflict(on => on.doNothing())
    .returning('batchId')
    .executeTakeFirst()
  return !!row
}

/** Takes up a run that nobody has renewed in time; nothing where there is none, or somebody is at it. */
export function takeUp(
  db: Db,
  programId: string,
  { holder, leasedUntil, now }: Record<'holder' | 'leasedUntil' | 'now', string>,
) {
  return db
    .updateTable('payoutRuns')
    .set({ holder, leasedUntil })
    .where('programId', '=', programId)
    .where('leasedUntil', '<=', now)
    .returningAll()
    .executeTakeFirst()
}

/** Holds a run until the transaction ends, and renews its lease; false where it is somebody else's by now. */
export async function renew(db: Db, { programId, batchId, holder }: Run, leasedUntil: string) {
  const row = await db
    .updateTable('payoutRuns')
    .set({ leasedUntil })
    .where('programId', '=', programId)
    .where('batchId', '=', batchId)
    .where('holder', '=', holder)
    .returning('batchId')
    .executeTakeFirst()
  return !!row
}

export function end(db: Db, { programId, batchId, holder }: Run) {
  return db
    .deleteFrom('payoutRuns')
    .where('programId', '=', programId)
    .where('batchId', '=', batchId)
    .where('holder', '=', holder)
    .execute()
}

/** The programs with a run that nobody has renewed in time. */
export async function abandoned(db: Db, now: string) {
  const rows = await db.selectFrom('payoutRuns').select('programId').where('leasedUntil', '<=', now).execute()
  return rows.map(each => each.programId)
}

export function insert(db: Db, batch: Insertable<Schema['payoutBatches']>): Promise<Batch> {
  return db.insertInto('payoutBatches').values(batch).returningAll().executeTakeFirstOrThrow()
}

export function byId(db: Db, programId: string, id: string): Promise<Batch | undefined> {
  return db.selectFrom('payoutBatches').selectAll().where('programId', '=', programId).where('id', '=', id).executeTakeFirst()
}

/** A program's batches, newest first. */
export function page(db: Db, programId: string, paging: { limit: number; after: string | null }) {
  return readAfter(db.selectFrom('payoutBatches').selectAll().where('programId', '=', programId), paging)
}

/** A batch's payouts, in the order of their ids. */
export function payoutsOf(db: Db, batchId: string) {
  return db.selectFrom('payouts').selectAll().where('batchId', '=', batchId).orderBy('id').execute()
}

/** A batch's lines, a thousand at a time, in the order in which they are hashed. */
export async function* lines(db: Db, batchId: string): AsyncGenerator<BatchLine[]> {
  for (let after = { payoutId: '', position: -1 }; ; ) {
    const page = await db
      .selectFrom('payoutLines')
      .innerJoin('payouts', 'payouts.id', 'payoutLines.payoutId')
      .select(['payoutLines.payoutId', 'payoutLines.position', 'payoutLines.commissionId', 'payoutLines.amount'])
      .select(['payouts.partnerId', 'payouts.currency'])
      .where('payouts.batchId', '=', batchId)
      .where(eb =>
        eb.or([
          eb('payouts.id', '>', after.payoutId),
          eb.and([eb('payouts.id', '=', after.payoutId), eb('payoutLines.position', '>', after.position)]),
        ]),
      )
      .orderBy('payouts.id')
      .orderBy('payoutLines.position')
      .limit(1_000)
      .execute()
    const last = page.at(-1)
    if (!last) return
    yield page.map(each => ({ ...each, batchId }))
    after = last
  }
}
