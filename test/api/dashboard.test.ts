import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Enrolment } from '../../server/contract/affiliate.ts'
import { Reviewed } from '../../server/contract/applications.ts'
import { change, click, dashboard, day, pass, pay, refer, sessionOf } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
  acme = await newProgram(server, { siteUrl: 'https://acme.example/start?lang=en', timeZone: 'Europe/Madrid' })
})
afterAll(() => server.stop())

let tests = 0
let partner: { id: string; slug: string; email: string }
let token = ''
beforeEach(async () => {
  partner = await newPartner(server, acme, { slug: `partner-${++tests}`, first_name: 'Jane', last_name: 'Smith' })
  token = await session()
})

const session = () => sessionOf(server, acme, { customerId: `self-${tests}`, email: partner.email })
const visit = (visitor: number) => click(server, acme, { code: partner.slug, from: `10.${tests}.0.${visitor}` })
const ask = (path: string) => server.ask('GET', path, { token })

describe('A dashboard', () => {
  test('of a new partner is whole, and empty', async () => {
    const shown = await dashboard(server, token)
    expect(shown.affiliate).toEqual({
      id: partner.id,
      code: partner.slug,
      type: 'partner',
      status: 'active',
      name: 'Jane Smith',
      email: partner.email,
      customerId: `self-${tests}`,
      commissionRate: 20,
      totalEarned: 0,
      pendingBalance: 0,
      approvedBalance: 0,
      paidTotal: 0,
      currency: 'EUR',
      createdAt: server.clock.now.toISOString(),
    })
    expect(shown.link).toBe(`https://acme.example/start?lang=en&ref=${partner.slug}`)
    const figures = { clicks: 0, signups: 0, conversions: 0, earned: [] }
    const createdAt = server.clock.now.toISOString()
    expect(shown.codes).toEqual([{ code: partner.slug, url: shown.link, label: null, createdAt, ...figures }])
    expect(shown.stats).toEqual({ clicks: 0, signups: 0, conversions: 0, conversionRate: 0 })
    expect(shown.series).toHaveLength(30)
    for (const empty of [shown.balances, shown.commissions, shown.payouts, shown.deals]) expect(empty).toEqual([])
    expect(shown.program).toMatchObject({
      name: 'Acme',
      currency: 'EUR',
      holdingPeriodDays: 30,
      minPayoutAmount: 50,
      cookieDurationDays: 30,
    })
  })

  test('shows what links have brought, on the days on which they brought it', async () => {
    const day1 = server.clock.now.toISOString().slice(0, 10)
    const clicks = [await visit(1), await visit(2), await visit(3)]
    await refer(server, acme, { customerId: `c-${tests}-1`, clickId: clicks[0]?.clickId })
    pass(server, day)
    const day2 = server.clock.now.toISOString().slice(0, 10)
    clicks.push(await visit(4))
    await refer(server, acme, { customerId: `c-${tests}-2`, clickId: clicks[3]?.clickId })
    await pay(server, acme, { customerId: `c-${tests}-2`, amount: 59_800, productId: 'pro' })
    token = await session()
    const { stats, series, affiliate, commissions } = await dashboard(server, token, '?days=7')
    expect(stats).toEqual({ clicks: 4, signups: 2, conversions: 1, conversionRate: 25 })
    expect(series.slice(-2)).toEqual([
      { date: day1, clicks: 3, signups: 1, conversions: 0, earned: 0 },
      { date: day2, clicks: 1, signups: 1, conversions: 1, earned: 119.6 },
    ])
    expect(series.slice(0, -2).every(each => each.clicks + each.signups + each.conversions + each.earned === 0)).toBe(true)
    expect(affiliate).toMatchObject({ totalEarned: 119.6, pendingBalance: 119.6 })
    expect(commissions).toMatchObject([
      { amount: 119.6, currency: 'EUR', status: 'pending', productId: 'pro', why: { rate: 20, base: 59_800 } },
    ])
  })

  test.each([
    [1],
    [7],
    [30],
    [90],
    [365],
    [366],
  ])('has a series of %i days, each in its order, the last of them today', async days => {
    const { series } = await dashboard(server, token, `?days=${days}`)
    const today = Date.parse(server.clock.now.toISOString().slice(0, 10))
    const dates = Array.from({ length: days }, (_, i) => new Date(today - (days - 1 - i) * day).toISOString().slice(0, 10))
    expect(series.map(each => each.date)).toEqual(dates)
  })

  test.each(['0', '367', '400', '-7', '7.5', 'week', ''])('cannot be asked for with days=%s', async days => {
    expect(refused(await ask(`/v1/affiliate/dashboard?days=${days}`), 422, 'invalid')).toEqual(['days'])
  })

  test('counts what is older than its series', async () => {
    await visit(1)
    pass(server, 400 * day)
    token = await session()
    const { stats, series } = await dashboard(server, token, '?days=366')
    expect(stats.clicks).toBe(1)
    expect(series.reduce((sum, each) => sum + each.clicks, 0)).toBe(0)
  })

  test('shows the latest fifty commissions, newest first', async () => {
    await refer(server, acme, { customerId: `c-${tests}`, code: partner.slug })
    for (let i = 0; i < 52; i++) {
      const occurredAt = new Date(server.clock.now.getTime() - i * 60_000).toISOString()
      await pay(server, acme, { customerId: `c-${tests}`, amount: 100 + 5 * i, occurredAt })
    }
    const { commissions, affiliate } = await dashboard(server, token)
    expect(commissions.map(each => Math.round(each.amount * 100))).toEqual(Array.from({ length: 50 }, (_, i) => 20 + i))
    expect(Math.round(affiliate.totalEarned * 100)).toBe(52 * 20 + (51 * 52) / 2)
  })

  test('lists its own payouts and codes, and says how each stands', async () => {
    const { db } = server.desk().database
    const own = { programId: acme.program.id, partnerId: partner.id, currency: 'EUR', method: 'paypal' }
    const at = (minutes: number) => new Date(server.clock.now.getTime() + minutes * 60_000).toISOString()
    const payouts = [
      { id: `pay_1${tests}`, amount: 11_960, createdAt: at(1), paidAt: at(2), reference: 'PP-1' },
      { id: `pay_2${tests}`, amount: 5_000, createdAt: at(3), failedAt: at(4), failure: 'Account closed' },
      { id: `pay_3${tests}`, amount: 7_550, createdAt: at(5) },
    ]
    for (const each of payouts)
      await db
        .insertInto('payouts')
        .values({ ...own, ...each })
        .execute()
    const code = { programId: acme.program.id, code: `SPRING${tests}`, codeFold: `spring${tests}`, partnerId: partner.id }
    await db
      .insertInto('codes')
      .values({ ...code, customerId: null, label: 'Spring', createdAt: at(6) })
      .execute()

    const shown = await dashboard(server, token)
    expect(shown.payouts).toMatchObject([
      { id: `pay_3${tests}`, amount: 75.5, currency: 'EUR', status: 'pending', reference: null, paidAt: null },
      { id: `pay_2${tests}`, amount: 50, status: 'failed', paidAt: null },
      { id: `pay_1${tests}`, amount: 119.6, status: 'paid', method: 'paypal', reference: 'PP-1', paidAt: at(2) },
    ])
    expect(shown.codes.slice(1)).toMatchObject([
      { code: `SPRING${tests}`, url: `https://acme.example/start?lang=en&ref=SPRING${tests}`, label: 'Spring', createdAt: at(6) },
    ])
  })

  test('changes nothing by being read', async () => {
    const before = await everyRow(server)
    await dashboard(server, token)
    await ask('/v1/affiliate')
    expect(await everyRow(server)).toEqual(before)
  })

  test('is each partner’s own', async () => {
    await visit(1)
    const other = await newPartner(server, acme, { slug: `other-${tests}` })
    const theirs = await dashboard(server, await sessionOf(server, acme, { customerId: `other-${tests}`, email: other.email }))
    expect([theirs.affiliate.id, theirs.stats.clicks]).toEqual([other.id, 0])
    expect((await dashboard(server, token)).stats.clicks).toBe(1)
  })
})

describe('The rate that a partner is shown', () => {
  const rate = async () => (await dashboard(server, token)).affiliate.commissionRate

  test('is its own, the program’s, or none where a flat amount is the rule', async () => {
    await server.ask('PATCH', `/api/v1/partners/${partner.id}`, { key: acme.secret, body: { commission_pct: 12.5 } })
    expect(await rate()).toBe(12.5)
    await server.ask('PATCH', `/api/v1/partners/${partner.id}`, { key: acme.secret, body: { commission_pct: null } })
    await change(server, acme, { defaultCommissionRate: 30 })
    token = await session()
    expect(await rate()).toBe(30)
    await change(server, acme, { defaultCommissionRate: 20, commission: { type: 'flat', flatAmount: 1_500 } })
    expect(await rate()).toBeNull()
    expect((await dashboard(server, token)).program.commission).toMatchObject({ type: 'flat', flatAmount: 15 })
    await change(server, acme, { commission: { type: 'percent', flatAmount: null } })
  })
})

describe('Whoever asks', () => {
  test('and is no partner is told so', async () => {
    token = await sessionOf(server, acme, { customerId: 'nobody' })
    refused(await ask('/v1/affiliate/dashboard'), 404, 'not_a_partner')
    expect(answered(await ask('/v1/affiliate'), 200, Enrolment)).toEqual({ enrolled: false })
  })

  test('and has applied is told how that stands', async () => {
    const email = `applicant-${tests}@example.com`
    const body = { email, name: 'Ada King' }
    const { id } = (await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body })).body
    token = await sessionOf(server, acme, { customerId: `applicant-${tests}`, email })
    expect(answered(await ask('/v1/affiliate'), 200, Enrolment)).toEqual({ enrolled: false, application: { status: 'pending' } })
    const path = `/v1/apps/${acme.program.id}/affiliates/applications/${id}/review`
    answered(await server.ask('POST', path, { key: acme.secret, body: { action: 'approve' } }), 200, Reviewed)
    expect(answered(await ask('/v1/affiliate'), 200, Enrolment)).toMatchObject({
      enrolled: true,
      name: 'Ada King',
      customerId: `applicant-${tests}`,
    })
    expect((await dashboard(server, token)).affiliate.email).toBe(email)
  })

  test('and has been deactivated is shut out from the next request on, until made active again', async () => {
    await dashboard(server, token)
    await server.ask('DELETE', `/api/v1/partners/${partner.id}`, { key: acme.secret })
    refused(await ask('/v1/affiliate/dashboard'), 403, 'partner_deactivated')
    refused(await ask('/v1/affiliate'), 403, 'partner_deactivated')
    await server.ask('PATCH', `/api/v1/partners/${partner.id}`, { key: acme.secret, body: { status: 'active' } })
    expect((await dashboard(server, token)).affiliate.status).toBe('active')
  })

  test('needs a session, and no key will do', async () => {
    refused(await server.ask('GET', '/v1/affiliate/dashboard'), 401, 'no_credential')
    for (const key of [acme.secret, acme.publishable])
      refused(await server.ask('GET', '/v1/affiliate/dashboard', { key }), 403, 'wrong_credential')
  })
})
