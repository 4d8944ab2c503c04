import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dashboard, day, decide, pay, refer, sessionOf } from '../support/acts.ts'
import { engine } from '../support/database.ts'
import { books, bring, sample, verified } from '../support/import.ts'
import { merged } from '../support/merges.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { rowCounts } from '../support/tables.ts'

// The other server keeps its data in SQLite, wherever this one does: on PostgreSQL the way there is one across, and so is
// the way back.
let server: TestServer
let other: TestServer
let third: TestServer
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mislata-moved-'))
  server = await testServer()
  other = await testServer({ DATABASE_URL: `sqlite:${join(folder, 'other.db')}` })
  third = await testServer()
})
afterAll(async () => {
  for (const each of [server, other, third]) await each.stop()
  rmSync(folder, { recursive: true, force: true })
})

const post = (acme: TestProgram, path: string, body: object) => server.ask('POST', path, { key: acme.secret, body })

/** A program that has lived: sales, a refund, a decision, a payout that was paid and one that failed, a deal, an endpoint. */
async function lived() {
  const acme = await newProgram(server, { minPayoutAmount: 10, holdingPeriodDays: 5, name: 'Acme of old' })
  const jane = await newPartner(server, acme, {
    slug: 'jane',
    payout_method: 'paypal',
    payout_email: 'pay@jane.example',
    metadata: { a: 1 },
  })
  await newPartner(server, acme, { slug: 'omar' })
  await post(acme, '/v1/affiliate/apply', { email: 'ann@example.com', name: 'Ann Lee', reason: 'A blog' })
  await decide(server, acme, 'ann@example.com', { action: 'approve', code: 'ann' })
  await post(acme, '/v1/affiliate/track', { code: 'jane', url: 'https://acme.example/' })
  await refer(server, acme, { customerId: 'one', code: 'jane', email: 'one@example.com' })
  await refer(server, acme, { customerId: 'two', code: 'omar' })
  const old = new Date(server.clock.now.getTime() - 40 * day).toISOString()
  await pay(server, acme, { customerId: 'one', amount: 59_800, occurredAt: old })
  await pay(server, acme, { customerId: 'two', amount: 20_000, occurredAt: old })
  const payouts = await server.ask('POST', `/v1/apps/${acme.program.id}/payouts`, { token: acme.token, body: {} })
  const [first, second] = payouts.body.data
  const marks = `/v1/apps/${acme.program.id}/payouts`
  await server.ask('POST', `${marks}/${first.id}/paid`, { token: acme.token, body: { reference: 'T-1' } })
  await server.ask('POST', `${marks}/${second.id}/failed`, { token: acme.token, body: { reason: 'closed' } })
  await pay(server, acme, { customerId: 'one', amount: 10_000 })
  await pay(server, acme, { customerId: 'two', amount: 5_000, currency: 'JPY' })
  await post(acme, `/v1/apps/${acme.program.id}/commissions`, {
    partnerId: jane.id,
    amount: -250,
    currency: 'EUR',
    note: 'Paid twice',
  })
  await post(acme, `/v1/apps/${acme.program.id}/webhooks`, { url: 'https://hooks.acme.example/in', events: ['*'] })
  return { acme, jane }
}

const exportOf = async (from: TestServer, { program, token }: TestProgram, query = '') =>
  (await from.ask('GET', `/v1/apps/${program.id}/export${query}`, { token })).text

/** A new server's program, as empty as on the day of its first start. */
const empty = (on = other) => newProgram(on, { name: 'Nothing yet' })

/** What the partner sees of itself. */
async function seenBy(on: TestServer, acme: TestProgram, slug: string) {
  const session = await sessionOf(on, acme, { customerId: `${slug}-herself`, email: `${slug}@partners.example` })
  const { codes, deals, payouts, series, ...seen } = await dashboard(on, session)
  return { ...seen, payouts, series, codes: codes.map(each => each.code), deals }
}

test(`An export becomes the same program on an empty server, and its books are right; there and back (${engine})`, async () => {
  const { acme } = await lived()
  const text = await exportOf(server, acme)
  const target = await empty()
  const dry = await bring(other, target, { from: 'mislata', text, dryRun: true })
  const { summary, problem, lines } = await bring(other, target, { from: 'mislata', text })
  expect([dry.problem, problem]).toEqual([undefined, undefined])
  expect(lines.filter(each => each.outcome === 'refused')).toEqual([])
  expect(dry.lines).toEqual(lines)
  const before = await verified(server, acme)
  const after = await verified(other, target)
  const chains = { oldChain: before.chain, newChain: after.chain }
  expect(summary.restored).toMatchObject({ ok: true, found: 0, fromProgramId: acme.program.id, ...chains })
  expect([after.chain.length, after.balances]).toEqual([before.chain.length, before.balances])
  expect(after.chain.head).not.toBe(before.chain.head)

  const back = await empty(third)
  const again = await bring(third, back, { from: 'mislata', text: await exportOf(other, target) })
  expect([again.problem, again.summary.refused, again.summary.restored?.ok]).toEqual([undefined, 0, true])
  const known = await books(server, acme)
  expect(await books(other, target)).toEqual(known)
  expect(await books(third, back)).toEqual(known)
  expect((await verified(third, back)).balances).toEqual(before.balances)
  const stats = async (on: TestServer, { program, token }: TestProgram) =>
    (await on.ask('GET', `/v1/apps/${program.id}/stats?from=2026-01-01&to=2026-03-31`, { token })).body
  expect(await stats(other, target)).toEqual(await stats(server, acme))
  expect(await stats(third, back)).toEqual(await stats(server, acme))
  for (const slug of ['jane', 'omar']) {
    const seen = await seenBy(server, acme, slug)
    const { affiliate, ...rest } = await seenBy(other, target, slug)
    expect({ ...rest, affiliate: { ...affiliate, customerId: seen.affiliate.customerId } }).toEqual(seen)
  }
  const settings = (await other.ask('GET', `/v1/apps/${target.program.id}`, { token: target.token })).body
  const own = (await server.ask('GET', `/v1/apps/${acme.program.id}`, { token: acme.token })).body
  expect({ ...settings, id: own.id }).toEqual(own)
})

test('It goes on from there: what was pending is paid, what was paid is not, and months stay closed', async () => {
  const { acme } = await lived()
  const target = await empty()
  await bring(other, target, { from: 'mislata', text: await exportOf(server, acme) })
  const run = () => other.ask('POST', `/v1/apps/${target.program.id}/payouts`, { key: target.secret, body: {} })
  expect((await run()).body.data.map((each: { amount: unknown }) => each.amount)).toEqual(
    (await server.ask('POST', `/v1/apps/${acme.program.id}/payouts`, { key: acme.secret, body: {} })).body.data.map(
      (each: { amount: unknown }) => each.amount,
    ),
  )
  await verified(other, target)
  expect(await books(other, target)).toEqual(await books(server, acme))
})

test('Accounts that were merged are so afterwards: what one brings is owed to the other', async () => {
  const acme = await newProgram(server)
  const [jane, j] = [await newPartner(server, acme, { slug: 'jane' }), await newPartner(server, acme, { slug: 'j' })]
  await refer(server, acme, { customerId: 'one', code: 'j' })
  await pay(server, acme, { customerId: 'one', amount: 10_000 })
  await merged(server, acme, j, jane)
  const target = await empty()
  const { problem } = await bring(other, target, { from: 'mislata', text: await exportOf(server, acme) })
  expect(problem).toBeUndefined()
  const before = await verified(server, acme)
  expect((await verified(other, target)).balances).toEqual(before.balances)
  expect(await books(other, target)).toEqual(await books(server, acme))

  for (const [on, own] of [
    [server, acme],
    [other, target],
  ] as const) {
    await refer(on, own, { customerId: 'two', code: 'j' })
    await pay(on, own, { externalId: 'of-two', customerId: 'two', amount: 20_000 })
    const shown = await on.ask('GET', `/api/v1/partners?search=jane`, { key: own.secret })
    expect(shown.body.data.map((each: { slug: string }) => each.slug)).toEqual(['jane'])
    expect(await seenBy(on, own, 'jane')).toMatchObject({ stats: { conversions: 1 }, balances: [{ pending: 60 }] })
  }
})

test('Twice is once; files of one noun each, in their order, are the whole; and one that was broken off is gone on with', async () => {
  const { acme } = await lived()
  const text = await exportOf(server, acme)
  const target = await empty()
  const half = text.slice(0, text.indexOf('\n', text.length / 2) + 1)
  const first = await bring(other, target, { from: 'mislata', text: half })
  expect([first.problem?.code, first.summary.complete]).toEqual(['file_broken_off', false])
  const second = await bring(other, target, { from: 'mislata', text })
  expect([second.problem, second.summary.refused, second.summary.restored?.ok]).toEqual([undefined, 0, true])
  const before = await rowCounts(other)
  const again = await bring(other, target, { from: 'mislata', text })
  expect(again.summary).toMatchObject({ created: 0, changed: 0, refused: 0 })
  expect(again.summary.id).toBeNull()
  expect(again.summary.restored?.oldChain).toEqual(second.summary.restored?.oldChain)
  expect(await rowCounts(other)).toEqual(before)
  await verified(other, target)

  const nouns = await empty(third)
  const head = JSON.parse(text.split('\n')[0] ?? '')
  for (const type of head.types) {
    const { problem, summary } = await bring(third, nouns, {
      from: 'mislata',
      text: await exportOf(server, acme, `?type=${type}`),
    })
    expect([type, problem, summary.refused]).toEqual([type, undefined, 0])
  }
  await verified(third, nouns)
  expect(await books(third, nouns)).toEqual(await books(server, acme))
})

test('What lets somebody in is made anew, and nothing goes out by itself', async () => {
  const { acme } = await lived()
  const target = await empty()
  const { lines } = await bring(other, target, { from: 'mislata', text: await exportOf(server, acme) })
  const skipped = Map.groupBy(
    lines.filter(each => each.outcome === 'skipped'),
    each => `${each.noun} ${each.code}`,
  )
  expect([...skipped.keys()].sort()).toEqual(['apiKey secret_not_exported', 'mail not_restored'])
  const path = `/v1/apps/${target.program.id}/webhooks`
  const { body } = await other.ask('GET', path, { key: target.secret })
  expect(body.data).toMatchObject([{ url: 'https://hooks.acme.example/in', disabledReason: 'asked' }])
  expect((await other.ask('POST', `${path}/${body.data[0].id}/rotate-secret`, { key: target.secret, body: {} })).status).toBe(200)
  const old = await other.ask('GET', '/api/v1/partners', { key: acme.secret })
  expect(old.status).toBe(401)
})

test('What was brought over before is known after a move as well', async () => {
  const acme = await newProgram(server, { currency: 'USD' })
  const files = ['tolt-partners.json', 'tolt-customers.json', 'tolt-commissions.json']
  for (const name of files) await bring(server, acme, { from: 'tolt', text: sample(name) })
  const target = await empty()
  await bring(other, target, { from: 'mislata', text: await exportOf(server, acme) })
  for (const name of files) {
    const { summary } = await bring(other, target, { from: 'tolt', text: sample(name) })
    expect([name, summary.created, summary.changed, summary.refused]).toEqual([name, 0, 0, 0])
  }
})

test('An export that has been written over is found out, and nothing becomes of a program that has lived', async () => {
  const { acme } = await lived()
  const text = await exportOf(server, acme)
  const changed = (from: RegExp, to: string) => text.replace(from, to)
  const amount = /("type":"journalTransaction".*?"account":"partner_earnings".*?"amount":)(\d+)(.*?"amount":)-\2/
  expect(text).toMatch(amount)
  const forged = await bring(other, await empty(), { from: 'mislata', text: changed(amount, '$11$2$3-1$2') })
  expect([forged.problem?.code, forged.summary.complete]).toEqual(['export_tampered', false])
  const stranger = changed(/("type":"partner",.*?"programId":)"[^"]*"/, '$1"prog_1111111111111111111111"')
  expect((await bring(third, await empty(third), { from: 'mislata', text: stranger })).problem?.code).toBe('export_tampered')
  const busy = await newProgram(other)
  await newPartner(other, busy, { slug: 'somebody' })
  const before = await rowCounts(other)
  const refusedWhole = await bring(other, busy, { from: 'mislata', text })
  expect(refusedWhole.problem?.code).toBe('program_not_empty')
  expect(await rowCounts(other)).toEqual(before)
  const copy = await bring(server, await newProgram(server), { from: 'mislata', text })
  expect([copy.problem?.code, copy.summary.created]).toEqual(['lives_here', 0])
  const moved = await empty()
  await bring(other, moved, { from: 'mislata', text: await exportOf(server, (await lived()).acme) })
  const home = await bring(server, await newProgram(server), { from: 'mislata', text: await exportOf(other, moved) })
  expect([home.problem?.code, home.summary.nouns.partner]).toEqual(['lives_here', undefined])
})
