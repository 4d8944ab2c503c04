import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MyReferrals } from '../../server/contract/rewards.ts'
import { change, pass, pay, sessionOf } from '../support/acts.ts'
import { customerReferrals } from '../support/customer-referrals.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
let r: ReturnType<typeof customerReferrals>
beforeAll(async () => {
  server = await testServer()
  r = customerReferrals(server, () => acme)
})
afterAll(() => server.stop())
beforeEach(async () => {
  acme = await newProgram(server, { rewards: { enabled: true, referrerCredits: 10, referredCredits: 5 } })
})

const balances = async (...customers: string[]) => Promise.all(customers.map(async each => (await r.credits(each)).balance))

describe('A customer’s own code', () => {
  test('is made when it is first asked for, short and from the name, and stays', async () => {
    const { code, sharePath, shareUrl, rewards, stats, referrals } = await r.me('ada', { name: 'Ada Lovelace' })
    expect(code).toMatch(/^ADA-[1-9A-Z]{4}$/)
    expect([sharePath, shareUrl]).toEqual([`/?ref=${code}`, `https://acme.example/?ref=${code}`])
    expect(rewards).toEqual({
      enabled: true,
      referrerCredits: 10,
      referredCredits: 5,
      qualifyOn: 'first_payment',
      maxPerReferrer: null,
    })
    expect(stats).toEqual({ clicks: 0, signups: 0, qualified: 0, rewarded: 0, pending: 0, capped: 0, creditsEarned: 0 })
    expect(referrals).toEqual([])
    expect((await r.me('ada')).code).toBe(code)
    expect((await r.me('li', { name: '李' })).code).toMatch(/^FRIEND-[1-9A-Z]{4}$/)
  })

  test('is one, however many pages ask for it at once', async () => {
    const token = await sessionOf(server, acme, { customerId: 'ada' })
    const ask = async () => answered(await server.ask('GET', '/referrals/me', { token }), 200, MyReferrals).code
    expect(new Set(await Promise.all(Array.from({ length: 12 }, ask))).size).toBe(1)
  })
})

describe('A friend who signs up and pays', () => {
  test('earns both sides their credits, once', async () => {
    const { code } = await r.me('ada')
    const { id, status } = await r.signUp(code, 'bob', { campaign: 'spring' })
    expect(status).toBe('attributed')
    expect(await balances('ada', 'bob')).toEqual([0, 0])
    await pay(server, acme, { customerId: 'bob', amount: 1_000 })
    await pay(server, acme, { customerId: 'bob', amount: 1_000 })
    expect(await balances('ada', 'bob')).toEqual([10, 5])
    expect(await r.credits('ada')).toMatchObject({
      customerId: 'ada',
      data: [{ credits: 10, reason: 'referred_a_customer', referralId: id }],
    })
    expect((await r.credits('bob')).data).toMatchObject([{ credits: 5, reason: 'was_referred', referralId: id }])
    const read = await r.read(id)
    expect(read).toMatchObject({
      referrer: { type: 'customer', partnerId: null, customerId: 'ada' },
      referred: { customerId: 'bob' },
      code,
      campaign: 'spring',
      status: 'rewarded',
      reviewReasons: [],
      rewards: [
        { role: 'referrer', customerId: 'ada', credits: 10, status: 'granted', grantKey: `${id}:referrer` },
        { role: 'referred', customerId: 'bob', credits: 5, status: 'granted', grantKey: `${id}:referred` },
      ],
    })
    expect(read.history.map(each => each.step)).toEqual([
      'attributed',
      'first_payment',
      'qualified',
      'reward_granted',
      'reward_granted',
      'rewarded',
    ])
    expect((await r.me('ada')).stats).toMatchObject({ signups: 1, qualified: 1, rewarded: 1, pending: 0, creditsEarned: 10 })
    expect((await r.me('ada')).referrals).toMatchObject([{ id, status: 'rewarded', campaign: 'spring', credits: 10 }])
  })

  test('is told of it, and so is who brought it, and neither learns who the other is', async () => {
    const { code } = await r.me('ada', { email: 'ada@example.com', name: 'Ada' })
    await r.signUp(code, 'bob', { email: 'bob@example.org' })
    await pay(server, acme, { customerId: 'bob', amount: 1_000 })
    pass(server, 1_000)
    await r.signUp((await r.me('bob')).code, 'cleo')
    const [latest, first] = await r.events('bob')
    expect(latest).toMatchObject({ role: 'referrer', status: 'attributed' })
    expect(latest).not.toHaveProperty('reward')
    expect(first).toMatchObject({ role: 'referred', status: 'rewarded', reward: { credits: 5, status: 'granted' } })
    expect(await r.events('ada')).toMatchObject([{ role: 'referrer', reward: { credits: 10 } }])
    expect(await r.events('bob', '?limit=1')).toHaveLength(1)
    for (const who of ['ada', 'bob']) expect(JSON.stringify(await r.events(who))).not.toMatch(/ada|bob|@/)
  })

  test('earns nothing by a payment of nothing', async () => {
    const { id } = await r.signUp((await r.me('ada')).code, 'bob')
    await pay(server, acme, { customerId: 'bob', amount: 1_000, discount: 1_000 })
    expect((await r.read(id)).status).toBe('attributed')
    expect(await balances('ada', 'bob')).toEqual([0, 0])
  })

  test('earns what was promised at the signup, whatever the settings are by then', async () => {
    await r.signUp((await r.me('ada')).code, 'bob')
    await change(server, acme, { rewards: { referrerCredits: 99, referredCredits: 0, maxPerReferrer: 1 } })
    await r.signUp((await r.me('ada')).code, 'cleo')
    await change(server, acme, { rewards: { enabled: false } })
    await r.signUp((await r.me('ada')).code, 'dan')
    for (const customerId of ['bob', 'cleo', 'dan']) await pay(server, acme, { customerId, amount: 1_000 })
    // Cleo's promise was for one referral in all, and Bob's was before it.
    expect(await balances('ada', 'bob', 'cleo', 'dan')).toEqual([10, 5, 0, 0])
    const states = (await r.list()).data.map(each => [each.referred.customerId, each.status]).sort()
    expect(states).toEqual([
      ['bob', 'rewarded'],
      ['cleo', 'capped'],
      ['dan', 'qualified'],
    ])
  })

  test('by a coupon at the till is rewarded with that payment', async () => {
    const { code } = await r.me('ada')
    await pay(server, acme, { customerId: 'bob', amount: 1_000, code })
    expect(await balances('ada', 'bob')).toEqual([10, 5])
  })

  test('qualifies by signing up alone where the program says so', async () => {
    await change(server, acme, { rewards: { qualifyOn: 'signup' } })
    expect((await r.signUp((await r.me('ada')).code, 'bob')).status).toBe('rewarded')
    await pay(server, acme, { customerId: 'bob', amount: 1_000 })
    expect(await balances('ada', 'bob')).toEqual([10, 5])
    expect(await r.stats()).toMatchObject({ signups: 1, qualified: 1, rewarded: 1, creditsGranted: 15 })
  })

  test('brings one partner commission, and no credits, where the code is a partner’s', async () => {
    await newPartner(server, acme, { slug: 'jane' })
    const { id } = await r.signUp('jane', 'bob')
    await pay(server, acme, { customerId: 'bob', amount: 1_000 })
    expect(await r.read(id)).toMatchObject({ status: 'qualified', rewards: [], referrer: { type: 'partner', customerId: null } })
    expect(await balances('bob')).toEqual([0])
  })

  test('counts for whoever its referrer has become', async () => {
    await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: { email: 'ada@example.com', name: 'Ada' } })
    const path = `/v1/apps/${acme.program.id}/affiliates/applications`
    const application = (await server.ask('GET', path, { key: acme.secret })).body.data[0]
    const review = await server.ask('POST', `${path}/${application.id}/review`, { key: acme.secret, body: { action: 'approve' } })
    const unnamed = review.body.affiliate.customerId
    const { code } = await r.me(unnamed)
    await r.signUp(code, 'bob')
    await pay(server, acme, { customerId: 'bob', amount: 1_000 })
    await r.signUp(code, 'cleo')
    await server.ask('PUT', '/v1/customers/ada', { key: acme.secret, body: { email: 'ada@example.com' } })
    await pay(server, acme, { customerId: 'cleo', amount: 1_000 })
    expect(await balances('ada', unnamed)).toEqual([20, 20])
    expect((await r.credits(unnamed)).customerId).toBe('ada')
    expect((await r.me('ada')).stats).toMatchObject({ signups: 2, rewarded: 2, creditsEarned: 20 })
    expect((await r.list('user_id=ada')).total).toBe(2)
  })
})

describe('A cap', () => {
  test('is kept to the last referral, however many payments come at once', async () => {
    await change(server, acme, { rewards: { maxPerReferrer: 5 } })
    const { code } = await r.me('ada')
    const friends = Array.from({ length: 20 }, (_, at) => `friend-${at}`)
    // Nobody's velocity is looked at here.
    await change(server, acme, { fraud: { velocity: 'off' } })
    for (const friend of friends) await r.signUp(code, friend)
    await Promise.all(friends.map(customerId => pay(server, acme, { customerId, amount: 1_000 })))
    expect(await balances('ada')).toEqual([50])
    expect([(await r.list('status=rewarded')).total, (await r.list('status=capped')).total]).toEqual([5, 15])
    expect((await Promise.all(friends.map(each => r.credits(each)))).filter(each => each.balance === 5)).toHaveLength(5)
    expect((await r.me('ada')).stats).toMatchObject({ signups: 20, qualified: 20, rewarded: 5, capped: 15, creditsEarned: 50 })
    expect(await r.stats()).toMatchObject({ signups: 20, qualified: 20, rewarded: 5, capped: 15, creditsGranted: 75 })
  })

  test('holds where signups qualify, all at once', async () => {
    await change(server, acme, { rewards: { maxPerReferrer: 3, qualifyOn: 'signup' }, fraud: { velocity: 'off' } })
    const { code } = await r.me('ada')
    await Promise.all(Array.from({ length: 10 }, (_, at) => r.signUp(code, `friend-${at}`)))
    expect(await balances('ada')).toEqual([30])
  })

  test('is of each referrer alone', async () => {
    await change(server, acme, { rewards: { maxPerReferrer: 1, qualifyOn: 'signup' } })
    for (const who of ['ada', 'bob']) for (const n of [1, 2]) await r.signUp((await r.me(who)).code, `${who}-${n}`)
    expect(await balances('ada', 'bob')).toEqual([10, 10])
  })
})

describe('A payment that is refunded whole', () => {
  const refund = (conversionExternalId: string) =>
    server.ask('POST', '/v1/refunds', {
      key: acme.secret,
      body: { externalId: `r-${conversionExternalId}`, conversionExternalId },
    })

  test('takes the credits back, once, and makes room under the cap', async () => {
    await change(server, acme, { rewards: { maxPerReferrer: 1 } })
    const { code } = await r.me('ada')
    const { id } = await r.signUp(code, 'bob')
    await pay(server, acme, { customerId: 'bob', amount: 1_000, externalId: 'p-1' })
    expect((await refund('p-1')).status).toBe(201)
    expect((await refund('p-1')).status).toBe(200)
    expect(await r.read(id)).toMatchObject({ status: 'reversed', rewards: [{ status: 'reversed' }, { status: 'reversed' }] })
    expect(await balances('ada', 'bob')).toEqual([0, 0])
    expect((await r.credits('ada')).data.map(each => each.credits).sort()).toEqual([-10, 10])
    expect((await r.me('ada')).stats).toMatchObject({ rewarded: 0, creditsEarned: 0 })
    await r.signUp(code, 'cleo')
    await pay(server, acme, { customerId: 'cleo', amount: 1_000 })
    expect(await balances('ada')).toEqual([10])
  })

  test('leaves what a signup earned', async () => {
    await change(server, acme, { rewards: { qualifyOn: 'signup' } })
    const { id } = await r.signUp((await r.me('ada')).code, 'bob')
    await pay(server, acme, { customerId: 'bob', amount: 1_000, externalId: 'p-2' })
    await refund('p-2')
    expect((await r.read(id)).status).toBe('rewarded')
    expect(await balances('ada', 'bob')).toEqual([10, 5])
  })
})

describe('Credits', () => {
  test('of somebody whom nobody has named are none', async () => {
    expect(await r.credits('nobody')).toEqual({ customerId: 'nobody', balance: 0, data: [], nextCursor: null })
  })

  test('are listed page by page', async () => {
    await change(server, acme, { rewards: { qualifyOn: 'signup' } })
    const { code } = await r.me('ada')
    for (const n of [1, 2, 3]) {
      pass(server, 1_000)
      await r.signUp(code, `friend-${n}`)
    }
    const page = async (query: string) => (await r.asked('GET', `/v1/customers/ada/credits?${query}`)).body
    const first = await page('limit=2')
    expect([first.data.length, first.balance]).toEqual([2, 30])
    const rest = await page(`limit=2&cursor=${first.nextCursor}`)
    expect([rest.data.length, rest.balance, rest.nextCursor]).toEqual([1, 30, null])
  })

  test('cannot be changed once they are booked', async () => {
    await change(server, acme, { rewards: { qualifyOn: 'signup' } })
    await r.signUp((await r.me('ada')).code, 'bob')
    const { db } = server.desk().database
    await expect(db.updateTable('creditEntries').set({ credits: 1_000 }).execute()).rejects.toThrow('append-only')
    await expect(db.deleteFrom('creditEntries').execute()).rejects.toThrow('append-only')
  })
})

describe('An admin', () => {
  test('names the program, by query or header, where there are several', async () => {
    const { token, program } = acme
    const fields = refused(await server.ask('GET', '/admin/referrals', { token }), 422, 'invalid')
    expect(fields).toEqual(['appId'])
    expect((await server.ask('GET', `/admin/referrals?appId=${program.id}`, { token })).status).toBe(200)
    const headers = { 'x-program-id': program.id }
    expect((await server.ask('GET', '/admin/referrals', { token, headers })).status).toBe(200)
    refused(await server.ask('GET', '/admin/referrals?appId=prog_1', { token }), 404, 'program_not_found')
  })

  test('need not name the only one', async () => {
    const lonely = await testServer()
    const { body } = await lonely.ask('POST', '/v1/auth/login', {
      body: { email: 'admin@example.com', password: 'correct horse battery' },
    })
    expect((await lonely.ask('GET', '/admin/referrals', { token: body.token })).body).toEqual({ data: [], total: 0 })
    await lonely.stop()
  })
})
