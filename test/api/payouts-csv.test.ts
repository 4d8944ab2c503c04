import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decide } from '../support/acts.ts'
import { adjust, markedPaid, runPayouts } from '../support/payouts.ts'
import { refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  acme = await newProgram(server, { minPayoutAmount: 0 })
})

const ask = (query: string, own = acme) =>
  server.ask('GET', `/v1/apps/${own.program.id}/payouts.csv?${query}`, { key: own.secret })

/** A file's rows, with how many payouts it leaves out. */
async function file(query: string) {
  const reply = await ask(query)
  expect([reply.status, reply.headers.get('content-type')], reply.text).toEqual([200, 'text/csv; charset=utf-8'])
  expect(reply.text === '' || reply.text.endsWith('\r\n')).toBe(true)
  const rows = rowsOf(reply.text)
  return { rows, leftOut: Number(reply.headers.get('x-left-out')) }
}

/** Reads RFC 4180, and nothing that only looks like it. */
function rowsOf(text: string) {
  const rows: string[][] = []
  const row: string[] = []
  for (let rest = text; rest; ) {
    const field = /^("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/.exec(rest)
    if (!field) throw new Error(`That is not RFC 4180: ${rest}`)
    const [all, cell = '', end] = field
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    if (end !== ',') rows.push(row.splice(0))
    rest = rest.slice(all.length)
  }
  return rows
}

let partners = 0
/** An open payout of a new partner. */
async function opened(amount: number, partner: Record<string, unknown>, currency = 'EUR') {
  const made = await newPartner(server, acme, { slug: `payee-${++partners}`, ...partner })
  await adjust(server, acme, made, amount, currency)
  const [payout] = (await runPayouts(server, acme)).data
  if (!payout) throw new Error('No payout was made')
  return payout
}

describe('The file of open payouts', () => {
  test("is PayPal's, without titles", async () => {
    const jane = { first_name: 'Jane', last_name: 'Núñez', payout_method: 'paypal', payout_email: 'jane@paypal.example' }
    const { id } = await opened(11_960, jane)
    expect((await file('method=paypal')).rows).toEqual([['jane@paypal.example', '119.60', 'EUR', id, 'Acme', 'PAYPAL']])
  })

  test('has one currency where it is for PayPal', async () => {
    const paypal = { payout_method: 'paypal', payout_email: 'jane@paypal.example' }
    await opened(100, paypal)
    await opened(100, paypal, 'JPY')
    expect(refused(await ask('method=paypal'), 422, 'invalid')).toEqual(['currency'])
    expect((await file('method=paypal&currency=jpy')).rows.map(each => each[1])).toEqual(['100'])
  })

  test('is for a bank, with the account that stands in the metadata', async () => {
    const account = { iban: 'ES9121000418450200051332', bic: 'CAIXESBBXXX' }
    const jane = { first_name: 'Jane', payout_method: 'bank_transfer', metadata: { ...account, tier: 'gold' } }
    const { id, partnerId } = await opened(1_234_567, jane, 'KWD')
    await opened(100, { payout_method: 'bank_transfer', payout_email: 'only@wise.example' })
    const { rows, leftOut } = await file('method=bank_transfer')
    expect(rows).toEqual([
      [
        'payout',
        'partner',
        'name',
        'email',
        'iban',
        'bic',
        'account_number',
        'routing_number',
        'amount',
        'currency',
        'reference',
      ],
      [id, partnerId, 'Jane', '', account.iban, account.bic, '', '', '1234.567', 'KWD', `Acme ${id}`],
    ])
    expect(leftOut).toBe(1)
  })

  test('is for Wise, which asks the recipient of a bank transfer for the account', async () => {
    const wise = { first_name: 'Jane', payout_method: 'bank_transfer', payout_email: 'jane@wise.example' }
    const { id } = await opened(5_000, wise, 'JPY')
    await opened(5_000, { payout_method: 'bank_transfer', metadata: { iban: 'ES9121000418450200051332' } })
    await opened(5_000, { payout_method: 'paypal', payout_email: 'omar@paypal.example' })
    const { rows, leftOut } = await file('method=wise')
    expect(rows.slice(1)).toEqual([['Jane', 'jane@wise.example', id, 'PERSON', 'target', '5000', 'EUR', 'JPY']])
    expect(leftOut).toBe(1)
  })

  test('is for Wise in the name of the company, where the partner is one', async () => {
    const applicant = { email: 'jane@news.example', name: 'Jane Smith', company: 'Newsworthy Ltd' }
    await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: applicant })
    const { affiliate } = await decide(server, acme, applicant.email, { action: 'approve' })
    const account = { payout_method: 'bank_transfer', payout_email: 'pay@news.example' }
    await server.ask('PATCH', `/api/v1/partners/${affiliate?.id}`, { key: acme.secret, body: account })
    await adjust(server, acme, { id: affiliate?.id ?? '' }, 5_000)
    await runPayouts(server, acme)
    const { rows } = await file('method=wise')
    expect([rows[1]?.[0], rows[1]?.[3]]).toEqual(['Newsworthy Ltd', 'INSTITUTION'])
  })

  test('is for an exchange', async () => {
    const wallet = { wallet_address: 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', network: 'bitcoin' }
    const { id, partnerId } = await opened(5_000, { first_name: 'Jane', payout_method: 'crypto', metadata: wallet })
    expect((await file('method=crypto')).rows.at(-1)).toEqual([
      id,
      partnerId,
      'Jane',
      wallet.wallet_address,
      'bitcoin',
      '50.00',
      'EUR',
    ])
  })

  test('leaves out what is paid, what has another method, and what is another program’s', async () => {
    const jane = { payout_method: 'paypal', payout_email: 'jane@paypal.example' }
    const { id } = await opened(5_000, jane)
    expect((await file('method=paypal')).rows).toHaveLength(1)
    expect((await file('method=crypto')).rows).toHaveLength(1)
    await markedPaid(server, acme, id)
    expect((await file('method=paypal')).rows).toEqual([])
    const other = await newProgram(server)
    refused(await ask('method=paypal', { ...acme, secret: other.secret }), 404, 'program_not_found')
    expect(refused(await ask('method=cash'), 422, 'invalid')).toEqual(['method'])
    expect(refused(await ask('currency=EUR'), 422, 'invalid')).toEqual(['method'])
  })
})

test.each([
  ['=1+1', `'=1+1`],
  ['+34 600 000 000', `'+34 600 000 000`],
  ['-2+3', `'-2+3`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['=HYPERLINK("https://evil.example","Click")', `'=HYPERLINK("https://evil.example","Click")`],
  ['＝1+1', `'＝1+1`],
  ['Smith, "Jane"', 'Smith, "Jane"'],
  ['Jane\r\nSmith', 'Jane\r\nSmith'],
  ['José ✓ 名前', 'José ✓ 名前'],
  ['a;b', 'a;b'],
])('The name %j is in it as %j, and does nothing', async (name, cell) => {
  const metadata = { iban: '=1+1', bic: '\t=1', account_number: '@x' }
  await opened(5_000, { first_name: name, payout_method: 'bank_transfer', metadata })
  const { rows } = await file('method=bank_transfer')
  expect(rows[1]?.[2]).toBe(cell)
  expect([rows[1]?.[4], rows[1]?.[5], rows[1]?.[6]]).toEqual([`'=1+1`, `'=1`, `'@x`])
  expect(rows[1]?.[8]).toBe('50.00')
})

test.each([
  ['of eighty characters', 'N'.repeat(80)],
  ['from right to left', 'שלום עולם'],
  ['that turns what follows around', 'Jane \u202eevil'],
  ['with all that CSV is made of', '"Jane", the;\t"first"'],
])('A name %s is in every file as it is', async (_, name) => {
  const everything = { payout_email: 'jane@bank.example', metadata: { iban: 'DE89370400440532013000', wallet_address: 'bc1x' } }
  for (const method of ['bank_transfer', 'crypto'])
    await opened(5_000, { first_name: name, payout_method: method, ...everything })
  for (const [method, column] of [
    ['bank_transfer', 2],
    ['crypto', 2],
    ['wise', 0],
  ] as const)
    expect((await file(`method=${method}`)).rows[1]?.[column], method).toBe(name)
})

test.each([
  ['EUR', 1, '0.01'],
  ['EUR', 100_000_000_000, '1000000000.00'],
  ['JPY', 1, '1'],
  ['JPY', 1_000_000, '1000000'],
  ['KWD', 1, '0.001'],
  ['KWD', 1_234_500, '1234.500'],
])('%s %i is written as %s in every file', async (currency, amount, written) => {
  const everything = { metadata: { iban: 'DE89370400440532013000', wallet_address: 'bc1x' } }
  for (const method of ['paypal', 'bank_transfer', 'crypto'])
    await opened(
      amount,
      { first_name: 'Jane', payout_method: method, payout_email: 'jane@bank.example', ...everything },
      currency,
    )
  for (const [method, row, column] of [
    ['paypal', 0, 1],
    ['bank_transfer', 1, 8],
    ['crypto', 1, 5],
    ['wise', 1, 5],
  ] as const)
    expect((await file(`method=${method}`)).rows[row]?.[column], method).toBe(written)
})
