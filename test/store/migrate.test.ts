import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answers, type Database, DatabaseRefused, inTransaction, open } from '../../server/store/database.ts'
import { migrate } from '../../server/store/migrate.ts'
import { type Migration, migrations } from '../../server/store/migrations.ts'
import { emptyDatabase, engine } from '../support/database.ts'

let where: Awaited<ReturnType<typeof emptyDatabase>>
let database: Database
const released = [...migrations]
beforeEach(async () => {
  where = await emptyDatabase()
  database = open(where.url)
})
afterEach(async () => {
  migrations.splice(0, migrations.length, ...released)
  await database.close()
  await where.remove()
})

const tables = async () => (await database.db.withoutPlugins().introspection.getTables()).map(table => table.name).sort()
const done = async () => {
  const { rows } = await sql<{ name: string; at: string }>`select name, at from migrations order by name`.execute(database.db)
  return rows
}
const step = (name: string, up: Migration['up']): Migration => ({ name, up })

test('An empty database gets every table, and a second start changes nothing', async () => {
  expect(await migrate(database)).toEqual(released.map(each => each.name))
  const first = [await tables(), await done()]
  expect(first[0]).toEqual(expect.arrayContaining(['programs', 'partners', 'clicks', 'journal_entries', 'mails']))
  expect(await migrate(database)).toEqual([])
  expect([await tables(), await done()]).toEqual(first)
})

test('A database of an earlier release gets only what is new, and keeps its rows', async () => {
  await migrate(database)
  await database.db.insertInto('meta').values({ name: 'kept', value: 'yes' }).execute()
  migrations.push(step('900_later', db => sql`alter table meta add column note text`.execute(db).then(() => {})))
  expect(await migrate(database)).toEqual(['900_later'])
  const { rows } = await sql`select name, value, note from meta`.execute(database.db)
  expect(rows).toEqual([{ name: 'kept', value: 'yes', note: null }])
})

test('A database of a later release is refused, with what it has that this one does not know', async () => {
  migrations.push(step('900_later', async () => {}))
  await migrate(database)
  migrations.pop()
  const before = [await tables(), await done()]
  await expect(migrate(database)).rejects.toThrow(/newer than this release: it has 900_later/)
  expect([await tables(), await done()]).toEqual(before)
})

describe('A migration that does not come to its end', () => {
  const failing = step('900_failing', async db => {
    await sql`create table half_done (id text)`.execute(db)
    await sql`insert into half_done (id) values ('x')`.execute(db)
    await sql`insert into no_such_table (id) values ('x')`.execute(db)
  })

  test('leaves nothing of itself nor of those before it', async () => {
    migrations.push(failing)
    await expect(migrate(database)).rejects.toThrow('no_such_table')
    expect(await tables()).toEqual(['migrations'])
    expect((await done()).map(row => row.name)).toEqual(['lock'])
    migrations.pop()
    expect(await migrate(database)).toEqual(released.map(each => each.name))
  })

  test('leaves an existing database as it was', async () => {
    await migrate(database)
    const before = [await tables(), await done()]
    migrations.push(failing)
    await expect(migrate(database)).rejects.toThrow('no_such_table')
    expect([await tables(), await done()]).toEqual(before)
  })
})

test('Several processes at once make the tables once; of a file there is only one', async () => {
  if (engine === 'sqlite') {
    expect(() => open(where.url)).toThrow(DatabaseRefused)
    expect((await Promise.all([migrate(database), migrate(database)])).flat()).toEqual(released.map(each => each.name))
    return
  }
  const others = Array.from({ length: 5 }, () => open(where.url))
  try {
    // Connected beforehand, so that they come at the same moment.
    await Promise.all([database, ...others].map(answers))
    const made = await Promise.all([database, ...others].map(migrate))
    expect(made.flat()).toEqual(released.map(each => each.name))
  } finally {
    await Promise.all(others.map(each => each.close()))
  }
})

test('After a failed transaction the database goes on', async () => {
  await migrate(database)
  const failing = inTransaction(database, async db => {
    await db.insertInto('meta').values({ name: 'gone', value: 'x' }).execute()
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await database.db.selectFrom('meta').selectAll().where('name', '=', 'gone').execute()).toEqual([])
})
