import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Refund } from '../../server/contract/refunds.ts'
import type { Database } from '../../server/store/database.ts'
import * as refunds from '../../server/store/refunds.ts'
import { change, dashboard, day, pass, pay, refer, sessionOf, statsOf } from '../support/acts.ts'
import { engine } from '../support/database.ts'
import { balanceOf, commissionOf, decided, expectExact, refund } from '../support/money.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { hold } from '../support/store.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server, { defaultCommissionRate: 30 })
})
afterAll(() => server.stop())
afterEach(() => expectExact(server))

let tests = 0
let partner: { id: string; slug: string; email: string }
let customerId = ''
let sale = ''
beforeEach(async () => {
  partner = await newPartner(server, acme, { slug: `partner-${++tests}` })
  customerId = `customer-${tests}`
  sale = `sale-${tests}`
  await refer(server, acme, { customerId, code: partner.slug })
})

const report = (body: Record<string, unknown>) => server.ask('POST', '/v1/refunds', { key: acme.secret, body })
/** 120.00 with 20.00 tax, at 30 percent: 30.00. */
const sold = (more: Record<string, unknown> = {}) =>
  pay(server, acme, { externalId: sale, customerId, amount: 12_000, tax: 2_000, ...more })
const refunded = (amount?: number | null, externalId?: string) =>
  refund(server, acme, { conversionExternalId: sale, ...(amount !== undefined && { amount }), ...(externalId && { externalId }) })
const balance = () => balanceOf(server, acme, partner)
const events = async (object: string) =>
  (await server.desk().database.db.selectFrom('events').select('body').where('object', '=', object).orderBy('sequence').execute())
    .map(each => JSON.parse(each.body))
    .filter(each => each.event === 'commission.reversed')

/** How many transactions wait for another, on PostgreSQL. */
async function waiters({ db }: Database) {
  const { rows } = await sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows.length
}

describe('A refund', () => {
  test('of 60.00 of 120.00 leaves 15.00 of 30.00, and that of the rest exactly nothing', async () => {
    const [line] = (await sold()).commissions
    const id = line?.id ?? ''
    expect(await balance()).toEqual([3_000, 0])
    expect(await refunded(6_000, `half-${tests}`)).toEqual({
      id: expect.stringMatching(/^rfd_\w{22}$/),
      externalId: `half-${tests}`,
      conversionExternalId: sale,
      status: 'applied',
      amount: 6_000,
      counted: 6_000,
      currency: 'EUR',
      reversals: [{ commissionId: id, partnerId: partner.id, amount: 1_500, currency: 'EUR' }],
      createdAt: server.clock.now.toISOString(),
    })
    expect(await balance()).toEqual([1_500, 0])
    expect(await commissionOf(server, acme, id)).toMatchObject({
      amount: 1_500,
      earned: 3_000,
      reversed: 1_500,
      status: 'pending',
    })
    await refunded(6_000)
    expect(await balance()).toEqual([0, 0])
    const whole = await commissionOf(server, acme, id)
    expect(whole).toMatchObject({ amount: 0, earned: 3_000, reversed: 3_000, status: 'reversed' })
    expect(whole.refunds.map(each => each.amount)).toEqual([6_000, 6_000])
    expect(whole.entries.map(({ kind, account, amount }) => `${kind} ${account} ${amount}`)).toEqual([
      'commission_earned partner_earnings 3000',
      'commission_earned commission_expense -3000',
      'commission_reversed partner_earnings -1500',
      'commission_reversed commission_expense 1500',
      'commission_reversed partner_earnings -1500',
      'commission_reversed commission_expense 1500',
    ])
    expect((await events(id)).map(({ data }) => [data.amount, data.remaining, data.currency, data.reason])).toEqual([
      [1_500, 1_500, 'EUR', 'refund'],
      [1_500, 0, 'EUR', 'refund'],
    ])
  })

  test.each([[undefined], [null]])('without an amount (%j) is of all that is left', async amount => {
    await sold()
    await refunded(1_000)
    expect(await refunded(amount)).toMatchObject({ amount: null, counted: 11_000, reversals: [{ amount: 2_750 }] })
    expect(await balance()).toEqual([0, 0])
  })

  test('in parts that do not divide ends at exactly nothing', async () => {
    await sold({ amount: 1_001, tax: 0 })
    const left = []
    for (const amount of [333, 333, 333, 1, 1]) {
      await refunded(amount)
      left.push((await balance())[0])
    }
    expect(left).toEqual([200, 100, 1, 0, 0])
  })

  test('is a share of what the customer paid, which is less than the price by its discount', async () => {
    await sold({ amount: 15_000, tax: 2_000, discount: 3_000 })
    await refunded(6_000)
    expect(await balance()).toEqual([1_500, 0])
    expect(await refunded(15_000)).toMatchObject({ amount: 15_000, counted: 6_000, reversals: [{ amount: 1_500 }] })
    expect(await balance()).toEqual([0, 0])
  })

  test('of more than the sale is taken, and counts no further', async () => {
    await sold()
    expect(await refunded(20_000)).toMatchObject({ amount: 20_000, counted: 12_000, reversals: [{ amount: 3_000 }] })
    expect(await refunded(1)).toMatchObject({ counted: 0, reversals: [] })
    expect(await refunded()).toMatchObject({ counted: 0, reversals: [] })
    expect(await balance()).toEqual([0, 0])
  })

  test('is at the rate of the sale, whatever the rate is now, and although the partner is gone', async () => {
    await sold()
    await change(server, acme, { defaultCommissionRate: 50 })
    await server.ask('DELETE', `/api/v1/partners/${partner.id}`, { key: acme.secret })
    await refunded(6_000)
    expect(await balance()).toEqual([1_500, 0])
    await change(server, acme, { defaultCommissionRate: 30 })
  })

  test('of a flat commission in another currency takes its share back', async () => {
    await change(server, acme, { commission: { type: 'flat', flatAmount: 1_500 } })
    customerId += '-flat'
    await refer(server, acme, { customerId, code: partner.slug })
    await sold({ amount: 100, tax: 0, currency: 'USD' })
    expect(await refunded(50)).toMatchObject({ currency: 'USD', reversals: [{ amount: 750, currency: 'EUR' }] })
    expect(await balance()).toEqual([750, 0])
    await change(server, acme, { commission: { type: 'percent', flatAmount: null } })
  })

  test('of a payment that earned nobody anything is taken too', async () => {
    await pay(server, acme, { externalId: sale, customerId: `nobodys-${tests}`, amount: 500 })
    expect(await refunded(200)).toMatchObject({ status: 'applied', counted: 200, currency: 'EUR', reversals: [] })
  })
})

describe('What it takes back', () => {
  test('shrinks what is pending, and what may be paid from the end of the holding period on', async () => {
    await sold()
    await refunded(3_000)
    expect(await balance()).toEqual([2_250, 0])
    pass(server, 30 * day)
    expect(await balance()).toEqual([0, 2_250])
    await refunded(3_000)
    expect(await balance()).toEqual([0, 1_500])
  })

  test('comes out of what was approved early, not out of what is pending', async () => {
    const [line] = (await sold()).commissions
    await sold({ externalId: `${sale}-other` })
    await decided(server, acme, line?.id ?? '', 'approve')
    expect(await balance()).toEqual([3_000, 3_000])
    await refunded(6_000)
    expect(await balance()).toEqual([3_000, 1_500])
    pass(server, 30 * day)
    expect(await balance()).toEqual([0, 4_500])
  })

  test('is off the day on which it was earned, on the dashboard too', async () => {
    await sold()
    const token = await sessionOf(server, acme, { customerId: `self-${tests}`, email: partner.email })
    expect((await dashboard(server, token)).series.at(-1)?.earned).toBe(30)
    await refunded(6_000)
    const { affiliate, commissions, series } = await dashboard(server, token)
    expect(affiliate).toMatchObject({ totalEarned: 15, pendingBalance: 15 })
    expect(commissions).toMatchObject([{ amount: 15, status: 'pending' }])
    expect(series.at(-1)?.earned).toBe(15)
    await refunded()
    expect((await dashboard(server, token)).commissions).toMatchObject([{ amount: 0, status: 'reversed' }])
  })
})

describe('A refund that comes before its payment', () => {
  test('waits for it, and is taken off it at once', async () => {
    const early = await refunded(6_000, `early-${tests}`)
    expect(early).toMatchObject({ status: 'waiting', amount: 6_000, counted: null, currency: null, reversals: [] })
    expect((await sold()).commissions).toMatchObject([{ amount: 1_500, status: 'pending' }])
    expect(await balance()).toEqual([1_500, 0])
    const again = await report({ externalId: `early-${tests}`, conversionExternalId: sale, amount: 6_000 })
    expect(answered(again, 200, Refund)).toEqual(early)
    await refunded()
    expect(await balance()).toEqual([0, 0])
  })

  test('waits with others, which together may be all of it', async () => {
    for (const amount of [5_000, null, 3_000]) await refunded(amount)
    expect((await sold()).commissions).toMatchObject([{ amount: 0, status: 'reversed' }])
    expect(await balance()).toEqual([0, 0])
  })

  test('and the payment itself pass one at a time', async () => {
    const { database } = server.desk()
    const release = await hold(database, db => refunds.holdSale(db, acme.program.id, sale))
    let answered = 0
    const both = [sold(), refunded()].map(each => each.then(() => answered++))
    const waiting = async () => engine === 'sqlite' || (await waiters(database)) === 2
    await vi.waitFor(async () => expect(await waiting()).toBe(true), { timeout: 20_000 })
    expect(answered).toBe(0)
    await release()
    await Promise.all(both)
    expect(await balance()).toEqual([0, 0])
  })

  test('is not lost where the two come at the same time, in twenty attempts', async () => {
    for (let round = 0; round < 5; round++) {
      const both = Array.from({ length: 4 }, (_, i) => {
        const externalId = `race-${tests}-${round}-${i}`
        const paid = () => pay(server, acme, { externalId, customerId, amount: 1_000 })
        const back = () => refund(server, acme, { conversionExternalId: externalId })
        return i % 2 ? [paid(), back()] : [back(), paid()]
      })
      await Promise.all(both.flat())
    }
    expect(await balance()).toEqual([0, 0])
    const waiting = await server.desk().database.db.selectFrom('refunds').select('id').where('conversionId', 'is', null).execute()
    expect(waiting).toEqual([])
  })
})

describe('A refund that is reported again', () => {
  test('is answered alike, and changes nothing', async () => {
    await sold()
    const first = await refunded(6_000, `again-${tests}`)
    pass(server, 40 * day)
    const before = await everyRow(server)
    const again = await report({ externalId: `again-${tests}`, conversionExternalId: sale, amount: 6_000 })
    expect(answered(again, 200, Refund)).toEqual(first)
    expect(await everyRow(server)).toEqual(before)
  })

  test('is refused where it is another one, and changes nothing', async () => {
    await sold()
    await refunded(6_000, `other-${tests}`)
    const before = await everyRow(server)
    const said = { externalId: `other-${tests}`, conversionExternalId: sale, amount: 6_000 }
    for (const other of [{ amount: 6_001 }, { amount: null }, { conversionExternalId: `${sale}-x` }]) {
      refused(await report({ ...said, ...other }), 422, 'refund_differs')
    }
    expect(await everyRow(server)).toEqual(before)
  })

  test('twenty times at once takes back once', async () => {
    await sold()
    const body = { externalId: `at-once-${tests}`, conversionExternalId: sale, amount: 6_000 }
    const replies = await Promise.all(Array.from({ length: 20 }, () => report(body)))
    expect(replies.map(each => each.status).sort()).toEqual([...Array(19).fill(200), 201])
    expect(new Set(replies.map(each => each.text)).size).toBe(1)
    expect(await balance()).toEqual([1_500, 0])
  })

  test('in twelve parts at once takes back the sum, and no part twice', async () => {
    await sold()
    await Promise.all(Array.from({ length: 12 }, () => refunded(700)))
    expect(await balance()).toEqual([900, 0])
    await Promise.all(Array.from({ length: 12 }, () => refunded(700)))
    expect(await balance()).toEqual([0, 0])
  })

  test('under the same id in another program is another refund', async () => {
    const other = await newProgram(server)
    await sold()
    await refunded(6_000, `shared-${tests}`)
    const there = await refund(server, other, { externalId: `shared-${tests}`, conversionExternalId: sale })
    expect(there.status).toBe('waiting')
    expect(await balance()).toEqual([1_500, 0])
  })
})

test('A customer that has been given back everything is no referral any more, until it pays again', async () => {
  const reversedAt = async () =>
    (
      await server.desk().database.db.selectFrom('referrals').select('reversedAt').where('partnerId', '=', partner.id).execute()
    )[0]?.reversedAt
  await sold()
  await sold({ externalId: `${sale}-other` })
  await sold({ externalId: `${sale}-trial`, amount: 0, tax: 0 })
  await refunded()
  expect(await reversedAt()).toBe(null)
  await refund(server, acme, { conversionExternalId: `${sale}-other` })
  expect(await reversedAt()).toBe(server.clock.now.toISOString())
  await sold({ externalId: `${sale}-third` })
  expect(await reversedAt()).toBe(null)
})

test('Refunds leave the counts of sales as they are', async () => {
  await sold()
  await refunded()
  expect((await statsOf(server, acme, partner)).total_commissions).toBe(1)
})

describe('A refund is not taken', () => {
  test.each([
    ['amount', { amount: 0 }],
    ['amount', { amount: -1 }],
    ['amount', { amount: 0.5 }],
    ['amount', { amount: '600' }],
    ['amount', { amount: 1e15 }],
    ['externalId', { externalId: '' }],
    ['externalId', { externalId: 'x'.repeat(256) }],
    ['externalId', { externalId: null }],
    ['conversionExternalId', { conversionExternalId: undefined }],
    ['conversionExternalId', { conversionExternalId: {} }],
  ])('with a bad %s: %j', async (path, more) => {
    const before = await everyRow(server)
    expect(refused(await report({ externalId: 'bad', conversionExternalId: sale, ...more }), 422, 'invalid')).toEqual([path])
    expect(await everyRow(server)).toEqual(before)
  })
})
