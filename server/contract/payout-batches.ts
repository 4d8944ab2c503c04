import * as v from 'valibot'
import { ActorKind } from './audit.ts'
import { PartnerPayoutStatus } from './partner-api.ts'
import { Instant } from './text.ts'

/** What several payouts in one currency come to, in minor units. */
export const PayoutTotal = v.object({ currency: v.string(), count: v.number(), amount: v.number() })

/**
 * What one run has made. `currency` and `method` are what it was asked for, null for all. `hash` is the SHA-256 of the
 * batch's lines as `…/lines.csv` gives them, in hexadecimal: neither ever changes.
 */
export const PayoutBatch = v.object({
  id: v.string(),
  createdBy: v.object({ kind: ActorKind, id: v.nullable(v.string()), label: v.nullable(v.string()) }),
  currency: v.nullable(v.string()),
  method: v.nullable(v.string()),
  count: v.number(),
  totals: v.array(PayoutTotal),
  hash: v.string(),
  createdAt: Instant,
})
export type PayoutBatch = v.InferOutput<typeof PayoutBatch>

export const PayoutBatchList = v.object({ data: v.array(PayoutBatch), nextCursor: v.nullable(v.string()) })

/** The same, with how its payouts stand now. */
export const PayoutBatchStanding = v.object({
  ...PayoutBatch.entries,
  standing: v.array(v.object({ status: PartnerPayoutStatus, ...PayoutTotal.entries })),
})
export type PayoutBatchStanding = v.InferOutput<typeof PayoutBatchStanding>

/** GET …/payouts/batches/:id/lines.csv: what the hash is made of. */
export const PayoutBatchLines = v.string()
