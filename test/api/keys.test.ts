import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiKey, ApiKeyList, MadeApiKey } from '../../server/contract/auth.ts'
import { PartnerList } from '../../server/contract/partners.ts'
import { answered, refused } from '../support/replies.ts'
import { newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let own: TestProgram

beforeAll(async () => {
  server = await testServer()
  own = await newProgram(server)
})
afterAll(() => server.stop())

const keysOf = (program = own.program) => `/v1/apps/${program.id}/api-keys`
const make = (body: unknown) => server.ask('POST', keysOf(), { token: own.token, body })
const list = (query = '') => server.ask('GET', `${keysOf()}${query}`, { token: own.token })
const revoke = (id: string) => server.ask('DELETE', `${keysOf()}/${id}`, { token: own.token })
const partners = (key: string) => server.ask('GET', '/api/v1/partners', { key })

describe('A key', () => {
  test.each([
    ['secret', 'sk'],
    ['publishable', 'pk'],
  ])('that is %s says so in its prefix, has 187 bits of chance, and is shown once', async (type, mark) => {
    const made = answered(await make({ type, name: ' Backend ' }), 201, MadeApiKey)
    expect(made).toEqual({
      id: expect.stringMatching(/^key_/),
      type,
      name: 'Backend',
      hint: made.key.slice(-4),
      key: expect.stringMatching(new RegExp(`^mislata_${mark}_[1-9A-HJ-NP-Za-km-z]{32}$`)),
      createdAt: server.clock.now.toISOString(),
    })
    const { key, ...rest } = made
    const listed = await list('?limit=100')
    expect(answered(listed, 200, ApiKeyList).data).toContainEqual(rest)
    expect(listed.text).not.toContain(key)
  })

  test('is nowhere in the database, and neither is any token or password', async () => {
    const { key } = answered(await make({ type: 'secret', name: 'Kept as a hash' }), 201, MadeApiKey)
    const session = await server.ask('POST', '/v1/sessions', { key, body: { customerId: 'cust_1' } })
    const applied = await server.ask('POST', '/v1/affiliate/apply', {
      key: own.publishable,
      body: { email: 'jane@example.com', name: 'Jane' },
    })
    const held = JSON.stringify(await everyRow(server))
    expect(held).toContain('Kept as a hash')
    for (const secret of [
      key,
      own.secret,
      own.publishable,
      own.token,
      session.body.token,
      applied.body.applicationToken,
      'correct horse battery',
    ]) {
      expect(secret.length).toBeGreaterThan(20)
      expect(held).not.toContain(secret)
      expect(held).not.toContain(secret.slice(-28))
    }
  })

  test('is taken in either header, with any letter case of Bearer', async () => {
    answered(await partners(own.secret), 200, PartnerList)
    answered(await server.ask('GET', '/api/v1/partners', { token: own.secret }), 200, PartnerList)
    answered(
      await server.ask('GET', '/api/v1/partners', { headers: { authorization: `bearer  ${own.secret}` } }),
      200,
      PartnerList,
    )
  })

  test('is not taken with a letter changed, cut or added', async () => {
    const { secret } = own
    const wrong = [
      secret.slice(0, -1),
      `${secret}a`,
      secret.toUpperCase(),
      secret.replace('_sk_', '_pk_'),
      'mislata_sk_',
      `${secret} ${secret}`,
    ]
    for (const key of wrong) refused(await partners(key), 401, 'bad_credential')
    refused(
      await server.ask('GET', '/api/v1/partners', { headers: { authorization: `Basic ${btoa(`${secret}:`)}` } }),
      401,
      'bad_credential',
    )
    refused(await server.ask('GET', '/api/v1/partners'), 401, 'no_credential')
  })

  test('stops working at once when it is revoked, for good, and no other does', async () => {
    const [first, second] = [
      answered(await make({ type: 'secret', name: 'a' }), 201, MadeApiKey),
      answered(await make({ type: 'secret', name: 'b' }), 201, MadeApiKey),
    ]
    answered(await partners(first.key), 200, PartnerList)
    const { key: _key, ...shown } = first
    expect(answered(await revoke(first.id), 200, ApiKey)).toEqual(shown)
    refused(await partners(first.key), 401, 'bad_credential')
    answered(await partners(second.key), 200, PartnerList)
    expect(answered(await list('?limit=100'), 200, ApiKeyList).data.map(each => each.id)).not.toContain(first.id)
    refused(await revoke(first.id), 404, 'api_key_not_found')
    await server.restart()
    refused(await partners(first.key), 401, 'bad_credential')
    answered(await partners(second.key), 200, PartnerList)
  })

  test.each([
    [{ name: 'x' }, 'type'],
    [{ type: 'admin', name: 'x' }, 'type'],
    [{ type: 'secret' }, 'name'],
    [{ type: 'secret', name: ' ' }, 'name'],
    [{ type: 'secret', name: 'x'.repeat(121) }, 'name'],
  ])('needs a type and a name: %j', async (body, field) => {
    expect(refused(await make(body), 422, 'invalid')).toEqual([field])
  })
})

test('the list is read page by page, each key once', async () => {
  const { program, token } = await newProgram(server)
  for (let count = 0; count < 3; count++)
    await server.ask('POST', keysOf(program), { token, body: { type: 'publishable', name: `Page ${count}` } })
  const ids: string[] = []
  let cursor = ''
  for (let pages = 0; pages < 3; pages++) {
    const page = answered(await server.ask('GET', `${keysOf(program)}?limit=2${cursor}`, { token }), 200, ApiKeyList)
    ids.push(...page.data.map(each => each.id))
    cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
  }
  expect(cursor).toBe('')
  expect(new Set(ids).size).toBe(5)
})

test('KEY_PREFIX gives new keys the name of the house', async () => {
  const branded = await testServer({ KEY_PREFIX: 'acme' })
  const { secret, publishable } = await newProgram(branded)
  expect(secret).toMatch(/^acme_sk_/)
  expect(publishable).toMatch(/^acme_pk_/)
  answered(await branded.ask('GET', '/api/v1/partners', { key: secret }), 200, PartnerList)
  await branded.stop()
})
