import { Script } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildSnippet } from './support.ts'

const MOST = 700

test(`The snippet weighs at most ${MOST} bytes on the wire`, async () => {
  const built = await buildSnippet()
  const weight = gzipSync(built, { level: 9 }).length
  console.log(`snippet: ${built.length} bytes, ${weight} gzipped`)
  expect(weight).toBeLessThanOrEqual(MOST)
})

test('It is one classic script: it compiles as such, and declares nothing that the page could see', async () => {
  const source = (await buildSnippet()).toString()
  expect(() => new Script(source)).not.toThrow()
  expect(source).toMatch(/^try\{.*\}catch\(e\)\{\}\s*$/s)
  expect(source).not.toMatch(/\bimport\b|\bexport\b|\beval\b|\bFunction\b|\.style\b|innerHTML/)
})
