import type { ImportCode } from '../contract/import.ts'
import { exponent, MAX_MINOR } from '../contract/money.ts'

/** A value that was read, or why it cannot be. */
export type Read<T> = { value: T } | { code: ImportCode; message: string }

const symbols: Record<string, string> = { '€': 'EUR', '£': 'GBP', '₹': 'INR', '₩': 'KRW', zł: 'PLN' }

/**
 * An amount of money in minor units. `major` is a decimal as people or programs write it: `1,234.50`, `1.234,50 €`, `12`; one
 * that can be read in two ways, `1,234`, is refused, and so is one with more decimals than its currency has.
 */
export function amountOf(text: string, currency: string, unit: 'major' | 'minor'): Read<number> {
  const trimmed = text.trim()
  const named = symbols[/€|£|₹|₩|zł/.exec(trimmed)?.[0] ?? ''] ?? /(?:^|[^A-Za-z])([A-Z]{3})(?:[^A-Za-z]|$)/.exec(trimmed)?.[1]
  if (named && named !== currency)
    return { code: 'currency_differs', message: `“${shortened(text)}” is not in ${currency}, as the row or the program says.` }
  if (trimmed.includes('$') && !/D$|^(ARS|BRL|CLP|COP|MXN|UYU)$/.test(currency))
    return {
      code: 'currency_differs',
      message: `“${shortened(text)}” is of dollars, and the row or the program says ${currency}.`,
    }
  const isBelow = /^\(.*\)$/.test(trimmed) || /^[^\d]*[-−]/.test(trimmed) || /[-−]$/.test(trimmed)
  // One run of digits with marks within, and nothing but a sign and a currency around it: 1e3 is no amount.
  const number = /^[^\d.,]{0,6}?([\d.,][\d.,\s'’]*)[^\d.,]{0,6}$/.exec(trimmed)?.[1]
  if (number === undefined) return invalid(text)
  const digits = number.replace(/[^\d.,]/g, '')
  const decimal = unit === 'minor' ? whole(digits) : decimalOf(digits)
  if (decimal === null) return invalid(text)
  if (decimal === 'ambiguous')
    return {
      code: 'amount_ambiguous',
      message: `“${shortened(text)}” may be thousands or decimals. Write 1234 or 1.23, or give minor units and say so in the mapping.`,
    }
  const places = unit === 'minor' ? 0 : exponent(currency)
  const [before = '', after = ''] = decimal.split('.')
  const kept = after.replace(/0+$/, '')
  if (kept.length > places)
    return { code: 'amount_invalid', message: `“${shortened(text)}” has more decimals than ${currency} has.` }
  const minor = Number(before + kept.padEnd(places, '0'))
  if (!Number.isSafeInteger(minor) || minor > MAX_MINOR)
    return { code: 'amount_invalid', message: `“${shortened(text)}” is more than can be booked.` }
  if (isBelow && minor !== 0) return { code: 'amount_negative', message: `“${shortened(text)}” is below zero.` }
  return { value: minor }
}

function whole(digits: string) {
  return /^\d+(\.0+)?$/.test(digits) ? digits : null
}

// A plain number, with a point as programs write it, or with marks for thousands and decimals as people do.
function decimalOf(digits: string): string | null | 'ambiguous' {
  if (/^\d+$/.test(digits)) return digits
  const mark = digits.match(/[.,](?=[^.,]*$)/)?.[0] ?? '.'
  const other = mark === '.' ? ',' : '.'
  const [head = '', tail = ''] = splitLast(digits, mark)
  const thousands = (separator: string, text: string) =>
    new RegExp(`^\\d{1,3}(\\${separator}\\d{3})+$`).test(text) ? text.replaceAll(separator, '') : null
  if (head.includes(other)) {
    const joined = thousands(other, head)
    return joined === null || tail === '' ? null : `${joined}.${tail}`
  }
  if (head.includes(mark)) return thousands(mark, digits)
  if (!/^\d*$/.test(head) || !/^\d+$/.test(tail)) return null
  if (tail.length === 3 && head !== '' && head !== '0' && head.length <= 3) return 'ambiguous'
  return `${head || '0'}.${tail}`
}

function splitLast(text: string, mark: string) {
  const at = text.lastIndexOf(mark)
  return [text.slice(0, at), text.slice(at + 1)]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * A time as ISO 8601 in UTC. Taken are ISO 8601 with and without time and zone (without: UTC), seconds or milliseconds since
 * 1970, `5 Jan 2026`, `Jan 5, 2026`, and numbers with slashes, points or hyphens. Of `3/4/2026` nobody can know which is the
 * month, unless `order` says so.
 */
export function timeOf(text: string, order?: 'dmy' | 'mdy'): Read<string> {
  const trimmed = text.trim()
  if (/^\d{10}$/.test(trimmed)) return instant(Number(trimmed) * 1000, text)
  if (/^\d{13}$/.test(trimmed)) return instant(Number(trimmed), text)
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(.*)$/.exec(trimmed)
  if (iso) return at(text, { year: iso[1], month: iso[2], day: iso[3], rest: iso[4] })
  const named =
    /^(?:(\d{1,2})(?:st|nd|rd|th)?\.?[ -])?([A-Za-z]{3,9})\.?[ -](?:(\d{1,2})(?:st|nd|rd|th)?,? )?,?(\d{4})(.*)$/.exec(trimmed)
  if (named) {
    const month = months.indexOf((named[2] ?? '').slice(0, 3).toLowerCase()) + 1
    return at(text, { year: named[4], month: String(month), day: named[1] ?? named[3], rest: named[5] })
  }
  const numbers = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(.*)$/.exec(trimmed)
  if (!numbers) return badDate(text)
  const [first, second] = [Number(numbers[1]), Number(numbers[2])]
  const known = first > 12 ? 'dmy' : second > 12 ? 'mdy' : first === second ? 'dmy' : order
  if (!known)
    return {
      code: 'date_ambiguous',
      message: `“${shortened(text)}” may be two dates. Say in the mapping whether "dates" are "dmy" or "mdy".`,
    }
  const [day, month] = known === 'dmy' ? [numbers[1], numbers[2]] : [numbers[2], numbers[1]]
  return at(text, { year: numbers[3], month, day, rest: numbers[4] })
}

type Parts = { year: string | undefined; month: string | undefined; day: string | undefined; rest: string | undefined }

function at(text: string, { year, month, day, rest = '' }: Parts): Read<string> {
  const clock =
    /^[T ,]*(?:at )?(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(AM|PM|am|pm)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/.exec(
      rest.replace(/\(.*\)$/, ''),
    )
  if (!clock) return badDate(text)
  const [, hours = '0', minutes = '0', seconds = '0', fraction = '', half, zone = 'Z'] = clock
  const hour = half ? (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(hours)
  const date = [Number(year), Number(month) - 1, Number(day)] as const
  const days = new Date(Date.UTC(date[0], date[1] + 1, 0)).getUTCDate()
  const isReal = date[1] >= 0 && date[1] < 12 && date[2] >= 1 && date[2] <= days
  if (!isReal || hour > 23 || Number(minutes) > 59 || Number(seconds) > 59) return badDate(text)
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3))
  const local = Date.UTC(...date, hour, Number(minutes), Number(seconds), ms)
  return instant(local - offsetMs(zone), text)
}

function offsetMs(zone: string) {
  const found = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  if (!found) return 0
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000
}

function instant(ms: number, text: string): Read<string> {
  // Before there were partner programmes, or after a clock's end.
  if (!(ms >= Date.UTC(1990, 0, 1)) || ms >= Date.UTC(2200, 0, 1)) return badDate(text)
  return { value: new Date(ms).toISOString() }
}

/** Yes or no, as files say it. */
export function isYes(text: string) {
  return /^(true|t|yes|y|1|paid)$/i.test(text.trim())
}

/** What of a file may stand in a message: a cell can be a page long. */
export function shortened(text: string) {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function invalid(text: string): Read<never> {
  return { code: 'amount_invalid', message: `“${shortened(text)}” is no amount.` }
}

function badDate(text: string): Read<never> {
  return { code: 'date_invalid', message: `“${shortened(text)}” is no date that is known here. Write 2026-01-31.` }
}
