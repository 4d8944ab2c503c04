import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { TermsPreviewReport } from '../../server/contract/terms.ts'
import { pass, pay, refer } from '../support/acts.ts'
import { decided, refund } from '../support/money.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  server.clock.now = new Date('2026-03-10T12:00:00Z')
  acme = await newProgram(server, { timeZone: 'Europe/Madrid' })
})

const send = (body: object, own = acme) =>
  server.ask('POST', `/v1/apps/${own.program.id}/terms/preview`, { key: own.secret, body })
const span = { from: '2026-01-01', to: '2026-12-31' }
const preview = async (body: object, own = acme) => answered(await send({ ...span, ...body }, own), 200, TermsPreviewReport)
const all = (body: object, own = acme) => preview({ referrals: 'all', ...body }, own)

let made = 0
/** A partner with a customer. */
async function referred(more: Record<string, unknown> = {}, own = acme) {
  const slug = `partner-${++made}`
  const partner = await newPartner(server, own, { slug, ...more })
  await refer(server, own, { customerId: slug, code: slug })
  const pays = async (amount: number, occurredAt: string, sale: Record<string, unknown> = {}) => {
    const externalId = `sale-${++made}`
    const at = occurredAt.includes('T') ? occurredAt : `${occurredAt}T10:00:00Z`
    const { commissions } = await pay(server, own, { externalId, customerId: slug, amount, occurredAt: at, ...sale })
    return { externalId, commission: commissions[0]?.id ?? '' }
  }
  return { ...partner, pays }
}

describe('A preview', () => {
  test('tells what another rate would have come to, in all and for each partner, refunds taken off', async () => {
    const [jane, omar] = [await referred({ first_name: 'Jane' }), await referred({ first_name: 'Omar' })]
    const { externalId } = await jane.pays(12_000, '2026-03-10', { tax: 2_000 })
    await refund(server, acme, { conversionExternalId: externalId, amount: 6_000 })
    await jane.pays(1_000, '2026-03-11', { currency: 'JPY' })
    await omar.pays(10_000, '2026-03-10')
    expect(await preview({ defaultCommissionRate: 30 })).toEqual({
      ...span,
      referrals: 'made_in_span',
      payments: 3,
      changed: 3,
      moved: 0,
      totals: [
        { currency: 'EUR', before: 3_000, after: 4_500 },
        { currency: 'JPY', before: 200, after: 300 },
      ],
      partners: [
        {
          partnerId: jane.id,
          partnerName: 'Jane',
          changed: 2,
          moved: 0,
          totals: [
            { currency: 'EUR', before: 1_000, after: 1_500 },
            { currency: 'JPY', before: 200, after: 300 },
          ],
        },
        {
          ...{ partnerId: omar.id, partnerName: 'Omar', changed: 1, moved: 0 },
          totals: [{ currency: 'EUR', before: 2_000, after: 3_000 }],
        },
      ],
      partnersLeftOut: 0,
    })
  })

  test('of no change changes nothing', async () => {
    const jane = await referred()
    await jane.pays(10_000, '2026-03-10')
    const same = { changed: 0, moved: 0, partners: [], totals: [{ currency: 'EUR', before: 2_000, after: 2_000 }] }
    expect(await preview({})).toMatchObject(same)
    expect(await preview({ defaultCommissionRate: 20, holdingPeriodDays: 30, commission: {} })).toMatchObject(same)
  })

  test('reaches the referrals made since, as a change would have, or all of them', async () => {
    const old = await referred()
    pass(server, 10 * 86_400_000)
    const young = await referred()
    await old.pays(10_000, '2026-03-21')
    await young.pays(10_000, '2026-03-21')
    const asked = { from: '2026-03-15', to: '2026-03-31', defaultCommissionRate: 30 }
    expect(await preview(asked)).toMatchObject({ payments: 1, partners: [{ partnerId: young.id }] })
    expect(await all(asked)).toMatchObject({ payments: 2, totals: [{ before: 4_000, after: 6_000 }] })
  })

  test('has the days of the program’s zone, both within', async () => {
    const jane = await referred()
    for (const at of ['2026-02-28T22:59:59Z', '2026-02-28T23:00:00Z', '2026-03-02T22:59:59Z', '2026-03-02T23:00:00Z'])
      await jane.pays(10_000, at)
    expect(await all({ from: '2026-03-01', to: '2026-03-02' })).toMatchObject({ payments: 2 })
    expect(await all({ from: '2026-03-03', to: '2026-03-03' })).toMatchObject({ payments: 1 })
  })

  test('counts limits from the first payment there ever was, not from the first within', async () => {
    const jane = await referred()
    for (const month of ['01', '02', '03']) await jane.pays(10_000, `2026-${month}-05`)
    const march = { from: '2026-03-01', to: '2026-03-31' }
    const before = { currency: 'EUR', before: 2_000 }
    for (const [commission, after] of [
      [{ recurringMonths: 2 }, 0],
      [{ recurringMonths: 3 }, 2_000],
      [{ recurringPayments: 2 }, 0],
      [{ recurringPayments: 3 }, 2_000],
      [{ maxPerCustomer: 4_500 }, 500],
      [{ type: 'flat', flatAmount: 700 }, 700],
      [{ type: 'flat', flatAmount: 700, recurringPayments: 2 }, 0],
    ] as const)
      expect((await all({ ...march, commission })).totals, JSON.stringify(commission)).toEqual([{ ...before, after }])
  })

  test('lets limits go that were there', async () => {
    acme = await newProgram(server, { commission: { recurringPayments: 1 } })
    const jane = await referred()
    for (const month of ['01', '02']) await jane.pays(10_000, `2026-${month}-05`)
    expect(await all({ commission: { recurringPayments: null } })).toMatchObject({
      changed: 1,
      totals: [{ before: 2_000, after: 4_000 }],
    })
  })

  test('leaves a partner its own rate, a product its rate, and a rejection what it is', async () => {
    const own = await referred({ commission_pct: 10 })
    await own.pays(10_000, '2026-03-10')
    const jane = await referred()
    await jane.pays(10_000, '2026-03-10', { productId: 'pro' })
    const { commission } = await jane.pays(10_000, '2026-03-11')
    await decided(server, acme, commission, 'reject')
    const products = [{ productId: 'pro', rate: 40 }]
    expect(await preview({ defaultCommissionRate: 30, commission: { products } })).toMatchObject({
      payments: 3,
      changed: 1,
      totals: [{ currency: 'EUR', before: 3_000, after: 5_000 }],
    })
  })

  test('tells how many could have been paid on another day', async () => {
    const jane = await referred()
    await jane.pays(10_000, '2026-03-10')
    await jane.pays(0, '2026-03-10')
    expect(await preview({ holdingPeriodDays: 14 })).toMatchObject({ changed: 0, moved: 1, partners: [{ moved: 1 }] })
  })

  test('compares currencies apart where a flat amount is in the program’s own', async () => {
    const jane = await referred()
    await jane.pays(1_000, '2026-03-10', { currency: 'JPY' })
    expect((await preview({ commission: { type: 'flat', flatAmount: 200 } })).totals).toEqual([
      { currency: 'EUR', before: 0, after: 200 },
      { currency: 'JPY', before: 200, after: 0 },
    ])
  })

  test('writes nothing', async () => {
    const jane = await referred()
    await jane.pays(10_000, '2026-03-10')
    const { db } = server.desk().database
    const rows = async () => {
      const tables = await db.introspection.getTables()
      const all = tables.map(async ({ name }) => [
        name,
        (
          await db
            .selectFrom(name as 'meta')
            .selectAll()
            .execute()
        )
          .map(each => JSON.stringify(each))
          .sort(),
      ])
      return Object.fromEntries(await Promise.all(all))
    }
    const before = await rows()
    expect(Object.keys(before).length).toBeGreaterThan(40)
    expect((await preview({ defaultCommissionRate: 99, commission: { recurringPayments: 1 } })).changed).toBe(1)
    expect(await rows()).toEqual(before)
  })

  test('is of the program alone, and refuses what no program could be told', async () => {
    const jane = await referred()
    await jane.pays(10_000, '2026-03-10')
    const other = await newProgram(server)
    expect(await all({ defaultCommissionRate: 30 }, other)).toMatchObject({ payments: 0, totals: [], partners: [] })
    for (const [body, path] of [
      [{ defaultCommissionRate: 101 }, 'defaultCommissionRate'],
      [{ holdingPeriodDays: -1 }, 'holdingPeriodDays'],
      [{ commission: { type: 'flat' } }, 'commission'],
      [{ commission: { recurringMonth: 3 } }, 'commission.recurringMonth'],
      [{ commission: [] }, 'commission'],
      [{ minPayoutAmount: 3 }, 'minPayoutAmount'],
      [{ from: '2026-02-30' }, 'from'],
      [{ from: '2026-03-02', to: '2026-03-01' }, 'to'],
      [{ referrals: 'some' }, 'referrals'],
    ] as const)
      expect(refused(await send({ ...span, ...body }), 422, 'invalid'), JSON.stringify(body)).toEqual([path])
  })
})

const terms = fc.record({
  defaultCommissionRate: fc.integer({ min: 0, max: 1_000 }).map(each => each / 10),
  commission: fc.record({
    type: fc.constantFrom('percent', 'percent', 'flat'),
    flatAmount: fc.nat({ max: 3_000 }),
    recurringMonths: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
    recurringPayments: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
    maxPerCustomer: fc.option(fc.nat({ max: 6_000 }), { nil: null }),
    products: fc.constantFrom([], [{ productId: 'pro', rate: 33.3333 }]),
  }),
})
const history = fc.array(
  fc.record({
    day: fc.nat({ max: 99 }),
    amount: fc.nat({ max: 20_000 }),
    tax: fc.nat({ max: 30 }),
    productId: fc.option(fc.constant('pro'), { nil: null }),
    currency: fc.constantFrom('EUR', 'EUR', 'JPY'),
    refunds: fc.array(fc.option(fc.integer({ min: 1, max: 15_000 }), { nil: null }), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 5 },
)

test('What it tells is what the same history has come to where those terms held', async () => {
  await fc.assert(
    fc.asyncProperty(terms, terms, history, async (before, after, sales) => {
      const lived = async (settings: object) => {
        const own = await newProgram(server, settings as Record<string, unknown>)
        const { pays } = await referred({}, own)
        for (const { day, amount, tax, refunds, ...sale } of sales) {
          const at = new Date(Date.UTC(2026, 0, 1, 10) + day * 86_400_000).toISOString()
          server.clock.now = new Date('2026-06-01T00:00:00Z')
          const { externalId } = await pays(amount, at, { tax: Math.floor((amount * tax) / 100), ...sale })
          for (const part of refunds) await refund(server, own, { conversionExternalId: externalId, amount: part })
        }
        const { db } = server.desk().database
        const rows = await db.selectFrom('commissions').selectAll().where('programId', '=', own.program.id).execute()
        const sums: Record<string, number> = {}
        for (const { currency, amount, reversed } of rows) sums[currency] = (sums[currency] ?? 0) + amount - reversed
        return { own, sums }
      }
      const [asItWas, asItWouldBe] = [await lived(before), await lived(after)]
      const told = await all(after, asItWas.own)
      const side = (name: 'before' | 'after') => Object.fromEntries(told.totals.map(each => [each.currency, each[name]]))
      for (const currency of ['EUR', 'JPY']) {
        expect(side('before')[currency] ?? 0).toBe(asItWas.sums[currency] ?? 0)
        expect(side('after')[currency] ?? 0).toBe(asItWouldBe.sums[currency] ?? 0)
      }
      expect(await all(before, asItWas.own)).toMatchObject({ changed: 0, moved: 0 })
    }),
    { numRuns: 25 },
  )
}, 120_000)
