import { decimal, exponent } from '../server/contract/money.ts'
import type { Sentence } from './wording/wording.ts'

/** Amounts, shares, counts and sentences as the reader writes them. */
export function formats(lang: string) {
  const locale = known(lang)
  const counts = new Intl.NumberFormat(locale)
  const plurals = new Intl.PluralRules(locale)
  const isFromRight = /^ar\b/.test(lang)

  function money(amount: number, currency: string) {
    const digits = exponent(currency)
    const form = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const
    const text = new Intl.NumberFormat(locale, form).format(amount).replace('-', '−')
    // Letters beside a sign, as in R$ and US$, keep their order among words that run from the right.
    return isFromRight ? text.replace(/[A-Z]+\p{Sc}/u, '\u2066$&\u2069') : text
  }

  return {
    lang,
    locale,
    /** What stands between two sentences. */
    gap: /^ja\b/.test(lang) ? '' : ' ',
    money,
    minor: (amount: number, currency: string) => money(decimal(amount, currency), currency),
    /** 20 is 20 %, as a program has its rates. */
    percent: (value: number, digits = 4) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(value / 100),
    count: (value: number) => counts.format(value),
    /** `in 30 seconds`, `in 2 minutes` */
    fromNow(seconds: number) {
      const form = new Intl.RelativeTimeFormat(locale)
      return seconds > 90 ? form.format(Math.ceil(seconds / 60), 'minute') : form.format(seconds, 'second')
    },
    /** Puts the values where their names stand in braces. `n` decides the plural; numbers are written as counts. */
    fill(sentence: Sentence, values: Record<string, string | number>): string {
      const text = typeof sentence === 'string' ? sentence : (sentence[plurals.select(Number(values.n))] ?? sentence.other)
      return text.replaceAll(/\{(\w+)\}/g, (_, name) => {
        const value = values[name] ?? ''
        if (typeof value === 'number') return counts.format(value)
        // What comes from elsewhere keeps its own direction, and leaves the sentence its.
        return isFromRight ? `\u2068${value}\u2069` : value
      })
    },
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
