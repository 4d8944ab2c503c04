import type { Insertable, Selectable } from 'kysely'
import type { Db, Schema } from './schema.ts'

export type Commission = Selectable<Schema['commissions']>

export function insert(db: Db, commission: Insertable<Schema['commissions']>) {
  return db.insertInto('commissions').values(commission).execute()
}

export function latest(db: Db, partnerId: string, limit: number) {
  return db
    .selectFrom('commissions')
    .selectAll()
    .where('partnerId', '=', partnerId)
    .orderBy('occurredAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

export async function count(db: Db, partnerId: string) {
  const row = await db
    .selectFrom('commissions')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('partnerId', '=', partnerId)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}
