import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { guide } from './guide.ts'
import { open } from './open.ts'

const FOLDER = 'data/demo'
const READY_WITHIN_MS = 20_000
const port = Number(process.env.PORT || 8787)
const first = Number(process.env.DEMO_PORT || 8788)
const ports = { kilnhouse: first, hexrack: first + 1, warraq: first + 2 }
const api = `http://127.0.0.1:${port}`
const admin = { email: 'admin@example.com', password: 'demo-admin-password' }

await run().catch((error: Error) => {
  console.error(`The demonstration cannot run: ${error.message}`)
  process.exitCode = 1
})

async function run() {
  await Promise.all([port, ...Object.values(ports)].map(mustBeFree))
  mkdirSync(FOLDER, { recursive: true })
  const server = startServer()
  let running: Awaited<ReturnType<typeof open>> | undefined
  const ended = new Promise<'ended'>(resolve => server.once('exit', () => resolve('ended')))
  const asked = new Promise<'asked'>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('asked'))
  })

  async function begin() {
    await ready(server)
    running = await open({ api, admin, ports, folder: FOLDER })
    console.log(guide({ api, sites: running.sites, admin, keysFile: `${FOLDER}/keys.json` }))
    return new Promise<never>(() => {})
  }

  try {
    const reason = await Promise.race([asked, ended, begin()])
    if (reason === 'ended') throw new Error('the server has ended by itself; what it said stands above')
  } finally {
    await running?.close()
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
      PORT: String(port),
      PUBLIC_URL: api,
      DATABASE_URL: `sqlite:./${FOLDER}/mislata.db`,
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
