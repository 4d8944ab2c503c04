import * as v from 'valibot'
import { Settings } from '../contract/programs.ts'
import { readAfter } from './paging.ts'
import type { Db } from './schema.ts'

export type Program = { id: string; settings: Settings; clockOffsetMs: number; createdAt: string }

export async function byId(db: Db, id: string) {
  const row = await db.selectFrom('programs').selectAll().where('id', '=', id).executeTakeFirst()
  return row && read(row)
}

/** The same, held until the transaction ends: whoever else would change it waits, and then sees what it has become. */
export async function hold(db: Db, id: string) {
  const row = await db
    .updateTable('programs')
    .set(({ ref }) => ({ clockOffsetMs: ref('clockOffsetMs') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && read(row)
}

export async function all(db: Db) {
  return (await db.selectFrom('programs').selectAll().orderBy('createdAt').orderBy('id').execute()).map(read)
}

export async function page(db: Db, { limit, after }: { limit: number; after: string | null }) {
  const rows = await readAfter(db.selectFrom('programs').selectAll(), { limit, after })
  return { data: rows.data.map(read), nextCursor: rows.nextCursor }
}

export function insert(db: Db, program: Program) {
  return db
    .insertInto('programs')
    .values({ ...program, settings: JSON.stringify(program.settings) })
    .execute()
}

export function setSettings(db: Db, id: string, settings: Settings) {
  return db
    .updateTable('programs')
    .set({ settings: JSON.stringify(settings) })
    .where('id', '=', id)
    .execute()
}

export function setClock(db: Db, id: string, clockOffsetMs: number) {
  return db.updateTable('programs').set({ clockOffsetMs }).where('id', '=', id).execute()
}

/** True once anything has happened in a program whose time would be falsified by turning the clock back. */
export async function hasFacts(db: Db, id: string) {
  const tables = ['partners', 'applications', 'referrals', 'conversions', 'programDay'] as const
  for (const table of tables) {
    if (await db.selectFrom(table).select('programId').where('programId', '=', id).limit(1).executeTakeFirst()) return true
  }
  return false
}

// Parsed on the way out as well: a setting that a later release adds has its default from then on.
function read(row: { id: string; settings: string; clockOffsetMs: number; createdAt: string }): Program {
  return {
    id: row.id,
    settings: v.parse(Settings, JSON.parse(row.settings)),
    clockOffsetMs: Number(row.clockOffsetMs),
    createdAt: row.createdAt,
  }
}
