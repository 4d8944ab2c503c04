import { ReadableStream } from 'node:stream/web'
import { setImmediate } from 'node:timers/promises'
import { Hono } from 'hono'
import { ExportLine, ExportQuery, type ExportType, exportTypes } from '../../contract/export.ts'
import { door, type Server } from '../../door.ts'
import { nowIn } from '../../program/desk.ts'
import { rowsOf } from '../../store/export.ts'
import type { Program } from '../../store/programs.ts'
import type { Db } from '../../store/schema.ts'

/** All that a program is, a line of JSON for each thing, written out as it is read. */
export function exportRoutes(server: Server) {
  return new Hono().get(
    '/v1/apps/:appId/export',
    ...door(
      server,
      {
        summary: 'Everything of a program, as lines of JSON',
        tag: 'Reports',
        who: ['admin'],
        inProgram: true,
        query: ExportQuery,
        replies: { 200: ExportLine },
        media: 'application/x-ndjson',
      },
      ({ desk, program, query }) => {
        // Some rows have the program's time and some the clock's own.
        const now = new Date(Math.max(desk.clock().getTime(), nowIn(desk, program).getTime())).toISOString()
        const types = query.type ? [query.type] : [...exportTypes]
        return new Response(ReadableStream.from(written(desk.database.db, program, types, now)) as BodyInit, {
          headers: {
            'content-type': 'application/x-ndjson',
            'content-disposition': `attachment; filename="${program.id}-${now.slice(0, 10)}.ndjson"`,
          },
        })
      },
    ),
  )
}

async function* written(db: Db, program: Program, types: ExportType[], now: string) {
  const encoder = new TextEncoder()
  const lines = (all: object[]) => encoder.encode(all.map(each => `${JSON.stringify(each)}\n`).join(''))
  yield lines([{ type: 'export', version: 1, programId: program.id, exportedAt: now, types }])
  let rows = 0
  for (const type of types) {
    for await (const page of rowsOf(db, program.id, type, now)) {
      rows += page.length
      yield lines(page.map(row => ({ type, ...row })))
      // SQLite answers at once: without a pause a long export would let nobody else have a turn.
      await setImmediate()
    }
  }
  yield lines([{ type: 'end', rows }])
}
