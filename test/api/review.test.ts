import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Enrolment } from '../../server/contract/affiliate.ts'
import { ApplicationStatus, Applied, Reviewed } from '../../server/contract/applications.ts'
import { Customer } from '../../server/contract/customers.ts'
import { PartnerList } from '../../server/contract/partners.ts'
import { pass, sessionOf } from '../support/acts.ts'
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

const list = () => `/v1/apps/${acme.program.id}/affiliates/applications`

async function applied(email: string, name = 'Jane Smith') {
  pass(server, 1000)
  return answered(await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: { email, name } }), 201, Applied).id
}

const review = (id: string, body: unknown) => server.ask('POST', `${list()}/${id}/review`, { key: acme.secret, body })
const approve = (id: string, code?: string) => review(id, { action: 'approve', code })

const rows = async () =>
  Object.fromEntries(Object.entries(await everyRow(server)).map(([table, rows]) => [table, rows.length])) as Record<
    string,
    number
  >

describe('An approval', () => {
  test('makes a partner, a customer and a code, and says so', async () => {
    const id = await applied('jane@example.com')
    const before = await rows()
    const { application, affiliate } = answered(await approve(id, 'JANE20'), 200, Reviewed)
    expect(application).toMatchObject({
      id,
      status: 'approved',
      partnerId: affiliate?.id,
      reviewedAt: server.clock.now.toISOString(),
    })
    expect(affiliate).toMatchObject({ code: 'JANE20', status: 'active', customerId: expect.stringMatching(/^cus_/) })
    const after = await rows()
    const added = Object.keys(after).filter(table => after[table] !== before[table])
    expect(added.sort()).toEqual(['audit_entries', 'codes', 'customers', 'events', 'mails', 'partners'])
    expect(added.map(table => (after[table] ?? 0) - (before[table] ?? 0))).toEqual([2, 1, 1, 1, 1, 1])
  })

  test('shows everywhere: to the applicant, to the host by customer and in the list of partners', async () => {
    const id = await applied('shown@example.com', 'Ada King Lovelace')
    const { affiliate } = answered(await approve(id, 'SHOWN'), 200, Reviewed)
    const status = await server.ask('GET', '/v1/affiliate/apply/status?email=shown@example.com', { key: acme.secret })
    expect(answered(status, 200, ApplicationStatus)).toEqual({ applied: true, status: 'approved', code: 'SHOWN' })
    const found = await server.ask('GET', `/v1/affiliate/by-customer/${affiliate?.customerId}`, { key: acme.secret })
    expect(answered(found, 200, Enrolment)).toMatchObject({
      enrolled: true,
      id: affiliate?.id,
      code: 'SHOWN',
      status: 'active',
      totalEarned: 0,
    })
    const { data } = answered(await server.ask('GET', '/api/v1/partners?search=shown', { key: acme.secret }), 200, PartnerList)
    expect(data).toMatchObject([{ first_name: 'Ada', last_name: 'King Lovelace', slug: 'SHOWN', status: 'active' }])
  })

  test('without a code makes one from the name', async () => {
    const { affiliate } = answered(await approve(await applied('made-code@example.com', 'José García')), 200, Reviewed)
    expect(affiliate?.code).toMatch(/^JOSE-[0-9A-Z]{3}$/)
  })

  test('by an admin is as good', async () => {
    const id = await applied('by-admin@example.com')
    const reply = await server.ask('POST', `${list()}/${id}/review`, {
      token: acme.token,
      body: { action: 'approve', code: 'ADMIN20' },
    })
    expect(answered(reply, 200, Reviewed).affiliate?.code).toBe('ADMIN20')
  })

  test('with a code that is taken, in whatever letter case, is refused and changes nothing', async () => {
    await server.ask('POST', '/api/v1/partners', { key: acme.secret, body: { email: 'holder@example.com', slug: 'Taken20' } })
    const id = await applied('wants-taken@example.com')
    const before = await everyRow(server)
    for (const code of ['TAKEN20', 'taken20', 'Taken20']) refused(await approve(id, code), 409, 'code_taken')
    expect(await everyRow(server)).toEqual(before)
    expect(answered(await approve(id, 'TAKEN21'), 200, Reviewed).application.status).toBe('approved')
  })

  test('of an address that has become a partner’s is refused and changes nothing', async () => {
    const id = await applied('meanwhile@example.com')
    await newPartner(server, acme, { slug: 'meanwhile', email: 'Meanwhile@example.com' })
    const before = await everyRow(server)
    refused(await approve(id, 'MEANWHILE2'), 409, 'partner_exists')
    expect(await everyRow(server)).toEqual(before)
  })

  test.each([
    ['SPACE 20'],
    ['a/b'],
    ['-jane'],
    ['ü20'],
    [''],
    ['x'.repeat(65)],
    [20],
    [['JANE']],
  ])('with the code %j is refused', async code => {
    const id = await applied(`${Buffer.from(JSON.stringify(code)).toString('hex').slice(0, 40)}@codes.example`)
    expect(refused(await review(id, { action: 'approve', code }), 422, 'invalid')).toEqual(['code'])
  })
})

describe('The customer of an approved applicant', () => {
  const named = async (customerId: string, email: string) =>
    answered(await server.ask('PUT', `/v1/customers/${customerId}`, { key: acme.secret, body: { email } }), 200, Customer)

  test('is the one whom the host knows by the address', async () => {
    await named('host-7', 'Linked@example.com')
    const before = (await rows()).customers
    const { affiliate } = answered(await approve(await applied('linked@example.com'), 'LINKED'), 200, Reviewed)
    expect(affiliate?.customerId).toBe('host-7')
    expect((await rows()).customers).toBe(before)
    const token = await sessionOf(server, acme, { customerId: 'host-7' })
    expect(answered(await server.ask('GET', '/v1/affiliate', { token }), 200, Enrolment)).toMatchObject({
      enrolled: true,
      code: 'LINKED',
    })
  })

  test('is a new one where the known one is another partner already', async () => {
    await named('host-8', 'shared@example.com')
    answered(await approve(await applied('shared@example.com'), 'SHARED-1'), 200, Reviewed)
    await named('host-8', 'moved@example.com')
    const { affiliate } = answered(await approve(await applied('moved@example.com'), 'SHARED-2'), 200, Reviewed)
    expect(affiliate?.customerId).toMatch(/^cus_/)
  })
})

describe('A rejection', () => {
  test('gives the applicant its reason, and makes nobody a partner', async () => {
    const id = await applied('rejected@example.com')
    const before = await rows()
    const { application, affiliate } = answered(
      await review(id, { action: 'reject', rejectionReason: 'Not a good fit at this time' }),
      200,
      Reviewed,
    )
    expect(application).toMatchObject({ status: 'rejected', rejectionReason: 'Not a good fit at this time', partnerId: null })
    expect(affiliate).toBeUndefined()
    const told = ['audit_entries', 'events', 'mails'].map(table => [table, (before[table] ?? 0) + 1])
    expect(await rows()).toEqual({ ...before, ...Object.fromEntries(told) })
    const token = await sessionOf(server, acme, { customerId: 'rejected-1', email: 'rejected@example.com' })
    const own = answered(await server.ask('GET', '/v1/affiliate', { token }), 200, Enrolment)
    expect(own).toEqual({ enrolled: false, application: { status: 'rejected', rejectionReason: 'Not a good fit at this time' } })
  })

  test('needs no reason', async () => {
    const id = await applied('no-reason@example.com')
    expect(answered(await review(id, { action: 'reject' }), 200, Reviewed).application.rejectionReason).toBeNull()
    const status = await server.ask('GET', '/v1/affiliate/apply/status?email=no-reason@example.com', { key: acme.secret })
    expect(answered(status, 200, ApplicationStatus)).toEqual({ applied: true, status: 'rejected' })
  })
})

describe('A decision', () => {
  test.each([
    ['approve', 'approve'],
    ['approve', 'reject'],
    ['reject', 'approve'],
    ['reject', 'reject'],
  ])('stands: %s, then %s', async (first, second) => {
    const id = await applied(`${first}-${second}@example.com`)
    answered(await review(id, { action: first }), 200, Reviewed)
    const before = await everyRow(server)
    refused(await review(id, { action: second }), 409, 'already_reviewed')
    expect(await everyRow(server)).toEqual(before)
  })

  test('is one, however many reviewers press at the same time', async () => {
    const id = await applied('race@example.com')
    const before = await rows()
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) => review(id, i % 2 ? { action: 'approve', code: `RACE-${i}` } : { action: 'reject' })),
    )
    const [winner, ...losers] = replies.sort((a, b) => a.status - b.status)
    for (const each of losers) refused(each, 409, 'already_reviewed')
    if (!winner) throw new Error('Nobody has answered')
    const partners = answered(winner, 200, Reviewed).affiliate ? 1 : 0
    const after = await rows()
    for (const table of ['partners', 'codes', 'customers']) expect(after[table]).toBe((before[table] ?? 0) + partners)
  })

  test('for one code makes one partner, however many applicants are approved with it at the same time', async () => {
    const ids: string[] = []
    for (let i = 0; i < 10; i++) ids.push(await applied(`one-code-${i}@example.com`))
    const before = (await rows()).partners ?? 0
    const replies = await Promise.all(ids.map((id, i) => approve(id, i % 2 ? 'ONECODE' : 'onecode')))
    expect(replies.map(each => each.status).sort()).toEqual([200, ...Array(9).fill(409)])
    expect((await rows()).partners).toBe(before + 1)
  })

  test.each([
    [{}, 'action'],
    [{ action: 'maybe' }, 'action'],
    [{ action: 'reject', rejectionReason: 7 }, 'rejectionReason'],
  ])('cannot be %j', async (body, path) => {
    expect(refused(await review('apl_1111111111111111111111', body), 422, 'invalid')).toEqual([path])
  })

  test('is not taken for an application that is not there, or another program’s', async () => {
    const other = await newProgram(server)
    const id = await applied('walls@example.com')
    refused(await review('apl_1111111111111111111111', { action: 'reject' }), 404, 'application_not_found')
    const path = `/v1/apps/${other.program.id}/affiliates/applications/${id}/review`
    refused(await server.ask('POST', path, { key: other.secret, body: { action: 'reject' } }), 404, 'application_not_found')
    refused(await server.ask('POST', path, { key: acme.secret, body: { action: 'reject' } }), 404, 'program_not_found')
    refused(
      await server.ask('POST', `${list()}/${id}/review`, { key: acme.publishable, body: { action: 'reject' } }),
      403,
      'wrong_credential',
    )
  })
})
