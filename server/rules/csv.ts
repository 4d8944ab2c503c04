/** A line of a file: what number it has, as a person counts, and its fields. Null where it is no CSV from there on. */
export type CsvLine = { line: number; fields: string[] | null }

/**
 * The lines of a CSV file as RFC 4180 has it, with commas or semicolons, whichever the first line has more of; a mark of
 * the byte order, empty lines and any end of line are taken. A quote that is not closed, or not where a field begins, ends it.
 */
export function csvLines(text: string): CsvLine[] {
  const source = text.replace(/^\ufeff/, '')
  const first = /^[^\r\n]*/.exec(source)?.[0] ?? ''
  const separator = count(first, ';') > count(first, ',') ? ';' : ','
  const field = new RegExp(`("(?:[^"]|"")*"|[^"${separator}\\r\\n]*)(${separator}|\\r\\n|\\n|\\r|$)`, 'y')
  const lines: CsvLine[] = []
  let fields: string[] = []
  let [line, begun] = [1, 1]
  while (field.lastIndex < source.length) {
    const found = field.exec(source)
    if (!found) return [...lines, { line: begun, fields: null }]
    const [, cell = '', end = ''] = found
    fields.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    line += count(cell.replaceAll('\r\n', '\n').replaceAll('\r', '\n'), '\n')
    if (end === separator) {
      // A separator at the very end has an empty field after it.
      if (field.lastIndex === source.length) lines.push({ line: begun, fields: [...fields, ''] })
      continue
    }
    if (fields.some(each => each.trim() !== '')) lines.push({ line: begun, fields })
    fields = []
    begun = ++line
  }
  return lines
}

const count = (text: string, what: string) => text.split(what).length - 1
