import { fromPpm } from '../contract/money.ts'
import { commissionStatus, payableFrom } from '../rules/commission-status.ts'
import { worth } from '../rules/standing.ts'
import type { Application } from '../store/applications.ts'
import type { Commission } from '../store/commissions.ts'
import type { Customer } from '../store/customers.ts'
import type { Deal } from '../store/deals.ts'
import { statusOf as statusOfDeal } from '../store/deals.ts'
import type { Partner } from '../store/partners.ts'
import { statusOf } from '../store/partners.ts'
import type { Payout } from '../store/payouts.ts'
import type { Referral } from '../store/referrals.ts'
import type { News } from './announce.ts'

/** Somebody has applied. Answers to the program's own questions are left to the list of applications. */
export function applicationCreated({ id, email, name, company, website, reason, createdAt }: Application): News {
  const data = { id, email, name, company, website, reason, status: 'pending', createdAt }
  return { event: 'application.created', object: id, partnerId: null, data }
}

/** As system B documents it. */
export function applicationApproved({ id, email, name }: Application, partner: Partner, customer: Customer | undefined): News {
  return {
    event: 'partner_application_approved',
    object: id,
    partnerId: partner.id,
    data: {
      application: { id, email, name },
      affiliate: { id: partner.id, code: partner.slug, customer_id: customer?.externalId ?? partner.customerId },
    },
  }
}

/** As system B documents it. */
export function applicationRejected({ id, email, name, rejectionReason }: Application): News {
  const data = { application: { id, email, name, reason: rejectionReason } }
  return { event: 'partner_application_rejected', object: id, partnerId: null, data }
}

/** A customer has been attributed. It goes by the host's own id, and neither by address nor by name: partners read this. */
export function referralCreated(referral: Referral, customer: Customer): News {
  return { event: 'referral.created', ...about(referral), data: dataOf(referral, customer) }
}

/** A referred customer has paid for the first time. */
export function referralConverted(referral: Referral, customer: Customer | undefined, convertedAt: string): News {
  return { event: 'referral.converted', ...about(referral), data: { ...dataOf(referral, customer), convertedAt } }
}

/** A partner is not as it was. What the program notes about it in `metadata` is not told. */
export function partnerUpdated(partner: Partner): News {
  const { id, email, firstName, lastName, company, website, slug, ratePpm, payoutMethod, payoutEmail, createdAt } = partner
  const { mergedInto } = partner
  const data = { id, email, firstName, lastName, company, website, slug, status: statusOf(partner), payoutMethod, payoutEmail }
  return {
    event: 'partner.updated',
    object: id,
    partnerId: id,
    data: { ...data, mergedInto, commissionPct: ratePpm === null ? null : fromPpm(ratePpm), createdAt },
  }
}

/** A partner has earned something, or a balance was corrected. Minor units. */
export function commissionCreated(commission: Commission, now: string): News {
  const status = commissionStatus(commission, now)
  const data = { ...earningOf(commission), amount: worth(commission), status, availableAt: payableFrom(commission) }
  return { event: 'commission.created', object: commission.id, partnerId: commission.partnerId, data }
}

/** Some or all of a commission was taken back: how much of it, how much is left, and whether a refund was the reason. */
export function commissionReversed(commission: Commission, { amount, reason }: { amount: number; reason: string }): News {
  const data = { ...earningOf(commission), amount, remaining: worth(commission), reason }
  return { event: 'commission.reversed', object: commission.id, partnerId: commission.partnerId, data }
}

/** A month is closed: what it came to for one partner, in minor units of each currency. */
export function commissionCalculated(news: {
  partnerId: string
  period: string
  amounts: { amount: number; currency: string }[]
}): News {
  // Of its own, so that one that comes late is not taken for old news of the partner.
  const object = `${news.partnerId}:${news.period}`
  return { event: 'commission.calculated', object, partnerId: news.partnerId, data: news }
}

/** A payout has been paid. Minor units. */
export function payoutCompleted(payout: Payout): News {
  const { reference, paidAt } = payout
  return { event: 'payout.completed', ...ofPayout(payout), data: { ...dataOfPayout(payout), reference, paidAt } }
}

/** A payout has not arrived; what was in it will be in a later one. Minor units. */
export function payoutFailed(payout: Payout): News {
  const { failure, failedAt } = payout
  return { event: 'payout.failed', ...ofPayout(payout), data: { ...dataOfPayout(payout), reason: failure, failedAt } }
}

/** A partner has told of a lead. */
export function dealRegistered(deal: Deal): News {
  const { id, partnerId, leadEmail, leadName, notes, createdAt } = deal
  const data = { id, partnerId, status: statusOfDeal(deal), leadEmail, leadName, notes, createdAt }
  return { event: 'deal.registered', object: id, partnerId, data }
}

function earningOf({ id, partnerId, referralId, conversionId, currency }: Commission) {
  return { id, partnerId, referralId, conversionId, currency }
}

function ofPayout({ id, partnerId }: Payout) {
  return { object: id, partnerId }
}

function dataOfPayout({ id, partnerId, amount, currency, method, createdAt }: Payout) {
  return { id, partnerId, amount, currency, method, createdAt }
}

function about({ id, partnerId }: Referral) {
  return { object: id, partnerId }
}

function dataOf({ id, customerId, partnerId, code, clickId, campaign, createdAt }: Referral, customer: Customer | undefined) {
  return { id, customerId: customer?.externalId ?? customerId, partnerId, code, clickId, campaign, createdAt }
}
