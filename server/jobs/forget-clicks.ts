import { setTimeout as wait } from 'node:timers/promises'
import { clicksKeptSince, type Desk } from '../program/desk.ts'
import { dayOf } from '../rules/period.ts'
import { type Forgetting, forgetOld } from '../store/old-clicks.ts'
import type { Job } from './index.ts'

/** From the end of a round to the next one. */
const ROUND_MS = 24 * 3_600_000
/** How long a turn may take; a round goes on in the next. */
const TURN_MS = 1_000
/** Steps follow one another at this distance, and never take more than a fifth of the time. */
const REST_MS = 10
const RESTS = 4
/** What a step should take at most: it deletes fewer clicks where it takes longer. */
const STEP_MS = 4
const FEWEST = 20
const MOST = 200

/**
 * Once a day, forgets the clicks that are older than they are kept. It is done in steps of a few milliseconds, so that clicks
 * and sales come in between as ever; ten million take hours the first time. `forgotten` is told of each step's count.
 */
export function forgetClicks(forgotten: (count: number) => void = () => {}): Job {
  let round: Forgetting | null = null
  let restsUntil = 0
  let stopped = false
  let size = FEWEST

  async function run(desk: Desk) {
    if (!round && performance.now() < restsUntil) return
    round ??= forgetOld(desk.database, await old(desk))
    const until = performance.now() + TURN_MS
    while (!stopped && performance.now() < until) {
      const startedAt = performance.now()
      const { value, done } = await step(round)
      if (done) {
        round = null
        restsUntil = performance.now() + ROUND_MS
        return
      }
      if (value) forgotten(value)
      const took = performance.now() - startedAt
      size = took > STEP_MS ? Math.max(FEWEST, size >> 1) : Math.min(MOST, size + FEWEST)
      await wait(Math.max(REST_MS, RESTS * took))
    }
  }

  async function step(under: Forgetting) {
    try {
      return await under.next(size)
    } catch (error) {
      // It has ended with this. The next turn begins another.
      round = null
      throw error
    }
  }

  return {
    name: 'forget clicks',
    everyMs: 5_000,
    firstMs: 600_000,
    run,
    async stop() {
      stopped = true
    },
  }
}

async function old(desk: Desk) {
  const { programs } = await desk.directory.current()
  return [...programs.values()].flatMap(program => {
    const before = clicksKeptSince(desk, program)
    if (before === null) return []
    return [{ programId: program.id, before, day: dayOf(new Date(before), program.settings.timeZone) }]
  })
}
