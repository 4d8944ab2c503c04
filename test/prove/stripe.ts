import { createHmac } from 'node:crypto'
import type { Dispute, Failure, History, Sale, Total } from './history.ts'
import { SIGNING_SECRET, START } from './place.ts'

// Events as Stripe sends them, with the fields that matter. Each has one id: the same thing told again is the same event.

const STARTED = START / 1000
const signed = (type: string, name: string, at: number, object: object) => {
  const raw = JSON.stringify({ id: `evt_${name}`, object: 'event', type, created: at, data: { object } })
  const v1 = createHmac('sha256', SIGNING_SECRET).update(`${STARTED}.${raw}`).digest('hex')
  return { raw, headers: { 'stripe-signature': `t=${STARTED},v1=${v1}` } }
}

const intentOf = (sale: number) => `pi_${sale}`

/** What a sale is called here: by its invoice, or by the payment intent where it has none. */
export const nameOf = ({ byInvoice }: Sale, sale: number) => (byInvoice ? `in_${sale}` : intentOf(sale))

/** `at` is in Stripe's own time. */
export function invoicePaid(sale: Sale, place: number, at: number) {
  const paid = sale.amount - sale.discount
  return signed('invoice.paid', `invoice_${place}`, at, {
    id: nameOf(sale, place),
    currency: sale.currency.toLowerCase(),
    amount_paid: paid,
    total: paid,
    total_taxes: [{ amount: sale.tax }],
    payments: { data: [{ payment: { type: 'payment_intent', payment_intent: intentOf(place) } }] },
    status_transitions: { paid_at: at },
    lines: { data: [{ amount: paid, pricing: { price_details: { product: sale.product } } }] },
    metadata: { customerId: `customer-${sale.customer}` },
  })
}

export function invoicePaymentPaid(sale: Sale, place: number) {
  const payment = { type: 'payment_intent', payment_intent: intentOf(place) }
  return signed('invoice_payment.paid', `link_${place}`, STARTED, { invoice: nameOf(sale, place), payment })
}

export function chargeRefunded({ sales }: History, { sale, amount, at }: Total, place: number) {
  const charge = { id: `ch_${sale}`, payment_intent: intentOf(sale), amount_refunded: amount, currency: currencyOf(sales[sale]) }
  return signed('charge.refunded', `total_${place}`, STARTED + at, charge)
}

export function refundFailed({ sales }: History, { sale, refund, amount, at }: Failure, place: number) {
  const id = refund === null ? `re_unnamed_${place}` : `re_${refund}`
  const object = { id, payment_intent: intentOf(sale), amount, currency: currencyOf(sales[sale]), status: 'failed' }
  return signed('refund.failed', `failure_${place}`, STARTED + at, object)
}

/** Opened at stage 0, then closed once and perhaps once more. */
export function disputed({ sales }: History, { sale, amount, at, ends }: Dispute, place: number, stage: number) {
  const status = stage === 0 ? 'needs_response' : ends[stage - 1]
  const object = { id: `dp_${place}`, payment_intent: intentOf(sale), amount, currency: currencyOf(sales[sale]), status }
  return signed(`charge.dispute.${stage === 0 ? 'created' : 'closed'}`, `dispute_${place}_${stage}`, STARTED + at + stage, object)
}

function currencyOf(sale: Sale | undefined) {
  return (sale?.currency ?? '').toLowerCase()
}
