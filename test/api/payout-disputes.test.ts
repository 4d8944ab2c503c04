import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { day, pass, pay, refer } from '../support/acts.ts'
import { balanceOf, commissionOf, decided } from '../support/money.ts'
import { expectSettled, markedFailed, markedPaid, runPayouts } from '../support/payouts.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { dispute, event, seconds, stripeOf } from '../support/stripe.ts'

let server: TestServer
let acme: TestProgram
let stripe: Awaited<ReturnType<typeof stripeOf>>
let partner: { id: string }
let later = 0
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  acme = await newProgram(server, { defaultCommissionRate: 30, minPayoutAmount: 10, holdingPeriodDays: 0 })
  stripe = await stripeOf(server, acme)
  partner = await newPartner(server, acme, { slug: 'jane' })
  await refer(server, acme, { customerId: 'ann', code: 'jane' })
})
afterEach(() => expectSettled(server))

/** 120.00 with 20.00 tax, at 30 percent: 30.00. The commission that it makes. */
const sold = async (externalId = 'pi_1') => {
  const { commissions } = await pay(server, acme, { externalId, customerId: 'ann', amount: 12_000, tax: 2_000 })
  return commissions[0]?.id ?? ''
}
const told = (status: string, intent = 'pi_1') =>
  event(
    status === 'opened' ? 'charge.dispute.created' : 'charge.dispute.closed',
    dispute(`dp_${intent}`, { amount: 12_000, intent, status: status === 'opened' ? 'needs_response' : status }),
    seconds(server.clock.now.toISOString()) + ++later,
  )
const stands = async (id: string) => {
  const { status, amount, heldReason } = await commissionOf(server, acme, id)
  return [status, amount, heldReason]
}
const held = ['held', 3_000, 'dispute']
const approved = ['approved', 3_000, null]

describe('A payout that fails, and a dispute over what was in it', () => {
  test.each([
    [['opened', 'fails'], held],
    [['fails', 'opened'], held],
    [['opened', 'fails', 'won'], approved],
    [['fails', 'opened', 'won'], approved],
    [['opened', 'won', 'fails'], approved],
    [['won', 'fails', 'opened'], approved],
    [['fails', 'won', 'opened'], approved],
    [
      ['opened', 'fails', 'lost'],
      ['reversed', 0, null],
    ],
    [
      ['fails', 'opened', 'lost'],
      ['reversed', 0, null],
    ],
    [
      ['opened', 'lost', 'fails'],
      ['reversed', 0, null],
    ],
    [
      ['lost', 'fails', 'opened'],
      ['reversed', 0, null],
    ],
    [
      ['lost', 'opened', 'fails'],
      ['reversed', 0, null],
    ],
  ])('%j come to %j', async (order, outcome) => {
    const id = await sold()
    const { data } = await runPayouts(server, acme)
    for (const each of order) {
      if (each === 'fails') await markedFailed(server, acme, data[0]?.id ?? '')
      else await stripe.tell(told(each))
    }
    expect(await stands(id)).toEqual(outcome)
    const due = outcome === approved ? [{ amount: 3_000 }] : []
    expect((await runPayouts(server, acme)).data).toMatchObject(due)
  })

  test('that is over once the payout has failed again, or that somebody has released, is paid in the next', async () => {
    const id = await sold()
    const first = (await runPayouts(server, acme)).data[0]?.id ?? ''
    await stripe.tell(told('opened'))
    await markedFailed(server, acme, first)
    await decided(server, acme, id, 'release')
    const second = (await runPayouts(server, acme)).data[0]?.id ?? ''
    await markedFailed(server, acme, second)
    expect(await stands(id)).toEqual(approved)
    const third = (await runPayouts(server, acme)).data[0]?.id ?? ''
    await markedPaid(server, acme, third)
    await stripe.tell(told('lost'))
    expect(await balanceOf(server, acme, partner)).toEqual([0, -3_000])
  })

  test('holds that line alone', async () => {
    const [disputed, other] = [await sold(), await sold('pi_2')]
    const { data } = await runPayouts(server, acme)
    await stripe.tell(told('opened'))
    await markedFailed(server, acme, data[0]?.id ?? '')
    expect([await stands(disputed), await stands(other)]).toEqual([held, approved])
    expect(await balanceOf(server, acme, partner)).toEqual([0, 3_000])
  })

  test('that come at the same moment leave it held', async () => {
    const ids = ['pi_1', 'pi_2', 'pi_3', 'pi_4']
    const commissions = []
    for (const [at, intent] of ids.entries()) {
      commissions.push(await sold(intent))
      const { data } = await runPayouts(server, acme)
      const both = [() => stripe.tell(told('opened', intent)), () => markedFailed(server, acme, data[0]?.id ?? '')]
      await Promise.all((at % 2 ? both.reverse() : both).map(act => act()))
      pass(server, day)
    }
    for (const id of commissions) expect(await stands(id)).toEqual(held)
  })
})
