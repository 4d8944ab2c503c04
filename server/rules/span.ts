export type Span = { from: string; to: string }

/** How many days a span has, both ends included: 2026-03-01 to 2026-03-31 are 31. */
export function lengthOf({ from, to }: Span) {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000 + 1
}

/**
 * A span as the whole months it holds, `YYYY-MM` both included, and the days before and after them: 2026-01-15 to
 * 2026-03-31 is the months 2026-02 to 2026-03 and the days from 2026-01-15 to 2026-01-31.
 */
export function inMonths({ from, to }: Span): { months: Span | null; days: Span[] } {
  const first = from.endsWith('-01') ? from.slice(0, 7) : monthAfter(from)
  const last = dayAfter(to).endsWith('-01') ? to.slice(0, 7) : monthBefore(to)
  if (first > last) return { months: null, days: [{ from, to }] }
  const days: Span[] = []
  if (from < `${first}-01`) days.push({ from, to: dayBefore(`${first}-01`) })
  if (to >= `${monthAfter(last)}-01`) days.push({ from: `${monthAfter(last)}-01`, to })
  return { months: { from: first, to: last }, days }
}

const shifted = (day: string, by: number) => new Date(Date.parse(`${day}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10)
const dayAfter = (day: string) => shifted(day, 1)
const dayBefore = (day: string) => shifted(day, -1)
const monthBefore = (day: string) => dayBefore(`${day.slice(0, 7)}-01`).slice(0, 7)

function monthAfter(day: string) {
  const [year = 0, month = 0] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7)
}
