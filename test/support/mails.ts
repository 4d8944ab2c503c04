import type { Sender, Told } from '../../server/rules/mail/kinds.ts'

export { payloads } from './payloads.ts'

export const acme: Sender = {
  name: 'Acme',
  siteUrl: 'https://acme.example',
  timeZone: 'Europe/Madrid',
  language: 'en',
  logoUrl: null,
  accent: '#7c3aed',
  replyTo: 'partners@acme.example',
}

const eur = (amount: number) => ({ amount, currency: 'EUR' })

/** One of each mail, with everything in it that it can hold. */
export const everyMail: Told[] = [
  { kind: 'application_received', facts: {} },
  { kind: 'application_known', facts: {} },
  { kind: 'application_approved', facts: { code: 'JANE-7KX' } },
  { kind: 'application_rejected', facts: { reason: 'Your audience is small as yet. Come back with a thousand readers.' } },
  { kind: 'portal_link', facts: { sealed: 'v1.x' } },
  { kind: 'first_commission', facts: { ...eur(11_960), availableAt: '2026-04-09T12:00:00.000Z' } },
  { kind: 'commission_reversed', facts: { ...eur(5_980), remaining: 5_980, reason: 'refund' } },
  { kind: 'commission_restored', facts: { ...eur(5_980), remaining: 11_960, reason: 'dispute_won' } },
  { kind: 'payout_sent', facts: { ...eur(123_456), method: 'bank_transfer', reference: 'ACME 2026-03' } },
  { kind: 'payout_failed', facts: { ...eur(123_456), reason: 'The account was closed' } },
  {
    kind: 'payout_details_changed',
    facts: {
      at: '2026-03-10T12:00:00.000Z',
      email: 'j•••@example.com',
      method: 'paypal',
      payoutEmail: 'p•••@example.com',
      account: '•••NpRs',
    },
  },
  {
    kind: 'monthly_statement',
    facts: {
      period: '2026-02',
      earned: [eur(45_000), { amount: 5_000, currency: 'JPY' }],
      paid: [eur(30_000)],
      clicks: 12_345,
      signups: 67,
      sales: 21,
    },
  },
  {
    kind: 'endpoint_disabled',
    facts: { url: 'https://hooks.acme.example/partners/mislata', why: 'failing', at: '2026-03-10T12:00:00.000Z', own: false },
  },
]

/** Every text of a language by the way to it. */
export function textsIn(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]])
  const entries = Object.entries(value as object).flatMap(([name, each]) => [...textsIn(each, `${path}/${name}`)])
  return new Map(entries)
}
