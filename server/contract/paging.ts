import * as v from 'valibot'
import { whole } from './text.ts'

/** `limit` and `cursor`, as our own lists have them. */
export const CursorQuery = v.object({
  limit: v.optional(whole(1, 100), '20'),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(300))),
})
