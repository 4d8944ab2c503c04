import { grantDueOf, programsWithDue } from '../program/grants.ts'
import type { Job } from './index.ts'

/**
 * Grants the rewards that are due, and tries again those that could not be granted. A run only begins the work of each
 * program and does not wait for it: a host that keeps one waiting holds up no other's.
 */
export function grantRewards(): Job {
  const underWay = new Map<string, Promise<void>>()
  const cut = new AbortController()
  let failure: unknown

  return {
    name: 'grant rewards',
    everyMs: 1_000,
    async run(desk) {
      for (const program of await programsWithDue(desk)) {
        if (underWay.has(program.id)) continue
        const work = grantDueOf(desk, program, cut.signal)
          .catch(error => {
            failure = error
          })
          .finally(() => underWay.delete(program.id))
        underWay.set(program.id, work)
      }
      if (failure === undefined) return
      const reported = failure
      failure = undefined
      throw reported
    },
    // What is cut off may have been granted: it is asked for again, under the same key, by the next that starts.
    async stop() {
      cut.abort()
      await Promise.all(underWay.values())
    },
  }
}
