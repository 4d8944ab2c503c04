import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { builtServer } from '../test/crash/installation.ts'
import { run } from '../test/crash/run.ts'
import * as postgres from '../test/support/postgres.ts'

// `npm run crash -- --cycles 100 --engine sqlite|postgres|two --seed 1` kills the server again and again under a mixed load,
// starts it again, and holds its books against those of everybody who has spoken with it. In rounds, each on an empty
// database, so that a finding can be had again from its seed. `two` is two processes on one PostgreSQL.
const ROUND = 10
const ENGINES = ['sqlite', 'postgres', 'two'] as const

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '30' },
    engine: { type: 'string' },
    seed: { type: 'string' },
  },
})
const wanted = Number(values.cycles)
const firstSeed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
const engines = ENGINES.filter(each => values.engine === undefined || values.engine === each)
if (!Number.isInteger(wanted) || wanted < 1 || !Number.isInteger(firstSeed) || !engines.length) {
  console.error('--cycles and --seed take whole numbers, --engine one of sqlite, postgres and two')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'mislata-crash-'))
const main = builtServer(folder)
const cluster = engines.some(each => each !== 'sqlite') ? await postgres.start({ durable: true }) : undefined
const points = new Map<string, number>()
let faults = 0
try {
  for (const [at, engine] of engines.entries()) {
    // Without --engine each has its share.
    const share = Math.floor(((at + 1) * wanted) / engines.length) - Math.floor((at * wanted) / engines.length)
    for (let done = 0, round = 0; done < share && !faults; round++) {
      const seed = firstSeed + round
      const cycles = Math.min(ROUND, share - done)
      const database =
        engine === 'sqlite' || !cluster ? `sqlite:${join(folder, `${seed}.db`)}` : await postgres.freshDatabase(cluster.url)
      const began = performance.now()
      const outcome = await run({ main, database, folder, seed, cycles, servers: engine === 'two' ? 2 : 1 })
      if (engine !== 'sqlite') await postgres.dropDatabase(database)
      done += outcome.cycles
      faults += outcome.findings.length
      for (const [name, count] of outcome.points) points.set(name, (points.get(name) ?? 0) + count)
      const took = ((performance.now() - began) / 1000).toFixed(1)
      const facts = Object.entries(outcome.facts).map(([name, count]) => `${count} ${name}`)
      console.log(`${engine}, seed ${seed}: ${outcome.cycles} cycles in ${took} s, ${outcome.findings.length} findings`)
      console.log(`  ${facts.join(', ')}`)
      for (const what of outcome.findings) console.log(`  ${what}`)
      if (outcome.findings.length)
        console.log(`  again: npm run crash -- --engine ${engine} --seed ${seed} --cycles ${outcome.cycles + 1}`)
    }
  }
} finally {
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
}
console.log('\nkilled')
for (const [name, count] of [...points].sort(([, a], [, b]) => b - a)) console.log(`  ${String(count).padStart(4)} ${name}`)
process.exitCode = faults ? 1 : 0
