import Stripe from 'stripe'
import type { Sale } from './facts.ts'
import type { Lane } from './lane.ts'
import { SIGNING_SECRET } from './setting.ts'

const { webhooks } = new Stripe('sk_test_unused')

/** An invoice of Stripe's is paid; or what was paid so is given back, or disputed. */
export async function tellStripe(lane: Lane) {
  const { chance, facts } = lane
  const own = facts.sales.filter(each => each.byStripe && each.isAcked && each.partnerId === lane.bringer.partnerId)
  const untouched = own.filter(sale => !facts.reversals.some(each => each.sale === sale))
  if (!untouched.length || chance.is(0.6)) return paid(lane)
  const sale = chance.one(untouched)
  return chance.is(0.5) ? givenBack(lane, sale) : disputed(lane, sale)
}

async function paid(lane: Lane) {
  const { fresh, chance, facts, bringer, customers } = lane
  if (!customers.length) return
  const id = fresh('in')
  const customerId = chance.one(customers)
  const amount = chance.from(100, 50_000)
  const invoice = {
    ...{ id, object: 'invoice', status: 'paid', currency: 'eur', customer: `cus_${customerId}` },
    ...{ amount_due: amount, amount_paid: amount, total: amount, subtotal: amount, total_taxes: [], discounts: [] },
    metadata: { customerId },
    lines: {
      object: 'list',
      data: [{ id: `il_${id}`, amount, pricing: { price_details: { price: 'price_1', product: 'prod_1' } } }],
    },
  }
  const isAcked = await tell(lane, 'invoice.paid', invoice)
  const { partnerId } = bringer
  facts.sales.push({ externalId: id, customerId, partnerId, amount, byStripe: true, commissionId: null, decisions: [], isAcked })
}

async function givenBack(lane: Lane, sale: Sale) {
  const { chance, facts } = lane
  const amount = chance.from(1, sale.amount)
  const id = sale.externalId.replace('in', 'ch')
  const charge = {
    ...{ id, object: 'charge', currency: 'eur', amount: sale.amount, invoice: sale.externalId, payment_intent: null },
    amount_refunded: amount,
  }
  facts.reversals.push({ sale, amount, isAcked: await tell(lane, 'charge.refunded', charge) })
}

/** A dispute is opened and won, or lost: then all is taken back. */
async function disputed(lane: Lane, sale: Sale) {
  const { chance, facts, fresh } = lane
  const isLost = chance.is(0.5)
  const id = sale.externalId.replace('in', 'ch')
  const dispute = { id: fresh('dp'), object: 'dispute', currency: 'eur', amount: sale.amount, charge: id, payment_intent: null }
  // Without this it would not be known of which payment the charge was.
  const charge = { id, object: 'charge', currency: 'eur', amount_refunded: 0, invoice: sale.externalId, payment_intent: null }
  const reversal = { sale, amount: 0, isAcked: true }
  facts.reversals.push(reversal)
  if (!(await tell(lane, 'charge.refunded', charge))) return
  await tell(lane, 'charge.dispute.created', { ...dispute, status: 'needs_response' })
  const isAcked = await tell(lane, 'charge.dispute.closed', { ...dispute, status: isLost ? 'lost' : 'won' })
  Object.assign(reversal, { amount: isLost ? sale.amount : 0, isAcked })
}

async function tell({ want, fresh, now, setting }: Lane, type: string, object: object) {
  const created = Math.floor(now().getTime() / 1000)
  const event = { id: fresh('evt'), object: 'event', api_version: '2026-10-28.endive', livemode: false, type, created }
  const raw = JSON.stringify({ ...event, data: { object } })
  const signature = webhooks.generateTestHeaderString({ payload: raw, secret: SIGNING_SECRET, timestamp: created })
  const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature }
  const { isAcked } = await want({ method: 'POST', path: `/v1/integrations/stripe/${setting.programId}`, headers, raw })
  return isAcked
}
