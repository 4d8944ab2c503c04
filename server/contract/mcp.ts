import * as v from 'valibot'

const Id = v.union([v.pipe(v.string(), v.maxLength(200)), v.pipe(v.number(), v.safeInteger())])

/** POST /mcp: one JSON-RPC message of the Model Context Protocol; without `id` it is a notification. */
export const McpMessage = v.strictObject({
  jsonrpc: v.literal('2.0'),
  id: v.optional(Id),
  method: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  params: v.optional(v.looseObject({})),
})

/** What it is answered with; nothing where it was a notification. */
export const McpReply = v.looseObject({
  jsonrpc: v.literal('2.0'),
  id: v.optional(v.nullable(Id)),
  result: v.optional(v.looseObject({})),
  error: v.optional(v.looseObject({ code: v.number(), message: v.string() })),
})
