import { afterAll, beforeAll, expect, test } from 'vitest'
import { csvLines } from '../../server/rules/csv.ts'
import { atConsole } from '../support/console.ts'
import { refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
  await newPartner(server, acme, {
    slug: 'jane',
    first_name: '=HYPERLINK("https://evil.example")',
    last_name: 'Müller, "Jane" Smith',
  })
  const another = (at: number) => ({ email: `${at}@partners.example`, slug: `partner-${at}` })
  const made = Array.from({ length: 101 }, (_, at) =>
    server.ask('POST', '/api/v1/partners', { key: acme.secret, body: another(at) }),
  )
  await Promise.all(made)
})
afterAll(() => server.stop())

const get = (path: string, headers: Record<string, string> = {}) => server.ask('GET', path, { token: acme.token, headers })
const at = (path: string) => `/v1/apps/${acme.program.id}${path}`
const rows = (text: string) => {
  const [titles, ...lines] = csvLines(text).map(each => each.fields ?? [])
  return lines.map(line => Object.fromEntries((titles ?? []).map((title, column) => [title, line[column]])))
}

test('A list is given as a file, all of it, in the order of its pages', async () => {
  const { status, headers, text } = await get(`/api/v1/partners?appId=${acme.program.id}&format=csv&per_page=2`)
  expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
    200,
    'text/csv; charset=utf-8',
    'no-store',
  ])
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="partners-\d{4}-\d\d-\d\d\.csv"$/)
  expect(text.startsWith('id,program_id,email,first_name,')).toBe(true)
  // Reading it as text takes away what tells a spreadsheet how it is encoded.
  const raw = await fetch(`${server.url()}${at('/stuck')}?format=csv`, { headers: { authorization: `Bearer ${acme.token}` } })
  expect([...new Uint8Array(await raw.arrayBuffer()).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const found = rows(text)
  expect(new Set(found.map(each => each.slug)).size).toBe(102)
  const pages = await Promise.all([1, 2].map(page => get(`/api/v1/partners?appId=${acme.program.id}&per_page=100&page=${page}`)))
  expect(found.map(each => each.id)).toEqual(pages.flatMap(each => each.body.data.map((one: { id: string }) => one.id)))
})

test('What a spreadsheet would run is harmless, and what is not plain is quoted', async () => {
  const { text } = await get(`/api/v1/partners?appId=${acme.program.id}&search=jane`, { accept: 'text/csv' })
  expect(text).toContain(`"'=HYPERLINK(""https://evil.example"")"`)
  expect(text).toContain('"Müller, ""Jane"" Smith"')
  expect(text.startsWith('id,')).toBe(true)
  expect(rows(text)).toHaveLength(1)
})

test('A list that goes on by a cursor is followed to its end, with what is within a field beside it', async () => {
  const { text } = await get(at('/audit?format=csv&noun=partner'))
  const found = rows(text)
  expect(found.length).toBe(103)
  expect(found[0]).toMatchObject({
    'actor.kind': 'secret',
    action: expect.stringMatching(/^partner\./),
    'actor.label': expect.any(String),
  })
  expect(JSON.parse(found[0]?.after ?? '')).toEqual(expect.any(Object))
})

test.each([
  '/affiliates/applications',
  '/commissions',
  '/payouts',
  '/payouts/batches',
  '/codes',
  '/deals',
  '/mails',
  '/api-keys',
  '/webhooks',
  '/webhooks/events',
  '/webhooks/deliveries',
  '/stuck',
])('%s is one of them', async path => {
  const { status, headers, text } = await get(at(path), { accept: 'text/html, text/csv;q=0.9' })
  expect([status, headers.get('content-type')], text).toEqual([200, 'text/csv; charset=utf-8'])
  expect(text.split('\r\n')[0]).toMatch(/^[a-zA-Z.,_]+$/)
})

test.each([
  `/admin/referrals?format=csv&appId=`,
  `/v1/team?format=csv&x=`,
  `/v1/audit?format=csv&x=`,
])('%s as well', async path => {
  const { status, headers } = await get(path + acme.program.id)
  expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
})

test('It passes the same door: who may not read the list gets no file, and a console’s download is one', async () => {
  refused(await server.ask('GET', at('/commissions?format=csv')), 401, 'no_credential')
  refused(await get('/v1/apps/prog_1111111111111111111111/commissions?format=csv'), 404, 'program_not_found')
  expect(refused(await get(at('/commissions?format=csv&status=odd')), 422, 'invalid')).toEqual(['status'])
  const { ask } = await atConsole(server)
  const path = at('/codes?format=csv')
  expect(rows((await ask('GET', path)).text)).toHaveLength(102)
  refused(await ask('GET', path, { headers: { 'sec-fetch-site': 'cross-site' } }), 403, 'cross_site')
})
