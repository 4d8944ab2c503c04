import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, inject, test } from 'vitest'
import { LANGUAGES } from './languages.ts'

// What a visitor's connection carries for each thing that a page may show, in one language, in bytes as gzip makes them.
// A figure here is what was reached, rounded up: it may be lowered, and raised only
// for a reason.
const start = ['core', 'widget', 'en']
const loaded = {
  'the form and the states': { needs: start, limit: 17.4 },
  'the dashboard with all of its tabs': { needs: [...start, 'account', 'dashboard', 'en-partner'], limit: 36.2 },
  'a customer’s referrals': { needs: [...start, 'account', 'refer', 'en-customer'], limit: 24.3 },
}

const folder = inject('widgetFolder')
const files = readdirSync(folder).map(name => ({ name, bytes: readFileSync(join(folder, name)) }))
const sizes = files.map(({ name, bytes }) => ({
  name: name.replace(/(-[\w-]{8})?\.js$/, ''),
  bytes: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes).length,
}))

test('Each file holds what some pages need, and no page loads what it does not show', () => {
  console.table(sizes)
  const code = ['account', 'core', 'dashboard', 'own', 'refer', 'widget']
  const said = LANGUAGES.flatMap(lang => [lang, `${lang}-partner`, `${lang}-customer`])
  expect(sizes.map(({ name }) => name).toSorted()).toEqual([...code, ...said].toSorted())
})

test.each(Object.entries(loaded))('What %s takes to load is bounded', (what, { needs, limit }) => {
  const found = sizes.filter(({ name }) => needs.includes(name))
  expect(found).toHaveLength(needs.length)
  const kilobytes = found.reduce((sum, { gzip }) => sum + gzip / 1024, 0)
  console.log(`${what}: ${kilobytes.toFixed(1)} KB`)
  expect(kilobytes).toBeLessThanOrEqual(limit)
})

test('No sentence is in what every page loads: each language comes for those who read it', () => {
  const code = files.filter(({ name }) => /^(core|widget|account|dashboard|own|refer)\b/.test(name))
  for (const { name, bytes } of code) expect(bytes.toString(), name).not.toMatch(/Your link|Become a partner|Latest earnings/)
})

test('Nothing is carried that nobody reads: no comments, no blank lines in the style, no validator', () => {
  // `~standard` is what a validator's schemas are known by.
  const idle = /\/\*|\n\s+[.:@a-z]|valibot|~standard|__vitePreload/g
  for (const { name, bytes } of files) expect(bytes.toString().match(idle), name).toBeNull()
})

test('Importing it where there is no page does nothing', async () => {
  const url = JSON.stringify(join(folder, 'widget.js'))
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', `await import(${url}); console.log('fine')`],
    {
      cwd: import.meta.dirname,
    },
  )
  expect([stdout.trim(), stderr.replace(/.*MODULE_TYPELESS[\s\S]*/, '')]).toEqual(['fine', ''])
})
