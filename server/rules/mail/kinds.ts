import type { MailKind, MailLanguage } from '../../contract/mails.ts'

type Money = { amount: number; currency: string }

/** What each mail tells of. Amounts are minor units, times are ISO 8601; a null is left out of the mail. */
export type Facts = {
  application_received: Record<never, never>
  application_known: Record<never, never>
  application_approved: { code: string }
  application_rejected: { reason: string | null }
  /** `sealed`: the code, which only this installation can read. */
  portal_link: { sealed: string }
  first_commission: Money & { availableAt: string }
  commission_reversed: Money & { remaining: number; reason: string }
  commission_restored: Money & { remaining: number; reason: string }
  payout_sent: Money & { method: string | null; reference: string | null }
  payout_failed: Money & { reason: string | null }
  /** As they are now; addresses are masked, because the mail goes to the old one as well. */
  payout_details_changed: { at: string; email: string; method: string | null; payoutEmail: string | null; account: string | null }
  monthly_statement: { period: string; earned: Money[]; paid: Money[]; clicks: number; signups: number; sales: number }
  endpoint_disabled: { url: string; why: 'gone' | 'failing'; at: string; own: boolean }
}

/** What is kept of a mail that is to be sent. The language is that of the moment in which there was cause for it. */
export type Told = { [Kind in MailKind]: { kind: Kind; facts: Facts[Kind] } }[MailKind]

/** What a program puts its name to. */
export type Sender = {
  name: string
  siteUrl: string
  timeZone: string
  language: MailLanguage
  logoUrl: string | null
  accent: string
  replyTo: string | null
}
