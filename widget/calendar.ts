/** Dates as the reader writes them, with the year only where it is not this one. */
export function calendar(locale: string | undefined, now = new Date()) {
  const form = (date: Date, timeZone?: string) => {
    const year = date.getUTCFullYear() === now.getUTCFullYear() ? undefined : 'numeric'
    return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year, timeZone })
  }
  return {
    /** A point in time: its day where the reader is. */
    instant: (iso: string) => form(new Date(iso)).format(new Date(iso)),
    /** A program's day, `2026-11-21`, which is the same day wherever it is read. */
    day: (day: string) => form(new Date(day), 'UTC').format(new Date(day)),
    /** `7 days`, or `7d`; 365 of them are a year. */
    lasting(days: number, unitDisplay: 'long' | 'narrow') {
      const [value, unit] = days === 365 ? [1, 'year'] : [days, 'day']
      // Some languages have no letter for a day that anybody would know; theirs is short as it is.
      const display = /^(ar|ja)\b/.test(locale ?? '') ? 'short' : unitDisplay
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: display }).format(value)
    },
    /** `17 – 23 Nov` */
    days: (from: string, to: string) => form(new Date(from), 'UTC').formatRange(new Date(from), new Date(to)),
  }
}

export type Calendar = ReturnType<typeof calendar>
