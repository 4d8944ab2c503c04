import { at, ids, later, line, page } from './sample.ts'
import type { Examples } from './shape.ts'

const commission = {
  ...line,
  partnerName: 'Jane Smith',
  earned: 11_960,
  reversed: 0,
  paid: 0,
  payoutId: null,
  referralId: ids.referral,
  conversionId: ids.conversion,
  productId: 'pro',
  period: '2026-03',
  heldReason: null,
  occurredAt: at,
  createdAt: at,
}
const entry = {
  transactionId: 'jtx_1A2b3C4d5E6f7G8h9J1k2L',
  key: `earned:${ids.conversion}:${ids.partner}`,
  kind: 'commission_earned',
}
const booked = { ...entry, currency: 'EUR', at, createdAt: at }
const entries = [
  { ...booked, account: 'partner_earnings', amount: 11_960, availableAt: later },
  { ...booked, account: 'commission_expense', amount: -11_960, availableAt: null },
]
const nothing = { at, transactionId: null, amount: null, currency: null }
const story = {
  click: { id: ids.click, at, url: 'https://acme.example/pricing', referrer: 'newsworthy.example', campaign: null },
  signup: { referralId: ids.referral, customerId: 'globex', code: 'jane', campaign: null, at },
  payment: {
    id: ids.conversion,
    externalId: 'invoice-1',
    amount: 59_800,
    tax: 0,
    discount: 0,
    base: 59_800,
    currency: 'EUR',
    productId: 'pro',
    occurredAt: at,
    reportedAt: at,
    refunded: 0,
  },
  terms: {
    rule: 'percent',
    from: 'program',
    rate: 20,
    flatAmount: null,
    recurringMonths: 12,
    recurringPayments: null,
    maxPerCustomer: null,
    holdingPeriodDays: 30,
    at,
  },
  disputes: [],
  payouts: [],
  steps: [
    {
      ...nothing,
      step: 'signup',
      object: ids.referral,
      text: `At 2026-03-10 12:00 UTC customer globex was bound to the code jane (referral ${ids.referral}).`,
    },
    {
      ...nothing,
      step: 'formula',
      object: ids.commission,
      amount: 11_960,
      currency: 'EUR',
      text: '598.00 EUR − 0.00 EUR tax − 0.00 EUR discount = 598.00 EUR; 20 % of that = 119.60 EUR.',
    },
  ],
}
const adjustment = {
  ...commission,
  amount: -1_500,
  earned: -1_500,
  status: 'approved',
  availableAt: at,
  why: { kind: 'adjustment', note: 'Paid twice in February' },
  referralId: null,
  conversionId: null,
  productId: null,
}
const id = { id: ["The commission's id.", ids.commission] } as const
const decision = (operation: string, says: string, { status, reason }: { status: string; reason: string | null }) => ({
  id: operation,
  says,
  path: id,
  body: reason ? { reason } : {},
  replies: { 200: { ...commission, status, heldReason: status === 'held' ? reason : null } },
  may: [
    'commission_not_found',
    'commission_is_held',
    'commission_is_not_held',
    'commission_is_rejected',
    'commission_is_reversed',
    'commission_is_paid',
    'commission_in_payout',
  ],
})

export const commissions: Examples = {
  'GET /v1/apps/{appId}/commissions': {
    id: 'listCommissions',
    says: 'What partners have earned, newest first. `why` says how each amount came about; `amount` is what refunds have left of it.',
    query: {
      partnerId: ['Only those of this partner.', ids.partner],
      status: ['Only those that stand so.', 'pending'],
      period: ["Only this month, in the program's time zone.", '2026-03'],
      search: ["Part of what the partner is called, or the whole of a payment's or a commission's id.", 'jane'],
    },
    replies: { 200: page(commission) },
  },
  'POST /v1/apps/{appId}/commissions': {
    id: 'createAdjustment',
    says: 'Corrects a balance by hand, above or below zero. What is below zero is taken from the next payout.',
    body: { partnerId: ids.partner, amount: -1_500, currency: 'EUR', note: 'Paid twice in February' },
    replies: { 201: adjustment },
    may: ['partner_not_found', 'partner_is_merged'],
  },
  'GET /v1/apps/{appId}/commissions/{id}': {
    id: 'getCommission',
    says: 'One commission with its entries in the journal, its refunds, every decision on it, and its story: from the click to what it is now, in numbers and in sentences.',
    path: id,
    replies: { 200: { ...commission, entries, refunds: [], decisions: [], story } },
    may: ['commission_not_found'],
  },
  'POST /v1/apps/{appId}/commissions/{id}/approve': decision(
    'approveCommission',
    'Makes a commission payable now, without waiting for the end of its holding period.',
    { status: 'approved', reason: null },
  ),
  'POST /v1/apps/{appId}/commissions/{id}/hold': decision(
    'holdCommission',
    'Keeps a commission out of payouts until it is released.',
    {
      status: 'held',
      reason: 'Under review',
    },
  ),
  'POST /v1/apps/{appId}/commissions/{id}/release': decision('releaseCommission', 'Lets go of a commission that was held.', {
    status: 'pending',
    reason: null,
  }),
  'POST /v1/apps/{appId}/commissions/{id}/reject': decision('rejectCommission', 'Takes a commission back for good.', {
    status: 'rejected',
    reason: 'Self-referral',
  }),
}
