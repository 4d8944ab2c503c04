import type { MailKind } from '../../../contract/mails.ts'

/** What one mail says. `{name}` stands for a value; a paragraph whose value there is none of is left out. */
export type Words = {
  subject: string
  title: string
  body: string[]
  /** What stands on its button, where it has one. */
  act?: string
  /** What stands below, in small. */
  note?: string
}

export type Label =
  | 'code'
  | 'link'
  | 'amount'
  | 'availableAt'
  | 'remaining'
  | 'reason'
  | 'method'
  | 'reference'
  | 'address'
  | 'payoutEmail'
  | 'account'
  | 'changedAt'
  | 'earned'
  | 'paid'
  | 'clicks'
  | 'signups'
  | 'sales'
  | 'endpoint'
  | 'since'

/** What a machine says for a reason, in words. Reasons that a person wrote are shown as they were written. */
export type Reason = 'refund' | 'refund_failed' | 'dispute_lost' | 'dispute_won' | 'limit' | 'rejected' | 'gone' | 'failing'

export type Language = {
  mails: Record<MailKind, Words>
  labels: Record<Label, string>
  reasons: Record<Reason, string>
  methods: Record<'bank_transfer' | 'crypto', string>
  /** Why somebody gets this. */
  foot: string
  /** Before an address that stands for a button, in text. */
  open: string
}
