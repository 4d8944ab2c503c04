import type { ImportCode, ImportField } from '../contract/import.ts'
import type { Cells, Reader } from './import-columns.ts'
import { amountOf, type Read, shortened, timeOf } from './import-values.ts'

export type Refusal = { outcome: 'refused' | 'skipped'; code: ImportCode; message: string }

/** The moment of the import and the program's currency, where a row says nothing of its own. */
export type Around = { now: string; currency: string; isCurrency(code: string): boolean }

export type At = { reader: Reader; cells: Cells; around: Around }

/** Why nothing of a row is taken. */
export class Refused extends Error {
  readonly refusal: Refusal
  constructor(code: ImportCode, message: string, outcome: Refusal['outcome'] = 'refused') {
    super(message)
    this.refusal = { outcome, code, message }
  }
}

export function text({ reader, cells }: At, field: ImportField, most: number) {
  const value = reader.text(cells, field)
  if (value === '') return null
  if (value.length > most || !value.isWellFormed() || value.includes('\0'))
    throw new Refused('text_invalid', `“${shortened(value)}” is longer than ${most} characters, or has one that cannot be kept.`)
  return value
}

export function emailIn(row: At, field: ImportField) {
  const value = text(row, field, 2_000)
  if (value === null) return null
  if (value.length > 254 || !/^[^\s@"<>]+@[^\s@"<>]+\.[^\s@"<>]+$/.test(value))
    throw new Refused('email_invalid', `“${shortened(value)}” is no e-mail address.`)
  return value
}

export function timeIn(row: At, field: ImportField) {
  const value = text(row, field, 200)
  return value === null || /^(-|null|none|n\/a)$/i.test(value) ? null : readOf(timeOf(value, row.reader.mapping.dates))
}

export function amountIn(row: At, field: ImportField, currency: string) {
  const value = text(row, field, 100)
  return value === null ? null : readOf(amountOf(value, currency, row.reader.unit(row.cells, field)))
}

export function currencyIn(row: At) {
  const named = text(row, 'currency', 40)
  if (named === null) return row.reader.currency ?? row.around.currency
  const code = named.toUpperCase()
  if (!row.around.isCurrency(code)) throw new Refused('currency_unknown', `“${shortened(named)}” is no ISO 4217 currency code.`)
  return code
}

function readOf<T>(read: Read<T>): T {
  if ('value' in read) return read.value
  throw new Refused(read.code, read.message)
}
