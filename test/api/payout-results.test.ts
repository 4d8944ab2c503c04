import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PayoutResultsReport } from '../../server/contract/payout-results.ts'
import * as paying from '../support/payouts.ts'
import { answered, refused } from '../support/replies.ts'
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
afterEach(() => paying.expectSettled(server))

let partners = 0
/** Open payouts of so much each, of partners of their own. */
async function opened(...amounts: (number | [number, string])[]) {
  for (const each of amounts) {
    const slug = `payee-${++partners}`
    const jane = await newPartner(server, acme, { slug, payout_method: 'paypal', payout_email: `${slug}@paypal.example` })
    const [amount, currency] = Array.isArray(each) ? each : [each, 'EUR']
    await paying.adjust(server, acme, jane, amount, currency)
  }
  const { data } = await paying.runPayouts(server, acme)
  const inOrder = amounts.map(each => {
    const [amount, currency] = Array.isArray(each) ? each : [each, 'EUR']
    return data.splice(
      data.findIndex(payout => payout.amount === amount && payout.currency === currency),
      1,
    )[0]
  })
  return inOrder.map(each => each?.id ?? '')
}
const send = (body: object, own = acme) =>
  server.ask('POST', `/v1/apps/${own.program.id}/payouts/results`, { key: own.secret, body })
const imported = async (body: object) => answered(await send(body), 200, PayoutResultsReport)
const plain = (...lines: string[]) => `payout_id,status,reference,reason\n${lines.join('\n')}\n`
const codes = (report: PayoutResultsReport) => report.lines.map(each => each.code)
const payout = (id: string) => paying.payoutOf(server, acme, id)
/** Everything that the database holds of payouts, their lines and what was recorded of them. */
async function rows() {
  const { db } = server.desk().database
  const tables = ['payouts', 'payoutLines', 'commissions', 'journalEntries', 'events', 'auditEntries'] as const
  return Promise.all(
    tables.map(async table => (await db.selectFrom(table).selectAll().execute()).map(each => JSON.stringify(each)).sort()),
  )
}

describe('A result file', () => {
  test('marks what it says was paid and what it says has failed, and only tells so in a dry run', async () => {
    const [a, b, c] = await opened(6_000, 7_000, 8_000)
    const content = plain(`${a},paid,TRX-1,`, `${b},failed,,"Account closed, sorry"`, `${c},pending,,`)
    const before = await rows()
    const dry = await imported({ content, dryRun: true })
    expect(dry).toMatchObject({ id: null, dryRun: true, paid: 1, failed: 1, unchanged: 1, refused: 0 })
    expect(await rows()).toEqual(before)

    const report = await imported({ content })
    expect({ ...report, id: null, dryRun: true }).toEqual(dry)
    expect(report.lines).toEqual([
      { line: 2, payoutId: a, code: 'paid' },
      { line: 3, payoutId: b, code: 'failed' },
      { line: 4, payoutId: c, code: 'not_final' },
    ])
    expect(await payout(a ?? '')).toMatchObject({ status: 'paid', reference: 'TRX-1' })
    expect(await payout(b ?? '')).toMatchObject({ status: 'failed', failure: 'Account closed, sorry' })
    expect(await payout(c ?? '')).toMatchObject({ status: 'pending' })
  })

  test('twice is once, and twice at once too', async () => {
    const ids = await opened(...Array.from({ length: 6 }, (_, i) => 6_000 + i))
    const content = plain(...ids.map((id, i) => `${id},${i % 2 ? 'paid' : 'failed'},R${i},No`))
    const both = await Promise.all([imported({ content }), imported({ content })])
    for (const report of both) expect(report.refused).toBe(0)
    const after = await rows()
    const again = await imported({ content })
    expect(again).toMatchObject({ id: null, paid: 0, failed: 0, unchanged: 6, refused: 0 })
    expect(await rows()).toEqual(after)
    const { db } = server.desk().database
    const told = await db.selectFrom('events').select('object').where('object', 'in', ids).execute()
    expect(told.map(each => each.object).sort()).toEqual([...ids].sort())
  })

  test('that does not fit changes nothing, and says of each line why', async () => {
    const [a, b, paid, failed, twice, yen] = await opened(6_000, 7_000, 8_000, 9_000, 10_000, [500, 'JPY'])
    await paying.markedPaid(server, acme, paid ?? '')
    await paying.markedFailed(server, acme, failed ?? '')
    const other = await newProgram(server)
    const before = await rows()
    const content = [
      'payout_id,status,reference,reason,amount,currency',
      'pay_1111111111111111111111,paid,,,60.00,EUR',
      `${a},paid,,,60.01,EUR`,
      `${a},paid,,,60.00,USD`,
      `${b},perhaps,,,70.00,EUR`,
      `${paid},failed,,No,80.00,EUR`,
      `${failed},paid,,,90.00,EUR`,
      `${twice},paid,,,100.00,EUR`,
      `${twice},failed,,,100.00,EUR`,
      `${yen},paid,,,5.00,JPY`,
      `${a},paid`,
      ',paid,,,60.00,EUR',
      `${a},paid,,,sixty,EUR`,
      `${a},"paid,,,60.00,EUR`,
    ].join('\n')
    const report = await imported({ content })
    expect(codes(report)).toEqual([
      'payout_not_found',
      'amount_differs',
      'currency_differs',
      'status_unknown',
      'payout_is_paid',
      'payout_is_failed',
      'contradicted',
      'contradicted',
      'amount_differs',
      'line_malformed',
      'line_malformed',
      'amount_differs',
      'line_malformed',
    ])
    expect(report).toMatchObject({ id: null, paid: 0, failed: 0, unchanged: 0, refused: 13 })
    expect(await rows()).toEqual(before)
    // Another program's file cannot reach them either.
    const theirs = answered(await send({ content: plain(`${a},paid,,`) }, other), 200, PayoutResultsReport)
    expect(codes(theirs)).toEqual(['payout_not_found'])
    expect((await payout(a ?? '')).status).toBe('pending')
  })

  test("may be PayPal's, with decimals as its account has them", async () => {
    const ids = await opened(11_960, 123_456, 5_000, 6_000, [1_500, 'JPY'])
    const statuses = ['Completed', 'SUCCESS', 'Unclaimed', 'Returned', 'completed']
    const amounts = ['"119,60"', '"-1,234.56"', '50.0', '60', '"1,500"']
    const lines = ids.map(
      (id, i) => `8AELMXH8UB2P${i},p@paypal.example,${amounts[i]},${i === 4 ? 'JPY' : 'EUR'},${id},${statuses[i]},`,
    )
    const titles = 'Transaction ID,Recipient,Amount,Currency,Customer ID,Status,Error message'
    const report = await imported({ format: 'paypal', content: `\ufeff${[titles, ...lines].join('\r\n')}\r\n` })
    expect(codes(report)).toEqual(['paid', 'paid', 'not_final', 'failed', 'paid'])
    expect(await payout(ids[0] ?? '')).toMatchObject({ status: 'paid', reference: '8AELMXH8UB2P0' })
    expect(await payout(ids[3] ?? '')).toMatchObject({ status: 'failed', failure: 'The file says: Returned' })
  })

  test("may be Wise's, which names the payout within its reference", async () => {
    const [a, b, c] = await opened(6_000, [1_234_567, 'KWD'], 7_000)
    const content = [
      'ID;Status;Direction;Source amount (after fees);Target amount (after fees);Target currency;Reference',
      `TRANSFER-1;COMPLETED;OUT;61.20;60.00;EUR;Acme ${a?.replace('_', '-')}`,
      `TRANSFER-2;COMPLETED;OUT;4000;1234.567;KWD;${b}`,
      `TRANSFER-3;CANCELLED;OUT;70;70;EUR;${c}`,
    ].join('\n')
    expect(codes(await imported({ format: 'wise', content }))).toEqual(['paid', 'paid', 'failed'])
    expect((await payout(a ?? '')).reference).toBe('TRANSFER-1')
  })

  test("may be a bank's status report, by the ids that its SEPA file had", async () => {
    const [a, b, c, d] = await opened(6_000, 7_000, 8_000, 9_000)
    const transfer = (id: string | undefined, status: string, more = '') =>
      `<p:TxInfAndSts><p:StsId>S-1</p:StsId><p:OrgnlEndToEndId>${id?.replace('_', '-')}</p:OrgnlEndToEndId>
        <p:TxSts>${status}</p:TxSts>${more}</p:TxInfAndSts>`
    const why = '<p:StsRsnInf><p:Rsn><p:Cd>AC04</p:Cd></p:Rsn><p:AddtlInf>Closed &amp; gone &#x2713;</p:AddtlInf></p:StsRsnInf>'
    const paid = (amount: string) => `<p:OrgnlTxRef><p:Amt><p:InstdAmt Ccy="EUR">${amount}</p:InstdAmt></p:Amt></p:OrgnlTxRef>`
    const content = `<?xml version="1.0"?>\n<!-- A bank's -->
      <p:Document xmlns:p="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><p:CstmrPmtStsRpt><p:OrgnlPmtInfAndSts>
      ${transfer(a, 'RJCT', why + paid('60.00'))}${transfer(b, 'ACSC', paid('70.00'))}
      ${transfer(c, 'ACSP')}${transfer(d, 'RJCT', paid('9.00'))}${transfer('NOTPROVIDED', 'RJCT')}
      </p:OrgnlPmtInfAndSts></p:CstmrPmtStsRpt></p:Document>`
    expect(codes(await imported({ format: 'pain002', content }))).toEqual([
      ...['failed', 'paid', 'not_final', 'amount_differs', 'payout_not_found'],
    ])
    expect((await payout(a ?? '')).failure).toBe('AC04: Closed & gone ✓')
    expect((await payout(b ?? '')).reference).toBe('S-1')

    const whole = (inner: string) => `<Document><CstmrPmtStsRpt>${inner}</CstmrPmtStsRpt></Document>`
    const named = transfer(c, 'RJCT').replaceAll('p:', '')
    const bad = [
      whole(''),
      whole(named).slice(0, -3),
      whole(`${named}</x>`),
      `<!DOCTYPE x [<!ENTITY e "RJCT">]>${whole(named.replace('RJCT', '&e;'))}`,
      whole(named.replace('RJCT', '&e;')),
      `${'<a>'.repeat(100_000)}${named}`,
      `${whole(named)}${whole(named)}`,
      named,
      'payout_id,status',
    ]
    for (const content of bad) expect(refused(await send({ format: 'pain002', content }), 422, 'invalid')).toEqual(['content'])
    expect((await payout(c ?? '')).status).toBe('pending')
  })

  test('is one record in the audit log, beside one for each payout', async () => {
    const [a, b] = await opened(6_000, 7_000)
    const report = await imported({ content: plain(`${a},paid,,`, `${b},paid,,`) })
    const { body } = await server.ask('GET', `/v1/apps/${acme.program.id}/audit`, { token: acme.token })
    const acts = body.data.map((each: { action: string }) => each.action)
    expect(acts.slice(0, 3)).toEqual(['payout_results.imported', 'payout.paid', 'payout.paid'])
    expect(body.data[0]).toMatchObject({ object: report.id, after: { format: 'plain', paid: 2, failed: 0, refused: 0 } })
  })

  test('has to be one, and no larger than a provider makes them', async () => {
    const empty = [
      { content: 'a,b\n1,2\n' },
      { content: '' },
      { content: 'payout_id,reference\n' },
      { format: 'xlsx', content: 'x' },
    ]
    for (const body of empty) refused(await send(body), 422, 'invalid')
    expect(refused(await send({ content: plain(...Array(5_001).fill('pay_1,paid,,')) }), 422, 'invalid')).toEqual(['content'])
    expect(await imported({ content: plain(...Array(5_000).fill('pay_1,paid,,')), dryRun: true })).toMatchObject({
      refused: 5_000,
    })
    refused(await send({ content: 'x'.repeat(2 * 1024 * 1024) }), 413, 'too_large')
  })
})
