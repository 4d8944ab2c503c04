import * as v from 'valibot'
import { Sum } from './money.ts'

/** A calendar day, `YYYY-MM-DD`, in the program's time zone. */
export const Day = v.pipe(v.string(), v.isoDate('Give a day such as 2026-03-01.'), v.check(isDay, 'That day does not exist.'))

/** GET /v1/apps/:appId/stats: the days from `from` to `to`, both included; the last 30 where nothing is said. */
export const StatsQuery = v.object({ from: v.optional(Day), to: v.optional(Day) })

const Counts = { clicks: v.number(), signups: v.number(), conversions: v.number() }
const Sums = v.array(Sum)

/**
 * What a program's partners brought in some days. `revenue` is what referred customers paid, without tax and discount,
 * less what they got back; `commissions` what partners earned of it. `conversionRate` is conversions per click, from 0
 * on; null without clicks. `liabilities` is what is owed now, whatever the days: lists have one amount per currency.
 */
export const Stats = v.object({
  from: v.string(),
  to: v.string(),
  ...Counts,
  conversionRate: v.nullable(v.number()),
  revenue: Sums,
  commissions: Sums,
  byDay: v.array(v.object({ day: v.string(), ...Counts, revenue: Sums, commissions: Sums })),
  topPartners: v.array(v.object({ partnerId: v.string(), name: v.string(), code: v.string(), ...Counts, earned: Sums })),
  partners: v.object({ invited: v.number(), active: v.number(), deactivated: v.number() }),
  applications: v.object({ pending: v.number() }),
  liabilities: v.array(v.object({ currency: v.string(), pending: v.number(), approved: v.number(), held: v.number() })),
})
export type Stats = v.InferOutput<typeof Stats>

function isDay(day: string) {
  const date = new Date(`${day}T00:00:00Z`)
  // Beyond, years are spelled another way.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) && day > '2000' && day < '9000'
}
