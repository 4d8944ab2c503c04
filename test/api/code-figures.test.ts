import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AffiliateCodeList, MadePartnerCode } from '../../server/contract/partner-api.ts'
import { change, click, dashboard, day, pass, pay, refer, sessionOf } from '../support/acts.ts'
import { expectFigures } from '../support/code-figures.ts'
import { decided, refund } from '../support/money.ts'
import * as paying from '../support/payouts.ts'
import { answered } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
})
afterAll(() => server.stop())

let tests = 0
let jane: { id: string; slug: string; email: string }
beforeEach(async () => {
  acme = await newProgram(server)
  jane = await newPartner(server, acme, { slug: `Jane-${++tests}`, email: `jane-${tests}@example.com` })
})

const session = () => sessionOf(server, acme, { customerId: `jane-${tests}`, email: jane.email })
const make = async (label: string) =>
  answered(await server.ask('POST', '/v1/affiliate/codes', { token: await session(), body: { label } }), 201, MadePartnerCode)
    .code
const figures = async () => {
  const { data } = answered(await server.ask('GET', '/v1/affiliate/codes', { token: await session() }), 200, AffiliateCodeList)
  return Object.fromEntries(
    data.map(({ code, clicks, signups, conversions, earned }) => [code, { clicks, signups, conversions, earned }]),
  )
}
const eur = (amount: number) => [{ currency: 'EUR', amount }]
const nothing = { clicks: 0, signups: 0, conversions: 0, earned: [] }

describe('Each code of a partner', () => {
  test('has its own clicks, signups, sales and earnings, whatever its letters’ case, and the dashboard says the same', async () => {
    const blog = await make('Blog')
    expect(await figures()).toEqual({ [jane.slug]: nothing, [blog]: nothing })
    await click(server, acme, { code: jane.slug.toUpperCase(), from: '10.0.0.1' })
    await click(server, acme, { code: blog, from: '10.0.0.1' })
    const { clickId } = await click(server, acme, { code: blog, from: '10.0.0.2' })
    await click(server, acme, { code: blog, from: '10.0.0.2' })
    const bot = { 'user-agent': 'Googlebot/2.1', 'x-forwarded-for': '10.0.0.3' }
    await server.ask('POST', '/referrals/click', { key: acme.publishable, headers: bot, body: { code: blog } })
    await refer(server, acme, { customerId: 'one', clickId })
    await refer(server, acme, { customerId: 'two', code: jane.slug.toLowerCase() })
    await pay(server, acme, { customerId: 'one', amount: 59_800 })
    await pay(server, acme, { customerId: 'one', amount: 5_000, currency: 'JPY' })
    const expected = {
      [jane.slug]: { ...nothing, clicks: 1, signups: 1 },
      [blog]: { clicks: 2, signups: 1, conversions: 2, earned: [...eur(119.6), { currency: 'JPY', amount: 1_000 }] },
    }
    expect(await figures()).toEqual(expected)
    const { codes } = await dashboard(server, await session())
    for (const { code, ...shown } of codes) expect(shown).toMatchObject(expected[code] ?? {})
    await expectFigures(server.desk().database.db)
  })

  test('loses what is refunded, rejected or corrected by a limit, and goes on after it is retired', async () => {
    await change(server, acme, { commission: { maxPerCustomer: 3_000 } })
    const code = await make('Fair')
    await refer(server, acme, { customerId: 'one', code })
    await pay(server, acme, { externalId: `a-${tests}`, customerId: 'one', amount: 10_000 })
    const second = await pay(server, acme, { externalId: `b-${tests}`, customerId: 'one', amount: 10_000 })
    expect((await figures())[code]).toMatchObject({ conversions: 2, earned: eur(30) })
    await refund(server, acme, { externalId: `r-${tests}`, conversionExternalId: `a-${tests}`, amount: 5_000 })
    expect((await figures())[code]).toMatchObject({ earned: eur(20) })
    await server.ask('DELETE', `/v1/affiliate/codes/${code}`, { token: await session() })
    await decided(server, acme, second.commissions[0]?.id ?? '', 'reject')
    expect((await figures())[code]).toMatchObject({ signups: 1, conversions: 2, earned: eur(10) })
    await pay(server, acme, {
      customerId: 'one',
      amount: 1_000,
      occurredAt: new Date(server.clock.now.getTime() - day).toISOString(),
    })
    await expectFigures(server.desk().database.db)
  })

  test('counts once what comes at the same time', async () => {
    const code = await make('Rush')
    // No more than there are connections to PostgreSQL: on a busy machine whoever waits for one for long is told to come again.
    const all = Array.from({ length: 8 }, (_, i) => `rush-${tests}-${i}`)
    await Promise.all([
      ...all.map((_, i) => click(server, acme, { code, from: `10.9.0.${i}` })),
      ...all.map(customerId => refer(server, acme, { customerId, code })),
    ])
    await Promise.all(all.map(customerId => pay(server, acme, { customerId, amount: 1_000 })))
    expect((await figures())[code]).toEqual({ clicks: 8, signups: 8, conversions: 8, earned: eur(16) })
  })
})

describe('A dashboard says of the next payout', () => {
  const next = async () => (await dashboard(server, await session())).nextPayouts
  const at = (days: number) => new Date(server.clock.now.getTime() + days * day).toISOString()
  const earns = (amount: number, daysAgo: number) =>
    pay(server, acme, { customerId: 'one', amount: amount * 5, occurredAt: at(-daysAgo) })
  const none = { onTheWay: 0, nextApproval: null, minimumReachedAt: null }
  beforeEach(async () => {
    await refer(server, acme, { customerId: 'one', code: jane.slug })
  })

  test('what is due, what is missing, and when more is approved: by day, and until the minimum is reached', async () => {
    expect(await next()).toEqual([{ ...none, currency: 'EUR', due: 0, minimum: 50, missing: 50 }])
    await earns(3_000, 31)
    await earns(1_500, 26)
    await earns(200, 26)
    await earns(1_000, 21)
    expect(await next()).toEqual([
      {
        ...{ ...none, currency: 'EUR', due: 30, minimum: 50, missing: 20 },
        ...{ nextApproval: { availableAt: at(4), amount: 17 }, minimumReachedAt: at(9) },
      },
    ])
    pass(server, 4 * day)
    expect(await next()).toMatchObject([{ due: 47, missing: 3, nextApproval: { availableAt: at(5), amount: 10 } }])
    pass(server, 5 * day)
    expect(await next()).toEqual([{ ...none, currency: 'EUR', due: 57, minimum: 50, missing: 0 }])
  })

  test('each currency by its own minimum, without what is in a payout, held or taken back', async () => {
    await change(server, acme, { minPayoutAmounts: [{ currency: 'JPY', amount: 5_000 }] })
    await paying.adjust(server, acme, jane, 6_000)
    await paying.adjust(server, acme, jane, 4_000, 'JPY')
    await paying.runPayouts(server, acme)
    const sale = await earns(1_000, 20)
    await earns(500, 10)
    await decided(server, acme, sale.commissions[0]?.id ?? '', 'hold')
    expect(await next()).toEqual([
      {
        ...{ currency: 'EUR', due: 0, onTheWay: 60, minimum: 50, missing: 50 },
        ...{ nextApproval: { availableAt: at(20), amount: 5 }, minimumReachedAt: null },
      },
      { ...none, currency: 'JPY', due: 4_000, minimum: 5_000, missing: 1_000 },
    ])
    await paying.adjust(server, acme, jane, -7_000)
    expect(await next()).toMatchObject([{ due: -70, missing: 120, minimumReachedAt: null }, { currency: 'JPY' }])
  })
})
