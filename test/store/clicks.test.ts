import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ClickWriter, clickWriter, type NewClick, TooManyClicks } from '../../server/store/clicks.ts'
import * as counts from '../../server/store/counts.ts'
import { inTransaction } from '../../server/store/database.ts'
import { addPartner, addProgram, emptyStore, hold, type Store } from '../support/store.ts'

let store: Store
let writer: ClickWriter
beforeAll(async () => {
  store = await emptyStore()
  await addProgram(store, 'prog_a')
  await addPartner(store, { programId: 'prog_a', code: 'jane' })
})
afterAll(() => store.close())
beforeEach(() => {
  writer = clickWriter(store.database)
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await writer.close()
})

let made = 0
const click = (more: Partial<NewClick> = {}): NewClick => ({
  id: `clk_${String(++made).padStart(20, '0')}`,
  programId: 'prog_a',
  codeFold: 'jane',
  at: '2026-03-10T12:00:00.000Z',
  day: '2026-03-10',
  address: `visitor ${made}`,
  userAgent: '',
  bot: false,
  url: null,
  referrer: null,
  campaign: null,
  ...more,
})
const clicks = (count: number) => Array.from({ length: count }, () => click())
const write = (all: NewClick[]) => Promise.allSettled(all.map(each => writer.write(each)))
const kept = async () => {
  const rows = await store.database.db.selectFrom('clicks').select('id').execute()
  return new Set(rows.map(row => row.id))
}
const counted = async () =>
  Number((await store.database.db.selectFrom('partnerDay').select('clicks').executeTakeFirst())?.clicks ?? 0)

/** How many commits of clicks there have been since. */
function watchCommits() {
  const { engine, gate, pool } = store.database
  if (engine === 'sqlite') {
    const turns = vi.spyOn(gate, 'through')
    return () => turns.mock.calls.length
  }
  if (!pool) throw new Error('PostgreSQL has a pool')
  const queries = vi.spyOn(pool, 'query')
  return () => queries.mock.calls.filter(([query]) => String(query).includes('insert into clicks')).length
}

describe('Clicks are committed in groups', () => {
  test('one commit for all that arrive together, up to 500, each answered with its own id', async () => {
    await write([click()])
    for (const [count, commits] of [
      [1, 1],
      [500, 1],
      [501, 2],
      [1200, 3],
    ] as const) {
      const soFar = watchCommits()
      const all = clicks(count)
      const answers = await write(all)
      expect(answers).toEqual(all.map(each => ({ status: 'fulfilled', value: each.id })))
      expect(soFar()).toBe(commits)
      vi.restoreAllMocks()
    }
    expect((await kept()).size).toBe(made)
    expect(await counted()).toBe(made)
  })

  test('what arrives while a commit is under way is the next one, without any waiting in between', async () => {
    const lock = sql.raw(store.database.engine === 'postgres' ? 'lock table clicks in exclusive mode' : 'select 1')
    const release = await hold(store.database, db => lock.execute(db))
    const soFar = watchCommits()
    const first = writer.write(click())
    await vi.waitFor(() => expect(soFar()).toBe(1), { timeout: 15_000 })
    const rest = write(clicks(300))
    await release()
    await first
    expect((await rest).every(each => each.status === 'fulfilled')).toBe(true)
    expect(soFar()).toBe(2)
  })

  test('while several come at a time, what comes next is gathered for a moment, or until it is enough', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] })
    const soFar = watchCommits()
    const answered = async (count: number, meanwhile: () => unknown = () => {}) => {
      const all = write(clicks(count))
      meanwhile()
      expect((await all).every(each => each.status === 'fulfilled')).toBe(true)
      return soFar()
    }
    expect(await answered(1)).toBe(1)
    expect(await answered(1)).toBe(2)
    expect(await answered(2)).toBe(3)
    const next = writer.write(click())
    // One by itself would be on its way by now.
    for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate)
    expect(soFar()).toBe(3)
    expect(await answered(2, () => vi.advanceTimersByTime(4))).toBe(4)
    await next
    expect(await answered(16)).toBe(5)
    vi.useRealTimers()
  })

  test('and none is lost when the server stops', async () => {
    const all = clicks(700)
    const answers = write(all)
    await writer.close()
    expect((await answers).every(each => each.status === 'fulfilled')).toBe(true)
    const rows = await kept()
    expect(all.every(each => rows.has(each.id))).toBe(true)
  })
})

describe('A commit that fails', () => {
  const broken = () => click({ day: null as unknown as string })

  test('is told to those whose clicks it held, and to nobody else', async () => {
    const together = [...clicks(499), broken()]
    const next = clicks(10)
    const [failed, later] = await Promise.all([write(together), write(next)])
    expect(failed.every(each => each.status === 'rejected')).toBe(true)
    expect(later).toEqual(next.map(each => ({ status: 'fulfilled', value: each.id })))
    const rows = await kept()
    expect(together.some(each => rows.has(each.id))).toBe(false)
    expect(next.every(each => rows.has(each.id))).toBe(true)
  })

  test('leaves nothing behind: no count, and nobody to be taken for a repetition', async () => {
    const before = await counted()
    const again = click()
    await write([again, broken()])
    expect(await counted()).toBe(before)
    expect(await writer.write({ ...again, id: 'clk_afterTheFailure0001' })).toBe('clk_afterTheFailure0001')
    expect(await counted()).toBe(before + 1)
  })

  test('does not leave visitors under a key that is not kept', async () => {
    const at = '2026-04-01T00:00:00.000Z'
    await write([click({ at }), broken()])
    await write([click({ at, address: 'the same', id: 'clk_keyAfterFailure0001' })])
    const another = clickWriter(store.database)
    try {
      expect(await another.write(click({ at, address: 'the same' }))).toBe('clk_keyAfterFailure0001')
    } finally {
      await another.close()
    }
  })
})

test('A pooler that gives each transaction another connection does not lose a click', async () => {
  await write(clicks(3))
  const { pool } = store.database
  // What such a pooler does to a prepared statement: it is gone. SQLite has none in between.
  const connections = await Promise.all(Array.from({ length: pool?.options.max ?? 0 }, () => pool?.connect()))
  for (const each of connections) await each?.query('deallocate all')
  // The one that was there before goes back last, and is the next to be asked.
  for (const each of connections.reverse()) each?.release()
  const before = await counted()
  for (let n = 0; n < 5; n++) await writer.write(click())
  expect(await counted()).toBe(before + 5)
})

test('When too many wait, a further one is refused at once, and the others are kept', async () => {
  const all = Array.from({ length: 20_001 }, () => click({ codeFold: 'nowhere' }))
  const answers = await write(all)
  expect(answers.slice(0, 20_000).every(each => each.status === 'fulfilled')).toBe(true)
  expect(answers.at(-1)).toEqual({ status: 'rejected', reason: expect.any(TooManyClicks) })
  expect(await writer.write(click())).toMatch(/^clk_/)
})

test('Clicks and signups of one partner, counted at the same time, do not wait for each other crosswise', async () => {
  const before = await counted()
  const at = { programId: 'prog_a', partnerId: 'par_prog_a_jane', day: '2026-03-10', code: 'jane' }
  const signUp = () => inTransaction(store.database, db => counts.add(db, 'signups', at))
  for (let round = 1; round <= 40; round++) {
    const answers = await Promise.all([write(clicks(20)), ...Array.from({ length: 5 }, signUp)])
    expect(answers[0].every(each => each.status === 'fulfilled')).toBe(true)
    expect(await counted()).toBe(before + 20 * round)
  }
}, 10_000)

test('Two writers on one database count each click once', async () => {
  const before = await counted()
  const other = clickWriter(store.database)
  try {
    const all = clicks(400)
    const halves = [all.slice(0, 300), all.slice(100)]
    const [mine, theirs] = halves.map((half, i) => half.map(each => (i ? other : writer).write(each)))
    await Promise.all([...(mine ?? []), ...(theirs ?? [])])
    expect(await counted()).toBe(before + 400)
  } finally {
    await other.close()
  }
})
