import * as v from 'valibot'
import type { StripeEvent } from '../contract/stripe.ts'
import { Problem } from '../problem.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import type { Desk } from './desk.ts'

/** An event, and where it is acted upon. `at` is when it happened at Stripe. */
export type About = { desk: Desk; db: Db; program: Program; event: StripeEvent; at: string }

/** A second of Stripe's as a time. */
export function iso(seconds: number) {
  return new Date(seconds * 1000).toISOString()
}

/** What a schema makes of what was sent; 422 with the fields at fault otherwise. */
export function valid<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value)
  if (!result.success) throw Problem.invalid(result.issues)
  return result.output
}
