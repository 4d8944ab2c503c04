import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Point } from './points.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const preload = fileURLToPath(new URL('preload.ts', import.meta.url))
const LEASE_MS = 61_000
const BUSY = /timeout exceeded when trying to connect|Connection terminated due to connection timeout|lock timeout/

export const admin = { email: 'admin@example.com', password: 'correct horse battery' }

/** The built server, apart: a build that somebody starts meanwhile does not change what is being tested. */
export function builtServer(folder: string) {
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  return join(folder, 'dist/server/main.js')
}

// What `npm start` tells Node.
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const flags: string[] = scripts.start.match(/--[\w-]+=\d+/g) ?? []

type Running = { child: ChildProcess; url: string; ended: Promise<void>; output: () => string }

/**
 * One or two servers on one database, which are killed and started again. Their clock is moved on whenever one has died,
 * by as long as the leases last that it may have left.
 */
export function installation(wanted: {
  main: string
  database: string
  folder: string
  servers: string[]
  providersUrl: string
}) {
  const { main, database, folder, servers, providersUrl } = wanted
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'control.json')
  let aheadMs = 0
  let kill: (Point & { server: string; id: number }) | null = null
  let kills = 0
  const write = () => {
    writeFileSync(`${file}.next`, JSON.stringify({ aheadMs, kill }))
    renameSync(`${file}.next`, file)
  }
  write()

  const running = new Map<string, Running>()
  const waiting = new Set<() => void>()

  function spawned(name: string) {
    const { PATH, HOME } = process.env
    const child = spawn(process.execPath, ['--import', preload, ...flags, main], {
      env: {
        ...{ PATH, HOME, PORT: '0', DATABASE_URL: database, LOG_LEVEL: 'info', TRUSTED_PROXIES: '127.0.0.1' },
        ...{ PUBLIC_RATE_LIMIT: '0', PARTNER_RATE_LIMIT: '0', ALLOW_PRIVATE_WEBHOOKS: '1', PAYOUT_PROVIDERS_URL: providersUrl },
        ...{ NODE_COMPILE_CACHE: join(folder, '../cache'), CRASH_CONTROL: file, CRASH_NAME: name },
        ...{ ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', text => (output += text))
    child.stderr.setEncoding('utf8').on('data', text => (output += text))
    const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
    return { child, ended, output: () => output }
  }

  /** Its process, once it is ready; undefined where it was killed on the way. Throws where it ended for any other reason. */
  async function begun(name: string): Promise<Running | undefined> {
    const own = spawned(name)
    const url = await new Promise<string | undefined>(resolve => {
      own.child.stdout.on('data', () => {
        const line = own.output().match(/"url":"([^"]+)"[^\n]*Mislata is ready/)
        if (line) resolve(line[1])
      })
      own.ended.then(() => resolve(undefined))
    })
    if (url !== undefined) return { ...own, url }
    if (own.child.signalCode !== 'SIGKILL') throw new Error(`A server ended by itself:\n${own.output()}`)
    return undefined
  }

  return {
    servers,
    /** What time it is there. */
    now: () => new Date(Date.now() + aheadMs),
    /** Lets the leases run out that somebody has left. */
    pass(ms = LEASE_MS) {
      aheadMs += ms
      write()
    },
    /** From now on this server dies at this point. */
    arm(server: string, point: Point | null) {
      rmSync(`${file}.died`, { force: true })
      kill = point && { ...point, server, id: ++kills }
      write()
    },
    /** True where it has died at the point that it was armed for. */
    hasDied: () => existsSync(`${file}.died`),
    async start(name: string) {
      const began = await begun(name)
      if (!began) return false
      running.set(name, began)
      began.ended.then(() => running.get(name) === began && running.delete(name))
      for (const go of waiting) go()
      waiting.clear()
      return true
    },
    /** Resolves when it is no more. */
    ended: (name: string) => running.get(name)?.ended ?? Promise.resolve(),
    async kill(name: string) {
      const { child, ended } = running.get(name) ?? {}
      if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(child.pid, 'SIGKILL')
      await ended
    },
    urls: () => [...running.values()].map(each => each.url),
    /** Where to ask: any of those that run, once one does. */
    async url(one: <T>(all: readonly T[]) => T): Promise<string> {
      while (!running.size) await new Promise<void>(resolve => waiting.add(resolve))
      return one([...running.values()]).url
    },
    /** What those that run have complained of, but for a database that is too busy to let them in. */
    complaints: () =>
      [...running.values()].flatMap(each =>
        each
          .output()
          .split('\n')
          .filter(line => /"level":"(error|fatal)"/.test(line) && !BUSY.test(line)),
      ),
    async stop() {
      for (const name of servers) await this.kill(name)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Installation = ReturnType<typeof installation>
