import { posix } from 'node:path'
import { type ESTree, parseSync, Visitor } from 'vite'
import { describe, expect, test } from 'vitest'
import { filesIn, read } from './support/files.ts'

// Who may import whom: DESIGN §2, as a table. A room is a folder, or one of the single files of server/.
// What a caller can cause is a Problem wherever it is noticed, so `problem` itself stays clear of HTTP.
const SQL = ['kysely', 'pg', 'node:sqlite']
const HONO = ['hono', 'hono-openapi', '@hono/node-server', '@hono/standard-validator']
const DOOR = ['contract', 'rules', 'store', 'program', 'problem', 'door', 'config']

const rooms: Record<string, { knows: string[]; packages: (name: string) => boolean }> = {
  contract: { knows: ['contract'], packages: only('valibot') },
  rules: { knows: ['rules', 'contract'], packages: only('node:crypto', 'uqr') },
  store: {
    knows: ['store', 'rules', 'contract'],
    packages: name => [...SQL, 'valibot'].includes(name) || name.startsWith('node:'),
  },
  providers: { knows: ['providers', 'rules', 'contract'], packages: except(SQL, HONO) },
  program: { knows: ['program', 'store', 'rules', 'contract', 'providers', 'problem'], packages: except(SQL, HONO) },
  jobs: {
    knows: ['jobs', 'program', 'store', 'rules', 'contract', 'providers', 'problem', 'door', 'config'],
    packages: except(SQL, HONO),
  },
  problem: { knows: ['contract'], packages: only('valibot') },
  config: { knows: ['contract', 'config'], packages: except(SQL, HONO) },
  door: { knows: DOOR, packages: except(SQL) },
  routes: { knows: ['routes', ...DOOR], packages: except(SQL) },
  pages: { knows: ['pages', ...DOOR], packages: except(SQL) },
  app: { knows: ['routes', 'pages', 'jobs', 'providers', ...DOOR], packages: except(SQL) },
  main: { knows: ['main', 'app', 'routes', 'pages', 'jobs', 'providers', ...DOOR], packages: except(SQL) },
  cli: { knows: ['cli', 'main', 'app', 'jobs', 'providers', ...DOOR], packages: except(SQL, HONO) },
  widget: {
    knows: ['widget', 'contract'],
    packages: only('preact', '@preact/signals', '@preact/signals-core', 'valibot', 'react', 'mislata'),
  },
  console: { knows: ['console', 'contract'], packages: only('preact', '@preact/signals', 'valibot') },
  sdk: { knows: ['sdk', 'contract'], packages: only('valibot') },
  snippet: { knows: ['snippet'], packages: only() },
  demo: { knows: ['demo'], packages: except(SQL) },
}

function only(...names: string[]) {
  return (name: string) => names.includes(name)
}

function except(...lists: string[][]) {
  return (name: string) => !lists.flat().includes(name)
}

function roomOf(path: string) {
  const [folder = '', next = '', deeper] = path.split('/')
  if (folder !== 'server') return folder
  if (deeper) return next === 'openapi' ? 'door' : next
  const file = next.replace(/\.tsx?$/, '')
  if (file === 'clock') return 'config'
  if (file === 'start' || file === 'listen') return 'main'
  return ['app', 'main', 'config', 'problem'].includes(file) ? file : 'door'
}

function packageOf(specifier: string) {
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** What is wrong with one file, in words; nothing where it keeps to the rules. */
function faults({ path, source }: { path: string; source: string }) {
  const found: string[] = []
  const room = roomOf(path)
  const rule = rooms[room]
  if (!rule) return [`${path} stands in a room that has no rule`]
  if (/^(utils?|helpers?|managers?)\.tsx?$|[-.](utils?|helpers?|manager)\.tsx?$/i.test(posix.basename(path)))
    found.push('its name says nothing')
  const { program } = parseSync(path, source)
  for (const specifier of imports(program)) {
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined
    const ok = target ? target.endsWith('.css') || rule.knows.includes(roomOf(target)) : rule.packages(packageOf(specifier))
    if (!ok) found.push(`${room} imports ${target ?? specifier}`)
  }
  if (room === 'rules') found.push(...[...impurities(program, source)].map(name => `rules use ${name}`))
  if (/\/index\.tsx?$/.test(path) && program.body.every(reexports)) found.push('an index that only re-exports')
  return found
}

function imports(program: ESTree.Program) {
  const found: string[] = []
  new Visitor({
    ImportDeclaration: node => void found.push(node.source.value),
    ExportAllDeclaration: node => void found.push(node.source.value),
    ExportNamedDeclaration: node => void (node.source && found.push(node.source.value)),
    TSImportType: node => void found.push(node.source.value),
    ImportExpression: node => void (node.source.type === 'Literal' && found.push(String(node.source.value))),
  }).visit(program)
  return found
}

// No clock, no chance, no outside: `now` and whatever is random are arguments.
const IMPURE =
  /^(Date\.now|Date\(\)|new Date\(\)|Math\.random|fetch\(\)|(process|performance|globalThis)\b|(import |crypto\.)(random|getRandom))/

function impurities(program: ESTree.Program, source: string) {
  const phrases: string[] = []
  const text = (node: ESTree.Span) => source.slice(node.start, node.end)
  new Visitor({
    MemberExpression: node => void phrases.push(text(node)),
    CallExpression: node => void phrases.push(`${text(node.callee)}()`),
    NewExpression: node => void (node.arguments.length || phrases.push(`new ${text(node.callee)}()`)),
    ImportSpecifier: node => void phrases.push(`import ${text(node.imported)}`),
  }).visit(program)
  return new Set(phrases.map(phrase => IMPURE.exec(phrase)?.[0]).filter(phrase => phrase !== undefined))
}

function reexports(node: ESTree.Program['body'][number]) {
  return node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && !!node.source)
}

describe('Every file keeps to its room', () => {
  test.each(filesIn('snippet', 'widget', 'console', 'server', 'sdk', 'demo').filter(path => /\.tsx?$/.test(path)))('%s', path => {
    expect(faults({ path, source: read(path) })).toEqual([])
  })
})

describe('A file that does not is found', () => {
  test.each([
    ['server/contract/a.ts', `import { hash } from 'node:crypto'`],
    ['server/contract/a.ts', `import { rate } from '../rules/rate.ts'`],
    ['server/rules/a.ts', `import * as v from 'valibot'`],
    ['server/rules/a.ts', `import { db } from '../store/database.ts'`],
    ['server/rules/a.ts', `export const now = () => Date.now()`],
    ['server/rules/a.ts', `export const now = () => new Date()`],
    ['server/rules/a.ts', `export const now = () => Date()`],
    ['server/rules/a.ts', `export const now = () => performance.now()`],
    ['server/rules/a.ts', `export const pick = () => Math.random()`],
    ['server/rules/a.ts', `export const id = () => crypto.randomUUID()`],
    ['server/rules/a.ts', `import { randomBytes } from 'node:crypto'`],
    ['server/rules/a.ts', `export const ask = () => fetch('https://example.com')`],
    ['server/rules/a.ts', `export const port = process.env.PORT`],
    ['server/rules/a.ts', `export const ask = () => globalThis.fetch('https://example.com')`],
    ['server/store/a.ts', `import { Hono } from 'hono'`],
    ['server/store/a.ts', `import { decide } from '../program/applications.ts'`],
    ['server/program/a.ts', `import { sql } from 'kysely'`],
    ['server/program/a.ts', `import type { Context } from 'hono'`],
    ['server/program/a.ts', `import { app } from '../app.ts'`],
    ['server/program/a.ts', `type Query = import('kysely').Kysely<never>`],
    ['server/providers/a.ts', `import { partners } from '../store/partners.ts'`],
    ['server/jobs/a.ts', `import { cors } from 'hono/cors'`],
    ['server/jobs/a.ts', `import { clicks } from '../routes/referrals.ts'`],
    ['server/routes/v1/a.ts', `import { DatabaseSync } from 'node:sqlite'`],
    ['server/routes/v1/a.ts', `import { stripe } from '../../providers/stripe.ts'`],
    ['server/routes/v1/a.ts', `import { app } from '../../app.ts'`],
    ['server/routes/v1/a.ts', `export const later = () => import('pg')`],
    ['server/pages/a.ts', `import { clicks } from '../routes/referrals.ts'`],
    ['server/problem.ts', `import { HTTPException } from 'hono/http-exception'`],
    ['server/config.ts', `import { Hono } from 'hono'`],
    ['server/auth.ts', `import { Pool } from 'pg'`],
    ['server/auth.ts', `import { clicks } from './routes/referrals.ts'`],
    ['server/app.ts', `import { main } from './main.ts'`],
    ['server/cli/a.ts', `import { DatabaseSync } from 'node:sqlite'`],
    ['server/program/a.ts', `import { run } from '../cli/run.ts'`],
    ['server/unknown/a.ts', ''],
    ['widget/a.tsx', `import { key } from '../server/auth.ts'`],
    ['widget/a.tsx', `import { format } from 'date-fns'`],
    ['widget/a.tsx', `import { send } from '../sdk/index.ts'`],
    ['console/a.tsx', `import { key } from '../server/auth.ts'`],
    ['console/a.tsx', `import { Amount } from '../widget/views/parts.tsx'`],
    ['console/a.tsx', `import Router from 'preact-router'`],
    ['sdk/a.ts', `export { byCode } from '../server/store/partners.ts'`],
    ['snippet/a.ts', `import { line } from '../server/contract/text.ts'`],
    ['demo/a.ts', `import '../widget/index.ts'`],
    ['demo/a.ts', `export * from '../sdk/index.ts'`],
    ['server/routes/utils.ts', ''],
    ['widget/date-helpers.ts', ''],
    ['server/key.manager.ts', ''],
    ['server/program/index.ts', `export * from './clicks.ts'\nexport { a } from './referrals.ts'`],
  ])('%s: %s', (path, source) => {
    expect(faults({ path, source })).toHaveLength(1)
  })
})

test('What a file may do is not taken for a fault', () => {
  const rule = `import { createHmac } from 'node:crypto'\nexport const at = (now: string) => new Date(now) // not Date.now()`
  expect(faults({ path: 'server/rules/a.ts', source: rule })).toEqual([])
  expect(
    faults({ path: 'widget/views/a.tsx', source: `import css from '../style.css?inline'\nexport const a = <p>fetch()</p>` }),
  ).toEqual([])
  expect(
    faults({ path: 'server/routes/v1/a.ts', source: `import { Hono } from 'hono'\nimport { x } from '../../problem.ts'` }),
  ).toEqual([])
})
