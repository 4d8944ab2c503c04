import fc from 'fast-check'
import type { Document, Operation } from '../../server/openapi/document.ts'
import type { JsonSchema } from '../../server/openapi/schemas.ts'

/** Something that an earlier answer named, or that was there from the start; which one is found when it is sent. */
export type Slot = { slot: string; place: number }
export type Fuzzed = {
  method: string
  path: string
  /** By the name in the path: text as it is, or something known. */
  ids: Record<string, string | Slot>
  query: [string, string | Slot][]
  caller: string
  /** JSON in which slots stand for what they name; or raw text. */
  body: { json: unknown } | { raw: string } | undefined
  contentType: string
  headers: Record<string, string>
}

/** Requests for every operation of a document: most are right in most things, each may be wrong in any. */
export function requests({ paths, components }: Document, callers: string[]): fc.Arbitrary<Fuzzed> {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => request(path, method, operation, components.schemas, callers)),
  )
  return fc.oneof(...operations)
}

type Schemas = Record<string, JsonSchema>

function request(path: string, method: string, operation: Operation, schemas: Schemas, callers: string[]): fc.Arbitrary<Fuzzed> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  const may = callers.filter(name => operation['x-callers'].includes(kindOf(name)) || operation['x-callers'].includes('public'))
  const content = operation.requestBody?.content['application/json']
  const query = (operation.parameters ?? []).filter(each => each.in === 'query')
  return fc.record({
    method: fc.constant(method.toUpperCase()),
    path: fc.constant(path),
    ids: fc.record(Object.fromEntries(names.map(name => [name, idAt(path, name)]))),
    query: fc.oneof(
      { weight: 9, arbitrary: queryOf(query, schemas) },
      {
        weight: 1,
        arbitrary: fc.array(fc.tuple(fc.constantFrom('', 'limit', '__proto__', 'x', 'a[b]'), nastyText), { maxLength: 3 }),
      },
    ),
    caller: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...(may.length ? may : callers)) },
      { weight: 1, arbitrary: fc.constantFrom(...callers) },
    ),
    body: content
      ? bodyOf(content.schema, schemas, content.example)
      : fc.constantFrom(undefined, undefined, undefined, { json: {} }, { raw: 'x' }),
    contentType: fc.oneof(
      { weight: 19, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('text/plain', 'application/xml', '', 'application/json; charset=utf-8', 'multipart/form-data'),
      },
    ),
    headers: fc.oneof(
      { weight: 8, arbitrary: fc.constant({}) },
      {
        weight: 2,
        arbitrary: fc.constantFrom<Record<string, string>>(
          { 'idempotency-key': 'one' },
          { 'idempotency-key': 'two' },
          { 'idempotency-key': 'x'.repeat(300) },
          { origin: 'https://acme.example' },
          { origin: 'https://evil.example' },
          { 'x-request-id': 'mine' },
          { 'x-application-token': 'mat_x' },
          { range: 'bytes=0-1' },
          { cookie: '__Host-mislata=%00; mislata_ref=a.b' },
        ),
      },
    ),
  })
}

/** `secret of another` is a secret key. */
export const kindOf = (caller: string) => caller.split(' ')[0] as string

// What a segment before an id says of it. Where an id is the host's own word there is a small stock of those.
const kinds: Record<string, string> = {
  partners: 'par',
  applications: 'apl',
  'by-customer': 'customer',
  customers: 'customer',
  referrals: 'ref',
  webhooks: 'whk',
  deliveries: 'dlv',
  commissions: 'com',
  payouts: 'pay',
  'api-keys': 'key',
  codes: 'code',
  people: 'email',
  apps: 'prog',
}

const slot = (name: string) => fc.nat({ max: 60 }).map((place): Slot => ({ slot: name, place }))

function idAt(path: string, name: string): fc.Arbitrary<string | Slot> {
  const before =
    path
      .slice(0, path.indexOf(`{${name}}`))
      .split('/')
      .at(-2) ?? ''
  const kind = kinds[before]
  return fc.oneof(
    { weight: 12, arbitrary: kind ? slot(kind) : nastyText },
    { weight: 1, arbitrary: fc.constantFrom('par_1111111111111111111111', 'ref_x', 'com_', 'apl_zzzzzzzzzzzzzzzzzzzzzz') },
    { weight: 1, arbitrary: nastyText },
  )
}

// Words that mean something to some route, so that requests meet each other.
const words: Record<string, fc.Arbitrary<unknown>> = {
  email: slot('email'),
  leadEmail: slot('email'),
  payout_email: slot('email'),
  user_id: slot('customer'),
  customerId: slot('customer'),
  partnerId: slot('par'),
  code: slot('code'),
  slug: slot('code'),
  ref: fc.oneof(slot('code'), slot('clk')),
  clickId: slot('clk'),
  externalId: slot('payment'),
  conversionExternalId: slot('payment'),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'JPY', 'KWD'),
  period: fc.constantFrom('2026-03', '2026-02', '2026-13'),
  grantUrl: fc.constantFrom(null, 'https://grants.invalid/x'),
  jwksUrl: fc.constant(null),
  key: fc.constant(undefined),
  appId: slot('prog'),
}
const amounts = fc.oneof(fc.nat({ max: 100_000 }), fc.constantFrom(0, 1, 2, 3, -1, 59_800, 1_000_000_000_000))

function fieldFor(schema: JsonSchema | undefined, schemas: Schemas, name = '', depth = 0): fc.Arbitrary<unknown> {
  if (!schema || depth > 6) return fc.constant(null)
  if (schema.$ref) return fieldFor(schemas[schema.$ref.split('/').at(-1) ?? ''], schemas, name, depth + 1)
  if (words[name]) return fc.oneof({ weight: 9, arbitrary: words[name] }, { weight: 1, arbitrary: nastyText })
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map(each => fieldFor(each, schemas, name, depth + 1)))
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object') return objectOf(schema, schemas, depth)
  if (type === 'array')
    return fc.array(fieldFor(schema.items, schemas, name, depth + 1), {
      minLength: 0,
      maxLength: Math.min(schema.maxItems ?? 3, 3),
    })
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (type === 'integer' || type === 'number') {
    if (/amount|flat|tax|discount|max/i.test(name)) return amounts
    return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 1_000, 10_000) })
  }
  return textOf(schema, name)
}

function textOf({ format, maxLength = 40, minLength = 0 }: JsonSchema, name: string): fc.Arbitrary<unknown> {
  if (format === 'date-time' || /At$|advanceTo/.test(name))
    return fc.integer({ min: -40, max: 400 }).map(days => new Date(Date.UTC(2026, 2, 10 + days)).toISOString())
  if (name === 'from' || name === 'to')
    return fc.integer({ min: -40, max: 10 }).map(days => new Date(Date.UTC(2026, 2, 10 + days)).toISOString().slice(0, 10))
  if (format === 'uri' || /url$|website|origins/i.test(name))
    return fc.constantFrom(
      'https://acme.example',
      'https://acme.example/a?utm_campaign=spring&gclid=1',
      'http://10.0.0.1/',
      'javascript:alert(1)',
    )
  return fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'grapheme' })
}

function objectOf({ properties = {}, required = [], additionalProperties }: JsonSchema, schemas: Schemas, depth: number) {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, fieldFor(field, schemas, name, depth + 1)]),
  )
  const known = fc.record(fields, { requiredKeys: required.filter(name => name in fields) })
  if (!additionalProperties) return known
  return fc
    .tuple(known, fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 3 }))
    .map(([one, other]) => ({ ...other, ...one }))
}

function queryOf(parameters: NonNullable<Operation['parameters']>, schemas: Schemas): fc.Arbitrary<[string, string | Slot][]> {
  const each = parameters.map(({ name, schema }) =>
    fc.option(fieldFor(schema, schemas, name), { freq: 1, nil: undefined }).map((value): [string, unknown] => [name, value]),
  )
  if (!each.length) return fc.constant([])
  return fc
    .tuple(...each)
    .map(all =>
      all.flatMap(([name, value]): [string, string | Slot][] =>
        value === undefined ? [] : [[name, isSlot(value) ? value : String(value)]],
      ),
    )
}

export function isSlot(value: unknown): value is Slot {
  return typeof value === 'object' && value !== null && typeof (value as Slot).slot === 'string' && 'place' in value
}

function bodyOf(schema: JsonSchema, schemas: Schemas, example: unknown): fc.Arbitrary<Fuzzed['body']> {
  const right = fc.oneof(fieldFor(schema, schemas), ...(example === undefined ? [] : [fc.constant(example)]))
  return fc.oneof(
    { weight: 7, arbitrary: right.map(json => ({ json })) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(right, nasty, fc.nat(), fc.boolean())
        .map(([json, wrong, at, add]) => ({ json: spoiled(json, wrong, at, add) })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Fuzzed['body']>(
        undefined,
        { raw: '' },
        { raw: '{' },
        { raw: '[]' },
        { raw: 'null' },
        { raw: '"x"' },
        { raw: '{"__proto__":{"a":1}}' },
        { raw: `${'{"a":'.repeat(60)}1${'}'.repeat(60)}` },
        { raw: `{"email":"${'x'.repeat(70_000)}"}` },
        { raw: '{"amount":1e400}' },
        { raw: '{"a":1}trailing' },
        { raw: '\ufeff{}' },
      ),
    },
  )
}

const nastyText = fc.constantFrom(
  '',
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  '%00',
  '%',
  '\0',
  '\ud800',
  '\u202e',
  '\u0000x',
  "' or 1=1 --",
  '"',
  '<script>alert(1)</script>',
  '{{7*7}}',
  'null',
  'undefined',
  '-1',
  '0',
  '1e999',
  '9'.repeat(40),
  'x'.repeat(5_000),
  'Ａ',
  'ﬁ',
  '😀',
  'a\r\nb: c',
  '__proto__',
  'constructor',
)
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 53,
    -(2 ** 53),
    1e300,
    Number.MIN_VALUE,
    [],
    {},
    [[]],
    [null],
    { a: { b: [] } },
    ['x'],
    [1],
  ),
)

/** A body with one value in it changed, or one field too many. */
function spoiled(json: unknown, wrong: unknown, at: number, add: boolean): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || isSlot(json)) return wrong
  const names = Object.keys(json)
  const name = names[at % Math.max(1, names.length)]
  if (add || name === undefined) return { ...json, [`extra${at % 3}`]: wrong }
  const value = (json as Record<string, unknown>)[name]
  const inner =
    typeof value === 'object' && value !== null && !isSlot(value) && at % 2 ? spoiled(value, wrong, at >> 1, add) : wrong
  return { ...json, [name]: inner }
}
