import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refer } from '../support/acts.ts'
import { balanceOf, expectExact } from '../support/money.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

// What a partner has is a sum over facts. The test tells the same facts of one customer to two partners, in two orders and
// with repetitions, and asks a model as well, which knows the rules and no database.

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

type Sale = { at: number; amount: number; tax: number; discount: number }
type Part = { of: number; amount: number | null }
type Limits = { recurringMonths: number | null; recurringPayments: number | null; maxPerCustomer: number | null }

const sale = fc
  .record({
    at: fc.integer({ min: 0, max: 99 }),
    amount: fc.integer({ min: 0, max: 20_000 }),
    tax: fc.nat({ max: 40 }),
    off: fc.nat({ max: 40 }),
  })
  .map(({ at, amount, tax, off }) => ({
    at,
    amount,
    tax: Math.floor((amount * tax) / 100),
    discount: Math.floor((amount * off) / 100),
  }))
const part = fc.record({ of: fc.nat({ max: 3 }), amount: fc.option(fc.integer({ min: 1, max: 15_000 }), { nil: null, freq: 4 }) })
const limits = fc.record({
  recurringMonths: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
  recurringPayments: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
  maxPerCustomer: fc.option(fc.integer({ min: 0, max: 6_000 }), { nil: null }),
})
const facts = fc
  .record({ sales: fc.array(sale, { minLength: 1, maxLength: 4 }), parts: fc.array(part, { maxLength: 5 }), limits })
  .chain(({ sales, parts, limits }) => {
    const told = [...sales.map((_, i) => ({ sale: i })), ...parts.map((_, i) => ({ part: i }))]
    const anyOrder = () =>
      fc
        .tuple(fc.shuffledSubarray(told, { minLength: told.length }), fc.array(fc.constantFrom(...told), { maxLength: 3 }))
        .map(([all, again]) => [...all, ...again])
    return fc.record({
      sales: fc.constant(sales),
      parts: fc.constant(parts),
      limits: fc.constant(limits),
      first: anyOrder(),
      second: anyOrder(),
    })
  })

const start = Date.UTC(2025, 11, 1)
const moment = (at: number) => new Date(start + at * 86_400_000)

test('Any order and any repetition of the same payments and refunds gives the same balances', async () => {
  const acme = await newProgram(server, { holdingPeriodDays: 30, defaultCommissionRate: 17.5 })
  let runs = 0
  await fc.assert(
    fc.asyncProperty(facts, async ({ sales, parts, limits, first, second }) => {
      await server.ask('PATCH', `/v1/apps/${acme.program.id}`, { token: acme.token, body: { commission: limits } })
      const run = ++runs
      const balances = []
      for (const [i, order] of [first, second].entries()) {
        const name = `run-${run}-${i}`
        const partner = await newPartner(server, acme, { slug: name })
        await refer(server, acme, { customerId: name, code: name })
        for (const fact of order) await tell(acme, name, fact, { sales, parts })
        balances.push(await balanceOf(server, acme, partner))
      }
      expect(balances).toEqual([expected(sales, parts, limits), expected(sales, parts, limits)])
    }),
    { numRuns: 60 },
  )
  await expectExact(server)
}, 240_000)

async function tell(
  acme: TestProgram,
  name: string,
  fact: { sale: number } | { part: number },
  { sales, parts }: { sales: Sale[]; parts: Part[] },
) {
  const key = acme.secret
  if ('sale' in fact) {
    const { at, ...money } = sales[fact.sale] as Sale
    const body = {
      externalId: `${name}-${fact.sale}`,
      customerId: name,
      currency: 'EUR',
      occurredAt: moment(at).toISOString(),
      ...money,
    }
    const reply = await server.ask('POST', '/v1/conversions', { key, body })
    expect([200, 201], reply.text).toContain(reply.status)
    return
  }
  const { of, amount } = parts[fact.part] as Part
  const body = { externalId: `${name}-refund-${fact.part}`, conversionExternalId: `${name}-${of}`, amount }
  const reply = await server.ask('POST', '/v1/refunds', { key, body })
  expect([200, 201], reply.text).toContain(reply.status)
}

/** What the rules say, in words of their own: pending and approved. */
function expected(sales: Sale[], parts: Part[], { recurringMonths, recurringPayments, maxPerCustomer }: Limits) {
  const now = server.clock.now.getTime()
  const inTime = sales
    .map((each, i) => ({ ...each, i, base: each.amount - each.tax - each.discount }))
    .filter(each => each.base > 0)
    .sort((a, b) => a.at - b.at || a.i - b.i)
  const end = moment(inTime[0]?.at ?? 0)
  end.setUTCMonth(end.getUTCMonth() + (recurringMonths ?? 1_200))
  const overflows = end.getUTCDate() !== moment(inTime[0]?.at ?? 0).getUTCDate()
  if (overflows) end.setUTCDate(0)
  let left = maxPerCustomer ?? Number.POSITIVE_INFINITY
  let [pending, approved] = [0, 0]
  for (const [position, { i, at, amount, discount, base }] of inTime.entries()) {
    if (position >= (recurringPayments ?? 99) || moment(at) >= end) continue
    const earned = Math.min(left, halfEven(base * 175, 1_000))
    left -= earned
    const paid = amount - discount
    const refunds = parts.filter(each => each.of === i)
    const refunded = Math.min(
      paid,
      refunds.reduce((sum, each) => sum + (each.amount ?? paid), 0),
    )
    const rest = earned - halfEven(earned * refunded, paid)
    if (moment(at).getTime() + 30 * 86_400_000 > now) pending += rest
    else approved += rest
  }
  return [pending, approved]
}

function halfEven(product: number, divisor: number) {
  const rest = product % divisor
  const whole = (product - rest) / divisor
  return rest * 2 > divisor || (rest * 2 === divisor && whole % 2 === 1) ? whole + 1 : whole
}
