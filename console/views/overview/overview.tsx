import type { Overview as Reply } from '../../../server/contract/overview.ts'
import type { Stats } from '../../../server/contract/stats.ts'
import { withQuery } from '../../api.ts'
import { calendarDay, count, percent, sums } from '../../format.ts'
import { useOne } from '../../models/one.ts'
import { goQuery, place } from '../../models/place.ts'
import { app, may, program, screen } from '../../models/session.ts'
import { today } from '../../models/waiting.ts'
import { type Figure, Figures, Header, Loaded, Section } from '../parts/page.tsx'
import { Money, PartnerLink } from '../parts/values.tsx'
import { Chart } from './chart.tsx'
import { Decide } from './decide.tsx'
import { FirstSteps } from './first-steps.tsx'

const RANGES = [
  [7, '7 days'],
  [30, '30 days'],
  [90, '90 days'],
  [365, '1 year'],
] as const
const USUAL = 30

/** What goes on: what waits for somebody, what partners bring, and what is owed for it. */
export default function Overview() {
  const days = RANGES.find(([days]) => String(days) === place.value.query.get('days'))?.[0] ?? USUAL
  // The days of a program are its own, so the first of them is counted back from its today.
  const span = days === USUAL ? {} : { from: daysBefore(today.value, days - 1), to: today.value }
  const isKnown = days === USUAL || !!today.value
  const one = useOne<Reply>(isKnown ? withQuery(app('/overview'), span) : '')
  const stats = useOne<Stats>(isKnown ? withQuery(app('/stats'), span) : '')
  // Asked at the same time, so that nothing moves when it is known.
  const partners = useOne<{ total: number }>(withQuery('/api/v1/partners', { appId: program.value?.id, per_page: 1 }))
  return (
    <>
      <Header
        title="Overview"
        text={one.value.value && `${calendarDay(one.value.value.from)} to ${calendarDay(one.value.value.to)}`}
      >
        <fieldset class="ranges" aria-label="Days">
          {RANGES.map(([each, name]) => (
            <button
              type="button"
              key={each}
              aria-pressed={each === days}
              onClick={() => goQuery({ days: each === USUAL ? undefined : String(each) })}
            >
              {name}
            </button>
          ))}
        </fieldset>
      </Header>
      <Loaded one={one} shape="page">
        {reply => (
          <>
            <Decide decide={reply.decide} stuck={reply.stuck} />
            {partners.value.value?.total === 0 && <FirstSteps />}
            <Section title="Through partners">
              <Figures figures={funnel(reply, days)} />
            </Section>
            <Section title="Clicks and sales">
              <Chart days={reply.byDay} />
            </Section>
            <div class="columns">
              <Section title="Top partners">
                <Loaded one={stats} shape="rows">
                  {known => <Top partners={known.topPartners} />}
                </Loaded>
              </Section>
              <Section
                title="Owed now"
                acts={
                  may.money.value &&
                  reply.liabilities.some(each => each.approved > 0) && <a href={screen('payouts/new')}>Propose payouts</a>
                }
              >
                <Owed liabilities={reply.liabilities} />
              </Section>
            </div>
          </>
        )}
      </Loaded>
    </>
  )
}

function funnel({ funnel, previous, revenue, commissions }: Reply, days: number): Figure[] {
  const currency = program.value?.currency ?? ''
  const rate = funnel.clicks ? `, ${percent((funnel.conversions / funnel.clicks) * 100, 1)} of clicks` : ''
  return [
    { name: 'Clicks', value: count(funnel.clicks), note: against(funnel.clicks, previous.clicks, days) },
    { name: 'Signups', value: count(funnel.signups), note: against(funnel.signups, previous.signups, days) },
    {
      name: 'Sales',
      value: count(funnel.conversions),
      note: `${against(funnel.conversions, previous.conversions, days)}${rate}`,
    },
    { name: 'Revenue', value: sums(revenue, currency), note: 'without tax, less what was refunded' },
    { name: 'Commissions', value: sums(commissions, currency), note: 'earned by partners on it' },
  ]
}

// A share of almost nothing says nothing: few are counted.
function against(now: number, before: number, days: number) {
  const span = days === 365 ? 'the year before' : `the ${days} days before`
  if (before < 10) return `${count(before)} in ${span}`
  const change = Math.round(((now - before) / before) * 100)
  if (!change) return `as in ${span}`
  return `${change > 0 ? '+' : '−'}${Math.abs(change)}% on ${span}`
}

function Top({ partners }: { partners: Stats['topPartners'] }) {
  if (!partners.length) return <p class="muted">Nobody has brought anybody in these days.</p>
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Partner</th>
          <th scope="col" class="end">
            Clicks
          </th>
          <th scope="col" class="end">
            Sales
          </th>
          <th scope="col" class="end">
            Earned
          </th>
        </tr>
      </thead>
      <tbody>
        {partners.map(each => (
          <tr key={each.partnerId}>
            <th scope="row" class="main">
              <PartnerLink id={each.partnerId} name={each.name} />
            </th>
            <td class="end">{count(each.clicks)}</td>
            <td class="end">{count(each.conversions)}</td>
            <td class="end">{sums(each.earned, program.value?.currency ?? '')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Owed({ liabilities }: { liabilities: Reply['liabilities'] }) {
  const owed = liabilities.filter(({ pending, approved, held }) => pending || approved || held)
  if (!owed.length) return <p class="muted">Nothing is owed to anybody.</p>
  return (
    <>
      {owed.map(({ currency, pending, approved, held }) => (
        <dl class="owed" key={currency}>
          <div>
            <dt>
              <a href={`${screen('commissions')}?status=pending`}>Pending</a>, in the holding period
            </dt>
            <dd>
              <Money minor={pending} currency={currency} />
            </dd>
          </div>
          <div>
            <dt>
              <a href={`${screen('commissions')}?status=approved`}>Approved</a>, in the next payouts
            </dt>
            <dd>
              <Money minor={approved} currency={currency} />
            </dd>
          </div>
          {held !== 0 && (
            <div>
              <dt>
                <a href={`${screen('commissions')}?status=held`}>Held</a>, until somebody decides
              </dt>
              <dd>
                <Money minor={held} currency={currency} />
              </dd>
            </div>
          )}
          <div class="total">
            <dt>{owed.length > 1 ? `In all, in ${currency}` : 'In all'}</dt>
            <dd>
              <Money minor={pending + approved + held} currency={currency} />
            </dd>
          </div>
        </dl>
      ))}
    </>
  )
}

function daysBefore(day: string, days: number) {
  if (!day) return ''
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() - days)
  return date.toISOString().slice(0, 10)
}
