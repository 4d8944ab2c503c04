import { createHmac } from 'node:crypto'
import type { Database } from './store/database.ts'
import * as limits from './store/limits.ts'

const WINDOW_MS = 60_000
/** Who asks less of one server than this part of the limit is not told of: most visitors never become a row. */
const PART = 20
const EXCHANGE_MS = 1_000
/** The shortest time from one exchange to the next. */
const SOONEST_MS = 10
const MOST_AT_ONCE = 1_000

/** What came from an address in its present minute: here, and on all servers as far as is known here. */
type Uses = { until: number; known: number; own: number; untold: number }

/**
 * Counts what comes from an address within a minute, together with the other servers and without asking the database for it:
 * each counts by itself, and exchanges what it has counted of the busy ones once a second, or as soon as a twentieth of
 * `most` has come since. Only what was let through is counted, and once: together they never let through less than `most`,
 * and each of them at most a twentieth more, with what comes while an exchange is under way. An address has its minutes
 * by the clock, beginning at a moment of its own. It is never written down, only a keyed hash of it that is another each
 * minute.
 */
export function sharedUses({ db }: Pick<Database, 'db'>, { most, secret }: { most: number; secret: string }) {
  const part = Math.max(1, Math.floor(most / PART))
  let present = new Map<string, Uses>()
  let past = new Map<string, Uses>()
  let turnsAt = 0
  let busy = new Map<string, Uses>()
  let exchanging: Promise<void> | null = null
  let exchangedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | null = null
  let dueAt = Number.POSITIVE_INFINITY
  let stopped = false

  function usesOf(address: string, now: number) {
    if (now >= turnsAt) {
      past = present
      present = new Map()
      turnsAt = now + WINDOW_MS
    }
    let uses = present.get(address)
    if (uses && now < uses.until) return uses
    uses = past.get(address)
    if (!uses || now >= uses.until) uses = { until: endOf(address, now), known: 0, own: 0, untold: 0 }
    present.set(address, uses)
    return uses
  }

  function plan(inMs: number) {
    if (stopped || exchanging) return
    const now = performance.now()
    const at = Math.max(now + inMs, exchangedAt + SOONEST_MS)
    if (at >= dueAt) return
    if (timer) clearTimeout(timer)
    dueAt = at
    timer = setTimeout(begin, at - now).unref()
  }

  function begin() {
    timer = null
    dueAt = Number.POSITIVE_INFINITY
    exchangedAt = performance.now()
    exchanging = exchange()
      // Without the database each server counts alone, until there is one again: what could not be told is told to nobody, or
      // it might count twice.
      .catch(() => {})
      .finally(() => {
        exchanging = null
        if (busy.size) plan([...busy.values()].some(({ untold }) => untold >= part) ? 0 : EXCHANGE_MS)
      })
  }

  async function exchange() {
    const told = [...busy].filter(([, uses]) => uses.untold > 0)
    busy = new Map()
    for (let from = 0; from < told.length; from += MOST_AT_ONCE) {
      const part = told.slice(from, from + MOST_AT_ONCE)
      const rows = part.map(([address, { until, untold }]) => ({ key: keyOf(address, until), points: untold, expire: until }))
      // What comes while this is under way is told the next time.
      for (const [, uses] of part) uses.untold = 0
      const sums = await limits.add(db, rows)
      for (const [at, [, uses]] of part.entries())
        uses.known = Math.max(uses.known, (sums.get(rows[at]?.key ?? '') ?? 0) + uses.untold)
    }
  }

  const keyOf = (address: string, until: number) =>
    `public:${createHmac('sha256', secret).update(`public ${until} ${address}`).digest('base64url')}`

  return {
    /** Counts one more; in how many milliseconds it would be counted again, where there were too many, else 0. */
    count(address: string) {
      const now = Date.now()
      const uses = usesOf(address, now)
      if (uses.known >= most) return uses.until - now
      uses.known++
      uses.untold++
      if (++uses.own >= part) {
        busy.set(address, uses)
        plan(uses.untold >= part ? 0 : EXCHANGE_MS)
      }
      return 0
    },
    async stop() {
      stopped = true
      if (timer) clearTimeout(timer)
      await exchanging
    },
  }
}

// Were all minutes to begin at once, so would all that wait for theirs.
function endOf(address: string, now: number) {
  let shift = 0
  for (let i = 0; i < address.length; i++) shift = (shift * 31 + address.charCodeAt(i)) % WINDOW_MS
  return now - ((now + shift) % WINDOW_MS) + WINDOW_MS
}
