import type { ImportField, ImportKind, ImportMapping } from '../contract/import.ts'
import { importFields } from '../contract/import.ts'
import { layoutOf, tellers, type Vendor } from './import-vendors.ts'

/** A row's cells by the names of their columns; of several under one name the lines of one text. */
export type Cells = Map<string, string>

/** A column's name as all spellings of it come to: `Created At`, `createdAt` and `created_at` are one. */
export function columnName(title: string) {
  return title
    .normalize('NFKC')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
}

/** An object as a row of cells: what is nested goes by the names on the way to it, `sale.currency` by `sale_currency`. */
export function cellsOf(value: unknown): Cells {
  const cells: Cells = new Map()
  const open: { name: string; value: unknown; depth: number }[] = [{ name: '', value, depth: 0 }]
  for (let next = open.shift(); next; next = open.shift()) {
    const { name, value, depth } = next
    if (value === null || value === undefined) continue
    if (typeof value !== 'object') {
      const known = cells.get(name)
      cells.set(name, known === undefined ? String(value) : `${known}\n${value}`)
      continue
    }
    // What is a list goes by the list's own name, each of it; what goes deeper than any source does is left.
    if (depth > 6) continue
    for (const [key, each] of Object.entries(value)) {
      const own = Array.isArray(value) ? '' : columnName(key)
      open.push({ name: [name, own].filter(Boolean).join('_'), value: each, depth: depth + 1 })
    }
  }
  return cells
}

export type Reader = {
  kind: ImportKind
  /** What a row says of a field, trimmed; '' where it says nothing. */
  text(cells: Cells, field: ImportField): string
  /** Whether the field's amount is in minor units in this row. */
  unit(cells: Cells, field: ImportField): 'major' | 'minor'
  currency: string | undefined
  mapping: ImportMapping
}

type Asked = { from: Vendor; kind: ImportKind; mapping: ImportMapping; isJson: boolean }

/** How the rows of a file are read: by the mapping first, by what is known of the source otherwise. */
export function readerOf({ from, kind, mapping, isJson }: Asked): Reader {
  const layout = layoutOf(from, kind)
  const names = new Map(
    importFields.map(field => {
      const mapped = mapping.columns[field]
      const known = layout.columns[field]?.split(' ') ?? []
      // What stands under our own name needs no mapping, unless the source means something else by it.
      const own = from === 'csv' ? [columnName(field)] : []
      return [field, mapped === undefined ? [...known, ...own] : [columnName(mapped)]]
    }),
  )
  const columnOf = (cells: Cells, field: ImportField) => names.get(field)?.find(name => (cells.get(name) ?? '').trim() !== '')
  const otherwise = mapping.amounts ?? (isJson ? (layout.json ?? 'major') : 'major')
  return {
    kind,
    mapping,
    currency: mapping.currency ?? layout.currency,
    text: (cells, field) => cells.get(columnOf(cells, field) ?? '')?.trim() ?? '',
    unit: (cells, field) => (/(^|_)cents$/.test(columnOf(cells, field) ?? '') ? 'minor' : otherwise),
  }
}

/** What the rows of a file are, by its columns; undefined where that cannot be seen. */
export function kindOf(from: Vendor, mapping: ImportMapping, columns: readonly string[]): ImportKind | undefined {
  const there = new Map(columns.map(name => [name, 'x']))
  return tellers.find(({ kind, groups, without = [] }) => {
    const reader = readerOf({ from, kind, mapping, isJson: false })
    const has = (field: ImportField) => reader.text(there, field) !== ''
    return groups.every(group => group.some(has)) && !without.some(has)
  })?.kind
}
