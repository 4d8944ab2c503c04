import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { asker } from './server.ts'

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))

/**
 * The server as a process of its own, for what only a process can show: its output, its signals, how it ends. It is
 * gone when the test is, however that ends, or when it is said to `atEnd`.
 */
export function serverProcess(
  environment: Record<string, string>,
  flags: string[] = [],
  atEnd: (end: () => Promise<void>) => void = onTestFinished,
) {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [...flags, main], {
    env: { PATH, HOME, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { out: '', err: '' }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve => {
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  /** The first line of its log that says this; fails where it ends without having said it. */
  const line = (message: string) =>
    new Promise<Record<string, string>>((resolve, reject) => {
      const look = () => {
        const found = logLines(output.out).find(each => each.msg?.includes(message))
        if (found) resolve(found)
      }
      child.stdout.on('data', look)
      look()
      ended.then(() => reject(new Error(`It ended without saying "${message}":\n${output.out}${output.err}`)))
    })
  child.stdout.setEncoding('utf8').on('data', text => (output.out += text))
  child.stderr.setEncoding('utf8').on('data', text => (output.err += text))
  const kill = (signal: NodeJS.Signals) => child.kill(signal)
  const end = (signal: NodeJS.Signals) => {
    kill(signal)
    return ended
  }
  /** Its address, once it can be asked. */
  const ready = async () => (await line('ready')).url as string
  atEnd(() => end('SIGKILL').then(() => {}))
  return { output, ended, line, kill, end, ready }
}

function logLines(text: string): Record<string, string>[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter(each => each.startsWith('{'))
    .map(each => JSON.parse(each))
}

/** The same, once it is ready to be asked. */
export async function readyProcess(environment: Record<string, string>) {
  const process = serverProcess(environment)
  const address = await process.ready()
  return { ...process, address, ask: asker(() => address) }
}

/** What a server says that refuses to start: one line, on standard error, and 78 for "configuration". */
export async function complaint(environment: Record<string, string>) {
  const { output, ended } = serverProcess(environment)
  const { code, signal } = await ended
  const lines = output.err.trimEnd().split('\n')
  const how = { code, signal, lines: lines.length, out: output.out }
  expect(how, output.err).toEqual({ code: 78, signal: null, lines: 1, out: '' })
  return lines[0] as string
}
