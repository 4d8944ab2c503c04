import { createHash } from 'node:crypto'
import type { Conversion, NewConversion } from '../contract/conversions.ts'
import { Problem } from '../problem.ts'
import { countsFor } from '../rules/attribution.ts'
import * as commissions from '../store/commissions.ts'
import type { Conversion as Row } from '../store/conversions.ts'
import * as conversions from '../store/conversions.ts'
import type { Customer } from '../store/customers.ts'
import { inTransaction } from '../store/database.ts'
import * as names from '../store/payment-names.ts'
import type { Program } from '../store/programs.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import { lineOf } from './commissions.ts'
import { ensureHeld, joinStripes } from './customers.ts'
import { type Desk, nowIn } from './desk.ts'
import { credit } from './earnings.ts'
import { newId } from './ids.ts'
import { attributeByCoupon, attributeByDeal } from './referrals.ts'
import { applyWaiting } from './refunds.ts'

// In place of the fingerprint, for as long as the host itself has not told of the payment.
const TOLD = 'stripe'

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
    const externalId = await names.hold(db, program.id, sale.externalId)
    const customer = await ensureHeld(desk, db, program, { customerId: sale.customerId })
    const row = rowOf(desk, program, { ...sale, externalId, occurredAt, customer, payloadHash, toldAt: null })
    if (!(await conversions.insert(db, row)))
      return { conversion: await repeated(desk, db, program, { sale, row, customer }), made: false }
    return { conversion: await book(desk, db, program, { row, customer, sale }), made: true }
  })
}

type Told = NewConversion & { occurredAt: string; toldAt: string }

/**
 * The same for a payment that Stripe tells of, in the caller's transaction, which holds the payment and its customer. One that
 * the host has told of is that one; what it could not earn nobody then, because nobody knew who had brought the customer, it
 * earns now.
 */
export async function recordTold(desk: Desk, db: Db, program: Program, sale: Told, customer: Customer) {
  const { toldAt, occurredAt, externalId } = sale
  const row = rowOf(desk, program, { ...sale, externalId, occurredAt, customer, payloadHash: TOLD, toldAt })
  if (await conversions.insert(db, row)) {
    await book(desk, db, program, { row, customer, sale })
    return
  }
  const known = await conversions.byExternalId(db, program.id, externalId)
  if (known?.toldAt === null) await conversions.update(db, known.id, { toldAt })
  const bound = known && (await referrals.ofCustomer(db, program.id, known.customerId))
  if (bound) await creditEarlier(desk, db, program, bound)
}

/**
 * Payments that Stripe told of before it was known who had brought their customer earn what they should have: those that are
 * named, or those of the customer since the checkout that made the referral.
 */
export async function creditEarlier(
  desk: Desk,
  db: Db,
  program: Program,
  referral: referrals.Referral,
  told?: { id: string; externalId: string }[],
) {
  const ofCustomer = () => conversions.uncredited(db, program.id, referral.customerId)
  for (const { id, externalId } of told ?? (referral.countsFrom === null ? [] : await ofCustomer())) {
    await names.hold(db, program.id, externalId)
    const row = await conversions.byId(db, program.id, id)
    if (row?.toldAt && row.referralId === null && countsFor(referral, row.toldAt)) await earn(desk, db, program, row, referral.id)
  }
}

type Paid = { row: Row; customer: Customer; sale: NewConversion }

async function book(desk: Desk, db: Db, program: Program, { row, customer, sale }: Paid): Promise<Conversion> {
  const referral = await broughtBy(desk, db, program, { row, customer, code: sale.code ?? null })
  const conversion = await earn(desk, db, program, row, referral?.id ?? null, sale)
  if (referral && row.toldAt) await creditEarlier(desk, db, program, referral)
  return conversion
}

/** The referral by which a payment's customer has come, found now if nothing has bound the customer before. */
async function broughtBy(
  desk: Desk,
  db: Db,
  program: Program,
  { row, customer, code }: { row: Row; customer: Customer; code: string | null },
) {
  const bound = await referrals.ofCustomer(db, program.id, customer.id)
  if (bound) return countsFor(bound, row.toldAt) ? bound : undefined
  const coupon = code ? await attributeByCoupon(desk, db, program, { customer, code, countsFrom: row.toldAt }) : undefined
  return coupon ?? attributeByDeal(desk, db, program, customer)
}

/** What a payment that is kept earns, with what was told of it before, and the answer that it gets from then on. */
async function earn(
  desk: Desk,
  db: Db,
  program: Program,
  row: Row,
  referralId: string | null,
  sale: Partial<NewConversion> = {},
) {
  if (referralId) {
    await conversions.update(db, row.id, { referralId })
    await credit(desk, db, program, row, referralId)
  }
  await applyWaiting(desk, db, program, row.id)
  const { externalId, customerId } = { ...(row.reply ? JSON.parse(row.reply) : row), ...sale }
  const conversion = await shown(db, program, { ...row, externalId, customerId }, nowIn(desk, program))
  await conversions.update(db, row.id, { reply: JSON.stringify(conversion) })
  return conversion
}

async function shown(db: Db, program: Program, row: Row, now: Date): Promise<Conversion> {
  const { id, externalId, customerId, amount, currency, occurredAt } = row
  const lines = await commissions.hold(db, { programId: program.id, conversionId: id })
  const shownLines = lines.map(each => lineOf(each, now.toISOString()))
  return { id, externalId, customerId, amount, currency, occurredAt, commissions: shownLines }
}

async function repeated(desk: Desk, db: Db, program: Program, { sale, row, customer }: Paid): Promise<Conversion> {
  const known = await conversions.byExternalId(db, program.id, row.externalId)
  if (known?.payloadHash === row.payloadHash) return JSON.parse(known.reply)
  if (known?.payloadHash !== TOLD || baseOf(known) !== baseOf(row) || known.currency !== row.currency)
    throw new Problem('conversion_differs')
  return adopted(desk, db, program, known, { sale, row, customer })
}

/** The host tells of what Stripe told before: it is the same payment, and the host knows best whose. */
async function adopted(desk: Desk, db: Db, program: Program, known: Row, { sale, row, customer }: Paid) {
  const { payloadHash } = row
  if (known.customerId !== customer.id && known.referralId === null) {
    await joinStripes(db, program, { from: known.customerId, into: customer })
    await conversions.update(db, known.id, { customerId: customer.id })
  }
  const { code = null } = sale
  const referral =
    known.referralId === null ? await broughtBy(desk, db, program, { row: { ...known }, customer, code }) : undefined
  if (referral) await creditEarlier(desk, db, program, referral, [known])
  const { externalId, customerId } = sale
  const current = (await conversions.byId(db, program.id, known.id)) ?? known
  const conversion = await shown(db, program, { ...current, externalId, customerId }, nowIn(desk, program))
  await conversions.update(db, known.id, { payloadHash, reply: JSON.stringify(conversion) })
  return conversion
}

type Facts = Omit<NewConversion, 'occurredAt'> & Pick<Row, 'occurredAt' | 'payloadHash' | 'toldAt'> & { customer: Customer }

function rowOf(desk: Desk, program: Program, { customer, code: _, productId, ...sale }: Facts): Row {
  return {
    ...sale,
    id: newId('cnv', desk.clock()),
    programId: program.id,
    customerId: customer.id,
    productId: productId ?? null,
    referralId: null,
    partnerId: null,
    lost: 0,
    createdAt: nowIn(desk, program).toISOString(),
    reply: '',
  }
}

function baseOf({ amount, tax, discount }: Pick<Row, 'amount' | 'tax' | 'discount'>) {
  return amount - tax - discount
}

/** What makes two reports the same payment. A time that was left out is not part of it: it would differ each time. */
function fingerprint(sale: NewConversion) {
  const { customerId, amount, currency, tax, discount, productId, code, occurredAt } = sale
  const facts = [customerId, amount, currency, tax, discount, productId ?? null, code ?? null, occurredAt ?? null]
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}
