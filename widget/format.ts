import { decimal, exponent } from '../server/contract/money.ts'

/** Amounts, shares and counts as the reader writes them. */
export function formats(lang: string) {
  const locale = known(lang)
  const counts = new Intl.NumberFormat(locale)

  function money(amount: number, currency: string) {
    const digits = exponent(currency)
    const form = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const
    return new Intl.NumberFormat(locale, form).format(amount).replace('-', '−')
  }

  return {
    locale,
    money,
    minor: (amount: number, currency: string) => money(decimal(amount, currency), currency),
    /** 20 is 20 %, as a program has its rates. */
    percent: (value: number, digits = 4) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(value / 100),
    count: (value: number) => counts.format(value),
  }
}

export type Formats = ReturnType<typeof formats>

/** The language if the browser knows its form; `undefined`, which is the browser's own, if it is none. */
function known(lang: string) {
  try {
    return Intl.NumberFormat.supportedLocalesOf(lang)[0]
  } catch {
    return undefined
  }
}
