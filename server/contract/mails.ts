import * as v from 'valibot'
import { Email, notList } from './text.ts'

export const mailLanguages = ['en', 'es', 'de', 'fr', 'pt', 'ja', 'ar'] as const
export type MailLanguage = (typeof mailLanguages)[number]

/** What is told by mail. */
export const mailKinds = [
  'application_received',
  'application_known',
  'application_approved',
  'application_rejected',
  'portal_link',
  'first_commission',
  'commission_reversed',
  'commission_restored',
  'payout_sent',
  'payout_failed',
  'payout_details_changed',
  'monthly_statement',
  'endpoint_disabled',
] as const
export type MailKind = (typeof mailKinds)[number]

/** Without these nobody could sign in, or would learn that somebody else has: they are always sent. */
export const neededMails = ['portal_link', 'payout_details_changed'] as const satisfies MailKind[]

const optional = mailKinds.filter(kind => !neededMails.some(each => each === kind)) as Exclude<
  MailKind,
  (typeof neededMails)[number]
>[]

/** A program's `mails`: the language it writes in, where answers go, and what it does not send, because it does so itself. */
export const MailSettings = notList(
  v.strictObject({
    language: v.optional(v.picklist(mailLanguages), 'en'),
    replyTo: v.optional(v.nullable(Email), null),
    off: v.optional(v.pipe(v.array(v.picklist(optional)), v.maxLength(mailKinds.length)), () => []),
  }),
)
