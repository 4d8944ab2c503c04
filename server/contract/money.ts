import * as v from 'valibot'

// ISO 4217. Every code that is not named here has two decimals.
const withoutDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ')
const withThree = 'BHD IQD JOD KWD LYD OMR TND'.split(' ')

// Made when the first code is checked: a browser that loads this for its exponents checks none.
let known: Set<string> | undefined
function isKnown(code: string) {
  known ??= new Set([...Intl.supportedValuesOf('currency'), ...withoutDecimals, ...withThree])
  return known.has(code)
}

/** An ISO 4217 code in capitals, such as `EUR`. */
export const Currency = v.pipe(v.string(), v.trim(), v.toUpperCase(), v.check(isKnown, 'That is not an ISO 4217 currency code.'))

/** How many decimals a currency has: EUR 2, JPY 0, KWD 3. */
export function exponent(currency: string) {
  if (withoutDecimals.includes(currency)) return 0
  return withThree.includes(currency) ? 3 : 2
}

/** Minor units to the decimal number that the systems Q and B show: 11960 EUR is 119.6. */
export function decimal(minor: number, currency: string) {
  const places = exponent(currency)
  return places === 0 ? minor : Number((minor / 10 ** places).toFixed(places))
}

/** The other way: 50 EUR is 5000. Decimals beyond the currency's own are refused by `hasDecimals` first. */
export function minor(amount: number, currency: string) {
  return Math.round(amount * 10 ** exponent(currency))
}

/** Largest amount taken: ten thousand million of a currency with two decimals. Nine thousand of them still sum exactly. */
export const MAX_MINOR = 1_000_000_000_000

/** An amount of minor units, zero or more. */
export const Minor = v.pipe(
  v.number(),
  v.safeInteger('Give whole minor units: 59800 for 598.00 EUR.'),
  v.minValue(0),
  v.maxValue(MAX_MINOR),
)

/** An amount of minor units that may be below zero. */
export const SignedMinor = v.pipe(v.number(), v.safeInteger(), v.minValue(-MAX_MINOR), v.maxValue(MAX_MINOR))

/** A percentage with at most four decimals, so that it is a whole number of millionths. */
export const Percent = v.pipe(
  v.number(),
  v.minValue(0),
  v.maxValue(100),
  v.check(value => Math.abs(value * 10_000 - Math.round(value * 10_000)) < 1e-6, 'At most four decimals.'),
)

/** 20 percent is 200,000 millionths. */
export const toPpm = (percent: number) => Math.round(percent * 10_000)
export const fromPpm = (ppm: number) => ppm / 10_000

/** What amounts come to together: minor units, as many as it takes. */
export const Sum = v.object({ amount: v.number(), currency: v.string() })
export type Sum = v.InferOutput<typeof Sum>
