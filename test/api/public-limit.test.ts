import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { forgetUses } from '../../server/jobs/forget-uses.ts'
import { start } from '../../server/start.ts'
import { engine } from '../support/database.ts'
import { asker, browser, newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

const LIMIT = 100
/** What a server keeps to itself, and what may come while it tells. */
const PART = LIMIT / 20
const MEANWHILE = 10

let server: TestServer
let acme: TestProgram
let second: Awaited<ReturnType<typeof start>> | undefined
const environment = { PUBLIC_RATE_LIMIT: String(LIMIT), TRUSTED_PROXIES: '127.0.0.1', LOG_LEVEL: 'silent' }

// A second server on the same database: on SQLite a process has it for itself.
beforeAll(async () => {
  server = await testServer(environment)
  acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane' })
  if (engine === 'postgres')
    second = await start(readConfig({ ...environment, PORT: '0', DATABASE_URL: server.database.url }), {
      clock: () => server.clock.now,
    })
})
afterAll(async () => {
  await second?.stop()
  await server.stop()
})

// Each test has a minute that does not end by itself, and a visitor of its own.
let visitors = 0
let from = ''
beforeEach(() => {
  from = `198.51.100.${++visitors}`
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
})
afterEach(() => void vi.useRealTimers())

const here = () => server.url()
const there = () => second?.url ?? ''
const visit = (url: () => string) =>
  asker(url)('POST', '/referrals/click', {
    key: acme.publishable,
    headers: { 'user-agent': browser, 'x-forwarded-for': from },
    body: { code: 'jane' },
  })

/** How many of so many visits are let through, some at a time, each to the next of the servers. */
async function through(visits: number, servers: (() => string)[], atOnce = 4) {
  let passed = 0
  for (let sent = 0; sent < visits; sent += atOnce) {
    const urls = Array.from({ length: Math.min(atOnce, visits - sent) }, (_, n) => servers[(sent + n) % servers.length] ?? here)
    const replies = await Promise.all(urls.map(visit))
    expect(replies.filter(({ status }) => status !== 202 && status !== 429)).toEqual([])
    passed += replies.filter(({ status }) => status === 202).length
  }
  return passed
}

/** The names under which visits are counted in the database. */
const names = async () => ((await everyRow(server)).limit_uses ?? []).map(row => String(row.key))

test('One server lets through what is said, and says when there is more', async () => {
  expect(await through(LIMIT + 40, [here])).toBe(LIMIT)
  const { headers, body } = await visit(here)
  const seconds = Number(headers.get('retry-after'))
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(60)
  expect(headers.get('ratelimit')).toBe(`"public";r=0;t=${seconds}`)
  expect(headers.get('ratelimit-policy')).toBe(`"public";q=${LIMIT};w=60`)
  expect(body.code).toBe('too_many_requests')
  vi.setSystemTime(Date.now() + seconds * 1_000)
  expect(await through(LIMIT + 1, [here])).toBe(LIMIT)
})

if (engine === 'postgres') {
  describe('Several servers count together without asking for each visit', () => {
    test('what they let through between them is the limit, or a little more', async () => {
      const passed = await through(3 * LIMIT, [here, there])
      expect(passed).toBeGreaterThanOrEqual(LIMIT)
      expect(passed).toBeLessThanOrEqual(LIMIT + 2 * (PART + MEANWHILE))
      expect([(await visit(here)).status, (await visit(there)).status]).toEqual([429, 429])
    })

    test('whoever keeps to the limit is refused nowhere', async () => {
      expect(await through(LIMIT, [here, there], 10)).toBe(LIMIT)
    })

    test('whoever has had the whole of it at one gets next to nothing at the other', async () => {
      expect(await through(2 * LIMIT, [here])).toBe(LIMIT)
      expect(await through(LIMIT, [there], 1)).toBeLessThanOrEqual(PART + MEANWHILE)
    })

    test('what comes slowly is told within a second', async () => {
      await forgetUses({ ...server.desk(), clock: () => new Date(Date.now() + 2 * 60_000) })
      expect(await through(PART, [there])).toBe(PART)
      expect(await through(LIMIT - PART - 1, [here])).toBe(LIMIT - PART - 1)
      const counted = async () => Math.max(...((await everyRow(server)).limit_uses ?? []).map(row => Number(row.points)))
      await vi.waitFor(async () => expect(await counted()).toBe(LIMIT - 1), { timeout: 15_000 })
      // One visit alone is told to nobody at once.
      expect((await visit(there)).status).toBe(202)
      await vi.waitFor(async () => expect(await counted()).toBe(LIMIT), { timeout: 15_000 })
      // The sum stands in the database a moment before it is known there.
      await vi.waitFor(async () => expect((await visit(there)).status).toBe(429), { interval: 1_100, timeout: 15_000 })
    })

    test('no address is written down, what is written is another name each minute, and it is soon forgotten', async () => {
      expect(await through(PART - 1, [here, there])).toBe(PART - 1)
      const before = await names()
      await through(LIMIT, [here])
      await vi.waitFor(async () => expect(await names()).toHaveLength(before.length + 1), { timeout: 15_000 })
      vi.setSystemTime(Date.now() + 60_000)
      await through(LIMIT, [here])
      await vi.waitFor(async () => expect(await names()).toHaveLength(before.length + 2), { timeout: 15_000 })
      const all = await names()
      expect(new Set(all).size).toBe(all.length)
      for (const name of all) expect(name).toMatch(/^(public|\w+):[\w-]{43}$/)
      expect(JSON.stringify(await everyRow(server))).not.toContain('198.51.100.')
      await forgetUses({ ...server.desk(), clock: () => new Date(Date.now() + 2 * 60_000) })
      expect((await names()).filter(name => name.startsWith('public:'))).toEqual([])
    })

    test('and each counts alone while the database has nowhere to write it', async () => {
      const { db } = server.desk().database
      await db.schema.alterTable('limit_uses').renameTo('limit_uses_away').execute()
      expect(await through(LIMIT + 20, [here])).toBe(LIMIT)
      expect(await through(LIMIT + 20, [there])).toBe(LIMIT)
      await db.schema.alterTable('limit_uses_away').renameTo('limit_uses').execute()
      vi.setSystemTime(Date.now() + 60_000)
      expect(await through(2 * LIMIT, [here])).toBe(LIMIT)
      expect(await through(LIMIT, [there], 1)).toBeLessThanOrEqual(PART + MEANWHILE)
    })
  })
}
