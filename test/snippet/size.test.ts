import { Script } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildSnippet } from './support.ts'

const MOST = 1024
const MOST_OF_SECOND = 600

test(`The snippet weighs at most ${MOST} bytes on the wire, and its second file ${MOST_OF_SECOND}`, async () => {
  const { script, second } = await buildSnippet()
  const weigh = (name: string, file: Buffer) => {
    const weight = gzipSync(file, { level: 9 }).length
    console.log(`${name}: ${file.length} bytes, ${weight} gzipped`)
    return weight
  }
  expect(weigh('snippet', script)).toBeLessThanOrEqual(MOST)
  expect(weigh('second file', second)).toBeLessThanOrEqual(MOST_OF_SECOND)
})

test('It is one classic script: it compiles as such, and declares nothing that the page could see', async () => {
  const { script, second, secondName } = await buildSnippet()
  const source = script.toString()
  expect(() => new Script(source)).not.toThrow()
  expect(source).toMatch(/^try\{.*\}catch\{\}\s*$/s)
  expect(source).not.toMatch(/\bimport\b(?!\()|\bexport\b|\beval\b|\bFunction\b|\.style\b|innerHTML|Storage/)
  expect(source).toContain(`\`${secondName}\``)
  expect(second.toString()).toMatch(/^export let on=/)
  expect(second.toString()).not.toMatch(/\bimport\b|\beval\b|\bFunction\b|\.style\b|innerHTML|Storage/)
})
