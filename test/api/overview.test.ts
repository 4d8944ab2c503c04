import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AuditList } from '../../server/contract/audit.ts'
import { CodeRows, Deactivation, DealRows, MailRows } from '../../server/contract/console.ts'
import { Overview } from '../../server/contract/overview.ts'
import { Partner, PartnerList, PartnerWithStats } from '../../server/contract/partners.ts'
import { sessionOf } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { browser, newPartner, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
let other: TestProgram
let jane: Awaited<ReturnType<typeof newPartner>>
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
  other = await newProgram(server, { name: 'Other' })
  jane = await newPartner(server, acme, { slug: 'jane', first_name: 'Jane' })
})
afterAll(() => server.stop())

const host = (method: string, path: string, body?: object) => server.ask(method, path, { key: acme.secret, body })
const as = (method: string, path: string, body?: object) => server.ask(method, path, { token: acme.token, body })
const at = (path: string) => `/v1/apps/${acme.program.id}${path}`
const overview = async (query = '') => answered(await as('GET', at(`/overview${query}`)), 200, Overview)
const days = async (count: number) => {
  server.clock.now = new Date(server.clock.now.getTime() + count * 86_400_000)
  acme.token = await signIn(server)
}

async function sale(customerId: string, amount: number) {
  const email = `${customerId}@example.net`
  await server.ask('POST', '/v1/affiliate/track', {
    key: acme.publishable,
    body: { code: 'jane' },
    headers: { 'user-agent': browser },
  })
  await host('POST', '/v1/referrals', { customerId, code: 'jane', email })
  const told = await host('POST', '/v1/conversions', { externalId: `sale-${customerId}`, customerId, amount, currency: 'EUR' })
  expect(told.status, told.text).toBe(201)
  return told.body.commissions[0].id as string
}

describe('The overview', () => {
  test('of a program in which nothing has happened is all zeros', async () => {
    const nothing = answered(await as('GET', `/v1/apps/${other.program.id}/overview`), 200, Overview)
    expect(nothing).toMatchObject({ funnel: { clicks: 0, signups: 0, conversions: 0 }, revenue: [], liabilities: [], stuck: 0 })
    expect(Object.values(nothing.decide)).toEqual(Array(7).fill(0))
    expect(nothing.byDay).toHaveLength(30)
  })

  test('tells what came in beside as many days before, and what is owed', async () => {
    await sale('early', 10_000)
    await days(7)
    await sale('late-1', 20_000)
    await sale('late-2', 30_000)
    const { from, to, funnel, previous, revenue, commissions, liabilities } = await overview('?from=2026-03-11&to=2026-03-17')
    expect([from, to]).toEqual(['2026-03-11', '2026-03-17'])
    expect([funnel, previous]).toEqual([
      // One visitor's clicks within a day are one.
      { clicks: 1, signups: 2, conversions: 2 },
      { clicks: 1, signups: 1, conversions: 1 },
    ])
    expect([revenue, commissions]).toEqual([[{ amount: 50_000, currency: 'EUR' }], [{ amount: 10_000, currency: 'EUR' }]])
    expect(liabilities).toEqual([{ currency: 'EUR', pending: 12_000, approved: 0, held: 0 }])
  })

  test('counts what waits for a decision, until it is decided', async () => {
    const before = (await overview()).decide
    const { body: applied } = await host('POST', '/v1/affiliate/apply', { email: 'new@example.com', name: 'New' })
    await as('PATCH', `/v1/apps/${acme.program.id}`, { fraud: { selfReferral: 'hold' } })
    const { body: own } = await host('POST', '/v1/referrals', {
      customerId: 'self',
      code: 'jane',
      email: 'jane+me@partners.example',
    })
    const held = await sale('held', 5_000)
    await as('POST', at(`/commissions/${held}/hold`), { reason: 'Look' })
    const session = await sessionOf(server, acme, { customerId: 'jane', email: jane.email })
    const lead = { leadEmail: 'cto@globex.example', leadName: 'Hank' }
    await server.ask('POST', '/v1/affiliate/deals', { token: session, body: lead })
    await days(31)
    const { body: made } = await as('POST', at('/payouts'), {})
    expect((await overview()).decide).toEqual({
      ...before,
      applications: before.applications + 1,
      heldReferrals: before.heldReferrals + 1,
      heldCommissions: before.heldCommissions + 1,
      payoutsProposed: before.payoutsProposed + 1,
      deals: before.deals + 1,
    })
    await as('POST', at(`/affiliates/applications/${applied.id}/review`), { action: 'reject' })
    await as('POST', `/admin/referrals/${own.id}/reject?appId=${acme.program.id}`)
    await as('POST', at(`/commissions/${held}/reject`))
    await as('POST', at(`/payouts/${made.data[0].id}/failed`), { reason: 'No account' })
    expect((await overview()).decide).toEqual({ ...before, payoutsFailed: before.payoutsFailed + 1, deals: before.deals + 1 })
  })
})

describe('An admin works on partners', () => {
  const partners = `/api/v1/partners`
  const inAcme = () => `?appId=${acme.program.id}`

  test('of the program that is named, with what a secret key sees and does', async () => {
    const made = answered(await as('POST', partners + inAcme(), { email: 'joe@example.com', slug: 'joe' }), 201, Partner)
    const listed = answered(await as('GET', `${partners}${inAcme()}&search=joe`), 200, PartnerList)
    expect(listed.data.map(each => each.id)).toEqual([made.id])
    answered(await as('GET', `${partners}/${made.id}${inAcme()}`), 200, PartnerWithStats)
    const changed = answered(await as('PATCH', `${partners}/${made.id}${inAcme()}`, { commission_pct: 33 }), 200, Partner)
    expect(changed.commission_pct).toBe(33)
    expect(answered(await as('DELETE', `${partners}/${made.id}${inAcme()}`), 200, Partner).status).toBe('deactivated')
    refused(await as('GET', `${partners}/${made.id}?appId=${other.program.id}`), 404, 'partner_not_found')
    expect(refused(await as('GET', partners), 422, 'invalid')).toEqual(['appId'])
    refused(await host('GET', `${partners}?appId=${other.program.id}`), 404, 'program_not_found')
    const { data } = answered(await as('GET', at(`/audit?object=${made.id}&noun=partner`)), 200, AuditList)
    expect(data.map(each => [each.action, each.actor.kind])).toEqual([
      ['partner.deactivated', 'admin'],
      ['partner.updated', 'admin'],
      ['partner.created', 'admin'],
    ])
  })

  test('and is told what deactivation will mean, without anything being changed', async () => {
    const ask = () => as('GET', at(`/partners/${jane.id}/deactivation`))
    const told = answered(await ask(), 200, Deactivation)
    expect(told).toMatchObject({ name: 'Jane', status: 'active', codes: 1, keys: 0, endpoints: 0, paysOn: false })
    expect(told.referrals).toBeGreaterThan(3)
    expect(told.balances).toEqual([{ currency: 'EUR', pending: 0, approved: 12_000 }])
    expect(answered(await ask(), 200, Deactivation)).toEqual(told)
    refused(await as('GET', `/v1/apps/${other.program.id}/partners/${jane.id}/deactivation`), 404, 'partner_not_found')
  })
})

describe('Lists of a program', () => {
  test('of codes: partners’ and customers’, by part of a code, in pages', async () => {
    const first = answered(await as('GET', at('/codes?limit=1')), 200, CodeRows)
    const all = [...first.data]
    for (let cursor = first.nextCursor; cursor; ) {
      const page = answered(await as('GET', at(`/codes?limit=1&cursor=${cursor}`)), 200, CodeRows)
      all.push(...page.data)
      cursor = page.nextCursor
    }
    expect(all.map(each => each.code).sort()).toEqual(['jane', 'joe'])
    const found = answered(await as('GET', at('/codes?search=JAN')), 200, CodeRows).data
    expect(found).toMatchObject([{ code: 'jane', kind: 'partner', partnerId: jane.id, url: 'https://acme.example/?ref=jane' }])
    expect(answered(await as('GET', at('/codes?search=_')), 200, CodeRows).data).toEqual([])
    expect(answered(await as('GET', `/v1/apps/${other.program.id}/codes`), 200, CodeRows).data).toEqual([])
  })

  test.each([
    ['/affiliates/applications', 'NEW@', 1],
    ['/affiliates/applications', 'n%w', 0],
    ['/commissions', 'jane', 4],
    ['/commissions', 'sale-late-1', 1],
    ['/commissions', 'sale-late', 0],
    ['referrals', 'JANE', 5],
    ['referrals', 'late-1@example.net', 1],
    ['referrals', 'nobody', 0],
  ])('%s are found by what somebody types: %s', async (path, search, count) => {
    const list = path === 'referrals' ? `/admin/referrals?appId=${acme.program.id}&` : at(`${path}?`)
    const { body } = await as('GET', `${list}search=${encodeURIComponent(search)}`)
    expect(body.data).toHaveLength(count)
  })

  test('of referrals goes on from page to page', async () => {
    const page = async (number: number) =>
      (await as('GET', `/admin/referrals?appId=${acme.program.id}&limit=2&page=${number}`)).body.data.map(
        (each: { id: string }) => each.id,
      )
    const pages = await Promise.all([1, 2, 3, 4].map(page))
    expect(pages.map(each => each.length)).toEqual([2, 2, 1, 0])
    expect(new Set(pages.flat()).size).toBe(5)
  })

  test('of deals, and of one partner’s', async () => {
    const { data } = answered(await as('GET', at('/deals')), 200, DealRows)
    expect(data).toMatchObject([{ leadEmail: 'cto@globex.example', status: 'registered', partnerId: jane.id }])
    expect(answered(await as('GET', at('/deals?partnerId=par_1')), 200, DealRows).data).toEqual([])
  })

  test('of mails, by how they stand', async () => {
    const mails = async (state: string) => answered(await as('GET', at(`/mails?state=${state}`)), 200, MailRows).data
    await host('POST', '/v1/affiliate/apply', { email: 'later@example.com', name: 'Later' })
    const waiting = await mails('waiting')
    expect(waiting.length).toBeGreaterThan(0)
    expect(waiting[0]).toMatchObject({ state: 'waiting', sentAt: null, attempts: 0 })
    expect(JSON.stringify(waiting)).not.toContain('facts')
    expect(await mails('sent')).toEqual([])
    const { db } = server.desk().database
    const [one] = waiting
    await db
      .updateTable('mails')
      .set({ failedAt: '2026-03-10T12:00:00.000Z', failure: '550 Unknown' })
      .where('id', '=', one?.id ?? '')
      .execute()
    expect((await mails('failed')).map(each => [each.id, each.state, each.failure])).toContainEqual([
      one?.id,
      'failed',
      '550 Unknown',
    ])
    expect((await mails('waiting')).map(each => each.id)).not.toContain(one?.id)
  })

  test('of what was done, by whom, on what and when', async () => {
    const audit = async (query: string) => answered(await as('GET', at(`/audit?limit=100&${query}`)), 200, AuditList).data
    const all = await audit('')
    const nouns = (rows: typeof all) => [...new Set(rows.map(each => each.action.split('.')[0]))].sort()
    expect(nouns(await audit('noun=api_key'))).toEqual(['api_key'])
    expect(nouns(await audit('noun=payout'))).toEqual(['payout'])
    const [admin] = all.filter(each => each.actor.kind === 'admin')
    const theirs = await audit(`actor=${admin?.actor.id}`)
    expect(theirs.length).toBe(all.filter(each => each.actor.id === admin?.actor.id).length)
    const early = await audit('to=2026-03-11T00:00:00Z')
    expect(early.length + (await audit('from=2026-03-11T00:00:00Z')).length).toBe(all.length)
    expect(refused(await as('GET', at('/audit?noun=Payout!&from=yesterday')), 422, 'invalid').sort()).toEqual(['from', 'noun'])
  })
})
