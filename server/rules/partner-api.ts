import type { PartnerCommissionStatus, PartnerPayoutStatus, PartnerReferralStatus } from '../contract/partner-api.ts'

type Moment = string | null

/**
 * How a referral stands for the partner that made it. One that was rejected stays so; one in review is so until somebody
 * approves it; a customer that has left is `churned`; everybody else, paying or only signed up, is `active`.
 */
export function referralStatus(referral: {
  reviewAt: Moment
  approvedAt: Moment
  rejectedAt: Moment
  churnedAt: Moment
}): PartnerReferralStatus {
  if (referral.rejectedAt) return 'rejected'
  if (referral.reviewAt && !referral.approvedAt) return 'review'
  return referral.churnedAt ? 'churned' : 'active'
}

/** Commissions of one referral, month and currency to which the same has happened, added up. Minor units. */
export type Earnings = {
  referralId: string | null
  period: string
  currency: string
  amount: bigint
  /** Of it, what refunds have taken back. */
  reversed: bigint
  /** What payouts that were paid held of it: more than is left where it was refunded after that. */
  paid: bigint
  isRejected: boolean
}
export type CommissionRow = Pick<Earnings, 'referralId' | 'period' | 'currency' | 'amount'> & { status: PartnerCommissionStatus }

/**
 * One row for each referral, period, currency and status, the latest month first. What a refund took back, and what was
 * rejected, is `reversed`; the rest is `paid` or still only `calculated`: 119.60 of which 19.60 was taken back is 100.00
 * calculated and 19.60 reversed. 119.60 that was paid and refunded after that is 119.60 paid, −119.60 calculated, which the
 * next payout takes, and 119.60 reversed. Exact, however many are added up.
 */
export function commissionRows(earnings: Earnings[]): CommissionRow[] {
  const rows = new Map<string, CommissionRow>()
  for (const { referralId, period, currency, amount, reversed, paid, isRejected } of earnings) {
    const lost = isRejected ? amount : reversed
    const parts = [
      { status: 'paid' as const, amount: paid },
      { status: 'calculated' as const, amount: amount - lost - paid },
      { status: 'reversed' as const, amount: lost },
    ]
    for (const part of parts) {
      const key = JSON.stringify([referralId, period, currency, part.status])
      rows.set(key, { referralId, period, currency, ...part, amount: (rows.get(key)?.amount ?? 0n) + part.amount })
    }
  }
  return [...rows.values()].filter(row => row.amount !== 0n).sort(latestFirst)
}

/** What is calculated and paid in one currency: 100.00 calculated, 50.00 paid and 19.60 reversed is 150.00. */
export function totalOf(rows: CommissionRow[], currency: string) {
  const counting = rows.filter(row => row.currency === currency && row.status !== 'reversed')
  return counting.reduce((sum, row) => sum + row.amount, 0n)
}

function latestFirst(a: CommissionRow, b: CommissionRow) {
  const order = (row: CommissionRow) => [row.referralId ?? '', row.currency, row.status].join(' ')
  if (a.period !== b.period) return a.period < b.period ? 1 : -1
  return order(a) < order(b) ? -1 : 1
}

/** A transfer that arrived is `paid`, whatever was thought of it before. */
export function payoutStatus({ paidAt, failedAt }: { paidAt: Moment; failedAt: Moment }): PartnerPayoutStatus {
  if (paidAt) return 'paid'
  return failedAt ? 'failed' : 'pending'
}
