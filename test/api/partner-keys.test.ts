import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MadePartnerKey, PartnerKey, PartnerKeyList, PartnerReferralList } from '../../server/contract/partner-api.ts'
import { sessionOf } from '../support/acts.ts'
import { type KeyedPartner, keyedPartner } from '../support/partner.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram

beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

const path = '/v1/affiliate/api-keys'
const make = (token: string, body: unknown = { name: 'Reports' }) => server.ask('POST', path, { token, body })
const list = (token: string, query = '') => server.ask('GET', path + query, { token })
const revoke = (token: string, id: string) => server.ask('DELETE', `${path}/${id}`, { token })
const use = (token: string) => server.ask('GET', '/api/v1/partners/referrals', { token })

describe('A partner key', () => {
  let jane: KeyedPartner
  beforeAll(async () => {
    jane = await keyedPartner(server, acme, 'jane')
  })

  test('says what it is in its prefix, has 187 bits of chance, and is shown once', async () => {
    const made = answered(await make(jane.session, { name: ' Reports ' }), 201, MadePartnerKey)
    expect(made).toEqual({
      id: expect.stringMatching(/^key_/),
      name: 'Reports',
      hint: made.key.slice(-4),
      key: expect.stringMatching(/^mislata_pa_[1-9A-HJ-NP-Za-km-z]{32}$/),
      createdAt: server.clock.now.toISOString(),
    })
    const listed = await list(jane.session)
    const { key, ...rest } = made
    expect(answered(listed, 200, PartnerKeyList).data).toContainEqual(rest)
    expect(listed.text).not.toContain(key)
    const held = JSON.stringify(await everyRow(server))
    expect(held).toContain(made.id)
    expect(held).not.toContain(key.slice(-28))
  })

  test('is not taken with a letter changed, cut or added', async () => {
    answered(await use(jane.key), 200, PartnerReferralList)
    const wrong = [jane.key.slice(0, -1), `${jane.key}a`, jane.key.toUpperCase(), jane.key.replace('_pa_', '_sk_'), 'mislata_pa_']
    for (const key of wrong) refused(await use(key), 401, 'bad_credential')
  })

  test('that comes from a page is refused, even from a page of the program', async () => {
    for (const origin of [acme.site, 'https://evil.example', 'null'])
      refused(await jane.get('referrals', { origin }), 403, 'secret_key_in_browser')
  })

  test('opens nothing but the Partner API', async () => {
    for (const path of ['/v1/apps', '/v1/affiliate', '/v1/affiliate/api-keys', `/api/v1/partners/${jane.id}`, '/api/v1/partners'])
      refused(await server.ask('GET', path, { token: jane.key }), 403, 'wrong_credential')
    for (const token of [jane.session, acme.token, acme.secret]) refused(await use(token), 403, 'wrong_credential')
  })

  test('stops at once when it is revoked, for good, and no other does', async () => {
    const first = answered(await make(jane.session), 201, MadePartnerKey)
    answered(await use(first.key), 200, PartnerReferralList)
    const { key: _key, ...shown } = first
    expect(answered(await revoke(jane.session, first.id), 200, PartnerKey)).toEqual(shown)
    refused(await use(first.key), 401, 'bad_credential')
    answered(await use(jane.key), 200, PartnerReferralList)
    expect(answered(await list(jane.session, '?limit=100'), 200, PartnerKeyList).data.map(each => each.id)).not.toContain(
      first.id,
    )
    refused(await revoke(jane.session, first.id), 404, 'api_key_not_found')
    await server.restart()
    refused(await use(first.key), 401, 'bad_credential')
    answered(await use(jane.key), 200, PartnerReferralList)
  })

  test.each([[{}], [{ name: ' ' }], [{ name: 7 }], [{ name: 'x'.repeat(121) }]])('needs a name: %j', async body => {
    expect(refused(await make(jane.session, body), 422, 'invalid')).toEqual(['name'])
  })
})

describe('A partner', () => {
  test('has ten keys that work at most, however many are asked for at once', async () => {
    const { session } = await keyedPartner(server, acme, 'greedy')
    const replies = await Promise.all(Array.from({ length: 15 }, () => make(session)))
    expect(replies.filter(each => each.status === 201)).toHaveLength(9)
    for (const each of replies.filter(each => each.status !== 201)) refused(each, 409, 'too_many_keys')
    const { data } = answered(await list(session, '?limit=100'), 200, PartnerKeyList)
    expect(data).toHaveLength(10)
    answered(await revoke(session, data[0]?.id ?? ''), 200, PartnerKey)
    answered(await make(session), 201, MadePartnerKey)
  })

  test('reads its keys page by page, each once, and never those of another', async () => {
    const own = await keyedPartner(server, acme, 'pages')
    await keyedPartner(server, acme, 'pages-2')
    for (let count = 0; count < 2; count++) answered(await make(own.session), 201, MadePartnerKey)
    const first = answered(await list(own.session, '?limit=2'), 200, PartnerKeyList)
    const rest = answered(await list(own.session, `?limit=2&cursor=${first.nextCursor}`), 200, PartnerKeyList)
    expect(new Set([...first.data, ...rest.data].map(each => each.id)).size).toBe(3)
    expect(rest.nextCursor).toBeNull()
  })

  test('cannot revoke the key of another', async () => {
    const own = await keyedPartner(server, acme, 'mine')
    const other = await keyedPartner(server, acme, 'theirs')
    const { id } = answered(await list(other.session), 200, PartnerKeyList).data[0] ?? { id: '' }
    refused(await revoke(own.session, id), 404, 'api_key_not_found')
    answered(await use(other.key), 200, PartnerReferralList)
  })

  test('that is deactivated is shut out with every key from the next request on, and comes back with them', async () => {
    const { id, key, session } = await keyedPartner(server, acme, 'stopped')
    answered(await use(key), 200, PartnerReferralList)
    await server.ask('DELETE', `/api/v1/partners/${id}`, { key: acme.secret })
    refused(await use(key), 403, 'partner_deactivated')
    refused(await make(session), 403, 'partner_deactivated')
    refused(await list(session), 403, 'partner_deactivated')
    await server.ask('PATCH', `/api/v1/partners/${id}`, { key: acme.secret, body: { status: 'invited' } })
    refused(await use(key), 403, 'partner_not_active')
    refused(await make(session), 403, 'partner_not_active')
    await server.ask('PATCH', `/api/v1/partners/${id}`, { key: acme.secret, body: { status: 'active' } })
    answered(await use(key), 200, PartnerReferralList)
  })

  test('is who makes keys, and no other customer', async () => {
    const token = await sessionOf(server, acme, { customerId: 'nobody' })
    refused(await make(token), 404, 'not_a_partner')
    refused(await list(token), 404, 'not_a_partner')
    refused(await revoke(token, 'key_1'), 404, 'not_a_partner')
  })
})

test('KEY_PREFIX gives partner keys the name of the house', async () => {
  const branded = await testServer({ KEY_PREFIX: 'acme' })
  const own = await newProgram(branded)
  await newPartner(branded, own, { slug: 'jane' })
  const { key, get } = await keyedPartner(branded, own, 'john')
  expect(key).toMatch(/^acme_pa_/)
  answered(await get('referrals'), 200, PartnerReferralList)
  await branded.stop()
})
