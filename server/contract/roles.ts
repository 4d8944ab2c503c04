import * as v from 'valibot'

/** What an admin is there for. Each may do what `rules/roles.ts` says. */
export const Role = v.picklist(['owner', 'manager', 'finance', 'read_only'])
export type Role = v.InferOutput<typeof Role>
