import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AuditList } from '../../server/contract/audit.ts'
import { Merge } from '../../server/contract/partner-merges.ts'
import { PartnerWithStats } from '../../server/contract/partners.ts'
import { Referral } from '../../server/contract/referrals.ts'
import { click, day, hour, partnerKeyOf, pass, pay, refer, sessionOf, statsOf } from '../support/acts.ts'
import { merge, merged, preview } from '../support/merges.ts'
import { balanceOf, commissionList, commissionOf, decided, refund } from '../support/money.ts'
import * as paying from '../support/payouts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  acme = await newProgram(server)
  jane = await someone('jane')
  j = await someone('j')
})
afterEach(() => paying.expectSettled(server))

type Someone = Awaited<ReturnType<typeof someone>>
let jane: Someone
let j: Someone
let tests = 0
/** A partner with a customer, whose payments earn a fifth. */
async function someone(name: string, more: Record<string, unknown> = {}) {
  const slug = `${name}-${++tests}`
  const partner = await newPartner(server, acme, { slug, payout_method: 'paypal', payout_email: `${slug}@x.example`, ...more })
  await refer(server, acme, { customerId: `of-${slug}`, code: slug })
  return {
    ...partner,
    customer: `of-${slug}`,
    async earns(amount: number, more: Record<string, unknown> = {}) {
      const externalId = `${slug}-${++tests}`
      const sale = { externalId, customerId: `of-${slug}`, amount: amount * 5, ...more }
      const id = (await pay(server, acme, sale)).commissions[0]?.id ?? ''
      return { id, externalId, amount: amount * 5 }
    },
  }
}
const read = async ({ id }: { id: string }) =>
  answered(await server.ask('GET', `/api/v1/partners/${id}`, { key: acme.secret }), 200, PartnerWithStats)
const run = async () =>
  (await paying.runPayouts(server, acme)).data.map(each => ({ id: each.id, to: each.partnerId, amount: each.amount }))
const ofPartner = async ({ id }: { id: string }) =>
  (await commissionList(server, acme, `?partnerId=${id}`)).data.map(each => each.id).sort()

describe('A partner that is merged into another', () => {
  test('gives it all that it is owed, held and owing, as was told before, and ends', async () => {
    const ids = [await j.earns(1_000), await j.earns(2_000), await j.earns(4_000, { currency: 'USD' })]
    await decided(server, acme, ids[1]?.id ?? '', 'hold')
    await paying.adjust(server, acme, j, -300)
    await jane.earns(5_000)
    const told = answered(await preview(server, acme, j, jane.id), 200, Merge)
    expect(told).toMatchObject({ partner: { id: j.id }, into: { id: jane.id }, codes: 1, referrals: 1, deals: 0, commissions: 4 })
    const eur = { currency: 'EUR', pending: 1_000, approved: -300, held: 2_000 }
    const usd = { currency: 'USD', pending: 4_000, approved: 0, held: 0 }
    expect([told.balances, told.balancesAfter]).toEqual([
      [eur, usd],
      [{ ...eur, pending: 6_000 }, usd],
    ])
    expect(await read(j)).toMatchObject({ status: 'active' })

    expect(await merged(server, acme, j, jane)).toEqual(told)
    expect([await balanceOf(server, acme, j), await balanceOf(server, acme, jane)]).toEqual([
      [0, 0],
      [6_000, -300],
    ])
    expect(await read(j)).toMatchObject({ status: 'deactivated', merged_into: jane.id })
    expect(await read(jane)).not.toHaveProperty('merged_into')
    expect(await ofPartner(j)).toEqual([])
    expect(await ofPartner(jane)).toHaveLength(5)
    const { story } = await commissionOf(server, acme, ids[0]?.id ?? '')
    expect(story.steps.map(each => each.text).join('\n')).toContain(`went from partner ${j.id} to partner ${jane.id}`)
  })

  test('brings its customers and codes, whose payments earn the other by the terms that they had', async () => {
    const rich = await someone('rich', { commission_pct: 50 })
    const cookie = await click(server, acme, { code: rich.slug })
    await merged(server, acme, rich, jane)
    const before = await pay(server, acme, { customerId: rich.customer, amount: 10_000 })
    expect(before.commissions).toMatchObject([{ partnerId: jane.id, amount: 5_000 }])
    await refer(server, acme, { customerId: 'by-link', ref: `${rich.slug}.${cookie.clickId}` })
    await refer(server, acme, { customerId: 'by-code', code: rich.slug.toUpperCase() })
    for (const customerId of ['by-link', 'by-code']) {
      const { commissions } = await pay(server, acme, { customerId, amount: 10_000 })
      expect(commissions).toMatchObject([{ partnerId: jane.id, amount: 2_000 }])
    }
    // The same visitor's within the hour would be the one from before.
    pass(server, 2 * hour)
    await click(server, acme, { code: rich.slug })
    const clicks = await server
      .desk()
      .database.db.selectFrom('clicks')
      .selectAll()
      .where('code', '=', rich.slug)
      .orderBy('id')
      .execute()
    expect(clicks.map(each => each.partnerId)).toEqual([rich.id, jane.id])
    expect(await run()).toEqual([])
    pass(server, 31 * day)
    expect(await run()).toEqual([{ id: expect.any(String), to: jane.id, amount: 9_000 }])
    expect(await run()).toEqual([])
  })

  test('brings its leads', async () => {
    const session = await sessionOf(server, acme, { customerId: 'lead-owner', email: j.email })
    const lead = { leadEmail: 'cto@globex.example', leadName: 'Hank' }
    const made = await server.ask('POST', '/v1/affiliate/deals', { token: session, body: lead })
    expect(made.status, made.text).toBe(201)
    expect(await merged(server, acme, j, jane)).toMatchObject({ deals: 1 })
    const body = { customerId: 'globex', email: lead.leadEmail }
    await server.ask('PUT', '/v1/customers/globex', { key: acme.secret, body: { email: lead.leadEmail } })
    answered(await server.ask('POST', '/v1/referrals', { key: acme.secret, body }), 201, Referral)
    const { commissions } = await pay(server, acme, { customerId: 'globex', amount: 10_000 })
    expect(commissions).toMatchObject([{ partnerId: jane.id }])
  })

  test('leaves what is in a payout where it is, and what comes back of it goes to the other', async () => {
    const [paid, open, lost] = [await j.earns(10_000), await j.earns(20_000), await j.earns(30_000)]
    const made: string[] = []
    for (const each of [paid, open, lost]) {
      await decided(server, acme, each.id, 'approve')
      made.push(...(await run()).map(one => one.id))
    }
    await paying.markedPaid(server, acme, made[0] ?? '')
    const told = await merged(server, acme, j, jane)
    expect(told).toMatchObject({ commissions: 0, balances: [] })
    expect(told.payoutsWaiting.map(each => each.id).sort()).toEqual(made.slice(1).sort())
    expect(await ofPartner(j)).toEqual([paid, open, lost].map(each => each.id).sort())
    expect(await run()).toEqual([])

    // Paid, and given back: the other one owes it.
    await refund(server, acme, { conversionExternalId: paid.externalId, amount: paid.amount / 2 })
    expect(await balanceOf(server, acme, jane)).toEqual([0, -5_000])
    // Out of a payout that did not arrive: the other one is owed it, and is paid it once.
    await paying.markedFailed(server, acme, made[2] ?? '')
    expect(await balanceOf(server, acme, jane)).toEqual([0, 25_000])
    expect(await run()).toMatchObject([{ to: jane.id, amount: 25_000 }])
    // On its way, and paid to whom it was made for.
    await paying.markedPaid(server, acme, made[1] ?? '')
    expect((await paying.payoutOf(server, acme, made[1] ?? '')).partnerId).toBe(j.id)
    expect(await ofPartner(j)).toEqual([open.id])
    expect((await statsOf(server, acme, j)).paid_cents).toBe(30_000)
    // Half of what failed, after the other one got it.
    await refund(server, acme, { conversionExternalId: lost.externalId, amount: lost.amount / 2 })
    expect(await balanceOf(server, acme, jane)).toEqual([0, 25_000 - 15_000])
    pass(server, 31 * day)
    expect(await run()).toEqual([])
  })

  test('leaves its months and days to whom they were, also where some of it is taken back later', async () => {
    const month = server.clock.now.toISOString().slice(0, 7)
    const sale = await j.earns(10_000)
    await merged(server, acme, j, jane)
    await refund(server, acme, { conversionExternalId: sale.externalId, amount: sale.amount / 2 })
    expect([await balanceOf(server, acme, j), await balanceOf(server, acme, jane)]).toEqual([
      [0, 0],
      [5_000, 0],
    ])
    pass(server, 31 * day)
    const { data, totals } = await paying.closed(server, acme, month)
    const own = { amount: 5_000, currency: 'EUR' }
    expect([data, totals]).toEqual([[{ partnerId: j.id, amounts: [own] }], [own]])
  })

  test('is let in nowhere any more: keys, sessions and endpoints end', async () => {
    const session = await sessionOf(server, acme, { customerId: 'ends', email: j.email })
    const key = await partnerKeyOf(server, session)
    const hook = await server.ask('POST', '/v1/affiliate/webhooks', { token: session, body: { url: 'https://j.example/hook' } })
    expect(hook.status, hook.text).toBe(201)
    expect(await merged(server, acme, j, jane)).toMatchObject({ keys: 1, endpoints: 1 })
    expect((await server.ask('GET', '/api/v1/partners/referrals', { token: key })).status).toBe(401)
    refused(await server.ask('GET', '/v1/affiliate/dashboard', { token: session }), 403, 'partner_deactivated')
    const left = await server
      .desk()
      .database.db.selectFrom('webhookEndpoints')
      .selectAll()
      .where('partnerId', '=', j.id)
      .execute()
    expect(left).toMatchObject([{ secret: '', deletedAt: expect.any(String) }])
  })

  test('stays so, and is in the log with what it came to', async () => {
    await j.earns(1_000)
    await merged(server, acme, j, jane)
    const asked = (method: string, path: string, body?: object) => server.ask(method, path, { key: acme.secret, body })
    for (const body of [{ status: 'active' }, { status: 'invited' }, { slug: 'another' }])
      refused(await asked('PATCH', `/api/v1/partners/${j.id}`, body), 409, 'partner_is_merged')
    expect((await asked('PATCH', `/api/v1/partners/${j.id}`, { payout_email: 'last@x.example' })).status).toBe(200)
    expect((await asked('DELETE', `/api/v1/partners/${j.id}`)).status).toBe(200)
    const note = { partnerId: j.id, amount: 100, currency: 'EUR', note: 'x' }
    refused(await asked('POST', `/v1/apps/${acme.program.id}/commissions`, note), 409, 'partner_is_merged')
    const token = await signIn(server)
    const path = `/v1/apps/${acme.program.id}/audit?action=partner.merged`
    const { data } = answered(await server.ask('GET', path, { token }), 200, AuditList)
    expect(data).toMatchObject([
      { object: j.id, after: { mergedInto: jane.id, balances: [{ currency: 'EUR', pending: 1_000 }] } },
    ])
    const events = await server.desk().database.db.selectFrom('events').select('body').where('object', '=', j.id).execute()
    const told = events.map(each => JSON.parse(each.body)).filter(each => each.event === 'partner.updated')
    expect(told.at(-1)?.data).toMatchObject({ id: j.id, status: 'deactivated', mergedInto: jane.id })
  })

  test('goes on with the other, where that one is merged as well', async () => {
    const [sale, third] = [await j.earns(10_000), await someone('third')]
    await decided(server, acme, sale.id, 'approve')
    const [payout] = await run()
    await merged(server, acme, j, jane)
    await merged(server, acme, jane, third)
    await paying.markedFailed(server, acme, payout?.id ?? '')
    expect(await balanceOf(server, acme, third)).toEqual([0, 10_000])
    const { commissions } = await pay(server, acme, { customerId: j.customer, amount: 10_000 })
    expect(commissions).toMatchObject([{ partnerId: third.id }])
  })

  test('may have been deactivated before', async () => {
    await j.earns(1_000)
    await server.ask('DELETE', `/api/v1/partners/${j.id}`, { key: acme.secret })
    await merged(server, acme, j, jane)
    expect(await balanceOf(server, acme, jane)).toEqual([1_000, 0])
    expect((await refer(server, acme, { customerId: 'again', code: j.slug })).code).toBe(j.slug)
  })
})

describe('It is refused, and nothing changes,', () => {
  test('into itself, into nobody, into one of another program, into one that has ended, and in circles', async () => {
    await j.earns(1_000)
    const gone = await someone('gone')
    const [third, other] = [await someone('third'), await newProgram(server, { name: 'Other' })]
    const theirs = await newPartner(server, other, { slug: 'theirs' })
    await server.ask('DELETE', `/api/v1/partners/${gone.id}`, { key: acme.secret })
    await merged(server, acme, third, jane)
    const cases = [
      [j, j, 409, 'merge_into_itself'],
      [j, { id: 'par_nobody' }, 404, 'partner_not_found'],
      [{ id: 'par_nobody' }, j, 404, 'partner_not_found'],
      [j, theirs, 404, 'partner_not_found'],
      [theirs, j, 404, 'partner_not_found'],
      [j, gone, 409, 'merge_into_inactive'],
      [j, third, 409, 'merge_into_inactive'],
      [jane, third, 409, 'merge_into_inactive'],
      [third, jane, 409, 'partner_is_merged'],
      [third, j, 409, 'partner_is_merged'],
    ] as const
    for (const [from, into, status, code] of cases) {
      refused(await merge(server, acme, from, into), status, code)
      refused(await preview(server, acme, from, into.id), status, code)
    }
    expect(await balanceOf(server, acme, j)).toEqual([1_000, 0])
    const token = await signIn(server)
    const path = `/v1/apps/${acme.program.id}/partners/${j.id}/merge`
    refused(await server.ask('POST', path, { token, body: {} }), 422, 'invalid')
    expect((await server.ask('POST', path, { key: acme.secret, body: { into: jane.id } })).status).toBe(403)
  })

  test('and is done once under one Idempotency-Key', async () => {
    await j.earns(1_000)
    const token = await signIn(server)
    const path = `/v1/apps/${acme.program.id}/partners/${j.id}/merge`
    const ask = () =>
      server.ask('POST', path, { token, body: { into: jane.id }, headers: { 'idempotency-key': `once-${tests}` } })
    const [first, again] = [await ask(), await ask()]
    expect([first.status, again.status, again.text]).toEqual([200, 200, first.text])
    expect(await balanceOf(server, acme, jane)).toEqual([1_000, 0])
  })
})
