import type { Why } from '../../contract/affiliate.ts'
import { fromPpm } from '../../contract/money.ts'
import type { Story } from '../../contract/story.ts'
import { payoutStatus } from '../../rules/partner-api.ts'
import { storyOf } from '../../rules/story.ts'
import type { Facts } from '../../rules/story-facts.ts'
import { refundedOf } from '../../rules/story-standing.ts'
import type { Terms } from '../../rules/terms.ts'
import * as audit from '../../store/audit.ts'
import * as clicks from '../../store/clicks.ts'
import type { Commission } from '../../store/commissions.ts'
import * as commissions from '../../store/commissions.ts'
import * as conversions from '../../store/conversions.ts'
import * as customers from '../../store/customers.ts'
import * as journal from '../../store/journal.ts'
import * as keys from '../../store/keys.ts'
import * as facts from '../../store/payment-facts.ts'
import * as payouts from '../../store/payouts.ts'
import * as referrals from '../../store/referrals.ts'
import * as refunds from '../../store/refunds.ts'
import type { Db } from '../../store/schema.ts'

/** Everything that is on record of a commission, and the words for it. */
export async function historyOf(db: Db, commission: Commission, now: string) {
  const { id, programId, conversionId, referralId } = commission
  const why: Why = JSON.parse(commission.why)
  const sale = conversionId ? await conversions.byId(db, programId, conversionId) : undefined
  const known = sale ? await facts.ofSale(db, sale) : { refunds: [], totals: [], failures: [], disputes: [] }
  const refunded = sale ? await refunds.ofSale(db, programId, sale.externalId) : []
  const referral = referralId ? await referrals.byId(db, programId, referralId) : undefined
  const customer = referral && (await customers.byId(db, programId, referral.customerId))
  const click = why.kind === 'sale' && why.clickId ? await clicks.byId(db, programId, why.clickId) : undefined
  const entries = await journal.ofCommission(db, id)
  const decisions = await commissions.decisions(db, id)
  const lines = await payouts.linesOf(db, id)
  const all: Facts = {
    ...known,
    commission,
    why,
    correctedBy: why.kind === 'adjustment' ? await whoCorrected(db, commission) : null,
    sale,
    click: click && { id: click.id, at: click.at, url: click.url, referrer: click.referrer, campaign: click.campaign },
    referral: referral && {
      ...referral,
      customerId: customer?.externalId ?? referral.customerId,
      terms: JSON.parse(referral.terms) as Terms,
    },
    refunds: refunded,
    transactions: transactionsOf(entries),
    decisions: await Promise.all(decisions.map(async each => ({ ...each, by: await nameOf(db, each.decidedBy) }))),
    payouts: lines,
  }
  return {
    entries,
    refunds: refunded.map(({ id, externalId, amount, createdAt }) => ({
      id,
      externalId,
      amount,
      currency: sale?.currency ?? '',
      createdAt,
    })),
    decisions: decisions.map(({ act, reason, decidedBy, createdAt }) => ({ act, reason, by: decidedBy, at: createdAt })),
    story: shown(all, now),
  }
}

function shown(all: Facts, now: string): Story {
  const { click, referral, sale, why, disputes } = all
  return {
    click: click ?? null,
    signup: referral ? signupOf(referral) : null,
    payment: sale ? paymentOf(sale, refundedOf(all)) : null,
    terms: referral && why.kind === 'sale' ? termsOf(referral, why) : null,
    disputes: disputes.map(({ externalId, amount, openedAt, closedAt, outcome, waivedAt }) => ({
      externalId,
      amount,
      openedAt,
      closedAt,
      outcome,
      waivedAt,
    })),
    payouts: all.payouts.map(each => ({ ...each, status: payoutStatus(each) })),
    steps: storyOf(all, now),
  }
}

function signupOf({ id, customerId, code, campaign, createdAt }: NonNullable<Facts['referral']>): Story['signup'] {
  return { referralId: id, customerId, code, campaign, at: createdAt }
}

function paymentOf(sale: NonNullable<Facts['sale']>, refunded: number): Story['payment'] {
  const { id, externalId, amount, tax, discount, currency, productId, occurredAt, createdAt } = sale
  const sums = { amount, tax, discount, base: amount - tax - discount, refunded }
  return { id, externalId, ...sums, currency, productId, occurredAt, reportedAt: createdAt }
}

// The terms that were kept at the signup, and which of their rates this payment earned by.
function termsOf({ terms, createdAt }: NonNullable<Facts['referral']>, why: Extract<Why, { kind: 'sale' }>): Story['terms'] {
  const { flatAmount, recurringMonths, recurringPayments, maxPerCustomer, holdingPeriodDays } = terms
  const isFlat = why.rule === 'flat'
  return {
    rule: why.rule,
    from: why.ruleFrom,
    rate: isFlat ? null : (why.rate ?? fromPpm(terms.ratePpm)),
    flatAmount: isFlat ? flatAmount : null,
    recurringMonths,
    recurringPayments,
    maxPerCustomer,
    holdingPeriodDays,
    at: createdAt,
  }
}

type Entries = Awaited<ReturnType<typeof journal.ofCommission>>

function transactionsOf(entries: Entries): Facts['transactions'] {
  const byId = Map.groupBy(entries, each => each.transactionId)
  return [...byId].map(([id, own]) => {
    const cost = own.filter(each => each.account === 'commission_expense').reduce((sum, each) => sum + each.amount, 0)
    const { key = '', kind = '', createdAt = '' } = own[0] ?? {}
    return { id, key, kind, createdAt, gained: 0 - cost }
  })
}

async function whoCorrected(db: Db, { id, programId }: Commission) {
  const { data } = await audit.page(db, programId, { object: id, action: 'commission.adjusted', limit: 1, after: null })
  const by = data[0]?.actorId
  return by ? nameOf(db, by) : null
}

/** How whoever decided is called. */
async function nameOf(db: Db, id: string) {
  if (id === 'system') return 'the system'
  const key = await keys.byId(db, id)
  return key ? `the key “${key.name}” (${id})` : `an admin (${id})`
}
