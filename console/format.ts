import { decimal, exponent } from '../server/contract/money.ts'

// The console speaks English; of its kinds, the reader's own.
const locale = navigator.languages.find(each => /^en\b/.test(each)) ?? 'en-GB'

/** An amount in minor units as its currency has it: 11960 EUR is €119.60. Below zero with a true minus. */
export const money = (minor: number, currency: string) => amount(decimal(minor, currency), currency)

/** The same of a decimal number, as some of the API's amounts are. */
export function amount(value: number, currency: string) {
  const digits = exponent(currency)
  const form = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const
  return new Intl.NumberFormat(locale, form).format(value).replace('-', '−')
}

/** Several amounts in one line, none of them left out: `€20.00 · $5.00`; one in the program's currency where there is none. */
export function sums(list: { amount: number; currency: string }[], currency: string) {
  if (!list.length) return money(0, currency)
  return list.map(each => money(each.amount, each.currency)).join(' · ')
}

const counts = new Intl.NumberFormat(locale)
export const count = (value: number) => counts.format(value)

/** `1 partner`, `2 partners`; the plural where it is not the word with an s. */
export const counted = (value: number, one: string, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`

/** 20 is 20%, as a program has its rates. */
export const percent = (value: number, digits = 4) =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(value / 100)

const yearOf = (date: Date, timeZone?: string) =>
  new Intl.DateTimeFormat('en', { year: 'numeric', timeZone }).format(date) ===
  new Intl.DateTimeFormat('en', { year: 'numeric', timeZone }).format()
    ? undefined
    : ('numeric' as const)

/** The day of a point in time in a time zone; with the year where it is not this one. */
export function day(iso: string, timeZone?: string) {
  const date = new Date(iso)
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: yearOf(date, timeZone), timeZone }).format(date)
}

/** The same with the hour. */
export function moment(iso: string, timeZone?: string) {
  const date = new Date(iso)
  const time = { hour: '2-digit', minute: '2-digit' } as const
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: yearOf(date, timeZone),
    ...time,
    timeZone,
  }).format(date)
}

/** To the second, with its zone: what a title says. */
export const exactly = (iso: string, timeZone?: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long', timeZone }).format(new Date(iso))

/** A program's day, `2026-11-21`, which is the same day wherever it is read. */
export const calendarDay = (iso: string) => day(`${iso}T12:00:00Z`, 'UTC')

/** `2026-11` is November 2026. */
export const month = (period: string) =>
  new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${period}-15T00:00:00Z`))

const AGES = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** `3 days ago`, `in 2 hours`. */
export function ago(iso: string, now = Date.now()) {
  const seconds = (Date.parse(iso) - now) / 1000
  const [unit, size] = AGES.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return unit === 'second'
    ? 'just now'
    : new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / size), unit)
}
