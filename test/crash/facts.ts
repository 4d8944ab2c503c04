/** Something that a caller wanted. `isAcked`: it was told that it is done; otherwise it may be done or not. */
export type Wanted = { isAcked: boolean }

export type Sale = Wanted & {
  externalId: string
  customerId: string
  partnerId: string | null
  amount: number
  byStripe: boolean
  commissionId: string | null
  /** Decisions that were asked for, in their order. */
  decisions: (Wanted & { act: string })[]
}

/** All that callers have wanted, and what they were answered. It is what the books of the server are held against. */
export type Facts = {
  clicks: (Wanted & { id: string; partnerId: string })[]
  signups: (Wanted & { customerId: string; partnerId: string | null; referrer: string | null })[]
  sales: Sale[]
  refunds: (Wanted & { externalId: string; sale: Sale; amount: number })[]
  /** What Stripe has told of a sale beside its payment: given back, or disputed and lost. */
  reversals: (Wanted & { sale: Sale; amount: number })[]
  applications: (Wanted & { email: string; review: (Wanted & { action: 'approve' | 'reject' }) | null })[]
  adjustments: (Wanted & { note: string; partnerId: string; amount: number })[]
  keys: (Wanted & { name: string })[]
  endpoints: (Wanted & { url: string })[]
  marks: (Wanted & { payoutId: string; as: 'paid' | 'failed' })[]
  /** Payouts that a provider was to send. */
  sends: (Wanted & { payoutId: string })[]
  /** Answers that came with an `Idempotency-Key`, to be had again word for word. */
  answers: { path: string; headers: Record<string, string>; key: string; body: unknown; text: string; at: Date }[]
}

export function noFacts(): Facts {
  return {
    ...{ clicks: [], signups: [], sales: [], refunds: [], reversals: [], applications: [] },
    ...{ adjustments: [], keys: [], endpoints: [], marks: [], sends: [], answers: [] },
  }
}
