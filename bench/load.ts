import { type Kind, kindOf, request, type Site } from './visitors.ts'
import { Wire } from './wire.ts'

// The load generator, a process of its own. A closed loop: each connection sends one click, waits for its answer and
// sends the next. It writes HTTP on bare sockets, so that it takes little of the machine that it shares with the server.

export type Task = {
  port: number
  site: Site
  connections: number
  keepAlive: boolean
  seconds: number
  /** The number of the first visitor; each click has the next, so that nobody is taken for somebody else. */
  firstVisitor: number
}

export type Outcome = {
  clicksPerSecond: number
  p50: number
  p99: number
  /** Acknowledged with 202, by kind. */
  acknowledged: Record<Kind, number>
  /** How often an answer was another one, or none, by what it was. */
  failures: Record<string, number>
  nextVisitor: number
}

const MOST_CLICKS = 1_000_000
const MOST_FAILURES = 100
const PATIENCE_MS = 10_000
const HOUR_MS = 3_600_000

process.on('message', (task: Task) => {
  run(task).then(outcome => process.send?.(outcome))
})
process.once('disconnect', () => process.exit())

async function run({ port, site, connections, keepAlive, seconds, firstVisitor }: Task): Promise<Outcome> {
  const acknowledged: Outcome['acknowledged'] = { fresh: 0, repeat: 0, bot: 0, unknown: 0 }
  const failures = new Map<string, number>()
  const latencies: number[] = []
  const wires = new Set<Wire>()
  const startedAt = performance.now()
  const until = startedAt + seconds * 1_000
  let visitors = firstVisitor
  let failed = 0
  let inTime = 0

  function fail(what: string) {
    failed++
    failures.set(what, (failures.get(what) ?? 0) + 1)
  }

  function opened() {
    const wire = new Wire(port)
    wires.add(wire)
    return wire
  }

  function left(wire: Wire) {
    wires.delete(wire)
    wire.end()
  }

  async function oneAfterAnother() {
    let wire: Wire | null = null
    // Who may click again: a visitor of this connection whose click has been acknowledged within the same hour.
    let earlier: { visitor: number; hour: number } | null = null
    while (performance.now() < until && latencies.length < MOST_CLICKS && failed < MOST_FAILURES) {
      const visitor = visitors++
      const hour = Math.floor(Date.now() / HOUR_MS)
      const again =
        kindOf(visitor) === 'repeat' && earlier?.hour === Math.floor((Date.now() + PATIENCE_MS) / HOUR_MS) ? earlier : null
      const kind = kindOf(visitor) === 'repeat' && !again ? 'fresh' : kindOf(visitor)
      const text = request(site, again?.visitor ?? visitor, kind, keepAlive)
      const sentAt = performance.now()
      wire ??= opened()
      try {
        const status = await wire.ask(text)
        const now = performance.now()
        latencies.push(now - sentAt)
        if (now <= until) inTime++
        if (status === 202) acknowledged[kind]++
        else fail(`status ${status}`)
        if (status === 202 && kind === 'fresh') earlier = { visitor, hour }
      } catch (problem) {
        fail(problem instanceof Error ? problem.message : String(problem))
        wires.delete(wire)
        wire = null
      }
      if (wire && !keepAlive) {
        left(wire)
        wire = null
      }
    }
    if (wire) left(wire)
  }

  const patience = setTimeout(
    () => {
      for (const wire of wires) wire.cut('no answer in time')
    },
    seconds * 1_000 + PATIENCE_MS,
  )
  await Promise.all(Array.from({ length: connections }, oneAfterAnother))
  clearTimeout(patience)

  const elapsed = Math.min(performance.now() - startedAt, seconds * 1_000)
  latencies.sort((a, b) => a - b)
  const quantile = (q: number) => latencies[Math.floor(latencies.length * q)] ?? Number.NaN
  return {
    clicksPerSecond: inTime / (elapsed / 1_000),
    p50: quantile(0.5),
    p99: quantile(0.99),
    acknowledged,
    failures: Object.fromEntries(failures),
    nextVisitor: visitors,
  }
}
