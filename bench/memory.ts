import { setTimeout as wait } from 'node:timers/promises'
import { type Engine, onEngines } from './engines.ts'
import { ask } from './large.ts'
import type { Stream, Told } from './paced.ts'
import { type Prepared, prepare, sessionOf, signIn } from './program.ts'
import { goal, table } from './report.ts'
import { middle, paced } from './rounds.ts'
import { memoryOf, type Running, startServer } from './servers.ts'

type Options = { engines: Engine[]; minutes: number; perSecond: number }
type Sample = { minute: number; mb: number }

const SAMPLE_MS = 1_000
const PATIENCE_MS = 5_000
const READS_PER_SECOND = 10
const SALES_PER_SECOND = 2
const CUSTOMERS = 200

/** The server's resident memory over time, under a load that stays the same: clicks, reads and sales. */
export async function memory({ engines, minutes, perSecond }: Options) {
  const names: string[] = []
  const slopes: number[] = []
  const faults: string[] = []
  await onEngines(engines, async ({ name, database }) => {
    const load = paced()
    const running = await startServer(await database())
    const samples: Sample[] = []
    let isOver = false
    const sampling = sample(running, samples, () => isOver)
    try {
      const own = await prepare(running.url)
      for (let from = 0, round = 0; from < minutes; from++, round++) {
        const seconds = Math.min(60, (minutes - from) * 60)
        process.stdout.write(`\r${name}: minute ${from + 1} of ${Math.ceil(minutes)} …   `)
        const streams = await streamsFor(running.url, own, { seconds, perSecond, round })
        const told = await load.run({ port: Number(new URL(running.url).port), streams, patienceMs: PATIENCE_MS })
        faults.push(...failed(told).map(what => `${name}: ${what}`))
      }
      console.log()
    } finally {
      isOver = true
      await sampling
      load.stop()
      await running.stop('SIGTERM')
    }
    if (!samples.length) return console.log(`${name}: this system does not say how much memory a process has.`)
    show(name, samples, perSecond)
    names.push(name)
    slopes.push(slopeOf(samples))
  })
  goal('memory grows by less than 10 MB an hour, over the second half', slopes, value => value < 10, { names })
  return faults
}

async function sample(running: Running, samples: Sample[], isOver: () => boolean) {
  const startedAt = performance.now()
  while (!isOver()) {
    const found = memoryOf(running)
    if (found) samples.push({ minute: (performance.now() - startedAt) / 60_000, mb: found.now })
    await wait(SAMPLE_MS)
  }
}

type Minute = { seconds: number; perSecond: number; round: number }

// Anew for each minute: a customer's token is good for a quarter of an hour.
async function streamsFor(url: string, own: Prepared, { seconds, perSecond, round }: Minute): Promise<Stream[]> {
  const token = await signIn(url)
  const session = await sessionOf(url, own.secret, 'buyer_0')
  const reads = [
    ask(`/v1/apps/${own.programId}/stats`, token),
    ask(`/v1/apps/${own.programId}/overview`, token),
    ask('/v1/affiliate', session),
    ask('/referrals/me', session),
  ]
  const customers = Array.from({ length: CUSTOMERS }, (_, i) => `buyer_${i}`)
  const firstVisitor = Math.ceil(round * perSecond * 60)
  const at = (perSecond: number) => [{ seconds, perSecond }]
  return [
    { name: 'clicks', what: { kind: 'clicks', site: own, firstVisitor }, phases: at(perSecond), connections: 256 },
    { name: 'reads', what: { kind: 'asks', texts: reads }, phases: at(READS_PER_SECOND), connections: 16 },
    {
      name: 'sales',
      what: { kind: 'sales', secret: own.secret, customers, code: own.codes[0] ?? '', prefix: `in_${round}` },
      phases: at(SALES_PER_SECOND),
      connections: 8,
    },
  ]
}

const failed = (told: Told[]) =>
  told
    .filter(({ good, due }) => good < due)
    .map(
      ({ name, good, due, statuses }) =>
        `${name}: ${due - good} of ${due} without a good answer in time (${JSON.stringify(statuses)})`,
    )

function show(name: string, samples: Sample[], perSecond: number) {
  const last = samples.at(-1)?.minute ?? 0
  const every = last > 20 ? 5 : last > 2 ? 1 : 0.25
  const rows: string[][] = []
  for (let from = 0; from < last; from += every) {
    const within = samples.filter(({ minute }) => minute >= from && minute < from + every).map(({ mb }) => mb)
    if (within.length)
      rows.push([`  from minute ${from}`, ...[Math.min(...within), middle(within), Math.max(...within)].map(mb => mb.toFixed(0))])
  }
  table([[`${name}, ${perSecond} clicks/s`, 'least MB', 'median MB', 'most MB'], ...rows])
}

/** MB an hour over the second half, by least squares; over the first, caches fill. */
export function slopeOf(samples: Sample[]) {
  const half = (samples.at(-1)?.minute ?? 0) / 2
  const later = samples.filter(({ minute }) => minute >= half)
  const mean = (of: (sample: Sample) => number) => later.reduce((sum, each) => sum + of(each), 0) / later.length
  const [minute, mb] = [mean(each => each.minute), mean(each => each.mb)]
  const along = later.reduce((sum, each) => sum + (each.minute - minute) * (each.mb - mb), 0)
  const across = later.reduce((sum, each) => sum + (each.minute - minute) ** 2, 0)
  return (along / across) * 60
}
