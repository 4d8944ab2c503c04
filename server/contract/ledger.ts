import * as v from 'valibot'
import { Instant, whole } from './text.ts'

/** What a check of the books can find; docs/money.md says what each means. */
export const FindingCode = v.picklist([
  'chain_broken',
  'chain_rewritten',
  'transaction_changed',
  'transaction_missing',
  'transaction_not_sealed',
  'transaction_unbalanced',
  'entry_stray',
  'accounts_unbalanced',
  'commission_balance',
  'commission_settled',
  'commission_paid_twice',
  'commission_reversed',
  'commission_state',
  'commission_period',
  'payout_amount',
  'payout_lines',
  'payout_booking',
  'partner_balance',
  'partner_earned',
  'program_owed',
  'program_commissions',
])
export type FindingCode = v.InferOutput<typeof FindingCode>

/** Something that is not as everything else says it must be. `object` is its id; `expected` is what follows from the rest. */
export const Finding = v.object({
  code: FindingCode,
  object: v.string(),
  expected: v.nullable(v.string()),
  actual: v.nullable(v.string()),
  message: v.string(),
})
export type Finding = v.InferOutput<typeof Finding>

const Hash = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'Give the 64 characters of a hash, as an earlier check has answered it.'),
)

/** GET /v1/apps/:appId/ledger/verify. An end of the chain that was noted earlier: it must still be in its place. */
export const LedgerQuery = v.object({
  length: v.optional(whole(1, 1_000_000_000)),
  head: v.optional(Hash),
})

/**
 * What a check of all books of a program has come to. `balances` are the sums of the journal, in minor units; `chain` is
 * how many transactions have been sealed and the last one's hash; `findings` are the first hundred of `found`.
 */
export const Ledger = v.object({
  ok: v.boolean(),
  checkedAt: Instant,
  transactions: v.number(),
  entries: v.number(),
  commissions: v.number(),
  payouts: v.number(),
  chain: v.object({ length: v.number(), head: v.string() }),
  balances: v.array(v.object({ account: v.string(), currency: v.string(), amount: v.number() })),
  found: v.number(),
  findings: v.array(Finding),
})
export type Ledger = v.InferOutput<typeof Ledger>
