import { createHmac } from 'node:crypto'
import { expect } from 'vitest'
import { StripeConnection } from '../../server/contract/stripe.ts'
import { answered } from './replies.ts'
import { type Reply, signIn, type TestProgram, type TestServer } from './server.ts'

export const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

/** An event as Stripe posts it: the text, and over exactly that text the signature, in words of their documentation. */
export function signedBy(secret: string, event: unknown, at: Date) {
  const raw = typeof event === 'string' ? event : JSON.stringify(event)
  const seconds = Math.floor(at.getTime() / 1000)
  const v1 = createHmac('sha256', secret).update(`${seconds}.${raw}`).digest('hex')
  return {
    raw,
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': `t=${seconds},v1=${v1},v0=old` },
  }
}

export type Event = { id: string; type: string; created: number; data: { object: object } }

/** What Stripe is for a program: it signs events and posts them, in whatever order and however often it is told to. */
export async function stripeOf(server: TestServer, { program }: Pick<TestProgram, 'program'>) {
  const path = `/v1/apps/${program.id}/integrations/stripe`
  const body = { webhookSecret: SIGNING_SECRET }
  answered(await server.ask('PUT', path, { token: await signIn(server), body }), 200, StripeConnection)
  const send = (event: unknown, { secret = SIGNING_SECRET, at = server.clock.now } = {}): Promise<Reply> =>
    server.ask('POST', `/v1/integrations/stripe/${program.id}`, signedBy(secret, event, at))
  return {
    send,
    /** The same, taken. */
    async tell(...events: Event[]) {
      for (const event of events) {
        const reply = await send(event)
        expect([reply.status, reply.body], `${event.type}: ${reply.text}`).toEqual([200, { received: true }])
      }
    },
  }
}

let events = 0

/** An event of a type, at a second; each has an id of its own. */
export function event(type: string, object: object, created: number): Event {
  const id = `evt_${String(++events).padStart(14, '0')}`
  return { id, object: 'event', api_version: '2026-10-28.endive', livemode: false, type, created, data: { object } } as Event
}

export const seconds = (time: string) => Date.parse(time) / 1000

type Fields = Record<string, unknown>

/** The fields that matter of a checkout, and some that do not. */
export const session = (id: string, more: Fields = {}) => ({
  id,
  object: 'checkout.session',
  mode: 'subscription',
  status: 'complete',
  payment_status: 'paid',
  client_reference_id: null,
  customer: null,
  customer_details: { email: null, name: null, address: null },
  metadata: {},
  invoice: null,
  payment_intent: null,
  subscription: null,
  amount_subtotal: 0,
  amount_total: 0,
  currency: 'eur',
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  ...more,
})

/** An invoice as Stripe's API has it since 2025: its payment intents in a list, its taxes beside. */
export const invoice = (
  id: string,
  { paid, tax = 0, product, intent, at, ...more }: Fields & { paid: number; tax?: number; at?: number },
) => ({
  id,
  object: 'invoice',
  currency: 'eur',
  amount_due: paid,
  amount_paid: paid,
  total: paid,
  subtotal: paid - tax,
  total_taxes: tax ? [{ amount: tax, tax_behavior: 'exclusive', type: 'tax_rate_details' }] : [],
  discounts: [],
  status: 'paid',
  status_transitions: { paid_at: at ?? null, finalized_at: at ?? null },
  lines: {
    object: 'list',
    data: [
      { id: `il_${id}`, amount: paid - tax, pricing: { price_details: { price: 'price_1', product: product ?? 'prod_1' } } },
    ],
  },
  ...(intent !== undefined && {
    payments: { object: 'list', data: [{ id: `inpay_${id}`, payment: { type: 'payment_intent', payment_intent: intent } }] },
  }),
  ...more,
})

/** The same as it was before: one payment intent, one charge, and the product in the price. */
export const oldInvoice = (
  id: string,
  { paid, tax = 0, product, intent, charge, at, ...more }: Fields & { paid: number; tax?: number; at?: number },
) => ({
  ...invoice(id, { paid, tax, ...(at !== undefined && { at }) }),
  total_taxes: undefined,
  tax: tax || null,
  total_tax_amounts: tax ? [{ amount: tax, inclusive: false, tax_rate: 'txr_1' }] : [],
  payment_intent: intent ?? null,
  charge: charge ?? null,
  lines: {
    object: 'list',
    data: [{ id: `il_${id}`, amount: paid - tax, price: { id: 'price_1', product: product ?? 'prod_1' }, plan: null }],
  },
  ...more,
})

export const charge = (
  id: string,
  { amount, refunded, intent, ...more }: Fields & { amount: number; refunded: number; intent: string },
) => ({
  id,
  object: 'charge',
  currency: 'eur',
  amount,
  amount_captured: amount,
  amount_refunded: refunded,
  refunded: amount === refunded,
  payment_intent: intent,
  ...more,
})

export const refund = (id: string, { amount, intent, ...more }: Fields & { amount: number; intent: string }) => ({
  id,
  object: 'refund',
  currency: 'eur',
  amount,
  status: 'failed',
  failure_reason: 'lost_or_stolen_card',
  charge: `ch_${intent}`,
  payment_intent: intent,
  ...more,
})

export const dispute = (
  id: string,
  { amount, intent, status, ...more }: Fields & { amount: number; intent: string; status: string },
) => ({
  id,
  object: 'dispute',
  currency: 'eur',
  amount,
  status,
  reason: 'fraudulent',
  charge: `ch_${intent}`,
  payment_intent: intent,
  ...more,
})
