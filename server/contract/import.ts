import * as v from 'valibot'
import { Currency } from './money.ts'

/** Where the files come from; `mislata` is an export of this product's own. */
export const importSources = [
  'rewardful',
  'firstpromoter',
  'tolt',
  'tapfiliate',
  'partnerstack',
  'dub',
  'csv',
  'mislata',
] as const
export const ImportSource = v.picklist(importSources)
export type ImportSource = v.InferOutput<typeof ImportSource>

/** What the rows of a file are, one kind a file. */
export const ImportKind = v.picklist(['partners', 'referrals', 'commissions'])
export type ImportKind = v.InferOutput<typeof ImportKind>

/** Every field that a row may fill; which of them one kind takes is in the documentation. */
export const importFields = [
  'id',
  'email',
  'firstName',
  'lastName',
  'name',
  'company',
  'website',
  'status',
  'createdAt',
  'code',
  'codes',
  'payoutMethod',
  'payoutEmail',
  'commissionPct',
  'partnerId',
  'partnerEmail',
  'partnerCode',
  'customerKey',
  'customerId',
  'customerEmail',
  'customerName',
  'stripeCustomerId',
  'convertedAt',
  'amount',
  'currency',
  'occurredAt',
  'availableAt',
  'paidAt',
  'isPaid',
  'payoutReference',
  'saleId',
  'saleAmount',
  'isTest',
  'unit',
] as const
export type ImportField = (typeof importFields)[number]

const column = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))
const states = ['pending', 'approved', 'paid', 'held', 'rejected', 'skip', 'active', 'invited', 'deactivated'] as const

/**
 * How to read a file: by `columns` which of its columns is which of our fields, before what is known of its source; whether
 * amounts are `major` (12.50) or `minor` (1250); which of day and month comes first where that cannot be seen; the currency
 * of rows that name none; and what the file's own words for a status mean.
 */
export const ImportMapping = v.strictObject({
  columns: v.optional(v.record(v.picklist(importFields), column), {}),
  amounts: v.optional(v.picklist(['major', 'minor'])),
  dates: v.optional(v.picklist(['dmy', 'mdy'])),
  currency: v.optional(Currency),
  statuses: v.optional(v.record(column, v.picklist(states)), {}),
})
export type ImportMapping = v.InferOutput<typeof ImportMapping>

const flag = v.optional(
  v.pipe(
    v.picklist(['true', 'false']),
    v.transform(value => value === 'true'),
  ),
  'false',
)

/** POST /v1/apps/:appId/import; the body is the file as it is. `mapping` is `ImportMapping` as JSON. */
export const ImportQuery = v.object({
  from: ImportSource,
  kind: v.optional(ImportKind),
  dryRun: flag,
  stopAtRefusal: flag,
  mapping: v.optional(v.pipe(v.string(), v.maxLength(8_000))),
})

/** Why a line was refused or left out. A word once used keeps its meaning. */
export const importCodes = [
  'email_missing',
  'email_invalid',
  'email_taken',
  'person_erased',
  'code_taken',
  'code_invalid',
  'code_missing',
  'text_invalid',
  'rate_invalid',
  'status_unknown',
  'partner_missing',
  'partner_unknown',
  'customer_missing',
  'customer_bound',
  'id_missing',
  'amount_missing',
  'amount_invalid',
  'amount_ambiguous',
  'amount_negative',
  'amount_zero',
  'currency_unknown',
  'currency_differs',
  'date_missing',
  'date_invalid',
  'date_ambiguous',
  'date_in_future',
  'commission_differs',
  'commission_in_payout',
  'commission_rejected',
  'sale_taken',
  'test_row',
  'not_money',
  'not_a_row',
  'secret_not_exported',
  'not_restored',
  'row_differs',
  'refers_to_missing',
] as const
export type ImportCode = (typeof importCodes)[number]

const counts = { created: v.number(), changed: v.number(), unchanged: v.number(), skipped: v.number(), refused: v.number() }

/** What became of one thing that a line of the file tells of, or in a dry run would. `id` is ours, once it is made. */
export const ImportedLine = v.object({
  type: v.literal('line'),
  line: v.number(),
  noun: v.string(),
  key: v.nullable(v.string()),
  outcome: v.picklist(['created', 'changed', 'unchanged', 'skipped', 'refused']),
  code: v.optional(v.picklist(importCodes)),
  message: v.optional(v.string()),
  id: v.optional(v.string()),
})
export type ImportedLine = v.InferOutput<typeof ImportedLine>

/** After each batch: how far it is. `lines` have been read. */
export const ImportProgress = v.object({ type: v.literal('progress'), lines: v.number(), ...counts })
export type ImportProgress = v.InferOutput<typeof ImportProgress>

/** The file cannot be read on from that line. What came before it is kept, and nothing after it was looked at. */
export const ImportProblem = v.object({
  type: v.literal('problem'),
  line: v.number(),
  code: v.picklist(['file_malformed', 'file_broken_off', 'export_tampered', 'program_not_empty', 'lives_here', 'stopped']),
  message: v.string(),
})
export type ImportProblem = v.InferOutput<typeof ImportProblem>

const money = { pending: v.number(), approved: v.number(), held: v.number(), paid: v.number(), rejected: v.number() }

/**
 * The last line. `complete` is false where a problem ended it early. `totals` are the amounts of all commissions in the file that
 * were not refused, in minor units by the state that the file gives them: to be held against what the old system shows.
 * `restored` tells of an export of our own: the end of its chain, and whether the books are right that were made from it.
 */
export const ImportSummary = v.object({
  type: v.literal('summary'),
  id: v.nullable(v.string()),
  dryRun: v.boolean(),
  complete: v.boolean(),
  lines: v.number(),
  ...counts,
  nouns: v.record(v.string(), v.object(counts)),
  codes: v.record(v.string(), v.number()),
  totals: v.array(v.object({ currency: v.string(), ...money })),
  restored: v.optional(
    v.object({
      fromProgramId: v.string(),
      oldChain: v.object({ length: v.number(), head: v.string() }),
      newChain: v.object({ length: v.number(), head: v.string() }),
      ok: v.boolean(),
      found: v.number(),
    }),
  ),
})
export type ImportSummary = v.InferOutput<typeof ImportSummary>

/** Each line of the answer is one of these as JSON. */
export const ImportLine = v.variant('type', [ImportedLine, ImportProgress, ImportProblem, ImportSummary])
export type ImportLine = v.InferOutput<typeof ImportLine>
