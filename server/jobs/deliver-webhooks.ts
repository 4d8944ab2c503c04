import * as deliveries from '../program/deliveries.ts'
import type { Desk } from '../program/desk.ts'
import { post } from '../providers/webhook.ts'
import * as endpoints from '../store/webhook-endpoints.ts'
import type { Job } from './index.ts'

const TIMEOUT_MS = 15_000
/** Longer than an attempt can take, so that what is under way is not taken again. */
const LEASE_MS = 60_000
const AT_ONCE = 512
/** All that endpoints which fail or are slow may have under way between them: those that answer do not wait behind them. */
const AT_ONCE_TROUBLED = 64
/** What takes longer than this is slow. */
const SLOW_MS = 3_000
const AT_ONCE_PER_ENDPOINT = 4
/** How long those under way are given to end when the server stops. */
const DRAIN_MS = 4_000
const REST_MS = 5_000

type Way = { endpointId: string; isTroubled: boolean; done: Promise<void> }

/**
 * Sends what is due. A run only begins deliveries and does not wait for them: an endpoint that is slow, or never answers,
 * has a few places of its own and holds up nobody else. One that fails or is slow has a single place.
 */
export function deliverWebhooks(): Job {
  const underWay = new Map<string, Way>()
  const filling = new Set<string>()
  const slow = new Set<string>()
  const cut = new AbortController()
  let stopped = false
  let failure: unknown
  let restsUntil = 0

  async function run(desk: Desk) {
    if (performance.now() < restsUntil) return
    try {
      for (const endpoint of await endpoints.due(desk.database.db, desk.clock().toISOString()))
        await fill(desk, { id: endpoint.id, isTroubled: endpoint.failingSince !== null || slow.has(endpoint.id) })
    } catch (error) {
      failure = error
    }
    if (failure === undefined) return
    // Nearly always the database is away: it is asked again, and complained of, less often.
    restsUntil = performance.now() + REST_MS
    const reported = failure
    failure = undefined
    throw reported
  }

  async function fill(desk: Desk, endpoint: { id: string; isTroubled: boolean }) {
    const limit = room(endpoint)
    if (limit <= 0 || stopped || filling.has(endpoint.id)) return
    filling.add(endpoint.id)
    try {
      const except = [...underWay].filter(([, way]) => way.endpointId === endpoint.id).map(([id]) => id)
      const taken = await deliveries.take(desk, { endpointId: endpoint.id, limit, leaseMs: LEASE_MS, except })
      for (const each of taken) begin(desk, each, { ...endpoint, hasMore: taken.length === limit })
    } finally {
      filling.delete(endpoint.id)
    }
  }

  function begin(
    desk: Desk,
    taken: deliveries.Taken,
    { id, isTroubled, hasMore }: { id: string; isTroubled: boolean; hasMore: boolean },
  ) {
    const done = attempt(desk, taken)
      .finally(() => underWay.delete(taken.delivery.id))
      // What answers well is kept busy without waiting for the next run.
      .then(isWell => (isWell && hasMore ? fill(desk, { id, isTroubled }) : undefined))
      .catch(error => {
        failure = error
      })
    underWay.set(taken.delivery.id, { endpointId: id, isTroubled, done })
  }

  function room({ id, isTroubled }: { id: string; isTroubled: boolean }) {
    const ways = [...underWay.values()]
    const own = ways.filter(way => way.endpointId === id).length
    const shared = isTroubled
      ? AT_ONCE_TROUBLED - ways.filter(way => way.isTroubled).length
      : AT_ONCE - AT_ONCE_TROUBLED - ways.filter(way => !way.isTroubled).length
    return Math.min(shared, (isTroubled ? 1 : AT_ONCE_PER_ENDPOINT) - own)
  }

  async function attempt(desk: Desk, taken: deliveries.Taken) {
    const { endpoint, body } = taken
    const headers = deliveries.headersFor(desk, taken)
    const outcome = headers ? await dial(desk, endpoint.url, headers, body) : { outcome: 'unsigned' as const, ms: 0 }
    if (cut.signal.aborted && outcome.outcome === 'timeout') await deliveries.giveBack(desk, taken)
    else await deliveries.settle(desk, taken, outcome)
    if (outcome.ms > SLOW_MS) slow.add(endpoint.id)
    else slow.delete(endpoint.id)
    return outcome.outcome === 'ok' && outcome.ms <= SLOW_MS
  }

  function dial({ allowPrivateWebhooks: allowPrivate }: Desk, url: string, headers: Record<string, string>, body: string) {
    return post({ url, headers, body, timeoutMs: TIMEOUT_MS, allowPrivate, signal: cut.signal })
  }

  return {
    name: 'deliver webhooks',
    everyMs: 500,
    run,
    async stop() {
      stopped = true
      const timer = setTimeout(() => cut.abort(), DRAIN_MS)
      await Promise.all([...underWay.values()].map(way => way.done))
      clearTimeout(timer)
    },
  }
}
