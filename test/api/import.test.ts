import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dashboard, day, pass, pay, sessionOf } from '../support/acts.ts'
import { expectFigures } from '../support/code-figures.ts'
import { books, bring, sample, send, verified } from '../support/import.ts'
import { refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { rowCounts } from '../support/tables.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

const plain = {
  partners: {
    columns: {
      ...{ id: 'Partner', email: 'Mail', firstName: 'First', lastName: 'Last' },
      ...{ status: 'State', codes: 'Links', createdAt: 'Since' },
    },
    statuses: { on: 'active', off: 'deactivated' },
    dates: 'dmy',
  },
  referrals: {
    columns: {
      ...{ customerId: 'Customer', customerEmail: 'Mail', customerName: 'Called', partnerId: 'Partner' },
      ...{ createdAt: 'Since', convertedAt: 'First paid' },
    },
  },
  commissions: {
    columns: {
      ...{ id: 'No.', partnerId: 'Partner', customerId: 'Customer', amount: 'Earned', saleAmount: 'Sale', saleId: 'Sale no.' },
      ...{ occurredAt: 'On', status: 'State', paidAt: 'Paid on' },
    },
    statuses: { bezahlt: 'paid', ok: 'approved', wartet: 'pending', storno: 'rejected' },
    dates: 'dmy',
    currency: 'USD',
  },
}

const sources: [string, [partners: string, referrals: string, commissions: string]][] = [
  ['rewardful', ['rewardful-affiliates.json', 'rewardful-referrals.csv', 'rewardful-commissions.csv']],
  ['firstpromoter', ['firstpromoter-promoters.csv', 'firstpromoter-referrals.csv', 'firstpromoter-commissions.csv']],
  ['tolt', ['tolt-partners.json', 'tolt-customers.json', 'tolt-commissions.json']],
  ['tapfiliate', ['tapfiliate-affiliates.csv', 'tapfiliate-customers.csv', 'tapfiliate-conversions.csv']],
  ['partnerstack', ['partnerstack-partners.csv', 'partnerstack-customers.json', 'partnerstack-rewards.csv']],
  ['dub', ['dub-partners.csv', 'dub-customers.json', 'dub-commissions.json']],
  ['csv', ['plain-partners.csv', 'plain-customers.csv', 'plain-commissions.csv']],
]
const kinds = ['partners', 'referrals', 'commissions'] as const

const [jane, omar, mei] = ['jane@newsworthy.example', 'omar@diaz.example', 'Mei@lin.example']

describe('One programme, moved in from each of seven systems', () => {
  test.each(sources)('%s', async (from, files) => {
    const acme = await newProgram(server, { currency: 'USD' })
    for (const [at, kind] of kinds.entries()) {
      const sent = { from, text: sample(files[at] ?? ''), ...(from === 'csv' && { kind, mapping: plain[kind] }) }
      const dry = await bring(server, acme, { ...sent, dryRun: true })
      const real = await bring(server, acme, sent)
      expect([real.problem, real.lines.filter(each => each.outcome === 'refused')]).toEqual([undefined, []])
      expect(dry.lines).toEqual(real.lines.map(({ id, ...line }) => line))
      expect({ ...dry.summary, dryRun: false, id: null }).toEqual({ ...real.summary, id: null })
      const again = await bring(server, acme, sent)
      expect(again.lines.filter(each => each.outcome !== 'unchanged' && each.outcome !== 'skipped')).toEqual([])
      if (kind !== 'commissions') continue
      const totals = { pending: 1_980, approved: 2_980 + 4_900, held: 0, paid: 5_960, rejected: 4_900 }
      expect(real.summary.totals).toEqual([{ currency: 'USD', ...totals }])
      expect(again.summary.totals).toEqual(real.summary.totals)
    }
    await verified(server, acme)
    const found = await books(server, acme)
    const stats = (total: number, pending: number, approved: number, paid: number) =>
      expect.objectContaining({ pending_cents: pending, approved_cents: approved, paid_cents: paid, total_earned_cents: total })
    const partners = found.partners.map(each => JSON.parse(each))
    expect(partners).toEqual([
      expect.objectContaining({ email: mei, slug: 'mei', status: 'deactivated' }),
      expect.objectContaining({ email: jane, slug: 'jane', status: 'active' }),
      expect.objectContaining({ email: omar, slug: 'omar-diaz', status: 'active' }),
    ])
    expect(partners).toEqual([stats(0, 0, 0, 0), stats(10_920, 1_980, 2_980, 5_960), stats(4_900, 0, 4_900, 0)])
    const codes = { jane, newsworthy: jane, 'omar-diaz': omar, mei }
    expect(found.codes.map(each => JSON.parse(each).slice(0, 2)).sort()).toEqual(Object.entries(codes).sort())
    expect(found.referrals.map(each => JSON.parse(each)[2])).toEqual([jane, jane, omar])
    expect(found.payouts.map(each => JSON.parse(each).slice(0, 3))).toEqual([
      [jane, 2_980, 'paid'],
      [jane, 2_980, 'paid'],
    ])
    await expectFigures(server.desk().database.db)
  })
})

/** A programme moved in from Rewardful. */
async function moved() {
  const acme = await newProgram(server, { currency: 'USD', minPayoutAmount: 10 })
  for (const name of sources[0]?.[1] ?? []) await bring(server, acme, { from: 'rewardful', text: sample(name) })
  return acme
}

const stripe = { jane: 'cus_Globex01', omar: 'cus_Umbrella01' }

test('Old links go on counting, and what was paid elsewhere is never paid again', async () => {
  const acme = await moved()
  const clicked = await server.ask('POST', '/v1/affiliate/track', {
    key: acme.secret,
    body: { code: 'newsworthy', url: 'https://acme.example/?via=newsworthy' },
  })
  const made = await server.ask('POST', '/v1/referrals', {
    key: acme.secret,
    body: { clickId: clicked.body.clickId, customerId: 'hooli' },
  })
  expect(made.body).toMatchObject({ code: 'newsworthy', customerId: 'hooli' })
  const { body } = await server.ask('POST', `/v1/apps/${acme.program.id}/payouts`, { key: acme.secret, body: {} })
  expect(body.data).toHaveLength(2)
  pass(server, 60 * day)
  await server.ask('POST', `/v1/apps/${acme.program.id}/payouts`, { key: acme.secret, body: {} })
  const ledger = await verified(server, acme)
  const payable = ledger.balances.find(each => each.account === 'partner_payable')
  expect(payable?.amount).toBe(2_980 + 4_900 + 1_980)
  expect(ledger.balances.find(each => each.account === 'partner_paid')?.amount).toBe(5_960)
  pass(server, -60 * day)
})

test('A customer that was brought elsewhere goes on earning here, and a refund of an old sale takes its share back', async () => {
  const acme = await moved()
  const bound = { customerId: stripe.jane, code: 'omar-diaz' }
  expect((await server.ask('POST', '/v1/referrals', { key: acme.secret, body: bound })).body).toMatchObject({ code: 'jane' })
  const sale = await pay(server, acme, { customerId: stripe.jane, amount: 10_000, currency: 'USD' })
  expect(sale.commissions).toHaveLength(1)
  const refund = await server.ask('POST', '/v1/refunds', {
    key: acme.secret,
    body: { externalId: 're_1', conversionExternalId: 'ch_03' },
  })
  expect(refund.body).toMatchObject({ status: 'applied', reversals: [{ amount: 2_980 }] })
  await verified(server, acme)
  // The same sale, told of by the host as well, is that one, and earns nothing more.
  const told = { externalId: 'ch_05', customerId: stripe.omar, amount: 24_500, currency: 'USD' }
  const again = await server.ask('POST', '/v1/conversions', { key: acme.secret, body: told })
  expect([again.status, again.body.commissions]).toEqual([200, [expect.objectContaining({ amount: 4_900 })]])
  await verified(server, acme)
})

test('Limits count the payments that were made elsewhere, and leave what they earned alone', async () => {
  const limits = { recurringPayments: 4 }
  const acme = await newProgram(server, { currency: 'USD', commission: limits })
  for (const name of sources[0]?.[1] ?? []) await bring(server, acme, { from: 'rewardful', text: sample(name) })
  const one = await pay(server, acme, { customerId: stripe.jane, amount: 10_000, currency: 'USD' })
  const two = await pay(server, acme, { customerId: stripe.jane, amount: 10_000, currency: 'USD' })
  expect([one.commissions.length, two.commissions.length]).toEqual([1, 0])
  const [kept] = JSON.parse(`[${(await books(server, acme)).commissions.filter(each => each.includes('2980'))}]`)
  expect(kept[1]).toBe(2_980)
  await verified(server, acme)
})

test('Nobody is told of anything', async () => {
  const acme = await newProgram(server, { currency: 'USD' })
  const hook = { url: 'https://hooks.acme.example/in', events: ['*'] }
  await server.ask('POST', `/v1/apps/${acme.program.id}/webhooks`, { key: acme.secret, body: hook })
  const told = async () => {
    const { deliveries, events, mails } = await rowCounts(server)
    return { deliveries, events, mails }
  }
  const before = await told()
  for (const name of sources[0]?.[1] ?? []) await bring(server, acme, { from: 'rewardful', text: sample(name) })
  pass(server, 40 * day)
  await server.ask('POST', `/v1/apps/${acme.program.id}/periods/2026-01/close`, { key: acme.secret })
  expect(await told()).toEqual(before)
  pass(server, -40 * day)
})

test('A commission tells where it came from, and the audit log that there was an import', async () => {
  const acme = await moved()
  const { body } = await server.ask('GET', `/v1/apps/${acme.program.id}/commissions?status=paid`, { token: acme.token })
  const note = expect.stringContaining('Brought over from Rewardful: commission com-')
  expect(body.data[0].why).toMatchObject({ kind: 'adjustment', imported: 'rewardful', note })
  const story = await server.ask('GET', `/v1/apps/${acme.program.id}/commissions/${body.data[0].id}`, { token: acme.token })
  expect(JSON.stringify(story.body.story)).toContain('It was not earned here. Brought over from Rewardful')
  const audit = await server.ask('GET', `/v1/apps/${acme.program.id}/audit?action=data.imported`, { token: acme.token })
  expect(audit.body.data).toHaveLength(3)
  expect(audit.body.data[0]).toMatchObject({ actor: { kind: 'admin' }, after: { from: 'rewardful', created: 6 } })
  const session = await sessionOf(server, acme, { customerId: 'jane-herself', email: jane })
  expect((await dashboard(server, session)).affiliate).toMatchObject({
    paidTotal: 59.6,
    approvedBalance: 29.8,
    pendingBalance: 19.8,
  })
})

test('What has become of a commission there since follows here: paid, rejected, held', async () => {
  const acme = await moved()
  const rows = sample('rewardful-commissions.csv')
    .replace(/^(com-3,.*),due,(.*),,,ch_03/m, '$1,paid,$2,2026-03-08T00:00:00Z,,ch_03')
    .replace(/^(com-4,.*),pending,/m, '$1,voided,')
  const { summary } = await bring(server, acme, { from: 'rewardful', text: rows })
  expect(summary).toMatchObject({ created: 0, changed: 2, unchanged: 4, refused: 0 })
  await verified(server, acme)
  expect(summary.totals).toEqual([{ currency: 'USD', pending: 0, approved: 4_900, held: 0, paid: 8_940, rejected: 6_880 }])
  const back = await bring(server, acme, { from: 'rewardful', text: sample('rewardful-commissions.csv') })
  expect(back.summary.codes).toEqual({ commission_in_payout: 1, commission_rejected: 1 })
  const more = rows.replace('com-5,', 'com-5,').replace('49.00,USD,due', '50.00,USD,due')
  expect((await bring(server, acme, { from: 'rewardful', text: more })).summary.codes).toEqual({ commission_differs: 1 })
  await verified(server, acme)
})

const bad = async (acme: TestProgram, kind: string, text: string, more: object = {}) => {
  const { lines } = await bring(server, acme, { from: 'csv', kind, text, ...more })
  return lines.map(({ line, noun, outcome, code }) => [line, noun, outcome, code].filter(each => each !== undefined).join(' '))
}

test('Partners that cannot be taken are refused each with its reason, and stop no other', async () => {
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'taken', email: 'own@example.com' })
  const text = [
    'id,email,first name,status,code,commission_pct',
    'a,ann@example.com,Ann,active,ann,25',
    'b,ANN@example.com,Anna,active,anna,',
    'c,,Nobody,active,nobody,',
    'd,not an address,D,active,d,',
    'e,eve@example.com,Eve,active,TAKEN,',
    'f,fay@example.com,Fay,dancing,fay,',
    'g,gus@example.com,Gus,active,gus,120',
    'h,own@example.com,Olga,active,olga,',
    'i,"ivy@example.com","Ivy ""the"" Great\r\nof Old",,ivy,,surplus',
    'j,"joe@example.com","Joe ""the"" Great\r\nof Old",,joe;joey,',
    'a,ann@example.com,Ann,active,ann,25',
  ].join('\r\n')
  expect(await bad(acme, 'partners', text)).toEqual([
    ...['2 partner created', '2 code created', '3 partner refused email_taken', '4 partner refused email_missing'],
    ...['5 partner refused email_invalid', '6 partner created', '6 code refused code_taken', '6 code created'],
    ...['7 partner refused status_unknown', '8 partner refused rate_invalid', '9 partner changed', '9 code created'],
    ...['10 partner refused not_a_row', '12 partner created', '12 code created', '12 code created'],
    ...['14 partner unchanged', '14 code unchanged'],
  ])
})

test('Commissions that cannot be taken are refused each with its reason, and stop no other', async () => {
  const acme = await newProgram(server)
  await bring(server, acme, { from: 'csv', text: 'email,first name,code\nann@example.com,Ann,ann\n' })
  const rows: [string, string][] = [
    ['1;ann@example.com;12,50;EUR;2026-01-05;approved', 'created'],
    ['2;nobody@example.com;12,50;EUR;2026-01-05;approved', 'refused partner_unknown'],
    ['3;;12,50;EUR;2026-01-05;approved', 'refused partner_missing'],
    ['4;ann@example.com;-12,50;EUR;2026-01-05;approved', 'refused amount_negative'],
    ['5;ann@example.com;12,50;DOGE;2026-01-05;approved', 'refused currency_unknown'],
    ['6;ann@example.com;1,234;EUR;2026-01-05;approved', 'refused amount_ambiguous'],
    ['7;ann@example.com;a lot;EUR;2026-01-05;approved', 'refused amount_invalid'],
    ['8;ann@example.com;;EUR;2026-01-05;approved', 'refused amount_missing'],
    ['9;ann@example.com;0,00;EUR;2026-01-05;approved', 'skipped amount_zero'],
    ['10;ann@example.com;$12,50;EUR;2026-01-05;approved', 'refused currency_differs'],
    ['11;ann@example.com;12,50;EUR;3/4/2026;approved', 'refused date_ambiguous'],
    ['12;ann@example.com;12,50;EUR;2026-02-30;approved', 'refused date_invalid'],
    ['13;ann@example.com;12,50;EUR;;approved', 'refused date_missing'],
    ['14;ann@example.com;12,50;EUR;2027-01-05;approved', 'refused date_in_future'],
    ['15;ann@example.com;12,50;EUR;2026-01-05;dancing', 'refused status_unknown'],
    [';ann@example.com;12,50;EUR;2026-01-05;approved', 'refused id_missing'],
    ['17;ann@example.com;12,50;EUR;5 Jan 2026;approved', 'created'],
    ['18;ann@example.com;1.000.000,50;EUR;13/1/2026;approved', 'created'],
    ['19;ann@example.com;12,50;JPY;2026-01-05;approved', 'refused amount_invalid'],
    ['20;ann@example.com;1250;JPY;1767571200;hold', 'created'],
  ]
  const text = ['id;partner email;amount;currency;occurred at;status', ...rows.map(([row]) => row)].join('\n')
  expect(await bad(acme, 'commissions', text)).toEqual(rows.map(([, came], at) => `${at + 2} commission ${came}`))
  await verified(server, acme)
})

test('An import that was broken off, or stopped at a refusal, goes on where it was', async () => {
  const acme = await newProgram(server)
  const lines = Array.from({ length: 900 }, (_, i) => `p${i}@example.com,P${i},p-${i}`)
  const whole = ['email,first name,code', ...lines].join('\n')
  const broken = `${['email,first name,code', ...lines.slice(0, 500)].join('\n')}\n"never closed,`
  const first = await bring(server, acme, { from: 'csv', text: broken })
  expect([first.problem?.code, first.summary.complete, first.summary.nouns.partner?.created]).toEqual([
    'file_malformed',
    false,
    500,
  ])
  const stopped = await bring(server, acme, { from: 'csv', text: `${whole}\nnobody,N,n`, stopAtRefusal: true })
  expect([stopped.problem, stopped.summary.nouns.partner]).toMatchObject([
    { code: 'stopped', line: 902 },
    { created: 300, unchanged: 500 },
  ])
  const last = await bring(server, acme, { from: 'csv', text: whole })
  expect(last.summary.nouns.partner).toMatchObject({ created: 100, unchanged: 800, refused: 0 })
  expect(last.progress.map(each => each.type === 'progress' && each.lines)).toEqual([400, 800, 900])
})

test('What cannot be begun is refused, and nothing is an import of nothing', async () => {
  const acme = await newProgram(server)
  const asked = (sent: Parameters<typeof send>[2]) => send(server, acme, sent)
  expect(refused(await asked({ from: 'csv', text: 'colour,size\nred,12\n' }), 422, 'invalid')).toEqual(['kind'])
  expect(refused(await asked({ from: 'nowhere', text: '' }), 422, 'invalid')).toEqual(['from'])
  expect(refused(await asked({ from: 'csv', text: '', mapping: { columns: { colour: 'x' } } }), 422, 'invalid')).toHaveLength(1)
  expect(refused(await asked({ from: 'mislata', text: 'email\na@example.com' }), 422, 'invalid')).toEqual(['from'])
  expect((await bring(server, acme, { from: 'csv', text: '' })).summary).toMatchObject({ lines: 0, complete: true })
  const latin = await bring(server, acme, {
    from: 'csv',
    text: Buffer.from('email,name\nd\u00edaz@example.com,D\u00edaz', 'latin1'),
  })
  expect(latin.problem).toMatchObject({ code: 'file_malformed' })
  const key = await server.ask('POST', `/v1/apps/${acme.program.id}/import?from=csv`, { key: acme.secret, raw: '' })
  refused(key, 403, 'wrong_credential')
})

test('A dry run of a file in which all comes at once changes nothing at all', async () => {
  const acme = await newProgram(server, { currency: 'USD' })
  const before = await rowCounts(server)
  for (const name of sources[0]?.[1] ?? []) await bring(server, acme, { from: 'rewardful', text: sample(name), dryRun: true })
  expect(await rowCounts(server)).toEqual(before)
})
