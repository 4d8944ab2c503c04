import type { Insertable, Updateable } from 'kysely'
import type { AllSums } from './import-sums.ts'
import type { Posting } from './journal.ts'
import type { Schema } from './schema.ts'

type New<T extends keyof Schema> = Insertable<Schema[T]>

/** A commission that is to be made; `month` is its own, and the one it is booked into is found when it is. */
export type NewCommissionRow = Omit<New<'commissions'>, 'period'> & { month: string; isPast: boolean; worth: number }

/** All that a batch of an import writes. */
export type Writes = {
  partners: New<'partners'>[]
  partnerChanges: { id: string; change: Updateable<Schema['partners']> }[]
  codes: New<'codes'>[]
  customers: New<'customers'>[]
  customerChanges: { id: string; change: Updateable<Schema['customers']> }[]
  stripeCustomers: { programId: string; stripeId: string; customerId: string }[]
  referrals: New<'referrals'>[]
  referralChanges: { id: string; change: Updateable<Schema['referrals']> }[]
  conversions: New<'conversions'>[]
  commissions: NewCommissionRow[]
  commissionChanges: { id: string; change: Updateable<Schema['commissions']> }[]
  /** What changes of what was booked before, by the month that it stands in: minor units. */
  monthChanges: { month: string; partnerId: string; currency: string; amount: number }[]
  decisions: New<'commissionDecisions'>[]
  payouts: New<'payouts'>[]
  lines: New<'payoutLines'>[]
  postings: Posting[]
  names: New<'importedNames'>[]
  sums: AllSums
}

export function nothing(): Writes {
  const sums = () => new Map<string, number>()
  return {
    ...{ partners: [], partnerChanges: [], codes: [], customers: [], customerChanges: [], stripeCustomers: [] },
    ...{ referrals: [], referralChanges: [], conversions: [], commissions: [], commissionChanges: [], monthChanges: [] },
    ...{ decisions: [], payouts: [], lines: [], postings: [], names: [] },
    sums: {
      ...{ signups: sums(), sales: sums(), earned: sums(), revenue: sums(), months: sums(), referralDays: sums() },
      ...{ codeSteps: sums(), codeEarned: sums() },
    },
  }
}
