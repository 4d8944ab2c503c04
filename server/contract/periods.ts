import * as v from 'valibot'
import { Instant } from './text.ts'

const Amounts = v.array(v.object({ amount: v.number(), currency: v.string() }))

/**
 * POST /v1/apps/:appId/periods/:period/close. What each partner earned in the month by currency, without what was taken
 * back in it: minor units, paid or not. It never changes again.
 */
export const ClosedPeriod = v.object({
  period: v.string(),
  closedAt: Instant,
  data: v.array(v.object({ partnerId: v.string(), amounts: Amounts })),
  totals: Amounts,
})
export type ClosedPeriod = v.InferOutput<typeof ClosedPeriod>
