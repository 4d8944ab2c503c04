import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AuditList } from '../../server/contract/audit.ts'
import { PayoutProviderList, SentPayout } from '../../server/contract/sending.ts'
import {
  connected,
  expectBooks,
  LIVE_KEY,
  letPass,
  openPayout,
  PAYPAL_APP,
  type Provider,
  paidBy,
  payingProgram,
  quiet,
  send,
  sendAll,
  sendingIs,
} from '../support/payout-sending.ts'
import { type PayoutServer, payoutServer } from '../support/payout-server.ts'
import { expectSettled, mark, markedFailed, markedPaid, payoutList, payoutOf } from '../support/payouts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let fake: PayoutServer
let own: TestProgram
beforeAll(async () => {
  fake = await payoutServer(() => server.clock.now)
  server = await testServer({ PAYOUT_PROVIDERS_URL: fake.url, ALLOW_PRIVATE_WEBHOOKS: '1' }, { providerTimeoutMs: 400 })
})
beforeEach(async () => {
  own = await payingProgram(server)
})
afterAll(async () => {
  await server.stop()
  await fake.stop()
})

const providersOf = ({ program }: TestProgram, rest = '') => `/v1/apps/${program.id}/payout-providers${rest}`
const end = (id: string, body: object) =>
  server.ask('POST', `/v1/apps/${own.program.id}/payouts/${id}/sending/end`, { token: own.token, body })
const putAside = async (id: string) => {
  await sendingIs(server, own, id, 'unknown', 'pending')
  // It is in doubt while the call is under way, too.
  await quiet(server)
}

describe('Credentials', () => {
  test('are kept sealed, shown never again, and written down without what they are', async () => {
    const listed = answered(await server.ask('GET', providersOf(own), { token: own.token }), 200, PayoutProviderList)
    const at = server.clock.now.toISOString()
    expect(listed.data).toEqual([
      { provider: 'paypal', connected: true, environment: 'live', hint: 'E0Zx', account: null, createdAt: at },
      { provider: 'stripe', connected: true, environment: 'live', hint: 'form', account: null, createdAt: at },
    ])
    const text = JSON.stringify(await everyRow(server))
    for (const secret of [LIVE_KEY, PAYPAL_APP.clientSecret, PAYPAL_APP.clientId]) expect(text).not.toContain(secret)
    const audit = await server.ask('GET', `/v1/apps/${own.program.id}/audit?action=payout_provider.connected`, {
      token: own.token,
    })
    const { data } = answered(audit, 200, AuditList)
    expect(data.map(each => each.after)).toEqual([
      { provider: 'paypal', environment: 'live', hint: 'E0Zx', since: at },
      { provider: 'stripe', environment: 'live', hint: 'form', since: at },
    ])
  })

  test('say by themselves, or are told, whether they are for a sandbox; and are forgotten', async () => {
    const key = { secretKey: 'rk_test_51QbXyZ8kT2mNpRs' }
    expect(await connected(server, own, 'stripe', key)).toMatchObject({ connected: true, environment: 'sandbox' })
    const app = { ...PAYPAL_APP, environment: 'sandbox' }
    expect(await connected(server, own, 'paypal', app)).toMatchObject({ environment: 'sandbox' })
    for (const provider of ['stripe', 'paypal']) {
      const gone = await server.ask('DELETE', providersOf(own, `/${provider}`), { token: own.token })
      expect(gone.body).toMatchObject({ provider, connected: false, hint: null })
    }
    const listed = answered(await server.ask('GET', providersOf(own), { token: own.token }), 200, PayoutProviderList)
    expect(listed.data.map(each => each.connected)).toEqual([false, false])
  })

  test.each<[Provider, object]>([
    ['stripe', { secretKey: 'pk_live_51QbXyZ8kT2mNpRs' }],
    ['stripe', { secretKey: 'sk_live_a b' }],
    ['stripe', {}],
    ['paypal', { ...PAYPAL_APP, environment: 'production' }],
    ['paypal', { ...PAYPAL_APP, clientId: 'a:b:c:d:e:f' }],
    ['paypal', { clientId: PAYPAL_APP.clientId, environment: 'live' }],
  ])('of %s that cannot be any change nothing: %j', async (provider, body) => {
    const before = await everyRow(server)
    refused(await server.ask('PUT', providersOf(own, `/${provider}`), { token: own.token, body }), 422, 'invalid')
    expect(await everyRow(server)).toEqual(before)
  })

  test('that are wrong, or may not say whose they are, send nothing; the right ones do at once', async () => {
    await connected(server, own, 'stripe', { secretKey: 'rk_live_51QbXyZ8_blind' })
    await connected(server, own, 'paypal', { ...PAYPAL_APP, clientId: 'wrong-client' })
    const made = []
    for (const provider of ['stripe', 'paypal'] as const) {
      const { id } = await openPayout(server, own, await paidBy(server, own, provider))
      made.push(id)
      answered(await send(server, own, id), 202, SentPayout)
    }
    await quiet(server)
    const details = await Promise.all(made.map(async id => (await payoutOf(server, own, id)).sending?.detail))
    expect(details).toEqual([
      expect.stringContaining('may not read its account'),
      expect.stringContaining('Client Authentication'),
    ])
    await connected(server, own, 'stripe', { secretKey: LIVE_KEY })
    await connected(server, own, 'paypal', PAYPAL_APP)
    await letPass(server, 1)
    const payouts = await Promise.all(made.map(id => payoutOf(server, own, id)))
    expect(payouts.map(each => each.status)).toEqual(['paid', 'paid'])
    const text = JSON.stringify([payouts, await everyRow(server)])
    for (const secret of [LIVE_KEY, PAYPAL_APP.clientSecret, PAYPAL_APP.clientId]) expect(text).not.toContain(secret)
    expect(payouts.map(each => each.sending?.account)).toEqual([
      'live:acct_platform',
      expect.stringMatching(/^live:app-[0-9a-f]{12}…E0Zx$/),
    ])
    expectBooks(fake, payouts)
  })

  test.each([
    'stripe',
    'paypal',
  ] as const)('of another account are not asked about what was sent from the first (%s)', async provider => {
    const partner = await paidBy(server, own, provider)
    fake.manners.set(partner.to, 'booked, then cut')
    const { id } = await openPayout(server, own, partner)
    await send(server, own, id)
    await putAside(id)
    const [another, first] =
      provider === 'stripe'
        ? [{ secretKey: 'sk_live_51QbXyZ8_another' }, { secretKey: 'sk_live_99Rotated_platform' }]
        : [
            { ...PAYPAL_APP, clientId: 'another-client' },
            { ...PAYPAL_APP, clientSecret: 'rotated-secret' },
          ]
    await connected(server, own, provider, another)
    await letPass(server, 1, 40)
    const waiting = await payoutOf(server, own, id)
    expect([waiting.status, waiting.sending?.state]).toEqual(['pending', 'unknown'])
    expect(waiting.sending?.detail).toMatch(
      /^It was sent from live:.*, and the credentials are for live:(acct_another|app-.*…ient)$/,
    )
    await connected(server, own, provider, first)
    await letPass(server, 2, 40)
    const payout = await payoutOf(server, own, id)
    expect(payout.status).toBe('paid')
    expectBooks(fake, [payout])
  })
})

describe('A payout is not sent', () => {
  const open = async (provider: Provider, amount = 10_000, currency = 'EUR') =>
    openPayout(server, own, await paidBy(server, own, provider), amount, currency)
  const refusedFor = async (id: string, code: string) => {
    const moves = fake.moves.length
    refused(await send(server, own, id), 409, code)
    expect(await sendAll(server, own, { ids: [id] })).toEqual({ sending: [], left: [{ payoutId: id, code }], more: false })
    expect(fake.moves.length).toBe(moves)
    expect((await payoutOf(server, own, id)).sending).toBeNull()
  }

  test('from a program in test mode', async () => {
    const { id } = await open('stripe')
    const path = `/v1/apps/${own.program.id}`
    await server.ask('PATCH', path, { token: own.token, body: { mode: 'test' } })
    await refusedFor(id, 'test_program_sends_nothing')
  })

  test('that has become one while it waited', async () => {
    const { id } = await open('stripe')
    await server.ask('DELETE', providersOf(own, '/stripe'), { token: own.token })
    await connected(server, own, 'stripe', { secretKey: 'rk_live_51QbXyZ8_blind' })
    await send(server, own, id)
    await quiet(server)
    await server.ask('PATCH', `/v1/apps/${own.program.id}`, { token: own.token, body: { mode: 'test' } })
    await connected(server, own, 'stripe', { secretKey: LIVE_KEY })
    await letPass(server, 1)
    const payout = await payoutOf(server, own, id)
    expect([payout.status, payout.sending?.state, payout.sending?.detail]).toEqual([
      'pending',
      'stopped',
      'The program is in test mode',
    ])
    expectBooks(fake, [payout])
    await markedPaid(server, own, id)
  })

  test('by a method that nobody sends, or where details lack', async () => {
    const bank = await newPartner(server, own, { slug: `bank-${own.program.id}`, payout_method: 'bank_transfer' })
    await refusedFor((await openPayout(server, own, bank)).id, 'payout_method_not_sent')
    for (const method of ['stripe', 'paypal']) {
      const nobody = await newPartner(server, own, { slug: `${method}-nobody-${own.program.id}`, payout_method: method })
      await refusedFor((await openPayout(server, own, nobody)).id, 'payout_lacks_details')
    }
  })

  test.each<[Provider, number, string]>([
    ['paypal', 10_000_000, 'KWD'],
    ['paypal', 10_050, 'TWD'],
    ['stripe', 1_000_001, 'KWD'],
  ])('by %s as %i %s, of which there is no such amount', async (provider, amount, currency) => {
    await refusedFor((await open(provider, amount, currency)).id, 'payout_currency_not_sent')
  })

  test.each<[Provider, number, string, number | string]>([
    ['stripe', 1_000_000, 'KWD', 1_000_000],
    ['stripe', 5_000, 'ISK', 500_000],
    ['stripe', 5_000, 'JPY', 5_000],
    ['paypal', 5_000, 'JPY', '5000'],
    ['paypal', 1_000_000, 'TWD', '10000'],
    ['paypal', 10_005, 'USD', '100.05'],
  ])('but for %s %i %s is what the provider counts in', async (provider, amount, currency, moved) => {
    const { id } = await open(provider, amount, currency)
    await send(server, own, id)
    await letPass(server, 1)
    expect((await payoutOf(server, own, id)).status).toBe('paid')
    expect(fake.booked(id).map(each => [each.amount, each.currency.toUpperCase()])).toEqual([[moved, currency]])
  })

  test('that is not what its lines come to', async () => {
    const { id } = await open('paypal')
    const { db } = server.desk().database
    await db.updateTable('payouts').set({ amount: 10_001 }).where('id', '=', id).execute()
    await refusedFor(id, 'payout_does_not_add_up')
    await db.updateTable('payouts').set({ amount: 10_000 }).where('id', '=', id).execute()
  })

  test('that is paid, has failed, is not there, or whose provider is not connected', async () => {
    const [paid, failed, open2] = [await open('stripe'), await open('paypal'), await open('stripe')]
    await markedPaid(server, own, paid.id)
    await markedFailed(server, own, failed.id)
    await refusedFor(paid.id, 'payout_is_paid')
    await refusedFor(failed.id, 'payout_is_failed')
    await server.ask('DELETE', providersOf(own, '/stripe'), { token: own.token })
    await refusedFor(open2.id, 'payout_provider_not_connected')
    refused(await send(server, own, 'pay_nothing'), 404, 'payout_not_found')
    const other = await newProgram(server)
    refused(await send(server, { ...own, program: { ...own.program, id: other.program.id } }, open2.id), 404, 'program_not_found')
    refused(await send(server, other, open2.id), 404, 'payout_not_found')
  })
})

describe('While it is being sent', () => {
  test('nobody else marks it, no file holds it, and sending it again changes nothing', async () => {
    const partner = await paidBy(server, own, 'paypal')
    fake.fates.set(partner.to, ['ONHOLD'])
    const { id } = await openPayout(server, own, partner)
    answered(await send(server, own, id), 202, SentPayout)
    const { sending } = await sendingIs(server, own, id, 'pending')
    refused(await mark(server, own, id, 'paid'), 409, 'payout_is_sending')
    refused(await mark(server, own, id, 'failed', { reason: 'No' }), 409, 'payout_is_sending')
    const content = `payout_id,status\n${id},paid\n`
    const results = await server.ask('POST', `/v1/apps/${own.program.id}/payouts/results`, { key: own.secret, body: { content } })
    expect(results.body.lines).toEqual([{ line: 2, payoutId: id, code: 'payout_is_sending' }])
    const file = await server.ask('GET', `/v1/apps/${own.program.id}/payouts.csv?method=paypal`, { key: own.secret })
    expect([file.text.includes(partner.to), file.headers.get('x-left-out')]).toEqual([false, '0'])
    expect((await payoutList(server, own)).data).toMatchObject([{ id, payable: false, missing: [] }])
    const again = answered(await send(server, own, id), 202, SentPayout)
    expect(again.sending.attempts).toEqual(sending?.attempts)
    expect(await sendAll(server, own)).toEqual({ sending: [], left: [], more: false })
    expect((await sendAll(server, own, { ids: [id, id] })).sending).toEqual([id])
    await quiet(server)
    expect(fake.moves.filter(each => each.destination === partner.to)).toHaveLength(1)
  })

  test('it goes where it was going, whatever the partner changes', async () => {
    const partner = await paidBy(server, own, 'paypal')
    fake.manners.set(partner.to, 'hang')
    const { id } = await openPayout(server, own, partner)
    await send(server, own, id)
    await putAside(id)
    const change = { payout_email: 'elsewhere@example.com', payout_method: 'bank_transfer' }
    await server.ask('PATCH', `/api/v1/partners/${partner.id}`, { key: own.secret, body: change })
    await letPass(server, 2, 40)
    expect(fake.booked(id).map(each => each.destination)).toEqual([partner.to])
    expect(await payoutOf(server, own, id)).toMatchObject({ status: 'paid', method: 'paypal' })
  })

  test('its attempts tell what was done and when, and not with what', async () => {
    const partner = await paidBy(server, own, 'stripe')
    fake.manners.set(partner.to, 'booked, then 500')
    const { id } = await openPayout(server, own, partner)
    await send(server, own, id)
    await putAside(id)
    await letPass(server, 1)
    const { sending } = await payoutOf(server, own, id)
    const key = `mislata_${id}_1`
    expect(sending).toMatchObject({ provider: 'stripe', state: 'paid', nextAt: null, account: 'live:acct_platform' })
    expect(sending?.attempts.map(({ act, key, outcome, times }) => ({ act, key, outcome, times }))).toEqual([
      { act: 'send', key, outcome: 'unknown', times: 1 },
      { act: 'look_up', key, outcome: 'done', times: 1 },
    ])
    expect(JSON.stringify(sending)).not.toMatch(/sk_live/)
  })

  test.each([
    ['another amount', { amount: 9_999 }],
    ['another account', { destination: 'acct_somebodyelse' }],
  ])('what is found of %s settles nothing', async (_, other) => {
    const partner = await paidBy(server, own, 'stripe')
    fake.manners.set(partner.to, 'booked, then cut')
    const { id } = await openPayout(server, own, partner)
    await send(server, own, id)
    await putAside(id)
    for (const transfer of fake.booked(id)) Object.assign(transfer, other)
    await letPass(server, 1, 40)
    const payout = await payoutOf(server, own, id)
    expect([payout.status, payout.sending?.state]).toEqual(['pending', 'unknown'])
    expect(payout.sending?.detail).toMatch(/^Stripe has another transfer for this payout: tr_/)
    expect(fake.moves.filter(each => each.destination === partner.to)).toHaveLength(1)
  })

  test('a person can be erased: where it went is forgotten, and nothing more is sent there', async () => {
    const partner = await paidBy(server, own, 'paypal')
    fake.manners.set(partner.to, 'hang')
    const { id } = await openPayout(server, own, partner)
    await send(server, own, id)
    await putAside(id)
    const gone = await server.ask('DELETE', `/v1/apps/${own.program.id}/people/${partner.email}`, { token: own.token })
    expect(gone.status).toBe(200)
    await letPass(server, 1, 40)
    expect(JSON.stringify(await everyRow(server))).not.toContain(partner.to)
    const payout = await payoutOf(server, own, id)
    expect([payout.sending?.state, payout.sending?.detail]).toEqual(['unknown', expect.stringContaining('has been erased')])
    expect(fake.moves.filter(each => each.destination === partner.to)).toHaveLength(1)
  })
})

describe('Somebody who has looked at the provider ends it', () => {
  const stuck = async () => {
    const partner = await paidBy(server, own, 'paypal')
    fake.fates.set(partner.to, ['ONHOLD'])
    const { id } = await openPayout(server, own, partner)
    await send(server, own, id)
    await sendingIs(server, own, id, 'pending')
    await quiet(server)
    return id
  }

  test('as paid, under the reference that is there', async () => {
    const id = await stuck()
    const ended = answered(await end(id, { as: 'paid', reference: 'TX-1', note: 'Seen at PayPal' }), 200, SentPayout)
    expect(ended.sending).toMatchObject({ state: 'paid', detail: 'Seen at PayPal', nextAt: null })
    expect(ended.sending.attempts.at(-1)).toMatchObject({ act: 'by_hand', outcome: 'done', reason: 'Seen at PayPal' })
    expect(await payoutOf(server, own, id)).toMatchObject({ status: 'paid', reference: 'TX-1' })
    refused(await end(id, { as: 'failed', note: 'No' }), 409, 'payout_is_not_sending')
  })

  test('as failed, and the money is owed again', async () => {
    const id = await stuck()
    answered(await end(id, { as: 'failed', note: 'Cancelled at PayPal' }), 200, SentPayout)
    expect(await payoutOf(server, own, id)).toMatchObject({ status: 'failed', failure: 'Cancelled at PayPal' })
    await expectSettled(server)
  })

  test('as never sent: it may be sent anew, under another key, or marked by hand', async () => {
    const [one, two] = [await stuck(), await stuck()]
    for (const id of [one, two]) answered(await end(id, { as: 'not_sent', note: 'Not there' }), 200, SentPayout)
    await markedPaid(server, own, two)
    const again = answered(await send(server, own, one), 202, SentPayout)
    expect(again.sending.state).toBe('waiting')
    await quiet(server)
    const sent = (await payoutOf(server, own, one)).sending?.attempts.filter(each => each.act === 'send')
    expect(sent?.map(each => each.key)).toEqual([`mislata_${one}_1`, `mislata_${one}_2`])
  })

  test('but not while a call is under way, nor what is not being sent, nor with a key', async () => {
    const partner = await paidBy(server, own, 'stripe')
    const { id } = await openPayout(server, own, partner)
    const body = { as: 'not_sent', note: 'I think so' }
    refused(await end(id, body), 409, 'payout_is_not_sending')
    const until = new Date(server.clock.now.getTime() + 60_000).toISOString()
    fake.manners.set(partner.to, 'hang')
    await send(server, own, id)
    await putAside(id)
    const { db } = server.desk().database
    await db.updateTable('payoutSendings').set({ leasedUntil: until }).where('payoutId', '=', id).execute()
    refused(await end(id, body), 409, 'payout_is_sending')
    await db.updateTable('payoutSendings').set({ leasedUntil: null }).where('payoutId', '=', id).execute()
    refused(
      await server.ask('POST', `/v1/apps/${own.program.id}/payouts/${id}/sending/end`, { key: own.secret, body }),
      403,
      'wrong_credential',
    )
    refused(await end('pay_nothing', body), 404, 'payout_not_found')
    refused(await end(id, { as: 'paid', note: 'Without a reference' }), 422, 'invalid')
  })
})

test('All that can be sent is sent at once, by a method or by all', async () => {
  const made: Record<Provider, string[]> = { stripe: [], paypal: [] }
  for (const provider of ['stripe', 'paypal', 'stripe'] as const)
    made[provider].push((await openPayout(server, own, await paidBy(server, own, provider))).id)
  expect(await sendAll(server, own, { method: 'stripe' })).toEqual({ sending: made.stripe, left: [], more: false })
  expect((await sendAll(server, own)).sending).toEqual(expect.arrayContaining(made.paypal))
  await letPass(server, 1)
  const payouts = await Promise.all([...made.stripe, ...made.paypal].map(id => payoutOf(server, own, id)))
  expect(payouts.map(each => each.status)).toEqual(['paid', 'paid', 'paid'])
  expectBooks(fake, payouts)
})

test('Sending and what came of it is in the audit log, and in the figures', async () => {
  await server.ask('GET', '/metrics')
  const { id } = await openPayout(server, own, await paidBy(server, own, 'stripe'))
  await send(server, own, id)
  await sendingIs(server, own, id, 'paid')
  const { data } = answered(
    await server.ask('GET', `/v1/apps/${own.program.id}/audit?object=${id}`, { token: own.token }),
    200,
    AuditList,
  )
  expect(data.map(each => [each.action, each.actor.kind])).toEqual([
    ['payout.paid', 'system'],
    ['payout.sent', 'secret'],
    ['payout.created', 'secret'],
  ])
  const { text } = await server.ask('GET', '/metrics')
  expect(text).toMatch(/^mislata_payout_attempts_total\{provider="stripe",act="send",outcome="done"\} [1-9]/m)
  expect(text).toMatch(/^mislata_outbox_waiting\{kind="payouts"\} \d/m)
  expect(text).toMatch(/^mislata_outbox_waiting\{kind="payouts_in_doubt"\} \d/m)
})
