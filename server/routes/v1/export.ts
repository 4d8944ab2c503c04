import { ReadableStream } from 'node:stream/web'
import { Hono } from 'hono'
import { ExportLine, ExportQuery } from '../../contract/export.ts'
import { door, type Server } from '../../door.ts'
import { nowIn } from '../../program/desk.ts'
import { exported } from '../../program/export.ts'
import { seal } from '../../program/journal-chain.ts'

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
      async ({ desk, program, query }) => {
        // What was booked in these seconds stands in the chain as well: whoever reads the export can hold all of it against that.
        await seal(desk, program.id)
        const today = nowIn(desk, program).toISOString().slice(0, 10)
        return new Response(ReadableStream.from(written(exported(desk, program, query.type))) as BodyInit, {
          headers: {
            'content-type': 'application/x-ndjson',
            'content-disposition': `attachment; filename="${program.id}-${today}.ndjson"`,
          },
        })
      },
    ),
  )
}

async function* written(pages: AsyncIterable<object[]>) {
  const encoder = new TextEncoder()
  for await (const page of pages) yield encoder.encode(page.map(each => `${JSON.stringify(each)}\n`).join(''))
}
