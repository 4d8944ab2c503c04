import { at, ids, later } from './sample.ts'
import type { Examples } from './shape.ts'

const waiting = {
  provider: 'paypal',
  state: 'waiting',
  detail: null,
  account: null,
  providerBatchId: null,
  startedAt: at,
  nextAt: at,
  endedAt: null,
  attempts: [],
}
const key = `mislata_${ids.payout}_1`
const ended = {
  ...waiting,
  state: 'paid',
  detail: 'PayPal shows it as completed',
  account: 'live:app-3f1b54a4e8bd…E0Zx',
  nextAt: null,
  endedAt: later,
  attempts: [
    { act: 'send', key, startedAt: at, endedAt: at, outcome: 'unknown', reason: 'ECONNRESET: fetch failed', times: 1 },
    { act: 'by_hand', key, startedAt: later, endedAt: later, outcome: 'done', reason: 'PayPal shows it as completed', times: 1 },
  ],
}
const path = { id: ["The payout's id.", ids.payout] } as const

const none = { connected: false, environment: null, hint: null, account: null, createdAt: null }
const stripe = { provider: 'stripe', connected: true, environment: 'live', hint: 'x9Qz', account: null, createdAt: at }
const paypal = { ...stripe, provider: 'paypal' }

export const sending: Examples = {
  'POST /v1/apps/{appId}/payouts/send': {
    id: 'sendPayouts',
    says: 'Has payouts sent: those named by `ids`, or else all open ones, of `method` if it is given. `left` says which are not, and why. What is being sent already goes on. `more` says that they were too many for one call: ask again.',
    body: { ids: [ids.payout] },
    bodies: { 'all by PayPal': { method: 'paypal' } },
    replies: { 202: { sending: [ids.payout], left: [], more: false } },
  },
  'POST /v1/apps/{appId}/payouts/{id}/send': {
    id: 'sendPayout',
    says: 'Has a payout sent to its partner by Stripe or PayPal. The server does it by itself from here on, once, whatever happens on the way, and marks the payout when the provider has said what came of it. Again, while it is under way, changes nothing.',
    path,
    replies: { 202: { payoutId: ids.payout, sending: waiting } },
    may: [
      'payout_not_found',
      'payout_is_paid',
      'payout_is_failed',
      'payout_method_not_sent',
      'payout_lacks_details',
      'payout_details_changed',
      'payout_currency_not_sent',
      'payout_provider_not_connected',
      'payout_does_not_add_up',
      'test_program_sends_nothing',
    ],
  },
  'POST /v1/apps/{appId}/payouts/{id}/sending/end': {
    id: 'endPayoutSending',
    says: "Ends a sending by the word of somebody who has looked at the provider's own pages: `paid`, `failed`, or `not_sent`, after which the payout is open again and may be sent anew. Nothing checks it.",
    path,
    body: { as: 'paid', reference: '4S141967GH156380H', note: 'PayPal shows it as completed' },
    bodies: { 'it was never sent': { as: 'not_sent', note: 'PayPal has no such batch' } },
    replies: { 200: { payoutId: ids.payout, sending: ended } },
    may: ['payout_not_found', 'payout_is_sending', 'payout_is_not_sending'],
  },
  'GET /v1/apps/{appId}/payout-providers': {
    id: 'listPayoutProviders',
    says: 'What payouts can be sent through. Credentials are shown nowhere; `account` is whose they are, once they have been used.',
    replies: { 200: { data: [{ ...none, provider: 'paypal' }, stripe] } },
  },
  'PUT /v1/apps/{appId}/payout-providers/stripe': {
    id: 'connectStripePayouts',
    says: 'Sets the key with which transfers to connected accounts are made. It is kept sealed, and takes the place of one that was set before.',
    body: { secretKey: 'rk_live_51QbXyZ8kT2mNpRsVw' },
    replies: { 200: stripe },
  },
  'DELETE /v1/apps/{appId}/payout-providers/stripe': {
    id: 'disconnectStripePayouts',
    says: 'Forgets the key. What is being sent by Stripe waits until there is one again.',
    replies: { 200: { ...none, provider: 'stripe' } },
  },
  'PUT /v1/apps/{appId}/payout-providers/paypal': {
    id: 'connectPaypalPayouts',
    says: 'Sets the credentials of the REST app at PayPal that makes the payouts. They are kept sealed, and take the place of those that were set before.',
    body: { clientId: 'AX4uP9wKfV2gE0Zx', clientSecret: 'EGnHDxD_qRPdaLdZz8iCr8N7', environment: 'live' },
    replies: { 200: paypal },
  },
  'DELETE /v1/apps/{appId}/payout-providers/paypal': {
    id: 'disconnectPaypalPayouts',
    says: 'Forgets the credentials. What is being sent by PayPal waits until there are some again.',
    replies: { 200: { ...none, provider: 'paypal' } },
  },
  'PUT /v1/apps/{appId}/partners/{id}/stripe-account': {
    id: 'setPartnerStripeAccount',
    says: "Says which of your connected accounts at Stripe is the partner's: payouts by `stripe` go there.",
    path: { id: ["The partner's id.", ids.partner] },
    body: { stripeAccountId: 'acct_1QbXyZ8kT2mNpRsV' },
    replies: { 200: { partnerId: ids.partner, stripeAccountId: 'acct_1QbXyZ8kT2mNpRsV' } },
    may: ['partner_not_found'],
  },
}
