import { finished } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { type Cells, cellsOf, columnName } from '../rules/import-columns.ts'

/** A row with the number of the line on which it begins; null where that line is no row. */
export type ReadRow = { line: number; cells: Cells | null }
export type Opened = { isJson: boolean; columns: string[]; rows: AsyncIterable<ReadRow> }

/** The file cannot be read from that line on. */
export class Unreadable extends Error {
  readonly line: number
  readonly code: 'file_malformed' | 'file_broken_off'
  constructor(line: number, message: string, code: 'file_malformed' | 'file_broken_off' = 'file_malformed') {
    super(message)
    this.line = line
    this.code = code
  }
}

// A vendor's list in one JSON text has to be taken whole; what has more rows comes as CSV, or as one JSON object a line.
const LONGEST_JSON = 32 * 1024 * 1024
const LONGEST_ROW = 1024 * 1024

/**
 * Reads a file's rows as they come: CSV with commas, semicolons or tabs, a list in JSON, or one JSON object a line. Throws
 * `Unreadable` where it is none of these, then or on the way.
 */
export async function opened(stream: AsyncIterable<Uint8Array>): Promise<Opened> {
  const texts = decoded(stream)
  let begin = ''
  for (; !/\S[\s\S]*\n/.test(begin) && begin.length < LONGEST_ROW; ) {
    const { value, done } = await texts.next()
    if (done) break
    begin += value
  }
  const all = joined(begin, texts)
  const [first = ''] = begin.trimStart()
  if (first === '[' || (first === '{' && !isObject(begin.trimStart().split('\n')[0] ?? ''))) return jsonList(all)
  if (first === '{') return jsonLines(all, begin)
  return csv(all, begin)
}

/** One JSON object a line, as they come. */
export async function* objectsIn(texts: AsyncIterable<string>): AsyncGenerator<{ line: number; value: Record<string, unknown> }> {
  let [rest, line] = ['', 0]
  const objectOf = (text: string) => {
    const value = parsed(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    throw new Unreadable(line, 'The line is no JSON object.')
  }
  for await (const text of texts) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_ROW * 8) throw new Unreadable(line + 1, 'The line has no end.')
    for (const each of lines) {
      line++
      if (each.trim()) yield { line, value: objectOf(each) }
    }
  }
  line++
  if (rest.trim()) yield { line, value: objectOf(rest) }
}

/** Bytes as text, without the mark that some programs begin it with. */
export async function* decoded(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const text = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch {
      throw new Unreadable(1, 'The file is not in UTF-8. Save it as “CSV UTF-8”.')
    }
  }
  for await (const bytes of stream) yield text(bytes)
  yield text()
}

async function* joined(begin: string, rest: AsyncIterable<string>) {
  yield begin
  yield* rest
}

async function csv(texts: AsyncIterable<string>, begin: string): Promise<Opened> {
  const title = begin.trimStart().split(/\r\n|\n|\r/)[0] ?? ''
  const count = (mark: string) => title.split(mark).length - 1
  const [delimiter = ','] = [',', ';', '\t'].sort((a, b) => count(b) - count(a))
  const records = recordsIn(texts, delimiter)
  const first = await records.next()
  const columns = first.done ? [] : first.value.cells.map(columnName)
  return { isJson: false, columns, rows: csvRows(records, columns) }
}

type Recorded = { cells: string[]; lines: number }

// What was read before the file breaks off is told first: a stream would forget what nobody has taken from it yet.
async function* recordsIn(texts: AsyncIterable<string>, delimiter: string): AsyncGenerator<Recorded, undefined> {
  let [read, failed]: [Recorded[], Error | null] = [[], null]
  const parser = parse({
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    record_delimiter: '\n',
    max_record_size: LONGEST_ROW,
    on_record: (cells: string[], { lines }) => {
      read.push({ cells, lines })
      return null
    },
  })
  parser.on('error', error => {
    failed ??= error
  })
  parser.resume()
  const taken = () => {
    const some = read
    read = []
    return some
  }
  try {
    for await (const text of withNewlines(texts)) {
      await new Promise<void>(resolve => void parser.write(text, () => resolve()))
      yield* taken()
      if (failed) throw unreadable(failed)
    }
    parser.end()
    await finished(parser).catch(() => {})
    yield* taken()
    if (failed) throw unreadable(failed)
  } finally {
    parser.destroy()
  }
}

function unreadable(error: Error) {
  return error instanceof CsvError ? new Unreadable(Number((error as { lines?: number }).lines ?? 1), error.message) : error
}

// However its lines end: then their numbers are those that an editor shows.
async function* withNewlines(texts: AsyncIterable<string>) {
  let held = ''
  for await (const text of texts) {
    const all = held + text
    // What ends with \r may go on with \n.
    held = all.endsWith('\r') ? '\r' : ''
    yield all.slice(0, all.length - held.length).replace(/\r\n?/g, '\n')
  }
  if (held) yield '\n'
}

async function* csvRows(records: AsyncIterable<Recorded>, columns: string[]): AsyncGenerator<ReadRow> {
  for await (const { cells: record, lines } of records) {
    const within = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0)
    const line = lines - within
    // More cells than titles: a comma within one of them that nobody has quoted, and so all after it are another's.
    if (record.slice(columns.length).some(cell => cell.trim() !== '')) {
      yield { line, cells: null }
      continue
    }
    const cells: Cells = new Map()
    for (const [at, name] of columns.entries()) if (!cells.get(name)) cells.set(name, record[at] ?? '')
    yield { line, cells }
  }
}

async function jsonList(texts: AsyncIterable<string>): Promise<Opened> {
  let text = ''
  for await (const each of texts) {
    text += each
    if (text.length > LONGEST_JSON)
      throw new Unreadable(1, 'The JSON is longer than 32 MB. Send one object a line instead, or CSV.')
  }
  const list = listIn(parsed(text))
  if (!list) throw new Unreadable(1, 'The file is no JSON with a list in it.')
  const all = list.flatMap((each: unknown, at: number) => exploded(each).map(one => ({ line: at + 1, cells: cellsOf(one) })))
  return { isJson: true, columns: columnsOf(all), rows: asTheyCome(all) }
}

async function jsonLines(texts: AsyncIterable<string>, begin: string): Promise<Opened> {
  const sample = begin
    .trim()
    .split('\n')
    .slice(0, 20)
    .filter(isObject)
    .flatMap(each => exploded(JSON.parse(each)).map(one => ({ line: 0, cells: cellsOf(one) })))
  async function* rows(): AsyncGenerator<ReadRow> {
    for await (const { line, value } of objectsIn(texts)) for (const one of exploded(value)) yield { line, cells: cellsOf(one) }
  }
  return { isJson: true, columns: columnsOf(sample), rows: rows() }
}

/** The list itself, or the first that stands in what is around it: `data`, or `items` within that. */
function listIn(value: unknown, depth = 0): unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value !== 'object' || value === null || depth > 2) return undefined
  for (const each of Object.values(value)) {
    const found = listIn(each, depth + 1)
    if (found) return found
  }
  return undefined
}

/** A conversion that has earned several commissions is as many rows. */
function exploded(value: unknown): unknown[] {
  const { commissions, ...rest } = Object(value) as { commissions?: unknown }
  return Array.isArray(commissions) ? commissions.map(each => ({ ...rest, commissions: each })) : [value]
}

function columnsOf(rows: { cells: Cells }[]) {
  return [...new Set(rows.slice(0, 50).flatMap(each => [...each.cells.keys()]))]
}

async function* asTheyCome<T>(all: T[]) {
  yield* all
}

function isObject(text: string) {
  return typeof parsed(text) === 'object'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
