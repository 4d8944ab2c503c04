import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { day, pass } from '../support/acts.ts'
import { merge } from '../support/merges.ts'
import * as paying from '../support/payouts.ts'
import {
  browser,
  newPartner,
  newProgram,
  type Reply,
  signIn,
  type TestProgram,
  type TestServer,
  testServer,
} from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  acme = await newProgram(server, { minPayoutAmount: 0, holdingPeriodDays: 5 })
})

// mulberry32, so that what happens follows from the number.
function numbers(seed: number) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A program in which everything happens at once, by chance. */
async function world(seed: number) {
  const random = numbers(seed)
  const any = <T>(all: T[]) => all[Math.floor(random() * all.length)] as T
  const partners: { id: string; slug: string }[] = []
  for (const name of ['a', 'b', 'c', 'd'])
    partners.push(await newPartner(server, acme, { slug: `${name}${seed}`, payout_method: 'paypal' }))
  const sales: { externalId: string; amount: number }[] = []
  const customers: string[] = []
  const ask = (method: string, path: string, body: object = {}) =>
    server.ask(method, path, { key: acme.secret, body, headers: { 'user-agent': browser } })
  const at = `/v1/apps/${acme.program.id}`
  const all = async <T extends { id: string }>(what: string): Promise<T[]> =>
    (await server.ask('GET', `${at}/${what}?limit=100`, { key: acme.secret })).body.data
  let count = 0

  const acts: Record<string, () => Promise<Reply | undefined>> = {
    signUp() {
      const customerId = `cust-${seed}-${++count}`
      customers.push(customerId)
      return ask('POST', '/v1/referrals', { customerId, code: any(partners).slug })
    },
    click: () => ask('POST', '/v1/affiliate/track', { code: any(partners).slug }),
    pay() {
      if (!customers.length) return acts.signUp?.() ?? Promise.resolve(undefined)
      const sale = { externalId: `sale-${seed}-${++count}`, amount: 500 + Math.floor(random() * 20_000) }
      sales.push(sale)
      return ask('POST', '/v1/conversions', { ...sale, customerId: any(customers), currency: random() < 0.8 ? 'EUR' : 'USD' })
    },
    coupon() {
      const sale = { externalId: `sale-${seed}-${++count}`, amount: 7_777 }
      const customerId = `cust-${seed}-${count}`
      sales.push(sale)
      customers.push(customerId)
      return ask('POST', '/v1/conversions', { ...sale, customerId, currency: 'EUR', code: any(partners).slug })
    },
    async refund() {
      if (!sales.length) return undefined
      const { externalId: conversionExternalId, amount } = any(sales)
      return ask('POST', '/v1/refunds', {
        externalId: `back-${seed}-${++count}`,
        conversionExternalId,
        amount: Math.ceil(amount * random()),
      })
    },
    adjust: () =>
      ask('POST', `${at}/commissions`, {
        ...{ partnerId: any(partners).id, amount: random() < 0.7 ? 1_234 : -777, currency: 'EUR', note: 'By chance' },
      }),
    async decide() {
      const lines = await all('commissions')
      if (!lines.length) return undefined
      return ask('POST', `${at}/commissions/${any(lines).id}/${any(['approve', 'hold', 'release', 'reject'])}`)
    },
    run: () => ask('POST', `${at}/payouts`),
    async settle() {
      const made = await all('payouts')
      if (!made.length) return undefined
      const act = any(['paid', 'failed'])
      return ask('POST', `${at}/payouts/${any(made).id}/${act}`, act === 'failed' ? { reason: 'By chance' } : {})
    },
    merge: () => merge(server, acme, any(partners), any(partners)),
  }
  return { random, any, acts }
}

const ordinary = ['signUp', 'pay', 'pay', 'pay', 'coupon', 'refund', 'adjust', 'decide', 'run', 'settle', 'click']

/** What must be so of partners that have been merged, whatever happened in whichever order. */
async function expectMerged() {
  const { db } = server.desk().database
  const rows = await db.selectFrom('partners').selectAll().where('programId', '=', acme.program.id).execute()
  const gone = rows.filter(each => each.mergedInto !== null).map(each => each.id)
  for (const partnerId of gone) {
    for (const table of ['referrals', 'codes'] as const)
      expect(await db.selectFrom(table).select('programId').where('partnerId', '=', partnerId).execute(), table).toEqual([])
    const entries = await db
      .selectFrom('journalEntries')
      .select(['account', 'currency', ({ fn }) => fn.sum<number>('amount').as('sum')])
      .where('partnerId', '=', partnerId)
      .where('account', 'in', ['partner_earnings', 'partner_held'])
      .groupBy(['account', 'currency'])
      .execute()
    expect(entries.filter(each => Number(each.sum) !== 0)).toEqual([])
  }
  return gone
}

test.for([
  1, 2, 3, 4,
])('Whatever happens at the same moment as merges, all that is owed is owed once, and to the one that is left (%i)', {
  timeout: 60_000,
}, async seed => {
  const { random, any, acts } = await world(seed)
  const told: Reply[] = []
  const together = async (names: string[]) => {
    const replies = await Promise.all(names.map(name => acts[name]?.()))
    told.push(...replies.filter(each => each !== undefined))
  }
  for (let round = 0; round < 8; round++) {
    const names = Array.from({ length: 8 }, () => any(ordinary))
    if (round % 3 === 2) names.splice(Math.floor(random() * 8), 0, 'merge', ...(random() < 0.5 ? ['merge'] : []))
    await together(names)
    if (round % 2) pass(server, 3 * day)
    await expectMerged()
  }
  expect(told.filter(each => each.status >= 500).map(each => each.text)).toEqual([])
  await paying.expectSettled(server)

  // What is on its way arrives or not, and everything falls due: the ones that are left are paid all of it, once.
  for (const { id } of (await paying.payoutList(server, acme, '?status=pending&limit=100')).data)
    if (random() < 0.5) await paying.markedPaid(server, acme, id)
    else await paying.markedFailed(server, acme, id)
  pass(server, 40 * day)
  const gone = await expectMerged()
  expect(gone.length).toBeGreaterThan(0)
  const { data } = await paying.runPayouts(server, acme)
  expect(data.filter(each => gone.includes(each.partnerId))).toEqual([])
  expect((await paying.runPayouts(server, acme)).data).toEqual([])
  await paying.expectSettled(server)
})

test('Of two who merge the same two into each other, or into a third, at the same moment one does', async () => {
  for (let round = 0; round < 6; round++) {
    const [a, b, c] = [
      await newPartner(server, acme, { slug: `x${round}` }),
      await newPartner(server, acme, { slug: `y${round}` }),
      await newPartner(server, acme, { slug: `z${round}` }),
    ]
    await paying.adjust(server, acme, a, 1_000)
    await paying.adjust(server, acme, b, 2_000)
    const token = await signIn(server)
    const other = round % 2 ? [b, a] : [a, c]
    const both = await Promise.all([
      merge(server, acme, a, b, token),
      merge(server, acme, other[0] as typeof a, other[1] as typeof a, token),
    ])
    expect(both.map(each => each.status).sort()).toEqual([200, 409])
    await expectMerged()
  }
  await paying.expectSettled(server)
})
