import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { dropDatabase, freshDatabase } from '../support/postgres.ts'
import { serverProcess } from '../support/process.ts'
import { asker, browser, newPartner, newProgram } from '../support/server.ts'
import { admin } from './support.ts'

// Behind a proxy that hands each request to the next server, nobody can tell that there are several.

vi.setConfig({ testTimeout: 120_000 })

/** Two servers on one database, and the address under which a proxy shares the requests out between them in turn. */
async function installation() {
  const database = await freshDatabase(inject('postgresUrl'))
  onTestFinished(() => dropDatabase(database))
  const environment = {
    DATABASE_URL: database,
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    TRUSTED_PROXIES: '127.0.0.1',
    PUBLIC_RATE_LIMIT: '0',
  }
  // Both at once: which of them makes the tables is left to them.
  const addresses = await Promise.all([serverProcess(environment), serverProcess(environment)].map(each => each.ready()))
  let turn = 0
  const proxy = createServer((incoming, outgoing) => {
    const to = new URL(incoming.url ?? '/', addresses[turn++ % addresses.length])
    const { method, headers } = incoming
    const onwards = request(to, { method, headers }, reply => {
      outgoing.writeHead(reply.statusCode ?? 502, { ...reply.headers, 'x-served-by': to.port })
      reply.pipe(outgoing)
    })
    onwards.on('error', () => outgoing.destroy())
    incoming.pipe(onwards)
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise(resolve => proxy.close(() => resolve())))
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return { ask: asker(() => url), each: addresses.map(address => asker(() => address)) }
}

test('what one server has done, the other knows at the next request', async () => {
  const { ask, each } = await installation()
  const server = { ask }
  // Made by the one, and asked of the other: the program, its keys, what the host's backend tells, a visitor's session.
  const acme = await newProgram(server, { defaultCommissionRate: 20, holdingPeriodDays: 30 })
  const secret = { key: acme.secret }
  const partner = await newPartner(server, acme, { slug: 'JANE' })
  expect(partner.slug).toBe('JANE')
  const click = {
    headers: { origin: acme.site, 'user-agent': browser },
    body: { code: 'JANE', key: acme.publishable, url: acme.program.siteUrl },
  }
  const clicked = await Promise.all(Array.from({ length: 40 }, () => ask('POST', '/referrals/click', click)))
  expect(new Set(clicked.map(each => each.headers.get('x-served-by'))).size).toBe(2)
  // One visitor: one click, whoever was told of it.
  expect(new Set(clicked.map(each => each.body.clickId)).size).toBe(1)

  const referral = await ask('POST', '/v1/referrals', {
    ...secret,
    body: { customerId: 'c1', clickId: clicked[0]?.body.clickId },
  })
  expect(referral.status, referral.text).toBe(201)
  const sale = {
    ...secret,
    headers: { 'idempotency-key': 'sale-1' },
    body: { externalId: 'inv_1', customerId: 'c1', amount: 10_000, currency: 'EUR' },
  }
  await Promise.all(Array.from({ length: 8 }, () => ask('POST', '/v1/conversions', sale)))
  const again = await Promise.all(each.map(one => one('POST', '/v1/conversions', sale)))
  expect(again.map(({ status }) => status)).toEqual([201, 201])
  expect(again[0]?.text).toBe(again[1]?.text)
  const figures = await ask('GET', `/api/v1/partners/${partner.id}`, secret)
  expect(figures.body).toMatchObject({ stats: { pending_cents: 2_000 } })

  const { token } = (await ask('POST', '/v1/sessions', { ...secret, body: { customerId: 'c1' } })).body
  for (const one of each) expect((await one('GET', '/v1/affiliate', { token, headers: { origin: acme.site } })).status).toBe(200)

  // A key that is revoked at the one soon works nowhere, and a partner who is deactivated earns nowhere at once.
  const { body: keys } = await ask('GET', `/v1/apps/${acme.program.id}/api-keys`, { token: acme.token })
  const { id } = keys.data.find((key: { type: string }) => key.type === 'publishable')
  const [first, second] = each as [(typeof each)[0], (typeof each)[0]]
  expect((await first('DELETE', `/v1/apps/${acme.program.id}/api-keys/${id}`, { token: acme.token })).status).toBe(200)
  await vi.waitFor(async () => expect((await second('POST', '/referrals/click', click)).status).toBe(401), { timeout: 10_000 })
  expect((await first('DELETE', `/api/v1/partners/${partner.id}`, secret)).status).toBe(200)
  const late = await second('POST', '/v1/referrals', { ...secret, body: { customerId: 'c2', code: 'JANE' } })
  expect(late.body).toMatchObject({ attributed: false })
})

test('guesses at a password count together', async () => {
  const { ask } = await installation()
  const guess = () => ask('POST', '/v1/auth/login', { body: { email: admin.email, password: 'wrong wrong wrong' } })
  const statuses = []
  for (let count = 0; count < 9; count++) statuses.push((await guess()).status)
  expect(statuses).toEqual([...Array(8).fill(401), 429])
})
