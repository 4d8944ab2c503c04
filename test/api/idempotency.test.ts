import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MadeApiKey } from '../../server/contract/auth.ts'
import { Conversion } from '../../server/contract/conversions.ts'
import { Partner } from '../../server/contract/partners.ts'
import { Program } from '../../server/contract/programs.ts'
import { prune } from '../../server/jobs/prune.ts'
import { begin } from '../../server/program/idempotency.ts'
import { hour, pass } from '../support/acts.ts'
import { engine } from '../support/database.ts'
import { answered, refused } from '../support/replies.ts'
import { newProgram, type Reply, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow, rowCounts } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

let made = 0
const fresh = (what = 'key') => `${what}-${++made}`
const settings = (name = fresh('Program')) => ({ name, siteUrl: 'https://acme.example', currency: 'EUR' })
const someone = (name = fresh('partner')) => ({ email: `${name}@example.com`, slug: name })
const sale = (externalId = fresh('sale')) => ({ externalId, customerId: 'c', amount: 100, currency: 'EUR' })

type Who = { key: string } | { token: string }
const post = (path: string, who: Who, key: string, body: unknown) =>
  server.ask('POST', path, { ...who, headers: { 'idempotency-key': key }, body })
const partner = (key: string, body: unknown, own = acme) => post('/api/v1/partners', { key: own.secret }, key, body)
const isReplay = (reply: Reply) => reply.headers.get('idempotency-replayed') === 'true'

describe('A post that is repeated with its key', () => {
  test('is answered as the first was, to the byte, and changes nothing', async () => {
    const [key, body] = [fresh(), someone()]
    const first = await partner(key, body)
    answered(first, 201, Partner)
    expect(isReplay(first)).toBe(false)
    const before = await rowCounts(server)
    const again = await partner(key, body)
    answered(again, 201, Partner)
    expect([again.text, isReplay(again)]).toEqual([first.text, true])
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'))
    expect(await rowCounts(server)).toEqual(before)
  })

  test('is the same however its fields are ordered and spaced', async () => {
    const [key, { email, slug }] = [fresh(), someone()]
    const metadata = { a: [1, { b: 2, c: 3 }] }
    const first = await partner(key, { email, slug, metadata })
    const raw = `{ "metadata": {"a":[1,{"c":3,"b":2}]}, "slug": "${slug}",\n "email": "${email}" }`
    const headers = { 'content-type': 'application/json', 'idempotency-key': key }
    const again = await server.ask('POST', '/api/v1/partners', { key: acme.secret, headers, raw })
    expect([again.text, isReplay(again)]).toEqual([first.text, true])
  })

  test('and another body or query is refused, and changes nothing', async () => {
    const [key, body] = [fresh(), someone()]
    answered(await partner(key, body), 201, Partner)
    const before = await rowCounts(server)
    refused(await partner(key, someone()), 422, 'idempotency_key_reused')
    refused(await partner(key, { ...body, metadata: { a: 1 } }), 422, 'idempotency_key_reused')
    refused(await post('/api/v1/partners?x=1', { key: acme.secret }, key, body), 422, 'idempotency_key_reused')
    expect(await rowCounts(server)).toEqual(before)
  })

  test('on another path is another request', async () => {
    const key = fresh()
    answered(await partner(key, someone()), 201, Partner)
    answered(await post('/v1/conversions', { key: acme.secret }, key, sale()), 201, Conversion)
  })

  test('is answered after a restart, and by whichever key of the program asks', async () => {
    const [key, body] = [fresh(), someone()]
    const first = await partner(key, body)
    await server.restart()
    expect((await partner(key, body)).text).toBe(first.text)
    const token = await signIn(server)
    const path = `/v1/apps/${acme.program.id}/api-keys`
    const another = answered(await server.ask('POST', path, { token, body: { type: 'secret', name: 'b' } }), 201, MadeApiKey)
    expect((await post('/api/v1/partners', { key: another.key }, key, body)).text).toBe(first.text)
    expect((await post('/api/v1/partners', { token: another.key }, key, body)).text).toBe(first.text)
  })

  test('shows a secret once more to its owner, and to nobody who reads the database', async () => {
    const path = `/v1/apps/${acme.program.id}/api-keys`
    const token = await signIn(server)
    const [key, body] = [fresh('unguessed'), { type: 'secret', name: fresh('sealed') }]
    const first = answered(await post(path, { token }, key, body), 201, MadeApiKey)
    expect(answered(await post(path, { token: await signIn(server) }, key, body), 201, MadeApiKey)).toEqual(first)
    const rows = (await everyRow(server)).idempotency_keys ?? []
    expect(rows.length).toBeGreaterThan(0)
    const held = JSON.stringify(rows)
    for (const secret of [first.key, first.key.slice(-28), Buffer.from(first.key).toString('base64url').slice(4, 30), key])
      expect(held).not.toContain(secret)
  })

  test('is free again after 24 hours, and then forgotten', async () => {
    const [key, body] = [fresh(), { ...sale(), amount: 500 }]
    const ask = () => post('/v1/conversions', { key: acme.secret }, key, body)
    const first = answered(await ask(), 201, Conversion)
    pass(server, 24 * hour - 1000)
    expect(isReplay(await ask())).toBe(true)
    pass(server, 1000)
    const later = await ask()
    // Run anew; the payment's own id then says that it is known.
    expect([isReplay(later), answered(later, 200, Conversion).id]).toEqual([false, first.id])
    pass(server, 24 * hour)
    await prune(server.desk())
    expect((await rowCounts(server)).idempotency_keys).toBe(0)
  })
})

describe('What is not stored', () => {
  test('is a refusal of the body or the credential: the corrected post runs', async () => {
    const [key, body] = [fresh(), someone()]
    expect(refused(await partner(key, { ...body, email: 'nobody' }), 422, 'invalid')).toEqual(['email'])
    const headers = { 'idempotency-key': key }
    refused(await server.ask('POST', '/api/v1/partners', { headers, body }), 401, 'no_credential')
    refused(await server.ask('POST', '/api/v1/partners', { key: acme.publishable, headers, body }), 403, 'wrong_credential')
    const json = { ...headers, 'content-type': 'application/json' }
    refused(await server.ask('POST', '/api/v1/partners', { key: acme.secret, headers: json, raw: '{' }), 400, 'malformed_json')
    const large = { key: acme.secret, headers: json, raw: `{"a":"${'x'.repeat(70_000)}"}` }
    refused(await server.ask('POST', '/api/v1/partners', large), 413, 'too_large')
    refused(await server.ask('POST', '/api/v1/partners', { key: acme.secret, headers, raw: '{}' }), 415, 'wrong_type')
    const right = await partner(key, body)
    expect([right.status, isReplay(right)]).toEqual([201, false])
  })

  test('is what only the work itself finds to be invalid', async () => {
    const applyFields = [{ name: 'site', label: 'Your site', required: true }]
    const own = await newProgram(server, { brand: { applyFields } })
    const [key, body] = [fresh(), { email: 'a@example.com', name: 'A' }]
    const apply = (answers: object) => post('/v1/affiliate/apply', { key: own.secret }, key, { ...body, answers })
    expect(refused(await apply({}), 422, 'invalid')).toEqual(['answers.site'])
    expect((await apply({ site: 'x' })).status).toBe(201)
  })
})

describe('What a request came to is stored though it is a refusal', () => {
  test('a conflict stays one for that key, and another key asks anew', async () => {
    const taken = someone()
    const { id } = answered(await partner(fresh(), taken), 201, Partner)
    const [key, body] = [fresh(), { ...someone(), email: taken.email }]
    const first = await partner(key, body)
    refused(first, 409, 'email_taken')
    await server.ask('PATCH', `/api/v1/partners/${id}`, { key: acme.secret, body: { email: 'gone@example.com' } })
    const again = await partner(key, body)
    refused(again, 409, 'email_taken')
    expect([again.text, isReplay(again)]).toEqual([first.text, true])
    answered(await partner(fresh(), body), 201, Partner)
  })
})

describe('A key', () => {
  test.each([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['with a letter that is not ASCII', 'caf\u00e9'],
    ['with a tab', 'a\tb'],
  ])('that is %s is refused', async (_, key) => {
    expect(refused(await partner(key, someone()), 422, 'invalid')).toEqual(['Idempotency-Key'])
  })

  test.each(['x', 'x'.repeat(255), '~ !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|} 1'])('may be %s', async key => {
    expect((await partner(key, someone())).status).toBe(201)
  })

  test('means nothing where no principal of a backend speaks', async () => {
    const body = { email: `${fresh('page')}@example.com`, name: 'P' }
    const ask = () => post('/v1/affiliate/apply', { key: acme.publishable }, 'shared', body)
    const [first, second] = [await ask(), await ask()]
    expect([first.status, second.status]).toEqual([202, 202])
    expect([isReplay(first), isReplay(second)]).toEqual([false, false])
    expect(first.body.applicationToken).not.toBe(second.body.applicationToken)
  })

  test('of one principal is not that of another', async () => {
    const globex = await newProgram(server)
    const [key, body] = [fresh(), someone()]
    const first = answered(await partner(key, body), 201, Partner)
    const other = await partner(key, body, globex)
    expect([isReplay(other), answered(other, 201, Partner).program_id]).toEqual([false, globex.program.id])
    expect(first.program_id).toBe(acme.program.id)
    const path = `/v1/apps/${acme.program.id}/affiliates/applications/apl_1111111111111111111111/review`
    const decision = { action: 'reject' }
    const asSecret = await post(path, { key: acme.secret }, key, decision)
    refused(asSecret, 404, 'application_not_found')
    const asAdmin = await post(path, { token: await signIn(server) }, key, decision)
    expect([asAdmin.status, isReplay(asAdmin)]).toEqual([404, false])
    expect(isReplay(await post(path, { key: acme.secret }, key, decision))).toBe(true)
  })
})

describe('Fifty at the same time with one key have one effect', () => {
  const parallel = async (ask: () => Promise<Reply>) => {
    const replies = await Promise.all(Array.from({ length: 50 }, ask))
    const [done, rest] = [replies.filter(each => each.status < 300), replies.filter(each => each.status >= 300)]
    for (const each of rest) {
      refused(each, 409, 'idempotency_in_flight')
      expect(each.headers.get('retry-after')).toBe('1')
    }
    expect(done.length).toBeGreaterThan(0)
    expect(new Set(done.map(each => each.text)).size).toBe(1)
    expect(done.filter(each => !isReplay(each))).toHaveLength(1)
    expect((await ask()).text).toBe(done[0]?.text)
    return done[0] as Reply
  }

  test('programs', async () => {
    const [token, key, body] = [await signIn(server), fresh(), settings()]
    const before = await rowCounts(server)
    answered(await parallel(() => post('/v1/apps', { token }, key, body)), 201, Program)
    expect((await rowCounts(server)).programs).toBe((before.programs ?? 0) + 1)
  })

  test('partners', async () => {
    const [key, body] = [fresh(), someone()]
    const before = await rowCounts(server)
    answered(await parallel(() => partner(key, body)), 201, Partner)
    expect((await rowCounts(server)).partners).toBe((before.partners ?? 0) + 1)
  })

  test('conversions', async () => {
    const [key, body] = [fresh(), sale()]
    const before = await rowCounts(server)
    answered(await parallel(() => post('/v1/conversions', { key: acme.secret }, key, body)), 201, Conversion)
    expect((await rowCounts(server)).conversions).toBe((before.conversions ?? 0) + 1)
  })
})

if (engine === 'postgres') {
  test('Two servers on one database have one effect between them, and either gives the answer', async () => {
    const second = await testServer({ DATABASE_URL: server.database.url })
    const [key, body] = [fresh(), someone()]
    const before = (await rowCounts(server)).partners ?? 0
    const asked = { key: acme.secret, headers: { 'idempotency-key': key }, body }
    const ask = (_: unknown, at: number) => (at % 2 ? server : second).ask('POST', '/api/v1/partners', asked)
    const replies = await Promise.all(Array.from({ length: 50 }, ask))
    const done = replies.filter(each => each.status === 201)
    for (const each of replies.filter(each => each.status !== 201)) refused(each, 409, 'idempotency_in_flight')
    expect(new Set(done.map(each => each.text)).size).toBe(1)
    expect((await rowCounts(server)).partners).toBe(before + 1)
    for (const at of [0, 1]) expect((await ask(undefined, at)).text).toBe(done[0]?.text)
    await second.stop()
  })
}

describe('A run that never ended', () => {
  const attempt = (who: string) => ({
    who,
    programId: null,
    method: 'POST',
    path: '/x',
    key: 'k',
    asked: 'the same',
  })
  const held = async (who: string) => {
    const begun = await begin(server.desk(), attempt(who))
    if ('answer' in begun) throw new Error('It has been answered')
    return begun.held
  }

  test('keeps its key for a minute, then the next run has it, and only one', async () => {
    const first = await held('crashed')
    await expect(begin(server.desk(), attempt('crashed'))).rejects.toMatchObject({ code: 'idempotency_in_flight' })
    pass(server, 60_000)
    const next = await Promise.allSettled(Array.from({ length: 10 }, () => held('crashed')))
    const winners = next.filter(each => each.status === 'fulfilled').map(each => each.value.holder)
    expect(winners).toHaveLength(1)
    expect(winners).not.toContain(first.holder)
  })
})
