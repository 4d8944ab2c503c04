import { afterAll, beforeAll, expect, test } from 'vitest'
import { Mislata } from '../../sdk/index.ts'
import { keyedPartner } from '../support/partner.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { breaksOff, hangsUp, proxyTo } from './support.ts'

// The worst that a network can do: what was asked is done, and nobody hears of it. Sent again, it must not be done twice.
let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

const client = (baseUrl: string, apiKey = acme.secret) => new Mislata({ apiKey, appId: acme.program.id, baseUrl })
const direct = () => client(server.url())

test('An application whose answer is lost is made once, and its answer comes', async () => {
  const lossy = await proxyTo(server.url, hangsUp, breaksOff)
  const { id } = await client(lossy.url).affiliates.apply({ email: 'once@example.com', name: 'Once' })
  expect(lossy.asked).toHaveLength(3)
  const { data } = await direct().affiliates.listApplications()
  expect(data.filter(each => each.email === 'once@example.com').map(each => each.id)).toEqual([id])
})

test('A bonus whose answer is lost is paid once', async () => {
  const { id: partnerId } = await newPartner(server, acme, { slug: 'BONUS' })
  const lossy = await proxyTo(server.url, hangsUp)
  await client(lossy.url).commissions.create({ partnerId, amount: 500, currency: 'EUR', note: 'Thanks' })
  const { data } = await direct().commissions.list({ partnerId })
  expect(data.map(each => each.amount)).toEqual([500])
})

test('A code that a partner makes is made once', async () => {
  const { key } = await keyedPartner(server, acme, 'once')
  const lossy = await proxyTo(server.url, hangsUp)
  const { code } = await client(lossy.url, key).partner.createCode({ label: 'spring' })
  const { data } = await client(server.url(), key).partner.codes()
  expect(data.filter(each => each.label === 'spring').map(each => each.code)).toEqual([code])
})

test('An endpoint is made once, and the one answer that holds its secret is not lost', async () => {
  const lossy = await proxyTo(server.url, hangsUp)
  const { id, secret } = await client(lossy.url).webhooks.create({ url: 'https://acme.example/hooks' })
  expect(secret).toMatch(/^whsec_/)
  expect((await direct().webhooks.list()).data.map(each => each.id)).toEqual([id])
})

test('A deal that is registered with a session is registered once', async () => {
  const { session } = await keyedPartner(server, acme, 'dealer')
  const lossy = await proxyTo(server.url, hangsUp)
  const partner = (baseUrl: string) => new Mislata({ token: session, baseUrl })
  const { id } = await partner(lossy.url).affiliates.registerDeal({ leadEmail: 'lead@example.com', leadName: 'Lead' })
  expect((await partner(server.url()).affiliates.listDeals()).data.map(each => each.id)).toEqual([id])
})

test('Two processes that send one thing under one key do it once', async () => {
  const { id: partnerId } = await newPartner(server, acme, { slug: 'TWICE' })
  const bonus = { partnerId, amount: 700, currency: 'EUR', note: 'Thanks' }
  const both = await Promise.all([1, 2].map(() => direct().commissions.create(bonus, { idempotencyKey: 'bonus-17' })))
  expect(both[0]?.id).toBe(both[1]?.id)
  expect((await direct().commissions.list({ partnerId })).data).toHaveLength(1)
})
