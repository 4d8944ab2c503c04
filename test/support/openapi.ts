import { expect } from 'vitest'
import type { Document, Operation } from '../../server/openapi/document.ts'
import type { JsonSchema } from '../../server/openapi/schemas.ts'
import { validator } from './schemas.ts'
import type { Reply, TestServer } from './server.ts'

/** What the OpenAPI document says that a route takes, by the route's name. */
export async function documented(server: TestServer) {
  const document = (await server.ask('GET', '/openapi.json')).body as Document
  return new Map(
    operationsOf(document).map(({ name, operation: { parameters = [], requestBody } }) => [
      name,
      {
        query: parameters.filter(each => each.in === 'query').map(each => each.name),
        // What comes as a file may come in several forms.
        body: isFile(requestBody?.content) ? undefined : inlined(requestBody?.content['application/json']?.schema, document),
        bodyOptional: requestBody?.required === false,
      },
    ]),
  )
}

const isFile = (content: object = {}): boolean => 'application/octet-stream' in content

/** Every operation, under its route's name. */
export function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, method, path, operation })),
  )
}

/** A schema with the components that it refers to in their places. */
export function inlined(schema: JsonSchema | undefined, document: Document): JsonSchema | undefined {
  if (!schema) return undefined
  return JSON.parse(JSON.stringify(schema), (_, value) => {
    const name = value?.$ref?.slice('#/components/schemas/'.length)
    return name ? inlined(document.components.schemas[name], document) : value
  })
}

/** The path of every field that a body may have; `0` stands for any place in a list. */
export function fieldsOf(schema: JsonSchema | undefined): string[][] {
  if (!schema) return []
  const below = (name: string, field: JsonSchema) => fieldsOf(field).map(rest => [name, ...rest])
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [[name], ...below(name, field)]),
    ...[...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap(fieldsOf),
    ...(schema.items ? below('0', schema.items) : []),
  ]
}

type Judge = { find(method: string, path: string): Operation | undefined; check: ReturnType<typeof validator> }
// One document serves a whole file of tests: it is the same for every server but for the server's address.
let judge: Promise<Judge> | undefined

/** Fails where a reply is not what the OpenAPI document says of the route: its status, its fields, its problem's code. */
export async function asDocumented(address: string, { method, path }: { method: string; path: string }, reply: Reply) {
  const type = reply.headers.get('content-type') ?? ''
  if (reply.status >= 500 || !/\/(problem\+)?json/.test(type)) return
  judge ??= judgeOf(address)
  // A server that is just now without its database has no document to offer either.
  const { find, check } = await judge.catch(() => {
    judge = undefined
    return {} as Partial<Judge>
  })
  const operation = find?.(method, path)
  if (!operation || !check) return
  const where = `${method} ${path}: ${reply.text.slice(0, 500)}`
  if (reply.status >= 400 && reply.body?.code === 'not_found') return
  const content = operation.responses[reply.status]?.content
  expect(content, `The document has no ${reply.status} for ${where}`).toBeDefined()
  const media = content?.[type.split(';')[0] ?? '']
  expect(media, `The document has no ${type} for ${where}`).toBeDefined()
  if (!media) return
  const fault = check(media.schema, reply.body)
  expect(fault, where).toBeUndefined()
  if (reply.status >= 400) expect(Object.keys(media.examples ?? {}), where).toContain(reply.body.code)
}

async function judgeOf(address: string): Promise<Judge> {
  const document = (await (await fetch(`${address}/openapi.json`)).json()) as Document
  const operations = operationsOf(document)
    // What has a name of its own goes before an id.
    .sort((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')) || b.path.length - a.path.length)
    .map(({ method, path, operation }) => ({ method, operation, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) }))
  return {
    find(method, path) {
      const { pathname } = new URL(path, 'http://x')
      return operations.find(each => each.method === method.toLowerCase() && each.pattern.test(pathname))?.operation
    },
    check: validator(document),
  }
}
