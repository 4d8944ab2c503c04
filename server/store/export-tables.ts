import type { ExportType } from '../contract/export.ts'
import type { Schema } from './schema.ts'

export type Table = {
  table: keyof Schema
  /** What tells its rows apart within a program; they are read in this order. */
  key: string[]
  /** Where a program's rows are known by something else than `programId`. */
  by?: 'id' | 'partner' | 'customer'
  /** What lets somebody in, or tells visitors apart. */
  without?: string[]
  /** Kept as text, told as JSON. */
  json?: string[]
  /** When a row was made, where it says so. */
  made?: string
}

const id = ['id']
const made = 'createdAt'

export const exported: Record<ExportType, Table> = {
  program: { table: 'programs', key: id, by: 'id', json: ['settings'] },
  apiKey: { table: 'apiKeys', key: id, without: ['hash'], made },
  customer: { table: 'customers', key: id, made },
  customerAlias: { table: 'customerAliases', key: ['alias'] },
  stripeCustomer: { table: 'stripeCustomers', key: ['stripeId'] },
  partner: { table: 'partners', key: id, without: ['searchText'], json: ['metadata'], made },
  partnerKey: { table: 'partnerKeys', key: id, without: ['hash'], made },
  code: { table: 'codes', key: ['codeFold'], made },
  stripeCode: { table: 'stripeCodes', key: ['stripeId'] },
  application: { table: 'applications', key: id, without: ['tokenHash'], json: ['answers'], made },
  deal: { table: 'deals', key: id, made },
  click: { table: 'clicks', key: id, without: ['visitor'], made: 'at' },
  referral: { table: 'referrals', key: id, json: ['terms', 'reviewReasons', 'rewardTerms'], made },
  sale: { table: 'sales', key: ['externalId'] },
  conversion: { table: 'conversions', key: id, json: ['reply'], made },
  refund: { table: 'refunds', key: id, json: ['reply'], made },
  paymentName: { table: 'paymentNames', key: ['name'] },
  refundTotal: { table: 'refundTotals', key: ['eventId'], made: 'at' },
  refundFailure: { table: 'refundFailures', key: ['refundExternalId'], made: 'at' },
  dispute: { table: 'disputes', key: ['externalId'], made },
  payoutBatch: { table: 'payoutBatches', key: id, json: ['totals'], made },
  payout: { table: 'payouts', key: id, made },
  commission: { table: 'commissions', key: id, json: ['why'], made },
  commissionDecision: { table: 'commissionDecisions', key: id, made },
  payoutLine: { table: 'payoutLines', key: ['payoutId', 'position'] },
  payoutSending: { table: 'payoutSendings', key: ['payoutId'], made },
  payoutAttempt: { table: 'payoutAttempts', key: ['payoutId', 'number'], made: 'startedAt' },
  period: { table: 'periods', key: ['period'] },
  partnerPeriod: { table: 'partnerPeriods', key: ['period', 'partnerId', 'currency'] },
  calculatedPeriod: { table: 'calculatedPeriods', key: ['period', 'partnerId'], made },
  journalTransaction: { table: 'journalTransactions', key: id, made },
  journalSeal: { table: 'journalSeals', key: ['sequence'], made: 'sealedAt' },
  reward: { table: 'rewards', key: id, made },
  creditEntry: { table: 'creditEntries', key: id, made },
  programDay: { table: 'programDay', key: ['day'] },
  programDayMoney: { table: 'programDayMoney', key: ['day', 'currency'] },
  partnerDay: { table: 'partnerDay', key: ['partnerId', 'day'], by: 'partner' },
  partnerDayEarned: { table: 'partnerDayEarned', key: ['partnerId', 'day', 'currency'], by: 'partner' },
  partnerMonth: { table: 'partnerMonth', key: ['month', 'partnerId'] },
  referralDay: { table: 'referralDay', key: ['day', 'campaign'] },
  campaignDay: { table: 'campaignDay', key: ['day', 'campaign'] },
  codeCounts: { table: 'codeCounts', key: ['codeFold'] },
  codeEarned: { table: 'codeEarned', key: ['codeFold', 'currency'] },
  customerClicks: { table: 'customerClicks', key: ['customerId'], by: 'customer' },
  webhookEndpoint: {
    table: 'webhookEndpoints',
    key: id,
    without: ['secret', 'oldSecret', 'oldSecretUntil'],
    json: ['events'],
    made,
  },
  event: { table: 'events', key: id, json: ['body'], made },
  eventSequence: { table: 'eventSequences', key: ['object'] },
  delivery: { table: 'deliveries', key: id, made },
  // A mail may have a link in it that lets whoever has it in.
  mail: { table: 'mails', key: id, without: ['body', 'facts', 'naturalKey'], made },
  importedName: { table: 'importedNames', key: ['source', 'kind', 'foreignKey'], made },
  auditEntry: { table: 'auditEntries', key: id, json: ['before', 'after'], made },
}

/**
 * What is in no export: who may sign in or is believed, what tells visitors apart for a day, answers and attempts kept for a while, what
 * is under way, and sums that the journal makes.
 */
export const notExported = [
  'meta',
  'migrations',
  'admins',
  'admin_sessions',
  'admin_invites',
  'admin_recovery_codes',
  'recent_clicks',
  'day_keys',
  'portal_links',
  'portal_sessions',
  'portal_asks',
  'partner_key_uses',
  'limit_uses',
  'delivery_attempts',
  'idempotency_keys',
  'stripe_connections',
  'payout_providers',
  'inbound_events',
  'program_owed',
  'payout_runs',
  'journal_entries',
  'journal_waiting',
  'journal_heads',
]
