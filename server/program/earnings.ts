import type { Why } from '../contract/affiliate.ts'
import type { NewAdjustment } from '../contract/commissions.ts'
import { Problem } from '../problem.ts'
import { earned, shown } from '../rules/commission.ts'
import { givenBack } from '../rules/given-back.ts'
import { availableAt } from '../rules/holding.ts'
import { hasLimits, limited } from '../rules/limits.ts'
import { dayOf, monthOf } from '../rules/period.ts'
import { reversed } from '../rules/reversal.ts'
import { movement } from '../rules/standing.ts'
import type { Terms } from '../rules/terms.ts'
import type { Commission } from '../store/commissions.ts'
import * as commissions from '../store/commissions.ts'
import type { Conversion } from '../store/conversions.ts'
import * as conversions from '../store/conversions.ts'
import * as counts from '../store/counts.ts'
import * as journal from '../store/journal.ts'
import * as partners from '../store/partners.ts'
import * as facts from '../store/payment-facts.ts'
import * as periods from '../store/periods.ts'
import type { Program } from '../store/programs.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { record } from './audit.ts'
import { move, REVIEW } from './commissions.ts'
import { type Desk, nowIn } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { newId } from './ids.ts'
import { commissionCreated } from './news.ts'
import { openPeriod } from './periods.ts'
import { qualify } from './rewards.ts'

/**
 * What a payment by a referred customer earns the partner, on the terms that its referral was made under, in the
 * transaction that books the payment. Nothing where there was nothing to pay, where the referral was rejected, or where
 * the partner is not to be paid any more. A payment made before others that are known may lessen what those earn.
 */
export async function credit(desk: Desk, db: Db, program: Program, sale: Conversion, referralId: string) {
  const base = sale.amount - sale.tax - sale.discount
  const found = await referrals.hold(db, program.id, referralId)
  // A trial is no sale: neither the partner's count nor the customer's first payment begins with it.
  if (!found || base <= 0) return
  const partner = found.partnerId ? await partners.byId(db, program.id, found.partnerId) : undefined
  if (!partner || found.rejectedAt || (partner.deactivatedAt && !program.settings.payAfterDeactivation)) {
    if (!found.partnerId) await qualify(desk, db, program, found, sale.occurredAt)
    return
  }
  // A customer who pays again has come back; what it was promised for its first payment stays taken back.
  if (found.reversedAt && !found.rewardTerms) await referrals.update(db, referralId, { reversedAt: null })
  await qualify(desk, db, program, found, sale.occurredAt)
  const referral = (await referrals.byId(db, program.id, referralId)) ?? found
  await conversions.update(db, sale.id, { partnerId: partner.id })
  const day = dayOf(new Date(sale.occurredAt), program.settings.timeZone)
  await counts.add(db, 'conversions', { programId: program.id, partnerId: partner.id, day, code: referral.code })

  const terms: Terms = JSON.parse(referral.terms)
  const allowed = hasLimits(terms) ? await withinLimits(desk, db, program, { sale, referralId, terms }) : undefined
  const { currency, ...line } = earned(sale, terms)
  const amount = allowed ? (allowed.get(sale.id) ?? 0) : line.amount
  const why = { clickId: referral.clickId, code: referral.code, ...limitedWhy(line.why, { ...line, currency, allowed: amount }) }
  if (amount !== 0) {
    await book(desk, db, program, {
      partnerId: partner.id,
      referralId: referral.id,
      conversionId: sale.id,
      amount,
      currency,
      productId: sale.productId,
      why,
      occurredAt: sale.occurredAt,
      availableAt: availableAt(sale.occurredAt, terms.holdingPeriodDays),
      heldReason: referral.reviewAt && !referral.approvedAt ? REVIEW : null,
      key: `earned:${sale.id}:${partner.id}`,
      kind: 'commission_earned',
    })
  }
  // Last, as a refund does: two that count a day's money in another order would wait for each other.
  await counts.addRevenue(db, { programId: program.id, day, currency: sale.currency, amount: base })
}

/**
 * A correction by hand, above or below zero, which may be paid at once. 404 where the partner is not the program's, 409 where
 * it has been merged.
 */
export function adjust(desk: Desk, program: Program, wanted: NewAdjustment): Promise<Commission> {
  return inTransactionOnce(desk, async db => {
    // Held, so that it does not go on to be merged while something is given to it.
    const partner = await partners.hold(db, program.id, wanted.partnerId)
    if (!partner) throw new Problem('partner_not_found')
    if (partner.mergedInto) throw new Problem('partner_is_merged')
    const now = nowIn(desk, program).toISOString()
    const commission = await book(desk, db, program, {
      partnerId: partner.id,
      referralId: null,
      conversionId: null,
      amount: wanted.amount,
      currency: wanted.currency,
      productId: null,
      why: { kind: 'adjustment', note: wanted.note },
      occurredAt: now,
      availableAt: now,
      heldReason: null,
      key: null,
      kind: 'commission_adjusted',
    })
    const { amount, currency } = commission
    await record(desk, db, program, {
      action: 'commission.adjusted',
      object: commission.id,
      after: { partnerId: partner.id, amount, currency, note: wanted.note },
    })
    return commission
  })
}

type Line = Pick<
  Commission,
  'partnerId' | 'referralId' | 'conversionId' | 'amount' | 'currency' | 'productId' | 'occurredAt' | 'availableAt' | 'heldReason'
> & { why: Why; key: string | null; kind: 'commission_earned' | 'commission_adjusted' }

/** A new commission, with its entries: what the partner has, and what it costs. */
async function book(desk: Desk, db: Db, program: Program, { key, kind, why, ...line }: Line): Promise<Commission> {
  const now = nowIn(desk, program).toISOString()
  const id = newId('com', desk.clock())
  const { timeZone } = program.settings
  const { partnerId, referralId, currency, amount, occurredAt } = line
  await counts.addEarned(db, { partnerId, referralId, day: dayOf(new Date(occurredAt), timeZone), currency, amount })
  const row = {
    ...line,
    id,
    programId: program.id,
    // A line that comes late goes to the month that is open, with its own date.
    period: await openPeriod(desk, db, program, monthOf(new Date(occurredAt), timeZone)),
    why: JSON.stringify(why),
    createdAt: now,
    earnedBy: null,
    reversed: 0,
    approvedAt: null,
    heldAt: line.heldReason ? now : null,
    releasedAt: null,
    rejectedAt: null,
    payoutId: null,
    settled: 0,
    paidOut: 0,
  }
  await commissions.insert(db, row)
  const commission = { ...row, paidAt: null }
  if (line.heldReason) await hold(desk, db, commission, line.heldReason)
  await journal.post(db, {
    id: newId('jtx', desk.clock()),
    programId: program.id,
    key: key ?? `adjusted:${id}`,
    kind,
    at: occurredAt,
    createdAt: now,
    entries: movement(null, commission).map(slot => ({ ...slot, partnerId, commissionId: id, currency })),
  })
  await periods.add(db, { programId: program.id, period: row.period, partnerId, currency, amount })
  await announce(desk, db, program, commissionCreated(commission, now))
  return commission
}

function hold(desk: Desk, db: Db, { id, programId, createdAt }: Commission, reason: string) {
  const decision = {
    id: newId('dcn', desk.clock()),
    programId,
    commissionId: id,
    act: 'hold',
    reason,
    decidedBy: 'system',
  } as const
  return commissions.addDecision(db, { ...decision, createdAt })
}

type Limited = { sale: Conversion; referralId: string; terms: Terms }

/** What each of the customer's payments may earn, now that this one is known; those that may earn less are corrected. */
async function withinLimits(desk: Desk, db: Db, program: Program, { sale, referralId, terms }: Limited) {
  const sales = (await conversions.ofReferral(db, program.id, referralId)).filter(each => each.partnerId !== null)
  const byId = new Map(sales.map(each => [each.id, { ...each, line: earned(each, terms) }]))
  const payments = [...byId.values()].map(({ line, ...each }) => ({ ...each, amount: line.amount, currency: line.currency }))
  const allowed = limited(payments, terms)
  for (const commission of await commissions.hold(db, { programId: program.id, referralId })) {
    const paid = byId.get(commission.conversionId ?? '')
    const amount = allowed.get(commission.conversionId ?? '')
    if (!paid || amount === undefined || amount === commission.amount) continue
    const { kind: _kind, ...why } = JSON.parse(commission.why)
    // What was earned elsewhere stays as it was there; it counts as one of the customer's payments.
    if (why.imported) continue
    await move(desk, db, program, commission, {
      key: `limited:${sale.id}:${commission.id}`,
      kind: 'commission_limited',
      amount,
      reversed: await reversedOf(db, paid, amount),
      why: JSON.stringify({ ...why, ...limitedWhy(paid.line.why, { ...paid.line, allowed: amount }) }),
    })
  }
  return allowed
}

/** How much of what a sale earned has been taken back by all that is known of it. */
async function reversedOf(db: Db, sale: Conversion, earned: number) {
  return reversed({ earned, paid: sale.amount - sale.discount, refunded: givenBack(await facts.ofSale(db, sale)) })
}

function limitedWhy<W extends { formula: string }>(why: W, line: { amount: number; currency: string; allowed: number }): W {
  if (line.allowed === line.amount) return why
  return { ...why, formula: `${why.formula}, of which the limits of the terms leave ${shown(line.allowed, line.currency)}` }
}
