import { describe, expect, test } from 'vitest'
import { filesIn, read } from './support/files.ts'

// What every file of the repository promises: it is short enough to read, it is finished, and every test in it runs.
const PRODUCT = ['snippet', 'widget', 'console', 'server', 'sdk', 'demo', 'scripts']

const MAX_LINES = 300
const UNFINISHED = /\b(TODO|FIXME|XXX|HACK|WIP)\b/
const NOT_RUN =
  /\b(test|it|describe|suite)(\.\w+)*\.(skip|only|todo|fails|skipIf|runIf)\b|\b(xit|xtest|xdescribe|fit|fdescribe)\(/

/** What is wrong with one file, in words; nothing where it keeps the promises. */
function faults({ path, source }: { path: string; source: string }) {
  const lines = source.split('\n')
  const found = lines.flatMap((line, at) => [
    ...(UNFINISHED.test(line) ? [`line ${at + 1} is unfinished: ${line.trim()}`] : []),
    ...(NOT_RUN.test(line) ? [`line ${at + 1} leaves a test out: ${line.trim()}`] : []),
  ])
  const isProduct = PRODUCT.includes(path.split('/')[0] ?? '')
  if (isProduct && lines.length - 1 > MAX_LINES) found.push(`${lines.length - 1} lines; split it by what it is about`)
  return found
}

// This file has to spell out what it forbids.
const files = filesIn(...PRODUCT, 'test', 'bench', '.ci').filter(path => !/\.(png|ico|woff2)$|^test\/house/.test(path))

test('Every file is short, finished and tested as it stands', () => {
  expect(files.length).toBeGreaterThan(20)
  const found = files.map(path => ({ path, faults: faults({ path, source: read(path) }) }))
  expect(found.filter(file => file.faults.length)).toEqual([])
})

describe('A file that breaks a promise is found', () => {
  test.each([
    ['server/app.ts', 'export const a = 1\n'.repeat(301)],
    ['server/app.ts', '// TODO: the rest'],
    ['widget/style.css', '/* FIXME */'],
    ['test/a.test.ts', `test.skip('later', () => {})`],
    ['test/a.test.ts', `  describe.only('this', () => {})`],
    ['test/a.test.ts', `test.concurrent.skip('later', () => {})`],
    ['test/a.test.ts', `test.skipIf(slow)('later', () => {})`],
    ['test/a.test.ts', `xit('later', () => {})`],
  ])('%s: %s', (path, source) => {
    expect(faults({ path, source })).toHaveLength(1)
  })

  test('and what only looks like it is not', () => {
    const source = `const only = list.only\nexport const skip = () => only.skip\n${'// A long test is read from top to bottom.\n'.repeat(400)}`
    expect(faults({ path: 'test/a.test.ts', source })).toEqual([])
    expect(faults({ path: 'server/app.ts', source: 'export const a = 1\n'.repeat(300) })).toEqual([])
  })
})
