import type { Slice, Stream, Told } from './paced.ts'
import { Wire } from './wire.ts'

export const SLICE_MS = 250
const MOST_WAITING = 5_000_000

type Wanted = { port: number; stream: Stream; startedAt: number; patienceMs: number; text(n: number): string }

/** The requests of one stream: those that are due and wait for a connection, and those that are under way. */
export class Deck {
  #wanted: Wanted
  #free: Wire[] = []
  #all = new Set<Wire>()
  #waiting: number[] = []
  #head = 0
  #dueAt: number
  #phase = 0
  #phaseEndsAt: number
  #underWay = 0
  #latencies: number[] = []
  #statuses = new Map<string, number>()
  #slices: Slice[] = []
  #due = 0
  #sent = 0
  #good = 0

  constructor(wanted: Wanted) {
    this.#wanted = wanted
    this.#dueAt = wanted.startedAt + (wanted.stream.firstAfterMs ?? 0)
    this.#phaseEndsAt = wanted.startedAt + (wanted.stream.phases[0]?.seconds ?? 0) * 1_000
  }

  /** Sends what is due, as far as there are connections. */
  turn(now: number) {
    while (this.#dueAt <= now && !this.#isDone) this.#plan()
    const { patienceMs } = this.#wanted
    const { connections, queueMs = patienceMs } = this.#wanted.stream
    while (this.#head < this.#waiting.length && this.#underWay < connections) {
      const due = this.#waiting[this.#head++] as number
      // Who has waited for so long has been turned away before, and is not sent.
      if (now - due > queueMs) continue
      this.#send(due)
    }
    if (this.#head < 100_000) return
    this.#waiting = this.#waiting.slice(this.#head)
    this.#head = 0
  }

  isOver(now: number) {
    const { patienceMs } = this.#wanted
    if (!this.#isDone || this.#head < this.#waiting.length) return false
    return this.#underWay === 0 || now > this.#phaseEndsAt + 5 * patienceMs
  }

  end() {
    for (const wire of this.#all) wire.end()
  }

  told(): Told {
    const sorted = [...this.#latencies].sort((a, b) => a - b)
    const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
    return {
      name: this.#wanted.stream.name,
      due: this.#due,
      sent: this.#sent,
      good: this.#good,
      statuses: Object.fromEntries(this.#statuses),
      p50: quantile(0.5),
      p99: quantile(0.99),
      worst: quantile(1),
      slices: Array.from(this.#slices, slice => slice ?? { good: 0, worst: 0 }),
    }
  }

  get #isDone() {
    return this.#phase >= this.#wanted.stream.phases.length
  }

  #plan() {
    const { phases } = this.#wanted.stream
    if (this.#dueAt >= this.#phaseEndsAt) {
      this.#phase++
      this.#dueAt = this.#phaseEndsAt
      this.#phaseEndsAt += (phases[this.#phase]?.seconds ?? 0) * 1_000
      return
    }
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(this.#dueAt)
    this.#due++
    this.#dueAt += 1_000 / (phases[this.#phase]?.perSecond ?? 1)
  }

  #send(due: number) {
    let wire = this.#free.pop()
    while (wire && !wire.isOpen) {
      this.#all.delete(wire)
      wire = this.#free.pop()
    }
    wire ??= this.#opened()
    this.#ask(wire, due)
  }

  #ask(wire: Wire, due: number) {
    this.#underWay++
    wire.ask(this.#wanted.text(this.#sent++)).then(
      status => {
        this.#free.push(wire)
        this.#answered(due, status)
      },
      problem => {
        this.#all.delete(wire)
        this.#underWay--
        this.#count(problem instanceof Error ? problem.message : String(problem))
      },
    )
  }

  #opened() {
    const wire = new Wire(this.#wanted.port)
    this.#all.add(wire)
    return wire
  }

  #answered(due: number, status: number) {
    this.#underWay--
    this.#count(String(status))
    if (status < 200 || status > 299) return
    const now = performance.now()
    const ms = now - due
    this.#latencies.push(ms)
    const place = Math.floor((now - this.#wanted.startedAt) / SLICE_MS)
    const slice = this.#slices[place] ?? { good: 0, worst: 0 }
    this.#slices[place] = slice
    slice.worst = Math.max(slice.worst, ms)
    if (ms > this.#wanted.patienceMs) return
    slice.good++
    this.#good++
  }

  #count(what: string) {
    this.#statuses.set(what, (this.#statuses.get(what) ?? 0) + 1)
  }
}
