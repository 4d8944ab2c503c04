import type { AddressInfo, Server } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolver } from '../../server/providers/public-address.ts'
import { post } from '../../server/providers/webhook.ts'
import { nameServer } from '../support/name-server.ts'
import { newProgram, type TestServer, testServer } from '../support/server.ts'
import * as webhooks from '../support/webhooks.ts'

// A door on this machine that nothing may knock at.
let trap: Server
let knocks = 0
let port: number
let names: Awaited<ReturnType<typeof nameServer>>
let server: TestServer

const loopback = [127, 0, 0, 1]
const loopback6 = [...Array(15).fill(0), 1]
const mapped = [...Array(10).fill(0), 255, 255, 127, 0, 0, 1]
const nat64 = [0, 0x64, 0xff, 0x9b, ...Array(8).fill(0), 127, 0, 0, 1]
const sixToFour = [0x20, 0x02, 127, 0, 0, 1, ...Array(10).fill(0)]
const compatible = [...Array(12).fill(0), 127, 0, 0, 1]
// Set aside for measurements between networks; nobody is there. It counts as not public as well.
const nowhere = [198, 18, 0, 1]
// Public by its number, and of a network that has not been given to anybody.
const unassigned = [0x2d, ...Array(14).fill(0), 1]

beforeAll(async () => {
  trap = createServer(socket => {
    knocks++
    socket.destroy()
  })
  await new Promise<void>(resolve => trap.listen(0, '127.0.0.1', resolve))
  port = (trap.address() as AddressInfo).port
  names = await nameServer(resolver, {
    'loopback.example.com': { a: [[loopback]] },
    'loopback6.example.com': { aaaa: [[loopback6]] },
    'mapped.example.com': { aaaa: [[mapped]] },
    'nat64.example.com': { aaaa: [[nat64]] },
    'sixtofour.example.com': { aaaa: [[sixToFour]] },
    'compatible.example.com': { aaaa: [[compatible]] },
    'unspecified.example.com': { a: [[[0, 0, 0, 0]]] },
    'metadata.example.com': { a: [[[169, 254, 169, 254]]] },
    'azure.example.com': { a: [[[168, 63, 129, 16]]] },
    'unallocated.example.com': { aaaa: [[[0x40, ...Array(14).fill(0), 1]]] },
    'nowhere.example.com': { a: [[nowhere]] },
    'mixed.example.com': { a: [[[8, 8, 8, 8], loopback]] },
    'mixed6.example.com': { a: [[[8, 8, 8, 8]]], aaaa: [[loopback6]] },
    'changing.example.com': { aaaa: [[unassigned], [loopback6]] },
  })
  server = await testServer()
})
afterAll(async () => {
  await server.stop()
  names.close()
  trap.close()
})

const dial = (host: string, timeoutMs = 2_000) =>
  post({ url: `https://${host}:${port}/`, headers: {}, body: '{}', timeoutMs, allowPrivate: false })

test.each([
  'loopback',
  'loopback6',
  'mapped',
  'nat64',
  'sixtofour',
  'compatible',
  'unspecified',
  'metadata',
  'azure',
  'unallocated',
  'nowhere',
  'mixed',
  'mixed6',
])('A name that leads to %s is not dialled', async name => {
  expect(await dial(`${name}.example.com`)).toEqual({ outcome: 'refused', reason: 'NOT_PUBLIC', ms: expect.any(Number) })
  expect(knocks).toBe(0)
})

test('A name that changes after it was asked for is asked for once, and what it led to then is dialled', async () => {
  const first = await dial('changing.example.com', 300)
  expect(first.outcome).not.toBe('refused')
  expect(names.times('changing.example.com')).toBe(1)
  expect(await dial('changing.example.com')).toMatchObject({ outcome: 'refused' })
  expect(knocks).toBe(0)
})

test('A name that nobody has is told as such', async () => {
  expect(await dial('nobody.example.com')).toMatchObject({ outcome: 'unreachable', reason: 'ENOTFOUND' })
})

test('An endpoint whose name leads to this machine is never reached, and the log says why', async () => {
  const asking = webhooks.ofProgram(server, await newProgram(server))
  const { id } = await webhooks.newEndpoint(asking, { url: `https://loopback.example.com:${port}/` })
  const sent = await webhooks.sendTest(asking, id)
  const done = await webhooks.delivery(asking, sent.id, each => each.status === 'failed')
  expect(done.attempts).toMatchObject([{ outcome: 'refused', reason: 'NOT_PUBLIC', excerpt: null }])
  expect(knocks).toBe(0)
})
