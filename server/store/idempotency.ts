import type { Insertable } from 'kysely'
import type { Db, Schema } from './schema.ts'

type Row = Schema['idempotencyKeys']

/** Takes a key that nobody has used; false where somebody has. */
export async function insert(db: Db, row: Insertable<Row>) {
  const taken = await db
    .insertInto('idempotencyKeys')
    .values(row)
    .onConflict(on => on.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return !!taken
}

export function byId(db: Db, id: string) {
  return db.selectFrom('idempotencyKeys').selectAll().where('id', '=', id).executeTakeFirst()
}

/**
 * Takes a key over from the attempt that held it, with what that one has kept or without it; false where somebody was
 * faster, or that attempt has ended after all.
 */
export async function takeOver(
  db: Db,
  from: { id: string; holder: string; status: number | null; sealed: string | null },
  { fingerprint, holder, leaseEndsAt, expiresAt, createdAt, sealed = null }: Insertable<Row>,
) {
  const taken = await db
    .updateTable('idempotencyKeys')
    .set({ fingerprint, holder, leaseEndsAt, expiresAt, createdAt, status: null, sealed })
    .where('id', '=', from.id)
    .where('holder', '=', from.holder)
    .where('status', from.status === null ? 'is' : 'is not', null)
    .where('sealed', from.sealed === null ? 'is' : 'is not', null)
    .returning('id')
    .executeTakeFirst()
  return !!taken
}

/** Keeps what this attempt has done, before there is an answer; false where it does not hold the key any more. */
export async function keepEffect(db: Db, { id, holder, sealed }: { id: string; holder: string; sealed: string }) {
  const kept = await db
    .updateTable('idempotencyKeys')
    .set({ sealed })
    .where('id', '=', id)
    .where('holder', '=', holder)
    .where('status', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return !!kept
}

/** Keeps the answer, if this attempt still holds the key. */
export function finish(db: Db, { id, holder, status, sealed }: { id: string; holder: string; status: number; sealed: string }) {
  return db.updateTable('idempotencyKeys').set({ status, sealed }).where('id', '=', id).where('holder', '=', holder).execute()
}

/** Lets the key be used anew, if this attempt still holds it. */
export function release(db: Db, { id, holder }: { id: string; holder: string }) {
  return db.deleteFrom('idempotencyKeys').where('id', '=', id).where('holder', '=', holder).where('sealed', 'is', null).execute()
}

export function forget(db: Db, now: string) {
  return db.deleteFrom('idempotencyKeys').where('expiresAt', '<=', now).execute()
}
