import * as v from 'valibot'

/** An error as RFC 9457 has it, with a stable `code`, and `errors` where fields are at fault. */
export const ProblemReply = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.optional(v.string()),
  code: v.string(),
  errors: v.optional(v.array(v.object({ path: v.string(), message: v.string() }))),
})
export type ProblemReply = v.InferOutput<typeof ProblemReply>
