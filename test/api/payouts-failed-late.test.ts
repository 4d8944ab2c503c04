import { afterAll, beforeAll, expect, test } from 'vitest'
import { pay, refer, statsOf } from '../support/acts.ts'
import { act, refund } from '../support/money.ts'
import { adjust, expectSettled, markedFailed, markedPaid, runPayouts } from '../support/payouts.ts'
import { refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

// 100.00 are in a payout. 10.00 of them are refunded, and a second payout takes that back; then the first one fails. Were
// the commission rejected now, nobody would ever give the 10.00 back that it has cost the partner.
test.each([
  ['open', false],
  ['paid', true],
])('What a refund has cost in a later payout that is %s is settled before its commission may be stopped', async (name, isPaid) => {
  const acme = await newProgram(server, { defaultCommissionRate: 100, holdingPeriodDays: 0, minPayoutAmount: 0 })
  const partner = await newPartner(server, acme, { slug: name })
  await refer(server, acme, { customerId: name, code: name })
  const { commissions } = await pay(server, acme, { externalId: name, customerId: name, amount: 10_000 })
  const id = commissions[0]?.id ?? ''
  const [first] = (await runPayouts(server, acme)).data
  await refund(server, acme, { conversionExternalId: name, amount: 1_000 })
  await adjust(server, acme, partner, 25_000)
  const [second] = (await runPayouts(server, acme)).data
  expect([first?.amount, second?.amount]).toEqual([10_000, 24_000])
  if (isPaid) await markedPaid(server, acme, second?.id ?? '')
  await markedFailed(server, acme, first?.id ?? '')

  refused(await act(server, acme, id, 'hold'), 409, 'commission_in_payout')
  refused(await act(server, acme, id, 'reject'), 409, 'commission_in_payout')
  const [third] = (await runPayouts(server, acme)).data
  expect(third?.amount).toBe(10_000)
  if (!isPaid) await markedPaid(server, acme, second?.id ?? '')
  await markedPaid(server, acme, third?.id ?? '')
  expect(await statsOf(server, acme, partner)).toMatchObject({
    approved_cents: 0,
    paid_cents: 34_000,
    total_earned_cents: 34_000,
  })
  await expectSettled(server)
})
