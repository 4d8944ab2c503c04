import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Endpoint, EndpointList, MadeEndpoint } from '../../server/contract/webhooks.ts'
import { hour, pass, sessionOf } from '../support/acts.ts'
import { type Receiver, receiver } from '../support/receiver.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import * as webhooks from '../support/webhooks.ts'

let server: TestServer
let acme: TestProgram
let own: webhooks.Asking
let other: Receiver

beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  other = await receiver()
})
afterAll(async () => {
  await server.stop()
  await other.close()
})

describe('An endpoint', () => {
  beforeAll(async () => {
    acme = await newProgram(server)
    own = webhooks.ofProgram(server, acme)
  })

  test('is made with a secret of at least 24 bytes, which is shown once and not stored as it is', async () => {
    const made = await webhooks.newEndpoint(own, { url: other.url('/made') })
    expect(made).toMatchObject({ url: other.url('/made'), events: ['*'], slowRetries: true, disabled: false })
    expect(made.id).toMatch(/^whk_/)
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/)
    expect(Buffer.from(made.secret.slice(6), 'base64').length).toBeGreaterThanOrEqual(24)
    const list = await webhooks.ask(own, 'GET')
    expect(answered(list, 200, EndpointList).data).toHaveLength(1)
    expect(list.text).not.toContain('whsec_')
    const rows = await server.desk().database.db.selectFrom('webhookEndpoints').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(made.secret.slice(6, 20))
    expect(await webhooks.ask(own, 'PATCH', `/${made.id}`, {}).then(reply => v.is(MadeEndpoint, reply.body))).toBe(false)
  })

  test('is changed in what is named, and listed as it is then', async () => {
    const { id } = await webhooks.newEndpoint(own, { url: other.url('/a'), events: ['referral.created'], slowRetries: false })
    const changed = await webhooks.changeEndpoint(own, id, { events: ['payout.failed', 'payout.failed'], slowRetries: true })
    expect(changed).toMatchObject({ url: other.url('/a'), events: ['payout.failed'], slowRetries: true })
    expect(await webhooks.changeEndpoint(own, id, { url: other.url('/b') })).toEqual({ ...changed, url: other.url('/b') })
    const paused = await webhooks.changeEndpoint(own, id, { disabled: true })
    expect(paused).toMatchObject({ disabled: true, disabledReason: 'asked', disabledAt: expect.any(String) })
    refused(await webhooks.ask(own, 'POST', `/${id}/test`), 409, 'endpoint_disabled')
    expect(await webhooks.changeEndpoint(own, id, { disabled: false })).toMatchObject({ disabled: false, disabledReason: null })
  })

  test('is gone once it is deleted', async () => {
    const { id } = await webhooks.newEndpoint(own, { url: other.url() })
    answered(await webhooks.ask(own, 'DELETE', `/${id}`), 200, Endpoint)
    for (const [method, path] of [
      ['DELETE', ''],
      ['PATCH', ''],
      ['POST', '/test'],
      ['POST', '/rotate-secret'],
    ] as const) {
      refused(await webhooks.ask(own, method, `/${id}${path}`, method === 'PATCH' ? {} : undefined), 404, 'endpoint_not_found')
    }
  })

  test.each([
    [{ url: 'not an address' }, 'url'],
    [{ url: 'ftp://example.com' }, 'url'],
    [{ url: 'https://user:pw@example.com' }, 'url'],
    [{}, 'url'],
    [{ url: 'https://example.com', events: [] }, 'events'],
    [{ url: 'https://example.com', events: ['nothing.like.it'] }, 'events.0'],
    [{ url: 'https://example.com', events: ['endpoint.test'] }, 'events.0'],
    [{ url: 'https://example.com', events: '*' }, 'events'],
    [{ url: 'https://example.com', slowRetries: 'no' }, 'slowRetries'],
  ])('is not made of %j', async (wanted, path) => {
    expect(refused(await webhooks.ask(own, 'POST', '', wanted), 422, 'invalid')).toEqual([path])
  })

  test('is one of twenty at most', async () => {
    const crowd = webhooks.ofProgram(server, await newProgram(server))
    for (let made = 0; made < 20; made++) await webhooks.newEndpoint(crowd, { url: other.url() })
    refused(await webhooks.ask(crowd, 'POST', '', { url: other.url() }), 409, 'too_many_endpoints')
  })
})

describe('A test event', () => {
  beforeAll(async () => {
    acme = await newProgram(server)
    own = webhooks.ofProgram(server, acme)
  })

  test('arrives signed in both ways, and is on record with what was answered', async () => {
    const { id, secret } = await webhooks.newEndpoint(own, { url: other.url('/test') })
    other.answer('/test', response => response.writeHead(202).end('\u001b[31mthanks <b>a lot</b>\u0000'))
    const sent = await webhooks.sendTest(own, id)
    expect(sent).toMatchObject({ event: 'endpoint.test', status: 'pending', attempts: [], endpointId: id })
    const [received] = await other.at('/test')
    if (!received) throw new Error('nothing came')
    expect(Object.keys(received.body)).toEqual(['id', 'event', 'created_at', 'data'])
    expect(received.body).toMatchObject({ id: sent.eventId, event: 'endpoint.test', data: { id, sequence: 1 } })
    expect(received.headers['content-type']).toBe('application/json')
    expect(received.headers['webhook-id']).toBe(sent.eventId)
    expect(webhooks.verifyWebhook(received.text, received.headers['x-quantumapi-signature'], secret)).toBe(true)
    expect(webhooks.standardAccepts(received, secret, server.clock.now)).toBe(true)
    const done = await webhooks.delivery(own, sent.id, each => each.status === 'delivered')
    expect(done.attempts).toEqual([
      {
        number: 1,
        at: expect.any(String),
        outcome: 'ok',
        status: 202,
        ms: expect.any(Number),
        excerpt: '[31mthanks <b>a lot</b>',
        reason: null,
      },
    ])
    expect(done.nextAttemptAt).toBeNull()
  })

  test('that fails is not tried again, and ten in a minute are enough', async () => {
    const { id } = await webhooks.newEndpoint(own, { url: other.url('/broken') })
    other.answer('/broken', 500)
    const { id: deliveryId } = await webhooks.sendTest(own, id)
    const done = await webhooks.delivery(own, deliveryId, each => each.status !== 'pending')
    expect(done).toMatchObject({ status: 'failed', attempts: [{ outcome: 'status', status: 500 }] })
    for (let sent = 1; sent < 10; sent++) await webhooks.sendTest(own, id)
    refused(await webhooks.ask(own, 'POST', `/${id}/test`), 429, 'too_many_requests')
  })

  test('is signed under the header that the program has chosen', async () => {
    const chosen = await newProgram(server, { webhooks: { signatureHeader: 'X-Chosen-Signature' } })
    expect(chosen.program.webhooks.signatureHeader).toBe('x-chosen-signature')
    const asking = webhooks.ofProgram(server, chosen)
    const { id, secret } = await webhooks.newEndpoint(asking, { url: other.url('/chosen') })
    await webhooks.sendTest(asking, id)
    const [received] = await other.at('/chosen')
    expect(webhooks.verifyWebhook(received?.text ?? '', received?.headers['x-chosen-signature'], secret)).toBe(true)
    expect(received?.headers['x-quantumapi-signature']).toBeUndefined()
  })
})

describe('A secret that is rotated', () => {
  beforeAll(async () => {
    acme = await newProgram(server)
    own = webhooks.ofProgram(server, acme)
  })

  test('signs beside the new one for 24 hours, and then no more', async () => {
    const made = await webhooks.newEndpoint(own, { url: other.url('/rotated') })
    const rotated = answered(await webhooks.ask(own, 'POST', `/${made.id}/rotate-secret`), 200, MadeEndpoint)
    expect(rotated.secret).not.toBe(made.secret)
    expect(Date.parse(rotated.oldSecretUntil ?? '') - server.clock.now.getTime()).toBe(24 * hour)

    const accepted = async (count: number) => {
      await webhooks.sendTest(own, made.id)
      const received = (await other.at('/rotated', count))[count - 1]
      if (!received) throw new Error('nothing came')
      return [made.secret, rotated.secret].map(secret => webhooks.standardAccepts(received, secret, server.clock.now))
    }
    expect(await accepted(1)).toEqual([true, true])
    pass(server, 24 * hour)
    expect(await accepted(2)).toEqual([false, true])
  })

  test('reaches a receiver that knows only one of the two, by the documented header, in two attempts', async () => {
    const made = await webhooks.newEndpoint(own, { url: other.url('/old-only') })
    answered(await webhooks.ask(own, 'POST', `/${made.id}/rotate-secret`), 200, MadeEndpoint)
    const { id: partnerId } = await newPartner(server, acme, { slug: 'rotating' })
    other.answer('/old-only', (response, { text, headers }) => {
      const isGood = webhooks.verifyWebhook(text, headers['x-quantumapi-signature'], made.secret)
      response.writeHead(isGood ? 200 : 401).end()
    })
    await server.ask('PATCH', `/api/v1/partners/${partnerId}`, { key: acme.secret, body: { first_name: 'Ada' } })
    await other.at('/old-only', 1)
    const [waiting] = (await webhooks.deliveriesOf(own)).filter(each => each.endpointId === made.id)
    if (!waiting) throw new Error('nothing was sent')
    await webhooks.delivery(own, waiting.id, each => each.attempts.length === 1)
    pass(server, 2_000)
    const done = await webhooks.delivery(own, waiting.id, each => each.status === 'delivered')
    expect(done.attempts.map(each => each.status)).toEqual([200, 401])
  })
})

test('An APP_SECRET that does not fit cannot sign: it is told so, and a new secret helps', async () => {
  const asking = webhooks.ofProgram(server, await newProgram(server))
  const { id } = await webhooks.newEndpoint(asking, { url: other.url('/sealed') })
  const { secret } = await webhooks.newEndpoint(asking, { url: other.url('/elsewhere') })
  // One endpoint's sealed secret is no other's.
  const { db } = server.desk().database
  const elsewhere = await db
    .selectFrom('webhookEndpoints')
    .select('secret')
    .where('url', '=', other.url('/elsewhere'))
    .executeTakeFirst()
  await db
    .updateTable('webhookEndpoints')
    .set({ secret: elsewhere?.secret ?? secret })
    .where('id', '=', id)
    .execute()
  const sent = await webhooks.sendTest(asking, id)
  expect(await webhooks.delivery(asking, sent.id, each => each.status === 'failed')).toMatchObject({
    attempts: [{ outcome: 'unsigned' }],
  })
  expect(other.so('/sealed')).toEqual([])
  await webhooks.ask(asking, 'POST', `/${id}/rotate-secret`)
  await webhooks.sendTest(asking, id)
  await other.at('/sealed')
})

test('The installation names the header where the program does not', async () => {
  const named = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1', SIGNATURE_HEADER: 'X-House-Signature' })
  try {
    const program = await newProgram(named)
    expect(program.program.webhooks).toEqual({ signatureHeader: 'x-house-signature' })
    const asking = webhooks.ofProgram(named, program)
    const { id, secret } = await webhooks.newEndpoint(asking, { url: other.url('/house') })
    await webhooks.sendTest(asking, id)
    const [received] = await other.at('/house')
    expect(webhooks.verifyWebhook(received?.text ?? '', received?.headers['x-house-signature'], secret)).toBe(true)
  } finally {
    await named.stop()
  }
})

test('Without permission neither http nor a private address is taken', async () => {
  const strict = await testServer()
  try {
    const asking = webhooks.ofProgram(strict, await newProgram(strict))
    const made = await webhooks.newEndpoint(asking, { url: 'https://hooks.example/a' })
    for (const url of [
      'http://example.com',
      'https://127.0.0.1',
      'https://2130706433',
      'https://[::ffff:7f00:1]',
      'https://localhost',
    ]) {
      expect(refused(await webhooks.ask(asking, 'POST', '', { url }), 422, 'invalid')).toEqual(['url'])
      expect(refused(await webhooks.ask(asking, 'PATCH', `/${made.id}`, { url }), 422, 'invalid')).toEqual(['url'])
    }
  } finally {
    await strict.stop()
  }
})

test('A partner has endpoints of its own, which the program and other partners do not see', async () => {
  const program = await newProgram(server)
  await newPartner(server, program, { slug: 'jane', email: 'jane@example.com' })
  await newPartner(server, program, { slug: 'joe', email: 'joe@example.com' })
  const invited = await newPartner(server, program, { slug: 'invited', email: 'invited@example.com' })
  const jane = webhooks.ofPartner(server, await sessionOf(server, program, { customerId: 'jane', email: 'jane@example.com' }))
  const joe = webhooks.ofPartner(server, await sessionOf(server, program, { customerId: 'joe', email: 'joe@example.com' }))
  const stranger = webhooks.ofPartner(server, await sessionOf(server, program, { customerId: 'stranger' }))
  const { id } = await webhooks.newEndpoint(jane, { url: other.url('/jane') })
  const { id: deliveryId } = await webhooks.sendTest(jane, id)

  for (const asking of [joe, webhooks.ofProgram(server, program)]) {
    expect(answered(await webhooks.ask(asking, 'GET'), 200, EndpointList).data).toEqual([])
    expect(await webhooks.deliveriesOf(asking)).toEqual([])
    refused(await webhooks.ask(asking, 'PATCH', `/${id}`, {}), 404, 'endpoint_not_found')
    refused(await webhooks.ask(asking, 'POST', `/${id}/test`), 404, 'endpoint_not_found')
    refused(await webhooks.ask(asking, 'POST', `/deliveries/${deliveryId}/replay`), 404, 'delivery_not_found')
  }
  refused(await webhooks.ask(stranger, 'GET'), 404, 'not_a_partner')
  const notYet = webhooks.ofPartner(server, await sessionOf(server, program, { customerId: 'invited', email: invited.email }))
  await server.ask('PATCH', `/api/v1/partners/${invited.id}`, { key: program.secret, body: { status: 'invited' } })
  refused(await webhooks.ask(notYet, 'GET'), 403, 'partner_not_active')
  const wanted = { url: other.url('/jane'), events: ['application.created'] }
  expect(refused(await webhooks.ask(jane, 'POST', '', wanted), 422, 'invalid')).toEqual(['events'])
})
