import * as v from 'valibot'
import { ApplicationState } from './applications.ts'
import { Deal } from './deals.ts'
import { CursorQuery } from './paging.ts'
import { PartnerStatus } from './partners.ts'
import { Instant, paragraph } from './text.ts'

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const Balances = v.array(v.object({ currency: v.string(), pending: v.number(), approved: v.number() }))

/** POST /v1/apps/:appId/affiliates/applications/bulk */
export const BulkReview = v.object({
  ids: v.pipe(v.array(Id), v.minLength(1), v.maxLength(100)),
  action: v.picklist(['approve', 'reject']),
  rejectionReason: v.optional(paragraph(2000)),
})
export type BulkReview = v.InferOutput<typeof BulkReview>
const Decided = v.object({ id: v.string(), ok: v.literal(true), status: ApplicationState, partnerId: v.nullable(v.string()) })
const Undecided = v.object({ id: v.string(), ok: v.literal(false), code: v.string(), detail: v.string() })
/** One row for each id, in the order in which they were sent. What was decided so before is `ok` as well. */
export const BulkReviewed = v.object({ data: v.array(v.union([Decided, Undecided])) })
export type BulkReviewed = v.InferOutput<typeof BulkReviewed>

/** GET /v1/apps/:appId/partners/:id/deactivation: what it will mean. Nothing is changed by asking. */
export const Deactivation = v.object({
  partnerId: v.string(),
  name: v.string(),
  status: PartnerStatus,
  codes: v.number(),
  referrals: v.number(),
  balances: Balances,
  payoutsWaiting: v.array(v.object({ id: v.string(), amount: v.number(), currency: v.string(), createdAt: Instant })),
  keys: v.number(),
  endpoints: v.number(),
  paysOn: v.boolean(),
})
export type Deactivation = v.InferOutput<typeof Deactivation>

const partnerId = v.optional(Id)

/** GET /v1/apps/:appId/codes: partners' and customers' alike. */
export const CodeQuery = v.object({ ...CursorQuery.entries, search: v.optional(v.pipe(v.string(), v.maxLength(100))), partnerId })
export const CodeRow = v.object({
  code: v.string(),
  kind: v.picklist(['partner', 'customer']),
  partnerId: v.nullable(v.string()),
  customerId: v.nullable(v.string()),
  label: v.nullable(v.string()),
  url: v.string(),
  createdAt: Instant,
  retiredAt: v.nullable(Instant),
})
export type CodeRow = v.InferOutput<typeof CodeRow>
export const CodeRows = v.object({ data: v.array(CodeRow), nextCursor: v.nullable(v.string()) })

/** GET /v1/apps/:appId/deals */
export const DealQuery = v.object({ ...CursorQuery.entries, partnerId })
export const DealRow = v.object({ ...Deal.entries, partnerId: v.string() })
export type DealRow = v.InferOutput<typeof DealRow>
export const DealRows = v.object({ data: v.array(DealRow), nextCursor: v.nullable(v.string()) })

/** GET /v1/apps/:appId/mails: the outbox. What a mail says is not kept once it is sent. */
export const MailState = v.picklist(['waiting', 'sent', 'failed'])
export const MailQuery = v.object({ ...CursorQuery.entries, state: v.optional(MailState) })
export const MailRow = v.object({
  id: v.string(),
  kind: v.string(),
  to: v.string(),
  subject: v.string(),
  state: MailState,
  attempts: v.number(),
  failure: v.nullable(v.string()),
  createdAt: Instant,
  sentAt: v.nullable(Instant),
  nextAttemptAt: v.nullable(Instant),
})
export type MailRow = v.InferOutput<typeof MailRow>
export const MailRows = v.object({ data: v.array(MailRow), nextCursor: v.nullable(v.string()) })
