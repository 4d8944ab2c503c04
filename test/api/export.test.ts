import * as v from 'valibot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ExportEnd, ExportHead, ExportLine, exportTypes } from '../../server/contract/export.ts'
import { sealAll } from '../../server/program/journal-chain.ts'
import { exported, notExported } from '../../server/store/export-tables.ts'
import { dashboard, decide, pay, refer, sessionOf } from '../support/acts.ts'
import { refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

type Line = { type: string; [field: string]: any }

/** All lines of an export, which begins and ends as it should. */
async function lines({ program, token }: TestProgram, query = ''): Promise<Line[]> {
  const reply = await server.ask('GET', `/v1/apps/${program.id}/export${query}`, { token })
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
  expect(reply.text.endsWith('\n')).toBe(true)
  const [head, ...rest] = reply.text
    .trimEnd()
    .split('\n')
    .map(line => v.parse(ExportLine, JSON.parse(line)) as Line)
  const end = rest.pop()
  expect(v.parse(ExportHead, head)).toMatchObject({ version: 1, programId: program.id })
  expect(v.parse(ExportEnd, end).rows).toBe(rest.length)
  return rest
}

/** A program in which something of everything has happened that routes of today can make happen. */
async function lived() {
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane', metadata: { tier: 'gold' } })
  const apply = { email: 'omar@example.com', name: 'Omar Diaz', reason: 'A blog' }
  await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: apply })
  await server.ask('POST', '/v1/affiliate/apply', { key: acme.publishable, body: apply })
  await decide(server, acme, apply.email, { action: 'approve', code: 'omar' })
  await server.ask('POST', '/v1/affiliate/track', { key: acme.secret, body: { code: 'jane', url: 'https://acme.example/' } })
  await refer(server, acme, { customerId: 'one', code: 'jane', email: 'one@example.com' })
  await refer(server, acme, { customerId: 'two', code: 'omar' })
  await pay(server, acme, { customerId: 'one', amount: 59_800, occurredAt: '2026-01-05T00:00:00Z' })
  await pay(server, acme, { customerId: 'two', amount: 1_000, currency: 'USD' })
  return acme
}

test('Every noun stands in it, in the documented order, whatever refers to something after it', async () => {
  const acme = await lived()
  const all = await lines(acme)
  const found = [...new Set(all.map(each => each.type))]
  expect(found).toEqual(exportTypes.filter(type => found.includes(type)))
  expect(found).toEqual(
    expect.arrayContaining([
      ...['program', 'apiKey', 'customer', 'partner', 'code', 'application', 'referral', 'conversion', 'commission'],
      ...['journalTransaction', 'partnerDay', 'partnerDayEarned', 'partnerMonth', 'programDay', 'event', 'mail', 'auditEntry'],
    ]),
  )
  expect(all.filter(each => each.type === 'program')).toMatchObject([{ id: acme.program.id, settings: { name: 'Acme' } }])
  expect(all.find(each => each.type === 'partner' && each.slug === 'jane')).toMatchObject({ metadata: { tier: 'gold' } })
  expect(
    all
      .filter(each => each.type === 'apiKey')
      .map(each => each.keyType)
      .sort(),
  ).toEqual(['publishable', 'secret'])
})

test('Every row of the program is in it once, and none of another', async () => {
  const acme = await lived()
  await lived()
  await sealAll(server.desk())
  const all = await lines(acme)
  const seals: Record<string, unknown>[] = await server.desk().database.db.selectFrom('journalSeals').selectAll().execute()
  const rows: Awaited<ReturnType<typeof everyRow>> = { ...(await everyRow(server)), journal_seals: seals }
  const snake = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
  const idsOf = (table: string) => rows[table]?.filter(each => each.programId === acme.program.id).map(each => each.id)
  const [partners, customers] = [idsOf('partners'), idsOf('customers')]
  for (const [type, { table, by }] of Object.entries(exported)) {
    const kept = (rows[snake(table)] ?? []).filter(row => {
      if (by === 'id') return row.id === acme.program.id
      if (by === 'customer') return customers?.includes(row.customerId)
      return by === 'partner' ? partners?.includes(row.partnerId) : row.programId === acme.program.id
    })
    expect([type, all.filter(each => each.type === type).length]).toEqual([type, kept.length])
  }
})

test('Every table is either exported or left out for a reason', async () => {
  const snake = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
  const known = [...Object.values(exported).map(each => snake(each.table)), ...notExported]
  expect(Object.keys(await everyRow(server)).filter(table => !known.includes(table))).toEqual([])
})

test('The balances that it makes are the balances that partners see', async () => {
  const acme = await lived()
  const all = await lines(acme)
  const entries = all.filter(each => each.type === 'journalTransaction').flatMap(each => each.entries)
  const omar = all.find(each => each.type === 'partner' && each.slug === 'omar')
  const jane = all.find(each => each.type === 'partner' && each.slug === 'jane')
  const now = server.clock.now.toISOString()
  const sum = (partner: Line | undefined, currency: string, isPending: boolean) =>
    entries
      .filter(each => each.account === 'partner_earnings' && each.partnerId === partner?.id && each.currency === currency)
      .filter(each => each.availableAt > now === isPending)
      .reduce((total, each) => total + each.amount, 0)
  expect([sum(jane, 'EUR', false), sum(jane, 'EUR', true), sum(omar, 'USD', true)]).toEqual([11_960, 0, 200])
  for (const transaction of all.filter(each => each.type === 'journalTransaction'))
    expect(transaction.entries.reduce((total: number, each: Line) => total + each.amount, 0)).toBe(0)
  const customer = { customerId: 'jane', email: 'jane@partners.example' }
  const { affiliate } = await dashboard(server, await sessionOf(server, acme, customer))
  expect([affiliate.approvedBalance, affiliate.pendingBalance]).toEqual([119.6, 0])
})

test('Nothing in it lets anybody in, or tells who visited', async () => {
  const acme = await lived()
  const rows = await everyRow(server)
  const { text } = await server.ask('GET', `/v1/apps/${acme.program.id}/export`, { token: acme.token })
  const hidden = [
    ...(rows.api_keys ?? []).map(each => each.hash),
    ...(rows.applications ?? []).map(each => each.tokenHash),
    ...(rows.clicks ?? []).map(each => each.visitor),
    ...(rows.day_keys ?? []).map(each => each.key),
    ...(rows.admins ?? []).map(each => each.passwordHash),
    ...(rows.mails ?? []).map(each => JSON.stringify(each.facts).slice(1, -1)),
    ...[acme.secret, acme.publishable, acme.token, server.desk().secret],
  ].filter(each => each !== null)
  expect(hidden.length).toBeGreaterThan(10)
  for (const each of hidden) expect(text).not.toContain(each)
  // A place in the journal's chain is known by its hash, which is nobody's secret.
  const rest = text.split('\n').filter(line => !line.startsWith('{"type":"journalSeal"'))
  expect(rest.join('\n')).not.toMatch(/"(hash|tokenHash|visitor|secret|oldSecret|passwordHash)":/)
})

test('One noun may be asked for alone, and an unknown one is refused', async () => {
  const acme = await lived()
  const partners = await lines(acme, '?type=partner')
  expect(partners.map(each => [each.type, each.slug]).sort()).toEqual([
    ['partner', 'jane'],
    ['partner', 'omar'],
  ])
  const unknown = await server.ask('GET', `/v1/apps/${acme.program.id}/export?type=admins`, { token: acme.token })
  expect(refused(unknown, 422, 'invalid')).toEqual(['type'])
})

test('More than fits a page is all there, each row once, also where keys have several parts', async () => {
  const acme = await newProgram(server)
  const { id } = await newPartner(server, acme, { slug: 'jane' })
  const { db } = server.desk().database
  const customers = Array.from({ length: 1_203 }, (_, i) => ({
    ...{ id: `cus_many${i}`, programId: acme.program.id, externalId: `c-${i}`, email: null, emailFold: null, name: null },
    createdAt: '2026-03-01T00:00:00.000Z',
  }))
  const days = Array.from({ length: 1_001 }, (_, i) => ({
    ...{ partnerId: id, day: `d${i % 100}`, currency: `C${Math.floor(i / 100)}`, amount: i },
  }))
  for (let i = 0; i < 13; i++) {
    await db
      .insertInto('customers')
      .values(customers.slice(i * 100, i * 100 + 100))
      .execute()
    if (days[i * 100])
      await db
        .insertInto('partnerDayEarned')
        .values(days.slice(i * 100, i * 100 + 100))
        .execute()
  }
  const seen = await lines(acme, '?type=customer')
  expect(new Set(seen.map(each => each.id)).size).toBe(1_203)
  expect(seen).toHaveLength(1_203)
  const earned = await lines(acme, '?type=partnerDayEarned')
  expect(earned.map(each => each.amount).sort((a, b) => a - b)).toEqual(days.map(each => each.amount))
})

test('Who stops reading costs nothing more, and the server goes on', async () => {
  const acme = await lived()
  const stop = new AbortController()
  const reply = await fetch(`${server.url()}/v1/apps/${acme.program.id}/export`, {
    headers: { authorization: `Bearer ${acme.token}` },
    signal: stop.signal,
  })
  await reply.body?.getReader().read()
  stop.abort()
  expect(await lines(acme, '?type=program')).toHaveLength(1)
})
