import type { Insertable, Selectable, Updateable } from 'kysely'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'

export type Endpoint = Selectable<Schema['webhookEndpoints']>

/** Whose endpoints: a program's own, or one partner's. */
export type Owner = { programId: string; partnerId: string | null }

export function insert(db: Db, endpoint: Insertable<Schema['webhookEndpoints']>) {
  return db.insertInto('webhookEndpoints').values(endpoint).returningAll().executeTakeFirstOrThrow()
}

export function page(db: Db, owner: Owner, paging: { limit: number; after: string | null }) {
  return readAfter(owned(db, owner).selectAll(), paging)
}

export async function count(db: Db, owner: Owner) {
  const { total } = await owned(db, owner)
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}

/** All that have not been deleted. */
export function all(db: Db, owner: Owner) {
  return owned(db, owner).selectAll().execute()
}

/** Those that have not been stopped. */
export function enabled(db: Db, owner: Owner) {
  return owned(db, owner).selectAll().where('disabledAt', 'is', null).execute()
}

export function byId(db: Db, owner: Owner, id: string) {
  return owned(db, owner).selectAll().where('id', '=', id).executeTakeFirst()
}

/** The same, held until the transaction ends. */
export function hold(db: Db, owner: Owner, id: string) {
  return db
    .updateTable('webhookEndpoints')
    .set(({ ref }) => ({ url: ref('url') }))
    .where('programId', '=', owner.programId)
    .where('partnerId', owner.partnerId === null ? 'is' : '=', owner.partnerId)
    .where('deletedAt', 'is', null)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

export function update(db: Db, id: string, change: Updateable<Schema['webhookEndpoints']>) {
  return db.updateTable('webhookEndpoints').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

/** Those that are told of something: the program's, and those of the partner whom it is about, unless it has been stopped. */
export function listening(db: Db, { programId, partnerId }: Owner) {
  return db
    .selectFrom('webhookEndpoints')
    .leftJoin('partners', 'partners.id', 'webhookEndpoints.partnerId')
    .select(['webhookEndpoints.id', 'webhookEndpoints.partnerId', 'webhookEndpoints.events'])
    .where('webhookEndpoints.programId', '=', programId)
    .where('webhookEndpoints.disabledAt', 'is', null)
    .where('webhookEndpoints.deletedAt', 'is', null)
    .where('partners.deactivatedAt', 'is', null)
    .where(eb => eb.or([eb('webhookEndpoints.partnerId', 'is', null), eb('webhookEndpoints.partnerId', '=', partnerId)]))
    .execute()
}

/** Those that something is due for, the longest waiting first. */
export function due(db: Db, now: string) {
  return db
    .selectFrom('webhookEndpoints')
    .leftJoin('partners', 'partners.id', 'webhookEndpoints.partnerId')
    .select(eb => [
      'webhookEndpoints.id',
      'webhookEndpoints.failingSince',
      // One look into an index for each endpoint, however much waits for it.
      eb
        .selectFrom('deliveries')
        .select('nextAttemptAt')
        .whereRef('endpointId', '=', 'webhookEndpoints.id')
        .where('nextAttemptAt', '<=', now)
        .orderBy('nextAttemptAt')
        .limit(1)
        .as('since'),
    ])
    .where('webhookEndpoints.disabledAt', 'is', null)
    .where('webhookEndpoints.deletedAt', 'is', null)
    .where('partners.deactivatedAt', 'is', null)
    .execute()
    .then(all => all.filter(each => each.since !== null).sort((a, b) => ((a.since ?? '') < (b.since ?? '') ? -1 : 1)))
}

/** An endpoint that may be told something now. */
export function live(db: Db, id: string) {
  return db
    .selectFrom('webhookEndpoints')
    .selectAll()
    .where('id', '=', id)
    .where('disabledAt', 'is', null)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
}

/** An endpoint has answered well. */
export function recovered(db: Db, id: string) {
  return db
    .updateTable('webhookEndpoints')
    .set({ failingSince: null })
    .where('id', '=', id)
    .where('failingSince', 'is not', null)
    .execute()
}

/** An endpoint has failed: held from now on, with the time since when it has done nothing else. */
export function failed(db: Db, id: string, at: string) {
  return db
    .updateTable('webhookEndpoints')
    .set(({ fn, ref, val }) => ({ failingSince: fn.coalesce(ref('failingSince'), val(at)) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

function owned(db: Db, { programId, partnerId }: Owner) {
  return db
    .selectFrom('webhookEndpoints')
    .where('programId', '=', programId)
    .where('partnerId', partnerId === null ? 'is' : '=', partnerId)
    .where('deletedAt', 'is', null)
}
