import { createHash } from 'node:crypto'
import type { CommissionLine, Conversion, NewConversion } from '../contract/conversions.ts'
import { Problem } from '../problem.ts'
import { earned } from '../rules/commission.ts'
import { availableAt } from '../rules/holding.ts'
import { dayOf, monthOf } from '../rules/period.ts'
import type { Terms } from '../rules/terms.ts'
import * as commissions from '../store/commissions.ts'
import * as conversions from '../store/conversions.ts'
import * as counts from '../store/counts.ts'
import { inTransaction } from '../store/database.ts'
import * as journal from '../store/journal.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import type { Referral } from '../store/referrals.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import { ensureHeld } from './customers.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { attributeByCoupon } from './referrals.ts'

/**
 * Books a payment and what it earns. Said twice it is booked once, and answered alike; the same external id for another
 * payment is refused. A customer whom nobody referred pays without commission: 598.00 EUR at 20 % earns 119.60 EUR.
 */
export async function record(
  desk: Desk,
  program: Program,
  sale: NewConversion,
): Promise<{ conversion: Conversion; made: boolean }> {
  const now = nowIn(desk, program)
  const occurredAt = sale.occurredAt ?? now.toISOString()
  if (Date.parse(occurredAt) > now.getTime() + 86_400_000) throw Problem.at('occurredAt', 'A payment cannot lie in the future.')
  const payloadHash = fingerprint(sale)

  return inTransaction(desk.database, async db => {
    const customer = await ensureHeld(desk, db, program, { customerId: sale.customerId })
    const id = newId('cnv', desk.clock())
    const fresh = await conversions.insert(db, {
      id,
      programId: program.id,
      externalId: sale.externalId,
      payloadHash,
      customerId: customer.id,
      referralId: null,
      amount: sale.amount,
      tax: sale.tax,
      discount: sale.discount,
      currency: sale.currency,
      productId: sale.productId ?? null,
      occurredAt,
      createdAt: now.toISOString(),
      reply: '',
    })
    if (!fresh) return { conversion: await repeated(db, program, sale.externalId, payloadHash), made: false }

    const bound = await referrals.ofCustomer(db, program.id, customer.id)
    const referral = bound ?? (sale.code ? await attributeByCoupon(desk, db, program, { customer, code: sale.code }) : undefined)
    const lines = referral ? await credit(desk, db, program, { referral, conversionId: id, sale, occurredAt, now }) : []
    const { externalId, customerId, amount, currency } = sale
    const conversion = { id, externalId, customerId, amount, currency, occurredAt, commissions: lines }
    await conversions.setReply(db, id, { reply: JSON.stringify(conversion), referralId: referral?.id ?? null })
    return { conversion, made: true }
  })
}

type Booking = { referral: Referral; conversionId: string; sale: NewConversion; occurredAt: string; now: Date }

async function credit(
  desk: Desk,
  db: Db,
  program: Program,
  { referral, conversionId, sale, occurredAt, now }: Booking,
): Promise<CommissionLine[]> {
  if (!referral.partnerId) return []
  const partner = await partners.byId(db, program.id, referral.partnerId)
  if (!partner || (partner.deactivatedAt && !program.settings.payAfterDeactivation)) return []

  const terms = JSON.parse(referral.terms) as Terms
  const { amount, currency, why } = earned({ ...sale, productId: sale.productId ?? null }, terms)
  const paid = sale.amount - sale.tax - sale.discount > 0
  const day = dayOf(new Date(occurredAt), program.settings.timeZone)
  // A trial is no sale: neither the partner's count nor the customer's first payment begins with it.
  if (paid) {
    await referrals.qualify(db, referral.id, occurredAt)
    await counts.add(db, 'conversions', { programId: program.id, partnerId: partner.id, day })
  }
  if (amount === 0) return []

  const line: CommissionLine = {
    id: newId('com', desk.clock()),
    partnerId: partner.id,
    amount,
    currency,
    status: 'pending',
    availableAt: availableAt(occurredAt, terms.holdingPeriodDays),
    why: { clickId: referral.clickId, code: referral.code, ...why },
  }
  if (line.availableAt <= now.toISOString()) line.status = 'approved'
  await commissions.insert(db, {
    id: line.id,
    programId: program.id,
    partnerId: partner.id,
    referralId: referral.id,
    conversionId,
    period: monthOf(new Date(occurredAt), program.settings.timeZone),
    amount,
    currency,
    productId: sale.productId ?? null,
    why: JSON.stringify(line.why),
    occurredAt,
    availableAt: line.availableAt,
    createdAt: now.toISOString(),
  })
  const half = { partnerId: partner.id, commissionId: line.id, currency }
  await journal.post(db, {
    id: newId('jtx', desk.clock()),
    programId: program.id,
    key: `earned:${conversionId}:${partner.id}`,
    kind: 'commission_earned',
    at: occurredAt,
    createdAt: now.toISOString(),
    entries: [
      { ...half, account: 'partner_earnings', amount, availableAt: line.availableAt },
      { ...half, account: 'commission_expense', amount: -amount, availableAt: null },
    ],
  })
  await counts.addEarned(db, { partnerId: partner.id, day, currency, amount })
  return [line]
}

async function repeated(db: Db, program: Program, externalId: string, payloadHash: string): Promise<Conversion> {
  const known = await conversions.byExternalId(db, program.id, externalId)
  if (!known || known.payloadHash !== payloadHash) throw new Problem('conversion_differs')
  return JSON.parse(known.reply)
}

/** What makes two reports the same payment. A time that was left out is not part of it: it would differ each time. */
function fingerprint(sale: NewConversion) {
  const { customerId, amount, currency, tax, discount, productId, code, occurredAt } = sale
  const facts = [customerId, amount, currency, tax, discount, productId ?? null, code ?? null, occurredAt ?? null]
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}
