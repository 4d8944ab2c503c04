import { execFile, spawn } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { read } from '../support/files.ts'
import { freePort } from '../support/free-port.ts'
import { root } from './support.ts'

// No image is built here: what the Dockerfile says is held against the tree, and what it runs is run as laid out there.
vi.setConfig({ testTimeout: 120_000 })

const instructions = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter(Boolean)
  .map(line => {
    const [word = '', ...rest] = line.split(' ')
    return { word, rest: rest.join(' ').trim() }
  })
const stages = instructions.reduce<(typeof instructions)[]>((all, each) => {
  if (each.word === 'FROM') all.push([])
  all.at(-1)?.push(each)
  return all
}, [])
const [build = [], image = []] = stages
const of = (stage: typeof instructions, word: string) => stage.filter(each => each.word === word).map(each => each.rest)
const copied = (stage: typeof instructions) => of(stage, 'COPY').map(rest => rest.split(/\s+/))

test('Each path that the Dockerfile copies is there, is let through by .dockerignore, and no other is', () => {
  const sources = [...copied(build), ...copied(image)]
    .filter(([first]) => !first?.startsWith('--from'))
    .flatMap(each => each.slice(0, -1))
  expect(sources.filter(path => !existsSync(join(root, path)))).toEqual([])
  const [all, ...shown] = read('.dockerignore').trim().split('\n')
  expect(all).toBe('*')
  expect(shown.map(each => each.slice(1)).sort()).toEqual([...new Set(sources)].sort())
  expect(copied(image)).toContainEqual(['--from=build', '/app/dist', 'dist'])
  // Whoever runs it is nobody in particular, and the data are not in the image.
  expect([of(image, 'USER'), of(image, 'VOLUME')]).toEqual([['node'], ['/data']])
  expect(of(build, 'RUN')).toEqual(['npm ci --ignore-scripts', 'node scripts/build.ts'])
})

test('What the image runs gets ready as another account, with nothing to write to but its data, and answers its health check', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mislata-image-'))
  const app = join(folder, 'app')
  const data = join(folder, 'data')
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build.ts'), '--if-stale'], { cwd: root })
  mkdirSync(app)
  for (const each of copied(image)) {
    const from = each[0]?.startsWith('--from') ? ['dist'] : each.slice(0, -1)
    for (const path of from) cpSync(join(root, path), join(app, path), { recursive: true })
  }
  mkdirSync(data)
  const asRoot = process.getuid?.() === 0
  const uid = 65_534
  if (asRoot) chownSync(data, uid, uid)
  for (const path of [folder, app, ...readdirSync(app, { recursive: true }).map(name => join(app, String(name)))])
    chmodSync(path, statSync(path).isDirectory() ? 0o555 : 0o444)

  const told = Object.fromEntries(
    of(image, 'ENV').flatMap(rest => rest.split(/\s+/).map(each => each.split('=') as [string, string])),
  )
  const port = await freePort()
  const environment = { ...told, HOST: '127.0.0.1', PORT: String(port), DATABASE_URL: told.DATABASE_URL?.replace('/data', data) }
  expect(told).toMatchObject({ HOST: '0.0.0.0', DATABASE_URL: 'sqlite:/data/mislata.db' })
  const [, ...flags] = JSON.parse(of(image, 'ENTRYPOINT')[0] ?? '[]')
  const run = (...args: string[]) =>
    spawn(process.execPath, [...flags, ...args], { cwd: app, env: environment, stdio: 'pipe', ...(asRoot && { uid, gid: uid }) })
  const server = run(...JSON.parse(of(image, 'CMD')[0] ?? '[]'))
  onTestFinished(() => void server.kill('SIGKILL'))
  let said = ''
  server.stderr.on('data', text => (said += text))
  const ended = new Promise<number | null>(resolve => server.on('close', resolve))
  const [, path] = /http:\/\/127\.0\.0\.1:\$\{PORT\}(\/\w+)/.exec(of(image, 'HEALTHCHECK')[0] ?? '') ?? []
  await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null))?.status).toBe(200)
  const script = await fetch(`http://127.0.0.1:${port}/m.js`)
  expect(script.status).toBe(200)

  const doctor = run('doctor', '--json')
  let report = ''
  doctor.stdout.on('data', text => (report += text))
  await new Promise(resolve => doctor.on('close', resolve))
  const databases = JSON.parse(report).findings.filter((each: { about: string }) => each.about === 'database')
  expect(databases.filter((each: { level: string }) => each.level === 'wrong')).toEqual([])
  expect(databases.length).toBeGreaterThan(2)

  server.kill('SIGTERM')
  expect(await ended, said).toBe(0)
  expect(readdirSync(data).sort()).toEqual(['mislata.db', 'mislata.db-lock', 'mislata.db-lock.txt', 'mislata.db-secret'])
})

test('compose.yaml sets nothing that is not read, and what has to be kept secret comes from outside', () => {
  const compose = read('compose.yaml')
  const documented = new Set([...read('docs/configuration.md').matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name))
  const [, own = ''] = /\n {4}environment:\n((?: {6}.*\n)+)/.exec(compose) ?? []
  const names = [...own.matchAll(/^ {6}([A-Z_]+):/gm)].map(([, name]) => name)
  expect(names).toContain('DATABASE_URL')
  expect(names.filter(name => !documented.has(name))).toEqual([])
  for (const name of ['APP_SECRET', 'POSTGRES_PASSWORD', 'PUBLIC_URL']) expect(compose).toContain(`\${${name}:?`)
})
