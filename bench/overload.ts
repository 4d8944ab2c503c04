import { SLICE_MS } from './deck.ts'
import { type Engine, onEngines } from './engines.ts'
import type { Slice, Stream, Told } from './paced.ts'
import { type Prepared, prepare } from './program.ts'
import { goal, table } from './report.ts'
import { generator, paced } from './rounds.ts'
import { startServer } from './servers.ts'

type Options = { engines: Engine[]; seconds: number }
type Outcome = { name: string; peak: number; goodput: number; offered: number; sales: Told; clicks: Told; recovery: number }

const TIMES = 5
const CONNECTIONS = 1_024
/** How long the proxy that has these connections lets a click wait for one, before it turns it away itself. */
const QUEUE_MS = 100
/** For how long anybody waits for the answer to a click. */
const PATIENCE_MS = 1_000
const SALES_PER_SECOND = 10
const AFTER_S = 10
const CUSTOMERS = 200
const CALM_MS = 50

/**
 * Offers five times as many clicks as the server takes at its best, with sales among them, and then a tenth of its best: how
 * many are answered well meanwhile, what becomes of the sales, and how soon afterwards it is as if nothing had been.
 */
export async function overload({ engines, seconds }: Options) {
  const outcomes: Outcome[] = []
  const faults: string[] = []
  await onEngines(engines, async ({ name, database }) => {
    const running = await startServer(await database())
    const [closed, sales, open] = [generator(), paced(), paced()]
    try {
      const own = await prepare(running.url)
      const port = Number(new URL(running.url).port)
      process.stdout.write(`${name}: the most that it takes …`)
      const most = { port, site: own, connections: 64, keepAlive: true, seconds }
      const warm = await closed.run({ ...most, firstVisitor: 0 })
      const [best] = await Promise.all([
        closed.run({ ...most, firstVisitor: warm.nextVisitor }),
        sales.run({
          port,
          streams: [selling(own, 'before', [{ seconds, perSecond: SALES_PER_SECOND }])],
          patienceMs: PATIENCE_MS,
        }),
      ])
      const peak = best.clicksPerSecond
      console.log(` ${Math.round(peak)} clicks/s; now ${TIMES} times that …`)
      const phases = [
        { seconds, perSecond: peak * TIMES },
        { seconds: AFTER_S, perSecond: peak / 10 },
      ]
      const clicks: Stream = {
        name: 'clicks',
        what: { kind: 'clicks', site: own, firstVisitor: best.nextVisitor },
        phases,
        connections: CONNECTIONS,
        queueMs: QUEUE_MS,
      }
      // From processes of their own: who sells does not stand in line behind who clicks.
      const [[clicked], [sold]] = await Promise.all([
        open.run({ port, streams: [clicks], patienceMs: PATIENCE_MS }),
        sales.run({
          port,
          streams: [selling(own, 'during', [{ seconds: seconds + AFTER_S, perSecond: SALES_PER_SECOND }])],
          patienceMs: 10 * PATIENCE_MS,
        }),
      ])
      if (!clicked || !sold) throw new Error('The load generator told nothing')
      const within = clicked.slices.slice(0, (seconds * 1_000) / SLICE_MS)
      const goodput = within.reduce((sum, slice) => sum + slice.good, 0) / seconds
      const recovery = calmAfter(clicked.slices, seconds)
      outcomes.push({ name, peak, goodput, offered: peak * TIMES, sales: sold, clicks: clicked, recovery })
      if (sold.good < sold.due)
        faults.push(`${name}: ${sold.due - sold.good} of ${sold.due} sales were not booked (${JSON.stringify(sold.statuses)})`)
    } finally {
      for (const each of [closed, sales, open]) each.stop()
      await running.stop('SIGTERM')
    }
  })

  table([
    ['overload', 'offered/s', 'best/s', 'good/s', 'of best', 'sales p50 ms', 'p99 ms', 'calm after s'],
    ...outcomes.map(({ name, peak, goodput, offered, sales, recovery }) => [
      `  ${name}`,
      ...[offered, peak, goodput].map(each => String(Math.round(each))),
      (goodput / peak).toFixed(2),
      ...[sales.p50, sales.p99].map(each => each.toFixed(0)),
      recovery.toFixed(2),
    ]),
  ])
  for (const { name, clicks, sales } of outcomes) console.log(`${name}: clicks ${told(clicks)}; sales ${told(sales)}`)
  const names = outcomes.map(each => each.name)
  goal(
    'goodput at five times the best: at least 0.8 of it',
    outcomes.map(each => each.goodput / each.peak),
    value => value >= 0.8,
    { names },
  )
  goal(
    'sales booked meanwhile: all',
    outcomes.map(({ sales }) => sales.good / sales.due),
    value => value === 1,
    { names },
  )
  goal(
    'sales meanwhile: p99 below 1000 ms',
    outcomes.map(({ sales }) => sales.p99),
    value => value < 1_000,
    { names, digits: 0 },
  )
  goal(
    'clicks answered within 50 ms again: within 5 s',
    outcomes.map(each => each.recovery),
    value => value <= 5,
    { names },
  )
  return faults
}

const told = ({ due, sent, good, statuses }: Told) =>
  `${due} due, ${due - sent} turned away for want of a connection, ${good} well in time, ${Object.entries(statuses)
    .map(([what, times]) => `${what}: ${times}`)
    .join(', ')}`

function selling({ secret, codes }: Prepared, prefix: string, phases: Stream['phases']): Stream {
  const customers = Array.from({ length: CUSTOMERS }, (_, i) => `buyer_${i}`)
  return { name: 'sales', what: { kind: 'sales', secret, customers, code: codes[0] ?? '', prefix }, phases, connections: 64 }
}

/** Seconds from the end of the overload until the first whole second in which every quarter is calm. */
function calmAfter(slices: Slice[], seconds: number) {
  const from = (seconds * 1_000) / SLICE_MS
  const whole = 1_000 / SLICE_MS
  const calm = slices.findIndex((_, i) => i >= from && slices.slice(i, i + whole).every(slice => slice.worst <= CALM_MS))
  return calm < 0 ? Number.POSITIVE_INFINITY : ((calm - from) * SLICE_MS) / 1_000
}
