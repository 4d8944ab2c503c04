import { useMemo, useState } from 'preact/hooks'
import type { Overview } from '../../../server/contract/overview.ts'
import { calendarDay, count, counted } from '../../format.ts'
import { HEIGHT, type Point, plot, pointsOf, WIDTH } from '../../models/plot.ts'

const name = ({ from, to }: Point) => (from === to ? calendarDay(from) : `${calendarDay(from)} – ${calendarDay(to)}`)
const figures = (point: Pick<Point, 'clicks' | 'signups' | 'conversions'>) =>
  [counted(point.clicks, 'click'), counted(point.signups, 'signup'), counted(point.conversions, 'sale')] as const

/** Clicks as a line and sales as bars; a point under the finger says its figures, and all of them are a table below. */
export function Chart({ days }: { days: Overview['byDay'] }) {
  const points = useMemo(() => pointsOf(days), [days])
  const { marks, scale, line, area, bars } = useMemo(() => plot(points), [points])
  const [pointed, setPointed] = useState<number | undefined>(undefined)
  const last = marks.at(-1)
  const at = (pointed === undefined ? undefined : marks[pointed]) ?? last
  const first = marks[0]
  if (!at || !first || !last) return null
  const sum = (of: 'clicks' | 'signups' | 'conversions') => points.reduce((all, point) => all + point[of], 0)
  const all = { clicks: sum('clicks'), signups: sum('signups'), conversions: sum('conversions') }
  const [clicks, signups, sales] = figures(pointed === undefined ? all : at)
  const follow = (event: PointerEvent) => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    setPointed(Math.min(marks.length - 1, Math.max(0, Math.round(((event.clientX - left) / width) * (marks.length - 1)))))
  }
  return (
    <>
      <p class="readout">
        <span class="key-line">{clicks}</span>
        <span>{signups}</span>
        <span class="key-bars">{sales}</span>
        {pointed !== undefined && <span>{name(at)}</span>}
      </p>
      <div class="plot">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {[0, 25, 50, 75, 100].map(y => (
            <path key={y} class="grid" d={`M0 ${y}H${WIDTH}`} />
          ))}
          <path class="area" d={area} />
          <path class="bars" d={bars} stroke-width={Math.max(2, Math.min(6, 180 / marks.length))} />
          <path class="curve" d={line} />
          {pointed !== undefined && <path class="crosshair" d={`M${at.x} 0V${HEIGHT}`} />}
          {/* A line of no length with a round end is a circle that stretching leaves round. */}
          <path class="ring" d={`M${at.x} ${at.y}h0`} />
          <path class="dot" d={`M${at.x} ${at.y}h0`} />
        </svg>
        <span class="scale" aria-hidden="true">
          {counted(scale, 'click')}
        </span>
        <input
          type="range"
          min={0}
          max={marks.length - 1}
          value={marks.indexOf(at)}
          aria-label="Clicks, signups and sales by day"
          aria-valuetext={`${name(at)}: ${figures(at).join(', ')}`}
          onInput={event => setPointed(event.currentTarget.valueAsNumber)}
          onPointerMove={follow}
          onPointerDown={follow}
          onPointerLeave={() => setPointed(undefined)}
          onBlur={() => setPointed(undefined)}
        />
      </div>
      <p class="dates" aria-hidden="true">
        <span>{calendarDay(first.from)}</span>
        <span>{calendarDay(marks[Math.floor((marks.length - 1) / 2)]?.from ?? first.from)}</span>
        <span>{calendarDay(last.to)}</span>
      </p>
      <details class="more">
        <summary>The same as a table</summary>
        <Figures points={points} />
      </details>
    </>
  )
}

function Figures({ points }: { points: Point[] }) {
  return (
    <table class="table figures-table">
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col" class="end">
            Clicks
          </th>
          <th scope="col" class="end">
            Signups
          </th>
          <th scope="col" class="end">
            Sales
          </th>
        </tr>
      </thead>
      <tbody>
        {points.toReversed().map(point => (
          <tr key={point.from}>
            <th scope="row">{name(point)}</th>
            <td class="end">{count(point.clicks)}</td>
            <td class="end">{count(point.signups)}</td>
            <td class="end">{count(point.conversions)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
