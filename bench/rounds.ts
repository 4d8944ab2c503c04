import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Outcome, Task } from './load.ts'
import type { PacedTask, Told } from './paced.ts'
import { cpuOf, type Running } from './servers.ts'
import type { Kind, Site } from './visitors.ts'

/** How the clicks come. */
export type Way = { name: string; connections: number; keepAlive: boolean }

/** What is asked, and what it has acknowledged and failed at so far. */
export type Target = {
  name: string
  running: Running
  site: Site
  acknowledged: Record<Kind, number>
  failures: Record<string, number>
}

/** `cpu` is what the asked process itself used, in µs for each click. */
export type Result = { clicksPerSecond: number; ofBare: number; p50: number; p99: number; cpu: number | null }

export type Generator<Wanted = Task, Found = Outcome> = { run(task: Wanted): Promise<Found>; stop(): void }

/** The generator in which each connection waits for its answer. */
export const generator = (): Generator => inProcess('load.ts')

/** The generator in which what is due is due. */
export const paced = (): Generator<PacedTask, Told[]> => inProcess('paced.ts')

/** A load generator in a process of its own. */
function inProcess<Wanted extends object, Found>(script: string): Generator<Wanted, Found> {
  const child = fork(join(import.meta.dirname, script))
  return {
    run: task =>
      new Promise((resolve, reject) => {
        const died = (code: number | null) => reject(new Error(`The load generator ended with ${code}`))
        child.once('exit', died)
        child.once('message', outcome => {
          child.off('exit', died)
          resolve(outcome as Found)
        })
        child.send(task)
      }),
    stop: () => {
      if (child.connected) child.disconnect()
    },
  }
}

/**
 * Medians over rounds in which every target has its turn, so that what else the machine does meets them all alike.
 * `ofBare` is the median of the ratios to the first target within each round. A round before the first is not counted.
 */
export async function measure(
  load: Generator,
  targets: Target[],
  way: Way,
  { rounds, seconds }: { rounds: number; seconds: number },
) {
  const outcomes = targets.map((): (Outcome & { cpu: number | null })[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [i, target] of targets.entries()) {
      const outcome = await once(load, target, way, seconds)
      if (round > 0) outcomes[i]?.push(outcome)
    }
  }
  return outcomes.map((own): Result => {
    const median = (figure: (outcome: (typeof own)[number], round: number) => number) => middle(own.map(figure))
    return {
      clicksPerSecond: median(outcome => outcome.clicksPerSecond),
      ofBare: median((outcome, round) => outcome.clicksPerSecond / (outcomes[0]?.[round]?.clicksPerSecond ?? Number.NaN)),
      p50: median(outcome => outcome.p50),
      p99: median(outcome => outcome.p99),
      cpu: own.some(outcome => outcome.cpu === null) ? null : median(outcome => outcome.cpu ?? 0),
    }
  })
}

let nextVisitor = 0

async function once(load: Generator, target: Target, { connections, keepAlive }: Way, seconds: number) {
  const cpuBefore = cpuOf(target.running)
  const outcome = await load.run({
    port: Number(new URL(target.running.url).port),
    site: target.site,
    connections,
    keepAlive,
    seconds,
    firstVisitor: nextVisitor,
  })
  const cpuAfter = cpuOf(target.running)
  nextVisitor = outcome.nextVisitor
  for (const kind of Object.keys(outcome.acknowledged) as Kind[]) target.acknowledged[kind] += outcome.acknowledged[kind]
  for (const [what, times] of Object.entries(outcome.failures)) target.failures[what] = (target.failures[what] ?? 0) + times
  const clicks = Object.values(outcome.acknowledged).reduce((sum, each) => sum + each, 0)
  return { ...outcome, cpu: cpuBefore === null || cpuAfter === null ? null : ((cpuAfter - cpuBefore) * 1_000) / clicks }
}

export function middle(values: number[]) {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? (sorted[half] ?? Number.NaN) : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2
}
