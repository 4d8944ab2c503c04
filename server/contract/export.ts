import * as v from 'valibot'
import { Instant } from './text.ts'

/** What an export holds, in this order: whatever refers to something comes after it. */
export const exportTypes = [
  'program',
  'apiKey',
  'customer',
  'customerAlias',
  'stripeCustomer',
  'partner',
  'partnerKey',
  'code',
  'stripeCode',
  'application',
  'deal',
  'click',
  'referral',
  'sale',
  'conversion',
  'refund',
  'paymentName',
  'refundTotal',
  'refundFailure',
  'dispute',
  'payoutBatch',
  'payout',
  'commission',
  'commissionDecision',
  'payoutLine',
  'payoutSending',
  'payoutAttempt',
  'period',
  'partnerPeriod',
  'calculatedPeriod',
  'journalTransaction',
  'journalSeal',
  'reward',
  'creditEntry',
  'programDay',
  'programDayMoney',
  'partnerDay',
  'partnerDayEarned',
  'partnerMonth',
  'referralDay',
  'campaignDay',
  'customerClicks',
  'codeCounts',
  'codeEarned',
  'webhookEndpoint',
  'event',
  'eventSequence',
  'delivery',
  'mail',
  'importedName',
  'auditEntry',
] as const
export type ExportType = (typeof exportTypes)[number]

/** GET /v1/apps/:appId/export; with `type` that noun alone. */
export const ExportQuery = v.object({ type: v.optional(v.picklist(exportTypes)) })

/** The first line. */
export const ExportHead = v.object({
  type: v.literal('export'),
  version: v.literal(1),
  programId: v.string(),
  exportedAt: Instant,
  types: v.array(v.picklist(exportTypes)),
})

/** The last line: without it the export has broken off. `rows` counts the lines between. */
export const ExportEnd = v.object({ type: v.literal('end'), rows: v.number() })

/** Each line is one of these as JSON; the fields of a row are those that the server keeps. */
export const ExportLine = v.variant('type', [ExportHead, v.looseObject({ type: v.picklist(exportTypes) }), ExportEnd])
