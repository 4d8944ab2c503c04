import { openAsBlob } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Mislata } from '../../sdk/index.ts'
import { ImportLine } from '../../server/contract/import.ts'
import { sample } from '../support/import.ts'
import { newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { misbehaving, refusal, refuses, silence } from './support.ts'

let server: TestServer
let acme: TestProgram
let mislata: Mislata
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server, { currency: 'USD' })
  mislata = new Mislata({ token: acme.token, appId: acme.program.id, baseUrl: server.url() })
})
afterAll(() => server.stop())

async function gathered(lines: AsyncIterable<ImportLine>) {
  const all = []
  for await (const line of lines) all.push(v.parse(ImportLine, line))
  return all
}
const from = 'rewardful' as const

test('A file is brought over, however it is held, and each line is told as it goes', async () => {
  const path = join(import.meta.dirname, '../samples/rewardful-affiliates.json')
  const planned = await gathered(await mislata.apps.import(await openAsBlob(path), { from, dryRun: true }))
  expect(planned.at(-1)).toMatchObject({ type: 'summary', dryRun: true, created: planned.length - 2, complete: true })

  const bytes = new TextEncoder().encode(sample('rewardful-affiliates.json'))
  // In parts, so that letters of two bytes and lines are cut in the middle.
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 701) controller.enqueue(bytes.slice(at, at + 701))
      controller.close()
    },
  })
  const done = await gathered(await mislata.apps.import(stream, { from, kind: 'partners' }))
  expect(done.at(-1)).toMatchObject({ type: 'summary', dryRun: false, created: planned.length - 2 })
  const again = await gathered(await mislata.apps.import(bytes, { from }))
  expect(again.at(-1)).toMatchObject({ created: 0, changed: 0, unchanged: planned.length - 2 })

  const plain = 'Mail;Called\nnoa@example.com;Noa Noel\n'
  const mapped = await mislata.apps.import(plain, {
    ...{ from: 'csv', kind: 'partners', mapping: { columns: { email: 'Mail', name: 'Called' } } },
  })
  expect(await gathered(mapped)).toMatchObject([
    { outcome: 'created', noun: 'partner' },
    {},
    { type: 'progress' },
    { created: 2 },
  ])
})

test('What cannot be begun is refused, and an answer that breaks off is no success', async () => {
  const error = await refusal(mislata.apps.import('a,b\n1,2\n', { from: 'csv' }))
  expect([error.status, error.code]).toEqual([422, 'invalid'])

  const line = `${JSON.stringify({ type: 'progress', lines: 1, created: 0, changed: 0, unchanged: 0, skipped: 0, refused: 1 })}\n`
  const ends = await misbehaving(
    refuses(503, 'unavailable', { 'retry-after': '0' }),
    reply => reply.writeHead(200).end(line),
    reply => {
      reply.writeHead(200)
      reply.write(line, () => reply.destroy())
    },
    reply => {
      reply.writeHead(200)
      reply.write(line)
    },
  )
  const client = new Mislata({ token: 'jwt', appId: 'prog_1', baseUrl: ends.url, timeoutMs: 300 })
  for (const [how, reason] of [
    ['ends too early', 'network'],
    ['is cut', 'network'],
    ['falls silent', 'network'],
  ]) {
    const told = await silence(client.apps.import('x', { from }).then(gathered))
    expect(told.reason, how).toBe(reason)
  }
  // Sent again where it had not been begun, and never otherwise.
  expect(ends.asked.map(each => each.body)).toEqual(['x', 'x', 'x', 'x'])
})
