import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Applied } from '../../server/contract/applications.ts'
import { CommissionList } from '../../server/contract/commissions.ts'
import { MadeEndpoint } from '../../server/contract/webhooks.ts'
import { begin, inTransactionOnce, withKey } from '../../server/program/idempotency.ts'
import { minute, partnerKeyOf, pass, sessionOf } from '../support/acts.ts'
import { emptyDatabase, engine } from '../support/database.ts'
import { decided } from '../support/money.ts'
import { adjust } from '../support/payouts.ts'
import { serverProcess } from '../support/process.ts'
import { type Receiver, receiver } from '../support/receiver.ts'
import { answered, refused } from '../support/replies.ts'
import { admin, asker, newPartner, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { rowCounts } from '../support/tables.ts'

// A server may die when it has done what a post asks for, and before it has kept the answer for the post's key.

const killAt = fileURLToPath(new URL('../support/kill-at.ts', import.meta.url))
const account = { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }

test('A correction by hand is booked once, though its server was killed before it answered', async () => {
  const database = await emptyDatabase()
  onTestFinished(database.remove)
  const kill = { KILL_AT: 'update "idempotency_keys" set "status"' }
  const dying = serverProcess({ DATABASE_URL: database.url, ...kill, ...account }, ['--import', killAt])
  const address = await dying.ready()
  const ask = asker(() => address)
  const own = await newProgram({ ask })
  const partner = await newPartner({ ask }, own, { slug: 'ada' })
  const path = `/v1/apps/${own.program.id}/commissions`
  const body = { partnerId: partner.id, amount: 1_000, currency: 'EUR', note: 'For the fair' }
  const asked = { key: own.secret, headers: { 'idempotency-key': 'once' }, body }
  await expect(ask('POST', path, asked)).rejects.toThrow()
  expect((await dying.ended).signal).toBe('SIGKILL')

  const next = await testServer({ DATABASE_URL: database.url })
  onTestFinished(next.stop)
  next.clock.now = new Date()
  refused(await next.ask('POST', path, asked), 409, 'idempotency_in_flight')
  pass(next, minute)
  const reply = await next.ask('POST', path, asked)
  const { data } = answered(await next.ask('GET', path, { key: own.secret }), 200, CommissionList)
  expect([reply.status, reply.body.id, data.map(each => each.id)]).toEqual([201, data[0]?.id, [data[0]?.id]])
  expect((await next.ask('POST', path, asked)).text).toBe(reply.text)
})

let server: TestServer
let acme: TestProgram
let partner: { id: string }
let hooks: Receiver
beforeAll(async () => {
  hooks = await receiver()
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  acme = await newProgram(server, { mode: 'test' })
  partner = await newPartner(server, acme, { slug: 'ada' })
})
afterAll(async () => {
  await server.stop()
  await hooks.close()
})

let made = 0
const fresh = (what: string) => `${what}-${++made}`

/** No answer can be kept until the function that is returned is called. */
async function noAnswersKept() {
  const { db } = server.desk().database
  const run = (text: string) => sql.raw(text).execute(db)
  const on = 'before update of status on idempotency_keys'
  if (engine === 'sqlite') await run(`create trigger no_answer ${on} begin select raise(abort, 'no answer is kept'); end`)
  else {
    await run(
      `create or replace function no_answer() returns trigger language plpgsql as $$ begin raise 'no answer is kept'; end $$`,
    )
    await run(`create trigger no_answer ${on} for each row execute function no_answer()`)
  }
  return () => run(engine === 'sqlite' ? 'drop trigger no_answer' : 'drop trigger no_answer on idempotency_keys')
}

type Asked = { path: string; who: { key?: string; token?: string }; body?: object }

async function endpoint() {
  const body = { url: hooks.url('/events'), events: ['*'] }
  const path = `/v1/apps/${acme.program.id}/webhooks`
  return answered(await server.ask('POST', path, { key: acme.secret, body }), 201, MadeEndpoint).id
}

async function application() {
  const body = { email: `${fresh('applicant')}@example.com`, name: 'Grace' }
  return answered(await server.ask('POST', '/v1/affiliate/apply', { key: acme.secret, body }), 201, Applied).id
}

describe('What is done and not answered is not done again, and then answered', () => {
  const own = () => `/v1/apps/${acme.program.id}`
  const host = () => ({ key: acme.secret })
  test.each<[string, () => Asked | Promise<Asked>]>([
    [
      'a correction by hand',
      () => ({
        path: `${own()}/commissions`,
        who: host(),
        body: { partnerId: partner.id, amount: -50, currency: 'EUR', note: 'Too much' },
      }),
    ],
    [
      'a program',
      async () => ({
        path: '/v1/apps',
        who: { token: await signIn(server) },
        body: { name: fresh('Program'), siteUrl: 'https://acme.example', currency: 'EUR' },
      }),
    ],
    [
      'a key',
      async () => ({
        path: `${own()}/api-keys`,
        who: { token: await signIn(server) },
        body: { type: 'secret', name: fresh('key') },
      }),
    ],
    [
      'a time',
      async () => ({
        path: `${own()}/clock`,
        who: { token: await signIn(server) },
        body: { advanceTo: new Date(server.clock.now.getTime() + minute / 2).toISOString() },
      }),
    ],
    [
      'a partner',
      () => ({ path: '/api/v1/partners', who: host(), body: { email: `${fresh('p')}@example.com`, slug: fresh('p') } }),
    ],
    [
      'a code',
      async () => ({
        path: '/api/v1/partners/codes',
        who: {
          token: await partnerKeyOf(
            server,
            await sessionOf(server, acme, { customerId: 'ada', email: 'ada@partners.example' }),
            fresh('k'),
          ),
        },
        body: { label: 'fair' },
      }),
    ],
    [
      'an application',
      () => ({ path: '/v1/affiliate/apply', who: host(), body: { email: `${fresh('a')}@example.com`, name: 'A' } }),
    ],
    [
      'a review',
      async () => ({
        path: `${own()}/affiliates/applications/${await application()}/review`,
        who: host(),
        body: { action: 'approve' },
      }),
    ],
    ['an endpoint', () => ({ path: `${own()}/webhooks`, who: host(), body: { url: hooks.url('/other'), events: ['*'] } })],
    ['a new secret', async () => ({ path: `${own()}/webhooks/${await endpoint()}/rotate-secret`, who: host() })],
    ['a test', async () => ({ path: `${own()}/webhooks/${await endpoint()}/test`, who: host() })],
  ])('%s', async (_, wanted) => {
    const { path, who, body } = await wanted()
    const asked = { ...who, headers: { 'idempotency-key': fresh('lost') }, body }
    const restore = await noAnswersKept()
    try {
      expect((await asker(server.url)('POST', path, asked)).status).toBe(500)
    } finally {
      await restore()
    }
    const before = await rowCounts(server)
    pass(server, minute)
    const reply = await server.ask('POST', path, asked)
    expect([reply.status < 300, await rowCounts(server)], reply.text).toEqual([true, before])
    const again = await server.ask('POST', path, asked)
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([reply.text, 'true'])
  })
})

test('A hold whose answer was lost does not hold again what somebody has released since', async () => {
  const { id } = await adjust(server, acme, partner, 700)
  const path = `/v1/apps/${acme.program.id}/commissions/${id}`
  const asked = { key: acme.secret, headers: { 'idempotency-key': fresh('lost') } }
  const restore = await noAnswersKept()
  try {
    expect((await asker(server.url)('POST', `${path}/hold`, asked)).status).toBe(500)
  } finally {
    await restore()
  }
  expect((await decided(server, acme, id, 'release')).status).toBe('approved')
  pass(server, minute)
  expect((await server.ask('POST', `${path}/hold`, asked)).status).toBe(200)
  expect((await server.ask('GET', path, { key: acme.secret })).body.status).toBe('approved')
})

test('A run that was taken for dead, and was not, does nothing after another has begun', async () => {
  const desk = server.desk()
  const attempt = { who: 'slow', programId: null, method: 'POST', path: '/x', key: 'k', asked: 'the same' }
  const held = async () => {
    const begun = await begin(desk, attempt)
    if ('answer' in begun) throw new Error('It has been answered')
    return begun.held
  }
  const done: string[] = []
  const run = (name: string) => () =>
    inTransactionOnce(desk, async () => {
      done.push(name)
      return { name }
    })
  const slow = await held()
  pass(server, minute)
  const next = await held()
  await expect(withKey(slow, run('slow'))).rejects.toMatchObject({ code: 'idempotency_in_flight' })
  expect(await withKey(next, run('next'))).toEqual({ name: 'next' })
  pass(server, minute)
  expect(await withKey(await held(), run('third'))).toEqual({ name: 'next' })
  expect(done).toEqual(['slow', 'next'])
})
