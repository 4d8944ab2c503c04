import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visitorOf } from '../../server/rules/visitor.ts'
import { type ClickWriter, clickWriter, type NewClick } from '../../server/store/clicks.ts'
import { addPartner, addProgram, emptyStore, type Store } from '../support/store.ts'

// What storing clicks comes to, said as simply as it can be said: both databases have to agree with it, however the
// same stream of clicks is cut into batches.

let store: Store
let writer: ClickWriter
const customerOf = new Map<string, string>()
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
  const [programId, codeFold, id] = ['prog_a', 'carol', 'cus_carol']
  await db
    .insertInto('customers')
    .values({ id, programId, externalId: 'carol', email: null, emailFold: null, name: null, createdAt: at })
    .execute()
  await db
    .insertInto('codes')
    .values({ programId, codeFold, code: 'Carol', partnerId: null, customerId: id, label: null, createdAt: at })
    .execute()
  customerOf.set(`${programId} ${codeFold}`, id)
})
afterAll(() => store.close())

const arbitraryClick: fc.Arbitrary<NewClick> = fc
  .record({
    id: fc.integer({ min: 0, max: 30 }).map(n => `clk_${String(n).padStart(20, '0')}`),
    programId: fc.constantFrom('prog_a', 'prog_b'),
    codeFold: fc.constantFrom('jane', 'jane', 'bob', 'carol', 'retired', 'gone', 'unknown'),
    campaign: fc.constantFrom(null, 'spring', 'fall'),
    hour: fc.integer({ min: 21, max: 26 }),
    address: fc.constantFrom('203.0.113.1', '203.0.113.2', '203.0.113.3'),
    bot: fc.constantFrom(false, false, false, true),
    url: fc.constantFrom(null, 'https://acme.example/'),
  })
  .map(({ hour, ...click }) => {
    const at = new Date(Date.UTC(2026, 2, 31, hour, 30)).toISOString()
    return { ...click, at, day: at.slice(0, 10), userAgent: 'Mozilla/5.0', referrer: null }
  })

type Row = { id: string; partnerId: string | null; visitor: string; at: string; url: string | null; ignored: string | null }

function model(stream: NewClick[], visitor: (click: NewClick) => string) {
  const seen = new Map<string, string>()
  const rows = new Map<string, Row>()
  const counts: Record<string, number> = {}
  const count = (...key: string[]) => {
    counts[key.join(' ')] = (counts[key.join(' ')] ?? 0) + 1
  }
  const answers = stream.map(click => {
    const { id, programId, codeFold, at, day, url, bot } = click
    const partnerId = partnerOf.get(`${programId} ${codeFold}`) ?? null
    const customerId = customerOf.get(`${programId} ${codeFold}`)
    if (!bot) {
      const key = JSON.stringify([programId, codeFold, click.address, at.slice(0, 13)])
      const first = seen.get(key)
      if (first) return first
      seen.set(key, id)
    }
    if ((!partnerId && !customerId) || rows.has(id)) return id
    rows.set(id, { id, partnerId, visitor: visitor(click), at, url, ignored: bot ? 'bot' : null })
    if (!bot) {
      if (partnerId) count('partner', partnerId, day)
      if (partnerId) count('month', programId, day.slice(0, 7), partnerId)
      if (partnerId) count('code', programId, codeFold)
      if (customerId) count('customer', customerId)
      if (click.campaign) count('campaign', programId, day, click.campaign)
      count('program', programId, day)
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
  for (const each of await db.selectFrom('codeCounts').selectAll().execute())
    counts[`code ${each.programId} ${each.codeFold}`] = Number(each.clicks)
  for (const each of await db.selectFrom('customerClicks').selectAll().execute())
    counts[`customer ${each.customerId}`] = Number(each.clicks)
  for (const each of await db.selectFrom('campaignDay').selectAll().execute())
    counts[`campaign ${each.programId} ${each.day} ${each.campaign}`] = Number(each.clicks)
  return { rows: rows.map(row => ({ ...row })).sort(byId), counts }
}

async function dayKeys() {
  const rows = await store.database.db.selectFrom('dayKeys').selectAll().execute()
  return new Map(rows.map(row => [row.day, row.key]))
}

async function forget() {
  for (const table of [
    'clicks',
    'recentClicks',
    'partnerDay',
    'programDay',
    'partnerMonth',
    'codeCounts',
    'customerClicks',
    'campaignDay',
  ] as const) {
    await store.database.db.deleteFrom(table).execute()
  }
}

test('Any stream of clicks, in batches of any size, gives the rows, the counts and the answers of the model', async () => {
  const batch = fc.record({
    clicks: fc.array(arbitraryClick, { minLength: 1, maxLength: 25 }),
    restart: fc.constantFrom(false, false, true),
  })
  const streams = fc.array(batch, { minLength: 1, maxLength: 4 })
  // So few fit into memory that some have to be looked up on disk.
  await fc.assert(
    fc.asyncProperty(streams, fc.constantFrom(3, 1_000), async (batches, rememberAtMost) => {
      await forget()
      writer = clickWriter(store.database, { rememberAtMost })
      const answers: string[] = []
      for (const { clicks, restart } of batches) {
        answers.push(...(await Promise.all(clicks.map(click => writer.write(click)))))
        // More than fits is only told apart by the process that has seen it.
        if (!restart || rememberAtMost < 1_000) continue
        await writer.close()
        writer = clickWriter(store.database, { rememberAtMost })
      }
      await writer.close()
      const keys = await dayKeys()
      const visitor = ({ at, address, userAgent }: NewClick) => visitorOf(keys.get(at.slice(0, 10)) ?? '', address, userAgent)
      const expected = model(
        batches.flatMap(({ clicks }) => clicks),
        visitor,
      )
      expect({ ...(await found()), answers }).toEqual(expected)
    }),
    { numRuns: 60 },
  )
}, 120_000)
