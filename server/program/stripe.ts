import type * as v from 'valibot'
import {
  StripeCharge,
  StripeDispute,
  StripeEvent,
  StripeInvoice,
  StripeInvoicePayment,
  StripePromotionCode,
  StripeRefund,
  StripeSession,
  StripeSubscription,
} from '../contract/stripe.ts'
import { outcomeOf } from '../rules/dispute.ts'
import { minorOf, namesOfInvoice } from '../rules/stripe.ts'
import { inTransaction } from '../store/database.ts'
import type { Program } from '../store/programs.ts'
import * as stripe from '../store/stripe.ts'
import type { Desk } from './desk.ts'
import * as disputes from './disputes.ts'
import { named } from './payments.ts'
import * as refunds from './refunds.ts'
import { checkedOut } from './stripe-checkout.ts'
import { ended } from './stripe-customers.ts'
import { type About, iso, valid } from './stripe-event.ts'
import { invoicePaid } from './stripe-invoices.ts'

type Act<S extends v.GenericSchema> = (about: About, object: v.InferOutput<S>) => Promise<unknown>

const types = new Map<string, { schema: v.GenericSchema; act: Act<never> }>(
  Object.entries({
    'checkout.session.completed': does(StripeSession, checkedOut),
    'checkout.session.async_payment_succeeded': does(StripeSession, checkedOut),
    'invoice.paid': does(StripeInvoice, invoicePaid),
    'invoice.payment_succeeded': does(StripeInvoice, invoicePaid),
    'invoice_payment.paid': does(StripeInvoicePayment, invoicePaymentPaid),
    'charge.refunded': does(StripeCharge, chargeRefunded),
    'refund.failed': does(StripeRefund, refundFailed),
    'refund.updated': does(StripeRefund, refundUpdated),
    'charge.refund.updated': does(StripeRefund, refundUpdated),
    'charge.dispute.created': does(StripeDispute, disputed),
    'charge.dispute.updated': does(StripeDispute, disputed),
    'charge.dispute.closed': does(StripeDispute, disputed),
    'customer.subscription.deleted': does(StripeSubscription, subscriptionEnded),
    'promotion_code.created': does(StripePromotionCode, promotionCode),
    'promotion_code.updated': does(StripePromotionCode, promotionCode),
  }),
)

function does<S extends v.GenericSchema>(schema: S, act: Act<S>) {
  return { schema, act }
}

/**
 * Takes an event of Stripe's: what follows from it is done, once, in one transaction, whatever else has come before it. What
 * means nothing here changes nothing. 422 where a field that is needed is not as Stripe has it.
 */
export async function take(desk: Desk, program: Program, sent: unknown) {
  const event = valid(StripeEvent, sent)
  const type = types.get(event.type)
  if (!type) return
  const object = valid(type.schema, event.data.object)
  const at = iso(event.created)
  await inTransaction(desk.database, async db => {
    const createdAt = desk.clock().toISOString()
    const row = {
      programId: program.id,
      source: 'stripe',
      eventId: event.id,
      type: event.type,
      happenedAt: at,
      createdAt,
    } as const
    if (await stripe.addEvent(db, row)) await type.act({ desk, db, program, event, at }, object as never)
  })
}

/** From 2025 on an invoice does not say by which payment intent it was paid; this does. */
async function invoicePaymentPaid(about: About, { invoice, payment }: v.InferOutput<typeof StripeInvoicePayment>) {
  if (!invoice) return
  const { payment_intent = null, charge = null } = payment ?? {}
  await saleOf(about, namesOfInvoice({ id: invoice, payment_intent, charge, payments: null }))
}

async function chargeRefunded(about: About, charge: v.InferOutput<typeof StripeCharge>) {
  const { desk, db, program, event, at } = about
  const { id, invoice, payment_intent } = charge
  const saleId = await saleOf(about, [invoice, payment_intent, id])
  const amount = amountOf(charge.amount_refunded, charge.currency)
  await refunds.total(desk, db, program, saleId, { eventId: event.id, charge: payment_intent ?? id, amount, at })
}

async function refundUpdated(about: About, refund: v.InferOutput<typeof StripeRefund>) {
  if (refund.status === 'failed' || refund.status === 'canceled') await refundFailed(about, refund)
}

async function refundFailed(about: About, refund: v.InferOutput<typeof StripeRefund>) {
  const { desk, db, program, at } = about
  const { id, payment_intent, charge } = refund
  const key = payment_intent ?? charge
  if (!key) return
  const saleId = await saleOf(about, [payment_intent, charge])
  const amount = amountOf(refund.amount, refund.currency)
  await refunds.fail(desk, db, program, saleId, { refundExternalId: id, charge: key, amount, at })
}

async function disputed(about: About, dispute: v.InferOutput<typeof StripeDispute>) {
  const { desk, db, program, event, at } = about
  const { id: externalId, payment_intent, charge } = dispute
  if (!payment_intent && !charge) return
  const saleId = await saleOf(about, [payment_intent, charge])
  const amount = amountOf(dispute.amount, dispute.currency)
  const outcome = outcomeOf(dispute.status)
  await disputes.tell(desk, db, program, saleId, { externalId, eventId: event.id, amount, at, outcome })
}

async function subscriptionEnded({ db, program, event }: About, object: v.InferOutput<typeof StripeSubscription>) {
  const { customer, ended_at, canceled_at } = object
  if (customer) await ended(db, program, customer, iso(ended_at ?? canceled_at ?? event.created))
}

function promotionCode({ db, program }: About, { id, code }: v.InferOutput<typeof StripePromotionCode>) {
  return stripe.putCode(db, { programId: program.id, stripeId: id, code })
}

function saleOf({ desk, db, program, event }: About, ids: (string | null)[]) {
  return named(desk, db, program, { names: ids.filter(id => id !== null), cause: event.id })
}

function amountOf(amount: number, currency: string) {
  return Math.max(0, minorOf(amount, currency.toUpperCase()))
}
