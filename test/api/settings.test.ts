import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Program } from '../../server/contract/programs.ts'
import { answered, refused } from '../support/replies.ts'
import { signIn, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let token: string

beforeAll(async () => {
  server = await testServer()
  token = await signIn(server)
})
afterAll(() => server.stop())

const needed = { name: 'Acme', siteUrl: 'https://acme.example/shop', currency: 'EUR' }
const post = (body: unknown) => server.ask('POST', '/v1/apps', { token, body })
const patch = (id: string, body: unknown) => server.ask('PATCH', `/v1/apps/${id}`, { token, body })
const get = (id: string) => server.ask('GET', `/v1/apps/${id}`, { token })
const made = async (settings = {}) => answered(await post({ ...needed, ...settings }), 201, Program)

const bad: [string, unknown][] = [
  ['name', '   '],
  ['name', 'a'.repeat(121)],
  ['siteUrl', 'javascript:alert(1)'],
  ['siteUrl', 'https://user:secret@acme.example'],
  ['currency', 'EURO'],
  ['currency', 'XXQ'],
  ['timeZone', 'Europe/Atlantis'],
  ['mode', 'sandbox'],
  ['allowedOrigins.0', ['https://acme.example/']],
  ['allowedOrigins.0', ['*']],
  ['allowedOrigins.1', ['https://acme.example', 'null']],
  ['defaultCommissionRate', 100.1],
  ['defaultCommissionRate', -1],
  ['defaultCommissionRate', '20'],
  ['defaultCommissionRate', 1.23456],
  ['holdingPeriodDays', 1.5],
  ['cookieDurationDays', 0],
  ['minPayoutAmount', -0.01],
  ['minPayoutAmount', 50.005],
  ['attribution', 'linear'],
  ['autoApprove', 'yes'],
  ['commission', { type: 'flat' }],
  ['commission', null],
  ['commission', []],
  ['webhooks', []],
  ['commission.type', { type: 'tiered' }],
  ['commission.flatAmount', { flatAmount: 1.5 }],
  ['commission.tiers', { tiers: [] }],
  ['commission.products.0.rate', { products: [{ productId: 'pro', rate: 101 }] }],
  ['rewards.grantUrl', { grantUrl: 'ftp://acme.example' }],
  ['fraud.velocity', { velocity: 'ban' }],
  ['brand.accent', { accent: 'red' }],
  ['brand.applyFields.0.name', { applyFields: [{ name: 'Full name', label: 'Full name' }] }],
  ['webhooks.signatureHeader', { signatureHeader: 'x y' }],
  ['webhooks.signatureHeader', { signatureHeader: 'Content-Length' }],
  ['colour', 'red'],
]

describe('A setting that cannot be is refused by its path, when a program is made and when it is changed', () => {
  test.each(bad)('%s: %j', async (path, value) => {
    const name = path.split('.')[0] as string
    const program = await made()
    expect(refused(await post({ ...needed, [name]: value }), 422, 'invalid')).toContain(path)
    expect(refused(await patch(program.id, { timeZone: 'Europe/Madrid', [name]: value }), 422, 'invalid')).toContain(path)
    expect(answered(await get(program.id), 200, Program)).toEqual(program)
  })

  test('an amount has the decimals of its currency', async () => {
    expect(refused(await post({ ...needed, currency: 'JPY', minPayoutAmount: 50.5 }), 422, 'invalid')).toEqual([
      'minPayoutAmount',
    ])
    const { id } = await made({ minPayoutAmount: 50.5 })
    expect(refused(await patch(id, { currency: 'JPY' }), 422, 'invalid')).toEqual(['minPayoutAmount'])
    expect(answered(await patch(id, { currency: 'JPY', minPayoutAmount: 5_000 }), 200, Program)).toMatchObject({
      currency: 'JPY',
      minPayoutAmount: 5_000,
    })
  })
})
