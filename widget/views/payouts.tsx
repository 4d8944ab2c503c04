import type { Calendar } from '../calendar.ts'
import type { Dashboard, Payout } from '../dashboard-reply.ts'
import type { Dashboard as Model } from '../models/dashboard.ts'
import type { Says } from '../speech.ts'
import type { Words } from './acting.tsx'
import { State, type Tone } from './parts.tsx'
import { Row, Rows } from './rows.tsx'

type Props = { model: Model; words: Words; dates: Calendar }

const tones: Record<Payout['status'], Tone> = { pending: 'waiting', paid: 'good', failed: 'bad' }

/** What is missing to the next payout, and those that were made. */
export function PayoutsPart({ model, words, dates }: Props) {
  const { say, fill, money } = words
  const { affiliate, balances, program, payouts } = model.reply.value
  const own = { currency: affiliate.currency, approved: affiliate.approvedBalance, pending: affiliate.pendingBalance }
  const others = balances.filter(({ currency, approved, pending }) => currency !== own.currency && (approved || pending))
  return (
    <>
      <section class="block">
        <h3>{say.nextPayout}</h3>
        <ul class="next">
          {[own, ...others].map(balance => (
            <Next key={balance.currency} balance={balance} reply={model.reply.value} words={words} dates={dates} />
          ))}
        </ul>
      </section>
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

type Balance = { currency: string; approved: number; pending: number }

function Next({ balance, reply, words, dates }: { balance: Balance; reply: Dashboard; words: Words; dates: Calendar }) {
  const { say, fill, money, percent, gap } = words
  const { currency, approved, pending } = balance
  const minimum = reply.program.minPayoutAmount
  const isDue = approved > 0 && approved >= minimum
  const share = minimum > 0 ? Math.min(1, Math.max(0, approved / minimum)) : 0
  return (
    <li>
      <strong class={approved < 0 ? 'below' : undefined}>{money(approved, currency)}</strong>
      {!isDue && approved >= 0 && minimum > 0 && (
        <span class="progress" role="img" aria-label={fill(say.nextProgress, { share: percent(share * 100, 0) })}>
          <i style={{ '--share': String(share) }} />
        </span>
      )}
      <p>
        {isDue
          ? say.nextDue
          : approved < 0
            ? say.nextNegative
            : approved === 0
              ? say.nextNone
              : fill(say.nextToGo, { missing: money(minimum - approved, currency), minimum: money(minimum, currency) })}
        {gap}
        {pending > 0 && fill(say.nextPending, { amount: money(pending, currency) })}
      </p>
      {approved < 0 && <Taken reply={reply} currency={currency} words={words} dates={dates} />}
    </li>
  )
}

// A way of paying that there is no name for is told as the programme calls it.
const methodOf = (method: string, { say }: Words) => (say as object as Says)[`method.${method}`] ?? method

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
            {money(-line.lost, currency)} ·{' '}
            <bdi>{'note' in line.why ? line.why.note : fill(say.refund, { what: line.productId ?? say.sale })}</bdi> ·{' '}
            {dates.instant(line.occurredAt)}
          </li>
        ))}
      </ul>
    </details>
  )
}
