/** The calendar day, `YYYY-MM-DD`, that a moment falls on in a time zone. */
export function dayOf(instant: Date, timeZone: string) {
  return formatter(timeZone).format(instant)
}

/** The calendar month, `YYYY-MM`. */
export function monthOf(instant: Date, timeZone: string) {
  return dayOf(instant, timeZone).slice(0, 7)
}

/** The month before: 2025-12 before 2026-01. */
export function monthBefore(month: string) {
  return shifted(month, -1)
}

/** The month after: 2027-01 after 2026-12. */
export function monthAfter(month: string) {
  return shifted(month, 1)
}

/** The `count` days that end with `last`, oldest first. Days are counted on the calendar, so no clock change matters. */
export function daysUntil(last: string, count: number) {
  const end = Date.parse(`${last}T00:00:00Z`)
  return Array.from({ length: count }, (_, i) => new Date(end - (count - 1 - i) * 86_400_000).toISOString().slice(0, 10))
}

function shifted(month: string, by: number) {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
}

const formatters = new Map<string, Intl.DateTimeFormat>()

// The Canadian form of a date is YYYY-MM-DD. Making a formatter costs a hundred times what using it does.
function formatter(timeZone: string) {
  let known = formatters.get(timeZone)
  if (!known) {
    known = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formatters.set(timeZone, known)
  }
  return known
}
