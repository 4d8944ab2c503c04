import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type Proof, prove } from '../test/prove/prove.ts'
import * as postgres from '../test/support/postgres.ts'

// `npm run prove -- --histories 100000 --seed 1 --engine sqlite` lives random histories of clicks, signups, sales, refunds,
// disputes, decisions and payouts on a server, and holds it after every step against a model that knows no database. In
// rounds, each with a seed of its own; what fails is printed as a list of steps, with the command that leads there again.
const ROUND = 500

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    engine: { type: 'string', default: 'sqlite' },
    path: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    'postgres-url': { type: 'string' },
  },
})
const { engine, path } = values
const [wanted, workers] = [Number(values.histories), Number(values.workers)]
const firstSeed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
if (
  (engine !== 'sqlite' && engine !== 'postgres') ||
  ![wanted, workers, firstSeed].every(each => Number.isInteger(each)) ||
  wanted < 1 ||
  workers < 1
) {
  console.error('--histories, --seed and --workers take whole numbers, --engine takes sqlite or postgres')
  process.exit(2)
}

const cluster = engine === 'postgres' && !values['postgres-url'] ? await postgres.start() : undefined
const postgresUrl = values['postgres-url'] ?? cluster?.url
const rounds = Math.ceil(wanted / ROUND)
try {
  if (path !== undefined) told(await prove(engine, { histories: wanted, seed: firstSeed, path, postgresUrl }))
  else if (workers === 1 || rounds === 1) {
    for (let round = 0; round < rounds && !process.exitCode; round++) await once(round)
  } else await share()
} finally {
  await cluster?.stop()
}

async function once(round: number) {
  const histories = Math.min(ROUND, wanted - round * ROUND)
  const proof = await prove(engine as 'sqlite', { histories, seed: firstSeed + round, postgresUrl })
  told(proof, `seed ${firstSeed + round}`)
}

/** Processes of their own take the rounds, one after the other. */
async function share() {
  const began = performance.now()
  let next = 0
  let failed = false
  async function worker() {
    while (next < rounds && !failed) {
      const round = next++
      const histories = Math.min(ROUND, wanted - round * ROUND)
      const args = ['--histories', `${histories}`, '--seed', `${firstSeed + round}`, '--engine', `${engine}`, '--workers', '1']
      if (postgresUrl) args.push('--postgres-url', postgresUrl)
      const code = await new Promise<number | null>(resolve => fork(import.meta.filename, args).on('exit', resolve))
      failed ||= code !== 0
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, rounds) }, worker))
  if (failed) process.exitCode = 1
  else
    console.log(
      `\n${wanted} histories in ${((performance.now() - began) / 1000).toFixed(0)} s, seeds ${firstSeed} to ${firstSeed + rounds - 1}: all as the model says`,
    )
}

function told({ histories, steps, seconds, failure }: Proof, of = 'it') {
  if (failure === null) console.log(`${of}: ${histories} histories, ${steps} steps, ${seconds.toFixed(1)} s`)
  else {
    console.log(`${of}: found in ${seconds.toFixed(1)} s\n\n${failure}`)
    process.exitCode = 1
  }
}
