import * as v from 'valibot'
import { PublicProgram } from './programs.ts'
import { Code, Email, Instant, line, notList, PageQuery, paragraph, Search, WebUrl } from './text.ts'

/** POST /v1/affiliate/apply. `answers` are those to the program's own `brand.applyFields`. */
export const NewApplication = v.object({
  email: Email,
  name: line(200),
  company: v.optional(v.nullable(paragraph(200))),
  website: v.optional(v.nullable(WebUrl)),
  reason: v.optional(v.nullable(paragraph(5000))),
  answers: v.optional(notList(v.record(v.pipe(v.string(), v.maxLength(40)), paragraph(2000)))),
})
export type NewApplication = v.InferOutput<typeof NewApplication>

/** To a secret key. */
export const Applied = v.object({ id: v.string(), status: v.literal('pending'), message: v.string() })
/** To a publishable key: the same for new and for known addresses. */
export const AppliedInBrowser = v.object({ status: v.literal('pending'), message: v.string(), applicationToken: v.string() })

export const ApplicationState = v.picklist(['pending', 'approved', 'rejected'])

export const ApplicationStatus = v.object({
  applied: v.boolean(),
  status: v.optional(ApplicationState),
  rejectionReason: v.optional(v.string()),
  code: v.optional(v.string()),
  program: v.optional(PublicProgram),
})
export type ApplicationStatus = v.InferOutput<typeof ApplicationStatus>

export const Application = v.object({
  id: v.string(),
  email: v.string(),
  name: v.string(),
  company: v.nullable(v.string()),
  website: v.nullable(v.string()),
  reason: v.nullable(v.string()),
  answers: v.record(v.string(), v.string()),
  status: ApplicationState,
  rejectionReason: v.nullable(v.string()),
  partnerId: v.nullable(v.string()),
  createdAt: Instant,
  reviewedAt: v.nullable(Instant),
})
export type Application = v.InferOutput<typeof Application>

export const ApplicationQuery = v.object({ ...PageQuery, status: v.optional(ApplicationState), search: v.optional(Search) })
export const ApplicationList = v.object({ data: v.array(Application), total: v.number(), page: v.number(), per_page: v.number() })

/** POST /v1/apps/:appId/affiliates/applications/:id/review */
export const Review = v.variant('action', [
  v.object({ action: v.literal('approve'), code: v.optional(Code) }),
  v.object({ action: v.literal('reject'), rejectionReason: v.optional(paragraph(2000)) }),
])
export type Review = v.InferOutput<typeof Review>

export const Reviewed = v.object({
  application: Application,
  affiliate: v.optional(v.object({ id: v.string(), code: v.string(), customerId: v.string(), status: v.string() })),
})
