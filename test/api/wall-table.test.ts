import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionOf } from '../support/acts.ts'
import { type House, house } from '../support/house.ts'
import { addressOf, type Route, routes } from '../support/routes.ts'
import { type Reply, signIn, type TestServer, testServer } from '../support/server.ts'

// Who gets what from whom: each route, asked by each kind of caller, for what is the caller's own, for what is of another
// program (by that program's whole address, and under the caller's own), and for what is not there. wall-table.txt is the
// table that this makes. A line that changes is a change of who may do what, to be looked at.

let server: TestServer
let own: House
let stranger: House
let customer: string
const lines = new Map<string, string>()

beforeAll(async () => {
  server = await testServer()
  own = await house(server)
  stranger = await house(server)
  customer = await sessionOf(server, own, { customerId: 'bystander', email: 'bystander@example.com' })
  await server.ask('PATCH', `/v1/apps/${own.program.id}`, { token: own.token, body: { mode: 'test' } })
  await server.ask('PATCH', `/v1/apps/${stranger.program.id}`, { token: own.token, body: { mode: 'test' } })
})
afterAll(() => server.stop())

const callers = ['none', 'publishable', 'secret', 'partner', 'partner session', 'customer session', 'admin'] as const
type Caller = (typeof callers)[number]
type Target = 'own' | 'theirs' | 'theirs under own' | 'absent'

const absent: Record<string, string> = {
  appId: 'prog_1111111111111111111111',
  id: 'par_1111111111111111111111',
  keyId: 'key_1111111111111111111111',
  email: 'nobody@example.com',
  code: 'ref_nobody',
  // A month is nobody's own.
  period: '2026-01',
}

async function credentialOf(caller: Caller, { name }: Route) {
  if (caller === 'none') return {}
  if (caller === 'publishable' || caller === 'secret') return { key: own[caller] }
  // Signing out ends the token, which the others still need.
  if (caller === 'admin') return { token: name === 'POST /v1/auth/logout' ? await signIn(server) : own.token }
  return { token: { partner: own.partnerKey, 'partner session': own.session, 'customer session': customer }[caller] }
}

/** The ids in a path. A new one each time: a request may use it up. Those who are not let in use up nothing. */
async function idsOf(route: Route, target: Target, known: { own: Ids; theirs: Ids } | undefined) {
  const mine = known?.own ?? (await route.ids?.(own)) ?? {}
  if (target === 'own') return mine
  const names = Object.keys(mine)
  const theirs = target === 'absent' ? absent : (known?.theirs ?? (await route.ids?.(stranger)) ?? {})
  const inner = names.filter(name => name !== 'appId')
  const changed = target === 'theirs' || !inner.length ? names : inner
  return { ...mine, ...Object.fromEntries(changed.map(name => [name, theirs[name] ?? ''])) }
}
type Ids = Record<string, string>

function targetsOf(known: { own: Ids } | undefined): Target[] {
  if (!known) return ['own']
  const { appId, ...inner } = known.own
  return appId && Object.keys(inner).length ? ['own', 'theirs', 'theirs under own', 'absent'] : ['own', 'theirs', 'absent']
}

const told = ({ status, text, headers }: Reply) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => !['date', 'x-request-id', 'ratelimit'].includes(name)),
})

test.each(routes)('$name', { timeout: 60_000 }, async route => {
  // An earlier row may have ended the partner.
  for (const { partnerId, secret } of [own, stranger])
    await server.ask('PATCH', `/api/v1/partners/${partnerId}`, { key: secret, body: { status: 'active' } })
  const known = route.ids && { own: await route.ids(own), theirs: await route.ids(stranger) }
  const cells: string[] = []
  for (const caller of callers) {
    const kind = caller.endsWith('session') ? 'session' : caller
    const may = route.who.some(who => who === kind || who === 'public')
    const replies = new Map<Target, Reply>()
    for (const target of targetsOf(known)) {
      const { method, path } = addressOf(route, await idsOf(route, target, may ? undefined : known))
      const body = route.bodies?.(own)[0]
      // The click's credential stands in its body.
      const asked = route.name === 'POST /referrals/click' && caller !== 'publishable' ? { ...body, key: undefined } : body
      replies.set(target, await server.ask(method, path, { ...(await credentialOf(caller, route)), body: asked }))
    }
    const statuses = [...replies].map(([target, { status }]) => `${target} ${status}`)
    cells.push(
      `  ${caller.padEnd(16)} ${new Set([...replies.values()].map(each => each.status)).size === 1 ? replies.get('own')?.status : statuses.join(', ')}`,
    )

    if (!may) for (const reply of replies.values()) expect([401, 403], `${caller}: ${reply.text}`).toContain(reply.status)
    const [missing, foreign] = [replies.get('absent'), replies.get('theirs under own') ?? replies.get('theirs')]
    if (missing && foreign && caller !== 'admin' && foreign.status >= 400) expect(told(foreign)).toEqual(told(missing))
  }
  lines.set(route.name, [route.name, ...cells].join('\n'))
})

test('The table is the one that was agreed on', async () => {
  const table = `${[...lines.keys()]
    .sort()
    .map(name => lines.get(name))
    .join('\n\n')}\n`
  await expect(table).toMatchFileSnapshot(fileURLToPath(new URL('wall-table.txt', import.meta.url)))
})
