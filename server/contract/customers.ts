import * as v from 'valibot'
import { Email, Instant, line } from './text.ts'

/** PUT /v1/customers/:id. The host vouches for the address. */
export const CustomerChange = v.object({ email: Email, name: v.optional(line(200)) })

export const Customer = v.object({
  id: v.string(),
  customerId: v.string(),
  email: v.nullable(v.string()),
  name: v.nullable(v.string()),
  createdAt: Instant,
})
