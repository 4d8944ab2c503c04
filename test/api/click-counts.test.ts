import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { Clicked } from '../../server/contract/referrals.ts'
import { prune } from '../../server/jobs/prune.ts'
import { start } from '../../server/start.ts'
import { click, clicksOf, dashboard, hour, pass, sessionOf } from '../support/acts.ts'
import { emptyDatabase, engine } from '../support/database.ts'
import { serverProcess } from '../support/process.ts'
import { answered } from '../support/replies.ts'
import { admin, asker, browser, newPartner, newProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
})
afterAll(() => server.stop())

const db = () => server.desk().database.db

test('Two hundred clicks at once are all answered, all on record, and counted exactly', async () => {
  const acme = await newProgram(server)
  const slugs = ['ann', 'bob', 'cid']
  const partners = await Promise.all(slugs.map(slug => newPartner(server, acme, { slug })))
  const clicked = await Promise.all(
    Array.from({ length: 200 }, (_, i) => click(server, acme, { code: slugs[i % 3] ?? '', from: `198.51.${i}.1` })),
  )
  const ids = clicked.map(each => each.clickId)
  expect(new Set(ids).size).toBe(200)
  const rows = (await clicksOf(server)).filter(row => row.programId === acme.program.id)
  expect(rows.map(row => row.id).sort()).toEqual(ids.sort())

  const counts = { clicks: 0, signups: 0, conversions: 0 }
  for (const [i, partner] of partners.entries()) {
    const own = { ...counts, clicks: i < 2 ? 67 : 66 }
    const days = await db().selectFrom('partnerDay').selectAll().where('partnerId', '=', partner.id).execute()
    expect(days).toEqual([{ partnerId: partner.id, day: '2026-03-10', ...own }])
    const months = await db().selectFrom('partnerMonth').selectAll().where('partnerId', '=', partner.id).execute()
    expect(months).toEqual([{ partnerId: partner.id, programId: acme.program.id, month: '2026-03', ...own }])
  }
  const days = await db().selectFrom('programDay').selectAll().where('programId', '=', acme.program.id).execute()
  expect(days).toEqual([{ programId: acme.program.id, day: '2026-03-10', ...counts, clicks: 200 }])
})

describe('A click counts on the program’s own day', () => {
  test.each([
    ['UTC', '2026-01-31T23:59:59Z', '2026-01-31', '2026-02-01'],
    ['Pacific/Apia', '2026-01-31T10:59:59Z', '2026-01-31', '2026-02-01'],
    ['America/Los_Angeles', '2026-02-01T07:59:59Z', '2026-01-31', '2026-02-01'],
  ])('in %s, midnight comes a second after %s', async (timeZone, evening, day, nextDay) => {
    const acme = await newProgram(server, { timeZone })
    const partner = await newPartner(server, acme, { slug: 'midnight', email: 'midnight@example.com' })
    server.clock.now = new Date(evening)
    await click(server, acme, { code: 'midnight', from: '198.51.100.1' })
    pass(server, 1000)
    await click(server, acme, { code: 'midnight', from: '198.51.100.2' })
    await click(server, acme, { code: 'midnight', from: '198.51.100.3' })
    const token = await sessionOf(server, acme, { customerId: 'midnight', email: 'midnight@example.com' })
    const { series } = await dashboard(server, token, '?days=2')
    expect(series.map(({ date, clicks }) => [date, clicks])).toEqual([
      [day, 1],
      [nextDay, 2],
    ])
    const months = await db()
      .selectFrom('partnerMonth')
      .select(['month', 'clicks'])
      .where('partnerId', '=', partner.id)
      .orderBy('month')
      .execute()
    expect(months.map(row => [row.month, Number(row.clicks)])).toEqual([
      [day.slice(0, 7), 1],
      [nextDay.slice(0, 7), 2],
    ])
  })
})

test('Who clicked is forgotten after a day, and the key by which visitors were told apart as well', async () => {
  server.clock.now = new Date('2026-05-01T23:00:00Z')
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'forgotten' })
  const early = await click(server, acme, { code: 'forgotten', from: '198.51.100.1' })
  pass(server, 23 * hour)
  const late = await click(server, acme, { code: 'forgotten', from: '198.51.100.1' })
  // On SQLite the latest hour is in memory, and this table for what does not fit.
  const remembered = async () =>
    engine === 'sqlite' ? null : (await db().selectFrom('recentClicks').select('clickId').execute()).map(row => row.clickId)
  const keys = async () => (await db().selectFrom('dayKeys').select('day').orderBy('day').execute()).map(row => row.day)

  await prune(server.desk())
  if (engine === 'postgres') expect(await remembered()).toEqual(expect.arrayContaining([early.clickId, late.clickId]))
  expect(await keys()).toEqual(['2026-05-01', '2026-05-02'])
  pass(server, 2 * hour)
  await prune(server.desk())
  if (engine === 'postgres') expect(await remembered()).toEqual([late.clickId])
  expect(await keys()).toEqual(['2026-05-02'])
  pass(server, 24 * hour)
  await prune(server.desk())
  expect([(await remembered()) ?? [], await keys()]).toEqual([[], []])
  expect((await clicksOf(server)).filter(row => row.code === 'forgotten')).toHaveLength(2)
})

test('Every click that was answered is still there when the server is killed under load', async () => {
  const database = await emptyDatabase()
  const environment = {
    PORT: '0',
    DATABASE_URL: database.url,
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    PUBLIC_RATE_LIMIT: '0',
    TRUSTED_PROXIES: '127.0.0.1',
  }
  const child = serverProcess(environment)
  try {
    const url = await child.ready()
    const ask = asker(() => url)
    const acme = await newProgram({ ask })
    await newPartner({ ask }, acme, { slug: 'JANE20' })

    const told: string[] = []
    let visitor = 0
    // Forty visitors at a time, until the server is gone.
    const visits = async () => {
      for (;;) {
        const n = ++visitor
        const headers = { 'user-agent': browser, 'x-forwarded-for': `198.${n >> 16}.${(n >> 8) & 255}.${n & 255}` }
        const reply = await ask('POST', '/referrals/click', { key: acme.publishable, headers, body: { code: 'JANE20' } }).catch(
          () => undefined,
        )
        if (!reply) return
        told.push(answered(reply, 202, Clicked).clickId)
        if (told.length === 1000) child.kill('SIGKILL')
      }
    }
    await Promise.all(Array.from({ length: 40 }, visits))
    await child.ended
    expect(told.length).toBeGreaterThanOrEqual(1000)

    const restarted = await start(readConfig({ ...environment, LOG_LEVEL: 'silent' }))
    try {
      const { db } = restarted.desk.database
      const rows = new Set((await db.selectFrom('clicks').select('id').execute()).map(row => row.id))
      expect(told.filter(id => !rows.has(id))).toEqual([])
      const { clicks } = await db.selectFrom('programDay').select('clicks').executeTakeFirstOrThrow()
      expect(Number(clicks)).toBe(rows.size)
    } finally {
      await restarted.stop()
    }
  } finally {
    child.kill('SIGKILL')
    await child.ended
    await database.remove()
  }
}, 30_000)
