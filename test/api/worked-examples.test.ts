import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { exponent } from '../../server/contract/money.ts'
import { change, pass, pay, refer } from '../support/acts.ts'
import { balanceOf, commissionOf, refund } from '../support/money.ts'
import { expectSettled, markedFailed, markedPaid, payoutOf, runPayouts } from '../support/payouts.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

// What a finance person would write on paper: facts in their order, and after each what it has come to, in major units.
// Nothing here is worked out by the product's own rules.

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
afterEach(() => expectSettled(server))

type Paying = { tax?: string; discount?: string; currency?: string; product?: string; on?: string; by?: string; as?: string }
type Step =
  /** A customer pays; after it the partner has that much of it. */
  | ['pays', gross: string, earns: string, more?: Paying]
  /** Some of a payment, or all that is left of it, is given back; after it that much of its commission is left. */
  | ['is given back', amount: string | 'all', left: string, of?: string]
  /** What is left of a payment's commission. */
  | ['has left', left: string, of: string]
  /** From now on the program says this. */
  | ['says', settings: Record<string, unknown>]
  /** A customer is referred, under what the program says now. */
  | ['refers', customer: string]
  /** The holding periods end. */
  | ['waits']
  /** A payout run makes these payouts, or carries these balances. */
  | ['runs', payouts: string[], carried?: string[]]
  /** The last payout made is paid, or has failed. */
  | ['is paid']
  | ['fails']
  /** The lines of a payout, by its number. */
  | ['has lines', payout: number, amounts: string[]]
  /** What the partner may be paid, in the program's currency. */
  | ['is owed', amount: string]

type Row = [name: string, settings: Record<string, unknown>, ...steps: Step[]]

const rows: Row[] = [
  // Refunds: always the same share of the commission, and all of it in the end.
  [
    'a refund in two halves',
    { defaultCommissionRate: 30 },
    ['pays', '120.00', '30.00', { tax: '20.00' }],
    ['is given back', '60.00', '15.00'],
    ['is given back', 'all', '0.00'],
  ],
  [
    'a refund in three parts that do not divide',
    { defaultCommissionRate: 30 },
    ['pays', '10.01', '3.00'],
    ['is given back', '3.33', '2.00'],
    ['is given back', '3.33', '1.00'],
    ['is given back', '3.33', '0.01'],
    ['is given back', '0.02', '0.00'],
  ],
  [
    'more given back than was paid',
    {},
    ['pays', '50.00', '10.00'],
    ['is given back', '40.00', '2.00'],
    ['is given back', '40.00', '0.00'],
    ['is given back', '0.01', '0.00'],
  ],
  [
    'a refund of yen',
    { defaultCommissionRate: 12.5, currency: 'JPY', minPayoutAmount: 0 },
    ['pays', '1000', '125'],
    ['is given back', '300', '87'],
    ['is given back', '700', '0'],
  ],

  // Rounding: once, half to even, in the currency's own decimals.
  ['12.5 % of 1,000 JPY', { defaultCommissionRate: 12.5 }, ['pays', '1000', '125', { currency: 'JPY' }]],
  ['20 % of 0.07 EUR', {}, ['pays', '0.07', '0.01']],
  ['10 % of 0.25 EUR', { defaultCommissionRate: 10 }, ['pays', '0.25', '0.02']],
  ['10 % of 0.35 EUR', { defaultCommissionRate: 10 }, ['pays', '0.35', '0.04']],
  ['10 % of 0.26 EUR', { defaultCommissionRate: 10 }, ['pays', '0.26', '0.03']],
  ['12.5 % of 0.100 KWD', { defaultCommissionRate: 12.5 }, ['pays', '0.100', '0.012', { currency: 'KWD' }]],
  ['12.5 % of 0.300 KWD', { defaultCommissionRate: 12.5 }, ['pays', '0.300', '0.038', { currency: 'KWD' }]],
  [
    'a refund of 1.234 KWD of 12.345',
    { defaultCommissionRate: 33.3333 },
    ['pays', '12.345', '4.115', { currency: 'KWD' }],
    ['is given back', '1.234', '3.704'],
    ['is given back', 'all', '0.000'],
  ],
  ['33.3333 % of 100 JPY', { defaultCommissionRate: 33.3333 }, ['pays', '100', '33', { currency: 'JPY' }]],
  ['20 % of 598.00 EUR', {}, ['pays', '598.00', '119.60']],
  ['0 % of anything', { defaultCommissionRate: 0 }, ['pays', '598.00', '0.00']],
  ['100 % of anything', { defaultCommissionRate: 100 }, ['pays', '598.01', '598.01']],

  // The base is what the host keeps: without tax and discount. A plan changed in mid-month is charged for the difference.
  ['tax and a discount', { defaultCommissionRate: 25 }, ['pays', '120.00', '22.50', { tax: '20.00', discount: '10.00' }]],
  [
    'a refund of a sale with a discount, of which the customer paid 90.00',
    { defaultCommissionRate: 20 },
    ['pays', '100.00', '18.00', { discount: '10.00' }],
    ['is given back', '45.00', '9.00'],
    ['is given back', '45.00', '0.00'],
  ],
  [
    'a proration: 17 of 31 days of 49.00, and the rest of it given back',
    { defaultCommissionRate: 20 },
    ['pays', '26.87', '5.37', { as: 'rest of March' }],
    ['pays', '49.00', '9.80', { as: 'April' }],
    ['is given back', '22.13', '5.37', 'April'],
    ['has left', '5.37', 'rest of March'],
  ],
  ['a payment that a discount makes free', {}, ['pays', '49.00', '0.00', { discount: '49.00' }]],

  // Terms: flat, per product, and whose they are.
  [
    'a flat amount, and a product with a rate of its own',
    { commission: { type: 'flat', flatAmount: 2_500, products: [{ productId: 'pro', rate: 30 }] } },
    ['pays', '10.00', '25.00'],
    ['pays', '1000.00', '25.00'],
    ['pays', '100.00', '30.00', { product: 'pro' }],
  ],
  [
    'half of a flat amount taken back with half of the payment',
    { commission: { type: 'flat', flatAmount: 2_501 } },
    ['pays', '80.00', '25.01'],
    ['is given back', '40.00', '12.51'],
    ['is given back', 'all', '0.00'],
  ],
  [
    'a rate that is raised in mid-month',
    { defaultCommissionRate: 20 },
    ['refers', 'old'],
    ['pays', '100.00', '20.00', { by: 'old', as: 'first' }],
    ['says', { defaultCommissionRate: 30 }],
    ['refers', 'new'],
    ['pays', '100.00', '20.00', { by: 'old', as: 'second' }],
    ['pays', '100.00', '30.00', { by: 'new', as: 'third' }],
    ['is given back', '50.00', '10.00', 'first'],
    ['is given back', 'all', '0.00', 'second'],
    ['is given back', '50.00', '15.00', 'third'],
  ],

  // Limits, counted by when the customer paid.
  [
    'three payments that earn, and a fourth',
    { commission: { recurringPayments: 3 } },
    ['pays', '0.00', '0.00', { on: '2025-12-10' }],
    ['pays', '50.00', '10.00', { on: '2026-01-10' }],
    ['pays', '50.00', '10.00', { on: '2026-01-11' }],
    ['pays', '50.00', '10.00', { on: '2026-01-12', as: 'third' }],
    ['pays', '50.00', '0.00', { on: '2026-01-13' }],
    ['pays', '50.00', '10.00', { on: '2026-01-01', as: 'reported late' }],
    ['has left', '0.00', 'third'],
  ],
  [
    'one month from the last of January, to the millisecond',
    { commission: { recurringMonths: 1 } },
    ['pays', '50.00', '10.00', { on: '2026-01-31T10:00:00.000Z' }],
    ['pays', '50.00', '10.00', { on: '2026-02-28T09:59:59.999Z' }],
    ['pays', '50.00', '0.00', { on: '2026-02-28T10:00:00.000Z' }],
  ],
  [
    'twelve months from the 29th of a February that has one',
    { commission: { recurringMonths: 12 } },
    ['pays', '50.00', '10.00', { on: '2024-02-29T00:00:00.000Z' }],
    ['pays', '50.00', '10.00', { on: '2025-02-27T23:59:59.999Z' }],
    ['pays', '50.00', '0.00', { on: '2025-02-28T00:00:00.000Z' }],
  ],
  [
    'at most 25.00 from one customer',
    { commission: { maxPerCustomer: 2_500 } },
    ['pays', '100.00', '20.00', { on: '2026-01-10', as: 'first' }],
    ['pays', '100.00', '5.00', { on: '2026-02-10', as: 'second' }],
    ['pays', '100.00', '0.00', { on: '2026-03-10' }],
    ['is given back', 'all', '0.00', 'first'],
    ['has left', '5.00', 'second'],
    ['is given back', '50.00', '2.50', 'second'],
  ],

  // Payouts: nothing is paid twice, and what was paid stays so.
  [
    'a refund of what was paid out',
    { defaultCommissionRate: 30, minPayoutAmount: 20 },
    ['pays', '100.00', '30.00', { as: 'first' }],
    ['waits'],
    ['runs', ['30.00']],
    ['is paid'],
    ['is given back', 'all', '0.00', 'first'],
    ['is owed', '-30.00'],
    ['runs', [], ['-30.00']],
    ['pays', '300.00', '90.00', { as: 'second' }],
    ['waits'],
    ['runs', ['60.00']],
    ['has lines', 1, ['30.00']],
    ['has lines', 2, ['-30.00', '90.00']],
    ['is paid'],
    ['is owed', '0.00'],
    ['runs', []],
  ],
  [
    'half refunded inside a payout that then fails',
    { defaultCommissionRate: 30, minPayoutAmount: 10 },
    ['pays', '100.00', '30.00'],
    ['waits'],
    ['runs', ['30.00']],
    ['is given back', '50.00', '15.00'],
    ['runs', [], ['-15.00']],
    ['fails'],
    ['runs', ['15.00']],
    ['is paid'],
    ['has lines', 1, ['30.00']],
    ['has lines', 2, ['15.00']],
    ['is owed', '0.00'],
  ],
  [
    'a minimum that two months reach together',
    { minPayoutAmount: 50 },
    ['pays', '249.95', '49.99'],
    ['waits'],
    ['runs', [], ['49.99']],
    ['pays', '0.05', '0.01'],
    ['waits'],
    ['runs', ['50.00']],
  ],
  [
    'a minimum of its own for yen and dinar, and the program’s for all others',
    {
      minPayoutAmount: 50,
      minPayoutAmounts: [
        { currency: 'JPY', amount: 5_000 },
        { currency: 'KWD', amount: 12.345 },
      ],
    },
    ['pays', '24995', '4999', { currency: 'JPY' }],
    ['pays', '61.720', '12.344', { currency: 'KWD' }],
    ['pays', '249.95', '49.99', { currency: 'SEK' }],
    ['waits'],
    ['runs', [], ['4999 JPY', '12.344 KWD', '49.99 SEK']],
    ['pays', '5', '1', { currency: 'JPY' }],
    ['pays', '0.005', '0.001', { currency: 'KWD' }],
    ['pays', '0.05', '0.01', { currency: 'SEK' }],
    ['waits'],
    ['runs', ['5000 JPY', '12.345 KWD', '50.00 SEK']],
  ],
]

test.each(rows)('%s', async (_, settings, ...steps) => {
  server.clock.now = new Date('2026-03-10T12:00:00Z')
  const paper = await begun(settings)
  for (const [at, step] of steps.entries()) await paper.take(step, `step ${at + 1}: ${step.join(' ')}`)
})

const cents = (text: string, currency: string) => {
  const [whole = '', decimals = ''] = text.split(' ')[0]?.split('.') ?? []
  expect(decimals, text).toHaveLength(exponent(currency))
  return Number(whole + decimals)
}

let made = 0
/** A program with one partner, and what is on the paper so far. */
async function begun(settings: Record<string, unknown>) {
  const acme: TestProgram = await newProgram(server, { minPayoutAmount: 0, ...settings })
  const own = acme.program.currency as string
  const partner = await newPartner(server, acme, { slug: `partner-${++made}` })
  const sales = new Map<string, { externalId: string; commission: string | undefined; currency: string }>()
  const customers = new Map<string, string>()
  const payouts: string[] = []
  const refers = async (name: string) => {
    const customerId = `customer-${++made}`
    customers.set(name, customerId)
    await refer(server, acme, { customerId, code: partner.slug })
  }
  const leftOf = async (sale: { commission: string | undefined }) =>
    sale.commission ? (await commissionOf(server, acme, sale.commission)).amount : 0
  const saleOf = (name = 'latest') => sales.get(name) ?? { externalId: '', commission: undefined, currency: own }
  const shown = ({ amount, currency }: { amount: number; currency: string }) => `${amount} ${currency}`
  const said = (text: string) => shown({ amount: cents(text, text.split(' ')[1] ?? own), currency: text.split(' ')[1] ?? own })

  async function take(step: Step, says: string) {
    switch (step[0]) {
      case 'pays': {
        const [, gross, earns, { currency = own, by = 'customer', as, product, on, tax = '', discount = '' } = {}] = step
        if (!customers.has(by)) await refers(by)
        const [externalId, occurredAt] = [`sale-${++made}`, on && (on.includes('T') ? on : `${on}T10:00:00Z`)]
        const off = { ...(tax && { tax: cents(tax, currency) }), ...(discount && { discount: cents(discount, currency) }) }
        const what = { externalId, customerId: customers.get(by) ?? '', amount: cents(gross, currency), currency, ...off }
        const { commissions } = await pay(server, acme, {
          ...what,
          ...(occurredAt && { occurredAt }),
          ...(product && { productId: product }),
        })
        const sale = { externalId, commission: commissions[0]?.id, currency }
        for (const name of ['latest', as ?? '']) sales.set(name, sale)
        expect(await leftOf(sale), says).toBe(cents(earns, currency))
        expect(commissions.every(each => each.currency === currency)).toBe(true)
        return
      }
      case 'is given back': {
        const [, amount, left, of] = step
        const { externalId: conversionExternalId, ...sale } = saleOf(of)
        await refund(server, acme, {
          conversionExternalId,
          ...(amount !== 'all' && { amount: cents(amount, sale.currency) }),
        })
        expect(await leftOf(sale), says).toBe(cents(left, sale.currency))
        return
      }
      case 'has left':
        expect(await leftOf(saleOf(step[2])), says).toBe(cents(step[1], saleOf(step[2]).currency))
        return
      case 'says':
        await change(server, acme, step[1])
        return
      case 'refers':
        return refers(step[1])
      case 'waits':
        return pass(server, 31 * 86_400_000)
      case 'runs': {
        const { data, carried } = await runPayouts(server, acme)
        expect(data.map(shown), says).toEqual(step[1].map(said))
        expect(carried.map(shown), says).toEqual((step[2] ?? []).map(said))
        payouts.push(...data.map(each => each.id))
        return
      }
      case 'is paid':
        await markedPaid(server, acme, payouts.at(-1) ?? '')
        return
      case 'fails':
        await markedFailed(server, acme, payouts.at(-1) ?? '')
        return
      case 'has lines': {
        const { lines } = await payoutOf(server, acme, payouts[step[1] - 1] ?? '')
        expect(
          lines.map(each => each.amount),
          says,
        ).toEqual(step[2].map(each => cents(each, own)))
        return
      }
      case 'is owed':
        expect(await balanceOf(server, acme, partner), says).toEqual([0, cents(step[1], own)])
    }
  }
  return { take }
}

test('Two admins who start a payout run at once make one batch', async () => {
  const acme = await newProgram(server, { minPayoutAmount: 0 })
  for (const amount of [3_000, 4_000]) {
    const partner = await newPartner(server, acme, { slug: `partner-${++made}` })
    const body = { partnerId: partner.id, amount, currency: 'EUR', note: 'Owed' }
    await server.ask('POST', `/v1/apps/${acme.program.id}/commissions`, { token: acme.token, body })
  }
  const start = () => server.ask('POST', `/v1/apps/${acme.program.id}/payouts`, { token: acme.token, body: {} })
  const [first, second] = await Promise.all([start(), start()])
  expect([first.status, second.status]).toEqual([201, 201])
  expect([first.body.data.length, second.body.data.length].sort()).toEqual([0, 2])
  const { body } = await server.ask('GET', `/v1/apps/${acme.program.id}/payouts/batches`, { token: acme.token })
  expect(body.data).toMatchObject([{ count: 2, totals: [{ currency: 'EUR', count: 2, amount: 7_000 }] }])
})
