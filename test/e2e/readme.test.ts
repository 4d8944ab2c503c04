import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installation } from './support.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const [, example = '', , promised = ''] =
  /<!-- example -->\n```sh\n([\s\S]*?)```\n\n(It prints:)\n\n```\n([\s\S]*?)```/.exec(readme) ?? []

let mislata: Awaited<ReturnType<typeof installation>>

beforeAll(async () => {
  mislata = await installation('sqlite')
  await mislata.start()
})
afterAll(() => mislata.remove())

test('the worked example in the README prints what the README says', async () => {
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', example], {
    env: { ...process.env, MISLATA_URL: mislata.url },
  })
  expect(stdout).toBe(promised)
})

test('every file that the README links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(match => match[1] ?? '')
  expect(links.length).toBeGreaterThan(5)
  for (const link of links) expect(() => readFileSync(new URL(`../../${link}`, import.meta.url)), link).not.toThrow()
})
