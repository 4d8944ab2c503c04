import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { curl } from '../support/curl.ts'
import { newProgram, type Reply, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

// The partners' API as its documentation tells it, command by command and field by field. What is expected is spelled out
// here and nowhere taken from the server's own schemas.
let server: TestServer
let acme: TestProgram
let id: string
beforeAll(async () => {
  server = await testServer()
  server.clock.now = new Date('2026-04-01T12:00:00Z')
  acme = await newProgram(server, { name: 'Affihub', siteUrl: 'https://affihub.com', currency: 'USD' })
})
afterAll(() => server.stop())

const documented = (command: string) => curl(server, command.replaceAll('par_abc123', id), { YOUR_API_KEY: acme.secret })
const asked = (method: string, path: string, body?: unknown) => server.ask(method, path, { key: acme.secret, body })
const said = ({ status, body }: Reply) => [status, body]
const jane = {
  email: 'jane@example.com',
  first_name: 'Jane',
  last_name: 'Smith',
  slug: 'jane',
  commission_pct: 25,
  payout_method: null,
  payout_email: null,
  stripe_account_id: null,
  metadata: null,
  created_at: '2026-04-01T12:00:00.000Z',
}

describe('Create a partner', () => {
  test('as the example does', async () => {
    const reply = await documented(`curl -X POST "https://api.affihub.com/api/v1/partners" \\
-H "Authorization: Bearer YOUR_API_KEY" \\
-H "Content-Type: application/json" \\
-d '{
"email": "jane@example.com",
"first_name": "Jane",
"last_name": "Smith",
"slug": "jane",
"commission_pct": 25
}'`)
    id = reply.body.id
    expect(id).toMatch(/^par_\w{16,}$/)
    expect(said(reply)).toEqual([201, { id, program_id: acme.program.id, ...jane, status: 'invited' }])
  })

  test('every field of the table is taken', async () => {
    const body = {
      email: 'bob@example.com',
      first_name: 'Bob',
      last_name: 'Jones',
      slug: 'bob',
      commission_pct: 12.5,
      payout_method: 'paypal',
      payout_email: 'bob@paypal.example',
      metadata: { tier: 'gold', tags: ['a', 1, null], nested: { deep: true } },
    }
    const reply = await asked('POST', '/api/v1/partners', body)
    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject(body)
    for (const [i, payout_method] of ['stripe', 'bank_transfer', 'crypto'].entries()) {
      const other = await asked('POST', '/api/v1/partners', { email: `b${i}@example.com`, slug: `b${i}`, payout_method })
      expect([other.status, other.body.payout_method]).toEqual([201, payout_method])
    }
  })

  test('only email and slug are required', async () => {
    const { status, body } = await asked('POST', '/api/v1/partners', { email: 'least@example.com', slug: 'least' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ first_name: null, last_name: null, commission_pct: null, status: 'invited' })
    expect((await asked('POST', '/api/v1/partners', { email: 'no-slug@example.com' })).status).toBe(422)
    expect((await asked('POST', '/api/v1/partners', { slug: 'no-email' })).status).toBe(422)
  })

  test('email and slug are unique in the program', async () => {
    expect((await asked('POST', '/api/v1/partners', { email: 'JANE@example.com', slug: 'jane2' })).status).toBe(409)
    expect((await asked('POST', '/api/v1/partners', { email: 'jane2@example.com', slug: 'Jane' })).status).toBe(409)
  })

  test('all endpoints require an API key', async () => {
    const bare = await curl(server, `curl "https://api.affihub.com/api/v1/partners/${id}"`)
    expect([bare.status, bare.body.code]).toEqual([401, 'no_credential'])
  })
})

describe('Update a partner', () => {
  test('as the example does', async () => {
    const reply = await documented(`curl -X PATCH "https://api.affihub.com/api/v1/partners/par_abc123" \\
-H "Authorization: Bearer YOUR_API_KEY" \\
-H "Content-Type: application/json" \\
-d '{
"status": "active",
"commission_pct": 30
}'`)
    expect(reply.status, reply.text).toBe(200)
    expect(reply.body).toMatchObject({ id, ...jane, status: 'active', commission_pct: 30 })
  })

  test('each field by itself, and only that one', async () => {
    const changes = {
      email: 'jane.smith@example.com',
      first_name: 'Janet',
      last_name: 'Smithson',
      slug: 'janet',
      status: 'invited',
      commission_pct: null,
      payout_method: 'bank_transfer',
      payout_email: 'pay@example.com',
      metadata: { note: 'x' },
    }
    let before = (await asked('GET', `/api/v1/partners/${id}`)).body
    for (const [name, value] of Object.entries(changes)) {
      const { status, body } = await asked('PATCH', `/api/v1/partners/${id}`, { [name]: value })
      expect([name, status, body]).toMatchObject([name, 200, { ...withoutStats(before), [name]: value }])
      before = body
    }
    await asked('PATCH', `/api/v1/partners/${id}`, {
      ...jane,
      created_at: undefined,
      stripe_account_id: undefined,
      status: 'active',
    })
  })
})

const withoutStats = ({ stats: _, ...rest }: Record<string, unknown>) => rest

describe('List partners', () => {
  test('as the example does', async () => {
    const reply = await documented(`curl "https://api.affihub.com/api/v1/partners?status=active&search=jane" \\
-H "Authorization: Bearer YOUR_API_KEY"`)
    expect(reply.status).toBe(200)
    const { email, first_name, last_name, slug, commission_pct, created_at } = jane
    expect(reply.body).toEqual({
      data: [expect.objectContaining({ id, email, first_name, last_name, slug, status: 'active', commission_pct, created_at })],
      total: 1,
      page: 1,
      per_page: 20,
    })
  })

  test('the parameters have the documented meaning and defaults', async () => {
    const all = (await asked('GET', '/api/v1/partners')).body
    expect([all.page, all.per_page, all.total]).toEqual([1, 20, 6])
    const second = (await asked('GET', '/api/v1/partners?page=2&per_page=4')).body
    expect([second.page, second.per_page, second.total, second.data.length]).toEqual([2, 4, 6, 2])
    expect((await asked('GET', '/api/v1/partners?per_page=100')).status).toBe(200)
    expect((await asked('GET', '/api/v1/partners?per_page=101')).status).toBe(422)
    for (const [status, total] of Object.entries({ invited: 5, active: 1, deactivated: 0 }))
      expect((await asked('GET', `/api/v1/partners?status=${status}`)).body.total).toBe(total)
    for (const search of ['jane@example.com', 'Smith', 'jane'])
      expect((await asked('GET', `/api/v1/partners?search=${search}`)).body.data.map((each: { id: string }) => each.id)).toEqual([
        id,
      ])
  })
})

describe('Get a partner', () => {
  test('with stats, in cents', async () => {
    await asked('POST', '/v1/referrals', { code: 'jane', customerId: 'c1' })
    await asked('POST', '/v1/conversions', { externalId: 'i1', customerId: 'c1', amount: 48_000, currency: 'USD' })
    server.clock.now = new Date('2026-05-15T12:00:00Z')
    await asked('POST', '/v1/conversions', { externalId: 'i2', customerId: 'c1', amount: 20_000, currency: 'USD' })
    const reply = await documented(`curl "https://api.affihub.com/api/v1/partners/par_abc123" \\
-H "Authorization: Bearer YOUR_API_KEY"`)
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ id, ...jane, status: 'active' })
    expect(reply.body.stats).toEqual({
      total_commissions: 2,
      total_earned_cents: 17_000,
      pending_cents: 5_000,
      approved_cents: 12_000,
      paid_cents: 0,
    })
  })

  test('one that is not there is not found', async () => {
    expect((await asked('GET', '/api/v1/partners/par_abc123')).status).toBe(404)
  })
})

describe('Delete a partner', () => {
  test('soft-deletes: the record is preserved', async () => {
    const before = await everyRow(server)
    const reply = await documented(`curl -X DELETE "https://api.affihub.com/api/v1/partners/par_abc123" \\
-H "Authorization: Bearer YOUR_API_KEY"`)
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ id, ...jane, status: 'deactivated' })
    expect((await asked('GET', '/api/v1/partners?status=deactivated')).body.data[0].id).toBe(id)
    expect((await everyRow(server)).commissions).toEqual(before.commissions)
  })

  test('a deactivated partner cannot log in, gets no new commissions, and keeps what it has', async () => {
    const session = await asked('POST', '/v1/sessions', { customerId: 'jane-at-acme', email: jane.email })
    expect((await server.ask('GET', '/v1/affiliate/dashboard', { token: session.body.token })).status).toBe(403)
    const referral = await asked('POST', '/v1/referrals', { code: 'jane', customerId: 'c2' })
    expect(said(referral)).toEqual([200, { attributed: false, reason: 'inactive_partner' }])
    const { stats } = (await asked('GET', `/api/v1/partners/${id}`)).body
    expect([stats.total_commissions, stats.total_earned_cents]).toEqual([2, 17_000])
  })
})
