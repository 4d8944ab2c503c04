// One story for all examples: Jane of Newsworthy promotes Acme, and Globex buys.
export const at = '2026-03-10T12:00:00.000Z'
export const later = '2026-04-09T12:00:00.000Z'
export const ids = {
  program: 'prog_1A2b3C4d5E6f7G8h9J1k2L',
  partner: 'par_1A2b3C4d5E6f7G8h9J1k2L',
  application: 'apl_1A2b3C4d5E6f7G8h9J1k2L',
  customer: 'cus_1A2b3C4d5E6f7G8h9J1k2L',
  click: 'clk_1A2b3C4d5E6f7G8h9J1k2L',
  referral: 'ref_1A2b3C4d5E6f7G8h9J1k2L',
  conversion: 'cnv_1A2b3C4d5E6f7G8h9J1k2L',
  commission: 'com_1A2b3C4d5E6f7G8h9J1k2L',
  batch: 'bat_1A2b3C4d5E6f7G8h9J1k2L',
  payout: 'pay_1A2b3C4d5E6f7G8h9J1k2L',
  reward: 'rwd_1A2b3C4d5E6f7G8h9J1k2L',
  deal: 'deal_1A2b3C4d5E6f7G8h9J1k2L',
  refund: 'rfd_1A2b3C4d5E6f7G8h9J1k2L',
  key: 'key_1A2b3C4d5E6f7G8h9J1k2L',
  endpoint: 'whk_1A2b3C4d5E6f7G8h9J1k2L',
  event: 'evt_1A2b3C4d5E6f7G8h9J1k2L',
  delivery: 'dlv_1A2b3C4d5E6f7G8h9J1k2L',
}
export const person = { email: 'jane@newsworthy.example', name: 'Jane Smith' }
export const token = 'eyJhbGciOiJIUzI1NiIsInR5cCI6Im1pc2xhdGEtc2Vzc2lvbitqd3QifQ.eyJzdWIiOiJjdXNfMUEyYjNDIn0.c2lnbmF0dXJl'

export const settings = {
  name: 'Acme',
  siteUrl: 'https://acme.example',
  allowedOrigins: ['https://acme.example'],
  currency: 'EUR',
  timeZone: 'Europe/Madrid',
  mode: 'live',
  defaultCommissionRate: 20,
  holdingPeriodDays: 30,
  minPayoutAmount: 50,
  minPayoutAmounts: [{ currency: 'JPY', amount: 5_000 }],
  payoutMethods: ['paypal', 'bank_transfer', 'stripe'],
  payoutCoolingDays: 3,
  cookieDurationDays: 30,
  attribution: 'last',
  autoApprove: false,
  payAfterDeactivation: false,
  couponBeatsClick: true,
  commission: {
    type: 'percent',
    flatAmount: null,
    recurringMonths: 12,
    recurringPayments: null,
    maxPerCustomer: null,
    products: [{ productId: 'pro', rate: 30 }],
  },
  rewards: {
    enabled: true,
    referrerCredits: 500,
    referredCredits: 200,
    qualifyOn: 'first_payment',
    maxPerReferrer: 20,
    review: 'flagged',
    grantUrl: 'https://acme.example/grants',
  },
  fraud: { selfReferral: 'hold', disposableEmail: 'flag', paidAds: 'flag', velocity: 'flag' },
  identity: { jwksUrl: null, issuer: null, audience: null },
  brand: { logoUrl: 'https://acme.example/logo.svg', accent: '#0f766e', termsUrl: null, applyFields: [] },
  mails: { language: 'en', replyTo: 'partners@acme.example', off: [] },
  sepa: { debtorName: 'Acme SL', iban: 'ES9121000418450200051332', bic: 'CAIXESBBXXX' },
  webhooks: { signatureHeader: 'x-quantumapi-signature' },
}
export const program = { id: ids.program, ...settings, createdAt: at }
export const publicProgram = {
  name: 'Acme',
  siteUrl: 'https://acme.example',
  currency: 'EUR',
  commission: { type: 'percent', rate: 20, flatAmount: null, recurringMonths: 12, recurringPayments: null },
  holdingPeriodDays: 30,
  minPayoutAmount: 50,
  cookieDurationDays: 30,
  attribution: 'last',
  brand: settings.brand,
}
export const why = {
  kind: 'sale',
  clickId: ids.click,
  code: 'jane',
  rule: 'percent',
  ruleFrom: 'program',
  rate: 20,
  base: 59_800,
  formula: '598.00 EUR x 20 % = 119.60 EUR',
  rounding: 'half_even',
}
export const line = {
  id: ids.commission,
  partnerId: ids.partner,
  amount: 11_960,
  currency: 'EUR',
  status: 'pending',
  availableAt: later,
  why,
}
export const page = <T>(...data: T[]) => ({ data, nextCursor: null })
export const numbered = <T>(...data: T[]) => ({ data, total: data.length, page: 1, per_page: 20 })
