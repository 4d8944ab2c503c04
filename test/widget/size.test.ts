import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWidget } from './support.ts'

// What a visitor's connection carries for each thing that a page may show, in bytes as gzip makes them. Preact and signals
// are 7.2 KB of each. A figure here is what was reached, rounded up: it may be lowered, and raised only for a reason.
const loaded = {
  'the form and the states': { files: ['core', 'widget'], limit: 16.6 },
  'the dashboard as it opens': { files: ['core', 'widget', 'account', 'dashboard'], limit: 27.5 },
  'the dashboard with all of its tabs': { files: ['core', 'widget', 'account', 'dashboard', 'sections'], limit: 35 },
  'a customer’s referrals': { files: ['core', 'widget', 'account', 'refer'], limit: 23.1 },
}

let built: Awaited<ReturnType<typeof buildWidget>>
beforeAll(async () => {
  built = await buildWidget()
})
afterAll(() => built[Symbol.dispose]())

const files = () => readdirSync(built.folder).map(name => ({ name, bytes: readFileSync(join(built.folder, name)) }))
const gzipped = (bytes: Buffer) => gzipSync(bytes, { level: 9 }).length

const named = () =>
  files().map(({ name, bytes }) => ({
    name: name.replace(/(-[\w-]{8})?\.js$/, ''),
    bytes: bytes.length,
    gzip: gzipped(bytes),
    brotli: brotliCompressSync(bytes).length,
  }))

test('Each file holds what some pages need, and no page loads what it does not show', () => {
  const all = named()
  console.table(all)
  expect(all.map(({ name }) => name)).toEqual(['account', 'core', 'dashboard', 'refer', 'sections', 'widget'])
})

test.each(Object.entries(loaded))('What %s takes to load is bounded', (what, { files, limit }) => {
  const kilobytes = named()
    .filter(({ name }) => files.includes(name))
    .reduce((sum, { gzip }) => sum + gzip / 1024, 0)
  console.log(`${what}: ${kilobytes.toFixed(1)} KB`)
  expect(kilobytes).toBeLessThanOrEqual(limit)
})

test('Nothing is carried that nobody reads: no comments, no blank lines in the style, no validator', () => {
  // `~standard` is what a validator's schemas are known by.
  const idle = /\/\*|\n\s+[.:@a-z]|valibot|~standard|__vitePreload/g
  for (const { name, bytes } of files()) expect(bytes.toString().match(idle), name).toBeNull()
})

test('Importing it where there is no page does nothing', async () => {
  const url = JSON.stringify(join(built.folder, 'widget.js'))
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', `await import(${url}); console.log('fine')`],
    {
      cwd: import.meta.dirname,
    },
  )
  expect([stdout.trim(), stderr.replace(/.*MODULE_TYPELESS[\s\S]*/, '')]).toEqual(['fine', ''])
})
