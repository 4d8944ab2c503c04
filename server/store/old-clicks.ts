import { type RawBuilder, sql } from 'kysely'
import { type Database, inTransaction } from './database.ts'

/** A program's clicks that were made before a moment, and on a day before that one's. */
export type Old = { programId: string; before: string; day: string }

/** How many rows one step looks at on SQLite, on the server's own thread. */
const SLICE = 500
/** What PostgreSQL finds at once: enough that it seldom passes again over what has just been deleted. */
const FOUND_AT_ONCE = 10_000

/** Yields how many a step has deleted, in one transaction, and is told how many the next one may. */
export type Forgetting = AsyncGenerator<number, void, number>

/**
 * Deletes what is old, but for clicks that a referral points at, in small steps. Nobody else waits between two steps. Several
 * servers may do it at once; what one has deleted the other does not find.
 */
export function forgetOld(database: Database, old: Old[]): Forgetting {
  return database.engine === 'postgres' ? byDays(database, old) : byRows(database, old)
}

async function* byDays(database: Database, old: Old[]): Forgetting {
  let most = yield 0
  const { db } = database
  for (const { programId, before, day: end } of old) {
    for (let day = await dayAfter(''); day; day = await dayAfter(day)) {
      for (let found = FOUND_AT_ONCE; found === FOUND_AT_ONCE; ) {
        const { rows } = await sql<{ id: string }>`
          select id from clicks where program_id = ${programId} and day = ${day} and at < ${before}
            and not exists (select 1 from referrals where referrals.click_id = clicks.id)
          limit ${FOUND_AT_ONCE}`.execute(db)
        found = rows.length
        for (let at = 0, ids: string[] = []; at < rows.length; at += ids.length) {
          ids = rows.slice(at, at + most).map(({ id }) => id)
          most = yield await remove(database, sql`id = any(${ids})`)
        }
      }
      most = yield 0
    }

    async function dayAfter(day: string) {
      const query = db.selectFrom('clicks').where('programId', '=', programId).where('day', '>', day).where('day', '<', end)
      return (await query.select(({ fn }) => fn.min('day').as('day')).executeTakeFirst())?.day
    }
  }
}

// Rows lie in the order of arrival, which is nearly that of time: a copy that was put together again, or a program with a
// clock of its own, may have them otherwise, so all are looked at: a second or two for a million.
async function* byRows(database: Database, old: Old[]): Forgetting {
  if (!old.length) return
  let most = yield 0
  const { db } = database
  const before = new Map(old.map(each => [each.programId, each.before]))
  const latest = [...before.values()].sort().at(-1) ?? ''
  for (let row = await rowAfter(0); row; row = await rowAfter(row + SLICE - 1)) {
    const { rows } = await sql<{ row: number; programId: string; at: string }>`
      select rowid as "row", program_id, at from clicks where rowid >= ${row} and rowid < ${row + SLICE} and at < ${latest}
        and not exists (select 1 from referrals where referrals.click_id = clicks.id)`.execute(db)
    const forgotten = rows.filter(({ programId, at }) => at < (before.get(programId) ?? ''))
    for (let at = 0, some: number[] = []; at < forgotten.length; at += some.length) {
      some = forgotten.slice(at, at + most).map(each => each.row)
      most = yield await remove(database, sql`rowid in (select value from json_each(${JSON.stringify(some)}))`)
    }
    most = yield 0
  }

  async function rowAfter(row: number) {
    const { rows } = await sql<{ row: number | null }>`select min(rowid) as "row" from clicks where rowid > ${row}`.execute(db)
    return rows[0]?.row
  }
}

async function remove(database: Database, which: RawBuilder<unknown>) {
  const { numAffectedRows = 0n } = await inTransaction(database, db => sql`delete from clicks where ${which}`.execute(db))
  return Number(numAffectedRows)
}
