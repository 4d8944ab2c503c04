import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Partner, PartnerWithStats } from '../../server/contract/partners.ts'
import { PayoutSettings } from '../../server/contract/payout-settings.ts'
import { change, day, partnerKeyOf, pass, sessionOf } from '../support/acts.ts'
import * as paying from '../support/payouts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

const PATH = '/v1/affiliate/payout-settings'
const IBAN = 'ES9121000418450200051332'
let tests = 0
let jane: { id: string; email: string }
beforeEach(async () => {
  acme = await newProgram(server)
  jane = await newPartner(server, acme, { slug: `jane-${++tests}`, email: `jane-${tests}@example.com` })
})

// The clock moves past the end of a session.
const session = () => sessionOf(server, acme, { customerId: `jane-${tests}`, email: jane.email })
const say = async (body: unknown) => server.ask('PATCH', PATH, { token: await session(), body })
const said = async (body: object) => answered(await say(body), 200, PayoutSettings)
const see = async () => answered(await server.ask('GET', PATH, { token: await session() }), 200, PayoutSettings)
const patch = async (body: object) =>
  answered(await server.ask('PATCH', `/api/v1/partners/${jane.id}`, { key: acme.secret, body }), 200, Partner)
const partner = async () =>
  answered(await server.ask('GET', `/api/v1/partners/${jane.id}`, { key: acme.secret }), 200, PartnerWithStats)
const bank = { method: 'bank_transfer', accountHolder: 'Jane Smith', iban: IBAN } as const
const plus = (days: number) => new Date(server.clock.now.getTime() + days * day).toISOString()

describe('A partner that says itself how it is paid', () => {
  test('sees that nothing is known, then what is, with addresses and numbers masked', async () => {
    const nothing = { email: null, accountHolder: null, iban: null, bic: null, accountNumber: null, routingNumber: null }
    expect(await see()).toEqual({
      ...{ ...nothing, method: null, walletAddress: null, network: null, stripeAccount: null, missing: ['method'] },
      ...{ methods: ['paypal', 'bank_transfer'], changedAt: null, waitsUntil: null, coolingDays: 3 },
    })
    const after = await said({ ...bank, iban: 'es91 2100 0418 4502 0005 1332', bic: 'caixesbb' })
    expect(after).toMatchObject({ method: 'bank_transfer', accountHolder: 'Jane Smith', iban: '•••1332', bic: 'CAIXESBB' })
    expect(after).toMatchObject({ missing: [], changedAt: server.clock.now.toISOString(), waitsUntil: plus(3) })
    expect(await see()).toEqual(after)
    expect(await partner()).toMatchObject({
      payout_method: 'bank_transfer',
      metadata: { account_holder: 'Jane Smith', iban: IBAN, bic: 'CAIXESBB' },
    })
    expect(await said({ method: 'paypal', email: 'pay@example.com' })).toMatchObject({
      method: 'paypal',
      email: 'p•••@example.com',
    })
  })

  test('has one account: its number takes the IBAN away, and the other way round', async () => {
    await said(bank)
    const numbered = await said({ accountNumber: '12-3456 789', routingNumber: '021000021' })
    expect(numbered).toMatchObject({ iban: null, accountNumber: '•••6789', routingNumber: '021000021' })
    expect((await partner()).metadata).toEqual({
      ...{ account_holder: 'Jane Smith', account_number: '123456789', routing_number: '021000021' },
    })
    expect(await said({ iban: IBAN })).toMatchObject({ iban: '•••1332', accountNumber: null, routingNumber: null })
  })

  test.each([
    ['no method', { email: 'a@example.com' }, 'method'],
    [
      'one that the programme does not have',
      { method: 'crypto', walletAddress: '0x52908400098527886', network: 'ERC-20' },
      'method',
    ],
    ['Stripe without an account', { method: 'stripe' }, 'method'],
    ['PayPal without an address', { method: 'paypal' }, 'email'],
    ['an address that is none', { method: 'paypal', email: 'jane' }, 'email'],
    ['a bank without an account', { method: 'bank_transfer', accountHolder: 'Jane' }, 'iban'],
    ['an IBAN with a wrong digit', { ...bank, iban: 'ES9121000418450200051333' }, 'iban'],
    ['an IBAN that is too long for its country', { ...bank, iban: `${IBAN}0` }, 'iban'],
    ['a BIC that is none', { ...bank, bic: 'CAIX' }, 'bic'],
    ['an account of signs', { method: 'bank_transfer', accountNumber: '=1+1234' }, 'accountNumber'],
  ])('is told what is wrong with %s, and nothing changes', async (_, body, path) => {
    const reply = await say(body)
    expect([reply.status, reply.body.errors?.[0]?.path ?? '']).toEqual([422, path])
    expect(await see()).toMatchObject({ method: null, changedAt: null })
  })

  test('chooses among the programme’s ways, and Stripe where its account is connected', async () => {
    await change(server, acme, { payoutMethods: ['crypto', 'stripe'] })
    const wallet = { method: 'crypto', walletAddress: '0x52908400098527886E0F7030069857D2E4169EE7' }
    expect((await see()).methods).toEqual(['crypto'])
    refused(await say(wallet), 422, 'invalid')
    const asked = await said({ ...wallet, network: 'ERC-20' })
    expect(asked).toMatchObject({ walletAddress: '•••9EE7', network: 'ERC-20', missing: [] })
    refused(await say({ method: 'paypal', email: 'pay@example.com' }), 422, 'invalid')
    const account = { stripeAccountId: 'acct_1A2b3C4d5E6f7G8h' }
    const connect = `/v1/apps/${acme.program.id}/partners/${jane.id}/stripe-account`
    expect((await server.ask('PUT', connect, { token: await signIn(server), body: account })).status).toBe(200)
    expect((await see()).methods).toEqual(['crypto', 'stripe'])
    expect(await said({ method: 'stripe' })).toMatchObject({ method: 'stripe', stripeAccount: '•••7G8h', missing: [] })
  })

  test('takes an IBAN from outside SEPA by its check digits', async () => {
    expect(await said({ ...bank, iban: 'TR33 0006 1005 1978 6457 8413 26' })).toMatchObject({ iban: '•••1326' })
  })

  test('is believed once: the same again changes nothing and makes nothing wait longer', async () => {
    const first = await said(bank)
    pass(server, day)
    expect(await said(bank)).toEqual(first)
  })
})

describe('A change', () => {
  test('is told at the old and new addresses, to webhooks as one by the host is, and stands in the audit log without its numbers', async () => {
    await patch({ payout_method: 'paypal', payout_email: 'old@example.com' })
    pass(server, 1)
    await said({ ...bank, email: 'new@example.com' })
    const { db } = server.desk().database
    const told = await db.selectFrom('mails').selectAll().where('kind', '=', 'payout_details_changed').execute()
    const own = told.filter(each => each.programId === acme.program.id)
    expect(own.map(each => each.recipient).sort()).toEqual(
      [jane.email, jane.email, 'old@example.com', 'old@example.com', 'new@example.com'].sort(),
    )
    expect(own.some(each => each.facts?.includes('•••1332'))).toBe(true)
    expect(JSON.stringify(own)).not.toContain(IBAN)
    const events = await db.selectFrom('events').selectAll().where('object', '=', jane.id).orderBy('sequence').execute()
    expect(events.at(-1)).toMatchObject({ event: 'partner.updated', body: expect.stringContaining('bank_transfer') })
    expect(JSON.stringify(events)).not.toContain(IBAN)
    const audit = await server.ask('GET', `/v1/apps/${acme.program.id}/audit?object=${jane.id}`, { token: await signIn(server) })
    expect(audit.body.data[0]).toMatchObject({
      action: 'partner.updated',
      actor: { kind: 'session' },
      before: { payoutMethod: 'paypal', payoutChangedAt: null },
      after: { payoutMethod: 'bank_transfer', metadata: expect.stringMatching(/^personal:/) },
    })
    expect(JSON.stringify(audit.body)).not.toContain('1332')
  })

  test('is a session’s to make, of a partner that is not deactivated, and of its own alone', async () => {
    const key = await partnerKeyOf(server, await session())
    refused(await server.ask('PATCH', PATH, { token: key, body: bank }), 403, 'wrong_credential')
    refused(await server.ask('GET', PATH, { token: key }), 403, 'wrong_credential')
    refused(await server.ask('PATCH', PATH, { key: acme.publishable, body: bank }), 403, 'wrong_credential')
    const visitor = await sessionOf(server, acme, { customerId: 'visitor', email: 'visitor@example.com' })
    refused(await server.ask('PATCH', PATH, { token: visitor, body: bank }), 404, 'not_a_partner')
    await patch({ status: 'deactivated' })
    refused(await say(bank), 403, 'partner_deactivated')
    expect((await partner()).payout_method).toBeNull()
  })

  test('outlives what the host notes beside it, until the host names another account', async () => {
    await said(bank)
    expect((await patch({ metadata: { tier: 'gold' } })).metadata).toEqual({
      tier: 'gold',
      account_holder: 'Jane Smith',
      iban: IBAN,
    })
    expect((await patch({ metadata: null })).metadata).toEqual({ account_holder: 'Jane Smith', iban: IBAN })
    const other = 'DE89370400440532013000'
    expect((await patch({ metadata: { iban: other } })).metadata).toEqual({ iban: other, account_holder: 'Jane Smith' })
    expect(await see()).toMatchObject({ iban: '•••3000' })
    expect((await patch({ metadata: { iban: null } })).metadata).toEqual({ iban: null, account_holder: 'Jane Smith' })
    expect(await see()).toMatchObject({ iban: null, missing: ['iban'] })
  })

  test('by the host makes nothing wait', async () => {
    await patch({ payout_method: 'paypal', payout_email: 'pay@example.com' })
    await paying.adjust(server, acme, jane, 6_000)
    const { data, carried } = await paying.runPayouts(server, acme)
    expect([data[0]?.payable, data[0]?.waitsUntil, carried]).toEqual([true, null, []])
  })
})

describe('For as long as a change is fresh', () => {
  const csv = async (query: string) => {
    const path = `/v1/apps/${acme.program.id}/payouts.csv?${query}`
    const reply = await server.ask('GET', path, { key: acme.secret })
    return { text: reply.text, leftOut: reply.headers.get('x-left-out') }
  }

  test('no payout is made, the run says until when, and then it is', async () => {
    await paying.adjust(server, acme, jane, 6_000)
    const { waitsUntil: until } = await said(bank)
    const left = { partnerId: jane.id, amount: 6_000, currency: 'EUR', reason: 'details_changed', until }
    expect(await paying.runPayouts(server, acme)).toMatchObject({ batch: null, data: [], carried: [left] })
    pass(server, 3 * day - 1)
    expect(await paying.runPayouts(server, acme)).toMatchObject({ data: [], carried: [left] })
    pass(server, 1)
    expect((await see()).waitsUntil).toBeNull()
    expect(await paying.runPayouts(server, acme)).toMatchObject({
      data: [{ amount: 6_000, method: 'bank_transfer' }],
      carried: [],
    })
    await paying.expectSettled(server)
  })

  test('what is below the minimum or below zero is left for that reason', async () => {
    await paying.adjust(server, acme, jane, -100)
    await said(bank)
    expect((await paying.runPayouts(server, acme)).carried).toMatchObject([{ reason: 'below_zero' }])
  })

  test('a payout that was made before goes into no file and is sent by nobody', async () => {
    await patch({ payout_method: 'paypal', payout_email: 'old@example.com' })
    await paying.adjust(server, acme, jane, 6_000)
    const made = await paying.runPayouts(server, acme)
    const id = made.data[0]?.id ?? ''
    expect((await csv('method=paypal')).text).toContain('old@example.com')
    const { waitsUntil } = await said({ email: 'thief@example.com' })
    expect(await csv('method=paypal')).toEqual({ text: '', leftOut: '1' })
    expect(await paying.payoutOf(server, acme, id)).toMatchObject({ payable: false, missing: [], waitsUntil })
    const send = `/v1/apps/${acme.program.id}/payouts/${id}/send`
    refused(await server.ask('POST', send, { key: acme.secret }), 409, 'payout_details_changed')
    const all = await server.ask('POST', `/v1/apps/${acme.program.id}/payouts/send`, { key: acme.secret })
    expect(all.body.left).toEqual([{ payoutId: id, code: 'payout_details_changed' }])
    pass(server, 3 * day)
    expect((await csv('method=paypal')).leftOut).toBe('0')
    expect(await paying.payoutOf(server, acme, id)).toMatchObject({ payable: true, waitsUntil: null })
  })

  test('a bank’s file leaves it out too', async () => {
    await change(server, acme, { sepa: { iban: 'DE89370400440532013000' } })
    await patch({ payout_method: 'bank_transfer', metadata: { iban: 'DE89370400440532013000' } })
    await paying.adjust(server, acme, jane, 6_000)
    const { batch } = await paying.runPayouts(server, acme)
    await said({ iban: IBAN })
    const file = () => server.ask('GET', `/v1/apps/${acme.program.id}/payouts.xml?batch=${batch?.id}`, { key: acme.secret })
    refused(await file(), 409, 'payout_file_empty')
    expect((await csv('method=bank_transfer')).leftOut).toBe('1')
    pass(server, 3 * day)
    expect((await file()).status).toBe(200)
  })

  test('the program says how long that is, and it may be none', async () => {
    await paying.adjust(server, acme, jane, 6_000)
    await said(bank)
    await change(server, acme, { payoutCoolingDays: 0 })
    expect(await see()).toMatchObject({ waitsUntil: null, coolingDays: 0 })
    expect((await paying.runPayouts(server, acme)).data).toMatchObject([{ amount: 6_000 }])
  })

  test('a run and a change at once leave either a payout by the old account or none', async () => {
    await patch({ payout_method: 'paypal', payout_email: 'old@example.com' })
    for (let round = 0; round < 6; round++) {
      await paying.adjust(server, acme, jane, 6_000)
      const [made, changed] = await Promise.all([paying.runPayouts(server, acme), said({ email: `thief-${round}@example.com` })])
      const [payout] = made.data
      if (payout) expect(made.carried).toEqual([])
      else expect(made.carried).toMatchObject([{ reason: 'details_changed', until: changed.waitsUntil }])
      // Whichever came first: nothing of it can leave for the new address yet.
      expect(await csv('method=paypal')).toMatchObject({ text: '' })
      pass(server, 3 * day)
      for (const { id } of (await paying.runPayouts(server, acme)).data) await paying.markedPaid(server, acme, id)
      if (payout) await paying.markedPaid(server, acme, payout.id)
    }
    await paying.expectSettled(server)
  })
})

test('Nobody’s account is left when its owner is erased', async () => {
  await said(bank)
  const path = `/v1/apps/${acme.program.id}/people/${jane.email}`
  expect((await server.ask('DELETE', path, { token: await signIn(server) })).status).toBe(200)
  const row = await server.desk().database.db.selectFrom('partners').selectAll().where('id', '=', jane.id).executeTakeFirst()
  expect(row).toMatchObject({ payoutMethod: null, metadata: null, payoutChangedAt: null })
})
