/** What a commission was earned on, and how much of it has been given back. Minor units. */
export type Refunded = {
  /** What the sale earned; zero or more. */
  earned: number
  /** What the customer paid, tax included: the amount that refunds are counted in. */
  paid: number
  /** The sum of all refunds so far, or null where one of them gave back all that there was. */
  refunded: number | null
}

/**
 * How much of a commission is taken back in all, in its minor units: the refunded share of the sale, rounded once, half to
 * even, and never more than was earned. 30.00 earned on 120.00 paid: 60.00 refunded takes back 15.00, and 120.00, in
 * however many parts, exactly 30.00. What is refunded beyond the sale counts no further.
 */
export function reversed({ earned, paid, refunded }: Refunded) {
  if (refunded === null || refunded >= paid) return earned
  if (refunded <= 0) return 0
  const [product, divisor] = [BigInt(earned) * BigInt(refunded), BigInt(paid)]
  const whole = product / divisor
  const twiceRest = (product % divisor) * 2n
  const up = twiceRest > divisor || (twiceRest === divisor && whole % 2n !== 0n)
  return Number(up ? whole + 1n : whole)
}

/** Refunds as one sum: null where one of them names no amount, which is all that was paid. 30.00 and 20.00 are 50.00. */
export function refundedInAll(amounts: readonly (number | null)[]) {
  return amounts.reduce<number | null>((sum, amount) => (sum === null || amount === null ? null : sum + amount), 0)
}

/** What one more refund counts for: no more than what the earlier ones have left of `paid`. 80.00 after 60.00 of 120.00 is 60.00. */
export function counted(amount: number | null, { paid, refunded }: { paid: number; refunded: number | null }) {
  const left = refunded === null ? 0 : Math.max(0, paid - refunded)
  return amount === null ? left : Math.min(amount, left)
}
