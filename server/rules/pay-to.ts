import type { PayoutDetail, PayoutSettings } from '../contract/payout-settings.ts'
import { missingDetails, textOf } from './payout.ts'

/** What of a partner says how it is paid. Banks' and wallets' details stand in `metadata`, under names of their own there. */
export type Paid = {
  payoutMethod: string | null
  payoutEmail: string | null
  stripeAccountId: string | null
  metadata: string | null
}

const noted = {
  accountHolder: 'account_holder',
  iban: 'iban',
  bic: 'bic',
  accountNumber: 'account_number',
  routingNumber: 'routing_number',
  walletAddress: 'wallet_address',
  network: 'network',
} as const satisfies Record<Exclude<PayoutDetail, 'email'>, string>

export type Details = { method: string | null; stripeAccountId: string | null } & Record<PayoutDetail, string | null>

/** How a partner is paid, by the names that the partner knows. */
export function detailsOf({ payoutMethod: method, payoutEmail: email, stripeAccountId, metadata }: Paid): Details {
  const known = notesOf(metadata)
  const own = Object.entries(noted).map(([name, key]) => [name, textOf(known[key]) || null])
  return { method, email, stripeAccountId, ...Object.fromEntries(own) }
}

/** True where two states of a partner are not paid the same way. */
export function paidOtherwise(before: Paid, after: Paid) {
  return JSON.stringify(detailsOf(before)) !== JSON.stringify(detailsOf(after))
}

/** A partner's notes with other details in them. */
export function withDetails(metadata: string | null, details: Partial<Details>): string | null {
  const known = notesOf(metadata)
  for (const [name, key] of Object.entries(noted)) {
    const value = details[name as keyof typeof noted]
    if (value === null) delete known[key]
    else if (value !== undefined) known[key] = value
  }
  return Object.keys(known).length ? JSON.stringify(known) : null
}

/** Notes that somebody else writes over, with the details that stand in those before and of which they say nothing. */
export function keptDetails(before: string | null, wanted: Record<string, unknown> | null): Record<string, unknown> | null {
  const known = notesOf(before)
  const kept = Object.values(noted).filter(key => known[key] !== undefined && wanted?.[key] === undefined)
  const notes = { ...wanted, ...Object.fromEntries(kept.map(key => [key, known[key]])) }
  return wanted === null && !kept.length ? null : notes
}

/** The number of the account that a method pays to, as far as others may see it. */
export function accountOf({ method, iban, accountNumber, walletAddress, stripeAccountId }: Details) {
  if (method === 'bank_transfer') return maskedEnd(iban ?? accountNumber)
  return maskedEnd(method === 'crypto' ? walletAddress : stripeAccountId)
}

/** The end of a number, by which its owner knows it: `•••1332`. Of a short one there is less. */
export function maskedEnd(text: string | null) {
  return text && `•••${text.slice(-Math.min(4, Math.floor(text.length / 2)))}`
}

/** What a method still needs before anybody can be paid by it. */
export function missingOf(paid: Paid): PayoutSettings['missing'] {
  const { payoutMethod: method, payoutEmail, stripeAccountId, metadata } = paid
  const [missing] = missingDetails({ method, payoutEmail, stripeAccountId, metadata: notesOf(metadata) })
  if (!missing) return []
  if (method === 'bank_transfer') return ['iban']
  const names = { payout_method: 'method', stripe_account_id: 'stripeAccount', payout_email: 'email' } as const
  return [names[missing as keyof typeof names] ?? 'walletAddress']
}

/**
 * Until when nothing is paid out to a partner that has said itself at `changedAt` how it is to be paid: whoever has got hold
 * of its session gains nothing as long as it has time to read of it. Null where it waits for nothing.
 */
export function waitsUntil(changedAt: string | null, coolingDays: number, now: string): string | null {
  if (changedAt === null) return null
  const until = new Date(Date.parse(changedAt) + coolingDays * 86_400_000).toISOString()
  return until > now ? until : null
}

function notesOf(metadata: string | null): Record<string, unknown> {
  return metadata === null ? {} : JSON.parse(metadata)
}
