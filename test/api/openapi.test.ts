import { inspectRoutes } from 'hono/dev'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { app } from '../../server/app.ts'
import { loginLimit } from '../../server/limit.ts'
import { logger } from '../../server/log.ts'
import { tokens } from '../../server/tokens.ts'
import { answered } from '../support/replies.ts'
import { type TestServer, testServer } from '../support/server.ts'

// As much of OpenAPI 3.1 as clients are generated from.
const Json = v.objectWithRest({ type: v.optional(v.union([v.string(), v.array(v.string())])) }, v.unknown())
const Content = v.record(v.pipe(v.string(), v.regex(/^[a-z]+\/[a-z.+-]+$/)), v.strictObject({ schema: Json }))
const Parameter = v.strictObject({
  name: v.string(),
  in: v.picklist(['path', 'query', 'header']),
  required: v.optional(v.boolean()),
  description: v.optional(v.string()),
  schema: Json,
})
const Operation = v.strictObject({
  operationId: v.string(),
  summary: v.pipe(v.string(), v.minLength(5)),
  description: v.string(),
  tags: v.pipe(v.array(v.string()), v.length(1)),
  security: v.optional(v.array(v.record(v.picklist(['apiKey', 'bearer']), v.array(v.string())))),
  parameters: v.optional(v.array(Parameter)),
  requestBody: v.optional(v.strictObject({ required: v.literal(true), content: Content })),
  responses: v.record(
    v.pipe(v.string(), v.regex(/^([1-5]\d\d|default)$/)),
    v.strictObject({ description: v.pipe(v.string(), v.minLength(1)), content: Content }),
  ),
})
const Document = v.strictObject({
  openapi: v.pipe(v.string(), v.regex(/^3\.1\.\d$/)),
  info: v.strictObject({
    title: v.string(),
    version: v.string(),
    description: v.string(),
    license: v.object({ name: v.literal('MIT') }),
  }),
  components: v.strictObject({ securitySchemes: v.record(v.picklist(['apiKey', 'bearer']), v.unknown()) }),
  paths: v.record(
    v.pipe(v.string(), v.startsWith('/')),
    v.record(v.picklist(['get', 'post', 'put', 'patch', 'delete']), Operation),
  ),
})

let server: TestServer
let operations: { method: string; path: string; operation: v.InferOutput<typeof Operation> }[]
beforeAll(async () => {
  server = await testServer()
  const { paths } = answered(await server.ask('GET', '/openapi.json'), 200, Document)
  operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
})
afterAll(() => server.stop())

/** All routes that the app answers, in the document's own spelling. */
function routes() {
  const desk = server.desk()
  const parts = { desk, tokens: tokens(desk.secret), publicUrl: server.url(), limitLogin: loginLimit() }
  const nothing = { isDraining: () => false, address: () => '', limitPublic: async () => {} }
  const all = app({ ...parts, ...nothing }, { log: logger('silent'), built: new URL('file:///nowhere/'), snippetPath: '/m.js' })
  return inspectRoutes(all)
    .filter(each => !each.isMiddleware && each.method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
}

// For people with a browser, or the document itself.
const pages = ['GET /', 'GET /docs/problems', 'GET /setup/{token}', 'POST /setup/{token}', 'GET /openapi.json']

test('The document has every route of the API, and no other', () => {
  const documented = operations.map(({ method, path }) => `${method} ${path}`)
  const answering = [...new Set(routes())].filter(route => !pages.includes(route))
  expect(answering.length).toBeGreaterThan(25)
  expect(documented.sort()).toEqual(answering.sort())
})

test('Every operation has an id of its own', () => {
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

describe('Every operation', () => {
  const each = (check: (operation: (typeof operations)[number]) => unknown) =>
    operations.map(one => [`${one.method} ${one.path}`, check(one)] as const).filter(([, fault]) => fault)

  test('names what its path has, and requires it', () => {
    const faults = each(({ path, operation }) => {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]).sort()
      const named = (operation.parameters ?? []).filter(one => one.in === 'path')
      const right =
        named.every(one => one.required) && JSON.stringify(named.map(one => one.name).sort()) === JSON.stringify(wanted)
      return !right && wanted
    })
    expect(faults).toEqual([])
  })

  test('says who may call it', () => {
    const open = ['GET /healthz', 'GET /readyz', 'POST /v1/auth/login', 'POST /referrals/click']
    const faults = each(({ method, path, operation }) => {
      const isPublic = open.includes(`${method} ${path}`)
      return (operation.security?.length === 0) !== isPublic && `security: ${JSON.stringify(operation.security)}`
    })
    expect(faults).toEqual([])
  })

  test('has a reply for when it goes well and one for when it does not', () => {
    const faults = each(({ operation }) => {
      const good = Object.keys(operation.responses).some(status => /^2\d\d$/.test(status))
      const bad = operation.responses.default?.content['application/problem+json']
      return !(good && bad) && Object.keys(operation.responses)
    })
    expect(faults).toEqual([])
  })

  test('that takes a body describes its fields', () => {
    const faults = each(({ method, operation }) => {
      const schema = operation.requestBody?.content['application/json']?.schema as
        | { properties?: object; anyOf?: unknown[]; oneOf?: unknown[] }
        | undefined
      const takes = method === 'POST' || method === 'PUT' || method === 'PATCH'
      const described = schema && (Object.keys(schema.properties ?? {}).length || schema.anyOf?.length || schema.oneOf?.length)
      return takes !== !!described && operation.summary
    })
    expect(faults).toEqual([['POST /v1/auth/logout', 'End the session']])
  })
})

test('Headers that a route reads beside the credential are named', () => {
  const status = operations.find(each => each.path === '/v1/affiliate/apply/status')?.operation.parameters ?? []
  expect(status.map(each => `${each.in} ${each.name}`).sort()).toEqual(['header x-application-token', 'query email'])
})

test('What is sent and what is answered keeps the names of the documented systems', () => {
  const fields = (method: string, path: string, of: 'body' | number) => {
    const operation = operations.find(each => each.method === method && each.path === path)?.operation
    const content = of === 'body' ? operation?.requestBody?.content : operation?.responses[of]?.content
    const schema = content?.['application/json']?.schema as { properties?: object } | undefined
    return Object.keys(schema?.properties ?? {})
  }
  expect(fields('POST', '/api/v1/partners', 'body')).toEqual(
    expect.arrayContaining([
      'email',
      'first_name',
      'last_name',
      'slug',
      'commission_pct',
      'payout_method',
      'payout_email',
      'metadata',
    ]),
  )
  expect(fields('GET', '/api/v1/partners', 200)).toEqual(['data', 'total', 'page', 'per_page'])
  expect(fields('POST', '/v1/affiliate/apply', 'body')).toEqual(
    expect.arrayContaining(['email', 'name', 'company', 'website', 'reason']),
  )
  expect(fields('POST', '/v1/affiliate/apply', 201)).toEqual(['id', 'status', 'message'])
  expect(fields('POST', '/referrals/click', 202)).toEqual(['clickId', 'code', 'expiresAt'])
  expect(fields('GET', '/v1/affiliate/dashboard', 200)).toEqual(
    expect.arrayContaining(['affiliate', 'link', 'stats', 'series', 'commissions', 'payouts', 'codes', 'deals']),
  )
})
