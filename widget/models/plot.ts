import type { Day } from '../dashboard-reply.ts'

/** One point of the chart: a day, or a week where days would be too many to tell apart. */
export type Point = Omit<Day, 'date'> & { from: string; to: string }

/** The drawing's own units; the page stretches them to its width. */
export const WIDTH = 1000
export const HEIGHT = 100

// Sales and signups are few beside clicks, and earnings are no count at all. So they have a scale of their own, in the lower part.
const BARS_HEIGHT = 40

/** Up to 120 days as they are; more in weeks, counted back from the last day. What is left at the start joins the first. */
export function pointsOf(days: Day[]): Point[] {
  if (days.length <= 120) return days.map(({ date, ...figures }) => ({ from: date, to: date, ...figures }))
  const rest = days.length % 7
  const weeks = Array.from({ length: (days.length - rest) / 7 }, (_, week) =>
    days.slice(week ? rest + week * 7 : 0, rest + (week + 1) * 7),
  )
  return weeks.flatMap(sum)
}

/** What may stand beside the clicks. */
export type Beside = 'conversions' | 'signups' | 'earned'

/** A chart's paths and points. `scale` is what its top line stands for: 34 clicks at most make it 40. */
export function plot(points: Point[], beside: Beside = 'conversions') {
  const scale = roundUp(Math.max(...points.map(point => point.clicks), 0))
  const most = Math.max(...points.map(point => point[beside]), beside === 'earned' ? 0 : 1)
  const marks = points.map((point, index) => ({
    ...point,
    x: points.length === 1 ? WIDTH / 2 : round((index / (points.length - 1)) * WIDTH),
    y: round(HEIGHT - (point.clicks / scale) * HEIGHT),
  }))
  const [first] = marks
  const middle = marks[Math.floor((marks.length - 1) / 2)]
  const last = marks.at(-1)
  if (!first || !middle || !last) return undefined
  const line = marks.map(({ x, y }, index) => `${index ? 'L' : 'M'}${x} ${y}`).join('')
  const bars = marks.filter(mark => mark[beside] > 0)
  return {
    scale,
    marks,
    first,
    middle,
    last,
    line,
    area: `${line}V${HEIGHT}H${first.x}Z`,
    bars: bars.map(mark => `M${mark.x} ${HEIGHT}v${round((-mark[beside] / most) * BARS_HEIGHT)}`).join(''),
    isEmpty: points.every(({ clicks, signups, conversions, earned }) => !clicks && !signups && !conversions && !earned),
  }
}

export type Plot = NonNullable<ReturnType<typeof plot>>

/** Which point lies nearest to a place across the chart, from 0 at its start to 1 at its end. */
export function nearest(points: number, place: number): number {
  return Math.min(points - 1, Math.max(0, Math.round(place * (points - 1))))
}

/** The next number that divides well: 34 → 40, 130 → 200, 7 → 8, 0 → 4. */
export function roundUp(most: number): number {
  if (most <= 4) return 4
  const power = 10 ** Math.floor(Math.log10(most))
  return power * ([1, 2, 4, 6, 8].find(step => step * power >= most) ?? 10)
}

function sum(days: Day[]): Point[] {
  const [first] = days
  const last = days.at(-1)
  if (!first || !last) return []
  const total = (of: 'clicks' | 'signups' | 'conversions' | 'earned') => days.reduce((all, day) => all + day[of], 0)
  return [
    {
      from: first.date,
      to: last.date,
      clicks: total('clicks'),
      signups: total('signups'),
      conversions: total('conversions'),
      earned: total('earned'),
    },
  ]
}

const round = (value: number) => Math.round(value * 100) / 100
