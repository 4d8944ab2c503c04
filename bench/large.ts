import { type Engine, onEngines, type Place } from './engines.ts'
import { fill } from './fill.ts'
import type { Stream, Told } from './paced.ts'
import { type Prepared, prepare, sellOne, sessionOf, signIn } from './program.ts'
import { goal, table } from './report.ts'
import { type Generator, middle, paced } from './rounds.ts'
import { type Running, startServer } from './servers.ts'

export type Options = { engines: Engine[]; clicks: number; partners: number; rounds: number; seconds: number; perSecond: number }

const DAY_MS = 86_400_000
const PATIENCE_MS = 5_000

type Side = { running: Running; own: Prepared; streams: Stream[][]; found: Told[][]; visitors: number }

/**
 * Reads a partner's dashboard and a program's figures while clicks come in at a fixed rate: on a database that holds a year
 * of clicks, and in turn with it on one that has the same partners and nothing else.
 */
export async function large(options: Options) {
  const { clicks, perSecond, rounds, seconds } = options
  const all: { name: string; empty: Told[]; full: Told[] }[] = []
  const faults: string[] = []
  await onEngines(options.engines, async engine => {
    const load = paced()
    const sides: Side[] = []
    try {
      for (const size of [0, clicks]) sides.push(await sideWith(engine, size, options))
      for (const each of sides) each.streams = await streamsFor(each, options)
      // A round before the first is not counted.
      for (let round = 0; round <= rounds; round++) {
        process.stdout.write(`\r${engine.name}: round ${round} of ${rounds}, ${seconds} s on each database …   `)
        for (const each of sides) {
          const told = await once(load, each, options)
          if (round > 0) each.found.push(told)
          faults.push(...wrong(told).map(what => `${engine.name}: ${what}`))
        }
      }
      console.log()
      const [empty, full] = sides.map(({ found }) => medians(found))
      all.push({ name: engine.name, empty: empty ?? [], full: full ?? [] })
    } finally {
      load.stop()
      for (const each of sides) await each.running.stop('SIGTERM')
    }
  })

  for (const { name, empty, full } of all) {
    table([
      [
        `${name}, ${perSecond} clicks/s coming in`,
        'empty p50 ms',
        'p99 ms',
        `${clicks.toLocaleString('en')}: p50 ms`,
        'p99 ms',
        'p99, ratio',
      ],
      ...full.map((each, i) => {
        const before = empty[i]
        return [`  ${each.name}`, ms(before?.p50), ms(before?.p99), ms(each.p50), ms(each.p99), ms(each.p99 / (before?.p99 ?? 1))]
      }),
    ])
  }
  const worst = (of: (name: string) => boolean) =>
    all.map(({ full }) => Math.max(...full.filter(each => of(each.name)).map(each => each.p99)))
  const names = all.map(each => each.name)
  goal('dashboards and program stats of 30 days: p99 below 10 ms', worst(isPromised), value => value < 10, { names })
  goal(
    'the other reads: p99 below 25 ms',
    worst(name => name !== CLICKS && !isPromised(name)),
    value => value < 25,
    { names },
  )
  goal(
    'clicks coming in: p99 below 20 ms',
    worst(name => name === CLICKS),
    value => value < 20,
    { names },
  )
  return faults
}

const CLICKS = 'a click'
const isPromised = (name: string) => name.startsWith('dashboard') || name === 'program stats, 30 days'
const ms = (value = Number.NaN) => value.toFixed(2)

/** A server on a database with so many clicks in it. */
async function sideWith(engine: Place, clicks: number, { partners }: Options): Promise<Side> {
  const url = await engine.database()
  const maker = await startServer(url)
  const own = await prepare(maker.url, 1)
  await sellOne(maker.url, own.token)
  await maker.stop('SIGTERM')
  const startedAt = performance.now()
  const say = (done: number) => process.stdout.write(`\r${engine.name}: ${done.toLocaleString('en')} clicks filled in …   `)
  const { codes, rows, bytes } = await fill(url, { clicks, partners, folder: engine.folder, programId: own.programId, say })
  console.log(
    `${rows.toLocaleString('en')} rows, ${(bytes / 2 ** 20).toFixed(0)} MB in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`,
  )
  const running = await startServer(url)
  return { running, own: { ...own, codes }, streams: [], found: [], visitors: 0 }
}

async function streamsFor({ running: { url }, own }: Side, { seconds, perSecond, partners }: Options): Promise<Stream[][]> {
  const token = await signIn(url)
  const session = (rank: number) => sessionOf(url, own.secret, `member_${rank}`)
  const others: string[] = []
  for (let rank = 0; rank < partners; rank += Math.ceil(partners / 50)) others.push(await session(rank))
  const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10)
  const stats = `/v1/apps/${own.programId}/stats`
  const asks = (name: string, path: string, tokens: string[], [perSecond, firstAfterMs]: [number, number]): Stream => ({
    name,
    what: { kind: 'asks', texts: tokens.map(each => ask(path, each)) },
    firstAfterMs,
    phases: [{ seconds, perSecond }],
    connections: 16,
  })
  const coming: Stream = {
    name: CLICKS,
    what: { kind: 'clicks', site: own, firstVisitor: 0 },
    phases: [{ seconds, perSecond }],
    connections: 256,
  }
  // What partners look at all day, and then what those who run the programme look at now and then. None of them comes at the
  // same moment as another: how long they stand in line behind each other would be all that is seen.
  return [
    [
      coming,
      asks('dashboard of the partner with the most', '/v1/affiliate/dashboard', [await session(0)], [10, 0]),
      asks('dashboards of many', '/v1/affiliate/dashboard', others, [10, 50]),
      asks('program stats, 30 days', stats, [token], [5, 25]),
    ],
    [
      coming,
      asks('program stats, a year', `${stats}?from=${day(364)}&to=${day(0)}`, [token], [3, 0]),
      asks('overview', `/v1/apps/${own.programId}/overview`, [token], [3, 110]),
      asks('referral stats', `/admin/referrals/stats?appId=${own.programId}`, [token], [3, 220]),
    ],
  ]
}

/** A request as text; the answer is not compressed, as little as any other here. */
export function ask(path: string, token: string) {
  return `GET ${path} HTTP/1.1\r\nhost: partners.acme.example\r\nauthorization: Bearer ${token}\r\n\r\n`
}

async function once(
  load: Generator<Parameters<ReturnType<typeof paced>['run']>[0], Told[]>,
  side: Side,
  { perSecond, seconds }: Options,
) {
  const told: Told[] = []
  for (const streams of side.streams) {
    for (const { what } of streams) if (what.kind === 'clicks') what.firstVisitor = side.visitors
    side.visitors += perSecond * seconds
    told.push(...(await load.run({ port: Number(new URL(side.running.url).port), streams, patienceMs: PATIENCE_MS })))
  }
  // Clicks have come the whole time; they are told of once.
  return told.filter(({ name }, i) => i === 0 || name !== CLICKS)
}

function wrong(told: Told[]) {
  return told.flatMap(({ name, due, good, statuses }) =>
    good === due ? [] : [`${name}: ${due - good} of ${due} without a good answer in time (${JSON.stringify(statuses)})`],
  )
}

function medians(rounds: Told[][]): Told[] {
  return (rounds[0] ?? []).map((first, i) => {
    const median = (figure: (told: Told) => number) => middle(rounds.map(round => figure(round[i] as Told)))
    return { ...first, p50: median(each => each.p50), p99: median(each => each.p99), worst: median(each => each.worst) }
  })
}
