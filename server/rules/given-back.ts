import { refundedInAll } from './reversal.ts'

/** What is known of one payment beside the payment itself. Amounts are minor units, tax included; times are those of whoever told. */
export type Facts = {
  /** Refunds that are told of one by one; null is all that there was. */
  refunds: readonly { externalId: string; amount: number | null }[]
  /** How much of a charge had been given back in all at a moment. */
  totals: readonly { charge: string; amount: number; at: string }[]
  /** Refunds that could not be paid out, so that the money came back. */
  failures: readonly { refundExternalId: string; charge: string; amount: number; at: string }[]
  disputes: readonly { amount: number; outcome: 'lost' | 'released' | null }[]
}

/**
 * How much of a payment its customer has got back in all, whatever the order in which the facts became known; null is all
 * of it. A refund that has failed counts for nothing. Where refunds are told both one by one and as a sum they are the same
 * refunds, so that the larger sum counts. 60.00 refunded, of which 20.00 failed, and a dispute over 30.00 lost are 70.00.
 */
export function givenBack({ refunds, totals, failures, disputes }: Facts): number | null {
  const failed = new Set(failures.map(each => each.refundExternalId))
  const named = refundedInAll(refunds.filter(each => !failed.has(each.externalId)).map(each => each.amount))
  const charges = [...new Set(totals.map(each => each.charge))]
  const summed = charges.reduce((sum, charge) => sum + refundedOf(charge, totals, failures), 0)
  const lost = disputes.filter(each => each.outcome === 'lost').reduce((sum, each) => sum + each.amount, 0)
  return named === null ? null : Math.max(named, summed) + lost
}

/** The latest sum of one charge, without what has failed since: whatever failed before is out of that sum already. */
function refundedOf(charge: string, totals: Facts['totals'], failures: Facts['failures']) {
  const own = totals.filter(each => each.charge === charge)
  const latest = own.reduce((last, each) => (each.at > last ? each.at : last), '')
  // Times are whole seconds: of several sums of one second the largest was the last.
  const amount = Math.max(...own.filter(each => each.at === latest).map(each => each.amount))
  const since = failures.filter(each => each.charge === charge && each.at >= latest)
  return Math.max(0, amount - since.reduce((sum, each) => sum + each.amount, 0))
}
