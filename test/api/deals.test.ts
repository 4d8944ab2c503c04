import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Deal, DealList } from '../../server/contract/deals.ts'
import { click, dashboard, pass, pay, refer, sessionOf } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

type Someone = { id: string; slug: string; email: string; token: string }
let tests = 0
let jane: Someone
let omar: Someone
let lead = ''
beforeEach(async () => {
  pass(server, 1_000)
  tests++
  jane = await partner(`jane-${tests}`)
  omar = await partner(`omar-${tests}`)
  lead = `lead-${tests}@example.com`
})

async function partner(slug: string, program = acme): Promise<Someone> {
  const made = await newPartner(server, program, { slug })
  return { ...made, token: await sessionOf(server, program, { customerId: slug, email: made.email }) }
}

const post = ({ token }: Someone, body: unknown) => server.ask('POST', '/v1/affiliate/deals', { token, body })
const list = async ({ token }: Someone, query = '') =>
  answered(await server.ask('GET', `/v1/affiliate/deals${query}`, { token }), 200, DealList)
const register = async (who: Someone, leadEmail = lead, more = {}) =>
  answered(await post(who, { leadEmail, leadName: 'John Smith', ...more }), 201, Deal)
const statuses = async (who: Someone) => (await list(who)).data.map(each => each.status)
const signUp = (more: Record<string, unknown> = {}) =>
  server.ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId: `c-${tests}`, email: lead, ...more } })
const put = (email = lead) => server.ask('PUT', `/v1/customers/c-${tests}`, { key: acme.secret, body: { email } })

describe('A partner', () => {
  test('registers a deal, and finds it in its list and on its dashboard', async () => {
    const notes = 'Met at conference\nCall in May'
    const deal = answered(await post(jane, { leadEmail: ` ${lead} `, leadName: ' John Smith ', notes }), 201, Deal)
    expect(deal).toEqual({
      id: expect.stringMatching(/^deal_[1-9A-Za-z]{22}$/),
      status: 'registered',
      leadEmail: lead,
      leadName: 'John Smith',
      notes,
      createdAt: server.clock.now.toISOString(),
    })
    expect(await list(jane)).toEqual({ data: [deal], nextCursor: null })
    expect((await dashboard(server, jane.token)).deals).toEqual([deal])
    expect((await list(omar)).data).toEqual([])
  })

  test('who registers a lead again gets the first deal, unchanged, and the outside hears of it once', async () => {
    const first = await register(jane)
    const again = await post(jane, { leadEmail: lead.toUpperCase(), leadName: 'Jonathan', notes: 'again' })
    expect(answered(again, 200, Deal)).toEqual(first)
    const told = (await everyRow(server)).events?.filter(each => each.object === first.id) ?? []
    expect(told).toHaveLength(1)
    expect(JSON.parse(String(told[0]?.body))).toMatchObject({
      event: 'deal.registered',
      data: { ...first, partnerId: jane.id, sequence: 1 },
    })
    expect(told[0]?.partnerId).toBe(jane.id)
  })

  test('reads its deals in pages, newest first', async () => {
    const made = []
    for (let i = 0; i < 5; i++) {
      pass(server, 1)
      made.unshift((await register(jane, `page-${i}-${lead}`)).id)
    }
    const first = await list(jane, '?limit=2')
    const second = await list(jane, `?limit=2&cursor=${first.nextCursor}`)
    const third = await list(jane, `?limit=2&cursor=${second.nextCursor}`)
    expect([...first.data, ...second.data, ...third.data].map(each => each.id)).toEqual(made)
    expect(third.nextCursor).toBeNull()
  })

  test.each([
    [{}, ['leadEmail', 'leadName']],
    [{ leadEmail: 'no address', leadName: 'A' }, ['leadEmail']],
    [{ leadEmail: 'a@example.com', leadName: ' ' }, ['leadName']],
    [{ leadEmail: 'a@example.com', leadName: 'x'.repeat(201) }, ['leadName']],
    [{ leadEmail: 'a@example.com', leadName: 'A', notes: 'x'.repeat(2_001) }, ['notes']],
    [{ leadEmail: 'a@example.com', leadName: 'A', notes: 7 }, ['notes']],
  ])('cannot register %j', async (body, fields) => {
    expect(refused(await post(jane, body), 422, 'invalid')).toEqual(fields)
  })

  test('cannot register itself', async () => {
    expect(refused(await post(jane, { leadEmail: jane.email.toUpperCase(), leadName: 'J' }), 422, 'invalid')).toEqual([
      'leadEmail',
    ])
  })

  test('is who registers: nobody else, and no deactivated one', async () => {
    const nobody = { ...jane, token: await sessionOf(server, acme, { customerId: 'nobody' }) }
    refused(await post(nobody, { leadEmail: lead, leadName: 'A' }), 404, 'not_a_partner')
    refused(await server.ask('GET', '/v1/affiliate/deals', { token: nobody.token }), 404, 'not_a_partner')
    await server.ask('DELETE', `/api/v1/partners/${jane.id}`, { key: acme.secret })
    refused(await post(jane, { leadEmail: lead, leadName: 'A' }), 403, 'partner_deactivated')
    refused(await server.ask('POST', '/v1/affiliate/deals', { key: acme.secret, body: {} }), 403, 'wrong_credential')
  })
})

describe('A lead', () => {
  test('that another partner holds is refused, in whatever letters, and nothing says whose it is', async () => {
    await register(jane)
    const before = await everyRow(server)
    const reply = await post(omar, { leadEmail: lead.toUpperCase(), leadName: 'Mine' })
    refused(reply, 409, 'lead_taken')
    expect(reply.text).not.toMatch(new RegExp(`${jane.id}|${jane.slug}|John|signed|won`))
    expect(await everyRow(server)).toEqual(before)
  })

  test('goes to one of many who register it at once', async () => {
    const all = await Promise.all([jane, omar, jane, omar, jane, omar].map(who => post(who, { leadEmail: lead, leadName: 'A' })))
    const made = all.filter(each => each.status === 201)
    expect(made).toHaveLength(1)
    expect(all.filter(each => each.status === 200)).toHaveLength(2)
    expect(all.filter(each => each.status === 409)).toHaveLength(3)
    expect([...(await list(jane)).data, ...(await list(omar)).data].map(each => each.id)).toEqual([made[0]?.body.id])
  })

  test('of one programme is anybody’s in another', async () => {
    const elsewhere = await newProgram(server)
    await register(jane)
    await register(await partner('jane', elsewhere))
  })

  test('that came through somebody else already is refused; one’s own customer is not', async () => {
    await refer(server, acme, { customerId: `c-${tests}`, code: omar.slug, email: lead })
    refused(await post(jane, { leadEmail: lead, leadName: 'A' }), 409, 'lead_taken')
    expect((await register(omar)).status).toBe('signed_up')
  })
})

describe('A deal', () => {
  test('gets its partner the lead that signs up through nobody, and is won at the first payment', async () => {
    await register(jane)
    const reply = await signUp()
    expect(reply.status, reply.text).toBe(201)
    expect(reply.body).toMatchObject({
      attributed: true,
      code: jane.slug,
      partnerId: jane.id,
      clickId: null,
      status: 'attributed',
    })
    expect(await statuses(jane)).toEqual(['signed_up'])
    expect((await dashboard(server, jane.token)).stats.signups).toBe(1)
    await pay(server, acme, { customerId: `c-${tests}`, amount: 0 })
    expect(await statuses(jane)).toEqual(['signed_up'])
    const { commissions } = await pay(server, acme, { customerId: `c-${tests}`, amount: 59_800 })
    expect(commissions).toMatchObject([{ partnerId: jane.id, amount: 11_960 }])
    expect(await statuses(jane)).toEqual(['won'])
    expect((await dashboard(server, jane.token)).deals.map(each => each.status)).toEqual(['won'])
  })

  test('counts where neither code nor click leads to anybody', async () => {
    await register(jane)
    const reply = await signUp({ code: 'nobodys', clickId: 'clk_1111111111111111' })
    expect(reply.body).toMatchObject({ attributed: true, partnerId: jane.id })
  })

  test('comes last: a click or a code of another partner goes before it', async () => {
    await register(jane)
    const { clickId } = await click(server, acme, { code: omar.slug })
    expect((await signUp({ clickId })).body.partnerId).toBe(omar.id)
    await pay(server, acme, { customerId: `c-${tests}`, amount: 1_000 })
    expect(await statuses(jane)).toEqual(['registered'])
  })

  test('follows a lead that came through its partner’s own code', async () => {
    await register(jane)
    expect((await signUp({ code: jane.slug })).body.partnerId).toBe(jane.id)
    expect(await statuses(jane)).toEqual(['signed_up'])
  })

  test('waits for the signup to be reported, or for the first payment, so that no click is passed over', async () => {
    await register(jane)
    expect((await put()).status).toBe(200)
    expect(await statuses(jane)).toEqual(['signed_up'])
    const { clickId } = await click(server, acme, { code: omar.slug })
    expect((await signUp({ clickId })).body.partnerId).toBe(omar.id)
    expect(await statuses(jane)).toEqual(['registered'])
  })

  test('earns at the till where the host reports no signups at all', async () => {
    await register(jane)
    await put()
    const { commissions } = await pay(server, acme, { customerId: `c-${tests}`, amount: 10_000 })
    expect(commissions).toMatchObject([{ partnerId: jane.id, amount: 2_000, why: { code: jane.slug, clickId: null } }])
    expect(await statuses(jane)).toEqual(['won'])
  })

  test('gives way to a coupon at the till', async () => {
    await register(jane)
    await put()
    const { commissions } = await pay(server, acme, { customerId: `c-${tests}`, amount: 10_000, code: omar.slug })
    expect(commissions).toMatchObject([{ partnerId: omar.id }])
  })

  test('brings nothing for somebody who was a customer before', async () => {
    await put()
    pass(server, 1)
    expect((await register(jane)).status).toBe('registered')
    expect((await signUp()).body).toEqual({ attributed: false, reason: 'nothing_given' })
    expect((await pay(server, acme, { customerId: `c-${tests}`, amount: 10_000 })).commissions).toEqual([])
    expect(await statuses(jane)).toEqual(['registered'])
  })

  test('of a deactivated partner brings nothing', async () => {
    await register(jane)
    await server.ask('DELETE', `/api/v1/partners/${jane.id}`, { key: acme.secret })
    expect((await signUp()).body).toEqual({ attributed: false, reason: 'nothing_given' })
    refused(await post(omar, { leadEmail: lead, leadName: 'A' }), 409, 'lead_taken')
  })

  test('keeps a customer whom it has brought once and for ever', async () => {
    await register(jane)
    const first = await signUp()
    const again = await signUp({ code: omar.slug })
    expect([again.status, again.body]).toEqual([200, first.body])
  })
})
