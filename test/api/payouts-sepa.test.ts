import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Program } from '../../server/contract/programs.ts'
import { pass } from '../support/acts.ts'
import { expectPain001, textsOf } from '../support/pain001.ts'
import { adjust, markedFailed, markedPaid, runPayouts } from '../support/payouts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
const debtor = { debtorName: 'Acme Söhne & Co', iban: 'ES91 2100 0418 4502 0005 1332', bic: 'caixesbbxxx' }
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  acme = await newProgram(server, { minPayoutAmount: 0, sepa: debtor })
})

const ask = (query: string, own = acme) =>
  server.ask('GET', `/v1/apps/${own.program.id}/payouts.xml?${query}`, { key: own.secret })
const change = (body: object) => server.ask('PATCH', `/v1/apps/${acme.program.id}`, { token: acme.token, body })

let partners = 0
async function payee(amount: number, { metadata = {}, ...more }: Record<string, unknown> = {}, currency = 'EUR') {
  const account = { iban: 'DE89 3704 0044 0532 0130 00', ...(metadata as object) }
  const wanted = { slug: `payee-${++partners}`, payout_method: 'bank_transfer', metadata: account, ...more }
  const partner = await newPartner(server, acme, wanted)
  await adjust(server, acme, partner, amount, currency)
  return partner
}
/** The file of what a run makes of that. */
async function batched() {
  const { batch, data } = await runPayouts(server, acme)
  return { batch: batch?.id ?? '', hash: batch?.hash ?? '', payouts: data }
}
async function file(query: string) {
  const reply = await ask(query)
  expect([reply.status, reply.headers.get('content-type')], reply.text).toEqual([200, 'application/xml; charset=utf-8'])
  const document = expectPain001(reply.text)
  return { text: reply.text, leftOut: Number(reply.headers.get('x-left-out')), of: (name: string) => textsOf(document, name) }
}

describe('The SEPA file of a batch', () => {
  test('is a pain.001 that the schema takes, with its sums and everybody it pays', async () => {
    await payee(11_960, { first_name: 'Jane', last_name: 'Núñez', metadata: { bic: 'COBADEFFXXX' } })
    await payee(5, { first_name: 'Omar', metadata: { iban: 'FR1420041010050500013M02606', account_holder: 'Omar SARL' } })
    const { batch, hash, payouts } = await batched()
    const { of, leftOut } = await file(`batch=${batch}`)
    expect(leftOut).toBe(0)
    expect(of('MsgId')).toEqual([`${hash.slice(0, 28)}-0`])
    expect([of('NbOfTxs'), of('CtrlSum')]).toEqual([
      ['2', '2'],
      ['119.65', '119.65'],
    ])
    expect(of('InstdAmt').sort()).toEqual(['0.05', '119.60'])
    expect(of('EndToEndId')).toEqual(payouts.map(each => each.id.replace('_', '-')))
    expect(of('IBAN')).toEqual(['ES9121000418450200051332', 'DE89370400440532013000', 'FR1420041010050500013M02606'])
    expect(of('BICFI')).toEqual(['CAIXESBBXXX', 'COBADEFFXXX'])
    expect(of('Nm')).toEqual(['Acme Sohne + Co', 'Acme Sohne + Co', 'Jane Nunez', 'Omar SARL'])
    expect(of('Ustrd')).toEqual(payouts.map(each => `Acme ${each.id.replace('_', '-')}`))
    expect([of('CreDtTm'), of('Dt')]).toEqual([['2026-03-10T12:00:00Z'], ['2026-03-10']])
    expect((await file(`batch=${batch}&on=2026-03-16`)).of('Dt')).toEqual(['2026-03-16'])
  })

  test('is the same byte for byte, until something of it is settled', async () => {
    for (const amount of [100, 200, 300]) await payee(amount)
    const { batch, payouts } = await batched()
    const first = await file(`batch=${batch}`)
    pass(server, 86_400_000)
    await payee(400)
    await runPayouts(server, acme)
    expect((await file(`batch=${batch}`)).text).toBe(first.text)
    await markedPaid(server, acme, payouts[0]?.id ?? '')
    await markedFailed(server, acme, payouts[1]?.id ?? '')
    const rest = await file(`batch=${batch}`)
    expect([rest.of('InstdAmt'), rest.of('CtrlSum')]).toEqual([['3.00'], ['3.00', '3.00']])
    // Under another name: a bank would take the first one for the same file, sent twice.
    expect(rest.of('MsgId')).not.toEqual(first.of('MsgId'))
    await markedPaid(server, acme, payouts[2]?.id ?? '')
    refused(await ask(`batch=${batch}`), 409, 'payout_file_empty')
  })

  test('keeps its name where an account becomes known, so that a bank does not pay the others twice', async () => {
    await payee(100)
    const late = await payee(200, { metadata: { iban: null } })
    const { batch } = await batched()
    const first = await file(`batch=${batch}`)
    expect([first.of('NbOfTxs')[0], first.leftOut]).toEqual(['1', 1])
    const metadata = { iban: 'NL91ABNA0417164300' }
    await server.ask('PATCH', `/api/v1/partners/${late.id}`, { key: acme.secret, body: { metadata } })
    const second = await file(`batch=${batch}`)
    expect([second.of('NbOfTxs')[0], second.leftOut]).toEqual(['2', 0])
    expect(second.of('MsgId')).toEqual(first.of('MsgId'))
  })

  test.each([
    ['no account', {}],
    ['a wrong check digit', { iban: 'DE88370400440532013000' }],
    ['a length that is not its country’s', { iban: 'DE8937040044053201300' }],
    ['a country outside', { iban: 'BR1500000000000010932840814P2' }],
    ['an account with markup in it', { iban: 'DE89<b>370400440532013000' }],
  ])('leaves out a partner with %s, and counts it', async (_, metadata) => {
    await payee(100)
    await payee(200, { metadata: { iban: null, ...metadata } })
    const { batch } = await batched()
    const { of, leftOut } = await file(`batch=${batch}`)
    expect([of('InstdAmt'), leftOut]).toEqual([['1.00'], 1])
  })

  test('holds euro and bank transfers alone', async () => {
    await payee(100)
    await payee(200, {}, 'SEK')
    await payee(300, { payout_method: 'paypal', payout_email: 'p@paypal.example' })
    const { batch } = await batched()
    const { of, leftOut } = await file(`batch=${batch}`)
    expect([of('InstdAmt'), leftOut]).toEqual([['1.00'], 0])
  })

  test.each([
    ['Ærøskøbing Đorđe Łódź Straße', 'AEroskobing Dorde Lodz Strasse'],
    ['Μαρία Παπαδοπούλου', 'Maria Papadopoulou'],
    ['Шевченко Щукина', 'Shevchenko Shtukina'],
    ['O’Brien <script>&amp;</script> "x"', "O'Brien .script.+amp../script. .x."],
    ['=HYPERLINK("x")', '.HYPERLINK(.x.)'],
    ['‮abc\r\ndef', 'abc def'],
    ['ｆｕｌｌ ﬁ Ⅳ', 'full fi IV'],
    ['x'.repeat(80), 'x'.repeat(70)],
  ])('calls %j %j', async (name, written) => {
    await payee(100, { first_name: name })
    const { batch } = await batched()
    const [, , called] = (await file(`batch=${batch}`)).of('Nm')
    expect(called).toBe(written)
  })

  test.each(['שלום עולם', '山田太郎', '🙂🙂'])('calls %j by its id, having no letters for it', async name => {
    const { id } = await payee(100, { first_name: name })
    const { batch } = await batched()
    expect((await file(`batch=${batch}`)).of('Nm')[2]).toBe(id.replace('_', '-'))
  })

  test('needs an account to pay from, a batch of the program, and a day that exists', async () => {
    await payee(100)
    const { batch } = await batched()
    for (const query of ['', 'batch=x&on=2026-02-30', 'batch=x&on=soon']) refused(await ask(query), 422, 'invalid')
    refused(await ask('batch=bat_1'), 404, 'payout_batch_not_found')
    const other = await newProgram(server, { sepa: debtor })
    refused(await ask(`batch=${batch}`, other), 404, 'payout_batch_not_found')
    answered(await change({ sepa: { iban: null } }), 200, Program)
    refused(await ask(`batch=${batch}`), 409, 'sepa_not_set_up')
  })
})

describe('The account to pay from', () => {
  test('is kept without spaces, and another name or bank may be left out', async () => {
    expect(acme.program.sepa).toEqual({ debtorName: debtor.debtorName, iban: 'ES9121000418450200051332', bic: 'CAIXESBBXXX' })
    answered(await change({ sepa: { debtorName: null, bic: null } }), 200, Program)
    await payee(100)
    const { batch } = await batched()
    const { of } = await file(`batch=${batch}`)
    expect([of('Nm')[0], of('BICFI'), of('Id').includes('NOTPROVIDED')]).toEqual(['Acme', [], true])
  })

  test.each([
    [{ iban: 'ES9121000418450200051333' }, 'sepa.iban'],
    [{ iban: 'US12345678901234567890' }, 'sepa.iban'],
    [{ iban: '' }, 'sepa.iban'],
    [{ bic: 'CAIX' }, 'sepa.bic'],
    [{ debtorName: '' }, 'sepa.debtorName'],
    [{ owner: 'x' }, 'sepa.owner'],
  ])('is refused as %j', async (sepa, path) => {
    expect(refused(await change({ sepa }), 422, 'invalid')).toEqual([path])
  })
})
