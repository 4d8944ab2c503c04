import { ReadableStream } from 'node:stream/web'
import type { Context, MiddlewareHandler } from 'hono'
import type * as v from 'valibot'
import { listsAsCsv } from './csv-lists.ts'
import { cellOf } from './rules/payout-file.ts'

type Row = Record<string, unknown>
type Page = { data: Row[]; nextCursor?: string | null; total?: number }
type Fetch = (request: Request, env: unknown) => Response | Promise<Response>

const PAGE = 100

/**
 * Any list of an operator as a file of comma-separated values (RFC 4180), where `?format=csv` or `Accept: text/csv` asks for it:
 * all of it, whatever page is named, written out as it is read. Each page is asked for as JSON in the name of whoever asks, and
 * so passes the same door.
 */
export function csvLists(fetch: Fetch): MiddlewareHandler {
  return async (c, next) => {
    const list = c.req.method === 'GET' && wantsCsv(c) ? listsAsCsv.find(each => each.path.test(c.req.path)) : undefined
    if (!list) return next()
    const { by, row, name } = list
    const ask = async (place: Record<string, string>) => fetch(asJson(c, place), c.env)
    const first = await ask(placed(by, 1, null))
    // What refuses says so as ever; only an answer becomes a file.
    if (!first.ok) return first
    const page = (await first.json()) as Page
    const columns = columnsOf(row)
    const file = `${name}-${new Date(first.headers.get('date') ?? Date.now()).toISOString().slice(0, 10)}.csv`
    return new Response(ReadableStream.from(written(page)) as BodyInit, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${file}"`,
        vary: 'Accept',
      },
    })

    async function* written(begun: Page) {
      const encoder = new TextEncoder()
      // A spreadsheet that a person opens takes the text for another encoding without it; programs ask by the header.
      if (c.req.query('format') === 'csv') yield encoder.encode('\ufeff')
      yield encoder.encode(`${columns.map(each => each.name).join(',')}\r\n`)
      let page = begun
      for (let number = 1; ; ) {
        yield encoder.encode(page.data.map(row => `${columns.map(({ read }) => cellOf(read(row))).join(',')}\r\n`).join(''))
        const isLast = by === 'cursor' ? !page.nextCursor : by !== 'page' || number * PAGE >= (page.total ?? 0)
        if (isLast) return
        const reply = await ask(placed(by, ++number, page.nextCursor ?? null))
        // A file that ends early would be taken for the whole.
        if (!reply.ok) throw new Error(`A list broke off: ${reply.status}`)
        page = (await reply.json()) as Page
      }
    }
  }
}

function wantsCsv(c: Context) {
  const accepts = c.req
    .header('accept')
    ?.split(',')
    .map(each => each.split(';')[0]?.trim())
  return c.req.query('format') === 'csv' || accepts?.includes('text/csv') === true
}

function placed(by: 'cursor' | 'page' | 'whole', number: number, cursor: string | null): Record<string, string> {
  if (by === 'page') return { page: String(number), per_page: String(PAGE), limit: String(PAGE) }
  return by === 'cursor' ? { limit: String(PAGE), ...(cursor !== null && { cursor }) } : {}
}

function asJson(c: Context, place: Record<string, string>) {
  const url = new URL(c.req.url)
  for (const name of ['format', 'page', 'per_page', 'limit', 'cursor']) url.searchParams.delete(name)
  for (const [name, value] of Object.entries(place)) url.searchParams.set(name, value)
  const headers = new Headers(c.req.raw.headers)
  headers.set('accept', 'application/json')
  headers.set('x-request-id', c.get('requestId') ?? '')
  return new Request(url, { headers, signal: c.req.raw.signal })
}

type Column = { name: string; read(row: Row): string | number }

/** A column for each field, by the schema of a row; what has fields within has one for each of those: `actor.label`. */
function columnsOf(schema: v.GenericSchema, path: string[] = []): Column[] {
  const fields = fieldsOf(schema)
  if (fields) return Object.entries(fields).flatMap(([name, field]) => columnsOf(field, [...path, name]))
  return [
    { name: path.join('.'), read: row => text(path.reduce((at: unknown, name) => (at as Row | null | undefined)?.[name], row)) },
  ]
}

function fieldsOf(schema: v.GenericSchema): Record<string, v.GenericSchema> | undefined {
  const { type, entries, wrapped } = schema as {
    type: string
    entries?: Record<string, v.GenericSchema>
    wrapped?: v.GenericSchema
  }
  if (wrapped) return fieldsOf(wrapped)
  return /object$/.test(type) ? entries : undefined
}

function text(value: unknown): string | number {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
