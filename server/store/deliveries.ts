import type { Insertable, Selectable } from 'kysely'
import type { DeliveryStatus } from '../contract/webhooks.ts'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'
import type { Owner } from './webhook-endpoints.ts'

export type Delivery = Selectable<Schema['deliveries']>
export type Attempt = Selectable<Schema['deliveryAttempts']>

type Queued = { id: string; programId: string; partnerId: string | null; endpointId: string; eventId: string; at: string }

/** Puts events on their way, due at once; one that was on its way to that endpoint before begins anew. */
export function queue(db: Db, wanted: Queued[]) {
  return db
    .insertInto('deliveries')
    .values(wanted.map(({ at, ...delivery }) => ({ ...delivery, createdAt: at, startedAt: at, nextAttemptAt: at })))
    .onConflict(on =>
      on.columns(['endpointId', 'eventId']).doUpdateSet(({ ref }) => ({
        startedAt: ref('excluded.startedAt'),
        nextAttemptAt: ref('excluded.nextAttemptAt'),
        tries: 0,
        deliveredAt: null,
        failedAt: null,
      })),
    )
    .returningAll()
    .execute()
}

export function byId(db: Db, owner: Owner, id: string) {
  return owned(db, owner).where('id', '=', id).executeTakeFirst()
}

type Wanted = { status?: DeliveryStatus | undefined; endpointId?: string | undefined; limit: number; after: string | null }

export function page(db: Db, owner: Owner, { status, endpointId, ...paging }: Wanted) {
  let query = owned(db, owner)
  if (status === 'delivered') query = query.where('deliveredAt', 'is not', null)
  if (status === 'failed') query = query.where('failedAt', 'is not', null)
  if (status === 'pending') query = query.where('nextAttemptAt', 'is not', null)
  if (endpointId !== undefined) query = query.where('endpointId', '=', endpointId)
  return readAfter(query, paging)
}

/** The last `limit` attempts of each, the last one first. */
export function attemptsOf(db: Db, ids: string[], limit: number) {
  return db
    .selectFrom('deliveryAttempts')
    .innerJoin('deliveries', 'deliveries.id', 'deliveryAttempts.deliveryId')
    .selectAll('deliveryAttempts')
    .where('deliveryAttempts.deliveryId', 'in', ids)
    .where(eb => eb('deliveryAttempts.number', '>', eb('deliveries.attempts', '-', limit)))
    .orderBy('deliveryAttempts.number', 'desc')
    .execute()
}

type Claim = { endpointId: string; now: string; until: string; limit: number; except: string[] }

/**
 * Takes up to `limit` deliveries that are due, and keeps others from taking them until `until`: if this process dies, they
 * are due again then. Each comes with its number of claims, which `settle` asks for.
 */
export function claim(db: Db, { endpointId, now, until, limit, except }: Claim) {
  return (
    db
      .updateTable('deliveries')
      .set(eb => ({ nextAttemptAt: until, claims: eb('claims', '+', 1) }))
      .where('id', 'in', eb => {
        const due = eb
          .selectFrom('deliveries')
          .select('id')
          .where('endpointId', '=', endpointId)
          .where('nextAttemptAt', '<=', now)
        return (except.length ? due.where('id', 'not in', except) : due).orderBy('nextAttemptAt').orderBy('id').limit(limit)
      })
      // Another process may have been quicker.
      .where('nextAttemptAt', '<=', now)
      .returningAll()
      .execute()
  )
}

/**
 * What of a program's would be tried again up to a moment is due now. What is due within `leaseMs` is left alone: it may be
 * under way.
 */
export function bringForward(db: Db, programId: string, { now, upTo, leaseMs }: { now: Date; upTo: Date; leaseMs: number }) {
  return db
    .updateTable('deliveries')
    .set({ nextAttemptAt: now.toISOString() })
    .where('programId', '=', programId)
    .where('nextAttemptAt', '>', new Date(now.getTime() + leaseMs).toISOString())
    .where('nextAttemptAt', '<=', upTo.toISOString())
    .execute()
}

type State = Partial<Pick<Delivery, 'nextAttemptAt' | 'deliveredAt' | 'failedAt' | 'tries' | 'attempts'>>

/** Writes down how a claimed delivery went; undefined where it has been claimed again since. */
export function settle(db: Db, { id, claims }: Pick<Delivery, 'id' | 'claims'>, state: State) {
  return db
    .updateTable('deliveries')
    .set(state)
    .where('id', '=', id)
    .where('claims', '=', claims)
    .returning('id')
    .executeTakeFirst()
}

export function insertAttempt(db: Db, attempt: Insertable<Schema['deliveryAttempts']>) {
  return db.insertInto('deliveryAttempts').values(attempt).execute()
}

/** Gives up all that is on its way to an endpoint. */
export function giveUp(db: Db, endpointId: string, at: string) {
  return db
    .updateTable('deliveries')
    .set(eb => ({ nextAttemptAt: null, failedAt: at, claims: eb('claims', '+', 1) }))
    .where('endpointId', '=', endpointId)
    .where('nextAttemptAt', 'is not', null)
    .execute()
}

/** Forgets what came to an end, or began, before a time, with its events. */
export async function forget(db: Db, before: string) {
  const old = (eb: typeof db) =>
    eb.selectFrom('deliveries').select('id').where('createdAt', '<', before).where('nextAttemptAt', 'is', null)
  await db.deleteFrom('deliveryAttempts').where('deliveryId', 'in', old(db)).execute()
  await db.deleteFrom('deliveries').where('id', 'in', old(db)).execute()
  await db
    .deleteFrom('events')
    .where('createdAt', '<', before)
    .where('id', 'not in', db.selectFrom('deliveries').select('eventId'))
    .execute()
}

function owned(db: Db, { programId, partnerId }: Owner) {
  return db
    .selectFrom('deliveries')
    .selectAll()
    .where('programId', '=', programId)
    .where('partnerId', partnerId === null ? 'is' : '=', partnerId)
}
