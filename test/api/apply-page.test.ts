import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApplicationStatus, AppliedInBrowser } from '../../server/contract/applications.ts'
import { day, decide, pass } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type Reply, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

const applyOnPage = (email: string) =>
  server.ask('POST', '/v1/affiliate/apply', {
    key: acme.publishable,
    headers: { origin: acme.site },
    body: { email, name: 'Jane Smith' },
  })

const ask = (headers: Record<string, string>, key = acme.publishable) =>
  server.ask('GET', '/v1/affiliate/apply/status', { key, headers })

const mailsTo = (recipient: string) =>
  server
    .desk()
    .database.db.selectFrom('mails')
    .selectAll()
    .where('recipient', '=', recipient)
    .where('kind', '=', 'application_known')
    .execute()

const shown = (reply: Reply) => {
  const { applicationToken } = answered(reply, 202, AppliedInBrowser)
  const headers = [...reply.headers].filter(([name]) => !['date', 'x-request-id'].includes(name))
  return {
    text: reply.text.replace(applicationToken, 'TOKEN'),
    headers,
    length: applicationToken.length,
    token: applicationToken,
  }
}

test('To a page the answer is alike, byte for byte, for a new address, one that has applied and a partner’s', async () => {
  await newPartner(server, acme, { slug: 'partner', email: 'partner@example.com' })
  const fresh = shown(await applyOnPage('page@example.com'))
  const again = shown(await applyOnPage('page@example.com'))
  const partner = shown(await applyOnPage('partner@example.com'))
  for (const known of [again, partner]) {
    expect({ ...known, token: '' }).toEqual({ ...fresh, token: '' })
    expect(known.token).not.toBe(fresh.token)
  }
  for (const { token } of [fresh, again, partner]) expect(token).toMatch(/^mat_[A-Za-z0-9_-]{54}$/)
})

test('The owner of a known address is told by mail, and of a new one is not', async () => {
  await applyOnPage('owner@example.com')
  expect(await mailsTo('owner@example.com')).toEqual([])
  await applyOnPage('Owner@example.com')
  const [mail, ...more] = await mailsTo('owner@example.com')
  expect(more).toEqual([])
  expect(mail).toMatchObject({ programId: acme.program.id, subject: 'You have already applied to Acme', sentAt: null })
})

test('A form that is sent again and again does not flood its owner: a mail a day', async () => {
  for (let i = 0; i < 5; i++) await applyOnPage('flooded@example.com')
  expect(await mailsTo('flooded@example.com')).toHaveLength(1)
  pass(server, day + 1000)
  await applyOnPage('flooded@example.com')
  expect(await mailsTo('flooded@example.com')).toHaveLength(2)
})

test('Whoever asks with the token sees that one application through all its states', async () => {
  const { token } = shown(await applyOnPage('token@example.com'))
  const status = async () => answered(await ask({ 'x-application-token': token }), 200, ApplicationStatus)
  expect(await status()).toMatchObject({ applied: true, status: 'pending', program: { name: 'Acme', currency: 'EUR' } })
  await decide(server, acme, 'token@example.com', { action: 'approve', code: 'TOKEN20' })
  expect(await status()).toMatchObject({ applied: true, status: 'approved', code: 'TOKEN20' })
})

test('A rejected applicant reads the reason with its token', async () => {
  const { token } = shown(await applyOnPage('told@example.com'))
  await decide(server, acme, 'told@example.com', { action: 'reject', rejectionReason: 'Not a good fit at this time' })
  const status = answered(await ask({ 'x-application-token': token }), 200, ApplicationStatus)
  expect(status).toMatchObject({ applied: true, status: 'rejected', rejectionReason: 'Not a good fit at this time' })
})

test('A token that was given for a known address stays pending, whatever becomes of the application', async () => {
  shown(await applyOnPage('stays@example.com'))
  const { token } = shown(await applyOnPage('stays@example.com'))
  await decide(server, acme, 'stays@example.com', { action: 'reject', rejectionReason: 'Not now' })
  const status = answered(await ask({ 'x-application-token': token }), 200, ApplicationStatus)
  expect(status).toMatchObject({ applied: true, status: 'pending' })
  expect(status).not.toHaveProperty('rejectionReason')
})

test('A token that this server has not made is refused', async () => {
  const { token } = shown(await applyOnPage('forged@example.com'))
  const forged = [
    `mat_${'A'.repeat(54)}`,
    `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
    `${token}A`,
    'mat_',
    'token',
  ]
  for (const each of forged) refused(await ask({ 'x-application-token': each }), 401, 'bad_credential')
})

test('Asking changes nothing', async () => {
  const { token } = shown(await applyOnPage('asked@example.com'))
  const before = await everyRow(server)
  await ask({ 'x-application-token': token })
  await ask({})
  expect(await everyRow(server)).toEqual(before)
})

test('Another program’s page learns nothing from the token', async () => {
  const other = await newProgram(server, { name: 'Other' })
  const { token } = shown(await applyOnPage('elsewhere@example.com'))
  await decide(server, acme, 'elsewhere@example.com', { action: 'reject', rejectionReason: 'Private' })
  const status = answered(await ask({ 'x-application-token': token }, other.publishable), 200, ApplicationStatus)
  expect(status).toMatchObject({ status: 'pending', program: { name: 'Other' } })
  expect(status).not.toHaveProperty('rejectionReason')
})

test('Without a token nothing is said but what the program offers, even where an address is named', async () => {
  await applyOnPage('named@example.com')
  const reply = await server.ask('GET', '/v1/affiliate/apply/status?email=named@example.com', { key: acme.publishable })
  expect(answered(reply, 200, ApplicationStatus)).toMatchObject({
    applied: false,
    program: { commission: { type: 'percent', rate: 20 } },
  })
})
