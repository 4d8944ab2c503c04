import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { guide } from './guide.ts'
import { host } from './host.ts'
import { type Keys, seed } from './seed.ts'

const ports = { server: Number(process.env.PORT || 8787), site: Number(process.env.DEMO_PORT || 8788) }
const api = `http://127.0.0.1:${ports.server}`
const siteUrl = `http://localhost:${ports.site}`
const admin = { email: 'admin@example.com', password: 'demo-admin-password' }
const KEYS = 'data/demo.json'
const READY_WITHIN_MS = 20_000

await run().catch((error: Error) => {
  console.error(`The demonstration cannot run: ${error.message}`)
  process.exitCode = 1
})

async function run() {
  await Promise.all([mustBeFree(ports.server), mustBeFree(ports.site)])
  const server = startServer()
  let site: Awaited<ReturnType<typeof host>> | undefined
  const ended = new Promise<'ended'>(resolve => server.once('exit', () => resolve('ended')))
  const asked = new Promise<'asked'>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('asked'))
  })

  async function open() {
    await ready(server)
    const seeded = await seed({ api, siteUrl, adminEmail: admin.email, adminPassword: admin.password, known: readKeys() })
    const { appId, secretKey, publishableKey, people } = seeded
    writeKeys({ appId, secretKey, publishableKey })
    site = await host({ port: ports.site, api, secretKey, publishableKey, file: 'data/demo-site.json', people })
    console.log(guide({ api, siteUrl: site.url, appId, admin, keysFile: KEYS }))
    return new Promise<never>(() => {})
  }

  try {
    const first = await Promise.race([asked, ended, open()])
    if (first === 'ended') throw new Error('the server has ended by itself; what it said stands above')
  } finally {
    await site?.close()
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGTERM')
    await ended
  }
}

function startServer() {
  return spawn(process.execPath, [fileURLToPath(new URL('../server/main.ts', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(ports.server),
      PUBLIC_URL: api,
      DATABASE_URL: 'sqlite:./data/demo.db',
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      LOG_LEVEL: 'warn',
    },
  })
}

async function ready(server: ChildProcess) {
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; ) {
    if (server.exitCode !== null) throw new Error('the server did not start; what it said stands above')
    const answer = await fetch(`${api}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`the server was not ready within ${READY_WITHIN_MS / 1000} seconds`)
}

async function mustBeFree(port: number) {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', () =>
      reject(new Error(`port ${port} is taken. End what uses it, or choose others by PORT and DEMO_PORT`)),
    )
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

function readKeys(): Keys | undefined {
  try {
    return JSON.parse(readFileSync(KEYS, 'utf8')) as Keys
  } catch {
    // The first start, or a file that was deleted or damaged: new keys are made.
    return undefined
  }
}

function writeKeys(keys: Keys) {
  mkdirSync('data', { recursive: true })
  writeFileSync(KEYS, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
}
