import { afterAll, beforeAll, expect, test } from 'vitest'
import { AuditList } from '../../server/contract/audit.ts'
import { Erased, Person } from '../../server/contract/people.ts'
import { dashboard, decide, pay, refer, sessionOf, statsOf } from '../support/acts.ts'
import { merged } from '../support/merges.ts'
import { balanceOf } from '../support/money.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

const pathOf = ({ program }: TestProgram, email: string) => `/v1/apps/${program.id}/people/${encodeURIComponent(email)}`

async function held(acme: TestProgram, email: string) {
  return answered(await server.ask('GET', pathOf(acme, email), { token: acme.token }), 200, Person)
}

async function erase(acme: TestProgram, email: string) {
  return answered(await server.ask('DELETE', pathOf(acme, email), { token: acme.token }), 200, Erased)
}

const application = {
  email: 'Canary.Person@Example.com',
  name: 'Canary Personsdottir',
  company: 'Canary Limited',
  website: 'https://canary.example',
  reason: 'A canary',
}

/** Somebody who applied, was approved, is the host's customer, was referred and has earned: in a program of their own. */
async function known(settings: Record<string, unknown> = {}) {
  const acme = await newProgram(server, settings)
  await newPartner(server, acme, { slug: 'omar' })
  await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: application })
  await server.ask('POST', '/v1/affiliate/apply', { key: acme.publishable, body: application })
  const { affiliate } = await decide(server, acme, application.email, { action: 'approve', code: 'partner-7' })
  const partnerId = affiliate?.id as string
  const change = { payout_email: 'canary.person@example.com', metadata: { note: 'canary' }, payout_method: 'paypal' }
  await server.ask('PATCH', `/api/v1/partners/${partnerId}`, { key: acme.secret, body: change })
  const session = await sessionOf(server, acme, { customerId: 'u-1', email: application.email })
  await refer(server, acme, { customerId: 'u-1', code: 'omar' })
  await pay(server, acme, { customerId: 'u-1', amount: 10_000 })
  await refer(server, acme, { customerId: 'somebody', code: 'partner-7' })
  await pay(server, acme, { customerId: 'somebody', amount: 50_000 })
  return { acme, partnerId, session }
}

test('All that is held on a person is told, however the address is spelled', async () => {
  const { acme, partnerId } = await known()
  const person = await held(acme, 'CANARY.person@example.COM')
  expect(person).toMatchObject({
    email: 'canary.person@example.com',
    customers: [
      {
        customerId: 'u-1',
        name: application.name,
        referral: { code: 'omar' },
        conversions: [{ amount: 10_000, currency: 'EUR' }],
      },
    ],
    partners: [
      {
        id: partnerId,
        firstName: 'Canary',
        payoutEmail: 'canary.person@example.com',
        metadata: { note: 'canary' },
        codes: [{ code: 'partner-7', retiredAt: null }],
        balances: [{ currency: 'EUR', pending: 10_000, approved: 0 }],
      },
    ],
    applications: [{ company: 'Canary Limited', reason: 'A canary', status: 'approved' }],
    mails: [
      { kind: 'application_received' },
      { kind: 'application_known' },
      { kind: 'application_approved' },
      { kind: 'payout_details_changed' },
      { kind: 'first_commission' },
    ],
  })
  expect(person.customers[0]?.aliases).toHaveLength(1)
})

test('Erased, nothing in the database names the person, and every amount is as it was', async () => {
  const { acme, partnerId, session } = await known()
  const money = async () => {
    const { commissions, conversions, journal_entries, program_owed, partner_day_earned } = await everyRow(server)
    const bare = (rows: Record<string, unknown>[] | undefined) => (rows ?? []).map(({ reply: _, ...row }) => row)
    return { commissions, conversions: bare(conversions), journal_entries, program_owed, partner_day_earned }
  }
  const [before, stats] = [await money(), await statsOf(server, acme, { id: partnerId })]
  await server.ask('POST', '/v1/affiliate/api-keys', { token: session, body: { name: 'canary' } })
  const hook = { token: session, body: { url: 'https://canary.example/hook', events: ['*'] } }
  expect((await server.ask('POST', '/v1/affiliate/webhooks', hook)).status).toBe(201)

  const done = await erase(acme, application.email)
  expect(done).toMatchObject({ customers: 1, partners: 1, applications: 1, mails: 5 })
  expect(done.events).toBeGreaterThan(0)
  const rows = (await everyRow(server)) as Record<string, Record<string, unknown>[]>
  const own = Object.fromEntries(
    Object.entries(rows).map(([table, all]) => [
      table,
      all.filter(row => row.programId === acme.program.id || row.id === acme.program.id),
    ]),
  )
  for (const [table, all] of Object.entries(own)) expect(`${table} ${JSON.stringify(all)}`).not.toMatch(/canary|personsdottir/i)
  expect(await money()).toEqual(before)
  expect(await statsOf(server, acme, { id: partnerId })).toEqual(stats)
  const partner = (await server.ask('GET', `/api/v1/partners/${partnerId}`, { key: acme.secret })).body
  expect(partner).toMatchObject({
    status: 'deactivated',
    email: `erased-${partnerId}@invalid`,
    first_name: null,
    slug: 'partner-7',
  })
  refused(await server.ask('GET', pathOf(acme, application.email), { token: acme.token }), 404, 'person_not_found')
  refused(await server.ask('DELETE', pathOf(acme, application.email), { token: acme.token }), 404, 'person_not_found')
})

test.each([
  'canary.person@example.com',
  'canary.old@example.com',
  'canary.oldest@example.com',
])('Accounts that were merged are one person, also by %s', async address => {
  const { acme, partnerId } = await known()
  const account = (name: string) =>
    newPartner(server, acme, {
      slug: name,
      email: `canary.${name}@example.com`,
      first_name: 'Canary',
      last_name: 'Personsdottir',
    })
  const [oldest, old] = [await account('oldest'), await account('old')]
  await refer(server, acme, { customerId: 'another', code: 'old' })
  await pay(server, acme, { customerId: 'another', amount: 20_000 })
  await merged(server, acme, oldest, old)
  await merged(server, acme, old, { id: partnerId })
  const told = await held(acme, address)
  expect(told.partners.map(each => each.id).sort()).toEqual([partnerId, oldest.id, old.id].sort())
  const balances = await balanceOf(server, acme, { id: partnerId })
  expect(balances).toEqual([14_000, 0])

  expect(await erase(acme, address)).toMatchObject({ customers: 1, partners: 3 })
  const rows = Object.values(await everyRow(server)).flat() as Record<string, unknown>[]
  const own = rows.filter(row => row.programId === acme.program.id || row.id === acme.program.id)
  expect(own.filter(row => /canary|personsdottir/i.test(JSON.stringify(row)))).toEqual([])
  expect(await balanceOf(server, acme, { id: partnerId })).toEqual(balances)
})

test('An erased partner is shut out: sessions, keys and codes lead nowhere', async () => {
  const { acme, session } = await known()
  const made = await server.ask('POST', '/v1/affiliate/api-keys', { token: session, body: { name: 'mine' } })
  const read = () => server.ask('GET', '/api/v1/partners/codes', { token: made.body.key })
  expect((await read()).status).toBe(200)
  await erase(acme, application.email)
  refused(await read(), 401, 'bad_credential')
  refused(await server.ask('GET', '/v1/affiliate/dashboard', { token: session }), 403, 'partner_deactivated')
  const signup = { key: acme.secret, body: { customerId: 'late', code: 'partner-7' } }
  expect((await server.ask('POST', '/v1/referrals', signup)).body).toMatchObject({ attributed: false })
  const again = { email: 'new@example.com', slug: 'PARTNER-7' }
  refused(await server.ask('POST', '/api/v1/partners', { key: acme.secret, body: again }), 409, 'code_taken')
})

test('A customer of a partner may be erased, and the partner keeps what it has earned and goes on earning', async () => {
  const acme = await newProgram(server)
  const jane = await newPartner(server, acme, { slug: 'jane' })
  await refer(server, acme, { customerId: 'u-9', code: 'jane', email: 'buyer@example.com' })
  const sale = { externalId: 'sale-9', customerId: 'u-9', amount: 10_000, currency: 'EUR' }
  const booked = await pay(server, acme, sale)
  await erase(acme, 'buyer@example.com')
  expect(await statsOf(server, acme, jane)).toMatchObject({ total_earned_cents: 2_000 })
  const again = await server.ask('POST', '/v1/conversions', { key: acme.secret, body: sale })
  expect(again.body).toEqual(booked)
  await pay(server, acme, { customerId: 'u-9', amount: 10_000 })
  const token = await sessionOf(server, acme, { customerId: 'jane', email: jane.email })
  expect((await dashboard(server, token)).affiliate.pendingBalance).toBe(40)
})

test('A host that uses addresses as ids has none of them left either', async () => {
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane' })
  await refer(server, acme, { customerId: 'Canary@Example.com', code: 'jane' })
  await pay(server, acme, { customerId: 'Canary@Example.com', amount: 10_000, externalId: 'canary-free' })
  await erase(acme, 'Canary@Example.com')
  const rows = await everyRow(server)
  for (const [table, all] of Object.entries(rows)) {
    const own = all.filter(row => row.programId === acme.program.id)
    expect(`${table} ${JSON.stringify(own)}`).not.toMatch(/canary@/i)
  }
})

test('An applicant who waits is erased out of the queue, and may apply again', async () => {
  const acme = await newProgram(server)
  const apply = () => server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: application })
  expect((await apply()).status).toBe(201)
  expect(await erase(acme, application.email)).toMatchObject({ applications: 1 })
  const path = `/v1/apps/${acme.program.id}/affiliates/applications?status=pending`
  expect((await server.ask('GET', path, { token: acme.token })).body.total).toBe(0)
  expect((await apply()).status).toBe(201)
})

test('Two people can be erased, in whatever order, and nobody else is touched', async () => {
  const acme = await newProgram(server)
  for (const email of ['one@example.com', 'two@example.com', 'anyone@example.com'])
    await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: { email, name: 'Some Body' } })
  await erase(acme, 'one@example.com')
  await erase(acme, 'two@example.com')
  expect((await held(acme, 'anyone@example.com')).applications).toMatchObject([{ name: 'Some Body', status: 'pending' }])
})

test('Erased twice at once, it is done once', async () => {
  const { acme } = await known()
  const replies = await Promise.all(
    Array.from({ length: 4 }, () => server.ask('DELETE', pathOf(acme, application.email), { token: acme.token })),
  )
  expect(replies.map(each => each.status).sort()).toEqual([200, 404, 404, 404])
})

test('That somebody was erased is written down, and not who', async () => {
  const { acme } = await known()
  const done = await erase(acme, application.email)
  const path = `/v1/apps/${acme.program.id}/audit?action=person.erased`
  const { data } = answered(await server.ask('GET', path, { token: acme.token }), 200, AuditList)
  expect(data).toMatchObject([
    { object: expect.stringMatching(/^personal:[0-9a-f]{12}$/), after: done, actor: { kind: 'admin' } },
  ])
})

test.each(['nobody@example.com', 'not an address', '%', "' or 1=1 --", '%25@%25'])('Nothing is held on %s', async email => {
  const acme = await newProgram(server)
  await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: application })
  for (const method of ['GET', 'DELETE'])
    refused(await server.ask(method, pathOf(acme, email), { token: acme.token }), 404, 'person_not_found')
  expect((await held(acme, application.email)).applications).toHaveLength(1)
})
