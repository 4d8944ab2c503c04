import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { prune } from '../../server/jobs/prune.ts'
import { sendMail } from '../../server/jobs/send-mail.ts'
import { smtp as createMailer, type Mailer } from '../../server/providers/smtp.ts'
import { day, hour, minute, pass } from '../support/acts.ts'
import { newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { smtpServer } from '../support/smtp.ts'

let smtp: Awaited<ReturnType<typeof smtpServer>>
let server: TestServer
let acme: TestProgram
let mailer: Mailer
beforeAll(async () => {
  smtp = await smtpServer({ auth: true })
  // Without a mail server of its own: what is sent here, and when, is the tests' affair.
  server = await testServer()
  acme = await newProgram(server)
  mailer = createMailer(smtp.url('user:password@'), 'partners@mail.example')
})
afterEach(() => smtp.behave(() => undefined))
afterAll(async () => {
  mailer.close()
  await server.stop()
  await smtp.stop()
})

const send = (by = mailer) => sendMail({ mailer: by, publicUrl: server.url }).run(server.desk())
let addresses = 0
/** An address that a mail is queued for. */
async function queued(name = 'jane') {
  const email = `${name}-${++addresses}@example.com`
  await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: { email, name: 'Jane' } })
  return email
}
const mailOf = (recipient: string) =>
  server.desk().database.db.selectFrom('mails').selectAll().where('recipient', '=', recipient).executeTakeFirstOrThrow()
const arrived = (to: string) => smtp.arrived.filter(each => each.to === to).length

test('A mail that was sent is sent no more', async () => {
  const to = await queued()
  await send()
  await send()
  expect([arrived(to), smtp.tries(to)]).toEqual([1, 1])
  expect(await mailOf(to)).toMatchObject({ sentAt: server.clock.now.toISOString(), failure: null, failedAt: null, attempts: 1 })
})

test('One that is put off comes later, and those beside it at once', async () => {
  const [late, beside] = [await queued('greylisted'), await queued()]
  smtp.behave((at, to) => (at === 'RCPT' && to === late && smtp.tries(late) < 3 ? '451 4.7.1 Come back later' : undefined))
  await send()
  expect([arrived(late), arrived(beside)]).toEqual([0, 1])
  expect((await mailOf(late)).failure).toContain('451 4.7.1 Come back later')
  pass(server, minute - 1)
  await send()
  expect(smtp.tries(late)).toBe(1)
  pass(server, 1)
  await send()
  pass(server, 2 * minute - 1)
  await send()
  expect([smtp.tries(late), arrived(late)]).toEqual([2, 0])
  pass(server, 1)
  await send()
  expect([smtp.tries(late), arrived(late)]).toEqual([3, 1])
  expect(await mailOf(late)).toMatchObject({ failure: null, attempts: 3 })
})

describe('Refused for good', () => {
  test.each([
    ['is an address that there is not', 'RCPT', '550 5.1.1 No such user'],
    ['is a mail that is not wanted', 'DATA', '554 5.7.1 Message refused'],
  ] as const)('%s: it is not tried again, and is kept with the answer', async (_, where, answer) => {
    const to = await queued('nobody')
    smtp.behave((at, named) => (at === where && named === to ? answer : undefined))
    await send()
    smtp.behave(() => undefined)
    pass(server, day)
    await send()
    expect([smtp.tries(to), arrived(to)]).toEqual([1, 0])
    const kept = await mailOf(to)
    expect(kept.failure).toContain(answer)
    expect([kept.sentAt, kept.nextAttemptAt, kept.failedAt !== null]).toEqual([null, null, true])
  })

  test.each([
    ['a password that is wrong', 'AUTH', '535 5.7.8 Authentication failed'],
    ['a sender that may not send', 'MAIL', '550 5.7.1 Sender rejected'],
  ] as const)('is not what can be mended: %s', async (_, where, answer) => {
    const to = await queued()
    smtp.behave(at => (at === where ? answer : undefined))
    await send()
    expect((await mailOf(to)).failure).toContain(answer)
    smtp.behave(() => undefined)
    pass(server, minute)
    await send()
    expect(arrived(to)).toBe(1)
  })
})

test('A connection that is cut in the middle of a mail leaves it to the next try', async () => {
  const to = await queued()
  smtp.behave(at => (at === 'DATA' ? 'cut' : undefined))
  await send()
  expect(arrived(to)).toBe(0)
  smtp.behave(() => undefined)
  pass(server, minute)
  await send()
  expect(arrived(to)).toBe(1)
})

test('A mail server that is away gets everything when it is back', async () => {
  await smtp.stop()
  const all = [await queued(), await queued(), await queued()]
  await send()
  for (const to of all) expect((await mailOf(to)).failure).toContain('ECONNREFUSED')
  await smtp.start()
  pass(server, minute)
  await send()
  expect(all.map(arrived)).toEqual([1, 1, 1])
})

test('A hundred addresses that fail hold up nobody', async () => {
  const failing = await Promise.all(Array.from({ length: 100 }, () => queued('failing')))
  smtp.behave((at, to) => (at === 'RCPT' && to.startsWith('failing') ? '450 4.2.1 Busy' : undefined))
  const last = await queued()
  await send()
  expect(arrived(last)).toBe(1)
  expect(failing.map(smtp.tries)).toEqual(failing.map(() => 1))
})

test('It is tried for three days and then given up; until then an hour is the longest wait', async () => {
  const to = await queued('never')
  smtp.behave((at, named) => (at === 'RCPT' && named === to ? '451 4.3.0 Not now' : undefined))
  for (let hours = 0; hours < 3 * 24; hours++) {
    await send()
    pass(server, hour)
  }
  const tries = smtp.tries(to)
  expect(tries).toBeGreaterThan(70)
  expect((await mailOf(to)).failedAt).not.toBeNull()
  smtp.behave(() => undefined)
  pass(server, day)
  await send()
  expect([smtp.tries(to), arrived(to)]).toEqual([tries, 0])
})

test('Several servers at once send each mail once', async () => {
  const all = await Promise.all(Array.from({ length: 60 }, () => queued()))
  const others = [1, 2, 3].map(() => createMailer(smtp.url('user:password@'), 'partners@mail.example'))
  await Promise.all([mailer, ...others].map(send))
  for (const each of others) each.close()
  expect(all.map(arrived)).toEqual(all.map(() => 1))
})

test('What a server took and did not settle, because it died, is sent by another after the lease', async () => {
  const to = await queued()
  const dying: Mailer = { send: () => new Promise(() => {}), close() {} }
  void send(dying)
  while ((await mailOf(to)).attempts === 0) await new Promise(resolve => setImmediate(resolve))
  await send()
  expect(arrived(to)).toBe(0)
  pass(server, 3 * minute)
  await send()
  expect(arrived(to)).toBe(1)
})

test('What was never sent, for want of a mail server, is not sent when it is of no use any more', async () => {
  const to = await queued()
  pass(server, 3 * day)
  await send()
  expect(smtp.tries(to)).toBe(0)
})

test('After three months mails are forgotten, sent or not', async () => {
  const sent = await queued()
  await send()
  const kept = await queued()
  pass(server, 90 * day + 1)
  await prune(server.desk())
  const { db } = server.desk().database
  const left = await db.selectFrom('mails').select('recipient').where('recipient', 'in', [sent, kept]).execute()
  expect(left).toEqual([])
})
