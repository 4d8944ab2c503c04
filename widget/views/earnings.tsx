import type { Calendar } from '../calendar.ts'
import type { Earning } from '../dashboard-reply.ts'
import type { Dashboard as Model } from '../models/dashboard.ts'
import type { Sharing } from '../models/sharing.ts'
import type { Words } from './dashboard.tsx'
import { copy } from './link.tsx'
import { State, type Tone } from './parts.tsx'
import { Row, Rows } from './rows.tsx'

type Props = { model: Model; sharing: Sharing; words: Words; dates: Calendar }

const tones: Record<Earning['status'], Tone> = {
  pending: 'waiting',
  approved: 'good',
  paid: 'quiet',
  held: 'waiting',
  rejected: 'bad',
  reversed: 'bad',
}

/** What was earned lately, each line with how it came about one step away. */
export function Earnings({ model, sharing, words, dates }: Props) {
  const { say, fill } = words
  const { commissions, link } = model.reply.value
  const hidden = commissions.length - model.lines.value
  if (commissions.length === 0) {
    return (
      <section>
        <h3>{say.earnings}</h3>
        <div class="empty">
          <strong>{say.earningsEmpty}</strong>
          <p>{say.earningsEmptyText}</p>
          <button type="button" part="button" onClick={event => copy(event, link, sharing)}>
            {say.copyLink}
          </button>
        </div>
      </section>
    )
  }
  return (
    <section>
      <h3 id="earnings">{say.earnings}</h3>
      <Rows label="earnings" part="earnings" columns={[say.date, say.for, say.state, say.amount]}>
        {commissions.slice(0, model.lines.value).map(line => (
          <Line key={line.id} line={line} words={words} dates={dates} />
        ))}
      </Rows>
      {hidden > 0 && (
        <button type="button" part="button" onClick={model.more}>
          {fill(say.more, { n: Math.min(hidden, 20) })}
        </button>
      )}
    </section>
  )
}

function Line({ line, words, dates }: { line: Earning; words: Words; dates: Calendar }) {
  const { say, fill, money } = words
  const what = line.productId ?? say.sale
  const isCorrection = 'note' in line.why
  return (
    <Row
      cells={[
        dates.instant(line.occurredAt),
        <details key="what">
          <summary>
            <bdi>{isCorrection ? say.correction : line.amount < 0 ? fill(say.refund, { what }) : what}</bdi>
          </summary>
          {whysOf(line, words).map(why => (
            <p key={why}>{why}</p>
          ))}
        </details>,
        <State key="state" tone={isCarried(line) || isGone(line) ? 'bad' : tones[line.status]}>
          {stateOf(line, words, dates)}
        </State>,
        // What does not count stands there as it was, struck out.
        isGone(line) ? (
          <s key="amount">{money(line.amount + line.reversedAmount, line.currency)}</s>
        ) : (
          money(line.amount, line.currency)
        ),
      ]}
    />
  )
}

/** What does not count: refused, or given back whole, though it may have been paid before that. */
const isGone = ({ status, amount, reversedAmount }: Earning) =>
  status === 'reversed' || status === 'rejected' || (status === 'paid' && amount === 0 && reversedAmount > 0)

/** A loss that is still to be settled with what is earned next. */
const isCarried = ({ amount, status }: Earning) => amount < 0 && (status === 'pending' || status === 'approved')

function stateOf(line: Earning, { say, fill }: Words, dates: Calendar) {
  if (isCarried(line)) return say.carried
  if (line.status === 'paid' && isGone(line)) return say['earning.reversed']
  return line.status === 'pending'
    ? fill(say.pendingUntil, { day: dates.instant(line.availableAt) })
    : say[`earning.${line.status}`]
}

function whysOf(line: Earning, words: Words) {
  const { say, fill, money } = words
  const taken = line.reversedAmount ? fill(say.whyTaken, { amount: money(line.reversedAmount, line.currency) }) : ''
  const standing = line.status === 'held' ? say.whyHeld : line.status === 'rejected' ? say.whyRejected : ''
  return [earnedBy(line, words), taken, standing].filter(Boolean)
}

function earnedBy({ why, currency }: Earning, { say, fill, percent, minor }: Words) {
  if ('note' in why) return why.note
  const { code, rule, rate, base, ruleFrom } = why
  const formula =
    rule === 'flat' || rate === null
      ? fill(say.whyFlat, { code })
      : fill(say.why, { share: percent(rate), base: minor(base, currency), code })
  return ruleFrom === 'program' ? formula : formula + say[`whyFrom.${ruleFrom}`]
}
