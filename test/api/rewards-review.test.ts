import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ReferralStatus } from '../../server/contract/referrals.ts'
import { stateOf } from '../../server/rules/referral-state.ts'
import { change, click, day, hour, pass, pay } from '../support/acts.ts'
import { customerReferrals } from '../support/customer-referrals.ts'
import { refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
let r: ReturnType<typeof customerReferrals>
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
  r = customerReferrals(server, () => acme)
})
afterAll(() => server.stop())
beforeEach(async () => {
  const rewards = { enabled: true, referrerCredits: 10, referredCredits: 5, qualifyOn: 'signup' }
  acme = await newProgram(server, { rewards })
})

const balance = async (who: string) => (await r.credits(who)).balance
const ada = () => r.me('ada', { email: 'ada@example.com' })
const looks = async (id: string) => {
  const { status, reviewReasons } = await r.read(id)
  return [status, ...reviewReasons]
}
const announced = async (id: string) => {
  const { db } = server.desk().database
  return (await db.selectFrom('events').select(['event', 'body']).where('object', '=', id).execute()).filter(
    each => each.event === 'referral.review_required',
  )
}

/** A signup that only its address makes odd: held, because it is the referrer's own. */
const odd = async (n = 1) => r.signUp((await ada()).code, `other-${n}`, { email: `ada+${n}@example.com` })

describe('A signup is held for review', () => {
  test('by the referrer’s own address, and nobody gets anything until it is approved', async () => {
    const { id, status } = await odd()
    expect(status).toBe('review')
    expect(await looks(id)).toEqual(['review', 'self_referral'])
    expect([await balance('ada'), await balance('other-1')]).toEqual([0, 0])
    expect((await r.me('ada')).stats).toMatchObject({ signups: 1, qualified: 1, pending: 1, rewarded: 0 })
    const [news, ...more] = await announced(id)
    expect(JSON.parse(news?.body ?? '').data).toMatchObject({ referralId: id, customerId: 'other-1', reasons: ['self_referral'] })
    expect(more).toEqual([])
    const approved = await r.approve(id)
    expect(approved.status).toBe('rewarded')
    expect([await balance('ada'), await balance('other-1')]).toEqual([10, 5])
    expect((await r.read(id)).history.map(each => each.step)).toEqual(
      expect.arrayContaining(['review_required', 'approved', 'rewarded']),
    )
  })

  test('by one’s own code', async () => {
    expect(await looks((await r.signUp((await ada()).code, 'ada')).id)).toEqual(['review', 'self_referral'])
  })

  test('by a circle of two, and of three', async () => {
    const { code } = await ada()
    await r.signUp(code, 'bob')
    const bob = await r.me('bob')
    await r.signUp(bob.code, 'cleo')
    const circle = await r.signUp((await r.me('cleo')).code, 'ada')
    expect(await looks(circle.id)).toEqual(['review', 'circle'])
    await r.signUp((await r.me('dan')).code, 'eve')
    expect(await looks((await r.signUp((await r.me('eve')).code, 'dan')).id)).toEqual(['review', 'circle'])
  })

  test('of one of two who refer each other at the same time', async () => {
    const codes = [(await r.me('ada')).code, (await r.me('bob')).code]
    const made = await Promise.all([r.signUp(codes[0] as string, 'bob'), r.signUp(codes[1] as string, 'ada')])
    expect(made.map(each => each.status).sort()).toEqual(['review', 'rewarded'])
  })

  test('by the visitor whom the referrer itself was', async () => {
    await newPartner(server, acme, { slug: 'jane' })
    const first = await click(server, acme, { code: 'jane', from: '198.51.100.7' })
    await r.signUp('jane', 'ada', { clickId: first.clickId, code: undefined })
    const { code } = await r.me('ada')
    const again = await click(server, acme, { code, from: '198.51.100.7' })
    const other = await click(server, acme, { code, from: '198.51.100.8' })
    const same = await r.signUp('', 'bob', { clickId: again.clickId })
    const honest = await r.signUp('', 'cleo', { clickId: other.clickId })
    expect(await looks(same.id)).toEqual(['review', 'self_referral'])
    expect(await looks(honest.id)).toEqual(['rewarded'])
    expect((await r.me('ada')).stats.clicks).toBe(2)
  })

  test('by what is only flagged, as long as flags are reviewed', async () => {
    const { code } = await ada()
    const landed = await click(server, acme, { code, url: 'https://acme.example/?gclid=Cj0', from: '198.51.100.9' })
    const ad = await r.signUp('', 'bob', { clickId: landed.clickId })
    expect(await looks(ad.id)).toEqual(['review', 'paid_ads'])
    const thrown = await r.signUp(code, 'cleo', { email: 'cleo@mailinator.com' })
    expect(await looks(thrown.id)).toEqual(['review', 'disposable_email'])
    await change(server, acme, { rewards: { review: 'off' } })
    const unheld = await r.signUp(code, 'dan', { email: 'dan@mailinator.com' })
    expect(await looks(unheld.id)).toEqual(['rewarded', 'disposable_email'])
    await change(server, acme, { fraud: { disposableEmail: 'off' } })
    expect(await looks((await r.signUp(code, 'eve', { email: 'eve@mailinator.com' })).id)).toEqual(['rewarded'])
  })

  test('when friends come faster than friends do', async () => {
    await change(server, acme, { fraud: { velocity: 'hold' }, rewards: { review: 'off' } })
    const { code } = await ada()
    const states = []
    for (let n = 1; n <= 11; n++) states.push((await r.signUp(code, `friend-${n}`)).status)
    expect(states).toEqual([...Array(10).fill('rewarded'), 'review'])
    pass(server, hour)
    expect((await r.signUp(code, 'friend-12')).status).toBe('rewarded')
  })

  test('always, where everything is reviewed, and no earlier than there is something to give', async () => {
    await change(server, acme, { rewards: { review: 'all', qualifyOn: 'first_payment' } })
    const { id, status } = await r.signUp((await ada()).code, 'bob')
    expect(status).toBe('attributed')
    await pay(server, acme, { customerId: 'bob', amount: 1_000 })
    expect(await looks(id)).toEqual(['review'])
    expect(await announced(id)).toHaveLength(1)
    await r.approve(id)
    expect(await balance('ada')).toBe(10)
  })

  test('by a partner’s code too, where a sign holds and not where it is only flagged', async () => {
    await newPartner(server, acme, { slug: 'jane', email: 'jane@example.com' })
    const own = await r.signUp('jane', 'bob', { email: 'Jane+me@example.com' })
    const flagged = await r.signUp('jane', 'cleo', { email: 'cleo@yopmail.com' })
    expect(await looks(own.id)).toEqual(['review', 'self_referral'])
    expect(await looks(flagged.id)).toEqual(['attributed', 'disposable_email'])
    expect((await r.approve(own.id)).status).toBe('attributed')
  })
})

describe('A decision', () => {
  test('to approve is made once, however many make it at once, and the second changes nothing', async () => {
    const { id } = await odd()
    const replies = await Promise.all(Array.from({ length: 8 }, () => r.approve(id)))
    expect(new Set(replies.map(each => each.status))).toEqual(new Set(['rewarded']))
    const before = await r.read(id)
    pass(server, day)
    await r.approve(id)
    expect(await r.read(id)).toEqual(before)
    expect(await balance('ada')).toBe(10)
  })

  test('to reject ends it for good', async () => {
    await change(server, acme, { rewards: { qualifyOn: 'first_payment' } })
    const { id } = await odd()
    expect(await r.reject(id, 'The same person')).toMatchObject({
      status: 'rejected',
      rejectReason: 'The same person',
      rewards: [],
    })
    expect(await r.reject(id, 'Another reason')).toMatchObject({ status: 'rejected', rejectReason: 'The same person' })
    await pay(server, acme, { customerId: 'other-1', amount: 1_000 })
    refused(await r.asked('POST', `/admin/referrals/${id}/approve`), 409, 'referral_not_in_review')
    expect(await r.recover()).toMatchObject({ attempted: 0 })
    expect([await balance('ada'), await balance('other-1')]).toEqual([0, 0])
  })

  test('to reject needs no body and no reason', async () => {
    for (const [n, body] of [undefined, {}, { reason: null }, { reason: ' ' }].entries()) {
      const { id } = await odd(n + 1)
      const reply = await r.asked('POST', `/admin/referrals/${id}/reject`, body)
      expect([reply.status, reply.body.status, reply.body.rejectReason]).toEqual([200, 'rejected', null])
    }
    const { id } = await odd(9)
    const empty = { 'content-type': 'application/json' }
    const reply = await server.ask('POST', `/admin/referrals/${id}/reject`, { key: acme.secret, headers: empty, raw: '' })
    expect(reply.status).toBe(200)
  })

  test('to approve and to reject at once is one of the two', async () => {
    const { id } = await odd()
    const [approve, reject] = await Promise.all(
      ['approve', 'reject'].map(act => r.asked('POST', `/admin/referrals/${id}/${act}`)),
    )
    expect([approve?.status, reject?.status].sort()).toEqual([200, 409])
    expect(await balance('ada')).toBe(approve?.status === 200 ? 10 : 0)
  })

  test('is refused for what is not in review, and for what is not there', async () => {
    const { id } = await r.signUp((await ada()).code, 'bob')
    for (const act of ['approve', 'reject']) {
      refused(await r.asked('POST', `/admin/referrals/${id}/${act}`), 409, 'referral_not_in_review')
      refused(await r.asked('POST', `/admin/referrals/ref_1/${act}`), 404, 'referral_not_found')
    }
    refused(await r.asked('GET', '/admin/referrals/ref_1'), 404, 'referral_not_found')
  })

  test('before the first payment lets the reward come with it', async () => {
    await change(server, acme, { rewards: { qualifyOn: 'first_payment' } })
    const { id } = await odd()
    expect((await r.approve(id)).status).toBe('attributed')
    await pay(server, acme, { customerId: 'other-1', amount: 1_000 })
    expect((await r.read(id)).status).toBe('rewarded')
  })

  test('respects the cap, however many are approved at once', async () => {
    await change(server, acme, { rewards: { maxPerReferrer: 2 }, fraud: { velocity: 'off' } })
    const held = []
    for (let n = 1; n <= 6; n++) held.push((await odd(n)).id)
    const states = (await Promise.all(held.map(r.approve))).map(each => each.status).sort()
    expect(states).toEqual(['capped', 'capped', 'capped', 'capped', 'rewarded', 'rewarded'])
    expect(await balance('ada')).toBe(20)
  })

  test('is written down with who made it', async () => {
    const { id } = await odd()
    await server.ask('POST', `/admin/referrals/${id}/approve?${r.appId()}`, { token: acme.token })
    const { body } = await server.ask('GET', `/v1/apps/${acme.program.id}/audit?object=${id}`, { token: acme.token })
    expect(body.data).toMatchObject([{ action: 'referral.approved', actor: { kind: 'admin' } }])
  })
})

describe('The list', () => {
  test('finds each referral in its state and in no other, and counts all that match', async () => {
    await change(server, acme, { rewards: { maxPerReferrer: 2, qualifyOn: 'first_payment' } })
    const { code } = await ada()
    await newPartner(server, acme, { slug: 'jane', email: 'jane@example.com' })
    const paid = async (customerId: string, more = {}) => {
      await r.signUp(code, customerId, more)
      await pay(server, acme, { customerId, amount: 1_000, externalId: `${acme.program.id}-${customerId}` })
    }
    await r.signUp(code, 'attributed')
    await paid('reversed')
    const conversionExternalId = `${acme.program.id}-reversed`
    await server.ask('POST', '/v1/refunds', { key: acme.secret, body: { externalId: 'r', conversionExternalId } })
    for (const who of ['rewarded-1', 'rewarded-2', 'capped']) await paid(who)
    await paid('review', { email: 'ada+r@example.com' })
    await r.reject((await r.signUp(code, 'rejected', { email: 'ada+x@example.com' })).id)
    await r.signUp('jane', 'partners', {})
    await pay(server, acme, { customerId: 'partners', amount: 1_000 })

    const all = await r.list()
    expect(all.total).toBe(8)
    for (const status of ReferralStatus.options) {
      const found = await r.list(`status=${status}`)
      expect(found.data.map(each => each.id)).toEqual(all.data.filter(each => each.status === status).map(each => each.id))
      expect(found.total).toBe(found.data.length)
      expect(found.total, status).toBeGreaterThan(0)
    }
    const rows = await server
      .desk()
      .database.db.selectFrom('referrals')
      .selectAll()
      .where('programId', '=', acme.program.id)
      .execute()
    expect(Object.fromEntries(rows.map(row => [row.id, stateOf(row)]))).toEqual(
      Object.fromEntries(all.data.map(each => [each.id, each.status])),
    )
    expect(await r.stats()).toMatchObject({
      signups: 8,
      qualified: 6,
      rewarded: 3,
      capped: 1,
      review: 1,
      rejected: 1,
      creditsGranted: 45,
    })
    const one = await server.ask('GET', '/admin/referrals?limit=1', { key: acme.secret })
    expect([one.body.data.length, one.body.total]).toEqual([1, 8])
  })

  test('is asked by person, on either side, and by campaign', async () => {
    const { code } = await ada()
    await r.signUp(code, 'bob', { campaign: 'spring' })
    await r.signUp((await r.me('bob')).code, 'cleo', { campaign: 'Spring' })
    await newPartner(server, acme, { slug: 'jane', email: 'bob@example.com' })
    await server.ask('PUT', '/v1/customers/bob', { key: acme.secret, body: { email: 'bob@example.com' } })
    await r.signUp('jane', 'dan')
    const people = async (query: string) => (await r.list(query)).data.map(each => each.referred.customerId).sort()
    expect(await people('user_id=bob')).toEqual(['bob', 'cleo', 'dan'])
    expect(await people('user_id=ada')).toEqual(['bob'])
    expect(await people('user_id=nobody')).toEqual([])
    expect(await people('campaign=spring')).toEqual(['bob'])
    expect(await people('campaign=spring&user_id=cleo')).toEqual([])
    expect(await people('user_id=&status=&campaign=&pending_grant=')).toEqual(['bob', 'cleo', 'dan'])
    expect(await people('pending_grant=true')).toEqual([])
    expect(await people('pending_grant=0')).toEqual(['bob', 'cleo', 'dan'])
  })

  test.each([
    ['status=clicked', 'status'],
    ['status=Review', 'status'],
    ['pending_grant=maybe', 'pending_grant'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    [`user_id=${'x'.repeat(256)}`, 'user_id'],
  ])('refuses %s', async (query, field) => {
    expect(refused(await r.asked('GET', `/admin/referrals?${query}`), 422, 'invalid')).toEqual([field])
  })
})

describe('The figures', () => {
  test('stand on the days of the program’s own calendar, and add up', async () => {
    server.clock.now = new Date('2026-06-10T22:30:00Z')
    acme = await newProgram(server, {
      timeZone: 'Europe/Madrid',
      rewards: { enabled: true, referrerCredits: 10, referredCredits: 5 },
    })
    const { code } = await ada()
    const landed = await click(server, acme, { code, campaign: 'spring', from: '203.0.113.1' })
    await click(server, acme, { code, from: '203.0.113.2' })
    await r.signUp('', 'bob', { clickId: landed.clickId })
    pass(server, day)
    await pay(server, acme, { customerId: 'bob', amount: 1_000 })
    await r.signUp(code, 'cleo', { email: 'ada+1@example.com' })
    const nothing = { clicks: 0, signups: 0, qualified: 0, rewarded: 0, capped: 0, review: 0, rejected: 0, creditsGranted: 0 }
    const first = { ...nothing, day: '2026-06-11', clicks: 2, signups: 1 }
    const second = { ...nothing, day: '2026-06-12', signups: 1, qualified: 1, rewarded: 1, review: 1, creditsGranted: 15 }
    const { byDay, ...total } = await r.stats()
    expect(byDay).toEqual([first, second])
    expect(total).toEqual({ ...nothing, clicks: 2, signups: 2, qualified: 1, rewarded: 1, review: 1, creditsGranted: 15 })
    expect((await r.stats('from=2026-06-12')).byDay).toEqual([second])
    expect((await r.stats('to=2026-06-11')).byDay).toEqual([first])
    expect((await r.stats('from=2026-06-13&to=2026-06-13')).byDay).toEqual([])
    expect(await r.stats('campaign=spring')).toMatchObject({ clicks: 1, signups: 1, qualified: 1, rewarded: 1, review: 0 })
    expect(await r.stats('campaign=winter')).toEqual({ ...nothing, byDay: [] })
  })

  test.each([
    ['from=2026-02-30', 'from'],
    ['to=yesterday', 'to'],
    ['from=2026-03-02&to=2026-03-01', 'to'],
  ])('refuse %s', async (query, field) => {
    expect(refused(await r.asked('GET', `/admin/referrals/stats?${query}`), 422, 'invalid')).toEqual([field])
  })
})
