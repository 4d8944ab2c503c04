import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type House, house } from '../support/house.ts'
import { documented } from '../support/openapi.ts'
import { places } from '../support/places.ts'
import { problem, refused } from '../support/replies.ts'
import { addressOf, credential, type Route, routes } from '../support/routes.ts'
import { type Ask, type TestServer, testServer } from '../support/server.ts'
import { rowCounts } from '../support/tables.ts'

let server: TestServer
let own: House
let before: Record<string, number>
let decided: Record<string, string>

beforeAll(async () => {
  server = await testServer()
  own = await house(server)
  await server.ask('PATCH', `/v1/apps/${own.program.id}`, { token: own.token, body: { mode: 'test' } })
  decided = (await routes.find(route => route.name.endsWith('/review'))?.ids?.(own)) ?? {}
})
beforeEach(async () => {
  before = await rowCounts(server)
})
afterAll(() => server.stop())

const writing = routes.filter(route => route.bodies)
const JSON_TYPE = { 'content-type': 'application/json' }

/** Asks as somebody whom the route lets in, for something that is there. */
function send(route: Route, asked: Ask) {
  const ids = route.name.includes('/partners/') ? { ...decided, id: own.partnerId } : { ...decided }
  const { method, path } = addressOf(route, ids)
  return server.ask(method, path, { ...credential(route, own), ...asked })
}

async function unchanged() {
  expect(await rowCounts(server)).toEqual(before)
}

describe.each(writing)('$name', route => {
  const raw = (text: Ask['raw'], headers: Record<string, string> = JSON_TYPE) => send(route, { raw: text, headers })
  const takesText = route.name === 'POST /referrals/click'

  test('refuses what is no JSON object', async () => {
    // Where the body may be left out, an empty one is none.
    const mayBeEmpty = (await documented(server)).get(route.name)?.bodyOptional
    const broken = [
      ...(mayBeEmpty ? [] : ['']),
      ' ',
      '{',
      '{"a":1',
      '{"a":1}}',
      "{'a':1}",
      '{a:1}',
      '{"a":NaN}',
      'undefined',
      '<xml/>',
      '\ufeff{',
      '{"a":1,}',
      '\u0000',
    ]
    const other = ['[]', '[{}]', '7', 'null', 'true', '"text"', '"{}"', '1e999']
    for (const text of [...broken, ...other]) refused(await raw(text), 400, 'malformed_json')
    refused(await raw(new Uint8Array([0xff, 0xfe, 0x7b, 0x7d])), 400, 'malformed_json')
    refused(await raw(Buffer.from('{}', 'utf16le')), 400, 'malformed_json')
    await unchanged()
  })

  test('refuses a body of another type', async () => {
    const types = [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/html',
      'application/xml',
      'application/jsonp',
      'json',
      'application/octet-stream',
    ]
    for (const type of [...types, ...(takesText ? [] : ['text/plain', 'text/json'])]) {
      refused(await raw(JSON.stringify(route.bodies?.(own)[0]), { 'content-type': type }), 415, 'wrong_type')
    }
    await unchanged()
  })

  test('refuses an object, a list, a number or a boolean in the place of each text', async () => {
    for (const [place, put] of places(route.bodies?.(own))) {
      for (const value of [{}, { $gt: '' }, { toString: 'x' }, [], ['x'], 7, -1.5, true]) {
        const reply = await send(route, { body: put(value) })
        expect([reply.status, problem(reply).code, place], `${place}: ${JSON.stringify(value)}`).toEqual([422, 'invalid', place])
      }
    }
    await unchanged()
  })

  test('refuses NUL and halves of surrogate pairs wherever text may be, also as a name', async () => {
    for (const [, put] of places(route.bodies?.(own))) {
      for (const text of ['\0', 'a\0b', '\ud800', 'a\udc00b', '\udc00\ud800'])
        refused(await send(route, { body: put(text) }), 400, 'unsafe_json')
    }
    for (const name of ['\0', '\ud800'])
      refused(await send(route, { body: { ...route.bodies?.(own)[0], [name]: 1 } }), 400, 'unsafe_json')
    await unchanged()
  })

  test('refuses text without end', async () => {
    for (const [place, put] of places(route.bodies?.(own))) {
      // What a browser tells of a visit is cut to size instead.
      if (/click|track/.test(route.name) && ['url', 'referrer', 'campaign'].includes(place)) continue
      expect(refused(await send(route, { body: put('x'.repeat(50_000)) }), 422, 'invalid')).toEqual([place])
    }
    await unchanged()
  })

  test('refuses keys that reach a prototype, at any depth', async () => {
    const good = JSON.stringify(route.bodies?.(own)[0]).slice(1)
    for (const key of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__']) {
      for (const value of ['{}', '{"polluted":1}', 'null', '1', '{"prototype":{"polluted":1}}']) {
        refused(await raw(`{"${key}":${value},${good}`), 400, 'unsafe_json')
        refused(await raw(`{"another":{"a":[{"${key}":${value}}]},${good}`), 400, 'unsafe_json')
      }
    }
    expect(Object.keys(Object.prototype)).toEqual([])
    expect('polluted' in {}).toBe(false)
    await unchanged()
  })

  test('refuses a body that is too deep, too wide or too large', async () => {
    refused(await raw(`{"another":${'['.repeat(20)}${']'.repeat(20)}}`), 400, 'unsafe_json')
    refused(await raw(`{"another":${'['.repeat(20_000)}${']'.repeat(20_000)}}`), 400, 'unsafe_json')
    refused(await raw(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`), 400, 'unsafe_json')
    refused(await raw('['.repeat(60_000)), 400, 'malformed_json')
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`k${at}`, 1]))
    refused(await raw(JSON.stringify(wide)), 400, 'unsafe_json')
    // A file comes in one string.
    const most = route.name.endsWith('/payouts/results') ? 2 * 1024 * 1024 : 65_536
    for (const large of [
      chunks(most + 1_000_000),
      chunks(most + 4_000),
      ...['x'.repeat(most + 1_000_000), 'x'.repeat(most), 'é'.repeat(most * 0.6)].map(a => JSON.stringify({ a })),
    ]) {
      const reply = await raw(large)
      refused(reply, 413, 'too_large')
      // What is still on its way must not be taken for the next request.
      expect(reply.headers.get('connection')).toBe('close')
    }
    await unchanged()
  })
})

/** A body of which nobody says beforehand how long it is. */
function chunks(length: number) {
  let sent = 0
  return new ReadableStream({
    pull(controller) {
      const text = sent === 0 ? '{"a":"' : 'x'.repeat(16_384)
      controller.enqueue(new TextEncoder().encode(text))
      sent += text.length
      if (sent > length) controller.close()
    },
  })
}
