import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWidget } from './support.ts'

// What a visitor's connection carries. Preact and signals are 6.6 KB of it.
const FIRST_LIMIT = 16.5 * 1024
const WHOLE_LIMIT = 24 * 1024

let built: Awaited<ReturnType<typeof buildWidget>>
beforeAll(async () => {
  built = await buildWidget()
})
afterAll(() => built[Symbol.dispose]())

const files = () => readdirSync(built.folder).map(name => ({ name, bytes: readFileSync(join(built.folder, name)) }))
const gzipped = (bytes: Buffer) => gzipSync(bytes, { level: 9 }).length

test('The form and the states are small, and the dashboard comes only to those who have one', () => {
  const all = files().map(({ name, bytes }) => ({
    name,
    bytes: bytes.length,
    gzip: gzipped(bytes),
    brotli: brotliCompressSync(bytes).length,
  }))
  console.table(all)
  expect(all.map(({ name }) => name.replace(/-[\w-]{8}\.js$/, ''))).toEqual(['core', 'dashboard', 'widget.js'])
  const sum = (of: typeof all) => of.reduce((total, file) => total + file.gzip, 0)
  expect(sum(all.filter(({ name }) => !name.startsWith('dashboard')))).toBeLessThanOrEqual(FIRST_LIMIT)
  expect(sum(all)).toBeLessThanOrEqual(WHOLE_LIMIT)
})

test('Nothing is carried that nobody reads: no comments, no blank lines in the style, no validator', () => {
  const idle = /\/\*|\n\s+[.:@a-z]|valibot|__vitePreload/g
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
