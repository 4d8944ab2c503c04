import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { click, dashboard, pay, refer, sessionOf } from '../support/acts.ts'
import { decided, refund } from '../support/money.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

// What SQLite says of how it would answer each question that was asked.

const asked = new Set<string>()
const { prepare } = DatabaseSync.prototype
DatabaseSync.prototype.prepare = function (text, ...rest) {
  asked.add(text)
  return prepare.call(this, text, ...rest)
}

let server: TestServer
let acme: TestProgram
let questions: DatabaseSync
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server, { defaultCommissionRate: 30 })
  questions = new DatabaseSync(server.database.url.slice('sqlite:'.length), { readOnly: true })
})
afterAll(async () => {
  DatabaseSync.prototype.prepare = prepare
  questions.close()
  await server.stop()
})

/** Tables that have as many rows as a program has had sales. */
const LARGE =
  'clicks|codes|commissions|conversions|customers|events|journal_entries|journal_transactions|referrals|refunds|rewards'

/** Of what is asked meanwhile, what would look at all rows of a large table, or at all that a program has there. */
async function lookingThrough(act: () => Promise<unknown>) {
  asked.clear()
  await act()
  const looks = [...asked]
    .filter(text => /^\s*(select|with|update|delete)\b/i.test(text))
    .flatMap(text => {
      const steps = questions.prepare(`explain query plan ${text}`).all() as { detail: string }[]
      const wide = steps.filter(({ detail }) =>
        new RegExp(`^(SCAN (${LARGE}|\\w)\\b(?!.*VIRTUAL)|SEARCH (${LARGE}|\\w) .*\\(program_id=\\?\\)$)`).test(detail),
      )
      return wide.map(({ detail }) => `${detail}: ${text.replace(/\s+/g, ' ')}`)
    })
  return looks
}

test('SQLite finds what a sale, a refund and a dashboard are about by an index, however many there are', async () => {
  const jane = await newPartner(server, acme, { slug: 'jane', email: 'jane@example.com' })
  const asJane = await sessionOf(server, acme, { customerId: 'jane', email: 'jane@example.com' })
  const found = await lookingThrough(async () => {
    await click(server, acme, { code: 'jane' })
    await server.ask('POST', '/v1/affiliate/deals', { token: asJane, body: { leadEmail: 'eve@example.com', leadName: 'Eve' } })
    await refer(server, acme, { customerId: 'ada', code: jane.slug })
    const [line] = (await pay(server, acme, { externalId: 'first', customerId: 'ada', amount: 12_000 })).commissions
    await pay(server, acme, { externalId: 'second', customerId: 'ada', amount: 12_000 })
    await decided(server, acme, line?.id ?? '', 'hold', { reason: 'Asked about.' })
    await refund(server, acme, { conversionExternalId: 'first', amount: 6_000 })
    await refund(server, acme, { conversionExternalId: 'second' })
    expect(await dashboard(server, asJane)).toMatchObject({ stats: { conversions: 2 }, deals: [{ status: 'registered' }] })
  })
  expect(found).toEqual([])
})
