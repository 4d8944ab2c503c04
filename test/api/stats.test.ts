import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Stats } from '../../server/contract/stats.ts'
import { applicationOf, click, day, decide, hour, pass, pay, refer } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
})
afterAll(() => server.stop())

async function stats({ program, token }: TestProgram, query = '') {
  const ask = (token: string) => server.ask('GET', `/v1/apps/${program.id}/stats${query}`, { token })
  const reply = await ask(token)
  // By the clock that tests move, the session may have run out.
  return answered(reply.status === 401 ? await ask(await signIn(server)) : reply, 200, Stats)
}

const money = (amount: number, currency = 'EUR') => ({ amount, currency })

test('A new program has thirty empty days', async () => {
  const acme = await newProgram(server)
  const seen = await stats(acme)
  expect(seen).toMatchObject({ clicks: 0, conversionRate: null, revenue: [], commissions: [], topPartners: [], liabilities: [] })
  expect(seen.byDay).toHaveLength(30)
  expect([seen.from, seen.to, seen.byDay[0]?.day, seen.byDay[29]?.day]).toEqual([
    '2026-02-09',
    '2026-03-10',
    '2026-02-09',
    '2026-03-10',
  ])
})

test('Clicks, signups, payments and what they earn are counted by day, currency and partner', async () => {
  const acme = await newProgram(server)
  const jane = await newPartner(server, acme, { slug: 'jane', first_name: 'Jane', last_name: 'Smith' })
  const omar = await newPartner(server, acme, { slug: 'omar' })
  await newPartner(server, acme, { slug: 'idle' })
  for (const from of ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4'])
    await click(server, acme, { code: 'jane', from })
  await refer(server, acme, { customerId: 'one', code: 'jane' })
  await refer(server, acme, { customerId: 'two', code: 'omar' })
  await pay(server, acme, { customerId: 'one', amount: 10_000, tax: 1_000 })
  pass(server, day)
  await pay(server, acme, { customerId: 'one', amount: 700, currency: 'USD' })
  await pay(server, acme, { customerId: 'two', amount: 500_000, currency: 'JPY' })
  await pay(server, acme, { customerId: 'nobody sent', amount: 99_999 })

  const seen = await stats(acme)
  expect(seen).toMatchObject({ clicks: 4, signups: 2, conversions: 3, conversionRate: 0.75 })
  expect(seen.revenue).toEqual([money(9_000), money(500_000, 'JPY'), money(700, 'USD')])
  expect(seen.commissions).toEqual([money(1_800), money(100_000, 'JPY'), money(140, 'USD')])
  expect(seen.byDay.slice(-2)).toEqual([
    { day: '2026-03-10', clicks: 4, signups: 2, conversions: 1, revenue: [money(9_000)], commissions: [money(1_800)] },
    {
      day: '2026-03-11',
      clicks: 0,
      signups: 0,
      conversions: 2,
      revenue: [money(500_000, 'JPY'), money(700, 'USD')],
      commissions: [money(100_000, 'JPY'), money(140, 'USD')],
    },
  ])
  // Money of the program's own currency comes first; another is no larger for its smaller unit.
  expect(seen.topPartners).toEqual([
    {
      partnerId: jane.id,
      name: 'Jane Smith',
      code: 'jane',
      clicks: 4,
      signups: 1,
      conversions: 2,
      earned: [money(1_800), money(140, 'USD')],
    },
    {
      partnerId: omar.id,
      name: omar.email,
      code: 'omar',
      clicks: 0,
      signups: 1,
      conversions: 1,
      earned: [money(100_000, 'JPY')],
    },
  ])
  const yesterday = await stats(acme, '?from=2026-03-10&to=2026-03-10')
  expect(yesterday).toMatchObject({ clicks: 4, conversions: 1, revenue: [money(9_000)] })
  expect(yesterday.topPartners.map(each => each.earned)).toEqual([[money(1_800)], []])
  pass(server, -day)
})

test('Whole months and single days add up to the same', async () => {
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane' })
  await refer(server, acme, { customerId: 'one', code: 'jane' })
  const days = ['2026-01-14', '2026-01-15', '2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01', '2026-03-09']
  for (const each of days) await pay(server, acme, { customerId: 'one', amount: 1_000, occurredAt: `${each}T12:00:00Z` })
  for (const [from, to, expected] of [
    ['2026-01-15', '2026-03-08', 5],
    ['2026-01-15', '2026-01-31', 2],
    ['2026-02-01', '2026-02-28', 2],
    ['2026-01-31', '2026-03-01', 4],
    ['2025-12-01', '2026-12-31', 7],
    ['2026-02-02', '2026-02-27', 0],
  ] as const) {
    const seen = await stats(acme, `?from=${from}&to=${to}`)
    expect([from, seen.conversions, seen.topPartners[0]?.conversions ?? 0]).toEqual([from, expected, expected])
  }
})

test('Of many that have earned, the twenty that earned most come first, and of equals the one that sold more often', async () => {
  const acme = await newProgram(server)
  const codes = Array.from({ length: 22 }, (_, i) => `seller-${String(i + 1).padStart(2, '0')}`)
  for (const code of [...codes, 'clicked']) await newPartner(server, acme, { slug: code })
  for (const from of ['198.51.100.1', '198.51.100.2']) await click(server, acme, { code: 'clicked', from })
  // Each less than the one before; but the last three the same, and one of them of two sales.
  const amounts = codes.map((_, i) => [50_000 - i * 1_000])
  amounts[20] = [15_500, 15_500]
  amounts[21] = [31_000]
  for (const [i, code] of codes.entries()) {
    await refer(server, acme, { customerId: code, code })
    for (const amount of amounts[i] ?? []) await pay(server, acme, { customerId: code, amount })
  }
  const { topPartners } = await stats(acme)
  expect(topPartners.map(each => each.code)).toEqual([...codes.slice(0, 19), 'seller-21'])
  expect(topPartners.at(-1)).toMatchObject({ clicks: 0, signups: 1, conversions: 2, earned: [money(6_200)] })
  const year = await stats(acme, '?from=2025-04-01&to=2026-03-31')
  expect(year.topPartners).toEqual(topPartners)
})

test("Days are the program's own, in its zone and by its clock", async () => {
  const acme = await newProgram(server, { timeZone: 'Pacific/Auckland', mode: 'test' })
  await newPartner(server, acme, { slug: 'jane' })
  await click(server, acme, { code: 'jane' })
  expect((await stats(acme)).byDay.at(-1)).toMatchObject({ day: '2026-03-11', clicks: 1 })
  const token = await signIn(server)
  const advance = { token, body: { advanceTo: '2026-03-20T00:00:00Z' } }
  expect((await server.ask('POST', `/v1/apps/${acme.program.id}/clock`, advance)).status).toBe(200)
  expect((await stats(acme)).to).toBe('2026-03-20')
})

test('What is owed is pending until its very moment, and approved from then on', async () => {
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane' })
  await newPartner(server, acme, { slug: 'omar' })
  await refer(server, acme, { customerId: 'one', code: 'jane' })
  await refer(server, acme, { customerId: 'two', code: 'omar' })
  await pay(server, acme, { customerId: 'one', amount: 10_000, occurredAt: '2026-02-08T11:00:00Z' })
  await pay(server, acme, { customerId: 'two', amount: 20_000, occurredAt: '2026-02-08T13:00:00Z' })
  await pay(server, acme, { customerId: 'two', amount: 40_000 })
  const owed = async () => (await stats(acme)).liabilities
  // Noon: what became payable at eleven may be paid, what does so at one may not.
  expect(await owed()).toEqual([{ currency: 'EUR', pending: 12_000, approved: 2_000, held: 0 }])
  pass(server, hour)
  expect(await owed()).toEqual([{ currency: 'EUR', pending: 8_000, approved: 6_000, held: 0 }])
  pass(server, -1)
  expect(await owed()).toEqual([{ currency: 'EUR', pending: 12_000, approved: 2_000, held: 0 }])
  pass(server, 1 - hour - day)
  expect(await owed()).toEqual([{ currency: 'EUR', pending: 14_000, approved: 0, held: 0 }])
  pass(server, day)
})

test('What is held is owed apart, and what is refunded is neither owed nor revenue any more', async () => {
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane' })
  await refer(server, acme, { customerId: 'one', code: 'jane' })
  await pay(server, acme, { customerId: 'one', amount: 10_000, externalId: 'sale-1' })
  const [commission] = (await pay(server, acme, { customerId: 'one', amount: 20_000 })).commissions
  const path = `/v1/apps/${acme.program.id}/commissions/${commission?.id}/hold`
  expect((await server.ask('POST', path, { key: acme.secret, body: { reason: 'A question' } })).status).toBe(200)
  expect((await stats(acme)).liabilities).toEqual([{ currency: 'EUR', pending: 2_000, approved: 0, held: 4_000 }])
  const refund = { externalId: 'refund-1', conversionExternalId: 'sale-1', amount: 5_000 }
  expect((await server.ask('POST', '/v1/refunds', { key: acme.secret, body: refund })).status).toBe(201)
  const seen = await stats(acme)
  expect(seen.liabilities).toEqual([{ currency: 'EUR', pending: 1_000, approved: 0, held: 4_000 }])
  expect([seen.revenue, seen.commissions]).toEqual([[money(25_000)], [money(5_000)]])
})

test('Partners are counted by state, and applications until they are decided', async () => {
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'active' })
  const gone = await newPartner(server, acme, { slug: 'gone' })
  await server.ask('DELETE', `/api/v1/partners/${gone.id}`, { key: acme.secret })
  await server.ask('POST', '/api/v1/partners', { key: acme.secret, body: { email: 'new@example.com', slug: 'new' } })
  for (const email of ['a@example.com', 'b@example.com'])
    await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: { email, name: 'A' } })
  await applicationOf(server, acme, 'a@example.com')
  await decide(server, acme, 'b@example.com', { action: 'reject' })
  expect(await stats(acme)).toMatchObject({
    partners: { invited: 1, active: 1, deactivated: 1 },
    applications: { pending: 1 },
  })
})

test('Clicks are counted from counts alone: with the clicks gone the figures stay', async () => {
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane' })
  await click(server, acme, { code: 'jane' })
  await sql`delete from clicks`.execute(server.desk().database.db)
  expect(await stats(acme)).toMatchObject({ clicks: 1, topPartners: [{ clicks: 1 }] })
})

test.each([
  ['?from=2026-03-02&to=2026-03-01', 'from'],
  ['?from=2026-03-11', 'from'],
  ['?from=2026-02-30', 'from'],
  ['?to=tomorrow', 'to'],
  ['?to=0000-01-01', 'to'],
  ['?from=2025-01-01&to=2026-02-05', 'from'],
])('%s is refused', async (query, field) => {
  const acme = await newProgram(server)
  const reply = await server.ask('GET', `/v1/apps/${acme.program.id}/stats${query}`, { token: acme.token })
  expect(refused(reply, 422, 'invalid')).toEqual([field])
})

test('Four hundred days may be asked for, and nothing of another program is among them', async () => {
  const acme = await newProgram(server)
  const other = await newProgram(server)
  await newPartner(server, other, { slug: 'jane' })
  await click(server, other, { code: 'jane' })
  const seen = await stats(acme, '?from=2025-01-01&to=2026-02-04')
  expect(seen.byDay).toHaveLength(400)
  expect((await stats(acme)).topPartners).toEqual([])
})
