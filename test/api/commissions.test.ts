import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Enrolment } from '../../server/contract/affiliate.ts'
import { dashboard, day, hour, pass, pay, refer, sessionOf, statsOf } from '../support/acts.ts'
import { answered } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

let tests = 0
let partner: { id: string; slug: string; email: string }
beforeEach(async () => {
  partner = await newPartner(server, acme, { slug: `partner-${++tests}` })
})

const db = () => server.desk().database.db
const customer = async (name = 'customer', program = acme) => {
  const customerId = `${name}-${tests}`
  await refer(server, program, { customerId, code: partner.slug })
  return customerId
}
const session = () => sessionOf(server, acme, { customerId: `self-${tests}`, email: partner.email })

describe('A commission', () => {
  test('is pending until its holding period has ended, and approved from then on, without anything running', async () => {
    await pay(server, acme, { customerId: await customer(), amount: 59_800 })
    const token = () => session()
    const shown = async () => {
      const { affiliate, balances, commissions } = await dashboard(server, await token())
      return [
        affiliate.pendingBalance,
        affiliate.approvedBalance,
        balances[0]?.pending,
        balances[0]?.approved,
        commissions[0]?.status,
      ]
    }
    pass(server, 30 * day - 1)
    expect(await shown()).toEqual([119.6, 0, 119.6, 0, 'pending'])
    expect(await statsOf(server, acme, partner)).toMatchObject({ pending_cents: 11_960, approved_cents: 0 })
    const before = await everyRow(server)
    pass(server, 1)
    expect(await statsOf(server, acme, partner)).toMatchObject({ pending_cents: 0, approved_cents: 11_960 })
    expect(await everyRow(server)).toEqual(before)
    expect(await shown()).toEqual([0, 119.6, 0, 119.6, 'approved'])
  })

  test('of a payment long ago is approved at once, in the period of the payment', async () => {
    const occurredAt = new Date(server.clock.now.getTime() - 31 * day).toISOString()
    const { commissions } = await pay(server, acme, { customerId: await customer(), amount: 100, occurredAt })
    expect(commissions).toMatchObject([
      { status: 'approved', availableAt: new Date(Date.parse(occurredAt) + 30 * day).toISOString() },
    ])
    expect(await statsOf(server, acme, partner)).toMatchObject({ pending_cents: 0, approved_cents: 20 })
    const row = await db()
      .selectFrom('commissions')
      .select('period')
      .where('partnerId', '=', partner.id)
      .executeTakeFirstOrThrow()
    expect(row.period).toBe(occurredAt.slice(0, 7))
  })

  test.each([
    ['Pacific/Apia', '2026-01-31T10:59:59Z', '2026-01', '2026-01-31'],
    ['Pacific/Apia', '2026-01-31T11:00:00Z', '2026-02', '2026-02-01'],
    ['America/Los_Angeles', '2026-02-01T07:59:59Z', '2026-01', '2026-01-31'],
    ['America/Los_Angeles', '2026-02-01T08:00:00Z', '2026-02', '2026-02-01'],
  ])('belongs to the period and day of the program’s zone: %s at %s', async (timeZone, occurredAt, period, date) => {
    const zoned = await newProgram(server, { timeZone })
    partner = await newPartner(server, zoned, { slug: 'zoned' })
    await pay(server, zoned, { customerId: await customer('zoned', zoned), amount: 100, occurredAt })
    const row = await db()
      .selectFrom('commissions')
      .select('period')
      .where('partnerId', '=', partner.id)
      .executeTakeFirstOrThrow()
    expect(row.period).toBe(period)
    const earned = await db()
      .selectFrom('partnerDayEarned')
      .select(['day', 'amount'])
      .where('partnerId', '=', partner.id)
      .execute()
    expect(earned.map(each => [each.day, Number(each.amount)])).toEqual([[date, 20]])
  })

  test('in another currency stays in it, and is not among the cents of the program’s', async () => {
    const customerId = await customer()
    await pay(server, acme, { customerId, amount: 10_000, currency: 'USD' })
    await pay(server, acme, { customerId, amount: 10_000, currency: 'JPY' })
    await pay(server, acme, { customerId, amount: 500 })
    expect(await statsOf(server, acme, partner)).toEqual({
      total_commissions: 3,
      total_earned_cents: 100,
      pending_cents: 100,
      approved_cents: 0,
      paid_cents: 0,
    })
    const { affiliate, balances, commissions, series } = await dashboard(server, await session())
    expect(affiliate).toMatchObject({ currency: 'EUR', totalEarned: 1, pendingBalance: 1 })
    expect(balances).toEqual([
      { currency: 'EUR', totalEarned: 1, pending: 1, approved: 0, paid: 0 },
      { currency: 'JPY', totalEarned: 2000, pending: 2000, approved: 0, paid: 0 },
      { currency: 'USD', totalEarned: 20, pending: 20, approved: 0, paid: 0 },
    ])
    expect(commissions.map(each => `${each.amount} ${each.currency}`).sort()).toEqual(['1 EUR', '20 USD', '2000 JPY'])
    expect(series.at(-1)).toMatchObject({ conversions: 3, earned: 1 })
  })
})

describe('The journal', () => {
  test('sums to zero in each currency, and is what every page shows', async () => {
    const customers = [await customer('one'), await customer('two')]
    const currencies = ['EUR', 'USD', 'JPY', 'KWD']
    let expected = 0
    for (let i = 0; i < 24; i++) {
      const currency = currencies[i % 4] ?? 'EUR'
      const occurredAt = new Date(server.clock.now.getTime() - i * 3 * day).toISOString()
      const sale = { customerId: customers[i % 2] ?? '', amount: 1_001 + i * 37, tax: i, currency, occurredAt }
      const { commissions } = await pay(server, acme, sale)
      if (currency === 'EUR') expected += commissions[0]?.amount ?? 0
    }
    const sums = await sql<{
      sum: number
    }>`select sum(amount) as sum from journal_entries group by transaction_id, currency`.execute(db())
    expect(sums.rows.length).toBeGreaterThanOrEqual(24)
    expect(sums.rows.every(row => Number(row.sum) === 0)).toBe(true)

    const stats = await statsOf(server, acme, partner)
    expect(stats.total_earned_cents).toBe(expected)
    expect(stats.pending_cents + stats.approved_cents + stats.paid_cents).toBe(expected)
    expect(stats.pending_cents).toBeGreaterThan(0)
    expect(stats.approved_cents).toBeGreaterThan(0)

    const token = await session()
    const { affiliate, balances } = await dashboard(server, token)
    const cents = ({ totalEarned, pendingBalance, approvedBalance, paidTotal }: typeof affiliate) =>
      [totalEarned, pendingBalance, approvedBalance, paidTotal].map(each => Math.round(each * 100))
    const same = [expected, stats.pending_cents, stats.approved_cents, 0]
    expect(cents(affiliate)).toEqual(same)
    const own = answered(await server.ask('GET', '/v1/affiliate', { token }), 200, Enrolment)
    const byCustomer = answered(
      await server.ask('GET', `/v1/affiliate/by-customer/self-${tests}`, { key: acme.secret }),
      200,
      Enrolment,
    )
    for (const each of [own, byCustomer]) expect(each.enrolled && cents(each)).toEqual(same)

    const lines = await db()
      .selectFrom('commissions')
      .select(['currency', 'amount'])
      .where('partnerId', '=', partner.id)
      .execute()
    for (const { currency, totalEarned } of balances) {
      const sum = lines.filter(line => line.currency === currency).reduce((total, line) => total + Number(line.amount), 0)
      expect(Math.round(totalEarned * 10 ** ({ JPY: 0, KWD: 3 }[currency] ?? 2))).toBe(sum)
    }
  })

  test('holds two entries for a commission: what the partner has, and what it costs', async () => {
    const { commissions } = await pay(server, acme, { customerId: await customer(), amount: 59_800 })
    const entries = await db()
      .selectFrom('journalEntries')
      .selectAll()
      .where('partnerId', '=', partner.id)
      .orderBy('position')
      .execute()
    const [{ id, availableAt } = { id: '', availableAt: '' }] = commissions
    expect(
      entries.map(({ transactionId, ...entry }) => ({
        ...entry,
        amount: Number(entry.amount),
        position: Number(entry.position),
      })),
    ).toEqual([
      {
        position: 0,
        account: 'partner_earnings',
        amount: 11_960,
        availableAt,
        commissionId: id,
        currency: 'EUR',
        partnerId: partner.id,
        programId: acme.program.id,
      },
      {
        position: 1,
        account: 'commission_expense',
        amount: -11_960,
        availableAt: null,
        commissionId: id,
        currency: 'EUR',
        partnerId: partner.id,
        programId: acme.program.id,
      },
    ])
  })

  test('stays exact at the largest amounts', async () => {
    const customerId = await customer()
    for (let i = 0; i < 3; i++) await pay(server, acme, { customerId, amount: 1_000_000_000_000 - 5 * i })
    expect((await statsOf(server, acme, partner)).total_earned_cents).toBe(599_999_999_997)
  })
})

test('A payment that lies a little ahead is taken, because clocks differ; one that lies in the future is not', async () => {
  const customerId = await customer()
  const at = (ms: number) => new Date(server.clock.now.getTime() + ms).toISOString()
  await pay(server, acme, { customerId, amount: 100, occurredAt: at(hour) })
  const body = { externalId: 'future', customerId, amount: 100, currency: 'EUR', occurredAt: at(25 * hour) }
  expect((await server.ask('POST', '/v1/conversions', { key: acme.secret, body })).status).toBe(422)
})
