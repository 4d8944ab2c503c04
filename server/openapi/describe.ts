import type { DescribeRouteOptions } from 'hono-openapi'
import type * as v from 'valibot'
import type { Who } from '../auth.ts'
import type { Spec } from '../door.ts'

/** A schema's place in a description. It becomes JSON Schema when the whole document is made: see openapi.ts. */
export type Placed = { 'x-valibot': v.GenericSchema }

export const placed = (schema: v.GenericSchema) => ({ schema: { 'x-valibot': schema } as object })

const securityOf: Record<Who, Record<string, string[]>[]> = {
  publishable: [{ publishableKey: [] }],
  secret: [{ secretKey: [] }, { secretKeyAsBearer: [] }],
  partner: [{ partnerKey: [] }],
  session: [{ session: [] }],
  admin: [{ admin: [] }],
  public: [],
}

/** What a route's spec says of it. Its name, its words, its examples and its errors are added by openapi.ts. */
export function described(spec: Spec): DescribeRouteOptions {
  const { summary, tag, who, query, headers, body, replies, media = 'application/json' } = spec
  return {
    summary,
    tags: [tag],
    security: who.flatMap(each => securityOf[each]),
    parameters: [...queryParameters(query), ...headerParameters(headers)],
    ...(body && { requestBody: { required: !spec.bodyOptional, content: { 'application/json': placed(body) } } }),
    ...(spec.sends && { requestBody: { required: true, content: fileOf(spec.sends) } }),
    responses: Object.fromEntries(
      Object.entries(replies).map(([status, schema]) => [
        status,
        { description: '', ...(schema && { content: { [media]: placed(schema) } }) },
      ]),
    ),
    'x-callers': [...who],
    ...(spec.sends && { 'x-file': true }),
    ...(spec.unlimited && { 'x-unlimited': true }),
    ...(spec.inProgram && { 'x-in-program': true }),
  } as DescribeRouteOptions
}

// Of a file nothing is said but its kind: JSON may be a list or hold one, text is a string, and bytes have no schema.
const fileOf = (types: readonly string[]) =>
  Object.fromEntries(types.map(type => [type, { schema: fileSchemas[type] ?? { type: 'string' } }])) as object

const fileSchemas: Record<string, object> = { 'application/json': { type: ['array', 'object'] }, 'application/octet-stream': {} }

function queryParameters(query?: v.GenericSchema) {
  const entries = query && 'entries' in query ? (query.entries as Record<string, v.GenericSchema>) : {}
  return Object.entries(entries).map(([name, schema]) => ({
    name,
    in: 'query' as const,
    required: schema.type !== 'optional',
    ...placed(schema),
  }))
}

function headerParameters(headers: Record<string, string> = {}) {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header' as const,
    required: false,
    description,
    schema: { type: 'string' as const },
  }))
}
