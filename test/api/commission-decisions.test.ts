import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Commission } from '../../server/contract/commissions.ts'
import { dashboard, day, minute, pass, pay, refer, sessionOf, statsOf } from '../support/acts.ts'
import { act, balanceOf, commissionList, commissionOf, decided, expectExact, refund } from '../support/money.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())
afterEach(() => expectExact(server))

let tests = 0
let partner: { id: string; slug: string; email: string }
let customerId = ''
beforeEach(async () => {
  partner = await newPartner(server, acme, { slug: `partner-${++tests}` })
  customerId = `customer-${tests}`
  await refer(server, acme, { customerId, code: partner.slug })
})

/** A sale of 598.00, which earns 119.60; the commission's id. */
async function earned(more: Record<string, unknown> = {}) {
  const { commissions } = await pay(server, acme, { customerId, amount: 59_800, ...more })
  return commissions[0]?.id ?? ''
}
const balance = () => balanceOf(server, acme, partner)
const decide = (id: string, what: string, body = {}) => decided(server, acme, id, what, body)
const adjustment = (body: object, key = acme.secret) =>
  server.ask('POST', `/v1/apps/${acme.program.id}/commissions`, {
    key,
    body: { partnerId: partner.id, currency: 'EUR', ...body },
  })

describe('A commission that is approved early', () => {
  test('may be paid at once, and is not approved a second time by its date', async () => {
    const id = await earned()
    pass(server, day)
    expect(await decide(id, 'approve', { reason: 'A good customer' })).toMatchObject({
      id,
      status: 'approved',
      amount: 11_960,
      availableAt: server.clock.now.toISOString(),
    })
    expect(await balance()).toEqual([0, 11_960])
    pass(server, 30 * day)
    expect(await balance()).toEqual([0, 11_960])
    expect((await commissionOf(server, acme, id)).decisions).toMatchObject([{ act: 'approve', reason: 'A good customer' }])
  })
})

describe('A commission that is held', () => {
  test('is in no balance, however long, until it is released to where it then belongs', async () => {
    const id = await earned()
    expect(await decide(id, 'hold', { reason: 'Looks odd' })).toMatchObject({
      status: 'held',
      heldReason: 'Looks odd',
      amount: 11_960,
    })
    expect(await balance()).toEqual([0, 0])
    pass(server, 29 * day)
    expect(await decide(id, 'release')).toMatchObject({ status: 'pending', heldReason: null })
    expect(await balance()).toEqual([11_960, 0])
    await decide(id, 'hold')
    pass(server, 2 * day)
    expect(await balance()).toEqual([0, 0])
    expect((await decide(id, 'release')).status).toBe('approved')
    expect(await balance()).toEqual([0, 11_960])
  })

  test('shrinks by refunds, and comes back as what is left', async () => {
    const id = await earned({ externalId: `held-${tests}` })
    await decide(id, 'hold')
    await refund(server, acme, { conversionExternalId: `held-${tests}`, amount: 29_900 })
    expect(await balance()).toEqual([0, 0])
    expect(await decide(id, 'release')).toMatchObject({ amount: 5_980 })
    expect(await balance()).toEqual([5_980, 0])
  })

  test('after it was approved early goes back to being approved', async () => {
    const id = await earned()
    for (const what of ['approve', 'hold']) await decide(id, what)
    expect(await balance()).toEqual([0, 0])
    expect((await decide(id, 'release')).status).toBe('approved')
    expect(await balance()).toEqual([0, 11_960])
  })
})

describe('A commission that is rejected', () => {
  test.each([
    ['at once', null],
    ['while it is held', 'hold'],
    ['after it was approved', 'approve'],
  ])('%s is worth nothing', async (_, before) => {
    const id = await earned()
    if (before) await decide(id, before)
    expect(await decide(id, 'reject', { reason: 'Self-referral' })).toMatchObject({ status: 'rejected', amount: 11_960 })
    expect(await balance()).toEqual([0, 0])
    pass(server, 31 * day)
    expect(await balance()).toEqual([0, 0])
  })

  test('is not touched by a refund, before or after', async () => {
    const [first, second] = [await earned({ externalId: `a-${tests}` }), await earned({ externalId: `b-${tests}` })]
    await refund(server, acme, { conversionExternalId: `a-${tests}`, amount: 29_900 })
    for (const id of [first, second]) await decide(id, 'reject')
    for (const name of ['a', 'b']) await refund(server, acme, { conversionExternalId: `${name}-${tests}` })
    expect(await balance()).toEqual([0, 0])
    for (const id of [first, second]) expect((await commissionOf(server, acme, id)).status).toBe('rejected')
  })
})

describe('A commission of a referral that is under review', () => {
  /** A partner that buys from itself: its referral waits for somebody to look at it. */
  async function suspicious() {
    customerId = `self-${tests}`
    const { id } = await refer(server, acme, { customerId, code: partner.slug, email: partner.email })
    const commission = await earned({ externalId: `review-${tests}` })
    expect(await commissionOf(server, acme, commission)).toMatchObject({
      status: 'held',
      heldReason: 'referral_review',
      amount: 11_960,
    })
    expect(await balance()).toEqual([0, 0])
    const review = (what: string) => server.ask('POST', `/admin/referrals/${id}/${what}`, { key: acme.secret, body: {} })
    return { commission, review }
  }

  test('is held, and goes on when the referral is approved', async () => {
    const { commission, review } = await suspicious()
    const { decisions } = await commissionOf(server, acme, commission)
    expect(decisions).toMatchObject([{ act: 'hold', reason: 'referral_review', by: 'system' }])
    expect((await review('approve')).status).toBe(200)
    expect((await commissionOf(server, acme, commission)).status).toBe('pending')
    expect(await balance()).toEqual([11_960, 0])
    await earned()
    expect(await balance()).toEqual([23_920, 0])
  })

  test('is rejected with it, and nothing is earned from then on', async () => {
    const { commission, review } = await suspicious()
    expect((await review('reject')).status).toBe(200)
    expect((await commissionOf(server, acme, commission)).status).toBe('rejected')
    expect(await earned()).toBe('')
    expect(await balance()).toEqual([0, 0])
  })

  test('stays as somebody has decided on it meanwhile', async () => {
    const { commission, review } = await suspicious()
    await decide(commission, 'release')
    await review('reject')
    expect((await commissionOf(server, acme, commission)).status).toBe('pending')
  })

  test('is not lost where the review ends while payments come in', async () => {
    const { review } = await suspicious()
    await Promise.all([...Array.from({ length: 8 }, () => earned()), review('approve')])
    expect(await balance()).toEqual([9 * 11_960, 0])
  })
})

describe('A decision', () => {
  test.each(['approve', 'hold', 'reject', 'release'])('to %s that is said again changes nothing', async what => {
    const id = await earned()
    if (what === 'release') await decide(id, 'hold')
    const first = await decide(id, what, { reason: 'Because' })
    pass(server, minute)
    const before = await everyRow(server)
    expect(await decide(id, what, { reason: 'Another' })).toEqual(first)
    expect(await everyRow(server)).toEqual(before)
  })

  test('that the state does not allow is refused, and changes nothing', async () => {
    const [pending, held, rejected, gone] = [
      await earned(),
      await earned(),
      await earned(),
      await earned({ externalId: `g-${tests}` }),
    ]
    await decide(held, 'hold')
    await decide(rejected, 'reject')
    await refund(server, acme, { conversionExternalId: `g-${tests}` })
    const before = await everyRow(server)
    refused(await act(server, acme, pending, 'release'), 409, 'commission_is_not_held')
    refused(await act(server, acme, held, 'approve'), 409, 'commission_is_held')
    for (const what of ['approve', 'hold', 'release'])
      refused(await act(server, acme, rejected, what), 409, 'commission_is_rejected')
    for (const what of ['approve', 'hold', 'release', 'reject'])
      refused(await act(server, acme, gone, what), 409, 'commission_is_reversed')
    refused(await act(server, acme, 'com_1111111111111111111111', 'hold'), 404, 'commission_not_found')
    refused(await act(server, acme, pending, 'hold', { reason: 5 }), 422, 'invalid')
    expect(await everyRow(server)).toEqual(before)
  })

  test('has one winner where several are made at once', async () => {
    const id = await earned()
    const replies = await Promise.all(Array.from({ length: 10 }, () => act(server, acme, id, 'hold')))
    expect(replies.every(each => each.status === 200)).toBe(true)
    expect((await commissionOf(server, acme, id)).decisions).toHaveLength(1)
    const mixed = await Promise.all(['reject', 'release', 'reject', 'release'].map(what => act(server, acme, id, what)))
    expect(mixed.filter(each => each.status === 200).length).toBeGreaterThanOrEqual(2)
    const { status } = await commissionOf(server, acme, id)
    expect(status).toBe('rejected')
    expect(await balance()).toEqual([0, 0])
  })

  test('is on record with who made it', async () => {
    const id = await earned()
    await decide(id, 'hold')
    pass(server, 1)
    const token = await signIn(server)
    answered(
      await server.ask('POST', `/v1/apps/${acme.program.id}/commissions/${id}/release`, { token, body: {} }),
      200,
      Commission,
    )
    const { decisions } = await commissionOf(server, acme, id)
    expect(decisions.map(each => [each.act, each.by.slice(0, 4)])).toEqual([
      ['hold', 'key_'],
      ['release', 'adm_'],
    ])
    const audited = await server.desk().database.db.selectFrom('auditEntries').select('action').where('object', '=', id).execute()
    expect(audited.map(each => each.action).sort()).toEqual(['commission.held', 'commission.released'])
  })
})

describe('A correction', () => {
  test('may be paid at once, and says what it is for', async () => {
    const reply = await adjustment({ amount: 2_500, note: 'A bonus for the launch' })
    const made = answered(reply, 201, Commission)
    expect(made).toMatchObject({
      partnerId: partner.id,
      amount: 2_500,
      earned: 2_500,
      currency: 'EUR',
      status: 'approved',
      conversionId: null,
      why: { kind: 'adjustment', note: 'A bonus for the launch' },
    })
    expect(await balance()).toEqual([0, 2_500])
    const token = await sessionOf(server, acme, { customerId: `self-${tests}`, email: partner.email })
    expect((await dashboard(server, token)).commissions).toMatchObject([{ amount: 25, why: { kind: 'adjustment' } }])
    expect(
      (await commissionOf(server, acme, made.id)).entries.map(each => `${each.kind} ${each.account} ${each.amount}`),
    ).toEqual(['commission_adjusted partner_earnings 2500', 'commission_adjusted commission_expense -2500'])
  })

  test('below zero may take a balance below zero, and can be taken back', async () => {
    await earned()
    const { id } = answered(await adjustment({ amount: -20_000, note: 'Paid twice' }), 201, Commission)
    expect(await balance()).toEqual([11_960, -20_000])
    await decide(id, 'reject')
    expect(await balance()).toEqual([11_960, 0])
  })

  test('in another currency stays in it', async () => {
    answered(await adjustment({ amount: 700, currency: 'JPY', note: 'x' }), 201, Commission)
    expect(await statsOf(server, acme, partner)).toMatchObject({ approved_cents: 0, total_commissions: 1 })
  })

  test.each([
    ['amount', { amount: 0 }],
    ['amount', { amount: 1.5 }],
    ['amount', { amount: -1e15 }],
    ['currency', { currency: 'XXQ' }],
    ['note', { note: ' ' }],
    ['note', { note: undefined }],
    ['partnerId', { partnerId: 7 }],
  ])('is not taken with a bad %s: %j', async (path, more) => {
    const before = await everyRow(server)
    expect(refused(await adjustment({ amount: 1, note: 'x', ...more }), 422, 'invalid')).toEqual([path])
    expect(await everyRow(server)).toEqual(before)
  })

  test('is not made for a partner of another program', async () => {
    const other = await newProgram(server)
    const theirs = await newPartner(server, other, { slug: 'theirs' })
    refused(await adjustment({ partnerId: theirs.id, amount: 1, note: 'x' }), 404, 'partner_not_found')
  })
})

describe('The list', () => {
  test('holds each commission under just the status that it shows, whatever was done to it', async () => {
    const acts = fc.constantFrom('approve', 'hold', 'release', 'reject', 'half', 'rest', 'wait')
    const own = await newProgram(server)
    const hers = await newPartner(server, own, { slug: 'hers' })
    await refer(server, own, { customerId: 'hers', code: 'hers' })
    let sales = 0
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { maxLength: 4 }), async steps => {
        const externalId = `list-${++sales}`
        const { commissions } = await pay(server, own, { externalId, customerId: 'hers', amount: 10_000 })
        const id = commissions[0]?.id ?? ''
        for (const step of steps) {
          if (step === 'half') await refund(server, own, { conversionExternalId: externalId, amount: 5_000 })
          else if (step === 'rest') await refund(server, own, { conversionExternalId: externalId })
          else if (step === 'wait') pass(server, 31 * day)
          else await act(server, own, id, step)
        }
      }),
      { numRuns: 25 },
    )
    const all = (await commissionList(server, own, '?limit=100')).data
    expect(all).toHaveLength(sales)
    const statuses = ['pending', 'approved', 'held', 'rejected', 'reversed', 'paid']
    for (const status of statuses) {
      const listed = (await commissionList(server, own, `?limit=100&status=${status}`)).data
      expect(listed, status).toEqual(all.filter(each => each.status === status))
    }
    const sum = (status: string) => all.filter(each => each.status === status).reduce((total, each) => total + each.amount, 0)
    expect(await balanceOf(server, own, hers)).toEqual([sum('pending'), sum('approved')])
  })

  test('is paged, and can be asked for one partner and month', async () => {
    const ids = [await earned({ occurredAt: '2026-01-15T12:00:00Z' }), await earned(), await earned()]
    const mine = await commissionList(server, acme, `?partnerId=${partner.id}`)
    expect(mine.data.map(each => each.id).sort()).toEqual([...ids].sort())
    const january = await commissionList(server, acme, `?partnerId=${partner.id}&period=2026-01`)
    expect(january.data.map(each => each.id)).toEqual([ids[0]])
    const first = await commissionList(server, acme, `?partnerId=${partner.id}&limit=2`)
    const rest = await commissionList(server, acme, `?partnerId=${partner.id}&limit=2&cursor=${first.nextCursor}`)
    expect([...first.data, ...rest.data]).toEqual(mine.data)
    expect(rest.nextCursor).toBe(null)
  })

  test.each([
    ['status', 'owed'],
    ['period', '2026-13'],
    ['limit', '0'],
  ])('is not given for a bad %s: %s', async (name, value) => {
    const reply = await server.ask('GET', `/v1/apps/${acme.program.id}/commissions?${name}=${value}`, { key: acme.secret })
    expect(refused(reply, 422, 'invalid')).toEqual([name])
  })
})
