import type { SaleWhy } from '../contract/affiliate.ts'
import { decimal, exponent } from '../contract/money.ts'
import type { Terms } from './terms.ts'

/** What was paid, in minor units of `currency`. */
export type Sale = { amount: number; tax: number; discount: number; currency: string; productId: string | null }

/**
 * What a sale earns under the given terms, in minor units of `currency`, and why.
 * One rounding a line, half to even: 598.00 at 20 % earns 119.60; 0.07 at 20 % earns 0.01; 0.25 at 10 % earns 0.02.
 * A flat amount is in the program's currency; a product's own rate goes before it. A sale with nothing left to pay earns
 * nothing.
 */
export function earned(sale: Sale, terms: Terms): { amount: number; currency: string; why: Omit<SaleWhy, 'clickId' | 'code'> } {
  const base = sale.amount - sale.tax - sale.discount
  const product = terms.products.find(each => each.productId === sale.productId)
  if (terms.rule === 'flat' && !product) {
    const amount = base > 0 ? terms.flatAmount : 0
    const formula = `${shown(terms.flatAmount, terms.flatCurrency)} a sale`
    return {
      amount,
      currency: terms.flatCurrency,
      why: { kind: 'sale', rule: 'flat', ruleFrom: terms.from, rate: null, base, formula, rounding: 'half_even' },
    }
  }
  const ratePpm = product ? product.ratePpm : terms.ratePpm
  const amount = share(base, ratePpm)
  const rate = ratePpm / 10_000
  const formula = `${rate} % of ${shown(base, sale.currency)} = ${shown(amount, sale.currency)}`
  const ruleFrom = product ? 'product' : terms.from
  return {
    amount,
    currency: sale.currency,
    why: { kind: 'sale', rule: 'percent', ruleFrom, rate, base, formula, rounding: 'half_even' },
  }
}

/** `ratePpm` millionths of an amount of minor units, rounded half to even: share(25, 100_000) is 2, share(35, 100_000) is 4. */
export function share(amountMinor: number, ratePpm: number) {
  const product = BigInt(amountMinor) * BigInt(ratePpm)
  const whole = product / 1_000_000n
  const twiceRest = (product % 1_000_000n) * 2n
  const size = twiceRest < 0n ? -twiceRest : twiceRest
  const away = size > 1_000_000n || (size === 1_000_000n && whole % 2n !== 0n)
  return Number(away ? whole + (product < 0n ? -1n : 1n) : whole)
}

/** An amount in its currency's own decimals: 119.60 EUR, 11960 JPY. */
export function shown(amountMinor: number, currency: string) {
  return `${decimal(amountMinor, currency).toFixed(exponent(currency))} ${currency}`
}
