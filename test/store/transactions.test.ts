import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answers, inTransaction, isTaken, isUnavailable } from '../../server/store/database.ts'
import * as meta from '../../server/store/meta.ts'
import { addPartner, addProgram, emptyStore, hold, type Store } from '../support/store.ts'

let store: Store
beforeAll(async () => {
  store = await emptyStore()
  await addProgram(store, 'prog_a')
})
afterAll(() => store.close())

const outside = (name: string) => meta.value(store.database.db, name)

describe('A transaction', () => {
  test('is whole: what it answers is there', async () => {
    const answer = await inTransaction(store.database, async db => {
      await meta.set(db, 'a', '1')
      await meta.set(db, 'b', '2')
      return 'done'
    })
    expect([answer, await outside('a'), await outside('b')]).toEqual(['done', '1', '2'])
  })

  test('or nothing: what failed is not there, not even the part before', async () => {
    const failing = inTransaction(store.database, async db => {
      await meta.set(db, 'c', '1')
      await sql`insert into no_such_table (id) values (1)`.execute(db)
    })
    await expect(failing).rejects.toThrow('no_such_table')
    expect(await outside('c')).toBeNull()
  })

  test('gives back what it was given, to whoever comes next, also after many failures at once', async () => {
    const failing = Array.from({ length: 50 }, (_, i) =>
      inTransaction(store.database, async db => {
        await meta.set(db, `failing-${i}`, 'x')
        throw new Error('no')
      }),
    )
    expect((await Promise.allSettled(failing)).every(each => each.status === 'rejected')).toBe(true)
    await inTransaction(store.database, db => meta.set(db, 'next', 'there'))
    expect(await outside('next')).toBe('there')
    expect(await outside('failing-7')).toBeNull()
  })

  test('adds up, however many add at the same time', async () => {
    await inTransaction(store.database, db => meta.set(db, 'sum', '0'))
    const adding = Array.from({ length: 60 }, () =>
      inTransaction(store.database, db =>
        sql`update meta set value = cast(cast(value as integer) + 1 as text) where name = 'sum'`.execute(db),
      ),
    )
    await Promise.all(adding)
    expect(await outside('sum')).toBe('60')
  })

  test('that waits for another crosswise is tried again and succeeds', async () => {
    await inTransaction(store.database, async db => {
      await meta.set(db, 'one', '0')
      await meta.set(db, 'other', '0')
    })
    const add = (names: string[]) =>
      inTransaction(store.database, async db => {
        for (const name of names)
          await sql`update meta set value = cast(cast(value as integer) + 1 as text) where name = ${name}`.execute(db)
      })
    for (let round = 1; round <= 2; round++) {
      await Promise.all([add(['one', 'other']), add(['other', 'one'])])
      expect([await outside('one'), await outside('other')]).toEqual([String(2 * round), String(2 * round)])
    }
  })

  test('lets others read what was there before, and not what is not yet so', async () => {
    await inTransaction(store.database, db => meta.set(db, 'seen', 'before'))
    const release = await hold(store.database, db => meta.set(db, 'seen', 'after'))
    const reading = outside('seen')
    // On SQLite there is one connection, so that the reader waits; on PostgreSQL it does not. Neither sees half of it.
    if (store.database.engine === 'postgres') expect(await reading).toBe('before')
    await release()
    if (store.database.engine === 'sqlite') expect(await reading).toBe('after')
    expect(await outside('seen')).toBe('after')
  })
})

describe('A key that is taken', () => {
  test('is known as such, with its column, and by nothing else', async () => {
    await addPartner(store, { programId: 'prog_a', code: 'jane' })
    const twice = await addPartner(store, { programId: 'prog_a', code: 'jane' }).catch((error: unknown) => error)
    expect(isTaken(twice)).toBe(true)
    const other = await addPartner(store, { programId: 'prog_nowhere', code: 'jane' }).catch((error: unknown) => error)
    expect(other).toBeInstanceOf(Error)
    expect(isTaken(other)).toBe(false)
    expect(isUnavailable(other)).toBe(false)
    expect(isTaken('UNIQUE constraint failed')).toBe(false)
  })

  test('for ever, where it is a one-time value', async () => {
    expect(await meta.setOnce(store.database.db, 'once', 'first')).toBe('first')
    expect(await meta.setOnce(store.database.db, 'once', 'second')).toBe('first')
    const takers = Array.from({ length: 10 }, () => inTransaction(store.database, db => meta.takeIf(db, 'once', 'first')))
    expect((await Promise.all(takers)).filter(Boolean)).toHaveLength(1)
  })
})

test('A database that is gone does not answer, and is known as unavailable', async () => {
  const other = await emptyStore()
  expect(await answers(other.database)).toBe(true)
  await other.close()
  expect(await answers(other.database)).toBe(false)
})
