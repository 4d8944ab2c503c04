import { readConfig } from '../../server/config.ts'
import { start } from '../../server/start.ts'
import { readyDatabase } from './database.ts'
import { asDocumented } from './openapi.ts'
import { cheap } from './password.ts'

export const admin = { email: 'admin@example.com', password: 'correct horse battery' }

export type Reply = { status: number; headers: Headers; body: any; text: string }
export type Ask = {
  key?: string
  token?: string
  headers?: Record<string, string>
  body?: unknown
  raw?: string | Uint8Array | ReadableStream
}

/**
 * A whole server on a real, empty database, asked over HTTP on a free port, with a clock that the test moves.
 * `restart` stops it in good order and starts another on the same data, which something else may be done to meanwhile.
 */
export async function testServer(environment: Record<string, string> = {}, { providerTimeoutMs = 30_000 } = {}) {
  const database = await readyDatabase()
  const clock = { now: new Date('2026-03-10T12:00:00Z') }
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: database.url,
    LOG_LEVEL: 'silent',
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    PUBLIC_RATE_LIMIT: '0',
    PARTNER_RATE_LIMIT: '0',
    ...environment,
  })
  // Nobody is there: no test asks a real provider.
  const payoutProviders = { url: config.payoutProvidersUrl ?? 'http://127.0.0.1:9', timeoutMs: providerTimeoutMs }
  const around = { clock: () => clock.now, payoutProviders, passwordCost: cheap }
  let running = await start(config, around)
  const url = () => running.url
  const plain = asker(url)
  const ask: typeof plain = async (method, path, asked) => {
    const reply = await plain(method, path, asked)
    await asDocumented(url(), { method, path }, reply)
    return reply
  }

  return {
    url,
    ask,
    clock,
    database,
    /** What runs, for questions that no route answers. */
    desk: () => running.desk,
    async restart(meanwhile?: () => Promise<unknown>) {
      await running.stop()
      await meanwhile?.()
      running = await start(config, around)
    },
    async stop() {
      await running.stop()
      await database.remove()
    },
  }
}

export type TestServer = Awaited<ReturnType<typeof testServer>>

/** Asks a server over HTTP, wherever it runs. */
export function asker(url: () => string) {
  return async (method: string, path: string, { key, token, headers, body, raw }: Ask = {}): Promise<Reply> => {
    const response = await fetch(url() + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key && { 'x-api-key': key }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      ...(raw instanceof ReadableStream && { duplex: 'half' as const }),
    } as RequestInit)
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: parsed(text) }
  }
}

type Asked = Pick<TestServer, 'ask'> & Partial<Pick<TestServer, 'clock'>>

const signedIn = new WeakMap<Asked, { token: string; at: number }>()

// A password takes a fifth of a second of a processor to check: one sign-in serves all the programs that a server gets
// in half an hour of its clock.
async function adminOf(server: Asked) {
  const known = signedIn.get(server)
  const now = server.clock?.now.getTime() ?? Date.now()
  if (known && now >= known.at && now < known.at + 30 * 60_000) return known.token
  const token = await signIn(server)
  signedIn.set(server, { token, at: now })
  return token
}

/** An admin's token, fresh. */
export async function signIn(server: Asked) {
  const reply = await server.ask('POST', '/v1/auth/login', { body: admin })
  return reply.body.token as string
}

/** A new program with a key of each kind: `site` is its origin, `secret` and `publishable` are its keys. */
export async function newProgram(server: Asked, settings: Record<string, unknown> = {}) {
  const token = await adminOf(server)
  const { body: program } = await server.ask('POST', '/v1/apps', {
    token,
    body: { name: 'Acme', siteUrl: 'https://acme.example', currency: 'EUR', ...settings },
  })
  const key = async (type: string) => {
    const made = await server.ask('POST', `/v1/apps/${program.id}/api-keys`, { token, body: { type, name: type } })
    return made.body.key as string
  }
  return {
    program,
    token,
    site: new URL(program.siteUrl).origin,
    secret: await key('secret'),
    publishable: await key('publishable'),
  }
}

export type TestProgram = Awaited<ReturnType<typeof newProgram>>

/** An active partner with a code. */
export async function newPartner(
  server: Asked,
  { secret }: { secret: string },
  wanted: Record<string, unknown> & { slug: string },
) {
  const made = await server.ask('POST', '/api/v1/partners', {
    key: secret,
    body: { email: `${wanted.slug}@partners.example`, ...wanted },
  })
  const active = await server.ask('PATCH', `/api/v1/partners/${made.body.id}`, { key: secret, body: { status: 'active' } })
  return active.body as { id: string; slug: string; email: string }
}

/** A browser that no list of bots knows. */
export const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'

function parsed(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
