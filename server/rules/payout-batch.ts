/** One line of a payout as a batch's hash counts it: what of one commission is in it, in minor units. */
export type BatchLine = {
  batchId: string
  payoutId: string
  partnerId: string
  currency: string
  commissionId: string
  amount: number
}

/** The first line of what is hashed. */
export const batchTitles = 'batch,payout,partner,currency,commission,amount\n'

/**
 * A line of what is hashed, with its end. Ids and codes have neither commas nor quotes, so that it is CSV as it stands:
 * `bat_1,pay_1,par_1,EUR,com_1,11960`. Lines come in the order of the payouts' ids, and in a payout as they stand in it.
 */
export function batchLine({ batchId, payoutId, partnerId, currency, commissionId, amount }: BatchLine) {
  return `${[batchId, payoutId, partnerId, currency, commissionId, amount].join(',')}\n`
}

export type Total = { currency: string; count: number; amount: number }

/** Amounts of minor units by currency, in the order of the codes: how many there are, and what they come to. */
export function totalsOf(payouts: readonly { currency: string; amount: number }[]): Total[] {
  const totals = new Map<string, Total>()
  for (const { currency, amount } of payouts) {
    const { count, amount: before } = totals.get(currency) ?? { count: 0, amount: 0 }
    totals.set(currency, { currency, count: count + 1, amount: before + amount })
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1))
}
