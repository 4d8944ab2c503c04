import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { day, hour, minute, pass } from '../support/acts.ts'
import { type Receiver, receiver, until } from '../support/receiver.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import * as webhooks from '../support/webhooks.ts'

let server: TestServer
let acme: TestProgram
let own: webhooks.Asking
let other: Receiver
let partner: { id: string }
let changes = 0

beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  other = await receiver()
})
beforeEach(async () => {
  server.clock.now = new Date('2026-03-10T12:00:00Z')
  acme = await newProgram(server)
  own = webhooks.ofProgram(server, acme)
  partner = await newPartner(server, acme, { slug: 'jane' })
})
afterAll(async () => {
  await server.stop()
  await other.close()
})

const second = 1_000

/** Gives cause to one event. */
const cause = () =>
  server.ask('PATCH', `/api/v1/partners/${partner.id}`, { key: acme.secret, body: { first_name: `Jane ${++changes}` } })

/** The one delivery to an endpoint, once it has been tried so often. */
async function tried(endpointId: string, attempts: number, patienceMs?: number) {
  const [found] = await webhooks.deliveriesOf(own, `?endpointId=${endpointId}`)
  if (!found) throw new Error('nothing was sent')
  return webhooks.delivery(own, found.id, each => each.attempts.length === attempts, patienceMs)
}

describe('A receiver that answers 500', () => {
  test('is tried again after 1 s, 10 s and 60 s with the same event, and then slowly until 72 hours have passed', async () => {
    other.answer('/500', 500)
    const { id, secret } = await webhooks.newEndpoint(own, { url: other.url('/500') })
    await cause()
    const begun = server.clock.now.getTime()
    const waits: number[] = []
    for (let attempt = 1; ; attempt++) {
      const { nextAttemptAt, status } = await tried(id, attempt)
      if (!nextAttemptAt) {
        expect(status).toBe('failed')
        break
      }
      expect(status).toBe('pending')
      waits.push(Date.parse(nextAttemptAt) - server.clock.now.getTime())
      server.clock.now = new Date(nextAttemptAt)
    }
    const exact = [second, 10 * second, minute, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour]
    exact.forEach((wait, at) => {
      expect(waits[at]).toBeGreaterThanOrEqual(wait)
      expect(waits[at]).toBeLessThanOrEqual(wait * 1.1)
    })
    expect(server.clock.now.getTime() - begun).toBe(72 * hour)

    const received = other.so('/500')
    expect(received).toHaveLength(waits.length + 1)
    expect(new Set(received.map(each => each.text)).size).toBe(1)
    expect(new Set(received.map(each => each.headers['webhook-id'])).size).toBe(1)
    expect(new Set(received.map(each => each.headers['webhook-timestamp'])).size).toBe(received.length)
    expect(webhooks.standardAccepts(received.at(-1) as (typeof received)[number], secret, server.clock.now)).toBe(true)
  }, 60_000)

  test('is tried four times in all where slow retries are off', async () => {
    other.answer('/four', 500)
    const { id } = await webhooks.newEndpoint(own, { url: other.url('/four'), slowRetries: false })
    await cause()
    for (const attempt of [1, 2, 3]) {
      expect((await tried(id, attempt)).status).toBe('pending')
      pass(server, 2 * minute)
    }
    expect(await tried(id, 4)).toMatchObject({ status: 'failed', nextAttemptAt: null })
  })

  test('and then 200 is delivered, and has failed no more', async () => {
    other.answer('/recovers', response => response.writeHead(other.so('/recovers').length > 1 ? 200 : 500).end())
    const { id } = await webhooks.newEndpoint(own, { url: other.url('/recovers') })
    await cause()
    await tried(id, 1)
    expect((await webhooks.endpointOf(own, id)).failingSince).toBe(server.clock.now.toISOString())
    pass(server, 2 * second)
    expect(await tried(id, 2)).toMatchObject({ status: 'delivered', attempts: [{ outcome: 'ok' }, { outcome: 'status' }] })
    expect((await webhooks.endpointOf(own, id)).failingSince).toBeNull()
  })
})

describe('What a receiver asks', () => {
  test.each([
    ['for a pause', '1800', 30 * minute],
    ['for a year', '31536000', hour],
    ['for nothing that can be read', 'soon', second],
  ])('%s', async (what, retryAfter, wait) => {
    const path = `/${encodeURIComponent(what)}`
    other.answer(path, response => response.writeHead(429, { 'retry-after': retryAfter }).end())
    const { id } = await webhooks.newEndpoint(own, { url: other.url(path) })
    await cause()
    const { nextAttemptAt } = await tried(id, 1)
    const waits = Date.parse(nextAttemptAt ?? '') - server.clock.now.getTime()
    expect(waits).toBeGreaterThanOrEqual(wait)
    expect(waits).toBeLessThanOrEqual(wait * 1.1)
  })

  test('by 410 is to be left alone: at once, with all that is on its way, and the others are told', async () => {
    other.answer('/gone', 500)
    const { id } = await webhooks.newEndpoint(own, { url: other.url('/gone') })
    const watching = await webhooks.newEndpoint(own, { url: other.url('/watching'), events: ['endpoint.disabled'] })
    await cause()
    await tried(id, 1)
    other.answer('/gone', 410)
    await cause()
    await until(async () => (await webhooks.endpointOf(own, id)).disabled, 'it is disabled')
    expect(await webhooks.endpointOf(own, id)).toMatchObject({ disabledReason: 'gone' })
    const left = await webhooks.deliveriesOf(own, `?endpointId=${id}`)
    expect(left.map(each => [each.status, each.nextAttemptAt])).toEqual([
      ['failed', null],
      ['failed', null],
    ])
    const [told] = await other.at('/watching')
    expect(told?.body).toMatchObject({ event: 'endpoint.disabled', data: { id, url: other.url('/gone'), reason: 'gone' } })
    expect(webhooks.standardAccepts(told as NonNullable<typeof told>, watching.secret, server.clock.now)).toBe(true)
    await cause()
    expect(await webhooks.deliveriesOf(own, `?endpointId=${id}`)).toHaveLength(2)
  })
})

test('An endpoint that does nothing but fail for five days is disabled, and one good answer begins the days anew', async () => {
  other.answer('/five', 503)
  const { id } = await webhooks.newEndpoint(own, { url: other.url('/five'), slowRetries: false })
  const fails = async (count: number) => {
    await cause()
    await other.at('/five', count)
    await until(async () => (await webhooks.deliveriesOf(own, '?limit=100')).every(each => each.attempts.length > 0), 'all tried')
  }
  await fails(1)
  pass(server, 4 * day)
  other.answer('/five', 200)
  await until(async () => (await webhooks.endpointOf(own, id)).failingSince === null, 'it has recovered')
  other.answer('/five', 503)
  await fails(3)
  pass(server, 5 * day - minute)
  await until(async () => other.so('/five').length === 4, 'it is tried again')
  expect((await webhooks.endpointOf(own, id)).disabled).toBe(false)
  pass(server, 2 * minute)
  await until(async () => (await webhooks.endpointOf(own, id)).disabled, 'it is disabled')
  expect(await webhooks.endpointOf(own, id)).toMatchObject({ disabledReason: 'failing' })
})

describe('A receiver that misbehaves', () => {
  const manners: Record<string, (response: ServerResponse) => void> = {
    redirects: response => void response.writeHead(302, { location: '/elsewhere' }).end(),
    'breaks the line': response => void response.destroy(),
    'answers nonsense': response => void response.socket?.end('nonsense\r\n\r\n'),
    'has endless headers': response => void response.socket?.write(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(9_000)}`),
    'switches protocols': response =>
      void response.socket?.write('HTTP/1.1 101 Yes\r\nupgrade: a\r\nconnection: upgrade\r\n\r\n'),
  }

  test.each(Object.entries(manners))('and %s has failed', async (name, answer) => {
    const path = `/${encodeURIComponent(name)}`
    other.answer(path, answer)
    const { id } = await webhooks.newEndpoint(own, { url: other.url(path) })
    await cause()
    const [attempt] = (await tried(id, 1)).attempts
    expect(attempt?.outcome).toBe(name === 'redirects' ? 'redirect' : 'unreachable')
    expect(other.so('/elsewhere')).toEqual([])
  })

  test('holds up nobody else: not by silence, nor by a body without end', async () => {
    other.answer('/hangs', () => {})
    other.answer('/endless', response => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('x'.repeat(100_000)), 5)
      response.on('close', () => clearInterval(drip))
    })
    for (let made = 0; made < 5; made++) await webhooks.newEndpoint(own, { url: other.url('/hangs') })
    await webhooks.newEndpoint(own, { url: other.url('/endless') })
    await webhooks.newEndpoint(own, { url: other.url('/good') })
    for (let events = 0; events < 12; events++) await cause()
    const good = await other.at('/good', 12)
    expect(new Set(good.map(each => each.headers['webhook-id'])).size).toBe(12)
    // Four at once for each of the five, and no more.
    expect(other.so('/hangs').length).toBeLessThanOrEqual(20)
    const endless = (await webhooks.deliveriesOf(own, '?status=delivered&limit=100')).flatMap(each => each.attempts)
    expect(endless.every(each => (each.excerpt ?? '').length <= 1_000)).toBe(true)
  })
})

test('What nobody answers is a timeout after 15 seconds, and what is under way when the server stops is sent again', async () => {
  const begun = performance.now()
  other.answer('/silent', () => {})
  const { id } = await webhooks.newEndpoint(own, { url: other.url('/silent') })
  await cause()
  await other.at('/silent')
  expect((await tried(id, 1, 30_000)).attempts).toMatchObject([{ outcome: 'timeout', status: null }])
  expect(performance.now() - begun).toBeGreaterThan(15_000)

  pass(server, 2 * second)
  await other.at('/silent', 2)
  await server.restart()
  other.answer('/silent', 200)
  const done = await tried(id, 2)
  expect(done.status).toBe('delivered')
  expect(new Set(other.so('/silent').map(each => each.text)).size).toBe(1)
}, 60_000)
