import { type ChildProcess, fork, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '..')
const PATIENCE_MS = 20_000

export const admin = { email: 'admin@example.com', password: 'correct horse battery' }

export type Running = {
  url: string
  pid: number
  /** From the start of the process until it said that its database answers. */
  readyMs: number
  /** Waits for its end. `SIGKILL` gives it no chance to save anything. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** The baseline; see bare.ts. */
export async function startBare(): Promise<Running> {
  const startedAt = performance.now()
  const child = fork(join(root, 'bench/bare.ts'))
  const { url } = await new Promise<{ url: string }>((resolve, reject) => {
    child.once('message', message => resolve(message as { url: string }))
    child.once('exit', code => reject(new Error(`The baseline ended with ${code}`)))
  })
  return { url, pid: child.pid ?? 0, readyMs: performance.now() - startedAt, stop: stopper(child) }
}

/** The real server on a database, as a process of its own; `command` is how a person would start it. */
export async function startServer(databaseUrl: string, command = withoutNpm()): Promise<Running> {
  const startedAt = performance.now()
  const [name = '', ...args] = command
  const child = spawn(name, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    // npm hands signals on, but not SIGKILL; a group of its own can be ended as a whole.
    detached: true,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: databaseUrl,
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      PUBLIC_RATE_LIMIT: '0',
      TRUSTED_PROXIES: '127.0.0.1',
    },
  })
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`${command.join(' ')} was not ready in ${PATIENCE_MS / 1_000} s`)),
      PATIENCE_MS,
    )
    createInterface({ input: child.stdout }).on('line', line => {
      const found = /"url":"([^"]+)"/.exec(line)
      if (!found?.[1]) return
      clearTimeout(late)
      resolve(found[1])
    })
    child.once('exit', code => reject(new Error(`${command.join(' ')} ended with ${code}`)))
  })
  while (!(await fetch(`${url}/readyz`)).ok && performance.now() - startedAt < PATIENCE_MS) {}
  return { url, pid: child.pid ?? 0, readyMs: performance.now() - startedAt, stop: stopper(child, true) }
}

/** What `npm start` comes to, without npm and its shell. */
function withoutNpm() {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [, rest = ''] = /\bnode (.+)$/.exec(scripts.start) ?? []
  return [process.execPath, ...rest.split(' ')]
}

/** Processor time that a process with all its threads has used, in ms; nothing where the system does not say. */
export function cpuOf({ pid }: Running) {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return null
  // The name comes second, in brackets, and may have spaces in it.
  const [, rest = ''] = readFileSync(file, 'latin1').split(') ')
  const ticks = rest.split(' ')
  return (Number(ticks[11]) + Number(ticks[12])) * 10
}

/** Resident memory of a process in MB, now and at its highest; nothing where the system does not say. */
export function memoryOf({ pid }: Running) {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return null
  const status = readFileSync(file, 'utf8')
  const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
  return { now: mb('VmRSS'), highest: mb('VmHWM') }
}

function stopper(child: ChildProcess, group = false) {
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  return async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null && child.pid) process.kill(group ? -child.pid : child.pid, signal)
    await ended
  }
}
