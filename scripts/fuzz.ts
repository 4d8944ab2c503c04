import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fuzzBoth } from '../test/fuzz/fuzz.ts'
import * as postgres from '../test/support/postgres.ts'

// `npm run fuzz -- --requests 200000 --seed 1` asks a server on SQLite and one on PostgreSQL the same random questions, made
// from the OpenAPI document. In rounds, each on empty databases, so that a finding can be had again from its seed alone.
const ROUND = 10_000

const { values } = parseArgs({ options: { requests: { type: 'string', default: '20000' }, seed: { type: 'string' } } })
const wanted = Number(values.requests)
const firstSeed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
if (!Number.isInteger(wanted) || wanted < 1 || !Number.isInteger(firstSeed)) {
  console.error('--requests and --seed take whole numbers')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'mislata-fuzz-'))
const cluster = await postgres.start()
const statuses = new Map<number, number>()
let never: Set<string> | undefined
let faults = 0
try {
  for (let round = 0; round * ROUND < wanted && !faults; round++) {
    const seed = firstSeed + round
    const requests = Math.min(ROUND, wanted - round * ROUND)
    const databases = [
      { name: 'SQLite', url: `sqlite:${join(folder, `${round}.db`)}` },
      { name: 'PostgreSQL', url: await postgres.freshDatabase(cluster.url) },
    ]
    const outcome = await fuzzBoth(databases, { requests, seed })
    faults += outcome.findings.length
    for (const [status, count] of outcome.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count)
    never = new Set(outcome.never.filter(name => never?.has(name) ?? true))
    console.log(`${round * ROUND + requests} requests, seed ${seed}: ${outcome.findings.length} findings`)
    for (const { request, what, asked, answers } of outcome.findings)
      console.log(`\nrequest ${request}: ${what}\n  ${asked}\n  ${answers.join('\n  ')}`)
  }
} finally {
  await cluster.stop()
  rmSync(folder, { recursive: true, force: true })
}
console.log(
  `\nstatuses: ${[...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status} ${count}`)
    .join(', ')}`,
)
console.log(
  never?.size ? `never answered with success: ${[...never].sort().join(', ')}` : 'every route was answered with success',
)
process.exitCode = faults ? 1 : 0
