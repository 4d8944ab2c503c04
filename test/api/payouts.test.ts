import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PartnerCommissionList, PartnerPayoutList } from '../../server/contract/partner-api.ts'
import { run } from '../../server/program/payout-runs.ts'
import { type Database, open } from '../../server/store/database.ts'
import { dashboard, day, partnerKeyOf, pass, pay, refer, sessionOf, statsOf } from '../support/acts.ts'
import { engine } from '../support/database.ts'
import { act, balanceOf, commissionOf, decided, refund } from '../support/money.ts'
import * as paying from '../support/payouts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  acme = await newProgram(server)
})
afterEach(() => paying.expectSettled(server))

let tests = 0
/** A partner with a customer, whose payments earn a fifth. */
async function earner(more: Record<string, unknown> = {}) {
  const slug = `earner-${++tests}`
  const partner = await newPartner(server, acme, {
    slug,
    payout_method: 'paypal',
    payout_email: `${slug}@paypal.example`,
    ...more,
  })
  await refer(server, acme, { customerId: slug, code: slug })
  return {
    ...partner,
    /** A payment that earns so much, may be paid in 30 days, and is called so. */
    async earns(amount: number, { name = `${slug}-${++tests}`, ...sale }: Record<string, unknown> & { name?: string } = {}) {
      const { commissions } = await pay(server, acme, { externalId: name, customerId: slug, amount: amount * 5, ...sale })
      return commissions[0]?.id ?? ''
    },
  }
}
const runNow = (body?: object) => paying.runPayouts(server, acme, body)
const approve = (id: string) => decided(server, acme, id, 'approve')

describe('A run', () => {
  test('pays what may be paid, and nothing that is pending, held or rejected', async () => {
    const jane = await earner()
    const ids = [await jane.earns(6_000), await jane.earns(7_000), await jane.earns(8_000), await jane.earns(9_000)]
    await decided(server, acme, ids[1] ?? '', 'hold')
    await decided(server, acme, ids[2] ?? '', 'reject')
    expect(await runNow()).toEqual({ batch: null, data: [], carried: [] })
    await approve(ids[0] ?? '')
    const { data, carried } = await runNow()
    expect(data).toMatchObject([{ partnerId: jane.id, amount: 6_000, currency: 'EUR', status: 'pending', method: 'paypal' }])
    expect([data[0]?.payable, data[0]?.missing, carried]).toEqual([true, [], []])
    pass(server, 31 * day)
    expect((await runNow()).data).toMatchObject([{ amount: 9_000 }])
    expect(await runNow()).toEqual({ batch: null, data: [], carried: [] })
  })

  test('reaches the minimum of each partner and currency, or carries', async () => {
    const [jane, omar] = [await earner(), await earner({ first_name: 'Omar', last_name: 'Díaz' })]
    await paying.adjust(server, acme, jane, 4_999)
    await paying.adjust(server, acme, omar, 5_000)
    await paying.adjust(server, acme, omar, 49, 'JPY')
    await paying.adjust(server, acme, omar, 50_000, 'KWD')
    const first = await runNow()
    expect(first.data).toMatchObject([
      { partnerId: omar.id, amount: 5_000, currency: 'EUR' },
      { partnerId: omar.id, amount: 50_000, currency: 'KWD' },
    ])
    expect(first.carried).toMatchObject([
      { partnerId: jane.id, amount: 4_999, currency: 'EUR', minimum: 5_000, reason: 'below_minimum' },
      { partnerId: omar.id, partnerName: 'Omar Díaz', amount: 49, currency: 'JPY', minimum: 50, reason: 'below_minimum' },
    ])
    await paying.adjust(server, acme, jane, 1)
    await paying.adjust(server, acme, omar, 1, 'JPY')
    expect((await runNow()).data.map(each => [each.amount, each.currency])).toEqual([
      [5_000, 'EUR'],
      [50, 'JPY'],
    ])
  })

  test('carries a balance below zero, and takes it from what is earned next', async () => {
    const jane = await earner()
    await paying.adjust(server, acme, jane, -2_000)
    expect(await runNow()).toEqual({
      batch: null,
      data: [],
      carried: [
        { partnerId: jane.id, partnerName: jane.email, amount: -2_000, currency: 'EUR', minimum: 5_000, reason: 'below_zero' },
      ],
    })
    await paying.adjust(server, acme, jane, 2_000)
    expect((await runNow()).carried).toMatchObject([{ amount: 0, reason: 'below_minimum' }])
    await paying.adjust(server, acme, jane, 6_000)
    const { data } = await runNow()
    expect(data).toMatchObject([{ amount: 6_000 }])
    expect((await paying.payoutOf(server, acme, data[0]?.id ?? '')).lines.map(each => [each.kind, each.amount])).toEqual([
      ['adjustment', -2_000],
      ['adjustment', 2_000],
      ['adjustment', 6_000],
    ])
  })

  test('over one currency or method leaves the others', async () => {
    const [jane, omar] = [await earner(), await earner({ payout_method: 'crypto' })]
    for (const partner of [jane, omar])
      for (const currency of ['EUR', 'USD']) await paying.adjust(server, acme, partner, 9_000, currency)
    const made = async (body: object) => (await runNow(body)).data.map(each => [each.partnerId, each.currency])
    expect(await made({ currency: 'usd', method: 'crypto' })).toEqual([[omar.id, 'USD']])
    expect(await made({ method: 'crypto' })).toEqual([[omar.id, 'EUR']])
    expect(await made({ currency: 'EUR' })).toEqual([[jane.id, 'EUR']])
    expect(await made({})).toEqual([[jane.id, 'USD']])
  })

  test('pays a partner that has been deactivated what it had earned', async () => {
    const jane = await earner()
    await jane.earns(9_000)
    await server.ask('DELETE', `/api/v1/partners/${jane.id}`, { key: acme.secret })
    pass(server, 31 * day)
    expect((await runNow()).data).toMatchObject([{ partnerId: jane.id, amount: 9_000 }])
  })

  test('marks what cannot be paid for want of details, and what is missing', async () => {
    const wanting = [
      [{ payout_method: null, payout_email: null }, ['payout_method']],
      [{ payout_email: null }, ['payout_email']],
      [{ payout_method: 'crypto' }, ['metadata.wallet_address']],
      [{ payout_method: 'bank_transfer', payout_email: null }, ['payout_email']],
      [{ payout_method: 'bank_transfer', payout_email: null, metadata: { iban: 'ES9121000418450200051332' } }, []],
    ] as const
    for (const [details, missing] of wanting) {
      const partner = await earner(details)
      await paying.adjust(server, acme, partner, 5_000)
      expect((await runNow()).data).toMatchObject([{ partnerId: partner.id, payable: !missing.length, missing }])
    }
    const { data } = await paying.payoutList(server, acme)
    const nameless = data.at(-1)
    expect(nameless).toMatchObject({ method: null, payable: false })
    const details = { payout_method: 'paypal', payout_email: 'now@paypal.example' }
    await server.ask('PATCH', `/api/v1/partners/${nameless?.partnerId}`, { key: acme.secret, body: details })
    expect(await paying.payoutOf(server, acme, nameless?.id ?? '')).toMatchObject({
      method: 'paypal',
      payable: true,
      missing: [],
    })
    expect((await paying.payoutList(server, acme, '?method=paypal')).data).toHaveLength(2)
  })
})

test('Twenty runs at once make one batch', async () => {
  const partners = [await earner(), await earner(), await earner()]
  for (const partner of partners) for (const amount of [3_000, 4_000]) await paying.adjust(server, acme, partner, amount)
  const others: Database[] = engine === 'postgres' ? [open(server.database.url), open(server.database.url)] : []
  const desks = [server.desk(), ...others.map(database => ({ ...server.desk(), database }))]
  const program = (await server.desk().directory.current()).programs.get(acme.program.id)
  if (!program) throw new Error('The program is not there')
  const runs = await Promise.all([
    ...Array.from({ length: 10 }, () => runNow().then(each => each.data)),
    ...Array.from({ length: 10 }, (_, i) => run(desks[i % desks.length] ?? server.desk(), program, {}).then(each => each.made)),
  ])
  await Promise.all(others.map(each => each.close()))
  expect(runs.flat().map(each => [each.partnerId, each.amount])).toHaveLength(3)
  expect((await paying.payoutList(server, acme)).data.map(each => each.amount)).toEqual([7_000, 7_000, 7_000])
  for (const partner of partners) expect(await balanceOf(server, acme, partner)).toEqual([0, 7_000])
}, 60_000)

test('Runs, refunds, holds, and marks that meet leave every commission in at most one payout', async () => {
  const jane = await earner()
  const names = Array.from({ length: 8 }, (_, i) => `meet-${tests}-${i}`)
  const ids = []
  for (const name of names) ids.push(await jane.earns(6_000, { name }))
  for (const id of ids) await approve(id)
  const marked = async () => {
    const { data } = await runNow()
    for (const { id } of data) await paying.mark(server, acme, id, data.length % 2 ? 'paid' : 'failed', { reason: 'No' })
  }
  await Promise.all([
    ...Array.from({ length: 6 }, marked),
    ...names.slice(0, 4).map(name => refund(server, acme, { conversionExternalId: name, amount: 15_000 })),
    ...ids.slice(4, 6).map(id => act(server, acme, id, 'hold')),
    ...ids.slice(6).map(id => act(server, acme, id, 'reject')),
  ])
  await paying.expectSettled(server)
  const lines = await server.desk().database.db.selectFrom('payoutLines').selectAll().execute()
  for (const id of ids.slice(4)) {
    const [held] = await server.desk().database.db.selectFrom('commissions').selectAll().where('id', '=', id).execute()
    if (held?.heldAt || held?.rejectedAt) expect(lines.filter(each => each.commissionId === id)).toEqual([])
  }
}, 60_000)

describe('A payout that is paid', () => {
  test('turns everything that shows it to paid', async () => {
    const jane = await earner()
    const id = await jane.earns(12_000)
    const session = await sessionOf(server, acme, { customerId: jane.slug, email: jane.email })
    const key = await partnerKeyOf(server, session)
    pass(server, 31 * day)
    const [payout] = (await runNow()).data
    const stats = () => statsOf(server, acme, jane)
    const open = { total_earned_cents: 12_000, pending_cents: 0, approved_cents: 12_000, paid_cents: 0 }
    expect(await stats()).toMatchObject(open)
    const paid = await paying.markedPaid(server, acme, payout?.id ?? '', { reference: 'PP-77' })
    expect(paid).toMatchObject({ status: 'paid', reference: 'PP-77', payable: false, paidAt: server.clock.now.toISOString() })
    expect(await stats()).toMatchObject({ ...open, approved_cents: 0, paid_cents: 12_000 })
    expect((await commissionOf(server, acme, id)).status).toBe('paid')
    const fresh = await sessionOf(server, acme, { customerId: jane.slug, email: jane.email })
    const { affiliate, payouts, commissions } = await dashboard(server, fresh)
    expect(affiliate).toMatchObject({ totalEarned: 120, approvedBalance: 0, paidTotal: 120 })
    expect(payouts).toMatchObject([{ id: payout?.id, amount: 120, status: 'paid', reference: 'PP-77' }])
    expect(commissions).toMatchObject([{ id, status: 'paid' }])
    const own = async (what: string) => await server.ask('GET', `/api/v1/partners/${what}`, { token: key })
    expect(answered(await own('payouts'), 200, PartnerPayoutList).data).toMatchObject([{ status: 'paid', amount: 120 }])
    expect(answered(await own('commissions'), 200, PartnerCommissionList).data).toMatchObject([{ status: 'paid', amount: 120 }])
  })

  test('and then refunded makes the next one lower, and stays as it was', async () => {
    const jane = await earner()
    const key = await partnerKeyOf(server, await sessionOf(server, acme, { customerId: jane.slug, email: jane.email }))
    const own = async () =>
      answered(await server.ask('GET', '/api/v1/partners/commissions', { token: key }), 200, PartnerCommissionList)
    const id = await jane.earns(9_000, { name: 'returned' })
    await approve(id)
    const [first] = (await runNow()).data
    expect(await commissionOf(server, acme, id)).toMatchObject({ status: 'approved', payoutId: first?.id, paid: 0 })
    await paying.markedPaid(server, acme, first?.id ?? '')
    const before = await paying.payoutOf(server, acme, first?.id ?? '')

    await refund(server, acme, { conversionExternalId: 'returned', amount: 15_000 })
    expect(await commissionOf(server, acme, id)).toMatchObject({ status: 'paid', amount: 6_000, paid: 9_000 })
    expect(await balanceOf(server, acme, jane)).toEqual([0, -3_000])
    expect(await statsOf(server, acme, jane)).toMatchObject({ total_earned_cents: 6_000, paid_cents: 9_000 })
    expect((await own()).data.map(each => [each.status, each.amount])).toEqual([
      ['calculated', -30],
      ['paid', 90],
      ['reversed', 30],
    ])
    expect((await own()).totalAmount).toBe(60)
    expect((await runNow()).carried).toMatchObject([{ amount: -3_000, reason: 'below_zero' }])

    await approve(await jane.earns(8_000))
    const [second] = (await runNow()).data
    expect(second?.amount).toBe(5_000)
    expect((await paying.payoutOf(server, acme, second?.id ?? '')).lines).toMatchObject([
      { kind: 'taken_back', amount: -3_000, settledBefore: 9_000, earned: 9_000, reversed: 3_000, why: { kind: 'sale' } },
      { kind: 'commission', amount: 8_000, settledBefore: 0 },
    ])
    await paying.markedPaid(server, acme, second?.id ?? '')
    expect({ ...(await paying.payoutOf(server, acme, first?.id ?? '')), lines: null }).toEqual({ ...before, lines: null })
    expect((await paying.payoutOf(server, acme, first?.id ?? '')).lines[0]?.amount).toBe(9_000)
    expect((await own()).data.map(each => [each.status, each.amount])).toEqual([
      ['paid', 140],
      ['reversed', 30],
    ])
    expect(await statsOf(server, acme, jane)).toMatchObject({ total_earned_cents: 14_000, paid_cents: 14_000, approved_cents: 0 })
  })
})

describe('A payout that has failed', () => {
  test('gives back what was in it, and the next run pays it', async () => {
    const jane = await earner()
    const id = await jane.earns(6_000, { name: 'failing' })
    await approve(id)
    const [first] = (await runNow()).data
    const failed = await paying.markedFailed(server, acme, first?.id ?? '', 'Account closed')
    expect(failed).toMatchObject({ status: 'failed', failure: 'Account closed', payable: false, paidAt: null })
    expect(await balanceOf(server, acme, jane)).toEqual([0, 6_000])
    expect((await commissionOf(server, acme, id)).status).toBe('approved')
    const [second] = (await runNow()).data
    expect(second).toMatchObject({ amount: 6_000, status: 'pending' })
    expect(second?.id).not.toBe(first?.id)
    await paying.markedPaid(server, acme, second?.id ?? '')
    expect((await paying.payoutOf(server, acme, first?.id ?? '')).lines).toMatchObject([{ commissionId: id, amount: 6_000 }])
  })

  test('after a later one took its refund off, still comes to exactly what was earned', async () => {
    const jane = await earner()
    await approve(await jane.earns(6_000, { name: 'tangled' }))
    const [first] = (await runNow()).data
    await refund(server, acme, { conversionExternalId: 'tangled' })
    await approve(await jane.earns(20_000))
    const [second] = (await runNow()).data
    expect(second?.amount).toBe(14_000)
    await paying.markedFailed(server, acme, first?.id ?? '')
    await paying.expectSettled(server)
    expect((await runNow()).data).toMatchObject([{ amount: 6_000 }])
    expect(await statsOf(server, acme, jane)).toMatchObject({ total_earned_cents: 20_000, approved_cents: 20_000 })
  })
})

describe('What is said of a payout', () => {
  const opened = async () => {
    await paying.adjust(server, acme, await earner(), 5_000)
    return (await runNow()).data[0]?.id ?? ''
  }

  test('is final: the same again changes nothing, and the other is refused', async () => {
    const [paid, failed] = [await opened(), await opened()]
    const first = await paying.markedPaid(server, acme, paid, { reference: 'A' })
    expect(await paying.markedPaid(server, acme, paid, { reference: 'B' })).toEqual(first)
    refused(await paying.mark(server, acme, paid, 'failed', { reason: 'No' }), 409, 'payout_is_paid')
    const second = await paying.markedFailed(server, acme, failed, 'A')
    expect(await paying.markedFailed(server, acme, failed, 'B')).toEqual(second)
    refused(await paying.mark(server, acme, failed, 'paid'), 409, 'payout_is_failed')
    const path = `/v1/apps/${acme.program.id}/payouts/${await opened()}/paid`
    expect((await server.ask('POST', path, { key: acme.secret })).body).toMatchObject({ status: 'paid', reference: null })
  })

  test('twice at once is told once, and paid and failed at once end as one of them', async () => {
    const told = async (id: string) => {
      const { db } = server.desk().database
      return (await db.selectFrom('events').select(['event', 'partnerId']).where('object', '=', id).execute()).map(
        each => each.event,
      )
    }
    const twice = await opened()
    await Promise.all(Array.from({ length: 5 }, () => paying.markedPaid(server, acme, twice)))
    expect(await told(twice)).toEqual(['payout.completed'])
    const [completed] = await server.desk().database.db.selectFrom('events').selectAll().where('object', '=', twice).execute()
    expect(JSON.parse(completed?.body ?? '').data).toEqual({
      id: twice,
      partnerId: completed?.partnerId,
      ...{ amount: 5_000, currency: 'EUR', method: 'paypal', reference: null, sequence: 1 },
      ...{ createdAt: server.clock.now.toISOString(), paidAt: server.clock.now.toISOString() },
    })
    const both = await opened()
    const replies = await Promise.all([
      paying.mark(server, acme, both, 'paid'),
      paying.mark(server, acme, both, 'failed', { reason: 'No' }),
    ])
    expect(replies.map(each => each.status).sort()).toEqual([200, 409])
    expect(await told(both)).toHaveLength(1)
  })

  test('needs a payout of the program, and a reason where it failed', async () => {
    const id = await opened()
    expect(refused(await paying.mark(server, acme, id, 'failed'), 422, 'invalid')).toEqual(['reason'])
    const other = await newProgram(server)
    refused(await paying.mark(server, other, id, 'paid'), 404, 'payout_not_found')
    const read = `/v1/apps/${other.program.id}/payouts/${id}`
    refused(await server.ask('GET', read, { key: other.secret }), 404, 'payout_not_found')
    expect((await paying.payoutList(server, other)).data).toEqual([])
  })

  test('and its making stand in the audit log', async () => {
    const [paid, failed] = [await opened(), await opened()]
    await paying.markedPaid(server, acme, paid)
    await paying.markedFailed(server, acme, failed)
    const acts = async (id: string) => {
      const reply = await server.ask('GET', `/v1/apps/${acme.program.id}/audit?object=${id}`, { token: acme.token })
      return reply.body.data.map((each: { action: string; actor: { kind: string } }) => `${each.actor.kind} ${each.action}`)
    }
    expect(await acts(paid)).toEqual(['secret payout.paid', 'secret payout.created'])
    expect(await acts(failed)).toEqual(['secret payout.failed', 'secret payout.created'])
  })
})

test('A commission in an open payout cannot be held or rejected, and can once that has failed', async () => {
  const jane = await earner()
  const id = await jane.earns(6_000)
  await approve(id)
  const [payout] = (await runNow()).data
  for (const what of ['hold', 'reject']) refused(await act(server, acme, id, what), 409, 'commission_in_payout')
  await paying.markedFailed(server, acme, payout?.id ?? '')
  await decided(server, acme, id, 'hold')
  expect((await runNow()).data).toEqual([])
})

test('Payouts are listed newest first, page by page, and by what is asked for', async () => {
  const [jane, omar] = [await earner(), await earner({ payout_method: 'crypto' })]
  for (let i = 0; i < 3; i++) {
    for (const partner of [jane, omar]) await paying.adjust(server, acme, partner, 5_000 + i, i ? 'EUR' : 'USD')
    await runNow()
    pass(server, 1_000)
  }
  const list = async (query = '') => (await paying.payoutList(server, acme, query)).data
  const all = await list('?limit=100')
  expect(all.map(each => each.amount)).toEqual([5_002, 5_002, 5_001, 5_001, 5_000, 5_000])
  const paged = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await paying.payoutList(server, acme, `?limit=4${cursor && `&cursor=${cursor}`}`)
    paged.push(...page.data)
    cursor = page.nextCursor
  }
  expect(paged).toEqual(all)
  await paying.markedPaid(server, acme, all[0]?.id ?? '')
  await paying.markedFailed(server, acme, all[1]?.id ?? '')
  expect(await list('?status=paid')).toMatchObject([{ id: all[0]?.id }])
  expect(await list('?status=failed')).toMatchObject([{ id: all[1]?.id }])
  expect(await list('?status=pending')).toHaveLength(4)
  expect(await list(`?partnerId=${jane.id}&currency=USD`)).toHaveLength(1)
  expect((await list('?method=crypto')).every(each => each.partnerId === omar.id)).toBe(true)
  for (const query of ['status=open', 'method=cheque', 'currency=XYZ', 'limit=0'])
    refused(await server.ask('GET', `/v1/apps/${acme.program.id}/payouts?${query}`, { key: acme.secret }), 422, 'invalid')
})
