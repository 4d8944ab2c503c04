import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AuditList } from '../../server/contract/audit.ts'
import { applicationOf, change, decide, pass } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { admin, newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

// Entries of one moment have no order among themselves.
const later = () => pass(server, 1)

async function audit({ program, token }: TestProgram, query = '') {
  return answered(await server.ask('GET', `/v1/apps/${program.id}/audit${query}`, { token }), 200, AuditList)
}

async function latest(acme: TestProgram, query = '') {
  const { data } = await audit(acme, query)
  const [entry] = data
  if (!entry) throw new Error('Nothing has been written down')
  return entry
}

test('What an admin does is written down with who, what, when, and the request', async () => {
  const acme = await newProgram(server)
  const path = `/v1/apps/${acme.program.id}`
  later()
  const reply = await server.ask('PATCH', path, {
    token: acme.token,
    body: { defaultCommissionRate: 25, rewards: { enabled: true } },
  })
  const entry = await latest(acme)
  expect(entry).toMatchObject({
    at: server.clock.now.toISOString(),
    actor: { kind: 'admin', id: expect.stringMatching(/^adm_/), label: admin.email },
    action: 'program.updated',
    object: acme.program.id,
    before: { defaultCommissionRate: 20, rewards: { enabled: false } },
    after: { defaultCommissionRate: 25, rewards: { enabled: true } },
    requestId: reply.headers.get('x-request-id'),
  })
  expect(Object.keys(entry.after ?? {})).toEqual(['defaultCommissionRate', 'rewards'])
})

test('Every act on programs, keys, partners and applications has its word', async () => {
  const acme = await newProgram(server, { mode: 'test' })
  const { token, secret, program } = acme
  later()
  const path = `/v1/apps/${program.id}`
  const made = await server.ask('POST', `${path}/api-keys`, { token, body: { type: 'secret', name: 'billing' } })
  later()
  await server.ask('DELETE', `${path}/api-keys/${made.body.id}`, { token })
  later()
  await server.ask('POST', `${path}/clock`, { token, body: { advanceTo: '2026-05-01T00:00:00Z' } })
  later()
  const jane = await newPartner(server, acme, { slug: 'jane' })
  later()
  await server.ask('DELETE', `/api/v1/partners/${jane.id}`, { key: secret })
  later()
  for (const email of ['a@example.com', 'b@example.com'])
    await server.ask('POST', '/v1/affiliate/apply', { key: secret, body: { email, name: 'A' } })
  later()
  await decide(server, acme, 'a@example.com', { action: 'approve' })
  later()
  await decide(server, acme, 'b@example.com', { action: 'reject', rejectionReason: 'No' })
  const { data } = await audit(acme, '?limit=100')
  const byTime = data.map(each => `${each.at} ${each.action}`).sort()
  expect(byTime.map(each => each.split(' ')[1])).toEqual([
    'api_key.created',
    'api_key.created',
    'program.created',
    'api_key.created',
    'api_key.revoked',
    'period.closed',
    'period.closed',
    'program.clock_moved',
    'partner.created',
    'partner.updated',
    'partner.deactivated',
    'application.created',
    'application.created',
    'application.approved',
    'partner.created',
    'application.rejected',
  ])
  const key = data.find(each => each.action === 'partner.created')
  expect(key?.actor).toMatchObject({ kind: 'secret', label: expect.stringMatching(/^secret …\w{4}$/) })
  expect(secret).toContain(key?.actor.label?.slice(-4))
  const moved = data.find(each => each.action === 'program.clock_moved')
  // The time outside, not the program's own.
  expect([moved?.at.slice(0, 10), moved?.after]).toEqual(['2026-03-10', { now: '2026-05-01T00:00:00.000Z' }])
})

test('What is done to webhook endpoints is written down, without their secrets and but for the origin without their address', async () => {
  const acme = await newProgram(server)
  const path = `/v1/apps/${acme.program.id}/webhooks`
  const asked = { token: acme.token, body: { url: 'https://hooks.example/canary?key=canary', events: ['*'] } }
  const { id, secret } = (await server.ask('POST', path, asked)).body
  const rotated = (await server.ask('POST', `${path}/${id}/rotate-secret`, { token: acme.token })).body
  await server.ask('PATCH', `${path}/${id}`, { token: acme.token, body: { disabled: true } })
  await server.ask('DELETE', `${path}/${id}`, { token: acme.token })
  const { data } = await audit(acme, `?object=${id}`)
  expect(data.map(each => each.action).sort()).toEqual([
    'webhook.created',
    'webhook.deleted',
    'webhook.secret_rotated',
    'webhook.updated',
  ])
  expect(data.find(each => each.action === 'webhook.created')?.after).toMatchObject({ url: 'https://hooks.example' })
  const text = JSON.stringify(data)
  for (const hidden of ['canary', secret, rotated.secret]) expect(text).not.toContain(hidden)
})

test('What is refused, or changes nothing, is not written down', async () => {
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane' })
  const before = (await audit(acme, '?limit=100')).data
  const twice = await server.ask('POST', '/api/v1/partners', { key: acme.secret, body: { email: 'x@example.com', slug: 'jane' } })
  refused(twice, 409, 'code_taken')
  await change(server, acme, { defaultCommissionRate: acme.program.defaultCommissionRate })
  expect((await audit(acme, '?limit=100')).data).toEqual(before)
})

test('Entries are read newest first, page by page, of one object or of one kind', async () => {
  const acme = await newProgram(server)
  const jane = await newPartner(server, acme, { slug: 'jane' })
  for (const pct of [1, 2, 3]) {
    later()
    await server.ask('PATCH', `/api/v1/partners/${jane.id}`, { key: acme.secret, body: { commission_pct: pct } })
  }
  const all = (await audit(acme, '?limit=100')).data
  const paged = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof audit>> = await audit(acme, `?limit=2${cursor && `&cursor=${cursor}`}`)
    paged.push(...page.data)
    cursor = page.nextCursor
  }
  expect(paged).toEqual(all)
  expect((await audit(acme, `?object=${jane.id}`)).data.slice(0, 3).map(each => each.after?.ratePpm)).toEqual([
    30_000, 20_000, 10_000,
  ])
  expect((await audit(acme, '?action=api_key.created')).data).toHaveLength(2)
  expect((await audit(acme, '?object=par_other')).data).toEqual([])
  const unknown = await server.ask('GET', `/v1/apps/${acme.program.id}/audit?action=nonsense`, { token: acme.token })
  expect(refused(unknown, 422, 'invalid')).toEqual(['action'])
})

test('No person and no secret stands in it, though it tells whether a value changed', async () => {
  const acme = await newProgram(server, { rewards: { enabled: true, grantUrl: 'https://host.example/grant?key=canary-grant' } })
  const person = {
    first_name: 'Canary',
    last_name: 'Canaryson',
    payout_email: 'canary-pay@example.com',
    metadata: { a: 'canary' },
  }
  const partner = await newPartner(server, acme, { slug: 'jane', email: 'canary@example.com', ...person })
  later()
  await server.ask('PATCH', `/api/v1/partners/${partner.id}`, { key: acme.secret, body: { email: 'canary-two@example.com' } })
  later()
  await server.ask('PATCH', `/api/v1/partners/${partner.id}`, { key: acme.secret, body: { email: 'canary@example.com' } })
  const body = {
    email: 'canary-three@example.com',
    name: 'Canary Three',
    company: 'Canary Ltd',
    reason: 'canary',
    website: 'https://canary.example',
  }
  await server.ask('POST', '/v1/affiliate/apply', { key: acme.publishable, body })
  await applicationOf(server, acme, body.email)
  await decide(server, acme, body.email, { action: 'reject', rejectionReason: 'canary' })
  const { data } = await audit(acme, '?limit=100')
  const text = JSON.stringify(data)
  expect(text).not.toMatch(/canary/i)
  for (const key of [acme.secret, acme.publishable, acme.token]) expect(text).not.toContain(key)
  const rows = JSON.stringify(await server.desk().database.db.selectFrom('auditEntries').selectAll().execute())
  expect(rows).not.toMatch(/canary|mislata_[sp]k_|scrypt/i)

  const [back, away, ...first] = (await audit(acme, `?object=${partner.id}`)).data
  const created = first.find(each => each.action === 'partner.created')
  expect(away?.before?.email).toMatch(/^personal:[0-9a-f]{12}$/)
  expect(away?.after?.email).not.toBe(away?.before?.email)
  expect([back?.after?.email, created?.after?.email]).toEqual([away?.before?.email, away?.before?.email])
  const program = data.find(each => each.action === 'program.created')
  expect(program?.after).toMatchObject({ rewards: { grantUrl: 'https://host.example' } })
})

test('An application from a page is written down in the name of the key that stands on it', async () => {
  const acme = await newProgram(server)
  later()
  await server.ask('POST', '/v1/affiliate/apply', { key: acme.publishable, body: { email: 'p@example.com', name: 'P' } })
  expect((await latest(acme)).actor).toMatchObject({ kind: 'publishable', label: expect.stringMatching(/^publishable …/) })
})

test('Nobody changes an entry or takes one away', async () => {
  await newProgram(server)
  const { db } = server.desk().database
  for (const statement of [`update audit_entries set actor_label = 'nobody'`, 'delete from audit_entries'])
    await expect(sql.raw(statement).execute(db)).rejects.toThrow('audit_entries is append-only')
})

test('A change and its entry are one: where the entry cannot be written nothing has changed', async () => {
  const other = await testServer()
  const acme = await newProgram(other)
  await sql`alter table audit_entries rename to gone`.execute(other.desk().database.db)
  const failed = await other.ask('POST', '/api/v1/partners', { key: acme.secret, body: { email: 'x@example.com', slug: 'x' } })
  expect(failed.status).toBe(500)
  await sql`alter table gone rename to audit_entries`.execute(other.desk().database.db)
  expect((await other.ask('GET', '/api/v1/partners', { key: acme.secret })).body.total).toBe(0)
  await other.stop()
})

test('Entries of another program are not among them, whoever was at work at the same time', async () => {
  const [one, two] = await Promise.all([newProgram(server), newProgram(server)])
  await Promise.all(Array.from({ length: 10 }, (_, i) => newPartner(server, i % 2 ? one : two, { slug: `p${i}` })))
  for (const each of [one, two]) {
    const { data } = await audit(each, '?action=partner.created')
    expect(data).toHaveLength(5)
    expect(new Set(data.map(entry => entry.actor.label))).toEqual(new Set([`secret …${each.secret.slice(-4)}`]))
    expect(new Set(data.map(entry => entry.requestId)).size).toBe(5)
  }
})
