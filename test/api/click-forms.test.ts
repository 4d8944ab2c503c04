import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browser, newPartner, newProgram, type Reply, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
  acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane' })
})
afterAll(() => server.stop())

/** The usual request says its length. The other comes in pieces, and takes the way of all routes. */
const plain = (text: string) => text
const inPieces = (text: string) => new Blob([text]).stream()

const told = ({ status, headers, text }: Reply) => ({
  status,
  text: text.replace(/clk_\w+/, 'clk_'),
  headers: Object.fromEntries([...headers].filter(([name]) => !['date', 'content-length', 'transfer-encoding'].includes(name))),
})

describe('A click is answered alike however its body comes', () => {
  const site = { origin: 'https://acme.example', 'content-type': 'text/plain' }
  const cases: [string, Record<string, string>, unknown][] = [
    ['as a page sends it', site, { code: 'jane' }],
    ['from the own site', { ...site, 'sec-fetch-site': 'same-origin' }, { code: 'jane', clickId: 'clk_1111111111111111' }],
    ['from elsewhere', { origin: 'https://evil.example', 'content-type': 'text/plain' }, { code: 'jane' }],
    ['without an origin', { 'content-type': 'application/json' }, { code: 'jane', url: 'https://acme.example/?utm_campaign=x' }],
    ['of another type', { ...site, 'content-type': 'application/xml' }, { code: 'jane' }],
    ['that is no JSON', site, '{'],
    ['that is a list', site, []],
    ['that lacks a code', site, {}],
    ['with what no field may hold', site, { code: 'ja\0ne' }],
    ['that is too large', site, { code: 'jane', url: 'x'.repeat(70_000) }],
  ]
  test.each(cases)('%s', async (name, headers, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const ask = (form: typeof plain | typeof inPieces, from: string) =>
      server.ask('POST', '/referrals/click', {
        key: acme.publishable,
        headers: { ...headers, 'user-agent': `${browser} ${name}`, 'x-forwarded-for': from, 'x-request-id': 'one-and-the-same' },
        raw: form(text),
      })
    const usual = told(await ask(plain, '198.51.100.1'))
    expect(told(await ask(inPieces, '198.51.100.2'))).toEqual(usual)
    expect(usual.status).toBeLessThan(500)
  })

  test('and each is counted once', async () => {
    const rows = await server.desk().database.db.selectFrom('clicks').select(['id', 'campaign']).execute()
    expect(rows).toHaveLength(5)
    expect(rows.filter(({ campaign }) => campaign === 'x')).toHaveLength(2)
  })
})

test('A click that is refused before it is read leaves the connection as it should be', async () => {
  const strict = await testServer({ PUBLIC_RATE_LIMIT: '2' })
  try {
    const { publishable } = await newProgram(strict)
    const { hostname, port } = new URL(strict.url())
    const body = JSON.stringify({ key: publishable, code: 'jane' })
    const click = `POST /referrals/click HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const socket = connect(Number(port), hostname)
    socket.write(`${click}${click}GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    let answers = ''
    for await (const chunk of socket) answers += chunk
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 429', 'HTTP/1.1 200'])
  } finally {
    await strict.stop()
  }
})
