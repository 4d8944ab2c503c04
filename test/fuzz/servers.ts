import { readConfig } from '../../server/config.ts'
import { start } from '../../server/start.ts'
import { cheap } from '../support/password.ts'
import type { Asked } from './run.ts'

const admin = { email: 'admin@example.com', password: 'correct horse battery' }
const STEP_MS = 1_000
/** Requests may end sessions, keys and partners: as often as this they are had again. */
const RESTORE_STEPS = 200

/** A whole server on an empty database, with two programs and a credential of each kind in both, on a clock that is told. */
export async function asked(name: string, databaseUrl: string) {
  const clock = { now: new Date('2026-03-10T12:00:00Z') }
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'silent',
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    APP_SECRET: 'the same secret on each server, so that both make the same of it',
    PUBLIC_RATE_LIMIT: '0',
    PARTNER_RATE_LIMIT: '0',
    METRICS_TOKEN: 'token-of-those-who-watch',
  })
  const running = await start(config, { clock: () => clock.now, passwordCost: cheap })
  const server: Asked = {
    name,
    url: running.url,
    credentials: { public: {}, none: {}, junk: { authorization: 'Bearer mislata_sk_nobodys' } },
    known: {
      email: ['jane@example.com', 'bob@example.com', 'Jane+x@example.com', 'carol@example.com', 'dave@mailinator.com'],
      customer: ['c1', 'c2', 'c3', 'c4', 'c5', 'owner', 'a b/c?d'],
      payment: ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'],
      code: ['JANE20', 'bob'],
    },
  }
  const { token } = await ask(server, 'POST', '/v1/auth/login', {}, admin)
  server.credentials.admin = { authorization: `Bearer ${token}` }
  server.credentials.leaving = await leaving(server)
  const own = await furnish(server, '')
  const other = await furnish(server, ' of another')
  // One's own things come first and often; those of the other program are what the walls are for.
  server.known.prog = [own.programId, own.programId, own.programId, other.programId]
  server.known.par = [own.partnerId, other.partnerId]

  return {
    server,
    /** Time passes from request to request. */
    async before(number: number) {
      clock.now = new Date(clock.now.getTime() + STEP_MS)
      if (number % RESTORE_STEPS === 0) for (const each of [own, other]) await each.restore()
    },
    stop: () => running.stop(),
  }
}

/** Somebody whom nobody misses, for what would end an admin's session or their role. */
async function leaving(server: Asked) {
  const who = { ...admin, email: 'leaving@example.com' }
  const { link } = await ask(server, 'POST', '/v1/team/invites', server.credentials.admin ?? {}, {
    email: who.email,
    role: 'read_only',
  })
  const { pathname } = new URL(link as string)
  await fetch(server.url + pathname, { method: 'POST', body: new URLSearchParams({ password: who.password }) })
  const { token } = await ask(server, 'POST', '/v1/auth/login', {}, who)
  return { authorization: `Bearer ${token}` }
}

async function furnish(server: Asked, of: string) {
  const { credentials } = server
  const asAdmin = credentials.admin ?? {}
  const program = await ask(server, 'POST', '/v1/apps', asAdmin, {
    name: 'Acme',
    siteUrl: 'https://acme.example',
    currency: 'EUR',
  })
  let partnerId = ''

  async function restore() {
    for (const type of ['secret', 'publishable']) {
      const held = credentials[type + of]
      const probe = type === 'secret' ? '/api/v1/partners' : '/v1/affiliate/apply/status'
      if (held && (await statusOf(server, probe, held)) !== 401) continue
      const { key } = await ask(server, 'POST', `/v1/apps/${program.id}/api-keys`, asAdmin, { type, name: type })
      credentials[type + of] = { 'x-api-key': key as string }
    }
    const asHost = credentials[`secret${of}`] ?? {}
    if (partnerId) await ask(server, 'PATCH', `/api/v1/partners/${partnerId}`, asHost, { status: 'active' })
    else
      partnerId = (await ask(server, 'POST', '/api/v1/partners', asHost, { email: 'owner@example.com', slug: 'owner' }))
        .id as string
    for (const [name, customerId] of [
      ['session', 'owner'],
      ['session-customer', 'somebody'],
    ]) {
      const email = `${customerId}@example.com`
      const { token } = await ask(server, 'POST', '/v1/sessions', asHost, { customerId, email, expiresIn: 3_600 })
      credentials[name + of] = { authorization: `Bearer ${token}` }
    }
    const held = credentials[`partner${of}`]
    if (held && (await statusOf(server, '/api/v1/partners/codes', held)) === 200) return
    const asPartner = credentials[`session${of}`] ?? {}
    // Only so many work at a time, and the requests may have made them all.
    const { data } = await ask(server, 'GET', '/v1/affiliate/api-keys?limit=100', asPartner)
    for (const { id } of data as { id: string }[]) await ask(server, 'DELETE', `/v1/affiliate/api-keys/${id}`, asPartner)
    const { key } = await ask(server, 'POST', '/v1/affiliate/api-keys', asPartner, { name: 'reports' })
    credentials[`partner${of}`] = { authorization: `Bearer ${key}` }
  }

  await restore()
  return { programId: program.id as string, partnerId, restore }
}

async function statusOf({ url }: Asked, path: string, headers: Record<string, string>) {
  const reply = await fetch(url + path, { headers })
  await reply.arrayBuffer()
  return reply.status
}

async function ask({ url }: Asked, method: string, path: string, headers: Record<string, string>, body?: object) {
  const reply = await fetch(url + path, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  })
  if (!reply.ok) throw new Error(`${path} was answered ${reply.status}: ${await reply.text()}`)
  return (await reply.json()) as Record<string, unknown>
}
