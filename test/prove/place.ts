import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { readConfig } from '../../server/config.ts'
import { start } from '../../server/start.ts'
import type { Database } from '../../server/store/database.ts'
import { quickFolder } from '../support/files.ts'
import { cheap } from '../support/password.ts'
import { freshDatabase } from '../support/postgres.ts'

/** Where the time of every program begins. It is also Stripe's time, which no program moves. */
export const START = Date.parse('2026-01-10T12:00:00.000Z')
export const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

const admin = { email: 'admin@example.com', password: 'correct horse battery' }

/** As many programs as one server is asked about: it reads all that it has whenever one of them is changed. */
const PROGRAMS = 24
// A server that lives longer begins to close months by itself, at a moment that no history knows of.
const LONGEST_MS = 30_000

export type Principal = 'secret' | 'publishable' | 'admin'
export type Asked = { as?: Principal; body?: unknown; raw?: string; headers?: Record<string, string> }
export type Reply = { status: number; text: string; body: any }
export type Ask = (method: string, path: string, asked?: Asked) => Promise<Reply>

/** A program in test mode that nothing has happened in, with a connection to Stripe and two active partners. */
export type Program = { id: string; keys: Record<Principal, string>; partners: { id: string; slug: string }[] }
/** The program of one history, and the way to ask about it. */
export type Place = { program: Program; ask: Ask; database: Database }
export type Engine = 'sqlite' | 'postgres'

/**
 * Servers on real databases, one after the other. They are asked in this process by the requests that their ports would
 * hand them. The first is furnished, by requests, and all others begin as copies of its database; `next` hands out
 * their programs, one for each history.
 */
export async function places(engine: Engine, postgresUrl = '') {
  const folder = mkdtempSync(join(quickFolder(), 'mislata-prove-'))
  const template = engine === 'sqlite' ? join(folder, 'template.db') : await freshDatabase(postgresUrl)
  let copies = 0
  let running: Running | undefined
  let programs: Program[] = []
  let [used, since] = [0, 0]

  async function copied() {
    const name = `prove${++copies}`
    if (engine === 'sqlite') {
      const file = join(folder, `${name}.db`)
      copyFileSync(template, file)
      return {
        url: `sqlite:${file}`,
        remove: () => {
          for (const end of ['', '-wal', '-shm', '-lock', '-lock.txt']) rmSync(file + end, { force: true })
        },
      }
    }
    const url = new URL(template)
    const [from, to] = [url.pathname.slice(1), `${url.pathname.slice(1)}_${name}`]
    await onPostgres(postgresUrl, `create database ${to} template ${from}`)
    url.pathname = `/${to}`
    return { url: url.href, remove: () => onPostgres(postgresUrl, `drop database if exists ${to} with (force)`) }
  }

  async function leave() {
    await running?.stop()
    await running?.remove()
    running = undefined
  }

  const first = await started(engine === 'sqlite' ? `sqlite:${template}` : template)
  programs = await furnished(first)
  await first.stop()

  return {
    async next(): Promise<Place> {
      if (!running || used === programs.length || performance.now() - since > LONGEST_MS) {
        await leave()
        const { url, remove } = await copied()
        running = { ...(await started(url)), remove }
        used = 0
        since = performance.now()
      }
      const program = programs[used++] as Program
      return { program, ask: asking(running, program), database: running.desk.database }
    },
    async close() {
      await leave()
      if (engine === 'postgres') await onPostgres(postgresUrl, `drop database if exists ${new URL(template).pathname.slice(1)}`)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Started = Awaited<ReturnType<typeof start>>
type Running = Started & { remove(): unknown }

function started(databaseUrl: string) {
  const config = readConfig({
    PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1:8787',
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'silent',
    APP_SECRET: 'the same secret on each server, so that both make the same of it',
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    PUBLIC_RATE_LIMIT: '0',
    PARTNER_RATE_LIMIT: '0',
  })
  return start(config, { clock: () => new Date(START), passwordCost: cheap })
}

function asking({ fetch }: Pick<Started, 'fetch'>, { keys }: Pick<Program, 'keys'>): Ask {
  return async (method, path, { as = 'secret', body, raw, headers } = {}) => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const credential: Record<string, string> =
      as === 'admin' ? { authorization: `Bearer ${keys.admin}` } : { 'x-api-key': keys[as] }
    const request = new Request(`http://127.0.0.1:8787${path}`, {
      method,
      headers: {
        ...credential,
        ...(sent !== undefined && { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(sent)}` }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
    })
    const reply = await fetch(request)
    const text = await reply.text()
    return { status: reply.status, text, body: text === '' ? undefined : JSON.parse(text) }
  }
}

async function furnished(server: Started): Promise<Program[]> {
  const login = await asking(server, { keys: { secret: '', publishable: '', admin: '' } })('POST', '/v1/auth/login', {
    body: admin,
  })
  const programs: Program[] = []
  for (let i = 0; i < PROGRAMS; i++) {
    const keys = { admin: login.body.token as string, secret: '', publishable: '' }
    const ask = asking(server, { keys })
    const made = await ask('POST', '/v1/apps', {
      as: 'admin',
      body: { name: 'Acme', siteUrl: 'https://acme.example', currency: 'EUR', mode: 'test' },
    })
    const { id } = made.body
    for (const type of ['secret', 'publishable'] as const)
      keys[type] = (await ask('POST', `/v1/apps/${id}/api-keys`, { as: 'admin', body: { type, name: type } })).body.key
    await ask('PUT', `/v1/apps/${id}/integrations/stripe`, { as: 'admin', body: { webhookSecret: SIGNING_SECRET } })
    const partners: Program['partners'] = []
    for (const slug of ['ann', 'ben']) {
      const partner = await ask('POST', '/api/v1/partners', { body: { email: `${slug}@partners.example`, slug } })
      await ask('PATCH', `/api/v1/partners/${partner.body.id}`, { body: { status: 'active' } })
      partners.push({ id: partner.body.id, slug })
    }
    programs.push({ id, keys, partners })
  }
  return programs
}

async function onPostgres(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
