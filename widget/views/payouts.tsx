import type { Calendar } from '../calendar.ts'
import type { Dashboard, NextPayout, Payout } from '../dashboard-reply.ts'
import type { Dashboard as Model } from '../models/dashboard.ts'
import type { Payment } from '../models/payment.ts'
import { methodOf, type Words } from './acting.tsx'
import { Dots } from './figure.tsx'
import { State, type Tone } from './parts.tsx'
import { PaymentPart } from './payment.tsx'
import { Row, Rows } from './rows.tsx'

type Props = { model: Model; payment: Payment; words: Words; dates: Calendar }

const tones: Record<Payout['status'], Tone> = { pending: 'waiting', paid: 'good', failed: 'bad' }

/** What is missing to the next payout, how it is paid, and those that were made. */
export function PayoutsPart({ model, payment, words, dates }: Props) {
  const { say, fill, money } = words
  const { nextPayouts, program, payouts } = model.reply.value
  return (
    <>
      <section class="block">
        <h3>{say.nextPayout}</h3>
        <ul class="next">
          {nextPayouts.map(next => (
            <Next key={next.currency} next={next} reply={model.reply.value} words={words} dates={dates} />
          ))}
        </ul>
      </section>
      <PaymentPart payment={payment} words={words} dates={dates} />
      <section class="block">
        <h3 id="payouts">{say.payouts}</h3>
        {payouts.length === 0 ? (
          <div class="empty">
            <strong>{say.payoutsEmpty}</strong>
            <p>{fill(say.payoutsEmptyText, { minimum: money(program.minPayoutAmount, program.currency) })}</p>
          </div>
        ) : (
          <Rows label="payouts" part="payouts" columns={[say.date, say.by, say.state, say.amount]}>
            {payouts.map(payout => (
              <Row
                key={payout.id}
                cells={[
                  dates.instant(payout.createdAt),
                  <div key="by">
                    <bdi>{payout.method ? methodOf(payout.method, words) : say.payout}</bdi>
                    {payout.reference && (
                      <p class="aside">
                        <bdi>{fill(say.payoutReference, { reference: payout.reference })}</bdi>
                      </p>
                    )}
                  </div>,
                  <div key="state">
                    <State tone={tones[payout.status]}>
                      {payout.paidAt ? fill(say.paidOn, { day: dates.instant(payout.paidAt) }) : say[`payout.${payout.status}`]}
                    </State>
                    {payout.status === 'failed' && <p class="aside">{say.payoutBack}</p>}
                  </div>,
                  money(payout.amount, payout.currency),
                ]}
              />
            ))}
          </Rows>
        )}
      </section>
    </>
  )
}

function Next({ next, reply, words, dates }: { next: NextPayout; reply: Dashboard; words: Words; dates: Calendar }) {
  const { say, fill, money, percent, gap } = words
  const { currency, due, onTheWay, minimum, missing, nextApproval, minimumReachedAt } = next
  const pending = reply.balances.find(each => each.currency === currency)?.pending ?? 0
  const isDue = due > 0 && missing === 0
  const share = minimum > 0 ? Math.min(1, Math.max(0, due / minimum)) : 0
  const says = [
    isDue
      ? say.nextDue
      : due < 0
        ? say.nextNegative
        : due === 0
          ? say.nextNone
          : fill(say.nextToGo, { missing: money(missing, currency), minimum: money(minimum, currency) }),
    onTheWay > 0 && fill(say.nextOnTheWay, { amount: money(onTheWay, currency) }),
    pending > 0 && fill(say.nextPending, { amount: money(pending, currency) }),
    nextApproval &&
      fill(say.nextApproval, { amount: money(nextApproval.amount, currency), day: dates.instant(nextApproval.availableAt) }),
    minimumReachedAt && minimum > 0 && fill(say.nextReached, { day: dates.instant(minimumReachedAt) }),
  ]
  return (
    <li>
      <strong class={due < 0 ? 'below' : undefined}>{money(due, currency)}</strong>
      {!isDue && due >= 0 && minimum > 0 && (
        <span class="progress" role="img" aria-label={fill(say.nextProgress, { share: percent(share * 100, 0) })}>
          <i style={{ '--share': String(share) }} />
        </span>
      )}
      <p>{says.filter(Boolean).join(gap)}</p>
      {due < 0 && <Taken reply={reply} currency={currency} words={words} dates={dates} />}
    </li>
  )
}

/** What made a balance fall below zero: refunds of what was paid out already, and corrections. */
function Taken({ reply, currency, words, dates }: { reply: Dashboard; currency: string; words: Words; dates: Calendar }) {
  const { say, fill, money } = words
  const lost = reply.commissions
    .map(line => ({ ...line, lost: line.amount < 0 ? -line.amount : line.status === 'paid' ? line.reversedAmount : 0 }))
    .filter(line => line.currency === currency && line.lost > 0)
    .slice(0, 5)
  if (lost.length === 0) return null
  return (
    <details>
      <summary>{say.takenBack}</summary>
      <ul class="aside">
        {lost.map(line => (
          <li key={line.id}>
            <Dots>
              {money(-line.lost, currency)}
              <bdi>{'note' in line.why ? line.why.note : fill(say.refund, { what: line.productId ?? say.sale })}</bdi>
              {dates.instant(line.occurredAt)}
            </Dots>
          </li>
        ))}
      </ul>
    </details>
  )
}
