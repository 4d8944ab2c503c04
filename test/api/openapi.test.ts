import { inspectRoutes } from 'hono/dev'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { app } from '../../server/app.ts'
import { examples } from '../../server/contract/examples/all.ts'
import { identity } from '../../server/identity.ts'
import { loginLimit } from '../../server/limit.ts'
import { logger } from '../../server/log.ts'
import type { Document, Operation as DocumentedOperation, Media as Medium } from '../../server/openapi/document.ts'
import { fieldAt, knownFields } from '../../server/openapi/fields.ts'
import { named } from '../../server/openapi/schemas.ts'
import { knownProblems } from '../../server/problem.ts'
import { tokens } from '../../server/tokens.ts'
import { filesIn } from '../support/files.ts'
import { asDocumented, fieldsOf, inlined, operationsOf } from '../support/openapi.ts'
import { validator } from '../support/schemas.ts'
import { type TestServer, testServer } from '../support/server.ts'

// As much of OpenAPI 3.1 as clients are generated from.
const Word = v.pipe(v.string(), v.minLength(1))
const Sentence = v.pipe(v.string(), v.minLength(5), v.regex(/[.”)]$/, 'not a sentence'))
const Json = v.objectWithRest({ type: v.optional(v.union([v.string(), v.array(v.string())])) }, v.unknown())
const Ref = v.strictObject({ $ref: v.pipe(v.string(), v.startsWith('#/components/')) })
const Shown = v.record(Word, v.union([Ref, v.strictObject({ summary: v.optional(Word), value: v.unknown() })]))
const Media = v.strictObject({ schema: Json, example: v.optional(v.unknown()), examples: v.optional(Shown) })
const Content = v.record(v.pipe(v.string(), v.regex(/^[a-z]+\/[a-z.+-]+$/)), Media)
const Parameter = v.strictObject({
  name: Word,
  in: v.picklist(['path', 'query', 'header']),
  required: v.optional(v.boolean()),
  description: Sentence,
  schema: Json,
  example: v.optional(v.unknown()),
})
const Answer = v.strictObject({ description: Word, headers: v.optional(v.record(Word, Ref)), content: v.optional(Content) })
const schemes = ['publishableKey', 'secretKey', 'secretKeyAsBearer', 'partnerKey', 'session', 'admin'] as const
const Operation = v.strictObject({
  operationId: v.pipe(v.string(), v.regex(/^[a-z][a-zA-Z]+$/)),
  summary: v.pipe(v.string(), v.minLength(4)),
  description: Sentence,
  tags: v.pipe(v.array(v.string()), v.length(1)),
  security: v.array(v.record(v.picklist(schemes), v.array(v.string()))),
  parameters: v.optional(v.array(v.union([Parameter, Ref]))),
  requestBody: v.optional(v.strictObject({ required: v.boolean(), content: Content })),
  responses: v.record(v.pipe(v.string(), v.regex(/^([1-5]\d\d|default)$/)), v.union([Answer, Ref])),
  'x-callers': v.array(v.picklist(['public', 'publishable', 'secret', 'partner', 'session', 'admin'])),
})
const Shape = v.strictObject({
  openapi: v.pipe(v.string(), v.regex(/^3\.1\.\d$/)),
  info: v.strictObject({
    title: Word,
    version: Word,
    summary: Sentence,
    description: Sentence,
    license: v.object({ name: v.literal('MIT') }),
  }),
  servers: v.pipe(v.array(v.strictObject({ url: v.pipe(v.string(), v.url()) })), v.length(1)),
  tags: v.array(v.strictObject({ name: Word, description: Sentence })),
  components: v.strictObject({
    securitySchemes: v.record(v.picklist(schemes), v.object({ type: v.picklist(['apiKey', 'http']), description: Sentence })),
    parameters: v.record(Word, Parameter),
    headers: v.record(Word, v.strictObject({ description: Sentence, schema: Json })),
    responses: v.record(Word, Answer),
    examples: Shown,
    schemas: v.record(v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z]+$/)), Json),
  }),
  paths: v.record(
    v.pipe(v.string(), v.startsWith('/')),
    v.record(v.picklist(['get', 'post', 'put', 'patch', 'delete']), Operation),
  ),
})

let server: TestServer
let document: Document
let operations: { method: string; path: string; name: string; operation: DocumentedOperation }[]
beforeAll(async () => {
  server = await testServer()
  document = (await server.ask('GET', '/openapi.json')).body as Document
  operations = operationsOf(document).map(each => ({ ...each, method: each.method.toUpperCase() }))
})
afterAll(() => server.stop())

/** All routes that the app answers, in the document's own spelling. */
function routes() {
  const desk = server.desk()
  const parts = { desk, tokens: tokens(desk.secret), publicUrl: server.url(), limitLogin: loginLimit() }
  const nothing = {
    isDraining: () => false,
    address: () => '',
    limitPublic: async () => {},
    limitPartner: async () => ({}),
    limitSignIn: async () => true,
    sendsMail: false,
    identity: identity(async () => ({})),
  }
  const all = app({ ...parts, ...nothing }, { log: logger('silent'), built: new URL('file:///nowhere/'), snippetPath: '/m.js' })
  return inspectRoutes(all)
    .filter(each => !each.isMiddleware && each.method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
}

// For people with a browser, or the document itself.
const pages = [
  'GET /',
  'GET /docs/problems',
  'GET /setup/{token}',
  'POST /setup/{token}',
  'GET /console',
  'GET /console/*',
  'GET /console/invite/{token}',
  'POST /console/invite/{token}',
  'GET /portal.js',
  'GET /portal',
  'POST /portal/session',
  'POST /portal/sign-out',
  'POST /portal/sign-in',
  'GET /portal/{code}',
  'POST /portal/{code}',
  'GET /openapi.json',
  'GET /docs',
]

test('The document is OpenAPI 3.1, in every part', () => {
  expect(v.safeParse(Shape, document).issues?.map(issue => `${v.getDotPath(issue)}: ${issue.message}`)).toBeUndefined()
  expect(document.servers).toEqual([{ url: server.url() }])
})

test('Everything that it refers to is there, and everything that is there is referred to', () => {
  const text = JSON.stringify(document)
  const referred = new Set([...text.matchAll(/"\$ref":"#\/components\/(\w+\/\w+)"/g)].map(match => match[1]))
  expect(text.match(/"\$ref":/g)?.length).toBe([...text.matchAll(/"\$ref":"#\/components\//g)].length)
  const { securitySchemes, ...parts } = document.components
  const there = Object.entries(parts).flatMap(([kind, entries]) => Object.keys(entries).map(name => `${kind}/${name}`))
  const spare = there.filter(one => !referred.has(one) && !one.startsWith('examples/'))
  expect([[...referred].filter(one => !there.includes(one ?? '')), spare]).toEqual([[], []])
  const used = new Set(operations.flatMap(({ operation }) => operation.security.flatMap(each => Object.keys(each))))
  expect([...used].sort()).toEqual(Object.keys(securitySchemes ?? {}).sort())
  expect(document.tags.map(tag => tag.name).sort()).toEqual(
    [...new Set(operations.flatMap(({ operation }) => operation.tags))].sort(),
  )
})

test('Every field that has words is one of its component', () => {
  const { schemas } = document.components
  const unknown = Object.entries(knownFields).flatMap(([component, fields]) => {
    const schema = schemas[`${component}Input`] ?? schemas[component]
    return Object.keys(fields)
      .filter(path => !fieldAt(schema, path)?.description)
      .map(path => `${component}.${path}`)
  })
  expect(unknown).toEqual([])
})

test('Every schema of the contract can have its name in it', () => {
  const files = filesIn('server/contract').filter(path => /^server\/contract\/[\w-]+\.ts$/.test(path))
  const modules = files.map(path => path.slice('server/contract/'.length, -'.ts'.length)).filter(name => name !== 'text')
  expect(named.map(([module]) => module).sort()).toEqual(modules.sort())
})

test('Every route has its row of words and examples, and every row its route', () => {
  expect(Object.keys(examples).sort()).toEqual(operations.map(each => each.name).sort())
  const codes = new Set<string>(knownProblems().map(each => each.code))
  const unknown = Object.entries(examples).flatMap(([name, { may = [] }]) =>
    may.filter(code => !codes.has(code)).map(code => [name, code]),
  )
  expect(unknown).toEqual([])
})

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

// What takes a file takes any bytes.
const isFile = ({ content }: { content: object }) => 'application/octet-stream' in content

describe('Every operation', () => {
  const each = (check: (operation: (typeof operations)[number]) => unknown) =>
    operations.map(one => [`${one.method} ${one.path}`, check(one)] as const).filter(([, fault]) => fault)

  test('names what its path has, and requires it', () => {
    const faults = each(({ path, operation }) => {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]).sort()
      const named = (operation.parameters ?? []).filter(one => one.in === 'path' && one.example !== undefined)
      const right =
        named.every(one => one.required) && JSON.stringify(named.map(one => one.name).sort()) === JSON.stringify(wanted)
      return !right && wanted
    })
    expect(faults).toEqual([])
  })

  test('says who may call it', () => {
    const open = [
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'POST /v1/auth/login',
      'POST /referrals/click',
      'POST /v1/integrations/stripe/{appId}',
    ]
    const faults = each(({ method, path, operation }) => {
      const isPublic = open.includes(`${method} ${path}`)
      return (operation.security?.length === 0) !== isPublic && `security: ${JSON.stringify(operation.security)}`
    })
    expect(faults).toEqual([])
  })

  test('has a reply for when it goes well and one for each way in which it does not', () => {
    const faults = each(({ operation: { responses, 'x-callers': callers, requestBody } }) => {
      const wanted = [
        '503',
        'default',
        ...(callers.includes('public') ? [] : ['401', '403']),
        ...(requestBody ? (isFile(requestBody) ? ['413', '422'] : ['400', '413', '415', '422']) : []),
        ...(callers.includes('partner') || callers.includes('publishable') ? ['429'] : []),
      ]
      const good = Object.keys(responses).some(status => /^2\d\d$/.test(status))
      const missing = wanted.filter(status => !responses[status])
      return (!good || missing.length) && missing
    })
    expect(faults).toEqual([])
  })

  test('has examples that are what its schemas say: of what is sent, and of each answer', () => {
    const check = validator(document)
    const shown = ({ example, examples }: Medium) => [
      ...(example === undefined ? [] : [example]),
      ...Object.values(examples ?? {}).map(({ $ref, value }) =>
        $ref ? (document.components.examples?.[$ref.split('/').at(-1) ?? ''] as { value: unknown }).value : value,
      ),
    ]
    const faults = operations.flatMap(({ name, operation: { requestBody, responses, parameters = [] } }) => {
      const media = [requestBody, ...Object.values(responses)].flatMap(each => Object.entries(each?.content ?? {}))
      return [
        ...media.filter(([, each]) => !shown(each).length).map(([type]) => `${name}: no example of ${type}`),
        ...media.flatMap(([type, each]) =>
          shown(each)
            .map(one => check(each.schema, one))
            .filter(Boolean)
            .map(fault => `${name} ${type}: ${fault}`),
        ),
        ...parameters
          .filter(each => each.in && each.in !== 'header')
          .map(each => [each.name, check(each.schema, each.example)])
          .filter(([, fault]) => fault)
          .map(fault => `${name}: ${fault}`),
      ]
    })
    expect(faults).toEqual([])
  })

  test('that is a post of a backend takes an Idempotency-Key, and no other does', () => {
    const faults = each(({ method, operation: { parameters = [], 'x-callers': callers } }) => {
      const takes = parameters.some(one => one.$ref === '#/components/parameters/IdempotencyKey')
      return takes !== (method === 'POST' && callers.some(one => ['secret', 'partner', 'admin'].includes(one)))
    })
    expect(faults).toEqual([])
  })

  test('that takes a body describes its fields', () => {
    const faults = each(({ method, operation }) => {
      const described = fieldsOf(inlined(operation.requestBody?.content['application/json']?.schema, document)).length > 0
      const takes = method === 'POST' || method === 'PUT' || method === 'PATCH'
      return takes !== described && operation.summary
    })
    const bare = [
      'POST /v1/auth/logout',
      'POST /v1/integrations/stripe/{appId}',
      // A file, as it is.
      'POST /v1/apps/{appId}/import',
      'POST /admin/referrals/recover',
      'POST /admin/referrals/{id}/approve',
      'POST /v1/apps/{appId}/payouts/{id}/send',
      'POST /v1/apps/{appId}/periods/{period}/close',
      ...['/v1/apps/{appId}', '/v1/affiliate'].flatMap(whose => [
        `POST ${whose}/webhooks/deliveries/{id}/replay`,
        `POST ${whose}/webhooks/{id}/rotate-secret`,
        `POST ${whose}/webhooks/{id}/test`,
      ]),
    ]
    expect(faults.map(([name]) => name).sort()).toEqual(bare.sort())
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
    return Object.keys(inlined(content?.['application/json']?.schema, document)?.properties ?? {})
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

describe('A reply of which the document says nothing is found, in every test that asks', () => {
  const json = { 'content-type': 'application/json' }
  const problem = { 'content-type': 'application/problem+json' }
  const made = (examples['POST /v1/sessions']?.replies[201] ?? {}) as object
  const judged = (status: number, headers: Record<string, string>, body: object) =>
    asDocumented(
      server.url(),
      { method: 'POST', path: '/v1/sessions' },
      { status, headers: new Headers(headers), body, text: JSON.stringify(body) },
    )

  test('and one of which it does is not', async () => {
    await judged(201, json, made)
    await judged(401, problem, { type: '/x', title: 'x', status: 401, code: 'bad_credential' })
  })

  test.each([
    ['a field of another kind', 201, json, { ...made, expiresAt: 'tomorrow' }],
    ['a field that is missing', 201, json, { ...made, token: undefined }],
    ['another status', 202, json, made],
    ['another type', 201, problem, made],
    ['a problem that has no title', 401, problem, { type: '/x', status: 401, code: 'bad_credential' }],
    ['a code that the route does not have', 409, problem, { type: '/x', title: 'x', status: 409, code: 'code_taken' }],
  ])('%s', async (_, status, headers, body) => {
    await expect(judged(status, headers, JSON.parse(JSON.stringify(body)))).rejects.toThrow()
  })
})
