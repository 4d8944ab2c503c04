import type { Db } from './schema.ts'

/** Forgets what has been counted in spans that are over. */
export function forget(db: Db, now: Date) {
  return db.deleteFrom('limitUses').where('expire', '<', now.getTime()).execute()
}
