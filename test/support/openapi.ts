import type { TestServer } from './server.ts'

type Documented = {
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
}
type JsonSchema = {
  properties?: Record<string, JsonSchema>
  oneOf?: JsonSchema[]
  anyOf?: JsonSchema[]
  items?: JsonSchema
}

/** What the OpenAPI document says that a route takes, by the route's name. */
export async function documented(server: TestServer) {
  const { paths } = (await server.ask('GET', '/openapi.json')).body as { paths: Record<string, Record<string, Documented>> }
  return new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody }]) => [
        `${method.toUpperCase()} ${path}`,
        {
          query: parameters.filter(each => each.in === 'query').map(each => each.name),
          body: requestBody?.content['application/json']?.schema,
        },
      ]),
    ),
  ) as Map<string, { query: string[]; body: JsonSchema | undefined }>
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
