import type { Desk } from '../program/desk.ts'
import * as admins from '../store/admins.ts'
import * as clicks from '../store/clicks.ts'
import { inTransaction } from '../store/database.ts'

const HOUR_MS = 3_600_000

/** Forgets what has served its purpose: who clicked yesterday, and sessions that ran out a month ago. */
export async function prune(desk: Desk) {
  const before = (hours: number) => new Date(desk.clock().getTime() - hours * HOUR_MS).toISOString()
  await inTransaction(desk.database, db => clicks.forgetVisitors(db, before(24)))
  await inTransaction(desk.database, db => admins.forgetSessions(db, before(30 * 24)))
}
