import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { balanceOf, expectExact } from '../support/money.ts'
import { newPartner, newProgram, type TestServer, testServer } from '../support/server.ts'
import { charge, dispute, type Event, event, invoice, oldInvoice, refund, seconds, session, stripeOf } from '../support/stripe.ts'

// Stripe promises no order, and sends again what it is not sure of. The test makes up the history of one customer, tells it
// as it happened, and tells it once more to another partner in another order and with repetitions; a model, which knows
// neither Stripe nor a database, says what it comes to.

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

type Step = { of: number; kind: 'refund' | 'fail' | 'lose' | 'win' | 'open'; share: number }
type History = { sales: { amount: number; tax: number; old: boolean }[]; steps: Step[] }

const history: fc.Arbitrary<History> = fc.record({
  sales: fc.array(fc.record({ amount: fc.integer({ min: 0, max: 20_000 }), tax: fc.nat({ max: 40 }), old: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  }),
  steps: fc.array(
    fc.record({
      of: fc.nat({ max: 2 }),
      kind: fc.constantFrom('refund', 'refund', 'fail', 'lose', 'win', 'open'),
      share: fc.integer({ min: 1, max: 100 }),
    }),
    { maxLength: 7 },
  ),
})
const start = seconds('2026-03-10T09:00:00Z')

/** What Stripe would send, in the order in which it happens, and what is left in the end: of each sale, and whether it is held. */
function lived(name: string, code: string, { sales, steps }: History) {
  let at = start
  const tick = () => ++at
  const customer = `cus_${name}`
  const events: Event[] = [
    event('checkout.session.completed', session(`cs_${name}`, { customer, client_reference_id: code, created: tick() }), at),
  ]
  const accounts = sales.map(({ amount, tax: percent, old }, i) => {
    const [id, intent, ch] = [`in_${name}_${i}`, `pi_${name}_${i}`, `ch_pi_${name}_${i}`]
    const tax = Math.floor((amount * percent) / 100)
    const make = old ? oldInvoice : invoice
    events.push(
      event('invoice.paid', make(id, { customer, paid: amount, tax, intent, ...(old && { charge: ch }), at: tick() }), at),
    )
    return { amount, tax, id, intent, ch, old, refunds: [] as number[], refunded: 0, lost: 0, open: 0 }
  })
  for (const [step, { of, kind, share }] of steps.entries()) {
    const sale = accounts[of % accounts.length]
    if (!sale || sale.amount === 0) continue
    const { intent, ch, old, id } = sale
    const part = Math.max(1, Math.floor((sale.amount * share) / 100))
    if (kind === 'refund') {
      const amount = Math.min(part, sale.amount - sale.refunded)
      if (amount === 0) continue
      sale.refunds.push(amount)
      sale.refunded += amount
      const sum = { amount: sale.amount, refunded: sale.refunded, intent }
      events.push(event('charge.refunded', charge(ch, { ...sum, ...(old && { invoice: id }) }), tick()))
    } else if (kind === 'fail') {
      const amount = sale.refunds.pop()
      if (amount === undefined) continue
      sale.refunded -= amount
      events.push(event('refund.failed', refund(`re_${name}_${step}`, { amount, intent, charge: ch }), tick()))
    } else {
      const about = { amount: part, intent, charge: ch }
      events.push(event('charge.dispute.created', dispute(`dp_${name}_${step}`, { ...about, status: 'needs_response' }), tick()))
      if (kind === 'open') sale.open++
      else {
        if (kind === 'lose') sale.lost += part
        const status = kind === 'lose' ? 'lost' : 'won'
        events.push(event('charge.dispute.closed', dispute(`dp_${name}_${step}`, { ...about, status }), tick()))
      }
    }
  }
  const pending = accounts
    .filter(each => each.open === 0)
    .map(({ amount, tax, refunded, lost }) => {
      const earned = halfEven((amount - tax) * 175, 1_000)
      return amount ? earned - halfEven(earned * Math.min(amount, refunded + lost), amount) : 0
    })
    .reduce((sum, each) => sum + each, 0)
  return { events, expected: [pending, 0] }
}

test('Any order and any repetition of one customer’s history ends in the same balances', async () => {
  const acme = await newProgram(server, { holdingPeriodDays: 30, defaultCommissionRate: 17.5 })
  const { tell } = await stripeOf(server, acme)
  const order = fc.array(fc.nat({ max: 1_000 }), { minLength: 30, maxLength: 30 })
  let runs = 0
  await fc.assert(
    fc.asyncProperty(history, order, async (history, weights) => {
      const run = ++runs
      for (const [i, disorder] of [false, true].entries()) {
        const name = `run${run}x${i}`
        const partner = await newPartner(server, acme, { slug: name })
        const { events, expected } = lived(name, name, history)
        const again = events.filter((_, at) => (weights[at] ?? 0) % 3 === 0)
        const shuffled = [...events, ...again]
          .map((each, at) => ({ each, weight: weights[at % weights.length] ?? 0 }))
          .sort((a, b) => a.weight - b.weight)
          .map(({ each }) => each)
        await tell(...(disorder ? shuffled : events))
        expect(await balanceOf(server, acme, partner), disorder ? 'in disorder' : 'in order').toEqual(expected)
      }
    }),
    { numRuns: 50 },
  )
  await expectExact(server)
}, 240_000)

function halfEven(product: number, divisor: number) {
  const rest = product % divisor
  const whole = (product - rest) / divisor
  return rest * 2 > divisor || (rest * 2 === divisor && whole % 2 === 1) ? whole + 1 : whole
}
