import type { Insertable } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AuditList } from '../../server/contract/audit.ts'
import type { Conversion } from '../../server/contract/conversions.ts'
import {
  MadePartnerCode,
  PartnerCode,
  PartnerCodeList,
  PartnerCommissionList,
  PartnerKeyList,
  PartnerPayoutList,
  PartnerReferralList,
} from '../../server/contract/partner-api.ts'
import { NotAttributed } from '../../server/contract/referrals.ts'
import type { Schema } from '../../server/store/schema.ts'
import { click, clicksOf, day, pass, pay, refer } from '../support/acts.ts'
import { decided } from '../support/money.ts'
import { type KeyedPartner, keyedPartner } from '../support/partner.ts'
import { markedPaid, runPayouts } from '../support/payouts.ts'
import { answered, refused } from '../support/replies.ts'
import { newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram

beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

const db = () => server.desk().database.db
const referrals = async (partner: KeyedPartner, query = '') =>
  answered(await partner.get(`referrals${query}`), 200, PartnerReferralList)
const commissions = async (partner: KeyedPartner, query = '') =>
  answered(await partner.get(`commissions${query}`), 200, PartnerCommissionList)
const codes = async (partner: KeyedPartner) => answered(await partner.get('codes'), 200, PartnerCodeList)
const make = async (partner: KeyedPartner, label: string) =>
  answered(await partner.post('codes', { label }), 201, MadePartnerCode)

/** Customers whom a partner brings, a second apart, under the names that the host gives them. */
async function bring(partner: KeyedPartner, ...customers: string[]) {
  const made = []
  for (const customerId of customers) {
    pass(server, 1_000)
    made.push(await refer(server, acme, { customerId, code: partner.slug }))
  }
  return made
}

describe('Referrals', () => {
  test('are those of the key’s partner alone, newest first, under the names that the host has for them', async () => {
    const [jane, john] = [await keyedPartner(server, acme, 'jane'), await keyedPartner(server, acme, 'john')]
    const [first, second] = await bring(jane, 'tnt_1', 'tnt_2')
    await bring(john, 'tnt_3')
    expect(await referrals(jane)).toEqual({
      data: [
        { id: second?.id, tenantId: 'tnt_2', status: 'active', createdAt: second?.createdAt },
        { id: first?.id, tenantId: 'tnt_1', status: 'active', createdAt: first?.createdAt },
      ],
      total: 2,
    })
    expect((await referrals(john)).data.map(each => each.tenantId)).toEqual(['tnt_3'])
  })

  test('are none for a partner that has brought nobody', async () => {
    expect(await referrals(await keyedPartner(server, acme, 'idle'))).toEqual({ data: [], total: 0 })
  })

  test('are not seen under a name that this server made where the host has one', async () => {
    const partner = await keyedPartner(server, acme, 'own-id')
    await bring(partner, 'host-name')
    expect(JSON.stringify(await referrals(partner))).not.toContain('cus_')
  })

  const nothing = { reviewAt: null, approvedAt: null, rejectedAt: null, churnedAt: null }

  test.each([
    ['review', { reviewAt: '2026-03-01T00:00:00.000Z' }],
    ['rejected', { rejectedAt: '2026-03-01T00:00:00.000Z' }],
    ['churned', { churnedAt: '2026-03-01T00:00:00.000Z' }],
  ])('that stand elsewhere say so: %s', async (status, facts) => {
    const partner = await keyedPartner(server, acme, `in-${status}`)
    const [one] = await bring(partner, `customer-in-${status}`)
    await db()
      .updateTable('referrals')
      .set({ ...nothing, ...facts })
      .where('id', '=', one?.id ?? '')
      .execute()
    expect((await referrals(partner)).data.map(each => each.status)).toEqual([status])
  })

  test('all come at once where nobody asks for pages, and else page by page, each once', async () => {
    const partner = await keyedPartner(server, acme, 'many')
    await bring(partner, ...Array.from({ length: 25 }, (_, at) => `many-${at}`))
    const all = await partner.get('referrals')
    expect(answered(all, 200, PartnerReferralList).data).toHaveLength(25)
    expect(all.headers.get('link')).toBeNull()

    const seen: string[] = []
    let next: string | undefined = 'referrals?per_page=10'
    for (let pages = 0; next && pages < 5; pages++) {
      const reply = await partner.get(next)
      const { data, total } = answered(reply, 200, PartnerReferralList)
      expect(total).toBe(25)
      seen.push(...data.map(each => each.tenantId))
      next = /^<\/api\/v1\/partners\/(\S+)>; rel="next"$/.exec(reply.headers.get('link') ?? '')?.[1]
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => `many-${24 - at}`))
    expect(await referrals(partner, '?page=4&per_page=10')).toEqual({ data: [], total: 25 })
  })

  test.each(['page=0', 'page=x', 'per_page=0', 'per_page=1001', 'per_page=-1'])('are not asked for with %s', async query => {
    const partner = await keyedPartner(server, acme, query.replace(/\W/g, '-'))
    expect(refused(await partner.get(`referrals?${query}`), 422, 'invalid')).toEqual([query.split('=')[0]])
  })
})

describe('Commissions', () => {
  test('are one row for each referral and month, in decimals, with their sum', async () => {
    const partner = await keyedPartner(server, acme, 'earner')
    const [first, second] = await bring(partner, 'payer-1', 'payer-2')
    for (const amount of [59_800, 10_005])
      await pay(server, acme, { customerId: 'payer-1', amount, occurredAt: '2026-03-02T00:00:00Z' })
    await pay(server, acme, { customerId: 'payer-2', amount: 7, occurredAt: '2026-03-02T00:00:00Z' })
    await pay(server, acme, { customerId: 'payer-2', amount: 59_800, occurredAt: '2026-02-02T00:00:00Z' })
    const march = { currency: 'EUR', status: 'calculated', period: '2026-03' }
    const { data, totalAmount } = await commissions(partner, '?period=2026-03')
    expect(data).toEqual([
      { referralId: first?.id, amount: 139.61, ...march },
      { referralId: second?.id, amount: 0.01, ...march },
    ])
    expect(totalAmount).toBe(139.62)
    const all = await commissions(partner)
    expect(all.data.map(each => [each.period, each.amount])).toEqual([
      ['2026-03', 139.61],
      ['2026-03', 0.01],
      ['2026-02', 119.6],
    ])
    expect(all.totalAmount).toBe(259.22)
    expect(await commissions(partner, '?period=2025-12')).toEqual({ data: [], totalAmount: 0 })
  })

  test('have the decimals of their currency, and the total is that of the program’s own', async () => {
    const partner = await keyedPartner(server, acme, 'currencies')
    await bring(partner, 'traveller')
    const sale = { customerId: 'traveller', occurredAt: '2026-03-02T00:00:00Z' }
    await pay(server, acme, { ...sale, amount: 59_800, currency: 'JPY' })
    await pay(server, acme, { ...sale, amount: 59_800, currency: 'KWD' })
    await pay(server, acme, { ...sale, amount: 59_800, currency: 'EUR' })
    const { data, totalAmount } = await commissions(partner)
    expect(data.map(each => `${each.amount} ${each.currency}`)).toEqual(['119.6 EUR', '11960 JPY', '11.96 KWD'])
    expect(totalAmount).toBe(119.6)
  })

  test('of a program that counts in yen or dinars are summed in these', async () => {
    for (const [currency, amount] of [
      ['JPY', 23_920],
      ['KWD', 23.92],
    ] as const) {
      const program = await newProgram(server, { currency })
      const partner = await keyedPartner(server, program, 'foreign')
      await refer(server, program, { customerId: 'one', code: 'foreign' })
      for (let sales = 0; sales < 2; sales++) await pay(server, program, { customerId: 'one', amount: 59_800, currency })
      expect((await commissions(partner)).totalAmount).toBe(amount)
    }
  })

  test('never lose a cent to the way that numbers are added', async () => {
    const partner = await keyedPartner(server, acme, 'cents')
    await bring(partner, 'cents-1')
    for (let sales = 0; sales < 10; sales++) await pay(server, acme, { customerId: 'cents-1', amount: 50 })
    const { data, totalAmount } = await commissions(partner)
    expect([data[0]?.amount, totalAmount]).toEqual([1, 1])
  })

  test('are reversed as far as refunds and rejections took them back', async () => {
    const partner = await keyedPartner(server, acme, 'refunded')
    const [referral] = await bring(partner, 'refunded-1')
    const sales: Conversion[] = []
    for (let count = 0; count < 3; count++) sales.push(await pay(server, acme, { customerId: 'refunded-1', amount: 59_800 }))
    const refund = (at: number, amount?: number) =>
      server.ask('POST', '/v1/refunds', {
        key: acme.secret,
        body: { externalId: `refund-${at}`, conversionExternalId: sales[at]?.externalId, ...(amount && { amount }) },
      })
    expect([(await refund(0)).status, (await refund(1, 29_900)).status]).toEqual([201, 201])
    const rejected = `/v1/apps/${acme.program.id}/commissions/${sales[2]?.commissions[0]?.id}/reject`
    const row = { referralId: referral?.id, currency: 'EUR', period: '2026-03' }
    expect(await commissions(partner)).toEqual({
      data: [
        { ...row, amount: 179.4, status: 'calculated' },
        { ...row, amount: 179.4, status: 'reversed' },
      ],
      totalAmount: 179.4,
    })
    expect((await server.ask('POST', rejected, { key: acme.secret, body: {} })).status).toBe(200)
    expect(await commissions(partner)).toEqual({
      data: [
        { ...row, amount: 59.8, status: 'calculated' },
        { ...row, amount: 299, status: 'reversed' },
      ],
      totalAmount: 59.8,
    })
  })

  test('are paid when their payout is, which stands in a row of its own', async () => {
    const partner = await keyedPartner(server, acme, 'paid')
    const [referral] = await bring(partner, 'paid-1')
    const [first] = (await pay(server, acme, { customerId: 'paid-1', amount: 59_800 })).commissions
    await pay(server, acme, { customerId: 'paid-1', amount: 10_000 })
    await decided(server, acme, first?.id ?? '', 'approve')
    const [payout] = (await runPayouts(server, acme)).data.filter(each => each.partnerId === partner.id)
    const row = { referralId: referral?.id, currency: 'EUR', period: '2026-03' }
    expect((await commissions(partner)).data).toEqual([{ ...row, amount: 139.6, status: 'calculated' }])
    await markedPaid(server, acme, payout?.id ?? '')
    expect(await commissions(partner)).toEqual({
      data: [
        { ...row, amount: 20, status: 'calculated' },
        { ...row, amount: 119.6, status: 'paid' },
      ],
      totalAmount: 139.6,
    })
  })

  test('come page by page where somebody asks for it, with the sum of all', async () => {
    const partner = await keyedPartner(server, acme, 'com-pages')
    await bring(partner, 'cp-1', 'cp-2', 'cp-3')
    for (const customerId of ['cp-1', 'cp-2', 'cp-3']) await pay(server, acme, { customerId, amount: 59_800 })
    const first = await partner.get('commissions?period=2026-03&per_page=2')
    expect(answered(first, 200, PartnerCommissionList)).toMatchObject({ data: [{}, {}], totalAmount: 358.8 })
    expect(first.headers.get('link')).toBe('</api/v1/partners/commissions?period=2026-03&per_page=2&page=2>; rel="next"')
    const rest = await partner.get('commissions?period=2026-03&per_page=2&page=2')
    expect(answered(rest, 200, PartnerCommissionList)).toMatchObject({ data: [{}], totalAmount: 358.8 })
    expect(rest.headers.get('link')).toBeNull()
  })

  test.each([
    '2026',
    '2026-1',
    '2026-13',
    '2026-00',
    '2026-01-01',
    'january',
    '',
    '2026-01%20',
  ])('are not those of the month %j', async period => {
    const partner = await keyedPartner(server, acme, `month-${Buffer.from(period).toString('hex') || 'none'}`)
    expect(refused(await partner.get(`commissions?period=${period}`), 422, 'invalid')).toEqual(['period'])
  })
})

describe('A code', () => {
  test('is made from its label, leads to the program’s site, and counts from the first click on', async () => {
    const partner = await keyedPartner(server, acme, 'maker')
    const made = await make(partner, 'blog-campaign-feb')
    expect(made).toEqual({
      code: expect.stringMatching(/^ref_blog_feb_[a-z0-9]{3}$/),
      url: `https://acme.example/?ref=${made.code}`,
      createdAt: server.clock.now.toISOString(),
    })
    const { clickId } = await click(server, acme, { code: made.code })
    expect((await clicksOf(server)).find(each => each.id === clickId)?.partnerId).toBe(partner.id)
    const referral = await refer(server, acme, { customerId: 'via-code', code: made.code.toUpperCase() })
    expect([referral.partnerId, referral.code]).toEqual([partner.id, made.code])
  })

  test('with a label that was used before is another', async () => {
    const partner = await keyedPartner(server, acme, 'again')
    const made = await Promise.all(Array.from({ length: 10 }, () => make(partner, 'newsletter')))
    expect(new Set(made.map(each => each.code)).size).toBe(10)
  })

  test('stands in the list with the partner’s own, newest first, and in nobody else’s', async () => {
    const partner = await keyedPartner(server, acme, 'lister')
    pass(server, 1_000)
    const made = await make(partner, 'Spring campaign')
    expect(await codes(partner)).toEqual({
      data: [
        { ...made, label: 'Spring campaign', retiredAt: null },
        expect.objectContaining({ code: 'lister', label: null, url: 'https://acme.example/?ref=lister', retiredAt: null }),
      ],
      total: 2,
    })
  })

  test('that is retired brings nobody from then on, keeps what it brought, and is never given away again', async () => {
    const partner = await keyedPartner(server, acme, 'retirer')
    const { code } = await make(partner, 'old')
    await refer(server, acme, { customerId: 'brought-before', code })
    const retired = answered(await partner.remove(`codes/${code}`), 200, PartnerCode)
    expect(retired).toMatchObject({ code, label: 'old', retiredAt: server.clock.now.toISOString() })
    pass(server, day)
    expect(answered(await partner.remove(`codes/${code.toUpperCase()}`), 200, PartnerCode)).toEqual(retired)
    const late = await server.ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId: 'too-late', code } })
    expect(answered(late, 200, NotAttributed)).toEqual({ attributed: false, reason: 'retired_code' })
    expect((await referrals(partner)).data.map(each => each.tenantId)).toEqual(['brought-before'])
    const taken = await server.ask('POST', '/api/v1/partners', { key: acme.secret, body: { email: 'x@example.com', slug: code } })
    refused(taken, 409, 'code_taken')
  })

  test('by which the partner goes cannot be retired', async () => {
    const partner = await keyedPartner(server, acme, 'first-code')
    refused(await partner.remove('codes/first-code'), 409, 'code_is_first')
    refused(await partner.remove('codes/FIRST-CODE'), 409, 'code_is_first')
    await server.ask('PATCH', `/api/v1/partners/${partner.id}`, { key: acme.secret, body: { slug: 'renamed' } })
    refused(await partner.remove('codes/renamed'), 409, 'code_is_first')
    expect(answered(await partner.remove('codes/first-code'), 200, PartnerCode).retiredAt).not.toBeNull()
  })

  test('of another, of another program, or of nobody is not there, and stays', async () => {
    const [partner, other] = [await keyedPartner(server, acme, 'wall-1'), await keyedPartner(server, acme, 'wall-2')]
    const elsewhere = await keyedPartner(server, await newProgram(server), 'wall-3')
    const { code } = await make(other, 'mine')
    const foreign = await make(elsewhere, 'mine')
    const before = await everyRow(server)
    const replies = [code, other.slug, foreign.code, 'ref_nobody', '%00', 'x'.repeat(5_000)].map(each =>
      partner.remove(`codes/${each}`),
    )
    for (const reply of await Promise.all(replies)) refused(reply, 404, 'code_not_found')
    expect(await everyRow(server)).toEqual(before)
  })

  test('more than a hundred are not in use at once, however many ask', async () => {
    const partner = await keyedPartner(server, acme, 'hundred')
    const row = {
      programId: acme.program.id,
      partnerId: partner.id,
      customerId: null,
      label: 'x',
      createdAt: '2026-01-01T00:00:00.000Z',
    }
    const rows = Array.from({ length: 97 }, (_, at) => ({ ...row, code: `h-${at}`, codeFold: `h-${at}` }))
    await db().insertInto('codes').values(rows).execute()
    const replies = await Promise.all(Array.from({ length: 6 }, () => partner.post('codes', { label: 'more' })))
    expect(replies.filter(each => each.status === 201)).toHaveLength(2)
    for (const each of replies.filter(each => each.status !== 201)) refused(each, 409, 'too_many_codes')
    answered(await partner.remove('codes/h-1'), 200, PartnerCode)
    await make(partner, 'room')
    expect((await codes(partner)).total).toBe(101)
  })

  test('needs a label', async () => {
    const partner = await keyedPartner(server, acme, 'label')
    for (const body of [{}, { label: '' }, { label: 7 }, { label: 'x'.repeat(121) }])
      expect(refused(await partner.post('codes', body), 422, 'invalid')).toEqual(['label'])
  })
})

test('The audit log has who made a code or a key and who took it back, once, without the key', async () => {
  const partner = await keyedPartner(server, acme, 'audited')
  const { code } = await make(partner, 'noted')
  for (let times = 0; times < 2; times++) answered(await partner.remove(`codes/${code}`), 200, PartnerCode)
  const listed = await server.ask('GET', '/v1/affiliate/api-keys', { token: partner.session })
  const { id } = answered(listed, 200, PartnerKeyList).data[0] ?? { id: '' }
  await server.ask('DELETE', `/v1/affiliate/api-keys/${id}`, { token: partner.session })
  const token = await signIn(server)
  const log = async (object: string) => {
    const reply = await server.ask('GET', `/v1/apps/${acme.program.id}/audit?object=${object}`, { token })
    return answered(reply, 200, AuditList)
      .data.map(each => `${each.actor.kind} ${each.action}`)
      .sort()
  }
  expect(await log(code)).toEqual(['partner code.created', 'partner code.retired'])
  expect(await log(id)).toEqual(['session partner_key.created', 'session partner_key.revoked'])
  expect(JSON.stringify(await everyRow(server))).not.toContain(partner.key)
})

type Payout = Partial<Insertable<Schema['payouts']>> & { amount: number }

/** A payout as the program makes it. */
async function payOut(partner: KeyedPartner, payout: Payout) {
  pass(server, 1_000)
  const id = `pay_${String(++payouts).padStart(22, '1')}`
  const createdAt = server.clock.now.toISOString()
  const row = { id, programId: acme.program.id, partnerId: partner.id, currency: 'EUR', method: 'paypal', createdAt, ...payout }
  await db().insertInto('payouts').values(row).execute()
  return { id, createdAt }
}

let payouts = 0

describe('Payouts', () => {
  test('are those of the key’s partner, newest first, with how they stand', async () => {
    const [partner, other] = [await keyedPartner(server, acme, 'payee'), await keyedPartner(server, acme, 'payee-2')]
    const at = '2026-03-09T00:00:00.000Z'
    const paid = await payOut(partner, { amount: 11_960, paidAt: at, reference: 'PAYPAL-1' })
    const failed = await payOut(partner, { amount: 5_000, failedAt: at, failure: 'Account closed' })
    const open = await payOut(partner, { amount: 598, currency: 'JPY', method: null })
    await payOut(other, { amount: 1 })
    expect(answered(await partner.get('payouts'), 200, PartnerPayoutList)).toEqual({
      data: [
        { ...open, amount: 598, currency: 'JPY', status: 'pending', method: null, reference: null, paidAt: null },
        { ...failed, amount: 50, currency: 'EUR', status: 'failed', method: 'paypal', reference: null, paidAt: null },
        { ...paid, amount: 119.6, currency: 'EUR', status: 'paid', method: 'paypal', reference: 'PAYPAL-1', paidAt: at },
      ],
      nextCursor: null,
    })
  })

  test('come page by page, each once', async () => {
    const partner = await keyedPartner(server, acme, 'payee-3')
    for (let amount = 1; amount <= 5; amount++) await payOut(partner, { amount: amount * 100 })
    const seen: number[] = []
    let cursor = ''
    for (let pages = 0; pages < 3; pages++) {
      const page = answered(await partner.get(`payouts?limit=2${cursor}`), 200, PartnerPayoutList)
      seen.push(...page.data.map(each => each.amount))
      cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
    }
    expect([seen, cursor]).toEqual([[5, 4, 3, 2, 1], ''])
  })
})
