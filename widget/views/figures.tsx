import type { ComponentChildren } from 'preact'
import type { Calendar } from '../calendar.ts'
import type { Dashboard as Reply } from '../dashboard-reply.ts'
import type { Words } from './dashboard.tsx'

type Props = { reply: Reply; words: Words; dates: Calendar }

/** The four figures that somebody comes for, each with what explains it. */
export function Figures({ reply, words, dates }: Props) {
  const { affiliate, program, stats, payouts, balances } = reply
  const { say, money, percent, count } = words
  const { currency, approvedBalance } = affiliate
  const done = payouts.filter(payout => payout.status === 'paid').length
  const rate = stats.clicks ? percent((stats.conversions / stats.clicks) * 100, 1) : '–'
  return (
    <>
      <dl class="figures" aria-label={say.figures} part="figures">
        <Figure name={say.pending} value={money(affiliate.pendingBalance, currency)}>
          {say.pendingHint(program.holdingPeriodDays)}
        </Figure>
        <Figure name={say.approved} value={money(approvedBalance, currency)}>
          {approvedBalance < 0
            ? say.approvedNegative
            : approvedBalance === 0
              ? say.approvedNone
              : approvedBalance < program.minPayoutAmount
                ? say.approvedBelow(money(program.minPayoutAmount, currency))
                : say.approvedPaid(dates.nextPayout())}
        </Figure>
        <Figure name={say.paid} value={money(affiliate.paidTotal, currency)}>
          {say.paidHint(done, count(done))}
        </Figure>
        <Figure name={say.conversion} value={rate}>
          {say.clicks(stats.clicks, count(stats.clicks))} · {say.signups(stats.signups, count(stats.signups))} ·{' '}
          {say.sales(stats.conversions, count(stats.conversions))}
        </Figure>
      </dl>
      {balances.length > 1 && <Balances reply={reply} words={words} />}
    </>
  )
}

function Figure({ name, value, children }: { name: string; value: string; children: ComponentChildren }) {
  return (
    <div part="figure">
      <dt>{name}</dt>
      <dd class={value.length > 11 ? 'long' : undefined}>{value}</dd>
      <dd>{children}</dd>
    </div>
  )
}

function Balances({ reply, words }: Omit<Props, 'dates'>) {
  const { say, money } = words
  return (
    <table class="balances">
      <caption>{say.balances}</caption>
      <thead>
        <tr>
          <th scope="col">{say.currency}</th>
          <th scope="col">{say.pending}</th>
          <th scope="col">{say.approved}</th>
          <th scope="col">{say.paid}</th>
        </tr>
      </thead>
      <tbody>
        {reply.balances.map(({ currency, pending, approved, paid }) => (
          <tr key={currency}>
            <th scope="row">{currency}</th>
            <td>{money(pending, currency)}</td>
            <td>{money(approved, currency)}</td>
            <td>{money(paid, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
