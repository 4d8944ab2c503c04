import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Document } from '../../server/openapi/document.ts'
import { operationsOf } from '../support/openapi.ts'
import { type Reply, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let document: Document
let page: Reply
beforeAll(async () => {
  server = await testServer()
  document = (await server.ask('GET', '/openapi.json')).body
  page = await server.ask('GET', '/docs')
})
afterAll(() => server.stop())

const ids = () => [...page.text.matchAll(/ id="([^"]+)"/g)].map(match => match[1])

test('The reference is one page that runs nothing and loads nothing', () => {
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(page.text).not.toMatch(/<script|<link|<img|<iframe|<form| style=| on\w+=|javascript:|@import|url\(/)
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
  for (const rule of ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]) expect(policy).toContain(rule)
  const style = /<style>(.*?)<\/style>/s.exec(page.text)?.[1] ?? ''
  expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`)
})

test('It leads to no other host', () => {
  const links = [...page.text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(match => match[1] ?? '')
  expect(links.length).toBeGreaterThan(100)
  expect(links.filter(link => !/^(#[\w-]+|\/docs\/problems(#\w+)?|\/openapi\.json)$/.test(link))).toEqual([])
})

test('Every route has its place in it, and every link within it arrives', () => {
  const wanted = operationsOf(document).map(({ operation }) => operation.operationId)
  expect(ids()).toEqual(expect.arrayContaining(wanted))
  expect(new Set(ids()).size).toBe(ids().length)
  const targets = [...page.text.matchAll(/href="#([^"]+)"/g)].map(match => match[1])
  expect(targets.filter(target => !ids().includes(target))).toEqual([])
  for (const { name, path, operation } of operationsOf(document)) {
    expect(page.text, name).toContain(`<code>${path}</code>`)
    expect(page.text, name).toContain(operation.summary.replaceAll("'", '&#39;'))
  }
})

test('Every code that it names is explained where the link leads', async () => {
  const problems = (await server.ask('GET', '/docs/problems')).text
  const codes = new Set([...page.text.matchAll(/\/docs\/problems#(\w+)/g)].map(match => match[1]))
  expect(codes.size).toBeGreaterThan(20)
  for (const code of codes) expect(problems).toContain(`id="${code}"`)
})

test('A route’s article says who may call it, what it takes, what it answers, and what can go wrong', () => {
  const article = /<article id="createConversion".*?<\/article>/s.exec(page.text)?.[0] ?? ''
  for (const part of ['Secret key', 'externalId', 'needed', 'Idempotency-Key', 'Answer 200 or 201', 'conversion_differs'])
    expect(article).toContain(part)
  expect(article).toContain(`curl -X POST \\\n  &#39;${server.url()}/v1/conversions&#39;`)
  const review = /<article id="reviewApplication".*?<\/article>/s.exec(page.text)?.[0] ?? ''
  for (const part of ['Admin', 'Body, either', 'Body, or', 'Body: reject']) expect(review).toContain(part)
})

test('It is sent compressed to whoever takes that, and not at all to whoever has it', async () => {
  const asked = (headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; body: Buffer; etag: string }>((resolve, reject) => {
      request(`${server.url()}/docs`, { headers }, async reply => {
        const body = Buffer.concat(await reply.toArray())
        resolve({ status: reply.statusCode, body, etag: reply.headers.etag ?? '' })
      })
        .on('error', reject)
        .end()
    })
  const small = await asked({ 'accept-encoding': 'gzip, br' })
  expect(small.body.length).toBeLessThan(60_000)
  expect(brotliDecompressSync(small.body).toString()).toBe(page.text)
  expect(gunzipSync((await asked({ 'accept-encoding': 'gzip' })).body).toString()).toBe(page.text)
  expect((await asked({})).body.toString()).toBe(page.text)
  const known = await asked({ 'if-none-match': small.etag })
  expect([known.status, known.body.length]).toEqual([304, 0])
})
