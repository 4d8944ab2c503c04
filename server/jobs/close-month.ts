import type { Desk } from '../program/desk.ts'
import { closeEnded } from '../program/periods.ts'
import * as programs from '../store/programs.ts'

/** Closes the months that have ended where each program is. One that cannot be closed does not keep the others open. */
export async function closeMonths(desk: Desk) {
  const failed: unknown[] = []
  for (const program of await programs.all(desk.database.db)) {
    await closeEnded(desk, program).catch(error => failed.push(error))
  }
  if (failed.length) throw new AggregateError(failed, `The months of ${failed.length} programs could not be closed`)
}
