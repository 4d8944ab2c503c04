import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ApplicationStatus, Applied } from '../../server/contract/applications.ts'
import { applicationOf, decide } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { hold, insertPartner, someoneWaits } from '../support/store.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

const apply = (email: string, more: Record<string, unknown> = {}) =>
  server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body: { email, name: 'Jane Smith', ...more } })

const statusOf = async (email: string) =>
  answered(
    await server.ask('GET', `/v1/affiliate/apply/status?email=${encodeURIComponent(email)}`, { key: acme.secret }),
    200,
    ApplicationStatus,
  )

describe('From the host’s backend', () => {
  test('an application is taken, pending', async () => {
    const made = answered(
      await apply('backend@example.com', { company: 'Acme', website: 'https://jane.example', reason: 'I write.' }),
      201,
      Applied,
    )
    expect(made.id).toMatch(/^apl_[1-9A-HJ-NP-Za-km-z]{16,}$/)
    expect(made.status).toBe('pending')
  })

  test('the same address again is refused, in whatever letter case', async () => {
    answered(await apply('twice@example.com'), 201, Applied)
    const before = await everyRow(server)
    refused(await apply('twice@example.com'), 409, 'already_applied')
    refused(await apply('TWICE@Example.com'), 409, 'already_applied')
    expect(await everyRow(server)).toEqual(before)
  })

  test('a partner’s address is refused', async () => {
    await newPartner(server, acme, { slug: 'known', email: 'known@example.com' })
    refused(await apply('Known@example.com'), 409, 'already_applied')
  })

  test('twenty at once with one address make one application', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => apply('at-once@example.com')))
    expect(replies.map(each => each.status).sort()).toEqual([201, ...Array(19).fill(409)])
  })

  test('the same address may apply to another program', async () => {
    const other = await newProgram(server)
    answered(await apply('two-programs@example.com'), 201, Applied)
    const body = { email: 'two-programs@example.com', name: 'Jane Smith' }
    answered(await server.ask('POST', '/v1/affiliate/apply', { key: other.secret, body }), 201, Applied)
  })
})

describe('By address, the host’s backend', () => {
  test('hears of every state', async () => {
    expect(await statusOf('nobody@example.com')).toEqual({ applied: false })
    await apply('state-a@example.com')
    await apply('state-b@example.com')
    expect(await statusOf('STATE-A@example.com')).toEqual({ applied: true, status: 'pending' })
    await decide(server, acme, 'state-a@example.com', { action: 'approve', code: 'STATE20' })
    await decide(server, acme, 'state-b@example.com', { action: 'reject', rejectionReason: 'Not a good fit at this time' })
    expect(await statusOf('state-a@example.com')).toEqual({ applied: true, status: 'approved', code: 'STATE20' })
    const rejectionReason = 'Not a good fit at this time'
    expect(await statusOf('state-b@example.com')).toEqual({ applied: true, status: 'rejected', rejectionReason })
  })

  test('has to name one', async () => {
    expect(refused(await server.ask('GET', '/v1/affiliate/apply/status', { key: acme.secret }), 422, 'invalid')).toEqual([
      'email',
    ])
    expect(
      refused(await server.ask('GET', '/v1/affiliate/apply/status?email=jane', { key: acme.secret }), 422, 'invalid'),
    ).toEqual(['email'])
  })

  test('changes nothing by asking', async () => {
    await apply('asked@example.com')
    const before = await everyRow(server)
    await statusOf('asked@example.com')
    await statusOf('never-seen@example.com')
    expect(await everyRow(server)).toEqual(before)
  })
})

describe('What is sent', () => {
  test.each([
    ['a script for a website', { website: 'javascript:alert(1)' }, 'website'],
    ['a page in the address of a website', { website: 'data:text/html,<b>' }, 'website'],
    ['a website with a password', { website: 'https://jane:s3cret@jane.example' }, 'website'],
    ['a website that is none', { website: 'jane' }, 'website'],
    ['no name', { name: '   ' }, 'name'],
    ['a name that is an object', { name: { toString: 'x' } }, 'name'],
    ['a reason without end', { reason: 'x'.repeat(5001) }, 'reason'],
  ])('is refused with the field at fault: %s', async (_, fields, path) => {
    const before = await everyRow(server)
    expect(refused(await apply('invalid@example.com', fields), 422, 'invalid')).toEqual([path])
    expect(await everyRow(server)).toEqual(before)
  })

  test('answers the questions of the program, and no others', async () => {
    const applyFields = [
      { name: 'audience', label: 'Your audience', type: 'select', required: true, options: ['small', 'large'] },
      { name: 'channel', label: 'Your channel', type: 'url' },
    ]
    const settings = { brand: { applyFields } }
    expect((await server.ask('PATCH', `/v1/apps/${acme.program.id}`, { token: acme.token, body: settings })).status).toBe(200)
    const answering = (answers?: Record<string, unknown>) => apply('answers@example.com', { answers })
    expect(refused(await answering(), 422, 'invalid')).toEqual(['answers.audience'])
    expect(refused(await answering({ audience: '  ' }), 422, 'invalid')).toEqual(['answers.audience'])
    expect(refused(await answering({ audience: 'huge' }), 422, 'invalid')).toEqual(['answers.audience'])
    expect(refused(await answering({ audience: { a: 1 } }), 422, 'invalid')).toEqual(['answers.audience'])
    expect(refused(await answering({ audience: 'large', channel: 'javascript:alert(1)' }), 422, 'invalid')).toEqual([
      'answers.channel',
    ])
    answered(await answering({ audience: 'large', channel: 'https://jane.example', favourite: 'tea' }), 201, Applied)
    const { answers } = await applicationOf(server, acme, 'answers@example.com')
    expect(answers).toEqual({ audience: 'large', channel: 'https://jane.example' })
    await server.ask('PATCH', `/v1/apps/${acme.program.id}`, { token: acme.token, body: { brand: { applyFields: [] } } })
  })
})

describe('Where a program approves by itself', () => {
  test('an applicant is a partner at once, and is answered like any other', async () => {
    const open = await newProgram(server, { autoApprove: true })
    const body = { email: 'auto@example.com', name: 'Jane Smith' }
    const made = answered(await server.ask('POST', '/v1/affiliate/apply', { key: open.secret, body }), 201, Applied)
    expect(made.status).toBe('pending')
    const reply = await server.ask('GET', '/v1/affiliate/apply/status?email=auto@example.com', { key: open.secret })
    expect(answered(reply, 200, ApplicationStatus)).toEqual({
      applied: true,
      status: 'approved',
      code: expect.stringMatching(/^JANE-[A-Z0-9]{3}$/),
    })
  })

  test('whoever is being entered as a partner at that moment cannot apply', async () => {
    const open = await newProgram(server, { autoApprove: true })
    const { database } = server.desk()
    const release = await hold(database, db => insertPartner(db, { programId: open.program.id, code: 'meanwhile' }))
    const body = { email: 'meanwhile@partners.example', name: 'Jane Smith' }
    const reply = server.ask('POST', '/v1/affiliate/apply', { key: open.secret, body })
    if (database.engine === 'postgres')
      await vi.waitFor(async () => expect(await someoneWaits(database)).toBe(true), { timeout: 15_000 })
    await release()
    refused(await reply, 409, 'already_applied')
  })

  test('applying and being entered as a partner at the same time ends with one partner', async () => {
    const open = await newProgram(server, { autoApprove: true })
    const requests = Array.from({ length: 60 }, (_, i) => {
      const email = `race-${i >> 2}@example.com`
      return i % 2
        ? server.ask('POST', '/v1/affiliate/apply', { key: open.secret, body: { email, name: 'Jane' } })
        : server.ask('POST', '/api/v1/partners', { key: open.secret, body: { email, slug: `race-${i}` } })
    })
    const replies = await Promise.all(requests)
    expect(replies.map(each => each.status).sort()).toEqual([...Array(15).fill(201), ...Array(45).fill(409)])
  })
})
