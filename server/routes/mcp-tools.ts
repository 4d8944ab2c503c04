import type { Document, Operation, Parameter } from '../openapi/document.ts'
import type { JsonSchema } from '../openapi/schemas.ts'

/** Where an argument goes in the request that the tool stands for. */
type Place = 'path' | 'query' | 'body'
type Property = JsonSchema & { description?: string; examples?: unknown[] }

/** One route, as a tool: what it is called, what it takes, and the request that it stands for. */
export type Tool = {
  name: string
  title: string
  description: string
  inputSchema: { type: 'object'; properties: Record<string, Property>; required: string[]; additionalProperties: false }
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean }
  method: string
  path: string
  places: Record<string, Place>
  callers: string[]
}

// A model must not be shown what others are believed by.
const SECRET = ['GET /v1/apps/{appId}/grant-secret']

// Of those that write. A reward that is granted is told to the program's own `grantUrl`.
const REPEATABLE = ['approve_referral', 'reject_referral', 'recover_grants', 'get_my_referrals']
const DESTRUCTIVE = ['reject_referral']
const REACHES_OUT = ['approve_referral', 'recover_grants']

const customerId = { type: 'string', description: 'In whose name: the id by which the host knows the customer.', maxLength: 255 }

/**
 * The tools that a document's routes make: all of the referral system, and what can be read of the rest. Their names,
 * words and schemas are the document's, so that both say the same.
 */
export function toolsOf({ paths, components }: Pick<Document, 'paths' | 'components'>): Tool[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method, operation]) => isOffered(method, path, operation))
      .map(([method, operation]) => toolOf(method.toUpperCase(), path, operation, components.schemas)),
  )
}

/** The tools that a caller may use, with what it need not say left out: a key names its program by itself. */
export function offeredTo(kind: 'secret' | 'admin', tools: Tool[]): Tool[] {
  const may = ({ callers }: Tool) => callers.includes(kind) || callers.includes('public') || callers.includes('session')
  return tools.filter(may).map(tool => (kind === 'secret' ? withoutProgram(tool) : tool))
}

function isOffered(method: string, path: string, operation: Operation) {
  if (path.startsWith('/referrals/') || path.startsWith('/admin/referrals')) return true
  const callers = operation['x-callers']
  const isForUs = callers.includes('secret') || callers.includes('admin')
  const isJson = operation.responses[200]?.content?.['application/json'] !== undefined
  return method === 'get' && isForUs && isJson && !SECRET.includes(`GET ${path}`)
}

function toolOf(method: string, path: string, operation: Operation, schemas: Record<string, JsonSchema>): Tool {
  const name = operation.operationId.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
  const places: Record<string, Place> = {}
  const properties: Record<string, Property> = {}
  const required: string[] = []
  const add = (place: Place, argument: string, property: Property, needed: boolean) => {
    places[argument] = place
    properties[argument] = property
    if (needed) required.push(argument)
  }

  const callers = operation['x-callers']
  if (callers.includes('session')) add('query', 'customerId', customerId, true)
  if (callers.includes('session'))
    add('query', 'appId', { type: 'string', description: 'Which program, where there are several.' }, false)
  for (const parameter of operation.parameters ?? [])
    if (parameter.in === 'path' || parameter.in === 'query')
      add(parameter.in, parameter.name, propertyOf(parameter, schemas), parameter.required ?? false)
  const body = operation.requestBody && whole(operation.requestBody.content['application/json']?.schema ?? {}, schemas)
  for (const [field, schema] of Object.entries(body?.properties ?? {}))
    add('body', field, schema, body?.required?.includes(field) ?? false)

  const reads = method === 'GET' && name !== 'get_my_referrals'
  return {
    name,
    title: operation.summary,
    description: operation.description,
    inputSchema: { type: 'object', properties, required, additionalProperties: false },
    annotations: {
      readOnlyHint: reads,
      destructiveHint: DESTRUCTIVE.includes(name),
      idempotentHint: reads || REPEATABLE.includes(name),
      openWorldHint: REACHES_OUT.includes(name),
    },
    method,
    path,
    places,
    callers,
  }
}

function withoutProgram(tool: Tool): Tool {
  const { appId: _, ...properties } = tool.inputSchema.properties
  const required = tool.inputSchema.required.filter(name => name !== 'appId')
  return { ...tool, inputSchema: { ...tool.inputSchema, properties, required } }
}

/** A parameter for somebody who writes JSON: an address has text alone, and says "not asked" by an empty one. */
function propertyOf({ schema, description, example }: Parameter, schemas: Record<string, JsonSchema>): Property {
  const { anyOf, ...rest } = whole(schema, schemas) as JsonSchema & { pattern?: string }
  const choices = anyOf?.filter(each => each.const !== '')
  const plain = choices?.length === 1 ? { ...rest, ...choices[0] } : { ...rest, ...(choices && { anyOf: choices }) }
  const isNumber = plain.pattern === '^\\d{1,9}$'
  const { pattern: _, ...number } = plain
  const typed = isNumber
    ? { ...number, type: 'integer', ...(plain.default !== undefined && { default: Number(plain.default) }) }
    : plain
  return {
    ...typed,
    ...(description && { description }),
    ...(example !== undefined && { examples: [isNumber ? Number(example) : example] }),
  }
}

/** A schema with what it refers to in its place. */
function whole(schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_, value) => {
    const name = typeof value?.$ref === 'string' ? value.$ref.slice('#/components/schemas/'.length) : undefined
    return name ? whole(schemas[name] ?? {}, schemas) : value
  })
}
