import { sql } from 'kysely'
import { NO_HASH } from '../rules/journal-chain.ts'
import type { Db } from './schema.ts'

export type Seal = { programId: string; sequence: number; transactionId: string; content: string; hash: string; sealedAt: string }

/** The programs of which something waits for its place in the chain. */
export async function programsWaiting(db: Db) {
  const rows = await db.selectFrom('journalWaiting').select('programId').distinct().orderBy('programId').execute()
  return rows.map(each => each.programId)
}

/** Where a program's chain ends, held until the transaction does: of several who would add to it one does at a time. */
export async function holdHead(db: Db, programId: string) {
  return db
    .insertInto('journalHeads')
    .values({ programId, length: 0, hash: NO_HASH })
    .onConflict(on => on.column('programId').doUpdateSet({ programId }))
    .returning(['length', 'hash'])
    .executeTakeFirstOrThrow()
}

/** Some of what waits, the earliest first, with what it was when it was posted; null where an earlier release posted it. */
export function waiting(db: Db, programId: string, limit: number) {
  return db
    .selectFrom('journalWaiting')
    .select(['transactionId', 'content'])
    .where('programId', '=', programId)
    .orderBy('transactionId')
    .limit(limit)
    .execute()
}

/** Adds places to a chain that the caller holds; what has one waits no more. */
export async function add(db: Db, programId: string, seals: Seal[]) {
  const last = seals.at(-1)
  if (!last) return
  await db.insertInto('journalSeals').values(seals).execute()
  const { sequence: length, hash } = last
  await db.updateTable('journalHeads').set({ length, hash }).where('programId', '=', programId).execute()
  const ids = seals.map(each => each.transactionId)
  await db.deleteFrom('journalWaiting').where('programId', '=', programId).where('transactionId', 'in', ids).execute()
}

/** Where a chain ends; nothing where there is none. */
export async function head(db: Db, programId: string) {
  const known = await db
    .selectFrom('journalHeads')
    .select(['length', 'hash'])
    .where('programId', '=', programId)
    .executeTakeFirst()
  return known ?? { length: 0, hash: NO_HASH }
}

/** The next places of a chain, and whether the transaction of each is still there. */
export async function places(db: Db, programId: string, { after, limit }: { after: number; limit: number }) {
  const { rows } = await sql<Seal & { isThere: number }>`
    select s.program_id, s.sequence, s.transaction_id, s.content, s.hash, s.sealed_at,
      case when exists (select 1 from journal_transactions t where t.id = s.transaction_id) then 1 else 0 end as is_there
    from journal_seals s where s.program_id = ${programId} and s.sequence > ${after} order by s.sequence limit ${limit}`.execute(
    db,
  )
  return rows
}

/** The hash of one place; undefined where the chain is shorter. */
export async function hashAt(db: Db, programId: string, sequence: number) {
  const row = await db
    .selectFrom('journalSeals')
    .select('hash')
    .where('programId', '=', programId)
    .where('sequence', '=', sequence)
    .executeTakeFirst()
  return row?.hash
}
