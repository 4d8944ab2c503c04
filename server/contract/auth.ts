import * as v from 'valibot'
import { CustomerId, Email, Instant, line } from './text.ts'

/** Long rather than contrived: length is what a guess has to beat. */
export const Password = v.pipe(v.string(), v.minLength(10, 'Use at least 10 characters.'), v.maxLength(200))

/** One that is known already, of whatever length it is. */
export const KnownPassword = v.pipe(v.string(), v.maxLength(200))
/** Six digits from an app, or a recovery code; spaces and dashes do not count. */
export const SecondFactor = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40))

/** POST /v1/auth/login. `console`: the session is to be in a cookie of this browser, and no token is given. */
export const Login = v.object({
  email: Email,
  password: KnownPassword,
  code: v.optional(SecondFactor),
  console: v.optional(v.boolean()),
})
export const Token = v.object({ token: v.string(), expiresAt: Instant })
export type Token = v.InferOutput<typeof Token>

/** POST /v1/sessions. `email` and `name` are the host's word and are believed. */
export const NewSession = v.object({
  customerId: CustomerId,
  email: v.optional(Email),
  name: v.optional(line(200)),
  expiresIn: v.optional(v.pipe(v.number(), v.integer(), v.minValue(60))),
})

export const NewApiKey = v.object({ type: v.picklist(['secret', 'publishable']), name: line(120) })
export const ApiKey = v.object({
  id: v.string(),
  type: v.picklist(['secret', 'publishable']),
  name: v.string(),
  hint: v.string(),
  createdAt: Instant,
})
/** The key itself is in this reply and in no other. */
export const MadeApiKey = v.object({ ...ApiKey.entries, key: v.string() })
export const ApiKeyList = v.object({ data: v.array(ApiKey), nextCursor: v.nullable(v.string()) })
