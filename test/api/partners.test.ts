import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Partner, PartnerWithStats } from '../../server/contract/partners.ts'
import { NotAttributed, Referral } from '../../server/contract/referrals.ts'
import { answered, refused } from '../support/replies.ts'
import { type Ask, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let own: TestProgram

beforeAll(async () => {
  server = await testServer()
  own = await newProgram(server)
})
afterAll(() => server.stop())

const ask = (method: string, path = '', body?: Ask['body']) =>
  server.ask(method, `/api/v1/partners${path}`, { token: own.secret, ...(body !== undefined && { body }) })
const make = async (wanted: object) => answered(await ask('POST', '', wanted), 201, Partner)
const change = async (id: string, wanted: object) => answered(await ask('PATCH', `/${id}`, wanted), 200, Partner)
const read = async (id: string) => answered(await ask('GET', `/${id}`), 200, PartnerWithStats)
const count = async () => (await ask('GET')).body.total as number

let people = 0
/** Somebody new, whose slug is `name` and a number. */
const person = (name = 'jane') => {
  const slug = `${name}${++people}`
  return { email: `${slug}@example.com`, first_name: 'Jane', last_name: 'Smith', slug, commission_pct: 25 }
}

let customers = 0
const signUp = (code: string) =>
  server.ask('POST', '/v1/referrals', { key: own.secret, body: { customerId: `cust_${++customers}`, code } })

test("the documentation's own requests are answered as the documentation shows", async () => {
  const asked = { email: 'jane@example.com', first_name: 'Jane', last_name: 'Smith', slug: 'jane', commission_pct: 25 }
  const program_id = own.program.id
  const rest = { payout_method: null, payout_email: null, stripe_account_id: null, metadata: null }
  const created_at = server.clock.now.toISOString()
  const created = await make(asked)
  const { id } = created
  expect(created).toEqual({ id, program_id, ...asked, ...rest, status: 'invited', created_at })
  expect(id).toMatch(/^par_[1-9A-HJ-NP-Za-km-z]{16,}$/)

  const active = { ...created, status: 'active', commission_pct: 30 }
  expect(await change(id, { status: 'active', commission_pct: 30 })).toEqual(active)
  const listed = await ask('GET', '?status=active&search=jane')
  expect(listed.body).toEqual({ data: [active], total: 1, page: 1, per_page: 20 })
  const stats = { total_commissions: 0, total_earned_cents: 0, pending_cents: 0, approved_cents: 0, paid_cents: 0 }
  expect(await read(id)).toEqual({ ...active, stats })
  expect(answered(await ask('DELETE', `/${id}`), 200, Partner)).toEqual({ ...active, status: 'deactivated' })
  expect(await read(id)).toEqual({ ...active, status: 'deactivated', stats })
})

describe('A partner', () => {
  test('is kept as it was given', async () => {
    const paid = { payout_method: 'bank_transfer', payout_email: 'Money@Example.com' }
    const given = { ...person(), ...paid, email: 'Jane.Smith@Example.COM', metadata: { tier: 'gold', tags: ['a', { b: null }] } }
    const { id } = await make(given)
    expect(await read(id)).toMatchObject({ ...given, status: 'invited' })
  })

  test('needs only an address and a slug', async () => {
    const rest = {
      first_name: null,
      last_name: null,
      commission_pct: null,
      payout_method: null,
      payout_email: null,
      metadata: null,
    }
    expect(await make({ email: 'short@example.com', slug: 'short' })).toMatchObject(rest)
    expect(refused(await ask('POST', '', {}), 422, 'invalid')).toEqual(['email', 'slug'])
  })

  test.each([
    ['an address in other letters', 'email', 'JANE.doe@Example.com', 'email_taken'],
    ['the same slug', 'slug', 'jane-doe', 'code_taken'],
    ['a slug in other letters', 'slug', 'JaNe-DOE', 'code_taken'],
  ])('is refused for %s that another has, and nothing is kept of it', async (_, field, value, code) => {
    const taken = { email: 'jane.doe@example.com', slug: 'jane-doe' }
    if ((await ask('GET', '?search=jane-doe')).body.total === 0) await make(taken)
    const [before, third] = [await make(person()), person()]
    const total = await count()
    refused(await ask('POST', '', { ...third, [field]: value }), 409, code)
    refused(await ask('PATCH', `/${before.id}`, { first_name: 'Third', [field]: value }), 409, code)
    expect(await read(before.id)).toMatchObject(before)
    expect(await count()).toBe(total)
    await make(third)
  })

  test.each([
    ['address', 'email_taken', (at: number) => ({ email: at % 2 ? 'Race@example.com' : 'race@example.com', slug: `race-${at}` })],
    ['slug', 'code_taken', (at: number) => ({ email: `race-${at}@example.com`, slug: at % 2 ? 'RACE' : 'race' })],
  ])('of one %s is made once, however many ask at the same moment', async (_, code, wanted) => {
    const total = await count()
    const replies = await Promise.all(Array.from({ length: 8 }, (_, at) => ask('POST', '', wanted(at))))
    const late = replies.filter(each => each.status !== 201)
    expect(late).toHaveLength(7)
    for (const reply of late) refused(reply, 409, code)
    expect(await count()).toBe(total + 1)
    // What the late ones wanted besides is still free.
    for (let at = 0; at < 8; at++) {
      const { slug, email } = wanted(at)
      if (replies[at]?.status !== 201) await make(code === 'email_taken' ? { ...person(), slug } : { ...person(), email })
    }
  })
})

const long = (text: string, length: number) => text.repeat(length)
const slugs = [
  '',
  'two words',
  'a/b',
  'a%20b',
  'a?b',
  'a#b',
  'a&b',
  'a+b',
  'é',
  'ＪＡＮＥ',
  '-a',
  '.',
  '..',
  'a\nb',
  long('a', 65),
  7,
  null,
]
const bad: [string, unknown[]][] = [
  ['email', ['jane', `${long('a', 250)}@example.com`, null, 'jane@example.com\r\nBcc: all@example.com', ['jane@example.com']]],
  ['slug', slugs],
  ['commission_pct', [-1, 101, 100.0001, '25', 12.34567, true, [25]]],
  ['payout_method', ['cheque', '', 'PayPal']],
  ['payout_email', ['somewhere', '']],
  ['first_name', [long('x', 121), '', ['Jane']]],
  ['last_name', [long('x', 121), { family: 'Smith' }]],
  ['metadata', [['a'], 'a', 7, { note: long('x', 8_182) }, { note: long('é', 4_096) }]],
]

describe('A field that cannot be is refused by its name, in a new partner and in a change', () => {
  test.each(bad)('%s', async (field, values) => {
    const partner = await make(person())
    const total = await count()
    for (const value of values) {
      expect(refused(await ask('POST', '', { ...person(), [field]: value }), 422, 'invalid'), String(value)).toEqual([field])
      const reply = await ask('PATCH', `/${partner.id}`, { last_name: 'Changed', [field]: value })
      expect(refused(reply, 422, 'invalid'), String(value)).toEqual([field])
    }
    expect(await read(partner.id)).toMatchObject(partner)
    expect(await count()).toBe(total)
  })

  test('status', async () => {
    const { id } = await make(person())
    for (const status of ['paid', '', 'Active', null, 7]) {
      expect(refused(await ask('PATCH', `/${id}`, { status }), 422, 'invalid')).toEqual(['status'])
    }
  })

  test('but metadata of 8 KB to the byte is taken', async () => {
    const metadata = { note: long('x', 8_192 - '{"note":""}'.length) }
    expect((await make({ ...person(), metadata })).metadata).toEqual(metadata)
  })
})

describe('A change', () => {
  test('takes a value away with null and leaves what it does not name', async () => {
    const wanted = person()
    const { id } = await make({ ...wanted, payout_method: 'paypal', payout_email: 'p@example.com', metadata: { a: 1 } })
    const emptied = { first_name: null, commission_pct: null, payout_method: null, payout_email: null, metadata: null }
    expect(await change(id, emptied)).toMatchObject({ ...wanted, ...emptied })
    expect(await change(id, {})).toMatchObject({ ...wanted, ...emptied })
    expect((await change(id, { metadata: { b: 2 } })).metadata).toEqual({ b: 2 })
  })

  test("does not reach what is not the caller's to change", async () => {
    const partner = await make(person())
    const ours = { id: 'par_x', program_id: 'prog_x', stripe_account_id: 'acct_x', created_at: '2000-01-01T00:00:00Z', stats: {} }
    const columns = {
      programId: 'prog_x',
      customerId: 'x',
      ratePpm: 1,
      createdAt: 'x',
      activatedAt: 'x',
      searchText: 'x',
      emailFold: 'x',
    }
    expect(await change(partner.id, { ...ours, ...columns })).toEqual(partner)
  })

  test('of the slug leaves the old code with its partner, and nobody else can have it', async () => {
    const { id } = await make({ email: 'sam@example.com', slug: 'sam' })
    expect((await change(id, { slug: 'sam-smith' })).slug).toBe('sam-smith')
    for (const code of ['sam', 'SAM', 'ＳＡＭ', 'sam-smith', ' Sam-Smith ']) {
      expect(answered(await signUp(code), 201, Referral)).toMatchObject({ partnerId: id })
    }
    refused(await ask('POST', '', { email: 'other@example.com', slug: 'Sam' }), 409, 'code_taken')
    expect((await change(id, { slug: 'SAM' })).slug).toBe('SAM')
  })

  test('is not lost to another that is made at the same moment, and undoes no deactivation', async () => {
    const { id } = await make(person())
    for (let round = 1; round <= 10; round++) {
      await change(id, { status: 'active' })
      const changes = [{ first_name: `Jane ${round}` }, { commission_pct: round }, { metadata: { round } }]
      await Promise.all([...changes.map(wanted => change(id, wanted)), ask('DELETE', `/${id}`)])
      expect(await read(id)).toMatchObject({ ...Object.assign({}, ...changes), status: 'deactivated' })
    }
  })
})

test('a deactivated partner attributes nobody from the next signup on, until it is active again', async () => {
  const wanted = person()
  const { id } = await make(wanted)
  const first = answered(await signUp(wanted.slug), 201, Referral)
  for (let time = 0; time < 2; time++) expect(answered(await ask('DELETE', `/${id}`), 200, Partner).status).toBe('deactivated')
  expect(answered(await signUp(wanted.slug), 200, NotAttributed)).toEqual({ attributed: false, reason: 'inactive_partner' })
  const again = await server.ask('POST', '/v1/referrals', {
    key: own.secret,
    body: { customerId: first.customerId, code: wanted.slug },
  })
  expect(answered(again, 200, Referral)).toEqual(first)
  refused(await ask('POST', '', { ...wanted, slug: 'again' }), 409, 'email_taken')
  refused(await ask('POST', '', { ...wanted, email: 'again@example.com' }), 409, 'code_taken')
  expect((await change(id, { status: 'active' })).status).toBe('active')
  answered(await signUp(wanted.slug), 201, Referral)
})

test.each([
  'referrals',
  'commissions',
  'codes',
  'payouts',
])('%s is no partner: what stands there is for partner keys', async id => {
  refused(await ask('GET', `/${id}`), 403, 'wrong_credential')
  refused(await ask('PATCH', `/${id}`, { first_name: 'x' }), 404, 'not_found')
  refused(await ask('DELETE', `/${id}`), 404, 'not_found')
})

test.each([
  ...['par_111111111111111111', '%00', '%F0%9F', '%2e%2e%2f'].map(id => [id, 'partner_not_found', id]),
  ['five thousand letters', 'partner_not_found', long('a', 5_000)],
])('%s is no partner: %s', async (_, code, id) => {
  refused(await ask('GET', `/${id}`), 404, code as string)
  refused(await ask('PATCH', `/${id}`, { first_name: 'x' }), 404, code as string)
  refused(await ask('DELETE', `/${id}`), 404, code as string)
})
