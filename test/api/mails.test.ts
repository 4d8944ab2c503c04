import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { jobs } from '../../server/jobs/index.ts'
import { prune } from '../../server/jobs/prune.ts'
import { sendMail } from '../../server/jobs/send-mail.ts'
import { closeEnded } from '../../server/program/periods.ts'
import { smtp as createMailer, type Mailer } from '../../server/providers/smtp.ts'
import { applicationOf, change, day, decide, pass, pay, refer } from '../support/acts.ts'
import { payloads } from '../support/mails.ts'
import { decided, refund } from '../support/money.ts'
import { adjust, markedFailed, markedPaid, runPayouts } from '../support/payouts.ts'
import { receiver, until } from '../support/receiver.ts'
import { admin, newPartner, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { smtpServer } from '../support/smtp.ts'
import { newEndpoint, ofPartner, ofProgram } from '../support/webhooks.ts'

let smtp: Awaited<ReturnType<typeof smtpServer>>
let server: TestServer
let mailer: Mailer
let acme: TestProgram
beforeAll(async () => {
  smtp = await smtpServer()
  const environment = { SMTP_URL: smtp.url(), MAIL_FROM: 'Partners <partners@mail.example>', ALLOW_PRIVATE_WEBHOOKS: '1' }
  server = await testServer(environment)
  mailer = createMailer(environment.SMTP_URL, environment.MAIL_FROM)
})
afterAll(async () => {
  await server.stop()
  await smtp.stop()
})

let tests = 0
let jane: { id: string; slug: string; email: string }
beforeEach(async () => {
  server.clock.now = new Date('2026-03-10T12:00:00Z')
  acme = await newProgram(server, { minPayoutAmount: 0, mails: { replyTo: 'help@acme.example' } })
  jane = await newPartner(server, acme, { slug: `jane-${++tests}` })
})

const apply = (email: string, more: object = {}, own = acme) =>
  server.ask('POST', '/v1/affiliate/apply', { key: own.secret, body: { email, name: 'Jane Smith', ...more } })
/** What goes on by itself every two seconds, now. */
const push = () => sendMail({ mailer, publicUrl: server.url }).run(server.desk())
async function theMail(to: string, count = 1) {
  await push()
  return (await smtp.mailTo(to, count))[count - 1]
}
const kindsTo = async (recipient: string) => {
  const { db } = server.desk().database
  const rows = await db.selectFrom('mails').select(['kind']).where('recipient', '=', recipient).orderBy('id').execute()
  return rows.map(each => each.kind)
}
async function sale(amount = 59_800) {
  const customerId = `customer-${++tests}`
  await refer(server, acme, { customerId, code: jane.slug })
  const paid = await pay(server, acme, { customerId, amount })
  return { id: paid.commissions[0]?.id ?? '', conversion: paid }
}

describe('An applicant', () => {
  test('is told that the application arrived, in the program’s name and in nothing that was typed', async () => {
    await apply('new@example.com', { name: 'Win money at evil.example', reason: 'evil.example', company: 'evil.example' })
    const mail = await theMail('new@example.com')
    expect(mail?.subject).toBe('Acme: your application has arrived')
    expect(mail?.headers.get('from')).toBe('Acme <partners@mail.example>')
    expect(mail?.headers.get('to')).toBe('new@example.com')
    expect(mail?.headers.get('reply-to')).toBe('help@acme.example')
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(mail?.headers.get('message-id')).toMatch(/^<mail_\w+@mail\.example>$/)
    expect(mail?.headers.get('content-type')).toContain('multipart/alternative')
    for (const each of [mail?.text, mail?.html]) {
      expect(each).toContain('Thank you for applying to the partner programme of')
      expect(each).not.toContain('evil.example')
    }
  })

  test('is told of the approval, with code and link', async () => {
    await apply('approved@example.com')
    await decide(server, acme, 'approved@example.com', { action: 'approve', code: `APPROVED${tests}` })
    const mail = await theMail('approved@example.com', 2)
    expect(mail?.subject).toBe('Welcome to the partner programme of Acme')
    expect(mail?.text).toContain(`https://acme.example/?ref=APPROVED${tests}`)
    expect(mail?.text).toContain(`${server.url()}/portal?program=${acme.program.id}`)
    expect(mail?.html).toContain(`href="${server.url()}/portal?program=${acme.program.id}"`)
  })

  test('is told of a rejection, with its reason', async () => {
    await apply('rejected@example.com')
    await decide(server, acme, 'rejected@example.com', { action: 'reject', rejectionReason: 'Not a good fit <yet>' })
    const mail = await theMail('rejected@example.com', 2)
    expect(mail?.text).toContain('The reason that was given: Not a good fit <yet>')
    expect(mail?.html).toContain('Not a good fit &lt;yet&gt;')
  })

  test('who is approved at once hears of that alone', async () => {
    await change(server, acme, { autoApprove: true })
    await apply('at-once@example.com')
    expect((await theMail('at-once@example.com'))?.subject).toBe('Welcome to the partner programme of Acme')
    expect(await kindsTo('at-once@example.com')).toEqual(['application_approved'])
  })

  test('that a flood of forms is about is not flooded: two hundred within the hour', async () => {
    const { db } = server.desk().database
    const all = Array.from({ length: 205 }, (_, at) => `flood-${tests}-${at}@example.com`)
    for (const email of all) await apply(email)
    const count = await db.selectFrom('mails').select('id').where('programId', '=', acme.program.id).execute()
    expect(count).toHaveLength(200)
    expect((await applicationOf(server, acme, all.at(-1) ?? '')).status).toBe('pending')
  })
})

describe('A partner', () => {
  test('is told of the first commission, and of no other', async () => {
    await sale()
    await sale()
    const mail = await theMail(jane.email)
    expect(mail?.subject).toBe('Your first commission from Acme')
    expect(mail?.text).toContain('Amount: €119.60')
    expect(mail?.text).toContain('To be paid from: April 9, 2026')
    expect(await kindsTo(jane.email)).toEqual(['first_commission'])
  })

  test('is told of it once, where two sales come at one time', async () => {
    for (const customerId of ['one', 'two', 'three']) await refer(server, acme, { customerId, code: jane.slug })
    await Promise.all(['one', 'two', 'three'].map(customerId => pay(server, acme, { customerId, amount: 1_000 })))
    expect(await kindsTo(jane.email)).toEqual(['first_commission'])
  })

  test('is not told of a correction as if it were a commission', async () => {
    await adjust(server, acme, jane, 5_000)
    expect(await kindsTo(jane.email)).toEqual([])
  })

  test('is told what was taken back, why, and how much is left, each time', async () => {
    const { conversion } = await sale()
    await refund(server, acme, { conversionExternalId: conversion.externalId, amount: 29_900 })
    const half = await theMail(jane.email, 2)
    expect(half?.subject).toBe('Acme: a commission was taken back')
    expect(half?.text).toContain('Amount: €59.80\nWhat is left of it: €59.80\nReason: The customer was refunded')
    await refund(server, acme, { conversionExternalId: conversion.externalId, amount: 29_900 })
    expect((await theMail(jane.email, 3))?.text).toContain('What is left of it: €0.00')
  })

  test('is told of a commission that was rejected', async () => {
    const { id } = await sale()
    await decided(server, acme, id, 'reject', { reason: 'Their own card' })
    expect((await theMail(jane.email, 2))?.text).toContain('Reason: The programme did not accept it')
  })

  test('is told of a payout that was paid, and of one that failed', async () => {
    await adjust(server, acme, jane, 10_000)
    const [first] = (await runPayouts(server, acme)).data
    await markedFailed(server, acme, first?.id ?? '', 'Account closed')
    const failed = await theMail(jane.email)
    expect(failed?.subject).toBe('Acme: your payout did not arrive')
    expect(failed?.text).toContain('Amount: €100.00\nReason: Account closed')
    const [second] = (await runPayouts(server, acme)).data
    await markedPaid(server, acme, second?.id ?? '', { reference: 'ACME 2026-03' })
    await markedPaid(server, acme, second?.id ?? '', { reference: 'ACME 2026-03' })
    const paid = await theMail(jane.email, 2)
    expect(paid?.subject).toBe('Acme has paid you €100.00')
    expect(paid?.text).toContain('Reference: ACME 2026-03')
    expect(await kindsTo(jane.email)).toEqual(['payout_failed', 'payout_sent'])
  })

  test('is told of new payout details at the old and the new addresses, which are shown to neither in full', async () => {
    const body = { payout_method: 'paypal', payout_email: `pay-${tests}@example.com`, email: `new-${tests}@example.com` }
    await server.ask('PATCH', `/api/v1/partners/${jane.id}`, { key: acme.secret, body })
    for (const to of [jane.email, body.email, body.payout_email]) {
      const mail = await theMail(to)
      expect(mail?.subject).toBe('Acme: your details were changed')
      expect(mail?.text).toContain('Paid by: PayPal\nAddress for payouts: p•••@example.com')
      expect(mail?.text).toContain('Then tell Acme at once: help@acme.example')
      expect(mail?.raw).not.toContain(to === body.payout_email ? body.email : body.payout_email)
    }
    await server.ask('PATCH', `/api/v1/partners/${jane.id}`, { key: acme.secret, body: { first_name: 'Jane' } })
    expect(await kindsTo(body.email)).toEqual(['payout_details_changed'])
  })

  test('gets a statement of a closed month, once, with each currency’s figures', async () => {
    await sale()
    await adjust(server, acme, jane, 5_000, 'JPY')
    const [payout] = (await runPayouts(server, acme)).data
    await markedPaid(server, acme, payout?.id ?? '')
    await push()
    pass(server, 30 * day)
    const program = (await server.desk().directory.current()).programs.get(acme.program.id)
    if (!program) throw new Error('The program is gone')
    await Promise.all([closeEnded(server.desk(), program), closeEnded(server.desk(), program)])
    await push()
    const mail = (await smtp.mailTo(jane.email, 3)).find(each => each.subject.includes('statement'))
    expect(mail?.subject).toBe('Acme: your statement for March 2026')
    expect(mail?.text).toContain('Earned: €119.60\nEarned: ¥5,000\nPaid to you: ¥5,000\nClicks: 0\nSignups: 1\nPayments: 1')
    expect((await kindsTo(jane.email)).filter(each => each === 'monthly_statement')).toHaveLength(1)
  })

  test('hears nothing that the program has switched off, but what guards the account', async () => {
    await change(server, acme, { mails: { off: ['first_commission', 'payout_sent'] } })
    await sale()
    const body = { payout_method: 'paypal' }
    await server.ask('PATCH', `/api/v1/partners/${jane.id}`, { key: acme.secret, body })
    expect(await kindsTo(jane.email)).toEqual(['payout_details_changed'])
    const refused = await server.ask('PATCH', `/v1/apps/${acme.program.id}`, {
      token: await signIn(server),
      body: { mails: { off: ['payout_details_changed'] } },
    })
    expect(refused.status).toBe(422)
  })

  test('reads the program’s language', async () => {
    await change(server, acme, { name: 'Tonwerk', mails: { language: 'de' }, timeZone: 'Europe/Berlin' })
    await sale()
    const mail = await theMail(jane.email)
    expect(mail?.subject).toBe('Ihre erste Provision von Tonwerk')
    expect(mail?.text.replaceAll('\u00a0', ' ')).toContain('Betrag: 119,60 €\nAuszahlbar ab: 9. April 2026')
    expect(mail?.html).toContain('<html lang="de" dir="ltr">')
  })

  test('is written to no more once erased, and what was about to be sent is gone', async () => {
    await smtp.stop()
    await sale()
    const body = { payout_method: 'paypal', payout_email: `elsewhere-${tests}@example.com` }
    await server.ask('PATCH', `/api/v1/partners/${jane.id}`, { key: acme.secret, body })
    const path = `/v1/apps/${acme.program.id}/people/${encodeURIComponent(jane.email)}`
    expect((await server.ask('DELETE', path, { token: await signIn(server) })).body.mails).toBe(3)
    await smtp.start()
    expect([...(await kindsTo(jane.email)), ...(await kindsTo(body.payout_email))]).toEqual([])
  })
})

describe('A webhook that is switched off', () => {
  test('of the program is told of to the admins, and a partner’s own to the partner', async () => {
    const other = await receiver()
    other.answer('/gone', 410)
    other.answer('/gone?key=secret', 410)
    await newEndpoint(ofProgram(server, acme), { url: other.url('/gone?key=secret') })
    const session = await server.ask('POST', '/v1/sessions', {
      key: acme.secret,
      body: { customerId: 'jane', email: jane.email },
    })
    await newEndpoint(ofPartner(server, session.body.token), { url: other.url('/gone') })
    await sale()
    await until(async () => (await kindsTo(jane.email)).includes('endpoint_disabled'), 'the partner is told')
    await push()
    const mine = (await smtp.mailTo(jane.email, 2)).find(each => each.subject.includes('webhook'))
    const theirs = await theMail(admin.email)
    for (const mail of [mine, theirs]) {
      expect(mail?.subject).toBe('Acme: a webhook was switched off')
      expect(mail?.text).toContain(`Endpoint: ${other.url('/gone')}\nReason: It answered that it is gone for good (410)`)
      expect(mail?.raw).not.toContain('secret')
    }
    await other.close()
  })
})

test('What strangers type stays text, and makes no header', async () => {
  // All of them are rendered elsewhere; each fifth goes the whole way, and whatever might break a header.
  const hostile = payloads.filter((each, at) => !each.includes('\0') && (at % 5 === 0 || /[\r\n@]|=\?/.test(each)))
  const own = await newProgram(server, { name: 'x\r\nBcc: everybody@example.com <b>Acme</b>' })
  const addressOf = (at: number) => `hostile-${tests}-${at}@example.com`
  for (const [at, payload] of hostile.entries()) {
    const applied = await apply(addressOf(at), { name: payload, company: payload, reason: payload }, own)
    // Some are refused at the door.
    if (applied.status !== 201) await apply(addressOf(at), {}, own)
    await decide(server, own, addressOf(at), { action: 'reject', rejectionReason: payload })
  }
  await push()
  for (const [at] of hostile.entries()) {
    const email = addressOf(at)
    const mails = await smtp.mailTo(email, 2)
    for (const { headers, html } of mails) {
      expect([...headers.keys()].sort()).toEqual([...(mails[0]?.headers.keys() ?? [])].sort())
      expect([headers.has('bcc'), headers.get('to')]).toEqual([false, email])
      expect(headers.get('from')).toBe('"x Bcc: everybody@example.com <b>Acme</b>" <partners@mail.example>')
      expect(html).not.toMatch(/<(script|img|svg|iframe|form|input|base|link|math|b)\b/i)
    }
  }
})

test('Without a mail server mails stay in the outbox, and nothing runs that would send them', async () => {
  expect(jobs(null).map(each => each.name)).not.toContain('send mail')
})

// Last, because the admin's session is forgotten as well.
test('A first commission is not told of again when its mail is forgotten', async () => {
  await sale()
  expect(await kindsTo(jane.email)).toEqual(['first_commission'])
  pass(server, 91 * day)
  await prune(server.desk())
  await sale()
  expect(await kindsTo(jane.email)).toEqual([])
})
