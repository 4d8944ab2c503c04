import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Role } from '../../server/contract/roles.ts'
import { mayDo, rightFor, tableOfRights } from '../../server/rules/roles.ts'
import { joined } from '../support/console.ts'
import { refused } from '../support/replies.ts'
import { addressOf, routes } from '../support/routes.ts'
import { newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'

// Every sign-in is slow by design.
vi.setConfig({ testTimeout: 60_000 })

let server: TestServer
let acme: TestProgram
const tokens = {} as Record<Role, string>
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
  tokens.owner = await signIn(server)
  for (const role of ['manager', 'finance', 'read_only'] as const)
    tokens[role] = await joined(server, { token: tokens.owner, email: `${role}@example.com`, role })
})
afterAll(() => server.stop())

const forAdmins = routes.filter(route => (route.who as readonly string[]).includes('admin'))
const asRouted = (name: string) => name.replace(/\{(\w+)\}/g, ':$1').split(' ') as [string, string]
// What is about nobody but whoever asks would end their session.
const asked = forAdmins.filter(({ name }) => rightFor(...asRouted(name)) !== 'self')

const nowhere = { appId: 'prog_1111111111111111111111', id: 'par_1111111111111111111111', keyId: 'key_1', email: 'a@b.example' }

describe.each(Role.options)('As %s', role => {
  test.each(asked)('$name is answered as the table of roles says', async route => {
    const { method, path } = addressOf(route, { ...nowhere, period: '2026-01' })
    const wanted = path.includes('/admin/referrals') ? path.replace(/appId=[^&]*/, `appId=${nowhere.appId}`) : path
    // With a body that no route takes: what a role may do does not depend on it.
    const reply = await server.ask(method, wanted, { token: tokens[role], ...(route.bodies && { body: { nothing: 'of it' } }) })
    if (mayDo(role, rightFor(...asRouted(route.name)))) expect(reply.body?.code).not.toBe('role_may_not')
    else refused(reply, 403, 'role_may_not')
  })
})

test('The table is the one that was agreed on', async () => {
  const mark = (role: Role, right: ReturnType<typeof rightFor>) => (mayDo(role, right) ? role : '-').padEnd(10)
  const lines = forAdmins.map(({ name }) => {
    const right = rightFor(...asRouted(name))
    return `${name.padEnd(70)}${right.padEnd(8)}${Role.options.map(role => mark(role, right)).join('')}`.trimEnd()
  })
  await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot(fileURLToPath(new URL('role-table.txt', import.meta.url)))
})

test('Each row of it is about a route that there is', () => {
  const all = forAdmins.map(({ name }) => asRouted(name))
  const idle = tableOfRights.filter(
    ([method, path]) => !all.some(each => (method === '*' || method === each[0]) && path.test(each[1])),
  )
  expect(idle).toEqual([])
})

test('Whoever only reads writes nothing, whatever the route', () => {
  const written = forAdmins
    .map(({ name }) => asRouted(name))
    .filter(([method, path]) => method !== 'GET' && mayDo('read_only', rightFor(method, path)))
  expect(
    written
      .map(each => each.join(' '))
      .filter(name => !name.includes(' /v1/auth/'))
      .sort(),
  ).toEqual(['POST /mcp', 'POST /v1/apps/:appId/terms/preview'])
})

test('A manager changes settings, but not where money goes or whose word is taken', async () => {
  const change = (body: object, role: Role) => server.ask('PATCH', `/v1/apps/${acme.program.id}`, { token: tokens[role], body })
  const guarded = [
    { sepa: { iban: 'DE89370400440532013000' } },
    { identity: { jwksUrl: 'https://idp.example/jwks', issuer: 'https://idp.example', audience: 'us' } },
    { rewards: { grantUrl: 'https://acme.example/grants' } },
  ]
  for (const body of guarded) refused(await change(body, 'manager'), 403, 'role_may_not')
  expect((await change({ holdingPeriodDays: 14, rewards: { referrerCredits: 5 } }, 'manager')).status).toBe(200)
  for (const body of guarded) expect((await change(body, 'owner')).status).toBe(200)
  // As it stands already: nothing is changed by it.
  expect((await change(guarded[2] as object, 'manager')).status).toBe(200)
})

test('A tool of an assistant may do what its caller may, and no more', async () => {
  const call = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'recover_grants', arguments: { appId: acme.program.id } },
  }
  const asks = async (role: Role) => (await server.ask('POST', '/mcp', { token: tokens[role], body: call })).text
  expect(await asks('read_only')).toContain('role_may_not')
  expect(await asks('manager')).not.toContain('role_may_not')
})

test('What somebody may do changes with their next request', async () => {
  const { body: team } = await server.ask('GET', '/v1/team', { token: tokens.owner })
  const { id } = team.data.find((each: { email: string }) => each.email === 'finance@example.com')
  const make = () =>
    server.ask('POST', '/v1/apps', { token: tokens.finance, body: { name: 'B', siteUrl: 'https://b.example', currency: 'EUR' } })
  refused(await make(), 403, 'role_may_not')
  await server.ask('PATCH', `/v1/team/${id}`, { token: tokens.owner, body: { role: 'owner' } })
  expect((await make()).status).toBe(201)
  await server.ask('PATCH', `/v1/team/${id}`, { token: tokens.owner, body: { role: 'finance' } })
  refused(await make(), 403, 'role_may_not')
})
