// biome-ignore-all lint/a11y/useSemanticElements: on a narrow card the rows become grids, and some browsers take a table that is laid out as none for text unless its roles are spelt out.
// biome-ignore-all lint/a11y/noRedundantRoles: the same.
import type { Calendar } from '../calendar.ts'
import type { Earning } from '../dashboard-reply.ts'
import type { Dashboard as Model } from '../models/dashboard.ts'
import { copy, type Words } from './dashboard.tsx'
import { State, type Tone } from './parts.tsx'

type Props = { model: Model; words: Words; dates: Calendar }

const tones: Record<Earning['status'], Tone> = {
  pending: 'waiting',
  approved: 'good',
  paid: 'quiet',
  held: 'waiting',
  rejected: 'bad',
  reversed: 'bad',
}

/** What was earned lately, each line with how it came about one step away. */
export function Earnings({ model, words, dates }: Props) {
  const { say, count } = words
  const { commissions, link } = model.reply.value
  const hidden = commissions.length - model.lines.value
  if (commissions.length === 0) {
    return (
      <section>
        <h3>{say.earnings}</h3>
        <div class="empty">
          <strong>{say.earningsEmpty}</strong>
          <p>{say.earningsEmptyText}</p>
          <button type="button" part="button" onClick={event => copy(event, link, model)}>
            {say.copyLink}
          </button>
        </div>
      </section>
    )
  }
  return (
    <section>
      <h3 id="earnings">{say.earnings}</h3>
      <table class="earnings" role="table" aria-labelledby="earnings" part="earnings">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader">{say.date}</th>
            <th role="columnheader">{say.for}</th>
            <th role="columnheader">{say.state}</th>
            <th role="columnheader">{say.amount}</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {commissions.slice(0, model.lines.value).map(line => (
            <Line key={line.id} line={line} words={words} dates={dates} />
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <button type="button" part="button" onClick={model.more}>
          {say.more(count(Math.min(hidden, 20)))}
        </button>
      )}
    </section>
  )
}

function Line({ line, words, dates }: { line: Earning; words: Words; dates: Calendar }) {
  const { say, money } = words
  const what = line.productId ?? say.sale
  return (
    <tr role="row">
      <td role="cell">{dates.instant(line.occurredAt)}</td>
      <td role="cell">
        <details>
          <summary>
            <bdi>{line.amount < 0 ? say.refund(what) : what}</bdi>
          </summary>
          <p>{whyOf(line, words)}</p>
        </details>
      </td>
      <td role="cell">
        <State tone={isCarried(line) ? 'bad' : tones[line.status]}>{stateOf(line, words, dates)}</State>
      </td>
      <td role="cell">{money(line.amount, line.currency)}</td>
    </tr>
  )
}

/** A loss that is still to be settled with what is earned next. */
const isCarried = ({ amount, status }: Earning) => amount < 0 && (status === 'pending' || status === 'approved')

function stateOf(line: Earning, { say }: Words, dates: Calendar) {
  if (isCarried(line)) return say.carried
  return line.status === 'pending' ? say.pendingUntil(dates.instant(line.availableAt)) : say.states[line.status]
}

function whyOf({ why, currency }: Earning, { say, percent, minor }: Words) {
  if (why.rule === 'flat' || why.rate === null) return say.whyFlat({ code: why.code })
  return say.why({ share: percent(why.rate), base: minor(why.base, currency), code: why.code })
}
