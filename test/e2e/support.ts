import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { dropDatabase, freshDatabase } from '../support/postgres.ts'

export const admin = { email: 'admin@example.com', password: 'correct horse battery' }

/** The server as its operator has it: `npm start`, on a database that outlives it. */
export async function installation(engine: 'sqlite' | 'postgres', environment: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mislata-e2e-'))
  const database = engine === 'sqlite' ? `sqlite:${join(folder, 'mislata.db')}` : await freshDatabase(inject('postgresUrl'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    PORT: String(port),
    DATABASE_URL: database,
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    LOG_LEVEL: 'warn',
    ...environment,
  }
  let running: Awaited<ReturnType<typeof npmStart>> | undefined

  return {
    url,
    async start() {
      running = await npmStart(env, url)
    },
    /** Ends it as a power cut would: no signal that it could catch. */
    async kill() {
      await running?.end('SIGKILL')
    },
    /** All that the current process has printed. */
    output: () => running?.output() ?? '',
    async remove() {
      await running?.end('SIGTERM')
      if (engine === 'postgres') await dropDatabase(database)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function npmStart(env: NodeJS.ProcessEnv, url: string) {
  // A group of its own, so that npm, its shell and the server end together.
  const child = spawn('npm', ['start'], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', chunk => (output += chunk))
  child.stderr.on('data', chunk => (output += chunk))
  let hasEnded = false
  const ended = new Promise<void>(resolve =>
    child.on('close', () => {
      hasEnded = true
      resolve()
    }),
  )
  for (;;) {
    if (hasEnded) throw new Error(`npm start ended by itself:\n${output}`)
    const reply = await fetch(`${url}/readyz`).catch(() => undefined)
    if (reply?.ok) break
    await new Promise(resolve => setImmediate(resolve))
  }
  return {
    output: () => output,
    async end(signal: 'SIGTERM' | 'SIGKILL') {
      if (!hasEnded && child.pid) process.kill(-child.pid, signal)
      await ended
    },
  }
}

/** Asks the API as JSON. */
export function client(url: string) {
  return async (method: string, path: string, { body, ...headers }: { body?: unknown } & Record<string, unknown> = {}) => {
    const reply = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const answer = await reply.json()
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(answer)}`)
    return answer
  }
}

export { freePort }
