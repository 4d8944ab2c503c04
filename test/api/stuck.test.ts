import { afterAll, beforeAll, expect, test } from 'vitest'
import { AuditList } from '../../server/contract/audit.ts'
import { StuckList, StuckRetried } from '../../server/contract/stuck.ts'
import { customerReferrals } from '../support/customer-referrals.ts'
import { type GrantServer, grantServer } from '../support/grant-server.ts'
import { openPayout, paidBy, payingProgram, quiet, send, sendingIs } from '../support/payout-sending.ts'
import { type PayoutServer, payoutServer } from '../support/payout-server.ts'
import { type Receiver, receiver, until } from '../support/receiver.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { newEndpoint, ofProgram } from '../support/webhooks.ts'

let server: TestServer
let hooks: Receiver
let host: GrantServer
let money: PayoutServer
beforeAll(async () => {
  hooks = await receiver()
  host = await grantServer()
  money = await payoutServer(() => server.clock.now)
  const environment = { PAYOUT_PROVIDERS_URL: money.url, ALLOW_PRIVATE_WEBHOOKS: '1' }
  server = await testServer(environment, { providerTimeoutMs: 400 })
})
afterAll(async () => {
  await server.stop()
  host.release()
  await Promise.all([hooks.close(), host.stop(), money.stop()])
})

const at = ({ program }: TestProgram, rest = '') => `/v1/apps/${program.id}/stuck${rest}`
const stuck = async (own: TestProgram) => answered(await server.ask('GET', at(own), { token: own.token }), 200, StuckList)
const retry = async (own: TestProgram, body: object = {}) =>
  answered(await server.ask('POST', at(own, '/retry'), { token: own.token, body }), 200, StuckRetried).data
const db = () => server.desk().database.db
const now = () => server.clock.now.toISOString()

test('A mail that was given up is sent again for as long as any other, once for each time that it is asked', async () => {
  const own = await newProgram(server)
  await server.ask('POST', '/v1/affiliate/apply', { key: own.secret, body: { email: 'new@example.com', name: 'New' } })
  const refusedMail = { failedAt: now(), failure: '550 No such mailbox', attempts: 4 }
  await db().updateTable('mails').set(refusedMail).where('programId', '=', own.program.id).execute()
  const { data, total } = await stuck(own)
  const mail = { kind: 'mail', object: 'new@example.com', since: now(), attempts: 4, reason: '550 No such mailbox', retry: true }
  expect([data, total]).toEqual([[expect.objectContaining(mail)], 1])
  const id = data[0]?.id ?? ''
  expect(await retry(own, { ids: [id, 'mail_1111111111111111111111'] })).toEqual([
    { id, outcome: 'retried', reason: null },
    { id: 'mail_1111111111111111111111', outcome: 'nothing_to_do', reason: null },
  ])
  expect(await stuck(own)).toEqual({ data: [], total: 0 })
  expect(await retry(own, { ids: [id] })).toEqual([{ id, outcome: 'nothing_to_do', reason: null }])
  const [row] = await db().selectFrom('mails').selectAll().where('id', '=', id).execute()
  expect(row).toMatchObject({ sentAt: null, failedAt: null, nextAttemptAt: now() })
  const audit = `/v1/apps/${own.program.id}/audit?noun=stuck`
  const written = answered(await server.ask('GET', audit, { token: own.token }), 200, AuditList)
  expect(written.data.map(each => [each.action, each.after])).toEqual([['stuck.retried', { ids: [id] }]])
})

test('An event that was given up is sent again, as the same event; not to an endpoint that is disabled', async () => {
  const own = await newProgram(server)
  const { id: endpointId } = await newEndpoint(ofProgram(server, own), { url: hooks.url('/events') })
  const jane = await newPartner(server, own, { slug: 'jane' })
  await server.ask('PATCH', `/api/v1/partners/${jane.id}`, { key: own.secret, body: { first_name: 'Jane' } })
  const waiting = () =>
    db().selectFrom('deliveries').select('id').where('programId', '=', own.program.id).where('deliveredAt', 'is', null).execute()
  await until(async () => !(await waiting()).length, 'all is delivered')
  const told = hooks.so('/events').length
  const first = (
    await db().selectFrom('deliveries').select(['id', 'eventId']).where('programId', '=', own.program.id).execute()
  )[0]
  const giveUp = () =>
    db()
      .updateTable('deliveries')
      .set({ deliveredAt: null, failedAt: now() })
      .where('id', '=', first?.id ?? '')
      .execute()
  await giveUp()
  const { data } = await stuck(own)
  expect(data).toMatchObject([{ id: first?.id, kind: 'delivery', object: endpointId, retry: true }])
  expect(await retry(own)).toMatchObject([{ id: first?.id, outcome: 'retried' }])
  const all = await hooks.at('/events', told + 1)
  expect(all.filter(each => each.body.id === first?.eventId)).toHaveLength(2)
  expect((await stuck(own)).total).toBe(0)

  await until(async () => !(await waiting()).length, 'it is delivered again')
  await server.ask('PATCH', `/v1/apps/${own.program.id}/webhooks/${endpointId}`, { token: own.token, body: { disabled: true } })
  await giveUp()
  expect((await stuck(own)).data).toMatchObject([{ id: first?.id, retry: false, says: expect.stringContaining('disabled') }])
  expect(await retry(own)).toEqual([])
  expect(await retry(own, { ids: [first?.id] })).toMatchObject([{ id: first?.id, outcome: 'not_retried' }])
})

test('A grant that has failed again and again is asked for at once, under the same key', async () => {
  const rewards = { enabled: true, referrerCredits: 10, referredCredits: 0, qualifyOn: 'signup', grantUrl: host.url }
  const own = await newProgram(server, { rewards, fraud: { velocity: 'off' } })
  const r = customerReferrals(server, () => own)
  host.behave('status 500')
  const { code } = await r.me('ada')
  await r.signUp(code, 'friend')
  await until(() => host.calls.length > 0, 'it is asked for')
  for (let times = 0; times < 3; times++) await r.recover()
  await until(async () => (await stuck(own)).total === 1, 'it is stuck')
  const [grant] = (await stuck(own)).data
  expect(grant).toMatchObject({ kind: 'grant', reason: 'status 500', retry: true })
  host.behave('well')
  expect(await retry(own, { ids: [grant?.id] })).toEqual([{ id: grant?.id, outcome: 'retried', reason: null }])
  await until(async () => (await stuck(own)).total === 0, 'it is granted')
  expect(new Set(host.calls.map(each => each.key)).size).toBe(1)
})

test('A payout of which nobody knows whether it has left is asked after, and never sent again', async () => {
  const own = await payingProgram(server)
  const jane = await paidBy(server, own, 'paypal', 'jane')
  money.manners.set(jane.to, 'booked, then cut')
  const { id } = await openPayout(server, own, jane)
  await send(server, own, id)
  await sendingIs(server, own, id, 'unknown')
  await quiet(server)
  const before = money.moves.length
  const found = (await stuck(own)).data.find(each => each.id === id)
  expect(found).toMatchObject({ kind: 'payout', retry: true, says: expect.stringContaining('never sent again') })
  for (let times = 0; times < 3; times++) await retry(own, { ids: [id] })
  await quiet(server)
  expect([money.moves.length, money.booked(id).length]).toEqual([before, 1])
})

test('What is late is told, and cannot be pushed from here', async () => {
  const own = await newProgram(server)
  await server.ask('POST', '/v1/refunds', {
    key: own.secret,
    body: { externalId: 're_1', conversionExternalId: 'nobody told of it' },
  })
  await server.ask('POST', '/v1/affiliate/apply', { key: own.secret, body: { email: 'late@example.com', name: 'Late' } })
  expect((await stuck(own)).total).toBe(0)
  server.clock.now = new Date(server.clock.now.getTime() + 25 * 3_600_000)
  const { body } = await server.ask('POST', '/v1/auth/login', {
    body: { email: 'admin@example.com', password: 'correct horse battery' },
  })
  const later = { ...own, token: body.token }
  const { data } = await stuck(later)
  expect(data.map(({ id, kind, retry, says }) => [id, kind, retry, says.split(' ')[0]])).toEqual([
    ['late_mails', 'job', false, '1'],
    ['late_refunds', 'refund', false, '1'],
  ])
  expect(await retry(later, { ids: ['late_mails'] })).toMatchObject([{ id: 'late_mails', outcome: 'not_retried' }])
  expect(await retry(later)).toEqual([])
})

test('Another program’s things are not stuck here', async () => {
  const [own, other] = [await newProgram(server), await newProgram(server)]
  await server.ask('POST', '/v1/affiliate/apply', { key: other.secret, body: { email: 'x@example.com', name: 'X' } })
  await db().updateTable('mails').set({ failedAt: now(), attempts: 1 }).where('programId', '=', other.program.id).execute()
  const [theirs] = (await stuck(other)).data
  expect((await stuck(own)).data).toEqual([])
  expect(await retry(own, { ids: [theirs?.id] })).toEqual([{ id: theirs?.id, outcome: 'nothing_to_do', reason: null }])
  expect((await stuck(other)).total).toBe(1)
  expect(
    refused(await server.ask('POST', at(own, '/retry'), { token: own.token, body: { ids: 'all' } }), 422, 'invalid'),
  ).toEqual(['ids'])
})
