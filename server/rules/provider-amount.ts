import { exponent } from '../contract/money.ts'
import type { Provider } from './sending.ts'

// Stripe counts these in hundredths, although they have none, and this one whole, although it has.
const STRIPE_IN_HUNDREDTHS = ['ISK', 'UGX']
const STRIPE_IN_WHOLE = ['MGA']

const PAYPAL = 'AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD'.split(' ')
const PAYPAL_IN_WHOLE = ['HUF', 'JPY', 'TWD']

/**
 * An amount of minor units as Stripe counts it: 5 ISK is 500, and 1.230 KWD is 1230. Null where Stripe has no such amount: of
 * three decimals it takes two.
 */
export function stripeAmount(amount: number, currency: string): number | null {
  if (STRIPE_IN_HUNDREDTHS.includes(currency)) return amount * 100
  const step = STRIPE_IN_WHOLE.includes(currency) ? 10 ** exponent(currency) : exponent(currency) === 3 ? 10 : 1
  if (amount % step) return null
  return STRIPE_IN_WHOLE.includes(currency) ? amount / step : amount
}

/** An amount of minor units as PayPal writes it: 11960 EUR is `119.60`. Null where it takes no such currency or no such part of it. */
export function paypalAmount(amount: number, currency: string): string | null {
  if (!PAYPAL.includes(currency)) return null
  const whole = 10 ** exponent(currency)
  if (PAYPAL_IN_WHOLE.includes(currency)) return amount % whole ? null : String(amount / whole)
  return `${Math.floor(amount / whole)}.${String(amount % whole).padStart(exponent(currency), '0')}`
}

/** Whether a provider can send just this amount. */
export function canSend(provider: Provider, amount: number, currency: string) {
  return (provider === 'stripe' ? stripeAmount(amount, currency) : paypalAmount(amount, currency)) !== null
}
