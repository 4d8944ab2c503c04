import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NotAttributed, Referral } from '../../server/contract/referrals.ts'
import { change, click, day, pass, pay, refer } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { browser, newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow, rowCounts } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
let jane: { id: string }
let bob: { id: string }
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
  acme = await newProgram(server)
  jane = await newPartner(server, acme, { slug: 'JANE20' })
  bob = await newPartner(server, acme, { slug: 'BOB' })
})
afterAll(() => server.stop())

// Each test has a customer and a visitor of its own.
let tests = 0
let customerId = ''
let from = ''
beforeEach(() => {
  tests++
  customerId = `customer-${tests}`
  from = `203.0.113.${tests}`
})

const visit = (code: string, program = acme) => click(server, program, { code, from })
const signUp = (source: Record<string, unknown>) =>
  server.ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId, ...source } })
const attributed = (source: Record<string, unknown>) => refer(server, acme, { customerId, ...source })
const nobody = async (source: Record<string, unknown>) => answered(await signUp(source), 200, NotAttributed).reason

describe('A signup is attributed', () => {
  test('by the cookie’s value as it is', async () => {
    const { clickId } = await visit('JANE20')
    expect(await attributed({ ref: `JANE20.${clickId}` })).toEqual({
      id: expect.stringMatching(/^ref_\w{22}$/),
      attributed: true,
      code: 'JANE20',
      partnerId: jane.id,
      customerId,
      clickId,
      campaign: null,
      status: 'attributed',
      createdAt: server.clock.now.toISOString(),
    })
  })

  test('by a click', async () => {
    const { clickId } = await visit('JANE20')
    expect(await attributed({ clickId })).toMatchObject({ code: 'JANE20', partnerId: jane.id, clickId })
  })

  test('by a code, in whatever letter case it was typed', async () => {
    expect(await attributed({ code: ' jane20 ' })).toMatchObject({ code: 'JANE20', partnerId: jane.id, clickId: null })
  })

  test('by a cookie without a click, or with one that nobody has told of', async () => {
    expect(await attributed({ ref: 'BOB' })).toMatchObject({ partnerId: bob.id, clickId: null })
    customerId += '-too'
    expect(await attributed({ ref: 'BOB.clk_blockedByTheBrowser' })).toMatchObject({ partnerId: bob.id, clickId: null })
  })

  test('with the campaign that is named, or the click’s', async () => {
    const { clickId } = await click(server, acme, { code: 'JANE20', from, campaign: 'spring' })
    expect(await attributed({ clickId })).toMatchObject({ campaign: 'spring' })
    customerId += '-too'
    expect(await attributed({ clickId, campaign: 'autumn' })).toMatchObject({ campaign: 'autumn' })
  })

  test('to the cookie’s code and not to a click that is another code’s', async () => {
    const { clickId } = await visit('JANE20')
    expect(await attributed({ ref: `BOB.${clickId}` })).toMatchObject({ partnerId: bob.id, clickId: null })
  })
})

describe('A signup is attributed to nobody', () => {
  test.each([
    ['nothing_given', {}],
    ['nothing_given', { ref: '', code: '  ', clickId: null }],
    ['unknown_code', { code: 'NOBODY' }],
    ['unknown_code', { ref: 'NOBODY.clk_notOnRecord0000001' }],
    ['unknown_click', { clickId: 'clk_notOnRecord0000001' }],
    ['unknown_click', { clickId: 'whatever' }],
  ])('%s: %j', async (reason, source) => {
    const { referrals } = await rowCounts(server)
    expect(await nobody(source)).toBe(reason)
    expect((await rowCounts(server)).referrals).toBe(referrals)
  })

  test('where its code has been retired', async () => {
    await newPartner(server, acme, { slug: 'OLD' })
    const { clickId } = await visit('OLD')
    const retiredAt = server.clock.now.toISOString()
    await server.desk().database.db.updateTable('codes').set({ retiredAt }).where('code', '=', 'OLD').execute()
    for (const source of [{ code: 'old' }, { clickId }, { ref: `OLD.${clickId}` }])
      expect(await nobody(source)).toBe('retired_code')
  })

  test('where its partner has been deactivated, and to the partner again where it has been made active', async () => {
    const { id } = await newPartner(server, acme, { slug: 'GONE' })
    const { clickId } = await visit('GONE')
    await server.ask('DELETE', `/api/v1/partners/${id}`, { key: acme.secret })
    for (const source of [{ code: 'gone' }, { clickId }, { ref: `GONE.${clickId}` }])
      expect(await nobody(source)).toBe('inactive_partner')
    await server.ask('PATCH', `/api/v1/partners/${id}`, { key: acme.secret, body: { status: 'active' } })
    expect(await attributed({ clickId })).toMatchObject({ partnerId: id, clickId })
  })

  test('where the click was a bot’s', async () => {
    const headers = { 'user-agent': 'Googlebot/2.1', 'x-forwarded-for': from }
    const { body } = await server.ask('POST', '/referrals/click', { key: acme.publishable, headers, body: { code: 'JANE20' } })
    expect(await nobody({ clickId: body.clickId })).toBe('unknown_click')
  })

  test('where the click was in another program', async () => {
    const other = await newProgram(server)
    await newPartner(server, other, { slug: 'THEIRS' })
    const { clickId } = await visit('THEIRS', other)
    expect(await nobody({ clickId })).toBe('unknown_click')
    expect(await nobody({ ref: `THEIRS.${clickId}` })).toBe('unknown_code')
    expect(await attributed({ ref: `JANE20.${clickId}` })).toMatchObject({ partnerId: jane.id, clickId: null })
  })

  test('and may be attributed later on', async () => {
    expect(await nobody({})).toBe('nothing_given')
    expect(await attributed({ code: 'JANE20' })).toMatchObject({ partnerId: jane.id })
  })
})

describe('A customer who is bound', () => {
  test('stays bound, and is answered with the first referral', async () => {
    const first = await attributed({ code: 'JANE20', campaign: 'spring' })
    pass(server, day)
    const { clickId } = await visit('BOB')
    const before = await everyRow(server)
    for (const source of [{ code: 'JANE20' }, { code: 'BOB', campaign: 'autumn' }, { ref: `BOB.${clickId}` }, {}]) {
      expect(answered(await signUp(source), 200, Referral)).toEqual(first)
    }
    expect(await everyRow(server)).toEqual(before)
  })

  test.each([
    ['new', false],
    ['known', true],
  ])('is bound to one, however many codes are named at the same time, where the customer is %s', async (_, known) => {
    if (known) await signUp({})
    const slugs = Array.from({ length: 20 }, (_, i) => `race-${tests}-${i}`)
    for (const slug of slugs) await newPartner(server, acme, { slug })
    const before = await rowCounts(server)
    const replies = await Promise.all(slugs.map(code => signUp({ code })))
    const made = replies.filter(each => each.status === 201)
    expect(made).toHaveLength(1)
    for (const each of replies) expect(answered(each, each.status, Referral)).toEqual(made[0]?.body)
    const after = await rowCounts(server)
    expect(after.referrals).toBe((before.referrals ?? 0) + 1)
    expect(after.customers).toBe((before.customers ?? 0) + (known ? 0 : 1))
    const { db } = server.desk().database
    const days = await db.selectFrom('partnerDay').select('signups').where('partnerId', '=', made[0]?.body.partnerId).execute()
    expect(days.map(row => Number(row.signups))).toEqual([1])
  })

  test('earns under the terms of the moment, and later customers under later ones', async () => {
    const earns = async () => (await pay(server, acme, { customerId, amount: 10_000 })).commissions[0]?.amount
    await attributed({ code: 'JANE20' })
    await change(server, acme, { defaultCommissionRate: 30, holdingPeriodDays: 14 })
    expect(await earns()).toBe(2_000)
    customerId += '-later'
    await attributed({ code: 'JANE20' })
    const { commissions } = await pay(server, acme, { customerId, amount: 10_000 })
    const availableAt = new Date(server.clock.now.getTime() + 14 * day).toISOString()
    expect(commissions).toMatchObject([{ amount: 3_000, availableAt, why: { ruleFrom: 'program', rate: 30 } }])

    await server.ask('PATCH', `/api/v1/partners/${jane.id}`, { key: acme.secret, body: { commission_pct: 25 } })
    expect(await earns()).toBe(3_000)
    customerId += '-own'
    await attributed({ code: 'JANE20' })
    expect((await pay(server, acme, { customerId, amount: 10_000 })).commissions).toMatchObject([
      { amount: 2_500, why: { ruleFrom: 'partner', rate: 25 } },
    ])
    await change(server, acme, { defaultCommissionRate: 20, holdingPeriodDays: 30 })
  })
})

test.each([
  ['customerId', { customerId: '' }],
  ['customerId', { customerId: 'x'.repeat(256) }],
  ['customerId', { customerId: 7 }],
  ['customerId', { customerId: undefined }],
  ['email', { email: 'jane' }],
  ['ref', { ref: { code: 'JANE20' } }],
  ['code', { code: ['JANE20'] }],
  ['campaign', { campaign: 'x'.repeat(121) }],
])('A signup is not taken with a bad %s: %j', async (path, body) => {
  const before = await everyRow(server)
  expect(refused(await signUp({ code: 'JANE20', ...body }), 422, 'invalid')).toEqual([path])
  expect(await everyRow(server)).toEqual(before)
})

test('A page cannot attribute signups', async () => {
  const reply = await server.ask('POST', '/v1/referrals', {
    key: acme.publishable,
    headers: { 'user-agent': browser },
    body: { customerId, code: 'JANE20' },
  })
  refused(reply, 403, 'wrong_credential')
})
