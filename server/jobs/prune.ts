import type { Desk } from '../program/desk.ts'
import * as adminSessions from '../store/admin-sessions.ts'
import * as clicks from '../store/clicks.ts'
import { inTransaction } from '../store/database.ts'
import * as deliveries from '../store/deliveries.ts'
import * as idempotency from '../store/idempotency.ts'
import * as mails from '../store/mails.ts'
import * as portal from '../store/portal.ts'
import * as team from '../store/team.ts'

const HOUR_MS = 3_600_000

/**
 * Forgets what has served its purpose: who clicked yesterday, sessions that ran out a month ago, answers kept for a day,
 * and what was told of three months ago.
 */
export async function prune(desk: Desk) {
  const before = (hours: number) => new Date(desk.clock().getTime() - hours * HOUR_MS).toISOString()
  await inTransaction(desk.database, db => clicks.forgetVisitors(db, before(24)))
  await inTransaction(desk.database, db => idempotency.forget(db, before(0)))
  await inTransaction(desk.database, db => deliveries.forget(db, before(90 * 24)))
  await inTransaction(desk.database, db => mails.forget(db, { before: before(90 * 24), now: before(0) }))
  await inTransaction(desk.database, db => portal.forgetAsks(db, before(24)))
  await inTransaction(desk.database, db => adminSessions.forget(db, before(30 * 24)))
  await inTransaction(desk.database, db => team.forgetInvites(db, before(24)))
}
