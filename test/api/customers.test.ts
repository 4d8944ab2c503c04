import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Enrolment } from '../../server/contract/affiliate.ts'
import { Applied } from '../../server/contract/applications.ts'
import { Customer } from '../../server/contract/customers.ts'
import { Referral } from '../../server/contract/referrals.ts'
import { dashboard, decide, pay, refer, sessionOf } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow, rowCounts } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'JANE20' })
})
afterAll(() => server.stop())

let tests = 0
let email = ''
let host = ''
beforeEach(() => {
  tests++
  email = `person-${tests}@example.com`
  host = `host-${tests}`
})

const put = (id: string, body: unknown, key = acme.secret) =>
  server.ask('PUT', `/v1/customers/${encodeURIComponent(id)}`, { key, body })
const named = async (id: string, body: unknown) => answered(await put(id, body), 200, Customer)
const byCustomer = async (id: string) =>
  answered(await server.ask('GET', `/v1/affiliate/by-customer/${encodeURIComponent(id)}`, { key: acme.secret }), 200, Enrolment)

/** A partner whom the host does not know yet: the server's own id for the customer. */
async function approved(code: string) {
  answered(await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: { email, name: 'Ada King' } }), 201, Applied)
  const { affiliate } = await decide(server, acme, email, { action: 'approve', code })
  return affiliate?.customerId ?? ''
}

describe('The host names a customer', () => {
  test('and is answered with what is known of it', async () => {
    const made = await named(host, { email, name: 'Ada King' })
    expect(made).toEqual({
      id: expect.stringMatching(/^cus_\w{22}$/),
      customerId: host,
      email,
      name: 'Ada King',
      createdAt: server.clock.now.toISOString(),
    })
    expect(await named(host, { email: 'new@example.com' })).toEqual({ ...made, email: 'new@example.com' })
    expect((await named(host, { email, name: 'Ada Lovelace' })).name).toBe('Ada Lovelace')
  })

  test.each(['a/b', 'with space', '100%', 'ünïcode', '?x=1#y', 'x'.repeat(255)])('by any id of its own: %s', async id => {
    expect((await named(id, { email })).customerId).toBe(id)
    expect(await byCustomer(id)).toEqual({ enrolled: false })
  })

  test.each([
    ['email', { name: 'Ada' }],
    ['email', { email: 'ada' }],
    ['email', { email: null }],
    ['name', { email: 'ada@example.com', name: '' }],
  ])('but not with a bad %s: %j', async (path, body) => {
    const before = await everyRow(server)
    expect(refused(await put(host, body), 422, 'invalid')).toEqual([path])
    expect(await everyRow(server)).toEqual(before)
  })

  test('from its backend alone', async () => {
    refused(await put(host, { email }, acme.publishable), 403, 'wrong_credential')
  })

  test('twenty times at once, and there is one', async () => {
    const before = await rowCounts(server)
    const replies = await Promise.all(Array.from({ length: 20 }, () => put(host, { email })))
    expect(new Set(replies.map(each => answered(each, 200, Customer).id)).size).toBe(1)
    expect((await rowCounts(server)).customers).toBe((before.customers ?? 0) + 1)
  })
})

describe('A partner whom the host did not know becomes the host’s customer', () => {
  test('when the host names the customer of that address', async () => {
    const cus = await approved(`PUT-${tests}`)
    expect(cus).toMatch(/^cus_/)
    expect(await byCustomer(cus)).toMatchObject({ enrolled: true, customerId: cus })
    const { customers } = await rowCounts(server)
    expect(await named(host, { email: email.toUpperCase() })).toMatchObject({ customerId: host, name: 'Ada King' })
    expect((await rowCounts(server)).customers).toBe(customers)
    const enrolment = await byCustomer(host)
    expect(enrolment).toMatchObject({ enrolled: true, code: `PUT-${tests}`, customerId: host })
    expect(await byCustomer(cus)).toEqual(enrolment)
  })

  test('when the host opens a session for the address', async () => {
    const cus = await approved(`SESSION-${tests}`)
    const token = await sessionOf(server, acme, { customerId: host, email })
    expect((await dashboard(server, token)).affiliate).toMatchObject({ code: `SESSION-${tests}`, customerId: host })
    expect(await byCustomer(cus)).toEqual(await byCustomer(host))
  })

  test('when the host tells of its signup', async () => {
    const cus = await approved(`SIGNUP-${tests}`)
    await refer(server, acme, { customerId: host, email, code: 'JANE20' })
    expect(await byCustomer(cus)).toMatchObject({ enrolled: true, customerId: host })
  })

  test('also where the host has known the customer under its own id before, with all that was its own', async () => {
    await refer(server, acme, { customerId: host, code: 'JANE20' })
    const first = await pay(server, acme, { customerId: host, amount: 1_000 })
    const cus = await approved(`JOIN-${tests}`)
    expect(await byCustomer(host)).toEqual({ enrolled: false })
    await named(host, { email })
    const enrolment = await byCustomer(host)
    expect(enrolment).toMatchObject({ enrolled: true, code: `JOIN-${tests}`, customerId: host })
    expect(await byCustomer(cus)).toEqual(enrolment)
    const again = await server.ask('POST', '/v1/referrals', {
      key: acme.secret,
      body: { customerId: host, code: `JOIN-${tests}` },
    })
    expect(answered(again, 200, Referral)).toMatchObject({ code: 'JANE20', customerId: host, status: 'qualified' })
    const { body } = await server.ask('POST', '/v1/conversions', {
      key: acme.secret,
      body: { externalId: first.externalId, customerId: host, amount: 1_000, currency: 'EUR' },
    })
    expect(body).toEqual(first)
  })

  test('and a session that was opened for the earlier id goes on', async () => {
    const cus = await approved(`GOES-ON-${tests}`)
    const token = await sessionOf(server, acme, { customerId: cus })
    await refer(server, acme, { customerId: host, code: 'JANE20' })
    await named(host, { email })
    expect((await dashboard(server, token)).affiliate).toMatchObject({ code: `GOES-ON-${tests}`, customerId: host })
  })

  test.each([
    ['new to the host', false],
    ['known to the host', true],
  ])('where it was referred under the server’s id, it stays referred, also where its own id is %s', async (_, known) => {
    if (known) await pay(server, acme, { customerId: host, amount: 1_000 })
    const cus = await approved(`STAYS-${tests}`)
    const first = await refer(server, acme, { customerId: cus, code: 'JANE20' })
    await named(host, { email })
    const again = await server.ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId: host } })
    expect(answered(again, 200, Referral)).toEqual({ ...first, customerId: host })
    expect((await pay(server, acme, { customerId: host, amount: 1_000 })).commissions).toMatchObject([{ amount: 200 }])
    expect((await pay(server, acme, { customerId: cus, amount: 1_000 })).commissions).toMatchObject([{ amount: 200 }])
  })

  test('unless both have been referred: then neither loses its own', async () => {
    const cus = await approved(`BOTH-${tests}`)
    await refer(server, acme, { customerId: cus, code: 'JANE20' })
    await refer(server, acme, { customerId: host, code: `BOTH-${tests}` })
    const { referrals } = await rowCounts(server)
    await named(host, { email })
    expect((await rowCounts(server)).referrals).toBe(referrals)
    expect(await byCustomer(cus)).toMatchObject({ enrolled: true, code: `BOTH-${tests}` })
  })
})

test.each([
  ['one name', 1],
  ['several names', 4],
])('A host that tells of a new partner in many ways at once, under %s, is always answered, and the partner is one of them', async (_, names) => {
  const cus = await approved(`MANY-${tests}`)
  const hosts = Array.from({ length: names }, (_, i) => `${host}-${i}`)
  const replies = await Promise.all(
    Array.from({ length: 24 }, (_, i) => {
      const customerId = hosts[(i >> 1) % names] ?? ''
      const body = { customerId, email, code: 'JANE20' }
      if (i % 3 === 0) return put(customerId, { email })
      return server.ask('POST', i % 3 === 1 ? '/v1/sessions' : '/v1/referrals', { key: acme.secret, body })
    }),
  )
  expect(replies.map(each => each.status).filter(status => status !== 200 && status !== 201)).toEqual([])
  const own = await byCustomer(cus)
  const enrolled = (await Promise.all(hosts.map(byCustomer))).filter(each => each.enrolled)
  expect(enrolled).toEqual([own])
})

test('A partner that was entered by address belongs to the customer of that address, and is active once it is seen', async () => {
  const body = { email, slug: `invited-${tests}` }
  expect((await server.ask('POST', '/api/v1/partners', { key: acme.secret, body })).body.status).toBe('invited')
  const token = await sessionOf(server, acme, { customerId: host, email })
  expect((await dashboard(server, token)).affiliate).toMatchObject({
    code: `invited-${tests}`,
    status: 'active',
    customerId: host,
  })
})

test('A customer who is referred and paid for under one id while it is named under another keeps it all', async () => {
  const cus = await approved(`MOVING-${tests}`)
  const replies = await Promise.all(
    Array.from({ length: 24 }, (_, i) => {
      if (i % 3 === 0) return put(host, { email })
      const sale = { externalId: `moving-${tests}-${i}`, amount: 1_000, currency: 'EUR' }
      const body = i % 3 === 1 ? { customerId: cus, code: 'JANE20' } : { customerId: cus, code: 'JANE20', ...sale }
      return server.ask('POST', i % 3 === 1 ? '/v1/referrals' : '/v1/conversions', { key: acme.secret, body })
    }),
  )
  expect(replies.map(each => each.status).filter(status => status !== 200 && status !== 201)).toEqual([])
  expect(await byCustomer(cus)).toMatchObject({ enrolled: true, customerId: host })
  expect((await pay(server, acme, { customerId: host, amount: 1_000 })).commissions).toMatchObject([
    { amount: 200, why: { code: 'JANE20' } },
  ])
})

describe('By customer', () => {
  test('nobody is found under an id that is unknown, or another program’s', async () => {
    const cus = await approved(`WALL-${tests}`)
    const other = await newProgram(server)
    for (const id of [cus, email]) {
      const reply = await server.ask('GET', `/v1/affiliate/by-customer/${id}`, { key: other.secret })
      expect(answered(reply, 200, Enrolment)).toEqual({ enrolled: false })
    }
    for (const id of ['unknown', 'x'.repeat(1_000), '%00', '%ED%A0%80', "' or 1=1 --"]) {
      const reply = await server.ask('GET', `/v1/affiliate/by-customer/${id.startsWith('%') ? id : encodeURIComponent(id)}`, {
        key: acme.secret,
      })
      expect(answered(reply, 200, Enrolment)).toEqual({ enrolled: false })
    }
  })
})
