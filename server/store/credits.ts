import type { Insertable } from 'kysely'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'

/** Books credits once: the same key again changes nothing, and is false. */
export async function add(db: Db, entry: Insertable<Schema['creditEntries']>) {
  const row = await db
    .insertInto('creditEntries')
    .values(entry)
    .onConflict(on => on.columns(['programId', 'entryKey']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return !!row
}

/** The entries of one reward, first what was granted: its key, or its key with something behind it. */
export async function ofReward(db: Db, programId: string, { referralId, grantKey }: { referralId: string; grantKey: string }) {
  const found = await db
    .selectFrom('creditEntries')
    .selectAll()
    .where('programId', '=', programId)
    .where('referralId', '=', referralId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return found.filter(each => each.entryKey === grantKey || each.entryKey.startsWith(`${grantKey}:`))
}

/** What a customer has: under its own id, and under those of the customers that were joined into it. */
export async function balance(db: Db, programId: string, customerId: string) {
  const row = await db
    .selectFrom('creditEntries')
    .select(({ fn }) => fn.sum<number>('credits').as('credits'))
    .where('programId', '=', programId)
    .where('customerId', 'in', await idsOf(db, programId, customerId))
    .executeTakeFirst()
  return Number(row?.credits ?? 0)
}

/** A page of a customer's entries, newest first. */
export async function page(db: Db, programId: string, customerId: string, paging: { limit: number; after: string | null }) {
  const query = db
    .selectFrom('creditEntries')
    .select(['id', 'credits', 'reason', 'referralId', 'createdAt'])
    .where('programId', '=', programId)
    .where('customerId', 'in', await idsOf(db, programId, customerId))
  return readAfter(query, paging)
}

async function idsOf(db: Db, programId: string, customerId: string) {
  const joined = await db
    .selectFrom('customerAliases')
    .select('alias')
    .where('programId', '=', programId)
    .where('customerId', '=', customerId)
    .execute()
  return [customerId, ...joined.map(each => each.alias)]
}
