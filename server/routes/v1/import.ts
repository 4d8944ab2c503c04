import { AsyncLocalStorage } from 'node:async_hooks'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ReadableStream } from 'node:stream/web'
import { type Context, Hono } from 'hono'
import { LARGEST_IMPORT } from '../../body.ts'
import { ImportLine, ImportMapping, ImportQuery } from '../../contract/import.ts'
import { door, type Server, valid } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { importInto } from '../../program/import.ts'

/** What another system has of a program, or an export of one, brought in line by line. */
export function importRoutes(server: Server) {
  return new Hono().post(
    '/v1/apps/:appId/import',
    ...door(
      server,
      {
        summary: 'Bring over what another system has',
        tag: 'Reports',
        who: ['admin'],
        inProgram: true,
        query: ImportQuery,
        sends: ['text/csv', 'application/json', 'application/x-ndjson', 'application/octet-stream'],
        replies: { 200: ImportLine },
        media: 'application/x-ndjson',
      },
      async ({ c, desk, program, query }) => {
        const { from, kind, dryRun, stopAtRefusal } = query
        const mapping = query.mapping === undefined ? undefined : mappingFrom(query.mapping)
        const file = await kept(c)
        const asked = { programId: program.id, from, kind, dryRun, stopAtRefusal, mapping, stream: file.stream }
        const lines = importInto(desk, asked)
        try {
          // What stands against all of it is found before the first line, and is an answer of its own.
          const first = await lines.next()
          // Who asks for the rest is the answer's stream, and what is recorded is recorded in the name of who asked for that.
          const inName = AsyncLocalStorage.snapshot()
          const body = ReadableStream.from(
            written(
              first,
              () => inName(() => lines.next()),
              async () => {
                await lines.return()
                await file.close()
              },
            ),
          )
          return new Response(body as BodyInit, { headers: { 'content-type': 'application/x-ndjson' } })
        } catch (error) {
          await file.close()
          throw error
        }
      },
    ),
  )
}

function mappingFrom(text: string) {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw Problem.at('mapping', 'That is no JSON.')
  }
  return valid(ImportMapping, value)
}

/**
 * Keeps what is sent in a file until it has been read: a request may last half a minute, and an import as long as it takes.
 * The file has no name by the time that anything is in it, so that it goes with the process, however that ends.
 */
async function kept(c: Context) {
  const folder = await mkdtemp(join(tmpdir(), 'mislata-import-'))
  let file: FileHandle
  try {
    file = await open(join(folder, 'file'), 'wx+', 0o600)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  try {
    let size = 0
    for await (const bytes of c.req.raw.body ?? []) {
      size += bytes.length
      if (size > LARGEST_IMPORT) throw new Problem('too_large', { headers: { connection: 'close' } })
      await file.write(bytes)
    }
  } catch (error) {
    await file.close()
    throw error
  }
  const stream = file.createReadStream({ start: 0, autoClose: false })
  const close = () => {
    stream.destroy()
    return file.close()
  }
  return { stream, close }
}

type Next = ReturnType<AsyncGenerator<ImportLine, void>['next']>

// Many lines at a time: each on its own would cost more than what it tells of.
async function* written(first: Awaited<Next>, following: () => Next, end: () => Promise<void>) {
  const encoder = new TextEncoder()
  try {
    let text = ''
    for (let next = first; !next.done; next = await following()) {
      text += `${JSON.stringify(next.value)}\n`
      if (next.value.type === 'line' && text.length < 65_536) continue
      yield encoder.encode(text)
      text = ''
    }
    if (text) yield encoder.encode(text)
  } finally {
    await end()
  }
}
