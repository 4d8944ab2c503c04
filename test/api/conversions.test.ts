import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Conversion } from '../../server/contract/conversions.ts'
import { Referral } from '../../server/contract/referrals.ts'
import { change, click, day, hour, pass, pay, refer, statsOf } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow, rowCounts } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
let jane: { id: string }
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
  acme = await newProgram(server)
  jane = await newPartner(server, acme, { slug: 'JANE20' })
})
afterAll(() => server.stop())

let tests = 0
let customerId = ''
beforeEach(() => {
  customerId = `customer-${++tests}`
})

const report = (sale: Record<string, unknown>) =>
  server.ask('POST', '/v1/conversions', { key: acme.secret, body: { customerId, currency: 'EUR', amount: 59_800, ...sale } })
const sold = (sale: Record<string, unknown> = {}) => pay(server, acme, { customerId, amount: 59_800, ...sale })
const referred = (code = 'JANE20') => refer(server, acme, { customerId, code })

describe('A payment of a referred customer', () => {
  test('of 598.00 EUR earns 119.60 EUR, held for 30 days, and says why', async () => {
    const { clickId } = await click(server, acme, { code: 'JANE20', from: '203.0.113.1' })
    await refer(server, acme, { customerId, ref: `JANE20.${clickId}` })
    const occurredAt = server.clock.now.toISOString()
    expect(await sold({ externalId: 'inv-598' })).toEqual({
      id: expect.stringMatching(/^cnv_\w{22}$/),
      externalId: 'inv-598',
      customerId,
      amount: 59_800,
      currency: 'EUR',
      occurredAt,
      commissions: [
        {
          id: expect.stringMatching(/^com_\w{22}$/),
          partnerId: jane.id,
          amount: 11_960,
          currency: 'EUR',
          status: 'pending',
          availableAt: new Date(Date.parse(occurredAt) + 30 * day).toISOString(),
          why: {
            kind: 'sale',
            clickId,
            code: 'JANE20',
            rule: 'percent',
            ruleFrom: 'program',
            rate: 20,
            base: 59_800,
            formula: '20 % of 598.00 EUR = 119.60 EUR',
            rounding: 'half_even',
          },
        },
      ],
    })
  })

  test.each([
    ['less tax and discount', { amount: 72_358, tax: 12_558, discount: 9_800 }, 10_000, 'EUR'],
    ['in yen, which have no decimals', { amount: 1_003, currency: 'JPY' }, 201, 'JPY'],
    ['in dinars, which have three', { amount: 12_345, currency: 'KWD' }, 2_469, 'KWD'],
    ['whose currency is written in small letters', { amount: 100, currency: 'usd' }, 20, 'USD'],
    ['of seven cents', { amount: 7 }, 1, 'EUR'],
    ['of the largest amount', { amount: 1_000_000_000_000 }, 200_000_000_000, 'EUR'],
  ])('%s', async (_, sale, amount, currency) => {
    await referred()
    expect((await sold(sale)).commissions).toMatchObject([{ amount, currency }])
  })

  test('earns the rate of its product, and a flat amount where that is the rule', async () => {
    await change(server, acme, { commission: { products: [{ productId: 'pro', rate: 30 }] } })
    await referred()
    expect((await sold({ productId: 'pro' })).commissions).toMatchObject([
      { amount: 17_940, why: { ruleFrom: 'product', rate: 30 } },
    ])
    expect((await sold({ productId: 'basic' })).commissions).toMatchObject([{ amount: 11_960, why: { ruleFrom: 'program' } }])
    await change(server, acme, { commission: { type: 'flat', flatAmount: 1_500, products: [] } })
    customerId += '-flat'
    await referred()
    const [line] = (await sold({ currency: 'USD' })).commissions
    expect(line).toMatchObject({ amount: 1_500, currency: 'EUR', why: { rule: 'flat', rate: null, formula: '15.00 EUR a sale' } })
    await change(server, acme, { commission: { type: 'percent', flatAmount: null } })
  })

  test.each([
    ['nothing', { amount: 0 }],
    ['what tax takes whole', { amount: 500, tax: 500 }],
    ['what a discount takes whole', { amount: 500, tax: 100, discount: 400 }],
  ])('of %s earns nothing, and is not its first payment', async (_, sale) => {
    await referred()
    const before = await statsOf(server, acme, jane)
    expect((await sold(sale)).commissions).toEqual([])
    expect(await statsOf(server, acme, jane)).toEqual(before)
    const state = async () =>
      answered(await server.ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId } }), 200, Referral).status
    expect(await state()).toBe('attributed')
    await sold()
    expect(await state()).toBe('qualified')
  })

  test('of a cent earns nothing to pay out, but is a sale', async () => {
    await referred()
    expect((await sold({ amount: 1 })).commissions).toEqual([])
    expect(
      answered(await server.ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId } }), 200, Referral).status,
    ).toBe('qualified')
  })
})

test('A payment of a customer whom nobody referred is kept, without commission', async () => {
  const before = await rowCounts(server)
  expect((await sold({ customerId: 'a-stranger' })).commissions).toEqual([])
  expect(await rowCounts(server)).toEqual({
    ...before,
    conversions: (before.conversions ?? 0) + 1,
    customers: (before.customers ?? 0) + 1,
    sales: (before.sales ?? 0) + 1,
  })
})

describe('A payment that is reported again', () => {
  test('is answered alike, and changes nothing', async () => {
    await referred()
    const first = await sold({ externalId: 'again', tax: 100, productId: 'pro' })
    pass(server, 40 * day)
    const before = await everyRow(server)
    const repeated = await report({ externalId: 'again', tax: 100, productId: 'pro' })
    expect(answered(repeated, 200, Conversion)).toEqual(first)
    expect(await everyRow(server)).toEqual(before)
  })

  test('is refused where it is another one, and changes nothing', async () => {
    await referred()
    const occurredAt = new Date(server.clock.now.getTime() - hour).toISOString()
    const said = { externalId: 'other', occurredAt }
    await sold(said)
    const before = await everyRow(server)
    const others = [
      { amount: 59_801 },
      { currency: 'USD' },
      { tax: 1 },
      { discount: 1 },
      { productId: 'pro' },
      { code: 'JANE20' },
      { customerId: 'another' },
      { occurredAt: server.clock.now.toISOString() },
    ]
    for (const other of others) refused(await report({ ...said, ...other }), 422, 'conversion_differs')
    expect(await everyRow(server)).toEqual(before)
    answered(await report({ ...said, occurredAt: occurredAt.replace('Z', '+00:00') }), 200, Conversion)
  })

  test('thirty times at once earns once', async () => {
    await referred()
    const before = await statsOf(server, acme, jane)
    const replies = await Promise.all(Array.from({ length: 30 }, () => report({ externalId: 'at-once' })))
    expect(replies.map(each => each.status).sort()).toEqual([...Array(29).fill(200), 201])
    expect(new Set(replies.map(each => each.text)).size).toBe(1)
    const after = await statsOf(server, acme, jane)
    expect(after.total_commissions).toBe(before.total_commissions + 1)
    expect(after.total_earned_cents).toBe(before.total_earned_cents + 11_960)
  })

  test('under the same id in another program is another payment', async () => {
    const other = await newProgram(server)
    await sold({ externalId: 'shared' })
    expect((await pay(server, other, { customerId, amount: 1, externalId: 'shared' })).amount).toBe(1)
  })
})

describe('A coupon at the till', () => {
  test('refers a customer whom nobody has referred, from then on', async () => {
    expect((await sold({ code: 'jane20' })).commissions).toMatchObject([
      { partnerId: jane.id, amount: 11_960, why: { code: 'JANE20', clickId: null } },
    ])
    expect((await sold()).commissions).toMatchObject([{ partnerId: jane.id }])
  })

  test('does not take a customer from whoever referred it', async () => {
    await newPartner(server, acme, { slug: 'coupon-bob' })
    await referred()
    expect((await sold({ code: 'coupon-bob' })).commissions).toMatchObject([{ partnerId: jane.id, why: { code: 'JANE20' } }])
  })

  test('that leads nowhere is a payment like any other', async () => {
    expect((await sold({ code: 'NOBODY' })).commissions).toEqual([])
    const gone = await newPartner(server, acme, { slug: 'coupon-gone' })
    await server.ask('DELETE', `/api/v1/partners/${gone.id}`, { key: acme.secret })
    expect((await sold({ code: 'coupon-gone' })).commissions).toEqual([])
  })
})

test('A deactivated partner earns from customers referred before only where the program says so', async () => {
  const gone = await newPartner(server, acme, { slug: 'goes' })
  await referred('goes')
  expect((await sold()).commissions).toMatchObject([{ partnerId: gone.id }])
  await server.ask('DELETE', `/api/v1/partners/${gone.id}`, { key: acme.secret })
  expect((await sold()).commissions).toEqual([])
  await change(server, acme, { payAfterDeactivation: true })
  expect((await sold()).commissions).toMatchObject([{ partnerId: gone.id, amount: 11_960 }])
  await change(server, acme, { payAfterDeactivation: false })
  expect(await statsOf(server, acme, gone)).toMatchObject({ total_commissions: 2, total_earned_cents: 23_920 })
})

describe('A payment is not taken', () => {
  test.each([
    ['amount', { amount: -1 }],
    ['amount', { amount: 598.5 }],
    ['amount', { amount: '59800' }],
    ['amount', { amount: 100_000_000_000_001 }],
    ['amount', { amount: 1e300 }],
    ['amount', { amount: null }],
    ['amount', { amount: 100, tax: 60, discount: 41 }],
    ['tax', { tax: -1 }],
    ['discount', { discount: 0.5 }],
    ['currency', { currency: 'EURO' }],
    ['currency', { currency: 'XXQ' }],
    ['currency', { currency: 978 }],
    ['externalId', { externalId: '' }],
    ['externalId', { externalId: 'x'.repeat(256) }],
    ['customerId', { customerId: '' }],
    ['productId', { productId: {} }],
    ['code', { code: 'JANE 20' }],
    ['occurredAt', { occurredAt: 'yesterday' }],
    ['occurredAt', { occurredAt: '2026-02-30T12:00:00Z' }],
    ['occurredAt', { occurredAt: '2026-03-10T12:00:00' }],
    ['occurredAt', { occurredAt: '2999-01-01T00:00:00Z' }],
  ])('with a bad %s: %j', async (path, sale) => {
    const before = await everyRow(server)
    expect(refused(await report({ externalId: 'bad', ...sale }), 422, 'invalid')).toEqual([path])
    expect(await everyRow(server)).toEqual(before)
  })
})
