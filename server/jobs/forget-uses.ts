import type { Desk } from '../program/desk.ts'
import { inTransaction } from '../store/database.ts'
import * as limits from '../store/limits.ts'

/** Forgets how often somebody has asked, when the span is over in which it counts. */
export async function forgetUses(desk: Desk) {
  await inTransaction(desk.database, db => limits.forget(db, desk.clock()))
}
