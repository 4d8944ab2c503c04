import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pay } from '../support/acts.ts'
import { curl } from '../support/curl.ts'
import { newProgram, type Reply, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

// A partner programme as its documentation tells it, from the application to the registered deal: each command as it stands
// there, and each call of the documented SDK as the request that it makes. What is expected is spelled out here and
// nowhere taken from the server's own schemas.
let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server, { name: 'Acme', siteUrl: 'https://yoursite.com', currency: 'USD' })
})
afterAll(() => server.stop())

const documented = (command: string, more: Record<string, string> = {}) =>
  curl(server, command, { YOUR_API_KEY: acme.secret, YOUR_JWT: acme.token, APP_ID: acme.program.id, ...more })
const byKey = (method: string, path: string, body?: unknown) => server.ask(method, path, { key: acme.secret, body })
const said = ({ status, body }: Reply) => [status, body]
const text = expect.stringMatching(/./)
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

/** What was told of to the outside, as it is sent. */
async function sent(event: string) {
  const { events = [] } = await everyRow(server)
  return events.filter(each => each.event === event).map(each => JSON.parse(String(each.body)))
}

test('Setup: the programme has the documented settings with the documented defaults', async () => {
  const { body } = await server.ask('GET', `/v1/apps/${acme.program.id}`, { token: acme.token })
  expect(body).toMatchObject({ defaultCommissionRate: 20, holdingPeriodDays: 30, minPayoutAmount: 50, cookieDurationDays: 30 })
})

describe('Accepting applications', () => {
  const apply = `curl -X POST https://api.stackbe.io/v1/affiliate/apply \\
-H "x-api-key: YOUR_API_KEY" \\
-H "Content-Type: application/json" \\
-d '{
"email": "partner@example.com",
"name": "Jane Smith",
"company": "Acme Inc",
"website": "https://acme.com",
"reason": "I have a large audience in the SaaS space"
}'`

  test('before anybody has applied, the status says so, and asking changes nothing', async () => {
    const before = await everyRow(server)
    const status = await documented(`curl https://api.stackbe.io/v1/affiliate/apply/status?email=partner@example.com \\
-H "x-api-key: YOUR_API_KEY"`)
    expect(said(status)).toEqual([200, { applied: false }])
    expect(await everyRow(server)).toEqual(before)
  })

  test('an application is returned with id, status and message', async () => {
    expect(said(await documented(apply))).toEqual([201, { id: text, status: 'pending', message: text }])
  })

  test('a duplicate from the same email is rejected with a 409', async () => {
    expect((await documented(apply)).status).toBe(409)
    expect((await documented(apply.replace('partner@', 'PARTNER@'))).status).toBe(409)
  })

  test('company, website and reason are optional', async () => {
    const reply = await byKey('POST', '/v1/affiliate/apply', { email: 'short@example.com', name: 'Short' })
    expect(said(reply)).toEqual([201, { id: text, status: 'pending', message: text }])
  })

  test('the status is pending', async () => {
    const status = await documented(`curl https://api.stackbe.io/v1/affiliate/apply/status?email=partner@example.com \\
-H "x-api-key: YOUR_API_KEY"`)
    expect(said(status)).toEqual([200, { applied: true, status: 'pending' }])
  })
})

describe('Reviewing applications', () => {
  const queue = () => server.ask('GET', `/v1/apps/${acme.program.id}/affiliates/applications`, { token: acme.token })
  const idOf = async (email: string) => (await queue()).body.data.find((each: { email: string }) => each.email === email).id

  test('applications wait in a list', async () => {
    const { status, body } = await queue()
    expect([status, body.total, body.page, body.per_page]).toEqual([200, 2, 1, 20])
    expect(body.data.find((each: { email: string }) => each.email === 'partner@example.com')).toMatchObject({
      id: text,
      email: 'partner@example.com',
      name: 'Jane Smith',
      company: 'Acme Inc',
      website: 'https://acme.com',
      reason: 'I have a large audience in the SaaS space',
      status: 'pending',
    })
  })

  test('a customer who is no partner yet is not enrolled', async () => {
    await byKey('PUT', '/v1/customers/cust_123', { email: 'partner@example.com' })
    const partner = await documented(`curl https://api.stackbe.io/v1/affiliate/by-customer/cust_123 \\
-H "x-api-key: YOUR_API_KEY"`)
    expect(said(partner)).toEqual([200, { enrolled: false }])
  })

  test('approve, with a code of one’s own', async () => {
    const reply = await documented(
      `curl -X POST https://api.stackbe.io/v1/apps/APP_ID/affiliates/applications/APPLICATION_ID/review \\
-H "Authorization: Bearer YOUR_JWT" \\
-H "Content-Type: application/json" \\
-d '{
"action": "approve",
"code": "JANE20"
}'`,
      { APPLICATION_ID: await idOf('partner@example.com') },
    )
    expect(reply.status, reply.text).toBe(200)
    expect(reply.body.application).toMatchObject({ id: text, email: 'partner@example.com', status: 'approved' })
    expect(reply.body.affiliate).toMatchObject({ id: text, code: 'JANE20' })
    expect((await byKey('GET', '/v1/affiliate/apply/status?email=partner@example.com')).body).toEqual({
      applied: true,
      status: 'approved',
      code: 'JANE20',
    })
  })

  test('the code is generated where none is given, and the customer where there is none', async () => {
    const body = { email: 'new@example.com', name: 'Nina Ortiz' }
    const { id } = (await byKey('POST', '/v1/affiliate/apply', body)).body
    const path = `/v1/apps/${acme.program.id}/affiliates/applications/${id}/review`
    const { affiliate } = (await server.ask('POST', path, { token: acme.token, body: { action: 'approve' } })).body
    expect(affiliate.code).toMatch(/^NINA-\w+$/)
    const [approved] = (await sent('partner_application_approved')).filter(each => each.data.application.email === body.email)
    expect(approved.data.affiliate.customer_id).toMatch(/^cus_/)
    const enrolled = await byKey('GET', `/v1/affiliate/by-customer/${approved.data.affiliate.customer_id}`)
    expect(enrolled.body).toMatchObject({ enrolled: true, code: affiliate.code, status: 'active' })
  })

  test('reject, with a reason', async () => {
    const reply = await documented(
      `curl -X POST https://api.stackbe.io/v1/apps/APP_ID/affiliates/applications/APPLICATION_ID/review \\
-H "Authorization: Bearer YOUR_JWT" \\
-H "Content-Type: application/json" \\
-d '{
"action": "reject",
"rejectionReason": "Not a good fit at this time"
}'`,
      { APPLICATION_ID: await idOf('short@example.com') },
    )
    expect(reply.status, reply.text).toBe(200)
    expect(reply.body.application).toMatchObject({ status: 'rejected', rejectionReason: 'Not a good fit at this time' })
    const status = await byKey('GET', '/v1/affiliate/apply/status?email=short@example.com')
    expect(said(status)).toEqual([200, { applied: true, status: 'rejected', rejectionReason: 'Not a good fit at this time' }])
  })

  test('both decisions are told of, with the documented payload', async () => {
    const approved = await sent('partner_application_approved')
    const jane = approved.find(each => each.data.application.email === 'partner@example.com')
    expect(jane).toEqual({
      id: text,
      event: 'partner_application_approved',
      created_at: time,
      data: {
        application: { id: text, email: 'partner@example.com', name: 'Jane Smith' },
        affiliate: { id: text, code: 'JANE20', customer_id: 'cust_123' },
        sequence: expect.any(Number),
      },
    })
    const [rejected] = await sent('partner_application_rejected')
    expect(rejected).toEqual({
      id: text,
      event: 'partner_application_rejected',
      created_at: time,
      data: {
        application: { id: text, email: 'short@example.com', name: 'Short', reason: 'Not a good fit at this time' },
        sequence: expect.any(Number),
      },
    })
  })
})

describe('Server-side partner check', () => {
  test('needs no session, and counts what was earned in decimals', async () => {
    await byKey('POST', '/v1/referrals', { customerId: 'cust_900', code: 'JANE20' })
    await pay(server, acme, { customerId: 'cust_900', amount: 59_800, currency: 'USD' })
    const partner = await documented(`curl https://api.stackbe.io/v1/affiliate/by-customer/cust_123 \\
-H "x-api-key: YOUR_API_KEY"`)
    expect(partner.status).toBe(200)
    expect(partner.body).toMatchObject({
      enrolled: true,
      id: text,
      code: 'JANE20',
      type: text,
      status: 'active',
      totalEarned: 119.6,
    })
  })
})

describe('Partner tools, with a customer’s session token', () => {
  let token = ''
  beforeAll(async () => {
    token = (await byKey('POST', '/v1/sessions', { customerId: 'cust_123' })).body.token
  })
  const asCustomer = (method: string, path: string, body?: unknown) => server.ask(method, path, { token, body })

  test('affiliates.getDashboard()', async () => {
    const { status, body } = await asCustomer('GET', '/v1/affiliate/dashboard')
    expect(status).toBe(200)
    expect(body.affiliate).toMatchObject({
      id: text,
      code: 'JANE20',
      status: 'active',
      totalEarned: 119.6,
      pendingBalance: 119.6,
      approvedBalance: 0,
      paidTotal: 0,
      currency: 'USD',
    })
    expect(body.link).toBe('https://yoursite.com/?ref=JANE20')
    expect(body.stats).toEqual({ clicks: 0, signups: 1, conversions: 1, conversionRate: expect.any(Number) })
    expect(body.series).toHaveLength(30)
    expect(body.commissions).toMatchObject([{ amount: 119.6, currency: 'USD', status: 'pending' }])
    expect(body.codes).toMatchObject([{ code: 'JANE20', url: 'https://yoursite.com/?ref=JANE20', label: null, createdAt: time }])
    expect([body.payouts, body.deals]).toEqual([[], []])
  })

  test('affiliates.getPortalLink(): a branded page, for 24 hours', async () => {
    const { status, body } = await asCustomer('GET', '/v1/affiliate/portal-link')
    expect([status, Object.keys(body).sort()]).toEqual([200, ['expiresAt', 'url']])
    expect(Date.parse(body.expiresAt) - server.clock.now.getTime()).toBe(24 * 3_600_000)
    const page = await fetch(body.url)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
    expect(await page.text()).toContain('Acme')
  })

  test('affiliates.trackReferral(code, url)', async () => {
    const reply = await byKey('POST', '/v1/affiliate/track', { code: 'JANE20', url: 'https://yoursite.com?ref=JANE20' })
    expect(said(reply)).toEqual([202, { clickId: expect.stringMatching(/^clk_/) }])
    expect((await asCustomer('GET', '/v1/affiliate/dashboard')).body.stats.clicks).toBe(1)
  })

  test('affiliates.registerDeal({ leadEmail, leadName, notes })', async () => {
    const deal = { leadEmail: 'prospect@company.com', leadName: 'John Smith', notes: 'Met at conference' }
    const reply = await asCustomer('POST', '/v1/affiliate/deals', deal)
    const registered = { id: text, status: 'registered', ...deal, createdAt: time }
    expect(said(reply)).toEqual([201, registered])
    expect((await asCustomer('GET', '/v1/affiliate/deals')).body).toEqual({ data: [registered], nextCursor: null })
    expect((await asCustomer('GET', '/v1/affiliate/dashboard')).body.deals).toEqual([registered])
  })

  test('the customer’s own partner info', async () => {
    const { status, body } = await asCustomer('GET', '/v1/affiliate')
    expect(status).toBe(200)
    expect(body).toMatchObject({ enrolled: true, code: 'JANE20', status: 'active', totalEarned: 119.6 })
  })
})

describe('API reference: each endpoint takes the documented credential, and no lesser one', () => {
  const table: [string, string, 'API key' | 'Session' | 'JWT'][] = [
    ['POST', '/v1/affiliate/apply', 'API key'],
    ['GET', '/v1/affiliate/apply/status', 'API key'],
    ['GET', '/v1/affiliate/by-customer/cust_123', 'API key'],
    ['GET', '/v1/affiliate', 'Session'],
    ['GET', '/v1/affiliate/dashboard', 'Session'],
    ['GET', '/v1/affiliate/portal-link', 'Session'],
    ['POST', '/v1/affiliate/track', 'API key'],
    ['GET', '/v1/apps/APP_ID/affiliates/applications', 'JWT'],
    ['POST', '/v1/apps/APP_ID/affiliates/applications/apl_1/review', 'JWT'],
  ]
  test.each(table)('%s %s: %s', async (method, path, auth) => {
    const body = method === 'POST' ? {} : undefined
    const address = path.replace('APP_ID', acme.program.id)
    const session = (await byKey('POST', '/v1/sessions', { customerId: 'cust_123' })).body.token as string
    const right = { 'API key': { key: acme.secret }, Session: { token: session }, JWT: { token: acme.token } }[auth]
    const lesser = { 'API key': { token: session }, Session: { key: acme.publishable }, JWT: { token: session } }[auth]
    const taken = await server.ask(method, address, { ...right, body })
    expect([200, 422, 404]).toContain(taken.status)
    if (taken.status === 404) expect(taken.body.code).toBe('application_not_found')
    expect((await server.ask(method, address, { ...lesser, body })).status).toBe(403)
    expect((await server.ask(method, address, { body })).status).toBe(401)
  })
})
