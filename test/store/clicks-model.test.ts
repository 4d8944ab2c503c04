import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visitorOf } from '../../server/rules/visitor.ts'
import { type ClickWriter, clickWriter, type NewClick } from '../../server/store/clicks.ts'
import { addPartner, addProgram, emptyStore, type Store } from '../support/store.ts'

// What storing clicks comes to, said as simply as it can be said: both databases have to agree with it, however the
// same stream of clicks is cut into batches.

let store: Store
let writer: ClickWriter
const partnerOf = new Map<string, string>()
beforeAll(async () => {
  store = await emptyStore()
  for (const programId of ['prog_a', 'prog_b']) {
    await addProgram(store, programId)
    for (const code of ['jane', 'bob', 'retired', 'gone']) {
      const id = await addPartner(store, { programId, code })
      if (code === 'jane' || code === 'bob') partnerOf.set(`${programId} ${code}`, id)
    }
  }
  const { db } = store.database
  const at = '2026-03-02T00:00:00.000Z'
  await db.updateTable('codes').set({ retiredAt: at }).where('code', '=', 'retired').execute()
  await db.updateTable('partners').set({ deactivatedAt: at }).where('slug', '=', 'gone').execute()
  writer = clickWriter(store.database)
})
afterAll(async () => {
  await writer.close()
  await store.close()
})

const arbitraryClick: fc.Arbitrary<NewClick> = fc
  .record({
    id: fc.integer({ min: 0, max: 30 }).map(n => `clk_${String(n).padStart(20, '0')}`),
    programId: fc.constantFrom('prog_a', 'prog_b'),
    codeFold: fc.constantFrom('jane', 'jane', 'bob', 'retired', 'gone', 'unknown'),
    hour: fc.integer({ min: 21, max: 26 }),
    address: fc.constantFrom('203.0.113.1', '203.0.113.2', '203.0.113.3'),
    bot: fc.constantFrom(false, false, false, true),
    url: fc.constantFrom(null, 'https://acme.example/'),
  })
  .map(({ hour, ...click }) => {
    const at = new Date(Date.UTC(2026, 2, 31, hour, 30)).toISOString()
    return { ...click, at, day: at.slice(0, 10), userAgent: 'Mozilla/5.0', referrer: null, campaign: null }
  })

type Row = { id: string; partnerId: string; visitor: string; at: string; url: string | null; ignored: string | null }

function model(stream: NewClick[], visitor: (click: NewClick) => string) {
  const seen = new Map<string, string>()
  const rows = new Map<string, Row>()
  const counts: Record<string, number> = {}
  const count = (...key: string[]) => {
    counts[key.join(' ')] = (counts[key.join(' ')] ?? 0) + 1
  }
  const answers = stream.map(click => {
    const { id, programId, codeFold, at, day, url, bot } = click
    const partnerId = partnerOf.get(`${programId} ${codeFold}`)
    if (!bot) {
      const key = JSON.stringify([programId, codeFold, click.address, at.slice(0, 13)])
      const first = seen.get(key)
      if (first) return first
      seen.set(key, id)
    }
    if (!partnerId || rows.has(id)) return id
    rows.set(id, { id, partnerId, visitor: visitor(click), at, url, ignored: bot ? 'bot' : null })
    if (!bot) {
      count('partner', partnerId, day)
      count('program', programId, day)
      count('month', programId, day.slice(0, 7), partnerId)
    }
    return id
  })
  return { answers, counts, rows: [...rows.values()].sort(byId) }
}

const byId = (one: Row, other: Row) => (one.id < other.id ? -1 : 1)

async function found() {
  const { db } = store.database
  const rows = await db.selectFrom('clicks').select(['id', 'partnerId', 'visitor', 'at', 'url', 'ignored']).execute()
  const counts: Record<string, number> = {}
  for (const each of await db.selectFrom('partnerDay').selectAll().execute())
    counts[`partner ${each.partnerId} ${each.day}`] = Number(each.clicks)
  for (const each of await db.selectFrom('programDay').selectAll().execute())
    counts[`program ${each.programId} ${each.day}`] = Number(each.clicks)
  for (const each of await db.selectFrom('partnerMonth').selectAll().execute()) {
    counts[`month ${each.programId} ${each.month} ${each.partnerId}`] = Number(each.clicks)
  }
  return { rows: rows.map(row => ({ ...row })).sort(byId), counts }
}

async function dayKeys() {
  const rows = await store.database.db.selectFrom('dayKeys').selectAll().execute()
  return new Map(rows.map(row => [row.day, row.key]))
}

async function forget() {
  for (const table of ['clicks', 'recentClicks', 'partnerDay', 'programDay', 'partnerMonth'] as const) {
    await store.database.db.deleteFrom(table).execute()
  }
}

test('Any stream of clicks, in batches of any size, gives the rows, the counts and the answers of the model', async () => {
  const streams = fc.array(fc.array(arbitraryClick, { minLength: 1, maxLength: 25 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(streams, async batches => {
      await forget()
      const answers: string[] = []
      for (const batch of batches) answers.push(...(await Promise.all(batch.map(click => writer.write(click)))))
      const keys = await dayKeys()
      const visitor = ({ at, address, userAgent }: NewClick) => visitorOf(keys.get(at.slice(0, 10)) ?? '', address, userAgent)
      const expected = model(batches.flat(), visitor)
      expect({ ...(await found()), answers }).toEqual(expected)
    }),
    { numRuns: 60 },
  )
}, 60_000)
