import type { Filled } from './schema.ts'

/** What is known from Stripe, and the facts about payments that it tells beside the payments themselves. */
export type StripeTables = {
  stripeConnections: { programId: string; secret: string; hint: string; createdAt: string }
  inboundEvents: {
    programId: string
    source: 'stripe'
    eventId: string
    type: string
    happenedAt: string
    createdAt: string
  }
  stripeCustomers: { programId: string; stripeId: string; customerId: string | null; endedAt: Filled<string | null> }
  stripeCodes: { programId: string; stripeId: string; code: string }
  paymentNames: { programId: string; name: string; externalId: string }
  refundTotals: {
    programId: string
    eventId: string
    conversionExternalId: string
    charge: string
    amount: number
    at: string
  }
  refundFailures: {
    programId: string
    refundExternalId: string
    conversionExternalId: string
    charge: string
    amount: number
    at: string
  }
  disputes: {
    programId: string
    externalId: string
    conversionExternalId: string
    amount: number
    openedAt: string
    closedAt: Filled<string | null>
    outcome: Filled<'lost' | 'released' | null>
    waivedAt: Filled<string | null>
    createdAt: string
  }
}
