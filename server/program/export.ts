import { setImmediate } from 'node:timers/promises'
import { type ExportType, exportTypes } from '../contract/export.ts'
import { rowsOf } from '../store/export.ts'
import type { Program } from '../store/programs.ts'
import { type Desk, nowIn } from './desk.ts'

/**
 * All that a program is, or one noun of it, as objects of which each becomes a line: a first one that says what it is, then
 * page after page as it is read, and a last one with the number of rows. Nobody waits for it.
 */
export async function* exported(desk: Desk, program: Program, type?: ExportType): AsyncGenerator<object[]> {
  // Some rows have the program's time and some the clock's own.
  const now = new Date(Math.max(desk.clock().getTime(), nowIn(desk, program).getTime())).toISOString()
  const types = type ? [type] : [...exportTypes]
  yield [{ type: 'export', version: 1, programId: program.id, exportedAt: now, types }]
  let rows = 0
  for (const each of types) {
    for await (const page of rowsOf(desk.database.db, program.id, each, now)) {
      rows += page.length
      yield page.map(row => ({ type: each, ...row }))
      // SQLite answers at once: without a pause a long export would let nobody else have a turn.
      await setImmediate()
    }
  }
  yield [{ type: 'end', rows }]
}
