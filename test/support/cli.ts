import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** What the command `mislata` is. */
export const cliEntry = fileURLToPath(new URL('../../server/cli/index.ts', import.meta.url))

export type Ended = { code: number | null; out: string; err: string }

/** The command line as an operator has it, with nothing of this process's environment but where programs are. */
export function mislata(environment: Record<string, string>, ...args: string[]) {
  return withInput('', environment, ...args)
}

/** The same, with something on its standard input. */
export function withInput(input: string, environment: Record<string, string>, ...args: string[]) {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [cliEntry, ...args], { env: { PATH, HOME, ...environment }, stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return new Promise<Ended>(resolve => {
    const said = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', text => (said.out += text))
    child.stderr.setEncoding('utf8').on('data', text => (said.err += text))
    child.on('close', code => resolve({ code, ...said }))
    child.stdin.on('error', () => {}).end(input)
  })
}
