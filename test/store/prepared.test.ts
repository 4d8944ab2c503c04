import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as customers from '../../server/store/customers.ts'
import { inTransaction } from '../../server/store/database.ts'
import * as partners from '../../server/store/partners.ts'
import type { Db } from '../../server/store/schema.ts'
import { addPartner, addProgram, emptyStore, type Store } from '../support/store.ts'

let store: Store
beforeEach(async () => {
  store = await emptyStore()
  await addProgram(store, 'prog_a')
  await addPartner(store, { programId: 'prog_a', code: 'jane' })
  const createdAt = '2026-03-10T12:00:00.000Z'
  const named = { programId: 'prog_a', externalId: 'ada', emailFold: null, email: null, name: null }
  await store.database.db
    .insertInto('customers')
    .values({ id: 'cus_ada', ...named, createdAt })
    .execute()
})
afterEach(() => store.close())

const ada = async (db: Db = store.database.db) => (await customers.byId(db, 'prog_a', 'cus_ada'))?.externalId

/** Has every connection do the same; one that is asked for while another is held is another. SQLite has one. */
async function everywhere(text: string) {
  const { pool } = store.database
  const all = await Promise.all(Array.from({ length: pool?.options.max ?? 0 }, () => pool?.connect()))
  for (const each of all) await each?.query(text)
  for (const each of all) each?.release()
}

/** So many at once that each connection has prepared it. */
const often = () => Promise.all(Array.from({ length: 40 }, () => ada()))

test('A query that is built once is asked with the values of each time', async () => {
  expect(await ada()).toBe('ada')
  expect(await customers.byId(store.database.db, 'prog_a', 'cus_eve')).toBeUndefined()
  expect(await customers.byAnyId(store.database.db, 'prog_a', 'ada')).toMatchObject({ id: 'cus_ada' })
  expect(await customers.byAnyId(store.database.db, 'prog_b', 'ada')).toBeUndefined()
  expect(await partners.byCustomer(store.database.db, 'prog_a', 'cus_ada')).toBeUndefined()
  const other = await emptyStore()
  expect(await customers.byId(other.database.db, 'prog_a', 'cus_ada')).toBeUndefined()
  await other.close()
})

describe('What was prepared and is gone, as behind a pooler, is asked again', () => {
  test('by itself', async () => {
    await often()
    await everywhere('deallocate all')
    expect(new Set(await often())).toEqual(new Set(['ada']))
  })

  test('within a transaction, whose work is begun again', async () => {
    await often()
    await everywhere('deallocate all')
    let begun = 0
    const name = await inTransaction(store.database, async db => {
      begun++
      await db.updateTable('customers').set({ name: 'Ada' }).execute()
      return ada(db)
    })
    expect(name).toBe('ada')
    expect(begun).toBe(store.database.engine === 'postgres' ? 2 : 1)
    expect(await customers.byId(store.database.db, 'prog_a', 'cus_ada')).toMatchObject({ name: 'Ada' })
  })
})

test('A table that a newer server has given another column is read as before', async () => {
  await often()
  await sql`alter table customers add column later text`.execute(store.database.db)
  expect(new Set(await often())).toEqual(new Set(['ada']))
})

test('What is wrong with a question itself is said, and others are asked as before', async () => {
  await often()
  await store.database.db.schema.alterTable('customers').renameTo('customers_away').execute()
  await expect(ada()).rejects.toThrow(/customers/)
  await store.database.db.schema.alterTable('customers_away').renameTo('customers').execute()
  expect(await ada()).toBe('ada')
})
