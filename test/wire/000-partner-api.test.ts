import { afterAll, beforeAll, expect, test } from 'vitest'
import { partnerKeyOf, pay, refer, sessionOf } from '../support/acts.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

// The Partner API as its document shows it, request by request. What is compared here is written out letter by letter: a
// client that was written against the document sends and expects exactly this.

let server: TestServer
let program: TestProgram
let apiKey: string
let referralId: string

beforeAll(async () => {
  server = await testServer({ PARTNER_RATE_LIMIT: '' })
  server.clock.now = new Date('2026-01-01T10:30:00Z')
  program = await newProgram(server, { name: 'Quantum', siteUrl: 'https://quantumapi.eu', currency: 'EUR' })
  const { email } = await newPartner(server, program, { slug: 'blogger' })
  // Forty-one customers within a fortnight, of whom eleven have subscribed; then the one that the document shows.
  for (let count = 1; count <= 41; count++) {
    server.clock.now = new Date(server.clock.now.getTime() + 8 * 3_600_000)
    await refer(server, program, { customerId: `tnt_${count}`, code: 'blogger' })
    if (count <= 11) await pay(server, program, { customerId: `tnt_${count}`, amount: 59_800 })
  }
  server.clock.now = new Date('2026-01-15T10:30:00Z')
  referralId = (await refer(server, program, { customerId: 'tnt_xyz', code: 'blogger' })).id
  await pay(server, program, { customerId: 'tnt_xyz', amount: 59_800 })
  apiKey = await partnerKeyOf(server, await sessionOf(server, program, { customerId: 'blogger', email }))
})
afterAll(() => server.stop())

/** `curl -H "Authorization: Bearer mislata_pa_..." …`, as the document has it. */
async function curl(
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: object; body?: string } = {},
) {
  const response = await fetch(server.url() + path, {
    method,
    headers: { Authorization: `Bearer ${apiKey}`, ...headers },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    text,
    json: JSON.parse(text),
  }
}

test('Partner API keys use the prefix mislata_pa_', () => {
  expect(apiKey.startsWith('mislata_pa_')).toBe(true)
})

test('GET /api/v1/partners/referrals', async () => {
  const { status, type, json } = await curl('/api/v1/partners/referrals')
  expect([status, type]).toEqual([200, 'application/json'])
  expect(Object.keys(json)).toEqual(['data', 'total'])
  expect(json.data[0]).toEqual({ id: referralId, tenantId: 'tnt_xyz', status: 'active', createdAt: '2026-01-15T10:30:00.000Z' })
  expect(referralId).toMatch(/^ref_\w+$/)
  expect(json.total).toBe(42)
  expect(json.data).toHaveLength(42)
})

test('GET /api/v1/partners/commissions?period=2026-01', async () => {
  const { status, json, text } = await curl('/api/v1/partners/commissions?period=2026-01')
  expect(status).toBe(200)
  expect(Object.keys(json)).toEqual(['data', 'totalAmount'])
  expect(json.data).toHaveLength(12)
  expect(Object.keys(json.data[0])).toEqual(['referralId', 'amount', 'currency', 'status', 'period'])
  expect(json.data).toContainEqual({ referralId, amount: 119.6, currency: 'EUR', status: 'calculated', period: '2026-01' })
  expect(json.totalAmount).toBe(1435.2)
  expect(text).toContain('"totalAmount":1435.2}')
})

test('POST /api/v1/partners/codes', async () => {
  server.clock.now = new Date('2026-02-01T09:00:00Z')
  const { status, json } = await curl('/api/v1/partners/codes', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"label": "blog-campaign-feb"}',
  })
  expect(status).toBe(201)
  expect(Object.keys(json)).toEqual(['code', 'url', 'createdAt'])
  expect(json.code).toMatch(/^ref_blog_feb_[a-z0-9]{3}$/)
  expect(json.url).toBe(`https://quantumapi.eu/?ref=${json.code}`)
  expect(json.createdAt).toBe('2026-02-01T09:00:00.000Z')
})

test('Endpoints are rate-limited to 100 requests per minute per API key', async () => {
  const first = await curl('/api/v1/partners/codes')
  expect(first.headers.get('ratelimit-policy')).toBe('"partner-key";q=100;w=60')
  const left = Number(/r=(\d+)/.exec(first.headers.get('ratelimit') ?? '')?.[1])
  for (let count = 0; count < left; count++) expect((await curl('/api/v1/partners/codes')).status).toBe(200)
  const { status, type, json, headers } = await curl('/api/v1/partners/codes')
  expect([status, type, json.code]).toEqual([429, 'application/problem+json', 'too_many_requests'])
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
})
