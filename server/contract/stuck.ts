import * as v from 'valibot'
import { Instant } from './text.ts'

/** What does not go on by itself, or has waited longer than it should. */
export const StuckKind = v.picklist(['mail', 'delivery', 'payout', 'grant', 'refund', 'job'])
export type StuckKind = v.InferOutput<typeof StuckKind>

/**
 * One such thing. `object` is what it is about, `reason` what was last heard of it, and `says` what it means. `retry`: it may be
 * tried again from here, and nothing is done twice by that.
 */
export const Stuck = v.object({
  id: v.string(),
  kind: StuckKind,
  object: v.string(),
  since: Instant,
  attempts: v.number(),
  reason: v.nullable(v.string()),
  retry: v.boolean(),
  says: v.string(),
})
export type Stuck = v.InferOutput<typeof Stuck>

/** GET /v1/apps/:appId/stuck: at most a hundred of each kind, the longest stuck first; `total` counts all. */
export const StuckList = v.object({ data: v.array(Stuck), total: v.number() })

/** POST /v1/apps/:appId/stuck/retry: those that are named, or all that may be tried again. */
export const StuckRetry = v.object({
  ids: v.optional(v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(100))), v.maxLength(500))),
})
export const StuckOutcome = v.picklist(['retried', 'nothing_to_do', 'not_retried'])
export const StuckRetried = v.object({
  data: v.array(v.object({ id: v.string(), outcome: StuckOutcome, reason: v.nullable(v.string()) })),
})
export type StuckRetried = v.InferOutput<typeof StuckRetried>
