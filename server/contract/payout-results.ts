import * as v from 'valibot'

export const ResultFormat = v.picklist(['plain', 'paypal', 'wise', 'pain002'])
export type ResultFormat = v.InferOutput<typeof ResultFormat>

/** How many lines a file may have, and how many characters. */
export const MOST_RESULTS = 5_000
export const LONGEST_RESULTS = 1_000_000

/**
 * POST /v1/apps/:appId/payouts/results. `content` is the file: CSV with titles, of which `plain` are
 * `payout_id,status,reference,reason` and, if you like, `amount` and `currency`; or a bank's status report, pain.002.
 */
export const PayoutResults = v.object({
  format: v.optional(ResultFormat, 'plain'),
  content: v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_RESULTS)),
  dryRun: v.optional(v.boolean(), false),
})
export type PayoutResults = v.InferOutput<typeof PayoutResults>

/**
 * What becomes of a line. `paid` and `failed` are done, or would be in a dry run; `unchanged` was so already; `not_final`
 * has to be told again when it is; of all others nothing comes.
 */
export const ResultLine = v.object({
  line: v.number(),
  payoutId: v.nullable(v.string()),
  code: v.picklist([
    'paid',
    'failed',
    'unchanged',
    'not_final',
    'payout_not_found',
    'amount_differs',
    'currency_differs',
    'payout_is_paid',
    'payout_is_failed',
    'payout_is_sending',
    'contradicted',
    'status_unknown',
    'line_malformed',
  ]),
})
export type ResultLine = v.InferOutput<typeof ResultLine>

/** `id` is what the audit log knows the import by; null where nothing was changed. */
export const PayoutResultsReport = v.object({
  id: v.nullable(v.string()),
  dryRun: v.boolean(),
  paid: v.number(),
  failed: v.number(),
  unchanged: v.number(),
  refused: v.number(),
  lines: v.array(ResultLine),
})
export type PayoutResultsReport = v.InferOutput<typeof PayoutResultsReport>
