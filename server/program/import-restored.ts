import type { ExportType } from '../contract/export.ts'
import type { ImportCode, ImportedLine } from '../contract/import.ts'
import { exported } from '../store/export-tables.ts'
import type { Restored } from '../store/import-restore.ts'

export type Line = { line: number; value: Record<string, unknown> }

/** What an export tells of and no server can be given: what lets somebody in is not in it, and what was sent stays sent. */
export const leftOut: Partial<Record<ExportType, [ImportCode, string]>> = {
  apiKey: ['secret_not_exported', 'Keys are not exported. Make a new one.'],
  partnerKey: ['secret_not_exported', 'Keys are not exported. The partner makes a new one.'],
  mail: ['not_restored', 'What was sent is not kept again.'],
  delivery: ['not_restored', 'What was delivered is not kept again.'],
}

export const LIVES_HERE = 'What was exported lives on this server. An export becomes a program on another one.'

export const outcomes: Record<Exclude<Restored, 'id_taken'>, Pick<ImportedLine, 'outcome' | 'code' | 'message'>> = {
  created: { outcome: 'created' },
  unchanged: { outcome: 'unchanged' },
  row_differs: { outcome: 'refused', code: 'row_differs', message: 'It is here already, and has become another since.' },
}
export const outcomeOf = (came: Restored | undefined) => (came === undefined || came === 'id_taken' ? 'row_differs' : came)

export const missing = {
  outcome: 'refused',
  code: 'refers_to_missing',
  message: 'It refers to something that is not here. Import what it refers to first.',
} as const

/** What became of a line of an export. */
export function told(
  type: ExportType,
  { line, value }: Line,
  more: Pick<ImportedLine, 'outcome' | 'code' | 'message'>,
): ImportedLine {
  const key = exported[type].key.map(name => String(value[name] ?? '')).join(' ')
  return { type: 'line', line, noun: type, key, ...more }
}
