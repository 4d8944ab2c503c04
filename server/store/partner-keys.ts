import type { Insertable } from 'kysely'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'

export function insert(db: Db, key: Insertable<Schema['partnerKeys']>) {
  return db.insertInto('partnerKeys').values(key).execute()
}

/** The partner whose key this is the hash of, and the key's id; undefined for a key that is unknown or revoked. */
export async function holder(db: Db, hash: string) {
  const row = await db
    .selectFrom('partnerKeys')
    .innerJoin('partners', 'partners.id', 'partnerKeys.partnerId')
    .selectAll('partners')
    .select('partnerKeys.id as keyId')
    .where('partnerKeys.hash', '=', hash)
    .where('partnerKeys.revokedAt', 'is', null)
    .executeTakeFirst()
  if (!row) return undefined
  const { keyId, ...partner } = row
  return { keyId, partner }
}

const shown = ['id', 'name', 'hint', 'createdAt'] as const

/** A partner's keys that work, newest first. */
export function page(db: Db, partnerId: string, paging: { limit: number; after: string | null }) {
  const query = db.selectFrom('partnerKeys').select(shown).where('partnerId', '=', partnerId).where('revokedAt', 'is', null)
  return readAfter(query, paging)
}

export async function count(db: Db, partnerId: string) {
  const row = await db
    .selectFrom('partnerKeys')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('partnerId', '=', partnerId)
    .where('revokedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Stops a key for good; undefined where the partner has none such, or it was stopped before. */
export function revoke(db: Db, { partnerId, id, revokedAt }: { partnerId: string; id: string; revokedAt: string }) {
  return db
    .updateTable('partnerKeys')
    .set({ revokedAt })
    .where('partnerId', '=', partnerId)
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .returning(shown)
    .executeTakeFirst()
}
