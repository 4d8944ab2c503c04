import type { Dashboard as Reply } from '../dashboard-reply.ts'
import type { Words } from './dashboard.tsx'
import { Dots, Figure } from './figure.tsx'

type Props = { reply: Reply; words: Words }

/** The four figures that somebody comes for, each with what explains it. */
export function Figures({ reply, words }: Props) {
  const { affiliate, program, stats, payouts } = reply
  const { say, fill, money, percent } = words
  const { currency, approvedBalance } = affiliate
  const done = payouts.filter(payout => payout.status === 'paid' && payout.currency === currency).length
  const rate = stats.clicks ? percent((stats.conversions / stats.clicks) * 100, 1) : '–'
  return (
    <>
      <dl class="figures" aria-label={say.figures} part="figures">
        <Figure name={say.pending} value={money(affiliate.pendingBalance, currency)}>
          {program.holdingPeriodDays ? fill(say.pendingHint, { n: program.holdingPeriodDays }) : say.pendingNoHolding}
        </Figure>
        <Figure name={say.approved} value={money(approvedBalance, currency)}>
          {approvedBalance < 0
            ? say.approvedNegative
            : approvedBalance === 0
              ? say.approvedNone
              : approvedBalance < program.minPayoutAmount
                ? fill(say.approvedBelow, { minimum: money(program.minPayoutAmount, currency) })
                : say.approvedDue}
        </Figure>
        <Figure name={say.paid} value={money(affiliate.paidTotal, currency)}>
          {done ? fill(say.paidHint, { n: done }) : say.paidNone}
        </Figure>
        <Figure name={say.conversion} value={rate}>
          <Dots>
            {fill(say.clicks, { n: stats.clicks })}
            {fill(say.signups, { n: stats.signups })}
            {fill(say.sales, { n: stats.conversions })}
          </Dots>
        </Figure>
      </dl>
      <Balances reply={reply} words={words} />
    </>
  )
}

/** What was earned in other currencies than the programme's own. */
function Balances({ reply, words }: Props) {
  const { say, money } = words
  const others = reply.balances.filter(balance => balance.currency !== reply.affiliate.currency)
  if (others.length === 0) return null
  return (
    <ul class="balances" aria-label={say.balances}>
      {others.map(({ currency, pending, approved, paid }) => (
        <li key={currency}>
          <strong>{currency}</strong>
          <span>
            <i>{say.pending}</i> <b>{money(pending, currency)}</b>
          </span>
          <span>
            <i>{say.approved}</i> <b>{money(approved, currency)}</b>
          </span>
          <span>
            <i>{say.paid}</i> <b>{money(paid, currency)}</b>
          </span>
        </li>
      ))}
    </ul>
  )
}
