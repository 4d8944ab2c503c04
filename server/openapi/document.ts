import type { Context, Hono } from 'hono'
import { generateSpecs } from 'hono-openapi'
import { examples } from '../contract/examples/all.ts'
import type { Example } from '../contract/examples/shape.ts'
import { ProblemReply } from '../contract/problem.ts'
import { MAY_REPEAT } from '../idempotency.ts'
import type { Placed } from './describe.ts'
import { errorExamples, errorReplies, errorsOf } from './errors.ts'
import { describeFields } from './fields.ts'
import { type JsonSchema, jsonSchemas, type Mode } from './schemas.ts'
import { components, info, knownParameters, tags } from './words.ts'

export type Media = { schema: JsonSchema; example?: unknown; examples?: Record<string, { $ref?: string; value?: unknown }> }
export type Parameter = {
  $ref?: string
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  description?: string
  schema: JsonSchema
  example?: unknown
}
export type Reply = { description: string; headers?: object; content?: Record<string, Media> }
export type Operation = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  responses: Record<string, Reply>
  'x-callers': string[]
  'x-unlimited'?: true
  'x-file'?: true
  'x-in-program'?: true
}
export type Document = {
  openapi: string
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>> & { schemas: Record<string, JsonSchema> }
}

/** The OpenAPI document of an app, made when it is first asked for. */
export function openapi(all: Hono, publicUrl: () => string) {
  let made: Promise<Document> | undefined
  return (c: Context) => {
    made ??= write(all, publicUrl(), c)
    return made
  }
}

async function write(all: Hono, url: string, c: Context): Promise<Document> {
  // A path with a dot in it is a route here like any other.
  const options = {
    documentation: { openapi: '3.1.0', info },
    defaultValidationErrorResponse: false as const,
    excludeStaticFile: false,
  }
  const { paths } = (await generateSpecs(all, options, c)) as unknown as { paths: Document['paths'] }
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  )
  for (const { name, operation } of operations) describe(operation, name, examples[name])
  const schemas = withSchemas(operations.map(each => each.operation))
  describeFields(schemas)
  const used = new Set(operations.flatMap(each => each.operation.tags))
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url }],
    tags: tags.filter(tag => used.has(tag.name)),
    paths,
    components: { ...components, examples: errorExamples(), schemas },
  }
}

/** Adds to a route's description what its spec cannot know: names, words, examples and errors. */
function describe(operation: Operation, name: string, row: Example | undefined) {
  const { 'x-unlimited': unlimited = false, 'x-file': isFile = false, 'x-in-program': inProgram = false, summary } = operation
  const isPost = name.startsWith('POST ')
  const callers = operation['x-callers']
  const parameters = (operation.parameters ?? []).map(each => withWords(each, row))
  const hasQuery = parameters.some(each => each.in === 'query')
  const repeatable = isPost && callers.some(caller => (MAY_REPEAT as readonly string[]).includes(caller))
  const asked = { callers, isPost, hasBody: !!operation.requestBody && !isFile, isFile, hasQuery, inProgram, unlimited }
  const errors = errorReplies(errorsOf(asked, row?.may ?? []))
  for (const [status, reply] of Object.entries(operation.responses)) {
    reply.description = wordsOf[status] ?? 'Done.'
    const example = row?.replies[Number(status)]
    if (example !== undefined) for (const media of Object.values(reply.content ?? {})) media.example = example
  }
  if (operation.requestBody && row)
    for (const [type, media] of Object.entries(operation.requestBody.content)) addBodies(type, media, row)
  delete operation['x-unlimited']
  delete operation['x-file']
  delete operation['x-in-program']
  Object.assign(operation, {
    ...(row ? { operationId: row.id, description: row.says } : { description: summary }),
    parameters: repeatable ? [...parameters, { $ref: '#/components/parameters/IdempotencyKey' }] : parameters,
    responses: { ...operation.responses, ...errors, default: { $ref: '#/components/responses/Problem' } },
  })
  if (!(operation.parameters ?? []).length) delete operation.parameters
}

const wordsOf: Record<string, string> = { 200: 'Done.', 201: 'Made.', 202: 'Taken.' }

function withWords(parameter: Parameter, row: Example | undefined): Parameter {
  const words = (parameter.in === 'path' ? row?.path : row?.query)?.[parameter.name] ?? knownParameters[parameter.name]
  if (!words) return parameter
  const [description, example] = words
  return { ...parameter, description: parameter.description ?? description, example }
}

function addBodies(type: string, media: Media, { body, bodies, files }: Example) {
  if (files) media.example = files[type]
  const written = (value: object) => (type === 'text/plain' ? JSON.stringify(value) : value)
  if (body) media.example = written(body)
  if (bodies)
    media.examples = Object.fromEntries(Object.entries(bodies).map(([name, value]) => [name, { value: written(value) }]))
}

type Place = { schema: JsonSchema & Partial<Placed> }

/** Puts JSON Schema where schemas were placed, and returns the components that it refers to. */
function withSchemas(operations: Operation[]) {
  const places = operations.flatMap(({ parameters = [], requestBody, responses }) => [
    ...[...parameters, ...Object.values(requestBody?.content ?? {})].map(place => ({
      place: place as Place,
      mode: 'input' as Mode,
    })),
    ...Object.values(responses).flatMap(({ content = {} }) =>
      Object.values(content).map(place => ({ place: place as Place, mode: 'output' as Mode })),
    ),
  ])
  const wanted = places.flatMap(({ place, mode }) => {
    const schema = place.schema?.['x-valibot']
    return schema ? [{ place, schema, mode }] : []
  })
  const made = jsonSchemas([...wanted, { schema: ProblemReply, mode: 'output' }])
  for (const { place, schema, mode } of wanted) place.schema = made.jsonOf(schema, mode)
  made.jsonOf(ProblemReply, 'output')
  return made.components()
}
