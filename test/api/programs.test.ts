import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Program, ProgramList } from '../../server/contract/programs.ts'
import { answered, refused } from '../support/replies.ts'
import { signIn, type TestServer, testServer } from '../support/server.ts'
import { everySetting } from '../support/settings.ts'

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

describe('A new program', () => {
  test('has the documented defaults', async () => {
    const program = await made()
    expect(program).toEqual({
      id: expect.stringMatching(/^prog_[1-9A-HJ-NP-Za-km-z]{16,}$/),
      ...needed,
      allowedOrigins: ['https://acme.example'],
      timeZone: 'UTC',
      mode: 'live',
      defaultCommissionRate: 20,
      holdingPeriodDays: 30,
      minPayoutAmount: 50,
      minPayoutAmounts: [],
      payoutMethods: ['paypal', 'bank_transfer', 'stripe'],
      payoutCoolingDays: 3,
      mails: { language: 'en', replyTo: null, off: [] },
      sepa: { debtorName: null, iban: null, bic: null },
      cookieDurationDays: 30,
      attribution: 'last',
      autoApprove: false,
      payAfterDeactivation: false,
      couponBeatsClick: true,
      commission: {
        type: 'percent',
        flatAmount: null,
        recurringMonths: null,
        recurringPayments: null,
        maxPerCustomer: null,
        products: [],
      },
      rewards: {
        enabled: false,
        referrerCredits: 0,
        referredCredits: 0,
        qualifyOn: 'first_payment',
        maxPerReferrer: null,
        review: 'flagged',
        grantUrl: null,
      },
      fraud: { selfReferral: 'hold', disposableEmail: 'flag', paidAds: 'flag', velocity: 'flag' },
      identity: { jwksUrl: null, issuer: null, audience: null },
      brand: { logoUrl: null, accent: expect.stringMatching(/^#[0-9a-f]{6}$/), termsUrl: null, applyFields: [] },
      webhooks: { signatureHeader: 'x-quantumapi-signature' },
      createdAt: '2026-03-10T12:00:00.000Z',
    })
    expect(answered(await get(program.id), 200, Program)).toEqual(program)
  })

  test('takes every setting that it is given', async () => {
    const program = await made(everySetting)
    expect(program).toMatchObject(everySetting)
    await server.restart()
    expect(answered(await get(program.id), 200, Program)).toEqual(program)
  })

  test.each([['name'], ['siteUrl'], ['currency']])('needs its %s', async field => {
    expect(refused(await post({ ...needed, [field]: undefined }), 422, 'invalid')).toEqual([field])
  })
})

describe('A change', () => {
  test('leaves what it does not name, within a group too', async () => {
    const program = await made({ commission: { recurringMonths: 12, products: [{ productId: 'pro', rate: 30 }] } })
    const changed = answered(
      await patch(program.id, { name: 'Acme Corp', commission: { recurringPayments: 3 }, brand: { accent: '#000000' } }),
      200,
      Program,
    )
    expect(changed).toEqual({
      ...program,
      name: 'Acme Corp',
      commission: { ...program.commission, recurringPayments: 3 },
      brand: { ...program.brand, accent: '#000000' },
    })
    expect(answered(await get(program.id), 200, Program)).toEqual(changed)
  })

  test('takes a value away with null, and a list as a whole', async () => {
    const { id } = await made({ commission: { recurringMonths: 12, products: [{ productId: 'pro', rate: 30 }] } })
    const changed = answered(await patch(id, { commission: { recurringMonths: null, products: [] } }), 200, Program)
    expect(changed.commission).toMatchObject({ recurringMonths: null, products: [] })
  })

  test('leaves id and createdAt alone, so that a program that was read can be sent back', async () => {
    const program = await made()
    const sent = { ...program, id: 'prog_another', createdAt: '2020-01-01T00:00:00.000Z', name: 'Renamed' }
    expect(answered(await patch(program.id, sent), 200, Program)).toEqual({ ...program, name: 'Renamed' })
  })

  test('is not lost to another that is made at the same moment', async () => {
    const { id } = await made()
    for (let round = 1; round <= 10; round++) {
      const changes = [
        { name: `Acme ${round}` },
        { holdingPeriodDays: round },
        { cookieDurationDays: round },
        { fraud: { velocity: round % 2 ? 'off' : 'hold' } },
      ]
      for (const reply of await Promise.all(changes.map(change => patch(id, change)))) answered(reply, 200, Program)
      expect(answered(await get(id), 200, Program)).toMatchObject(Object.assign({}, ...changes))
    }
  })

  test('of a program that is not there is refused', async () => {
    refused(await patch('prog_111111111111111111', { name: 'x' }), 404, 'program_not_found')
    refused(await get('prog_111111111111111111'), 404, 'program_not_found')
  })
})

test('the list is read page by page, newest first, each program once', async () => {
  for (let count = 0; count < 5; count++) {
    server.clock.now = new Date(server.clock.now.getTime() + (count % 2) * 1_000)
    await made({ name: `Listed ${count}` })
  }
  const ids: string[] = []
  const pages: number[] = []
  let next = ''
  do {
    const page = answered(await server.ask('GET', `/v1/apps?limit=3${next && `&cursor=${next}`}`, { token }), 200, ProgramList)
    pages.push(page.data.length)
    ids.push(...page.data.map(each => each.id))
    next = page.nextCursor ?? ''
  } while (next)
  const all = answered(await server.ask('GET', '/v1/apps?limit=100', { token }), 200, ProgramList).data
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(all.map(each => each.id))
  expect(pages.slice(0, -1).every(length => length === 3)).toBe(true)
  expect(all.map(each => each.createdAt)).toEqual(
    all
      .map(each => each.createdAt)
      .sort()
      .reverse(),
  )
})

test.each(['limit=0', 'limit=101', 'limit=ten', 'limit=1.5', 'limit=-1'])('a page of %s is refused', async query => {
  expect(refused(await server.ask('GET', `/v1/apps?${query}`, { token }), 422, 'invalid')).toEqual(['limit'])
})

test('a first start makes one live program', async () => {
  const fresh = await testServer()
  const page = await fresh.ask('GET', '/v1/apps', { token: await signIn(fresh) })
  expect(answered(page, 200, ProgramList).data).toMatchObject([
    { mode: 'live', currency: 'EUR', siteUrl: expect.stringMatching(/^http:/) },
  ])
  await fresh.stop()
})
