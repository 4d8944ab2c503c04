import { sql } from 'kysely'

/** What somebody types to find something, as a pattern for `like … escape '\'` on text that is kept folded. */
export function pattern(search: string) {
  return `%${search
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`
}

/** True for a column that holds what is looked for. Where it is not kept folded, only ASCII letters are found in any case. */
export function holds(column: string, search: string, { isFolded = false } = {}) {
  const text = isFolded ? sql.ref(column) : sql`lower(${sql.ref(column)})`
  return sql<boolean>`${text} like ${pattern(search)} escape '\\'`
}
