import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { day, pass, pay, refer, statsOf } from '../support/acts.ts'
import { balanceOf, commissionList, commissionOf, decided, refund as refundByApi } from '../support/money.ts'
import { expectSettled, markedFailed, markedPaid, payoutOf, runPayouts } from '../support/payouts.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { charge, dispute, event, invoice, refund, seconds, session, stripeOf } from '../support/stripe.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
let stripe: Awaited<ReturnType<typeof stripeOf>>
let partner: { id: string; slug: string; email: string }
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  acme = await newProgram(server, { defaultCommissionRate: 30, minPayoutAmount: 10 })
  stripe = await stripeOf(server, acme)
  partner = await newPartner(server, acme, { slug: 'jane' })
})
afterEach(() => expectSettled(server))

let later = 0
/** Each is a second after the one before, as things happen at Stripe. */
const now = () => seconds(server.clock.now.toISOString()) + ++later
const checkout = () =>
  event('checkout.session.completed', session('cs_1', { customer: 'cus_1', client_reference_id: 'jane', created: now() }), now())
/** 120.00 with 20.00 tax, at 30 percent: 30.00. */
const paid = () =>
  event('invoice.paid', invoice('in_1', { customer: 'cus_1', paid: 12_000, tax: 2_000, intent: 'pi_1', at: now() }), now())
const refunded = (sum: number) =>
  event('charge.refunded', charge('ch_pi_1', { amount: 12_000, refunded: sum, intent: 'pi_1' }), now())
const failed = (id: string, amount: number) => event('refund.failed', refund(id, { amount, intent: 'pi_1' }), now())
const disputed = (status: string, amount = 12_000, id = 'dp_1') =>
  event(
    /lost|won|closed/.test(status) ? 'charge.dispute.closed' : 'charge.dispute.created',
    dispute(id, { amount, intent: 'pi_1', status }),
    now(),
  )
const sold = () => stripe.tell(checkout(), paid())
const balance = () => balanceOf(server, acme, partner)
const line = async () => {
  const [only] = (await commissionList(server, acme)).data
  if (!only) throw new Error('Nothing was earned')
  return only
}
const stands = async () => {
  const { status, amount, heldReason } = await line()
  return [status, amount, heldReason]
}

describe('Refunds of a charge', () => {
  test('are told as a sum, and take back its share', async () => {
    await sold()
    await stripe.tell(refunded(6_000))
    expect(await balance()).toEqual([1_500, 0])
    await stripe.tell(refunded(9_000), refunded(12_000))
    expect(await balance()).toEqual([0, 0])
  })

  test('before the payment wait for it', async () => {
    await stripe.tell(refunded(6_000), checkout(), paid())
    expect(await balance()).toEqual([1_500, 0])
  })

  test('told in the wrong order come to the same', async () => {
    await sold()
    const [one, two, three] = [refunded(3_000), refunded(6_000), refunded(9_000)]
    await stripe.tell(three, one, two, one)
    expect(await balance()).toEqual([750, 0])
  })

  test('that fail give back exactly their own slice', async () => {
    await sold()
    await stripe.tell(refunded(3_333), refunded(6_666), failed('re_2', 3_333))
    expect(await balance()).toEqual([3_000 - 833, 0])
    await stripe.tell(failed('re_1', 3_333))
    expect(await balance()).toEqual([3_000, 0])
    const events = (await everyRow(server)).events?.map(each => JSON.parse(`${each.body}`)) ?? []
    const own = (await line()).id
    const told = events.filter(each => each.event === 'commission.reversed' && each.data.id === own)
    expect(
      told.sort((a, b) => a.data.sequence - b.data.sequence).map(({ data }) => [data.amount, data.remaining, data.reason]),
    ).toEqual([
      [833, 2_167, 'refund'],
      [833, 1_334, 'refund'],
      [-833, 2_167, 'refund_failed'],
      [-833, 3_000, 'refund_failed'],
    ])
  })

  test('that fail, and are then made again, take back what was made again', async () => {
    await sold()
    await stripe.tell(refunded(6_000), failed('re_1', 6_000), refunded(5_000))
    expect(await balance()).toEqual([1_750, 0])
  })

  test('that fail although they are told of late, or by another event, or twice, fail once', async () => {
    const [sum, fails] = [refunded(6_000), failed('re_1', 6_000)]
    await stripe.tell(fails, checkout(), paid(), sum)
    expect(await balance()).toEqual([3_000, 0])
    const again = refund('re_1', { amount: 6_000, intent: 'pi_1' })
    await stripe.tell(
      event('refund.updated', again, now()),
      event('charge.refund.updated', { ...again, status: 'succeeded' }, now()),
      fails,
    )
    expect(await balance()).toEqual([3_000, 0])
  })

  test('that the host has told of one by one fail by their id', async () => {
    await sold()
    await refundByApi(server, acme, { externalId: 're_1', conversionExternalId: 'in_1', amount: 6_000 })
    await stripe.tell(failed('re_1', 6_000), failed('re_2', 6_000))
    expect(await balance()).toEqual([3_000, 0])
    const late = await refundByApi(server, acme, { externalId: 're_2', conversionExternalId: 'pi_1', amount: 6_000 })
    expect(late).toMatchObject({ counted: 0, reversals: [] })
    expect(await balance()).toEqual([3_000, 0])
  })

  test('leave the revenue as it is left', async () => {
    await sold()
    const revenue = async () =>
      (await everyRow(server)).program_day_money?.find(each => each.programId === acme.program.id)?.revenue
    await stripe.tell(refunded(6_000))
    expect(await revenue()).toBe(5_000)
    await stripe.tell(failed('re_1', 6_000))
    expect(await revenue()).toBe(10_000)
  })

  test('are known by the payment’s names, whenever these become known', async () => {
    const bare = event('invoice.paid', invoice('in_1', { customer: 'cus_1', paid: 12_000, tax: 2_000, at: now() }), now())
    await stripe.tell(checkout(), bare, refunded(6_000), disputed('lost', 3_000))
    expect(await balance()).toEqual([3_000, 0])
    const payment = { type: 'payment_intent', payment_intent: 'pi_1' }
    await stripe.tell(event('invoice_payment.paid', { id: 'inpay_1', invoice: 'in_1', payment }, now()))
    expect(await balance()).toEqual([750, 0])
  })
})

describe('A dispute', () => {
  test('that is opened holds the commission, and that is won lets go of it', async () => {
    await sold()
    await stripe.tell(disputed('needs_response'))
    expect(await stands()).toEqual(['held', 3_000, 'dispute'])
    expect(await balance()).toEqual([0, 0])
    await stripe.tell(disputed('won'))
    expect(await stands()).toEqual(['pending', 3_000, null])
    expect((await commissionOf(server, acme, (await line()).id)).decisions).toMatchObject([
      { act: 'hold', reason: 'dispute', by: 'system' },
      { act: 'release', reason: 'dispute', by: 'system' },
    ])
  })

  test('that is lost takes back its share, and lets go of the rest', async () => {
    await sold()
    await stripe.tell(disputed('needs_response', 4_000), disputed('lost', 4_000))
    expect(await stands()).toEqual(['pending', 2_000, null])
    await stripe.tell(disputed('lost', 8_000, 'dp_2'))
    expect(await stands()).toEqual(['reversed', 0, null])
  })

  test('that is lost and then won after all gives back what it took', async () => {
    await sold()
    await stripe.tell(disputed('lost'))
    expect(await balance()).toEqual([0, 0])
    await stripe.tell(disputed('won'))
    expect(await balance()).toEqual([3_000, 0])
  })

  test('that was an inquiry is over when it is closed', async () => {
    await sold()
    await stripe.tell(disputed('warning_needs_response'), disputed('warning_closed'))
    expect(await stands()).toEqual(['pending', 3_000, null])
  })

  test('before the payment waits for it', async () => {
    await stripe.tell(disputed('needs_response'), checkout(), paid())
    expect(await stands()).toEqual(['held', 3_000, 'dispute'])
  })

  test('whose opening is told of last stays closed', async () => {
    const [opened, lost] = [disputed('needs_response'), disputed('lost')]
    await stripe.tell(checkout(), paid(), lost, opened, lost)
    expect(await stands()).toEqual(['reversed', 0, null])
  })

  test('holds what is left of it while another is open', async () => {
    await sold()
    await stripe.tell(disputed('needs_response', 100), disputed('needs_response', 200, 'dp_2'), disputed('won', 100))
    expect(await stands()).toEqual(['held', 3_000, 'dispute'])
    await stripe.tell(disputed('won', 200, 'dp_2'))
    expect(await stands()).toEqual(['pending', 3_000, null])
  })

  test('leaves alone what somebody holds for another reason', async () => {
    await sold()
    await decided(server, acme, (await line()).id, 'hold', { reason: 'Looks odd' })
    await stripe.tell(disputed('needs_response'), disputed('won'))
    expect(await stands()).toEqual(['held', 3_000, 'Looks odd'])
  })

  test('holds no longer what somebody has released by hand, and takes back all the same', async () => {
    await sold()
    await stripe.tell(disputed('needs_response'))
    await decided(server, acme, (await line()).id, 'release')
    await stripe.tell(refunded(6_000))
    expect(await stands()).toEqual(['pending', 1_500, null])
    await stripe.tell(disputed('lost', 6_000))
    expect(await stands()).toEqual(['reversed', 0, null])
  })

  test('goes on holding what the review of its referral has let go of', async () => {
    const held = { customerId: 'own', code: 'jane', email: partner.email }
    await refer(server, acme, held)
    const { commissions } = await pay(server, acme, { externalId: 'in_1', customerId: 'own', amount: 12_000, tax: 2_000 })
    expect(commissions).toMatchObject([{ status: 'held' }])
    const named = { invoice: 'in_1', payment: { payment_intent: 'pi_1' } }
    await stripe.tell(event('invoice_payment.paid', named, now()), disputed('needs_response'))
    expect(await stands()).toEqual(['held', 3_000, 'referral_review'])
    const [referral] = (await everyRow(server)).referrals?.filter(each => each.programId === acme.program.id) ?? []
    await server.ask('POST', `/admin/referrals/${referral?.id}/approve`, { key: acme.secret })
    expect(await stands()).toEqual(['held', 3_000, 'dispute'])
    await stripe.tell(disputed('won'))
    expect(await stands()).toEqual(['pending', 3_000, null])
  })
})

describe('Inside a payout and after it', () => {
  const inPayout = async () => {
    await sold()
    pass(server, 31 * day)
    const { data } = await runPayouts(server, acme)
    return data[0]?.id ?? ''
  }

  test('a dispute leaves the payout as it is, and what is lost is taken from the next', async () => {
    const id = await inPayout()
    const before = await payoutOf(server, acme, id)
    await stripe.tell(disputed('needs_response'))
    expect((await payoutOf(server, acme, id)).lines).toEqual(before.lines)
    await markedPaid(server, acme, id)
    await stripe.tell(disputed('lost'))
    expect(await stands()).toEqual(['paid', 0, null])
    expect(await balance()).toEqual([0, -3_000])
    await pay(server, acme, { externalId: 'in_2', customerId: 'cus_1', amount: 20_000 })
    pass(server, 31 * day)
    const { data } = await runPayouts(server, acme)
    expect(data).toMatchObject([{ amount: 3_000 }])
    await stripe.tell(disputed('won'))
    expect(await balance()).toEqual([0, 6_000])
  })

  test('what was in a payout that failed is not paid while its payment is disputed', async () => {
    const id = await inPayout()
    await stripe.tell(disputed('needs_response'))
    await markedFailed(server, acme, id)
    expect((await runPayouts(server, acme)).data).toEqual([])
    await stripe.tell(disputed('won'))
    expect((await runPayouts(server, acme)).data).toHaveLength(1)
  })

  test('a refund after the payout is owed, and no more where it fails', async () => {
    const id = await inPayout()
    await markedPaid(server, acme, id)
    await stripe.tell(refunded(6_000))
    expect(await balance()).toEqual([0, -1_500])
    await stripe.tell(failed('re_1', 6_000))
    expect(await balance()).toEqual([0, 0])
    expect((await statsOf(server, acme, partner)).total_commissions).toBe(1)
    expect(await stands()).toEqual(['paid', 3_000, null])
  })

  test('a refund that was settled in a payout, and then fails, is paid in the next', async () => {
    const id = await inPayout()
    await markedPaid(server, acme, id)
    await stripe.tell(refunded(6_000))
    await pay(server, acme, { externalId: 'in_2', customerId: 'cus_1', amount: 20_000 })
    pass(server, 31 * day)
    expect((await runPayouts(server, acme)).data).toMatchObject([{ amount: 4_500 }])
    await stripe.tell(failed('re_1', 6_000))
    expect((await runPayouts(server, acme)).data).toMatchObject([{ amount: 1_500 }])
  })
})

describe('A reward that a refund has taken back', () => {
  const rewards = { enabled: true, referrerCredits: 10, referredCredits: 5, qualifyOn: 'first_payment' }
  const credits = async (id: string) =>
    (await server.ask('GET', `/v1/customers/${id}/credits`, { key: acme.secret })).body.balance
  const code = async (customerId: string) => {
    const token = (await server.ask('POST', '/v1/sessions', { key: acme.secret, body: { customerId } })).body.token
    return (await server.ask('GET', '/referrals/me', { token })).body.code as string
  }

  test('comes back when the refund fails, and goes again with the next, as often as that happens', async () => {
    acme = await newProgram(server, { rewards })
    stripe = await stripeOf(server, acme)
    const reference = await code('ann')
    await stripe.tell(
      event(
        'checkout.session.completed',
        session('cs_1', { customer: 'cus_1', client_reference_id: reference, created: now() }),
        now(),
      ),
      paid(),
    )
    const seen = [[await credits('ann'), await credits('cus_1')]]
    for (const told of [refunded(12_000), failed('re_1', 12_000), disputed('lost'), disputed('won'), refunded(12_000)]) {
      await stripe.tell(told)
      seen.push([await credits('ann'), await credits('cus_1')])
    }
    expect(seen).toEqual([
      [10, 5],
      [0, 0],
      [10, 5],
      [0, 0],
      [10, 5],
      [0, 0],
    ])
    const events =
      (await everyRow(server)).events?.filter(each => each.programId === acme.program.id).map(each => each.event) ?? []
    expect(events.filter(each => each === 'reward.reversed')).toHaveLength(6)
    expect(events.filter(each => each === 'reward.granted')).toHaveLength(6)
  })
})
