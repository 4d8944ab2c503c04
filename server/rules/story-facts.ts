import type { Why } from '../contract/affiliate.ts'
import type { Step } from '../contract/story.ts'
import type { Facts as Known } from './given-back.ts'
import type { Terms } from './terms.ts'

type Commission = {
  id: string
  partnerId: string
  conversionId: string | null
  period: string
  amount: number
  reversed: number
  settled: number
  paidOut: number
  currency: string
  availableAt: string
  approvedAt: string | null
  heldAt: string | null
  heldReason: string | null
  rejectedAt: string | null
  paidAt: string | null
  payoutId: string | null
  occurredAt: string
  createdAt: string
}
type Refund = Known['refunds'][number] & { id: string; createdAt: string }
type Total = Known['totals'][number] & { eventId: string }
export type Dispute = Known['disputes'][number] & {
  externalId: string
  openedAt: string
  closedAt: string | null
  waivedAt: string | null
}
export type InPayout = {
  id: string
  number: number
  amount: number
  settledBefore: number
  createdAt: string
  paidAt: string | null
  failedAt: string | null
  reference: string | null
  failure: string | null
}

/** All that is on record of one commission. Amounts are minor units. */
export type Facts = {
  commission: Commission
  why: Why
  /** How whoever corrected a balance is called; null where nobody did, or it is not known. */
  correctedBy: string | null
  click: { id: string; at: string; url: string | null; referrer: string | null; campaign: string | null } | undefined
  referral: { id: string; customerId: string; code: string; campaign: string | null; createdAt: string; terms: Terms } | undefined
  sale:
    | {
        id: string
        externalId: string
        amount: number
        tax: number
        discount: number
        currency: string
        productId: string | null
        occurredAt: string
        createdAt: string
      }
    | undefined
  refunds: readonly Refund[]
  totals: readonly Total[]
  failures: Known['failures']
  disputes: readonly Dispute[]
  /** Its transactions, with what each has changed of what it is worth. */
  transactions: readonly { id: string; key: string; kind: string; createdAt: string; gained: number }[]
  /** `by` is how whoever decided is called. */
  decisions: readonly {
    id: string
    act: 'approve' | 'hold' | 'release' | 'reject'
    reason: string | null
    by: string
    createdAt: string
  }[]
  payouts: readonly InPayout[]
}

/** A step, with nothing where nothing is said. */
export function said(step: Pick<Step, 'step' | 'text'> & Partial<Step>): Step {
  return { at: null, object: null, transactionId: null, amount: null, currency: null, ...step }
}

/** 2026-03-10T12:00:00.000Z as 2026-03-10 12:00 UTC. */
export function when(instant: string) {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}

const reasons: Record<string, string> = {
  dispute: 'because the payment is disputed',
  referral_review: 'because the referral waits for a review',
}

/** Why somebody did something, as part of a sentence; nothing where nobody said. */
export function because(reason: string | null) {
  if (reason === null) return ''
  const known = reasons[reason]
  return known ? ` ${known}` : `: “${reason}”`
}
