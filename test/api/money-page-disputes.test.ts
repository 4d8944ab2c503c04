import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commissionList } from '../support/money.ts'
import { newPartner, newProgram, type TestServer, testServer } from '../support/server.ts'
import { charge, dispute, type Event, event, invoice, refund, seconds, session, stripeOf } from '../support/stripe.ts'

// The table of docs/money.md in which refunds fail and disputes end, from the page itself.
const page = readFileSync(new URL('../../docs/money.md', import.meta.url), 'utf8')
const minor = (decimal = '') => Math.round(Number(decimal) * 100)

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

test('What is left when refunds fail and disputes end, line by line', async () => {
  const rows = [...page.matchAll(/^\| (.+) \| ([\d.]+) \| (pending|held) \|$/gm)]
  expect(rows).toHaveLength(8)
  const [amount, tax, rate] = /([\d.]+) is paid, of which ([\d.]+) is tax, at (\d+) %/.exec(rows[0]?.[1] ?? '')?.slice(1) ?? []
  const acme = await newProgram(server, { defaultCommissionRate: Number(rate) })
  await newPartner(server, acme, { slug: 'jane' })
  const { tell } = await stripeOf(server, acme)
  const paid = minor(amount)
  let at = seconds(server.clock.now.toISOString())
  let refunded = 0
  await tell(
    event('checkout.session.completed', session('cs_1', { customer: 'cus_1', client_reference_id: 'jane', created: at }), at),
  )

  /** What Stripe sends when that becomes known. */
  const told = (says: string): Event => {
    const [, sum = '', what = ''] =
      /([\d.]+) (is paid|is refunded|more is refunded|fails|is opened|is won|is lost)/.exec(says) ?? []
    const own = { amount: minor(sum), intent: 'pi_1' }
    const disputed = (type: string, status: string) =>
      event(`charge.dispute.${type}`, dispute(`dp_${sum}`, { ...own, status }), at)
    at++
    if (what === 'is paid')
      return event('invoice.paid', invoice('in_1', { customer: 'cus_1', paid, tax: minor(tax), intent: 'pi_1', at }), at)
    if (what === 'fails') {
      refunded -= own.amount
      return event('refund.failed', refund('re_1', own), at)
    }
    if (what === 'is opened') return disputed('created', 'needs_response')
    if (what === 'is won') return disputed('closed', 'won')
    if (what === 'is lost') return disputed('closed', 'lost')
    refunded += own.amount
    return event('charge.refunded', charge('ch_1', { amount: paid, refunded, intent: 'pi_1' }), at)
  }

  for (const [, says = '', left, status] of rows) {
    await tell(told(says))
    const { data } = await commissionList(server, acme)
    expect(
      data.map(each => [each.amount, each.status]),
      says,
    ).toEqual([[minor(left), status]])
  }
})
