import type { Overview } from '../../server/contract/overview.ts'

type Day = Overview['byDay'][number]
/** One point of the chart: a day, or a week where days would be too many to tell apart. */
export type Point = Omit<Day, 'day'> & { from: string; to: string }

/** The drawing's own units; the page stretches them to its width. */
export const WIDTH = 1000
export const HEIGHT = 100
// Sales are few beside clicks, so they have a scale of their own, in the lower part.
const BARS_HEIGHT = 40
const MOST_DAYS = 120

/** Up to 120 days as they are; more in weeks, counted back from the last day. What is left at the start joins the first. */
export function pointsOf(days: Day[]): Point[] {
  const length = days.length > MOST_DAYS ? 7 : 1
  const rest = days.length % length
  const groups = Array.from({ length: Math.floor(days.length / length) }, (_, at) =>
    days.slice(at ? rest + at * length : 0, rest + (at + 1) * length),
  )
  return groups.map(group => ({
    from: group[0]?.day ?? '',
    to: group.at(-1)?.day ?? '',
    clicks: total(group, 'clicks'),
    signups: total(group, 'signups'),
    conversions: total(group, 'conversions'),
  }))
}

/** The chart's paths and marks: clicks as a line, sales as bars. `scale` is what its top line stands for. */
export function plot(points: Point[]) {
  const scale = roundUp(Math.max(0, ...points.map(point => point.clicks)))
  const most = Math.max(1, ...points.map(point => point.conversions))
  const marks = points.map((point, at) => ({
    ...point,
    x: points.length === 1 ? WIDTH / 2 : round((at / (points.length - 1)) * WIDTH),
    y: round(HEIGHT - (point.clicks / scale) * HEIGHT),
  }))
  const line = marks.map(({ x, y }, at) => `${at ? 'L' : 'M'}${x} ${y}`).join('')
  const bars = marks.filter(mark => mark.conversions > 0)
  return {
    scale,
    marks,
    line,
    area: marks.length ? `${line}V${HEIGHT}H${marks[0]?.x}Z` : '',
    bars: bars.map(({ x, conversions }) => `M${x} ${HEIGHT}v${round((-conversions / most) * BARS_HEIGHT)}`).join(''),
  }
}

/** The next number that divides well: 34 → 40, 130 → 200, 7 → 8, 0 → 4. */
export function roundUp(most: number): number {
  if (most <= 4) return 4
  const power = 10 ** Math.floor(Math.log10(most))
  return power * ([1, 2, 4, 6, 8].find(step => step * power >= most) ?? 10)
}

const total = (days: Day[], of: 'clicks' | 'signups' | 'conversions') => days.reduce((sum, day) => sum + day[of], 0)
const round = (value: number) => Math.round(value * 100) / 100
