import { execFile, spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright'
import { read } from '../support/files.ts'
import { admin, asker } from '../support/server.ts'

export const root = join(import.meta.dirname, '..', '..')
const installed = (name: string) => join(root, 'node_modules', name)
const run = promisify(execFile)

/** What `npm publish` would send, and what an app has of it once it is installed. */
export async function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'mislata-package-'))
  await run(process.execPath, [join(root, 'scripts/build.ts'), '--if-stale'], { cwd: root })
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  const tarball = join(folder, readdirSync(folder).find(name => name.endsWith('.tgz')) ?? '')
  await run('tar', ['xzf', tarball, '-C', folder])
  const unpacked = join(folder, 'mislata')
  renameSync(join(folder, 'package'), unpacked)

  return {
    tarball,
    unpacked,
    /** A folder with the package and these others installed, and these files. A name is where the other is found here. */
    app(name: string, packages: Record<string, string>, files: Record<string, string>) {
      const app = join(folder, name)
      cpSync(unpacked, join(app, 'node_modules/mislata'), { recursive: true })
      for (const [as, found] of Object.entries(packages)) {
        mkdirSync(dirname(join(app, 'node_modules', as)), { recursive: true })
        // What React's parts import has to be what the app has, so they are here and not only seem to be.
        if (/^react|^scheduler/.test(as)) cpSync(installed(found), join(app, 'node_modules', as), { recursive: true })
        else symlinkSync(installed(found), join(app, 'node_modules', as))
      }
      for (const [path, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
        mkdirSync(dirname(join(app, path)), { recursive: true })
        writeFileSync(join(app, path), text)
      }
      return app
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export type Packed = Awaited<ReturnType<typeof pack>>

/** The server that is in the package, with nothing else beside it. */
export async function serverIn(unpacked: string, environment: Record<string, string>) {
  const { PATH, HOME } = process.env
  const folder = mkdtempSync(join(tmpdir(), 'mislata-package-data-'))
  const settings = { DATABASE_URL: `sqlite:${join(folder, 'mislata.db')}`, PORT: '0', PUBLIC_RATE_LIMIT: '0' }
  const child = spawn(process.execPath, [join(unpacked, 'dist/server/main.js')], {
    cwd: folder,
    env: { PATH, HOME, ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password, ...settings, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    const listen = (text: Buffer) => {
      said += text
      const [, found] = /"url":"([^"]+)".*Mislata is ready/.exec(said) ?? []
      if (found) resolve(found)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('close', () => reject(new Error(`It ended before it was ready:\n${said}`)))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, ask: asker(() => url), stop }
}

/** A host's site: pages by their path, and what is in a folder beside them. Nobody is signed in. */
export async function siteOf(pages: Record<string, string> = {}) {
  const state = { pages, folder: '' }
  const http = createServer((request, reply) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname
    const page = state.pages[path]
    if (path === '/partner-token') return reply.end()
    if (page !== undefined) return reply.setHeader('content-type', 'text/html; charset=utf-8').end(page)
    try {
      const file = readFileSync(join(state.folder, path))
      reply.setHeader('content-type', extname(path) === '.js' ? 'text/javascript' : 'application/octet-stream').end(file)
    } catch {
      reply.writeHead(path === '/favicon.ico' ? 204 : 404).end()
    }
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const close = () => {
    http.closeAllConnections()
    return new Promise(resolve => http.close(resolve))
  }
  return { state, origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, close }
}

/** A page, and all that its console has: what it logs, and in `faults` whatever it should not have. */
export async function visit(browser: Browser, address: string, before?: (page: Page) => Promise<unknown>) {
  const page = await (await browser.newContext()).newPage()
  const faults: string[] = []
  const logged: string[] = []
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'log') logged.push(message.text())
    if (/error|warning|assert/.test(message.type())) faults.push(message.text())
  })
  page.on('response', reply => reply.status() >= 400 && faults.push(`${reply.status()} ${reply.url()}`))
  await before?.(page)
  await page.goto(address)
  return { page, faults, logged, [Symbol.asyncDispose]: () => page.context().close() }
}

/** The examples of docs/packages.md that name their file, as files. */
export function examples({ server, key }: { server: string; key: string }): Record<string, string> {
  const fences = read('docs/packages.md').matchAll(/^```\w+\n(?:\/\/|<!--) (\S+\.\w+)(?: -->)?\n([\s\S]*?)^```/gm)
  const filled = (text: string) => text.replaceAll('https://partners.example.com', server).replaceAll('mislata_pk_…', key)
  return Object.fromEntries([...fences].map(([, path = '', text = '']) => [path, filled(text)]))
}

/** Vite as the app's own, with the packages that the app has. */
export const vite = (app: string, args: string[], mode = 'production') =>
  run(process.execPath, [join(installed('vite'), 'bin/vite.js'), 'build', '--logLevel', 'warn', '--mode', mode, ...args], {
    cwd: app,
    env: { ...process.env, NODE_ENV: mode },
  })

export const tsc = async (app: string, args: string[]) => {
  const { bin } = JSON.parse(readFileSync(join(installed('typescript'), 'package.json'), 'utf8'))
  const command = [join(installed('typescript'), bin.tsc), '--noEmit', '--pretty', 'false', ...args]
  return run(process.execPath, command, { cwd: app }).then(
    () => '',
    ({ stdout }) => String(stdout),
  )
}

/** A script of the app's, run by Node. */
export const node = (app: string, script: string, environment: Record<string, string> = {}) =>
  run(process.execPath, ['--input-type=module', '--eval', script], { cwd: app, env: { ...process.env, ...environment } })
