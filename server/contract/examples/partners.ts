import { at, ids, numbered, page } from './sample.ts'
import type { Examples } from './shape.ts'

const partner = {
  id: ids.partner,
  program_id: ids.program,
  email: 'jane@newsworthy.example',
  first_name: 'Jane',
  last_name: 'Smith',
  slug: 'jane',
  status: 'active',
  commission_pct: 25,
  payout_method: 'paypal',
  payout_email: 'money@newsworthy.example',
  stripe_account_id: null,
  metadata: { crmId: 'A-17' },
  created_at: at,
}
const stats = { total_commissions: 3, total_earned_cents: 35_880, pending_cents: 11_960, approved_cents: 23_920, paid_cents: 0 }
const { email, first_name, last_name, slug, commission_pct, payout_method, payout_email, metadata } = partner
const id = { id: ["The partner's id.", ids.partner] } as const
const inProgram = { appId: ['Which program an admin means, where there are several.', ids.program] } as const
const code = { code: 'jane-spring-x4Q', url: 'https://acme.example/?ref=jane-spring-x4Q', createdAt: at }
const shown = { ...code, label: 'Spring', retiredAt: null }

export const partners: Examples = {
  'POST /api/v1/partners': {
    id: 'createPartner',
    says: 'Adds a partner, invited. `slug` becomes its first code, letter case ignored. `commission_pct` goes before the program’s own rate.',
    query: inProgram,
    body: { email, first_name, last_name, slug, commission_pct, payout_method, payout_email, metadata },
    replies: { 201: { ...partner, status: 'invited' } },
    may: ['email_taken', 'code_taken'],
  },
  'GET /api/v1/partners': {
    id: 'listPartners',
    says: "A program's partners, newest first.",
    query: {
      ...inProgram,
      status: ['Only those that stand so.', 'active'],
      search: ['Part of a name, an address or a code.', 'jane'],
    },
    replies: { 200: numbered(partner) },
  },
  'GET /api/v1/partners/{id}': {
    id: 'getPartner',
    says: "A partner with what it has earned, in the program's currency. Pending, approved and paid add up to earned.",
    query: inProgram,
    path: id,
    replies: { 200: { ...partner, stats } },
    may: ['partner_not_found', 'not_found'],
  },
  'PATCH /api/v1/partners/{id}': {
    id: 'updatePartner',
    says: 'Changes a partner. What is left out stays; null takes a value away. A new slug is a new code, and the old one keeps working.',
    query: inProgram,
    path: id,
    body: { commission_pct: 30, status: 'active' },
    replies: { 200: { ...partner, commission_pct: 30 } },
    may: ['partner_not_found', 'not_found', 'email_taken', 'code_taken', 'partner_is_merged'],
  },
  'DELETE /api/v1/partners/{id}': {
    id: 'deactivatePartner',
    says: 'Deactivates a partner. Its sessions, portal, keys and codes stop at once; what it has earned stays. Deactivating twice changes nothing.',
    query: inProgram,
    path: id,
    replies: { 200: { ...partner, status: 'deactivated' } },
    may: ['partner_not_found', 'not_found'],
  },
  'GET /api/v1/partners/referrals': {
    id: 'listOwnReferrals',
    says: 'Customers whom the partner has referred, newest first. `tenantId` is the customer’s id at the host. `total` counts all; a `Link` header names the next page.',
    replies: { 200: { data: [{ id: ids.referral, tenantId: 'user_77', status: 'active', createdAt: at }], total: 1 } },
  },
  'GET /api/v1/partners/commissions': {
    id: 'listOwnCommissions',
    says: "What the partner has earned: one row for each referral, month, currency and status. Amounts are decimals; `totalAmount` is what is calculated and paid in the program's currency.",
    query: { period: ['Only this month.', '2026-03'] },
    replies: {
      200: {
        data: [{ referralId: ids.referral, amount: 119.6, currency: 'EUR', status: 'calculated', period: '2026-03' }],
        totalAmount: 119.6,
      },
    },
  },
  'POST /api/v1/partners/codes': {
    id: 'createOwnCode',
    says: 'Makes another code for the partner, of the label and a random tail.',
    body: { label: 'Spring' },
    replies: { 201: code },
    may: ['too_many_codes'],
  },
  'GET /api/v1/partners/codes': {
    id: 'listOwnCodes',
    says: "The partner's codes, also retired ones.",
    replies: { 200: { data: [shown], total: 1 } },
  },
  'DELETE /api/v1/partners/codes/{code}': {
    id: 'retireOwnCode',
    says: "Retires a code: it attributes nothing from now on, and nobody gets it again. The partner's first code stays.",
    path: { code: ['The code.', 'jane-spring-x4Q'] },
    replies: { 200: { ...shown, retiredAt: at } },
    may: ['code_not_found', 'code_is_first'],
  },
  'GET /api/v1/partners/payouts': {
    id: 'listOwnPayouts',
    says: "The partner's payouts, newest first. Amounts are decimals.",
    replies: {
      200: page({
        id: ids.payout,
        amount: 239.2,
        currency: 'EUR',
        status: 'paid',
        method: 'paypal',
        reference: 'PAYPAL-8XK2',
        createdAt: at,
        paidAt: at,
      }),
    },
  },
}
