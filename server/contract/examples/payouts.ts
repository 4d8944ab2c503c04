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
  waitsUntil: null,
  reference: null,
  failure: null,
  createdAt: at,
  paidAt: null,
  failedAt: null,
  batchId: ids.batch,
}
const batch = {
  id: ids.batch,
  createdBy: { kind: 'admin', id: 'adm_1A2b3C4d5E6f7G8h9J1k2L', label: 'finance@acme.example' },
  currency: null,
  method: null,
  count: 1,
  totals: [{ currency: 'EUR', count: 1, amount: 11_960 }],
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  createdAt: at,
}
const batchId = { id: ["The batch's id.", ids.batch] } as const
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
      batch: ['Only those of this batch.', ids.batch],
    },
    replies: { 200: page(payout) },
  },
  'POST /v1/apps/{appId}/payouts': {
    id: 'createPayouts',
    says: 'Makes one payout for each partner and currency in which what may be paid reaches the minimum, all of them in one batch. The rest is `carried` to the next run. Of two runs at the same time one makes all, and the other waits and finds nothing due. Nothing is sent.',
    body: { currency: 'EUR', method: 'paypal' },
    replies: {
      201: {
        batch,
        data: [payout],
        carried: [
          {
            ...{ partnerId: 'par_9A2b3C4d5E6f7G8h9J1k2L', partnerName: 'Omar Díaz', reason: 'below_minimum' },
            ...{ amount: 1_500, currency: 'EUR', minimum: 5_000 },
          },
          {
            ...{ partnerId: 'par_7C2b3C4d5E6f7G8h9J1k2L', partnerName: 'Ana Ruiz', reason: 'details_changed', until: later },
            ...{ amount: 9_000, currency: 'EUR', minimum: 5_000 },
          },
        ],
      },
    },
  },
  'GET /v1/apps/{appId}/payouts.csv': {
    id: 'getPayoutFile',
    says: 'The open payouts of a method as the file that PayPal, Wise, a bank or an exchange takes. `wise` holds bank transfers. Those whose partner lacks what the file needs, or has just changed how it is paid, are left out and counted in `x-left-out`.',
    query: {
      method: ['Which file.', 'wise'],
      currency: ['Only those in this currency.', 'EUR'],
      batch: ['Only those of this batch.', ids.batch],
    },
    replies: {
      200: 'name,recipientEmail,paymentReference,receiverType,amountCurrency,amount,sourceCurrency,targetCurrency\r\n',
    },
    may: ['payout_batch_not_found'],
  },
  'GET /v1/apps/{appId}/payouts.xml': {
    id: 'getSepaFile',
    says: "A batch's open bank transfers in euro as ISO 20022 pain.001.001.09, for any bank of SEPA, paid from the account in the program's `sepa` settings. Those whose partner has no valid `iban` in its metadata are left out and counted in `x-left-out`. The same batch gives the same file, under the same message id, until something of it is settled.",
    query: { batch: ['Which batch.', ids.batch], on: ['On which day the bank is to pay.', '2026-03-12'] },
    replies: {
      200: '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">…</Document>\n',
    },
    may: ['payout_batch_not_found', 'sepa_not_set_up', 'payout_file_empty'],
  },
  'GET /v1/apps/{appId}/payouts/batches': {
    id: 'listPayoutBatches',
    says: 'What each run has made, newest first. A batch never changes.',
    replies: { 200: page(batch) },
  },
  'GET /v1/apps/{appId}/payouts/batches/{id}': {
    id: 'getPayoutBatch',
    says: 'One batch, with how its payouts stand now.',
    path: batchId,
    replies: { 200: { ...batch, standing: [{ status: 'pending', ...batch.totals[0] }] } },
    may: ['payout_batch_not_found'],
  },
  'GET /v1/apps/{appId}/payouts/batches/{id}/lines.csv': {
    id: 'getPayoutBatchLines',
    says: "Every line of a batch. The SHA-256 of this file is the batch's `hash`: `sha256sum` tells whether anything has changed since.",
    path: batchId,
    replies: {
      200: `batch,payout,partner,currency,commission,amount\n${[ids.batch, ids.payout, ids.partner, 'EUR', ids.commission].join(',')},11960\n`,
    },
    may: ['payout_batch_not_found'],
  },
  'POST /v1/apps/{appId}/payouts/results': {
    id: 'importPayoutResults',
    says: 'Marks payouts as paid or failed by what a file of a bank or provider says, and tells of each line what came of it. `plain` has the titles `payout_id,status,reference,reason` and may have `amount` and `currency`; `paypal` and `wise` are their own reports with the columns that name the payout, its status and its amount; `pain002` is the status report of a bank on a SEPA file. What does not fit the payout changes nothing. The same file again changes nothing more. Begin with `dryRun`.',
    body: {
      format: 'plain',
      content: `payout_id,status,reference,reason\n${ids.payout},paid,TRX-1,\n`,
      dryRun: true,
    },
    replies: {
      200: {
        ...{ id: null, dryRun: true, paid: 1, failed: 0, unchanged: 0, refused: 0 },
        lines: [{ line: 2, payoutId: ids.payout, code: 'paid' }],
      },
    },
    may: ['invalid', 'too_large'],
  },
  'GET /v1/apps/{appId}/payouts/{id}': {
    id: 'getPayout',
    says: 'One payout with a line for every commission in it, and why each is there.',
    path: id,
    replies: { 200: { ...payout, lines, sending: null } },
    may: ['payout_not_found'],
  },
  'POST /v1/apps/{appId}/payouts/{id}/paid': {
    id: 'markPayoutPaid',
    says: 'Says that a payout has arrived. That is final; again changes nothing.',
    path: id,
    body: { reference: 'PAYPAL-8KX42' },
    replies: { 200: { ...done, status: 'paid', reference: 'PAYPAL-8KX42', paidAt: later } },
    may: ['payout_not_found', 'payout_is_failed', 'payout_is_sending'],
  },
  'POST /v1/apps/{appId}/payouts/{id}/failed': {
    id: 'markPayoutFailed',
    says: 'Says that a payout has not arrived. What was in it is payable again, in a payout of its own. That is final; again changes nothing.',
    path: id,
    body: { reason: 'Account closed' },
    replies: { 200: { ...done, status: 'failed', failure: 'Account closed', failedAt: later } },
    may: ['payout_not_found', 'payout_is_paid', 'payout_is_sending'],
  },
}
