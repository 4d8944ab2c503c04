import { sql } from 'kysely'
import type { Db } from './schema.ts'

// SQLite chooses an index by what it knows of how many rows each would find, and without statistics takes one that begins
// with the program for as good as any: a sale would look through all that the program has. Statistics taken of the data say
// where it is small today, of a table that has a million rows a month later. So they are written down instead of taken, as
// SQLite's documentation allows, and every installation asks in the same way, from its first day on.

const ROWS = 1_000_000
/** In an index of what is unfinished. */
const ROWS_IN_PART = 1_000

/** How many values a column has; of what is not named, nearly as many as there are rows. */
const VALUES: Record<string, number> = {
  program_id: 4,
  account: 5,
  currency: 5,
  kind: 10,
  source: 10,
  action: 50,
  month: 40,
  period: 40,
  day: 400,
  available_on: 400,
  partner_id: 2_000,
  endpoint_id: 2_000,
  batch_id: 2_000,
  payout_id: 20_000,
}

type Index = { tableName: string; indexName: string; isPartial: number; columnNames: string }

/** Tells SQLite what each index is worth in a large programme. */
export async function writeStatistics(db: Db) {
  const { rows: indices } = await sql<Index>`
    select m.name as table_name, i.name as index_name, i.partial as is_partial,
      (select group_concat(name) from (select name from pragma_index_info(i.name) order by seqno)) as column_names
    from sqlite_master m, pragma_index_list(m.name) i where m.type = 'table' and m.name not like 'sqlite_%'
    order by 1, 2`.execute(db)
  const wanted = indices.map(each => [each.tableName, each.indexName, worthOf(each)])
  // The table is SQLite's own, and made by it when it first takes some.
  await sql`analyze meta`.execute(db)
  await sql`delete from sqlite_stat1`.execute(db)
  for (const [table, index, worth] of wanted)
    await sql`insert into sqlite_stat1 (tbl, idx, stat) values (${table}, ${index}, ${worth})`.execute(db)
  // What was read of it when the database was opened is read again.
  await sql`analyze sqlite_schema`.execute(db)
}

/** How many rows the index has, and how many of them share the values of its first column, of its first two, and so on. */
function worthOf({ columnNames, isPartial }: Index) {
  const rows = isPartial ? ROWS_IN_PART : ROWS
  let alike = rows
  const shares = columnNames.split(',').map(name => {
    alike = Math.max(1, Math.ceil(alike / (VALUES[name] ?? rows)))
    return alike
  })
  return [rows, ...shares].join(' ')
}
