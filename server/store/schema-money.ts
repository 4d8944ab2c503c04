import type { Filled } from './schema.ts'

/** The tables through which money goes: what was paid and given back, what it earned, and the journal of both. */
export type MoneyTables = {
  conversions: {
    id: string
    programId: string
    externalId: string
    payloadHash: string
    customerId: string
    referralId: string | null
    amount: number
    tax: number
    discount: number
    currency: string
    productId: string | null
    occurredAt: string
    createdAt: string
    reply: string
    partnerId: Filled<string | null>
    toldAt: Filled<string | null>
    lost: Filled<number>
  }
  sales: { programId: string; externalId: string }
  refunds: {
    id: string
    programId: string
    externalId: string
    conversionExternalId: string
    conversionId: string | null
    amount: number | null
    createdAt: string
    reply: string
  }
  commissions: {
    id: string
    programId: string
    /** Who is owed it, or has been paid it. */
    partnerId: string
    /** Who earned it, where that is somebody who has been merged since. */
    earnedBy: Filled<string | null>
    referralId: string | null
    conversionId: string | null
    period: string
    amount: number
    currency: string
    productId: string | null
    why: string
    occurredAt: string
    availableAt: string
    createdAt: string
    payoutId: Filled<string | null>
    reversed: Filled<number>
    approvedAt: Filled<string | null>
    heldAt: Filled<string | null>
    heldReason: Filled<string | null>
    releasedAt: Filled<string | null>
    rejectedAt: Filled<string | null>
    settled: Filled<number>
    paidOut: Filled<number>
  }
  commissionDecisions: {
    id: string
    programId: string
    commissionId: string
    act: 'approve' | 'hold' | 'release' | 'reject'
    reason: string | null
    decidedBy: string
    createdAt: string
  }
  payouts: {
    id: string
    programId: string
    partnerId: string
    amount: number
    currency: string
    method: string | null
    reference: Filled<string | null>
    failure: Filled<string | null>
    createdAt: string
    paidAt: Filled<string | null>
    failedAt: Filled<string | null>
    batchId: Filled<string | null>
  }
  payoutRuns: {
    programId: string
    batchId: string
    holder: string
    leasedUntil: string
    currency: string | null
    method: string | null
    actorKind: string
    actorId: string | null
    actorLabel: string | null
    createdAt: string
  }
  payoutBatches: {
    id: string
    programId: string
    currency: string | null
    method: string | null
    actorKind: string
    actorId: string | null
    actorLabel: string | null
    count: number
    totals: string
    hash: string
    createdAt: string
  }
  payoutLines: {
    payoutId: string
    position: number
    programId: string
    commissionId: string
    number: number
    amount: number
    settledBefore: number
  }
  periods: { programId: string; period: string; closedAt: Filled<string | null>; announcedAt: Filled<string | null> }
  partnerPeriods: { programId: string; period: string; partnerId: string; currency: string; amount: number }
  calculatedPeriods: { programId: string; period: string; partnerId: string; createdAt: string }
  journalTransactions: { id: string; programId: string; key: string; kind: string; at: string; createdAt: string }
  journalEntries: {
    transactionId: string
    position: number
    programId: string
    account: string
    partnerId: string | null
    commissionId: string | null
    currency: string
    amount: number
    availableAt: string | null
  }
  journalWaiting: { programId: string; transactionId: string; content: string | null }
  journalSeals: {
    programId: string
    sequence: number
    transactionId: string
    content: string
    hash: string
    sealedAt: string
  }
  journalHeads: { programId: string; length: number; hash: string }
}
