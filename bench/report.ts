import { middle, type Result, type Target, type Way } from './rounds.ts'

export type Start = { name: string; npm: number[]; node: number[]; rest: number | null; peak: number | null }

type Report = { targets: Target[]; results: { way: Way; results: Result[] }[]; starts: Start[]; faults: string[] }

/** The tables, then each goal with its figures. */
export function report({ targets, results, starts, faults }: Report) {
  const names = targets.map(({ name }) => name)
  for (const { way, results: own } of results) {
    table([
      [way.name, 'clicks/s', 'of bare', 'p50 ms', 'p99 ms', 'its CPU µs'],
      ...own.map(({ clicksPerSecond, ofBare, p50, p99, cpu }, i) => [
        `  ${names[i]}`,
        String(Math.round(clicksPerSecond)),
        ofBare.toFixed(2),
        p50.toFixed(2),
        p99.toFixed(2),
        cpu === null ? '–' : cpu.toFixed(0),
      ]),
    ])
  }
  table([
    ['on a database with these clicks in it', 'npm start, ready', 'node alone, ready', 'MB at rest', 'MB at most'],
    ...starts.map(({ name, npm, node, rest, peak }) => [`  ${name}`, ms(npm), ms(node), mb(rest), mb(peak)]),
  ])

  const [kept, fresh, lone] = results.map(each => each.results.slice(1))
  const figures = (own: Result[] | undefined, figure: (result: Result) => number) => own?.map(figure) ?? []
  goal(
    'kept connections: at least 0.8 of bare',
    figures(kept, each => each.ofBare),
    value => value >= 0.8,
  )
  goal(
    'new connections: at least 0.9 of bare',
    figures(fresh, each => each.ofBare),
    value => value >= 0.9,
  )
  goal(
    'a lone click: at most 1 ms',
    figures(lone, each => each.p50),
    value => value <= 1,
  )
  goal(
    'npm start to ready: at most 1000 ms',
    starts.map(each => middle(each.npm)),
    value => value <= 1_000,
    { digits: 0 },
  )
  goal('memory at rest: below 120 MB', known(starts.map(each => each.rest)), value => value < 120, { digits: 0 })
  goal('memory under load, at its highest: below 200 MB', known(starts.map(each => each.peak)), value => value < 200, {
    digits: 0,
  })

  const acknowledged = targets
    .slice(1)
    .map(
      ({ acknowledged: { fresh, repeat, bot, unknown }, name }) =>
        `${name} ${fresh} clicks, ${repeat} repeated, ${bot} of bots, ${unknown} without a code`,
    )
  console.log(`\nAcknowledged, then killed: ${acknowledged.join('; ')}.`)
  console.log(
    faults.length
      ? `WRONG:\n  ${faults.join('\n  ')}`
      : 'Every acknowledged click is in the database and counted once; none was refused.',
  )
}

type Shown = { digits?: number; names?: string[] }

/** A goal with what each engine has come to. */
export function goal(
  what: string,
  values: number[],
  holds: (value: number) => boolean,
  { digits = 2, names = ['SQLite', 'PostgreSQL'] }: Shown = {},
) {
  const state = values.length === 0 ? 'unknown' : values.every(holds) ? 'met   ' : 'MISSED'
  console.log(`${state}  ${what}: ${values.map((value, i) => `${value.toFixed(digits)} (${names[i]})`).join(', ')}`)
}

export function table(rows: string[][]) {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? []
  for (const row of rows)
    console.log(row.map((cell, i) => (i ? cell.padStart(widths[i] ?? 0) : cell.padEnd(Math.max(50, widths[0] ?? 0)))).join('  '))
  console.log()
}

const known = (values: (number | null)[]) => values.filter(value => value !== null)
const ms = (times: number[]) => `${Math.round(middle(times))} ms`
const mb = (megabytes: number | null) => (megabytes === null ? '–' : String(Math.round(megabytes)))
