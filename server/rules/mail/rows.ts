import { exponent } from '../../contract/money.ts'
import { linkFor } from '../code.ts'
import type { Sender, Told } from './kinds.ts'
import { plain } from './sentence.ts'
import { words } from './words/all.ts'
import type { Label, Reason } from './words/words.ts'

/** A line of figures or facts: what it is, and how much or what. */
export type Row = { label: string; value: string }

/** The values that stand in a mail's sentences. */
export function valuesOf(told: Told, sender: Sender): Record<string, string | null> {
  if (told.kind === 'application_rejected') return { reason: told.facts.reason && plain(told.facts.reason) }
  if (told.kind === 'payout_sent') return { amount: money(told.facts, sender) }
  if (told.kind === 'monthly_statement') return { month: month(told.facts.period, sender) }
  return {}
}

/** The lines of a mail, in the order in which they are read. What there is nothing of has no line. */
export function rowsOf(told: Told, sender: Sender): Row[] {
  const { labels } = words[sender.language]
  return linesOf(told, sender).flatMap(([label, value]) => (value ? [{ label: labels[label], value: plain(value) }] : []))
}

function linesOf(told: Told, sender: Sender): [Label, string | null][] {
  switch (told.kind) {
    case 'application_approved':
      return [
        ['code', told.facts.code],
        ['link', linkFor(sender.siteUrl, told.facts.code)],
      ]
    case 'first_commission':
      return [
        ['amount', money(told.facts, sender)],
        ['availableAt', day(told.facts.availableAt, sender)],
      ]
    case 'commission_reversed':
    case 'commission_restored': {
      const { amount, remaining, currency, reason } = told.facts
      return [
        ['amount', money({ amount, currency }, sender)],
        ['remaining', money({ amount: remaining, currency }, sender)],
        ['reason', said(reason, sender)],
      ]
    }
    case 'payout_sent': {
      const { method, reference } = told.facts
      return [
        ['amount', money(told.facts, sender)],
        ['method', called(method, sender)],
        ['reference', reference],
      ]
    }
    case 'payout_failed':
      return [
        ['amount', money(told.facts, sender)],
        ['reason', told.facts.reason],
      ]
    case 'payout_details_changed': {
      const { email, method, payoutEmail, account, at } = told.facts
      return [
        ['address', email],
        ['method', called(method, sender)],
        ['payoutEmail', payoutEmail],
        ['account', account],
        ['changedAt', moment(at, sender)],
      ]
    }
    case 'monthly_statement': {
      const { earned, paid, clicks, signups, sales } = told.facts
      return [
        ...earned.map((each): [Label, string] => ['earned', money(each, sender)]),
        ...paid.map((each): [Label, string] => ['paid', money(each, sender)]),
        ['clicks', count(clicks, sender)],
        ['signups', count(signups, sender)],
        ['sales', count(sales, sender)],
      ]
    }
    case 'endpoint_disabled':
      return [
        ['endpoint', told.facts.url],
        ['reason', said(told.facts.why, sender)],
        ['since', moment(told.facts.at, sender)],
      ]
    default:
      return []
  }
}

/** Minor units as the language writes money: 11960 EUR is €119.60 in English. */
export function money({ amount, currency }: { amount: number; currency: string }, { language }: Pick<Sender, 'language'>) {
  const digits = exponent(currency)
  const form = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const
  return new Intl.NumberFormat(language, form).format(amount / 10 ** digits)
}

const day = (at: string, { language, timeZone }: Sender) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone }).format(new Date(at))

const moment = (at: string, { language, timeZone }: Sender) => {
  const form = { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const
  return new Intl.DateTimeFormat(language, { ...form, timeZone, timeZoneName: 'short' }).format(new Date(at))
}

// A month of the program's is a month already, wherever the program is.
const month = (period: string, { language }: Sender) =>
  new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${period}-01T00:00:00Z`),
  )

const count = (value: number, { language }: Sender) => new Intl.NumberFormat(language).format(value)

function said(reason: string, { language }: Sender) {
  const { reasons } = words[language]
  return Object.hasOwn(reasons, reason) ? reasons[reason as Reason] : reason
}

const brands: Record<string, string> = { paypal: 'PayPal', stripe: 'Stripe', wise: 'Wise' }

function called(method: string | null, { language }: Sender) {
  if (method === null) return null
  const { methods } = words[language]
  if (Object.hasOwn(methods, method)) return methods[method as keyof typeof methods]
  return Object.hasOwn(brands, method) ? (brands[method] ?? method) : method
}
