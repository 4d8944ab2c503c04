const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

const FAST_MS = [SECOND_MS, 10 * SECOND_MS, MINUTE_MS]
const SLOW_MS = [5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS]
const SLOWEST_MS = 12 * HOUR_MS
const PATIENCE_MS = 72 * HOUR_MS
const LONGEST_RETRY_AFTER_MS = HOUR_MS
const JITTER = 0.1
const DEAD_AFTER_MS = 5 * 24 * HOUR_MS

export type Failed = {
  /** Attempts that have failed since `startedAt`, this one among them. */
  tries: number
  startedAt: Date
  now: Date
  slowRetries: boolean
  /** In seconds, as the receiver asks. */
  retryAfter?: number | undefined
  /** From 0 up to 1, drawn by the caller: so that those that failed together do not come back together. */
  chance: number
}

/**
 * When a delivery that has failed is tried again, or null when it is given up: after 1 s, 10 s and 60 s, then, unless slow
 * retries are off, 5 min, 30 min, 2 h, 5 h, 10 h and every 12 h, the last time 72 h after the first. Up to a tenth is
 * added to each wait. A receiver may ask for a longer one, up to an hour.
 */
export function nextAttempt({ tries, startedAt, now, slowRetries, retryAfter = 0, chance }: Failed): Date | null {
  const fast = FAST_MS[tries - 1]
  const last = startedAt.getTime() + PATIENCE_MS
  if (fast === undefined && (!slowRetries || now.getTime() >= last)) return null
  const wait = (fast ?? SLOW_MS[tries - 1 - FAST_MS.length] ?? SLOWEST_MS) * (1 + JITTER * chance)
  const asked = Math.min(retryAfter * SECOND_MS, LONGEST_RETRY_AFTER_MS)
  const next = now.getTime() + Math.round(Math.max(wait, asked))
  return new Date(fast === undefined ? Math.min(next, last) : next)
}

/** True where an endpoint has answered nothing but failures for five days. */
export function isDead(failingSince: Date, now: Date) {
  return now.getTime() - failingSince.getTime() >= DEAD_AFTER_MS
}
