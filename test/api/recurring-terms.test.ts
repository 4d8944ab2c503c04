import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { change, pay, refer, statsOf } from '../support/acts.ts'
import { balanceOf, commissionOf, expectExact, refund } from '../support/money.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server, { holdingPeriodDays: 365 })
})
afterAll(() => server.stop())
afterEach(() => expectExact(server))

let tests = 0
let partner: { id: string; slug: string }
let customerId = ''
beforeEach(async () => {
  partner = await newPartner(server, acme, { slug: `partner-${++tests}` })
  customerId = `customer-${tests}`
})

const none = {
  recurringMonths: null,
  recurringPayments: null,
  maxPerCustomer: null,
  products: [],
  type: 'percent',
  flatAmount: null,
}
/** The customer is referred under these terms; what the program says afterwards is another matter. */
async function under(commission: object) {
  await change(server, acme, { commission: { ...none, ...commission } })
  await refer(server, acme, { customerId, code: partner.slug })
  await change(server, acme, { commission: none })
}
const paid = async (occurredAt: string, more: Record<string, unknown> = {}) =>
  (await pay(server, acme, { customerId, amount: 10_000, occurredAt: `${occurredAt}T10:00:00Z`, ...more })).commissions
const earned = async () => {
  const [pending = 0, approved = 0] = await balanceOf(server, acme, partner)
  return pending + approved
}

describe('A referral that earns for a time', () => {
  test('earns from the payments of so many months after the first, under the terms it was made under', async () => {
    await under({ recurringMonths: 2 })
    expect(await paid('2025-12-31', { amount: 0 })).toEqual([])
    expect(await paid('2026-01-10')).toMatchObject([{ amount: 2_000 }])
    expect(await paid('2026-02-10')).toMatchObject([{ amount: 2_000 }])
    expect(await paid('2026-03-10')).toEqual([])
    expect(await earned()).toBe(4_000)
  })

  test('earns from its first payments', async () => {
    await under({ recurringPayments: 2 })
    for (const [at, lines] of [
      ['2026-01-10', 1],
      ['2026-02-10', 1],
      ['2026-03-10', 0],
    ] as const) {
      expect(await paid(at)).toHaveLength(lines)
    }
    expect(await earned()).toBe(4_000)
  })

  test('counts a payment that was refunded, and not one that was free', async () => {
    await under({ recurringPayments: 2 })
    await paid('2026-01-01', { amount: 500, discount: 500 })
    await paid('2026-01-10', { externalId: `first-${tests}` })
    await refund(server, acme, { conversionExternalId: `first-${tests}` })
    expect(await paid('2026-02-10')).toHaveLength(1)
    expect(await paid('2026-03-10')).toEqual([])
    expect(await earned()).toBe(2_000)
  })
})

describe('A referral that may earn so much', () => {
  test('earns no more, and says so', async () => {
    await under({ maxPerCustomer: 5_000 })
    await paid('2026-01-10')
    await paid('2026-01-11')
    const [last] = await paid('2026-01-12')
    expect(last).toMatchObject({
      amount: 1_000,
      why: { formula: '20 % of 100.00 EUR = 20.00 EUR, of which the limits of the terms leave 10.00 EUR' },
    })
    expect(await paid('2026-01-13')).toEqual([])
    expect(await earned()).toBe(5_000)
  })

  test('earns just that where twenty payments come at once', async () => {
    await under({ maxPerCustomer: 5_000 })
    await Promise.all(Array.from({ length: 20 }, (_, i) => paid('2026-01-10', { amount: 3_000 + i })))
    expect(await earned()).toBe(5_000)
  })

  test('earns that from each customer', async () => {
    await under({ maxPerCustomer: 3_000 })
    for (let i = 0; i < 2; i++) await paid(`2026-01-1${i}`)
    customerId += '-other'
    await under({ maxPerCustomer: 3_000 })
    for (let i = 0; i < 2; i++) await paid(`2026-01-1${i}`)
    expect(await earned()).toBe(6_000)
  })

  test('earns as much of flat commissions, and of refunded ones their share', async () => {
    await under({ type: 'flat', flatAmount: 1_500, maxPerCustomer: 2_000 })
    await paid('2026-01-10')
    expect(await paid('2026-01-11', { externalId: `flat-${tests}` })).toMatchObject([{ amount: 500 }])
    await refund(server, acme, { conversionExternalId: `flat-${tests}`, amount: 5_000 })
    expect(await earned()).toBe(1_750)
  })
})

describe('Where an earlier payment becomes known later', () => {
  test('it earns in place of the last, which keeps what is left to it', async () => {
    await under({ maxPerCustomer: 3_000 })
    await paid('2026-02-10', { externalId: `second-${tests}` })
    const [third] = await paid('2026-03-10', { externalId: `third-${tests}` })
    await refund(server, acme, { conversionExternalId: `third-${tests}`, amount: 5_000 })
    expect(await earned()).toBe(2_500)
    expect(await paid('2026-01-10')).toMatchObject([{ amount: 2_000 }])
    expect(await earned()).toBe(3_000)
    const line = await commissionOf(server, acme, third?.id ?? '')
    expect(line).toMatchObject({ earned: 0, reversed: 0, amount: 0, status: 'reversed' })
    expect(line.entries.map(each => each.kind)).toContain('commission_limited')
  })

  test('the months are counted from it', async () => {
    await under({ recurringMonths: 1 })
    await paid('2026-02-20')
    await paid('2026-02-10')
    expect(await earned()).toBe(4_000)
    await paid('2026-01-15')
    expect(await earned()).toBe(4_000)
    await paid('2026-01-05')
    expect(await earned()).toBe(4_000)
    expect(await statsOf(server, acme, partner)).toMatchObject({ total_commissions: 2 })
  })
})

test('A product’s own rate goes before a flat amount', async () => {
  await under({ type: 'flat', flatAmount: 1_500, products: [{ productId: 'pro', rate: 50 }] })
  expect(await paid('2026-01-10', { productId: 'pro' })).toMatchObject([{ amount: 5_000, why: { ruleFrom: 'product' } }])
  expect(await paid('2026-01-10', { productId: 'basic' })).toMatchObject([{ amount: 1_500 }])
})
