import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { clicks } from './clicks.ts'
import type { Engine } from './engines.ts'
import { large } from './large.ts'
import { memory } from './memory.ts'
import { overload } from './overload.ts'

// `npm run bench -- --only large --engine postgres`. What it measures and what the figures mean: docs/performance.md. It fails
// only where something is wrong, such as a lost click; a slow machine is no fault.

const USAGE = `npm run bench -- [options]
  --only <parts>       of clicks, overload, large, memory: several with commas between; or all (clicks,overload)
  --engine <engine>    sqlite or postgres; both where it is left out. The part clicks always takes both.
  --rounds <n>         clicks: 5, large: 3
  --seconds <n>        of each measurement; clicks: 4, overload: 10, large: 20
  --clicks <n>         large: how many the database holds (10000000)
  --partners <n>       large: among how many partners (2000)
  --per-second <n>     large and memory: clicks that come in meanwhile (1000)
  --minutes <n>        memory: how long (5)`

const PARTS = ['clicks', 'overload', 'large', 'memory']
const text = { type: 'string' } as const

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'clicks,overload' },
    engine: text,
    rounds: text,
    seconds: text,
    clicks: text,
    partners: text,
    'per-second': text,
    minutes: text,
    help: { type: 'boolean' },
  },
})

if (values.help) {
  console.log(USAGE)
  process.exit()
}

const only = values.only === 'all' ? PARTS : values.only.split(',')
const unknown = only.find(part => !PARTS.includes(part))
if (unknown !== undefined) throw new Error(`--only takes ${PARTS.join(', ')} or all, not ${unknown}`)
const engines = enginesOf(values.engine)
const seconds = (usual: number) => within('seconds', values.seconds, { usual, min: 1, max: 600 })
const rounds = (usual: number) => within('rounds', values.rounds, { usual, min: 1, max: 50 })
const perSecond = within('per-second', values['per-second'], { usual: 1_000, min: 1, max: 100_000 })

console.log(
  `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}\n`,
)
const faults: string[] = []
if (only.includes('clicks')) faults.push(...(await clicks({ rounds: rounds(5), seconds: seconds(4) })))
if (only.includes('overload')) faults.push(...(await overload({ engines, seconds: seconds(10) })))
if (only.includes('large'))
  faults.push(
    ...(await large({
      engines,
      clicks: within('clicks', values.clicks, { usual: 10_000_000, min: 1, max: 100_000_000 }),
      partners: within('partners', values.partners, { usual: 2_000, min: 1, max: 20_000 }),
      rounds: rounds(3),
      seconds: seconds(20),
      perSecond,
    })),
  )
if (only.includes('memory'))
  faults.push(
    ...(await memory({ engines, minutes: within('minutes', values.minutes, { usual: 5, min: 0.1, max: 1_440 }), perSecond })),
  )
if (faults.length) {
  console.log(`WRONG:\n  ${faults.join('\n  ')}`)
  process.exitCode = 1
}

function enginesOf(name: string | undefined): Engine[] {
  if (name === undefined) return ['sqlite', 'postgres']
  if (name === 'sqlite' || name === 'postgres') return [name]
  throw new Error('--engine takes sqlite or postgres')
}

function within(name: string, text: string | undefined, { usual, min, max }: { usual: number; min: number; max: number }) {
  const value = text === undefined ? usual : Number(text)
  if (!(value >= min && value <= max)) throw new Error(`--${name} takes a number from ${min} to ${max}`)
  return value
}
