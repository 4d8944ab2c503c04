import type { Dashboard } from '../../contract/affiliate.ts'
import type { Deal as ShownDeal } from '../../contract/deals.ts'
import { decimal, fromPpm } from '../../contract/money.ts'
import type { PublicProgram } from '../../contract/programs.ts'
import { type Desk, nowIn } from '../../program/desk.ts'
import { nextPayouts } from '../../rules/next-payout.ts'
import { minimumIn } from '../../rules/payout.ts'
import { dayOf } from '../../rules/period.ts'
import type { Figures } from '../../store/code-figures.ts'
import type { Customer } from '../../store/customers.ts'
import * as customers from '../../store/customers.ts'
import type { Deal } from '../../store/deals.ts'
import { statusOf as statusOfDeal } from '../../store/deals.ts'
import * as journal from '../../store/journal.ts'
import { type Balance, type Holding, waitingOf } from '../../store/journal.ts'
import type { Partner } from '../../store/partners.ts'
import { nameOf, statusOf } from '../../store/partners.ts'
import type { Program } from '../../store/programs.ts'

/** A partner as system B shows it: decimals of the program's currency. What is `known` of it is not read again. */
export async function enrolmentOf(
  desk: Desk,
  program: Program,
  partner: Partner,
  known: { balances?: Balance[]; customer?: Customer } = {},
): Promise<Dashboard['affiliate']> {
  const { currency } = program.settings
  const { db } = desk.database
  const all = known.balances ?? (await journal.balances(db, partner.id, nowIn(desk, program).toISOString()))
  const own = all.find(each => each.currency === currency) ?? { currency, pending: 0, approved: 0, paid: 0 }
  const customer = known.customer ?? (partner.customerId ? await customers.byId(db, program.id, partner.customerId) : undefined)
  const isFlat = partner.ratePpm === null && program.settings.commission.type === 'flat'
  const { totalEarned, pending, approved, paid } = inDecimals(own)
  return {
    id: partner.id,
    code: partner.slug,
    type: 'partner',
    status: statusOf(partner),
    name: nameOf(partner),
    email: partner.email,
    customerId: customer ? (customer.externalId ?? customer.id) : null,
    commissionRate: isFlat ? null : partner.ratePpm === null ? program.settings.defaultCommissionRate : fromPpm(partner.ratePpm),
    totalEarned,
    pendingBalance: pending,
    approvedBalance: approved,
    paidTotal: paid,
    currency,
    createdAt: partner.createdAt,
  }
}

export function inDecimals({ currency, pending, approved, paid }: Balance) {
  return {
    currency,
    totalEarned: decimal(pending + approved + paid, currency),
    pending: decimal(pending, currency),
    approved: decimal(approved, currency),
    paid: decimal(paid, currency),
  }
}

/** How far a partner is from its next payout, in decimals. */
export function nextPayoutsOf({ settings }: Program, holdings: Holding[]) {
  const all = nextPayouts(waitingOf(holdings), settings.currency, {
    minimumIn: currency => minimumIn(settings, currency),
    dayOf: at => dayOf(new Date(at), settings.timeZone),
  })
  return all.map(({ currency, due, onTheWay, minimum, missing, nextApproval, minimumReachedAt }) => ({
    currency,
    due: decimal(due, currency),
    onTheWay: decimal(onTheWay, currency),
    minimum: decimal(minimum, currency),
    missing: decimal(missing, currency),
    nextApproval: nextApproval && { ...nextApproval, amount: decimal(nextApproval.amount, currency) },
    minimumReachedAt,
  }))
}

/** What a code has brought, in decimals. */
export function shownFigures({ earned, ...counted }: Figures) {
  return { ...counted, earned: earned.map(({ currency, amount }) => ({ currency, amount: decimal(amount, currency) })) }
}

export function shownDeal(deal: Deal): ShownDeal {
  const { id, leadEmail, leadName, notes, createdAt } = deal
  return { id, status: statusOfDeal(deal), leadEmail, leadName, notes, createdAt }
}

/** What anybody may know of a program. */
export function publicProgram({ settings }: Program): PublicProgram {
  const { name, siteUrl, currency, defaultCommissionRate, holdingPeriodDays, minPayoutAmount, cookieDurationDays, attribution } =
    settings
  const { type, flatAmount, recurringMonths, recurringPayments } = settings.commission
  const flat = flatAmount === null ? null : decimal(flatAmount, currency)
  return {
    name,
    siteUrl,
    currency,
    commission: { type, rate: defaultCommissionRate, flatAmount: flat, recurringMonths, recurringPayments },
    holdingPeriodDays,
    minPayoutAmount,
    cookieDurationDays,
    attribution,
    brand: settings.brand,
  }
}
