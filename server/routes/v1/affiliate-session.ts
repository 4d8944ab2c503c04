import { Hono } from 'hono'
import { Dashboard, DashboardQuery, Enrolment } from '../../contract/affiliate.ts'
import { decimal } from '../../contract/money.ts'
import { door, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { type Desk, nowIn } from '../../program/desk.ts'
import { linkFor } from '../../rules/code.ts'
import { commissionStatus, payableFrom } from '../../rules/commission-status.ts'
import { payoutStatus } from '../../rules/partner-api.ts'
import { dayOf, daysUntil } from '../../rules/period.ts'
import * as applications from '../../store/applications.ts'
import * as figures from '../../store/code-figures.ts'
import * as codes from '../../store/codes.ts'
import * as commissions from '../../store/commissions.ts'
import * as counts from '../../store/counts.ts'
import type { Customer } from '../../store/customers.ts'
import * as deals from '../../store/deals.ts'
import * as journal from '../../store/journal.ts'
import type { Partner } from '../../store/partners.ts'
import * as partners from '../../store/partners.ts'
import * as payouts from '../../store/payouts.ts'
import type { Program } from '../../store/programs.ts'
import { enrolmentOf, inDecimals, nextPayoutsOf, publicProgram, shownDeal, shownFigures } from './affiliate-shown.ts'
import { stateOf } from './applications.ts'

const tag = 'Partner programme'

/** What a customer sees of itself, from the widget. */
export function affiliateSession(server: Server) {
  return new Hono()
    .get(
      '/v1/affiliate',
      ...door(
        server,
        { summary: 'Ask whether one is a partner', tag, who: ['session'], replies: { 200: Enrolment } },
        async ({ c, desk, program, caller }) => {
          const partner = await partnerOf(desk, program, caller.customer)
          if (partner)
            return c.json({ enrolled: true, ...(await enrolmentOf(desk, program, partner, { customer: caller.customer })) })
          return c.json({ enrolled: false, ...(await applicationOf(desk, program, caller.customer)) })
        },
      ),
    )
    .get(
      '/v1/affiliate/dashboard',
      ...door(
        server,
        { summary: "Read one's dashboard", tag, who: ['session'], query: DashboardQuery, replies: { 200: Dashboard } },
        async ({ c, desk, program, caller, query }) => {
          const partner = await partnerOrRefuse(desk, program, caller.customer)
          return c.json(await dashboardOf(desk, program, { partner, customer: caller.customer }, query.days))
        },
      ),
    )
}

/** Read at every request: a partner that has been deactivated is shut out from the next one on. */
async function partnerOf(desk: Desk, program: Program, customer: Customer) {
  const partner = await partners.byCustomer(desk.database.db, program.id, customer.id)
  if (partner?.deactivatedAt) throw new Problem('partner_deactivated')
  return partner
}

/** The same for what only partners may do: 404 for everybody else. */
export async function partnerOrRefuse(desk: Desk, program: Program, customer: Customer) {
  const partner = await partnerOf(desk, program, customer)
  if (!partner) throw new Problem('not_a_partner')
  return partner
}

async function applicationOf(desk: Desk, program: Program, customer: Customer) {
  const application = customer.emailFold
    ? await applications.byEmail(desk.database.db, program.id, customer.emailFold)
    : undefined
  if (!application) return {}
  const { rejectionReason } = application
  return { application: { status: stateOf(application), ...(rejectionReason && { rejectionReason }) } }
}

type Self = { partner: Partner; customer: Customer }

async function dashboardOf(desk: Desk, program: Program, { partner, customer }: Self, days: number): Promise<Dashboard> {
  const { db } = desk.database
  const { settings } = program
  const now = nowIn(desk, program)
  const nowText = now.toISOString()
  // None of them waits for another's answer: on PostgreSQL each is a way there and back.
  const [totals, holdings, figuresOf, series, latest, paid, own, registered] = await Promise.all([
    counts.totals(db, partner.id),
    journal.holdings(db, partner.id, nowText),
    figures.ofPartner(db, partner.id),
    seriesOf(desk, program, partner, { last: dayOf(now, settings.timeZone), days }),
    commissions.latest(db, { partnerId: partner.id, limit: 50 }),
    payouts.latest(db, { partnerId: partner.id, limit: 50 }),
    codes.ofPartner(db, { partnerId: partner.id }),
    deals.latest(db, { partnerId: partner.id, limit: 50 }),
  ])
  const balances = journal.balancesOf(holdings)
  return {
    affiliate: await enrolmentOf(desk, program, partner, { balances, customer }),
    balances: balances.map(inDecimals),
    nextPayouts: nextPayoutsOf(program, holdings),
    program: publicProgram(program),
    link: linkFor(settings.siteUrl, partner.slug),
    stats: { ...totals, conversionRate: totals.clicks ? Math.round((totals.conversions / totals.clicks) * 10_000) / 100 : 0 },
    series,
    commissions: latest.map(each => ({
      id: each.id,
      referralId: each.referralId,
      amount: decimal(each.amount - each.reversed, each.currency),
      reversedAmount: decimal(each.reversed, each.currency),
      currency: each.currency,
      status: commissionStatus(each, nowText),
      productId: each.productId,
      occurredAt: each.occurredAt,
      availableAt: payableFrom(each),
      why: JSON.parse(each.why),
    })),
    payouts: paid.map(each => ({
      id: each.id,
      amount: decimal(each.amount, each.currency),
      currency: each.currency,
      status: payoutStatus(each),
      method: each.method,
      reference: each.reference,
      createdAt: each.createdAt,
      paidAt: each.paidAt,
    })),
    codes: own.map(each => ({ ...each, url: linkFor(settings.siteUrl, each.code), ...shownFigures(figuresOf(each.code)) })),
    deals: registered.map(shownDeal),
  }
}

/** Every day has its entry, also those on which nothing happened. */
async function seriesOf(desk: Desk, program: Program, partner: Partner, { last, days }: { last: string; days: number }) {
  const { db } = desk.database
  const { currency } = program.settings
  const wanted = daysUntil(last, days)
  const since = wanted[0] ?? last
  const [counting, earning] = await Promise.all([
    counts.daysOf(db, { partnerId: partner.id, since }),
    counts.earnedByDay(db, { partnerId: partner.id, currency, since }),
  ])
  const counted = new Map(counting.map(row => [row.day, row]))
  const earned = new Map(earning.map(row => [row.day, row.amount]))
  return wanted.map(date => {
    const { clicks = 0, signups = 0, conversions = 0 } = counted.get(date) ?? {}
    return { date, clicks, signups, conversions, earned: decimal(earned.get(date) ?? 0, currency) }
  })
}
