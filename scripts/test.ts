import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { findOrInstall } from './browser.ts'

// `npm test` does everything that a change has to pass, whatever fails on the way, and ends with one line of counts.
// Further arguments go to Vitest: `npm test -- test/api`.
const scratch = mkdtempSync(join(tmpdir(), 'mislata-tests-'))
const report = join(scratch, 'vitest.json')
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]

// A log that is read later stays free of control characters.
const plain = process.stdout.isTTY || process.env.FORCE_COLOR ? {} : { NO_COLOR: '1' }

let passed = 0
let failed = 0
const failures: string[] = []
let running: ReturnType<typeof spawn> | undefined
let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true
    running?.kill('SIGINT') // Vitest stops at once for this one; for SIGTERM it waits until the tests that run are through.
  })
}

let warning = ''
try {
  process.env.CHROMIUM_PATH = findOrInstall()
} catch (problem) {
  warning = problem instanceof Error ? problem.message : String(problem)
  console.log(warning)
}
for (const [name, command] of [
  ['Lint', 'biome check --error-on-warnings'],
  ['Types', 'tsc -p .'],
  ['Build', 'node scripts/build.ts'],
] as const) {
  if (interrupted) break
  count((await step(name, command.split(' '))) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
}
if (!interrupted) {
  const ok = await step('Tests', ['vitest', 'run', ...reporters, ...process.argv.slice(2)])
  count(tests(ok))
}
if (interrupted) count({ passed: 0, failed: 1 })

rmSync(scratch, { recursive: true, force: true })
process.exitCode = failed ? 1 : 0
if (warning) console.log(`\n${warning}`)
// Once more, where a log that was cut still has them.
if (failures.length) console.log(`\nFailed:\n${failures.join('\n')}`)
console.log(`\n${passed} passed, ${failed} failed`)

function step(name: string, [command = '', ...args]: string[]) {
  console.log(`\n${name}: ${[command, ...args.filter(arg => !reporters.includes(arg))].join(' ')}`)
  const began = performance.now()
  return new Promise<boolean>(resolve => {
    running = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...plain } })
    running.on('error', problem => console.log(problem.message))
    running.on('close', code => {
      console.log(`${name} ${code === 0 ? 'passed' : 'FAILED'} in ${((performance.now() - began) / 1000).toFixed(1)} s`)
      resolve(code === 0)
    })
  })
}

// A file that cannot be read, an error outside every test, a run that found nothing or died: each counts as one failure.
function tests(ok: boolean): Counts {
  try {
    const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as VitestReport
    const broken = testResults.filter(file => file.status === 'failed')
    const inTests = broken.map(file => file.assertionResults.filter(test => test.status === 'failed').length)
    for (const { name, message, assertionResults } of broken) {
      const file = relative(process.cwd(), name)
      const within = assertionResults.filter(test => test.status === 'failed')
      for (const test of within) failures.push(`- ${file}: ${test.fullName}\n  ${firstLine(test.failureMessages[0])}`)
      if (!within.length) failures.push(`- ${file}\n  ${firstLine(message)}`)
    }
    const found = inTests.reduce((sum, tests) => sum + Math.max(tests, 1), 0)
    return { passed: numPassedTests, failed: ok ? found : Math.max(found, 1) }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

function firstLine(text = '') {
  return (text.split('\n', 1)[0] ?? '').slice(0, 300)
}

function count(more: Counts) {
  passed += more.passed
  failed += more.failed
}

type Counts = { passed: number; failed: number }
type VitestReport = {
  numPassedTests: number
  testResults: {
    name: string
    message: string
    status: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}
