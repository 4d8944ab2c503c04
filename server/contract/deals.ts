import * as v from 'valibot'
import { Email, Instant, line, paragraph } from './text.ts'

/** POST /v1/affiliate/deals */
export const NewDeal = v.object({
  leadEmail: Email,
  leadName: line(200),
  notes: v.optional(v.nullable(paragraph(2000))),
})
export type NewDeal = v.InferOutput<typeof NewDeal>

/** `signed_up` once the lead is a customer that came through nobody else; `won` from its first payment on. */
export const DealStatus = v.picklist(['registered', 'signed_up', 'won'])
export type DealStatus = v.InferOutput<typeof DealStatus>

export const Deal = v.object({
  id: v.string(),
  status: DealStatus,
  leadEmail: v.string(),
  leadName: v.string(),
  notes: v.nullable(v.string()),
  createdAt: Instant,
})
export type Deal = v.InferOutput<typeof Deal>

export const DealList = v.object({ data: v.array(Deal), nextCursor: v.nullable(v.string()) })
