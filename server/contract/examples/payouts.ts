import { at, ids, later, page, person, why } from './sample.ts'
import type { Examples } from './shape.ts'

const payout = {
  id: ids.payout,
  partnerId: ids.partner,
  partnerName: person.name,
  amount: 11_960,
  currency: 'EUR',
  status: 'pending',
  method: 'paypal',
  payable: true,
  missing: [],
  reference: null,
  failure: null,
  createdAt: at,
  paidAt: null,
  failedAt: null,
}
const done = { ...payout, payable: false }
const lines = [
  {
    commissionId: ids.commission,
    kind: 'commission',
    amount: 11_960,
    currency: 'EUR',
    settledBefore: 0,
    earned: 11_960,
    reversed: 0,
    referralId: ids.referral,
    conversionId: ids.conversion,
    period: '2026-03',
    occurredAt: at,
    why,
  },
]
const id = { id: ["The payout's id.", ids.payout] } as const
const amounts = [{ amount: 11_960, currency: 'EUR' }]

export const payouts: Examples = {
  'POST /v1/apps/{appId}/periods/{period}/close': {
    id: 'closePeriod',
    says: "Closes a month that is over in the program's zone, and tells each partner once what it came to (`commission.calculated`). Again answers the same. What is reported later, and what is taken back later, goes to the month that is then open. The server does it by itself soon after the month has ended.",
    path: { period: ['The month.', '2026-03'] },
    replies: { 200: { period: '2026-03', closedAt: later, data: [{ partnerId: ids.partner, amounts }], totals: amounts } },
    may: ['period_not_ended', 'invalid'],
  },
  'GET /v1/apps/{appId}/payouts': {
    id: 'listPayouts',
    says: 'Payouts, newest first. `missing` names what has to be known of the partner before it can be paid.',
    query: {
      status: ['Only those that stand so.', 'pending'],
      partnerId: ['Only those of this partner.', ids.partner],
      currency: ['Only those in this currency.', 'EUR'],
      method: ['Only those that go this way.', 'paypal'],
    },
    replies: { 200: page(payout) },
  },
  'POST /v1/apps/{appId}/payouts': {
    id: 'createPayouts',
    says: 'Makes one payout for each partner and currency in which what may be paid reaches `minPayoutAmount`. The rest is `carried` to the next run. Runs may be repeated, also at the same time: nothing is in two payouts. Nothing is sent.',
    body: { currency: 'EUR', method: 'paypal' },
    replies: {
      201: {
        data: [payout],
        carried: [{ partnerId: 'par_9A2b3C4d5E6f7G8h9J1k2L', amount: 1_500, currency: 'EUR', reason: 'below_minimum' }],
      },
    },
  },
  'GET /v1/apps/{appId}/payouts.csv': {
    id: 'getPayoutFile',
    says: 'The open payouts of a method as the file that PayPal, Wise, a bank or an exchange takes. `wise` holds bank transfers. Those whose partner lacks what the file needs are left out and counted in `x-left-out`.',
    query: { method: ['Which file.', 'wise'], currency: ['Only those in this currency.', 'EUR'] },
    replies: {
      200: 'name,recipientEmail,paymentReference,receiverType,amountCurrency,amount,sourceCurrency,targetCurrency\r\n',
    },
  },
  'GET /v1/apps/{appId}/payouts/{id}': {
    id: 'getPayout',
    says: 'One payout with a line for every commission in it, and why each is there.',
    path: id,
    replies: { 200: { ...payout, lines } },
    may: ['payout_not_found'],
  },
  'POST /v1/apps/{appId}/payouts/{id}/paid': {
    id: 'markPayoutPaid',
    says: 'Says that a payout has arrived. That is final; again changes nothing.',
    path: id,
    body: { reference: 'PAYPAL-8KX42' },
    replies: { 200: { ...done, status: 'paid', reference: 'PAYPAL-8KX42', paidAt: later } },
    may: ['payout_not_found', 'payout_is_failed'],
  },
  'POST /v1/apps/{appId}/payouts/{id}/failed': {
    id: 'markPayoutFailed',
    says: 'Says that a payout has not arrived. What was in it is payable again, in a payout of its own. That is final; again changes nothing.',
    path: id,
    body: { reason: 'Account closed' },
    replies: { 200: { ...done, status: 'failed', failure: 'Account closed', failedAt: later } },
    may: ['payout_not_found', 'payout_is_paid'],
  },
}
