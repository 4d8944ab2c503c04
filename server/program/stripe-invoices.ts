import { NewConversion } from '../contract/conversions.ts'
import type { StripeInvoice } from '../contract/stripe.ts'
import { codesIn, minorOf, namesOfInvoice, type Paid, paidByInvoice, productOf, textIn } from '../rules/stripe.ts'
import type { Customer } from '../store/customers.ts'
import type { Program } from '../store/programs.ts'
import { recordTold } from './conversions.ts'
import { named } from './payments.ts'
import { codeAmong, customerOf, settleChurn } from './stripe-customers.ts'
import { type About, iso, valid } from './stripe-event.ts'

/** An invoice has been paid: a payment, unless there was nothing to pay. */
export async function invoicePaid({ desk, db, program, event }: About, invoice: StripeInvoice) {
  const { id, customer: stripeId, customer_email: email, metadata } = invoice
  const ofSubscription = invoice.subscription_details ?? invoice.parent?.subscription_details
  const all = [metadata, ofSubscription?.metadata]
  const customer = await customerOf(desk, db, program, { stripeId, metadata: all, otherwise: id, email })
  const externalId = await named(desk, db, program, { names: namesOfInvoice(invoice), cause: event.id })
  // A trial, or one that a credit has paid, begins nothing.
  if (invoice.amount_paid <= 0) return
  const code = await codeAmong(db, program, withOwn(all, codesIn([...(invoice.discounts ?? []), invoice.discount])))
  const toldAt = iso(invoice.status_transitions?.paid_at ?? event.created)
  const productId = all.map(each => textIn(each, 'productId')).find(each => each !== null) ?? productOf(invoice)
  const { currency } = invoice
  await tellPaid({ desk, db, program }, customer, { ...paidByInvoice(invoice), externalId, currency, productId, code, toldAt })
}

type Payment = Paid & { externalId: string; currency: string; productId: string | null; code: string | null; toldAt: string }

/** What was paid, as a conversion of the customer's, on the program's clock. */
export async function tellPaid(
  { desk, db, program }: Pick<About, 'desk' | 'db' | 'program'>,
  customer: Customer,
  payment: Payment,
) {
  const { externalId, productId, code, toldAt, amount, outside } = payment
  const currency = payment.currency.toUpperCase()
  const sale = valid(NewConversion, {
    externalId,
    customerId: customer.externalId ?? customer.id,
    amount: minorOf(amount, currency),
    tax: minorOf(outside, currency),
    currency,
    productId,
    code,
  })
  await recordTold(desk, db, program, { ...sale, occurredAt: onClockOf(program, toldAt), toldAt }, customer)
  await settleChurn(db, program, customer.id)
}

/** What the metadata says that the code is goes before what a discount is called. */
export function withOwn(
  metadata: (Record<string, unknown> | null | undefined)[],
  found: { promotionIds: string[]; words: string[] },
) {
  const own = metadata.map(each => textIn(each, 'mislata_code')).filter(each => each !== null)
  return { ...found, words: [...own, ...found.words] }
}

// What was paid just now was paid just now, in a program whose clock is moved as well.
function onClockOf({ clockOffsetMs }: Program, at: string) {
  return new Date(Date.parse(at) + clockOffsetMs).toISOString()
}
