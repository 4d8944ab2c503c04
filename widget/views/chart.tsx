import type { Calendar } from '../calendar.ts'
import type { Dashboard as Model, Range } from '../models/dashboard.ts'
import { type Beside, HEIGHT, nearest, type Plot, type Point, WIDTH } from '../models/plot.ts'
import type { Words } from './dashboard.tsx'

type Props = { model: Model; words: Words; dates: Calendar }

const ranges: Range[] = [7, 30, 90, 365]
const besides: Beside[] = ['conversions', 'signups', 'earned']

/** Clicks as a line; sales, signups or earnings as bars; all of the figures as a table. */
export function Chart({ model, words, dates }: Props) {
  const { say } = words
  return (
    <section aria-busy={model.waiting.value}>
      <div class="heading">
        <h3>{say[`chart.${model.beside.value}`]}</h3>
        <fieldset class="ranges" aria-label={say.range} part="ranges">
          {ranges.map(days => (
            <button
              type="button"
              key={days}
              aria-label={`${dates.lasting(days, 'narrow')}: ${dates.lasting(days, 'long')}`}
              aria-pressed={model.range.value === days}
              onClick={() => model.show(days)}
            >
              {dates.lasting(days, 'narrow')}
            </button>
          ))}
        </fieldset>
      </div>
      {model.drawn.value && <Drawing plot={model.drawn.value} model={model} words={words} dates={dates} />}
    </section>
  )
}

function Drawing({ plot, model, words, dates }: Props & { plot: Plot }) {
  const { say, fill } = words
  const { marks, first, middle, last } = plot
  const pointed = model.pointed.value === undefined ? undefined : marks[model.pointed.value]
  const at = pointed ?? last
  const follow = (event: PointerEvent) => model.point(nearest(marks.length, placeOf(event)))
  return (
    <>
      <Readout point={pointed} points={marks} model={model} words={words} dates={dates} />
      <div class="plot" part="chart">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {[0, 25, 50, 75, 100].map(y => (
            <path key={y} class="grid" d={`M0 ${y}H${WIDTH}`} />
          ))}
          <path class="area" d={plot.area} />
          <path class="bars" d={plot.bars} stroke-width={Math.max(2, Math.min(6, 180 / marks.length))} />
          <path class="line" d={plot.line} />
          {pointed && <path class="crosshair" d={`M${at.x} 0V${HEIGHT}`} />}
          {/* A line of no length with a round end is a circle that stretching leaves round. */}
          <path class="ring" d={`M${at.x} ${at.y}h0`} />
          <path class="dot" d={`M${at.x} ${at.y}h0`} />
        </svg>
        {plot.isEmpty ? (
          <p>{say.chartEmpty}</p>
        ) : (
          <span class="scale" aria-hidden="true">
            <bdi>{fill(say.clicks, { n: plot.scale })}</bdi>
          </span>
        )}
        <input
          type="range"
          min={0}
          max={marks.length - 1}
          value={marks.indexOf(at)}
          aria-label={say[`chart.${model.beside.value}`]}
          aria-valuetext={`${dayOf(at, dates)}: ${figuresOf(at, model, words)}`}
          onInput={event => model.point(event.currentTarget.valueAsNumber)}
          onPointerMove={follow}
          onPointerDown={follow}
          onPointerLeave={() => model.point(undefined)}
          onBlur={() => model.point(undefined)}
        />
      </div>
      <div class="dates" aria-hidden="true">
        <bdi>{dates.day(first.from)}</bdi>
        {marks.length > 2 && <bdi>{dates.day(middle.from)}</bdi>}
        {marks.length > 1 && <bdi>{dates.day(last.to)}</bdi>}
      </div>
      <Table points={marks} currency={model.reply.value.affiliate.currency} words={words} dates={dates} />
    </>
  )
}

/** What the point under the finger says; without one, the sum of what is shown. Each but the clicks can be had as bars. */
function Readout({ point, points, model, words, dates }: Props & { point: Point | undefined; points: Point[] }) {
  const { say, fill } = words
  const sum = (of: Beside | 'clicks') => (point ? point[of] : points.reduce((all, each) => all + each[of], 0))
  return (
    <div class="readout">
      <span class="key-clicks">
        <bdi>{fill(say.clicks, { n: sum('clicks') })}</bdi>
      </span>
      <fieldset aria-label={say.beside}>
        {besides.map(each => (
          <button
            type="button"
            key={each}
            class="key"
            aria-pressed={model.beside.value === each}
            onClick={() => {
              model.beside.value = each
            }}
          >
            <bdi>{figureOf(each, sum(each), model, words)}</bdi>
          </button>
        ))}
      </fieldset>
      {point && <bdi>{dayOf(point, dates)}</bdi>}
    </div>
  )
}

function figureOf(of: Beside, figure: number, model: Model, { say, fill, money }: Words) {
  if (of === 'earned') return fill(say.earnedInAll, { amount: money(figure, model.reply.value.affiliate.currency) })
  return fill(of === 'signups' ? say.signups : say.sales, { n: figure })
}

function Table({ points, currency, words, dates }: { points: Point[]; currency: string; words: Words; dates: Calendar }) {
  const { say, count, money } = words
  const isDaily = points.every(({ from, to }) => from === to)
  return (
    <details class="as-table">
      <summary>
        <bdi>{say.chartTable}</bdi>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{isDaily ? say.day : say.week}</th>
            <th scope="col">{say.clicksColumn}</th>
            <th scope="col">{say.signupsColumn}</th>
            <th scope="col">{say.salesColumn}</th>
            <th scope="col">{say.earnedColumn}</th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(point => (
            <tr key={point.from}>
              <th scope="row">
                <bdi>{dayOf(point, dates)}</bdi>
              </th>
              <td>{count(point.clicks)}</td>
              <td>{count(point.signups)}</td>
              <td>{count(point.conversions)}</td>
              <td>{money(point.earned, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

function dayOf({ from, to }: Point, dates: Calendar) {
  return from === to ? dates.day(from) : dates.days(from, to)
}

function figuresOf(point: Point, model: Model, words: Words) {
  const { say, fill, locale } = words
  return new Intl.ListFormat(locale, { type: 'unit' }).format([
    fill(say.clicks, { n: point.clicks }),
    ...besides.map(each => figureOf(each, point[each], model, words)),
  ])
}

// Time runs the way the page is read, so in a page read from the right the start is there.
function placeOf({ currentTarget, clientX }: PointerEvent) {
  const input = currentTarget as HTMLElement
  const { left, right, width } = input.getBoundingClientRect()
  return (input.matches(':dir(rtl)') ? right - clientX : clientX - left) / width
}
