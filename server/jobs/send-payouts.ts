import { type Attempted, attempt, due } from '../program/send-attempts.ts'
import type { Job } from './index.ts'

const AT_ONCE = 8
/** How long calls under way are given to end when the server stops. */
const DRAIN_MS = 4_000

/**
 * Sends the payouts that are to be sent, and asks after those that have been. A run only begins and does not wait: a provider
 * that keeps one waiting holds up the places that it has, and nothing else.
 */
export function sendPayouts(count: (attempted: Attempted) => void): Job {
  const underWay = new Map<string, Promise<void>>()
  const cut = new AbortController()
  let stopped = false
  let failure: unknown

  return {
    name: 'send payouts',
    everyMs: 500,
    async run(desk) {
      const room = AT_ONCE - underWay.size
      const found = room > 0 && !stopped ? await due(desk, AT_ONCE) : []
      for (const id of found.filter(each => !underWay.has(each)).slice(0, room)) {
        const work = attempt(desk, id, cut.signal)
          .then(attempted => attempted && count(attempted))
          .catch(error => {
            failure = error
          })
          .finally(() => underWay.delete(id))
        underWay.set(id, work)
      }
      if (failure === undefined) return
      const reported = failure
      failure = undefined
      throw reported
    },
    // What is cut off may have been sent: it is asked after by the next server that starts.
    async stop() {
      stopped = true
      const timer = setTimeout(() => cut.abort(), DRAIN_MS)
      await Promise.all(underWay.values())
      clearTimeout(timer)
    },
  }
}
