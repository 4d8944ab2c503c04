const MINUTE_MS = 60_000
const LONGEST_MS = 60 * MINUTE_MS

/** For how long it is tried to send a mail. A link to sign in with is of no use any longer than it works. */
export const PATIENCE_MS = 3 * 24 * 60 * MINUTE_MS

/**
 * When a mail that could not be sent is tried again: after a minute, then twice as long each time, an hour at most. Null
 * where it is not, because the address was refused for good or the time is up.
 */
export function nextTry({
  attempts,
  now,
  givesUpAt,
  isRefused,
}: {
  attempts: number
  now: Date
  givesUpAt: string
  isRefused: boolean
}) {
  if (isRefused) return null
  const wait = Math.min(MINUTE_MS * 2 ** (attempts - 1), LONGEST_MS)
  const at = new Date(now.getTime() + wait).toISOString()
  return at < givesUpAt ? at : null
}
