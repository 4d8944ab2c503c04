/**
 * When a calendar day begins in a time zone, some days after it: `2026-03-29` in Europe/Madrid begins at
 * `2026-03-28T23:00:00.000Z`, and one day after it at `2026-03-29T22:00:00.000Z`. Undefined for what is no day.
 */
export function beginOf(day: string, timeZone: string, after = 0): string | undefined {
  const wall = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) + after * DAY_MS : Number.NaN
  if (Number.isNaN(wall)) return undefined
  // Where clocks change that night, the first guess is an hour off, and the second is not.
  const guess = wall - offsetAt(wall, timeZone)
  return new Date(wall - offsetAt(guess, timeZone)).toISOString()
}

const DAY_MS = 86_400_000

/** By how much the clocks of a zone are ahead of UTC. */
function offsetAt(at: number, timeZone: string) {
  const form = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const
  const parts = new Intl.DateTimeFormat('en-US', { ...form, hourCycle: 'h23', timeZone }).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find(each => each.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(at / 1000) * 1000
}
