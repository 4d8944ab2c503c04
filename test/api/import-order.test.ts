import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { books, bring, verified } from '../support/import.ts'
import { newProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

const states = ['pending', 'approved', 'paid', 'held', 'rejected'] as const
const day = fc.integer({ min: 1, max: 28 })

const commission = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  partner: fc.integer({ min: 0, max: 2 }),
  customer: fc.integer({ min: 0, max: 5 }),
  amount: fc.integer({ min: 1, max: 50_000 }),
  state: fc.constantFrom(...states),
  month: fc.integer({ min: 1, max: 12 }),
  day,
})

/** Rows of a file by their id, some of them twice, in two orders. */
const history = fc.uniqueArray(commission, { selector: each => each.id, minLength: 1, maxLength: 12 }).chain(rows =>
  fc.record({
    rows: fc.constant(rows),
    first: fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length }),
    second: fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length }),
    cut: fc.integer({ min: 0, max: 24 }),
  }),
)

type Row = typeof commission extends fc.Arbitrary<infer T> ? T : never

const pad = (value: number) => String(value).padStart(2, '0')
const fileOf = (rows: Row[]) =>
  [
    'id,partner id,customer id,amount,currency,status,occurred at,paid at,sale id,sale amount',
    ...rows.map(({ id, partner, customer, amount, state, month, day }) => {
      const at = `2025-${pad(month)}-${pad(day)}`
      const paid = state === 'paid' ? '2026-01-31' : ''
      return `k${id},p${partner},c${customer},${amount},EUR,${state},${at},${paid},s${id},${amount * 5}`
    }),
  ].join('\n')

const partners = ['id,email,first name,code', ...[0, 1, 2].map(at => `p${at},p${at}@example.com,P${at},code-${at}`)].join('\n')
const referrals = ['partner id,customer id,created at', ...[0, 1, 2, 3, 4].map(at => `p${at % 3},c${at},2025-01-01`)].join('\n')
const mapping = { amounts: 'minor' }

test('Rows in any order, some of them twice, in one file or in two, make the same books', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ rows, first, second, cut }) => {
      const all = [...first, ...rows]
      const ways = [[all], [[...second].slice(0, cut), [...rows].reverse()], [rows, rows]]
      const found = []
      for (const files of ways) {
        const acme = await newProgram(server)
        await bring(server, acme, { from: 'csv', kind: 'partners', text: partners })
        await bring(server, acme, { from: 'csv', kind: 'referrals', text: referrals })
        for (const file of files) {
          const { summary } = await bring(server, acme, { from: 'csv', kind: 'commissions', text: fileOf(file), mapping })
          expect(summary.refused).toBe(0)
        }
        const { balances } = await verified(server, acme)
        const { payouts, ...made } = await books(server, acme)
        const stats = await server.ask('GET', `/v1/apps/${acme.program.id}/stats?from=2025-01-01&to=2025-12-31`, {
          token: acme.token,
        })
        const { topPartners, ...counted } = stats.body
        found.push({ balances, made, counted })
      }
      expect(found[1]).toEqual(found[0])
      expect(found[2]).toEqual(found[0])
    }),
    { numRuns: 3, endOnFailure: true },
  )
}, 120_000)
