import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Clicked } from '../../server/contract/referrals.ts'
import { clicksOf, day, hour, minute, pass } from '../support/acts.ts'
import { answered, refused } from '../support/replies.ts'
import { browser, newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { everyRow } from '../support/tables.ts'

let server: TestServer
let acme: TestProgram
let jane: { id: string }
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
  acme = await newProgram(server)
  jane = await newPartner(server, acme, { slug: 'JANE20' })
})
afterAll(() => server.stop())

// Each test has visitors of its own, so that none repeats the click of another.
let visitors = 0
let from = ''
beforeEach(() => {
  from = `203.0.113.${++visitors}`
})

type Visit = Record<string, unknown>
const post = (body: Visit, headers: Record<string, string> = {}) =>
  server.ask('POST', '/referrals/click', {
    key: acme.publishable,
    headers: { 'user-agent': browser, 'x-forwarded-for': from, ...headers },
    body,
  })
const visit = async (body: Visit, headers?: Record<string, string>) =>
  answered(await post({ code: 'JANE20', ...body }, headers), 202, Clicked)
const stored = (id: string) => clicksOf(server).then(rows => rows.find(row => row.id === id))
const counted = async () => {
  const rows = await server
    .desk()
    .database.db.selectFrom('partnerDay')
    .select('clicks')
    .where('partnerId', '=', jane.id)
    .execute()
  return rows.reduce((sum, row) => sum + Number(row.clicks), 0)
}

describe('A click is told', () => {
  test('as JSON, and answered with its id, its code and the end of its window', async () => {
    const clicked = await visit({})
    expect(clicked.clickId).toMatch(/^clk_[1-9A-HJ-NP-Za-km-z]{16,}$/)
    expect(clicked).toMatchObject({ code: 'JANE20', expiresAt: new Date(server.clock.now.getTime() + 30 * day).toISOString() })
    expect(await stored(clicked.clickId)).toMatchObject({ partnerId: jane.id, code: 'JANE20', ignored: null })
  })

  test.each(['text/plain', 'text/plain;charset=UTF-8', 'application/json; charset=utf-8'])('as %s', async type => {
    const raw = JSON.stringify({ code: 'JANE20', key: acme.publishable })
    const headers = { 'content-type': type, 'user-agent': browser, 'x-forwarded-for': from }
    const clicked = answered(await server.ask('POST', '/referrals/click', { headers, raw }), 202, Clicked)
    expect(await stored(clicked.clickId)).toMatchObject({ partnerId: jane.id, code: 'JANE20' })
  })

  test('with a key in the body or in the header, and with none of them to nobody', async () => {
    const headers = { 'user-agent': browser, 'x-forwarded-for': from }
    const body = { code: 'JANE20', key: acme.publishable }
    answered(await server.ask('POST', '/referrals/click', { headers, body }), 202, Clicked)
    refused(await server.ask('POST', '/referrals/click', { headers, body: { code: 'JANE20' } }), 401, 'no_credential')
    refused(await post({ code: 'JANE20', key: 'mislata_pk_unknown' }), 401, 'bad_credential')
    refused(await post({ code: 'JANE20', key: acme.secret }), 403, 'wrong_credential')
  })

  test.each([
    ['no code', {}, 'code'],
    ['an empty code', { code: '  ' }, 'code'],
    ['a code that is an object', { code: { a: 1 } }, 'code'],
    ['a code without end', { code: 'x'.repeat(256) }, 'code'],
    ['a click id of another shape', { code: 'JANE20', clickId: 'clk_short' }, 'clickId'],
    ['a click id with a dot', { code: 'JANE20', clickId: 'clk_1234567890123456.x' }, 'clickId'],
    ['an address that is a number', { code: 'JANE20', url: 7 }, 'url'],
  ])('but not with %s', async (_, body, path) => {
    const before = await everyRow(server)
    expect(refused(await post(body), 422, 'invalid')).toEqual([path])
    expect(await everyRow(server)).toEqual(before)
  })

  test('to the only program there is without any key', async () => {
    const alone = await testServer()
    try {
      const token = (
        await alone.ask('POST', '/v1/auth/login', { body: { email: 'admin@example.com', password: 'correct horse battery' } })
      ).body.token
      const { id } = (await alone.ask('GET', '/v1/apps', { token })).body.data[0]
      const made = await alone.ask('POST', `/v1/apps/${id}/api-keys`, { token, body: { type: 'secret', name: 'backend' } })
      await newPartner(alone, { secret: made.body.key }, { slug: 'JANE20' })
      const reply = await alone.ask('POST', '/referrals/click', { headers: { 'user-agent': browser }, body: { code: 'JANE20' } })
      expect(await clicksOf(alone)).toMatchObject([{ id: answered(reply, 202, Clicked).clickId, programId: id }])
    } finally {
      await alone.stop()
    }
  })
})

test('What is kept of a click tells of the campaign, and nothing of the person', async () => {
  const { clickId } = await visit({
    url: 'https://jane:s3cret@acme.example/pricing?ref=JANE20&utm_source=blog&email=private@example.com&gclid=Cj0K#token=s3cret',
    referrer: 'https://news.example/article?reader=private',
    campaign: '  spring  ',
  })
  expect(await stored(clickId)).toMatchObject({
    url: 'https://acme.example/pricing?ref=JANE20&utm_source=blog&gclid=1',
    referrer: 'news.example',
    campaign: 'spring',
  })
  const script = await visit(
    { url: 'javascript:alert(1)', referrer: 'javascript:alert(1)' },
    { 'x-forwarded-for': '198.51.100.1' },
  )
  expect(await stored(script.clickId)).toMatchObject({ url: null, referrer: null })
})

test('A click with a very long address is kept, and the address is cut', async () => {
  const { clickId } = await visit({
    url: `https://acme.example/?ref=JANE20&x=${'x'.repeat(30_000)}&utm_source=${'y'.repeat(10_000)}`,
  })
  expect((await stored(clickId))?.url).toBe('https://acme.example/?ref=JANE20')
  const path = await visit({ url: `https://acme.example/${'p'.repeat(3_000)}` }, { 'x-forwarded-for': '198.51.100.2' })
  expect((await stored(path.clickId))?.url).toHaveLength(1024)
})

describe('A code that leads nowhere', () => {
  beforeAll(async () => {
    await newPartner(server, acme, { slug: 'RETIRED' })
    const { db } = server.desk().database
    await db.updateTable('codes').set({ retiredAt: server.clock.now.toISOString() }).where('code', '=', 'RETIRED').execute()
    const { id } = await newPartner(server, acme, { slug: 'GONE' })
    await server.ask('DELETE', `/api/v1/partners/${id}`, { key: acme.secret })
  })

  test.each([
    'UNKNOWN',
    'RETIRED',
    'GONE',
    '山田 %00',
  ])('%s is answered like one that leads somewhere, and is not kept', async code => {
    const before = await clicksOf(server)
    const clicks = await counted()
    const clicked = await visit({ code })
    expect(clicked).toMatchObject({ code, clickId: expect.stringMatching(/^clk_\w{22}$/) })
    expect(clicked.expiresAt).toBe((await visit({})).expiresAt)
    expect((await clicksOf(server)).length).toBe(before.length + 1)
    expect(await counted()).toBe(clicks + 1)
  })

  test.each(['JANE20', 'UNKNOWN', 'RETIRED', 'GONE'])('cannot be told from another by repeating it: %s', async code => {
    const own = (n: number) => `clk_${code}${'0'.repeat(15)}${n}`
    const first = await visit({ code, clickId: own(1) })
    expect(first.clickId).toBe(own(1))
    expect((await visit({ code })).clickId).toBe(own(1))
    expect((await visit({ code, clickId: own(2) })).clickId).toBe(own(1))
  })

  test.each([
    'ﷺ'.repeat(255),
    '\u{1d400}'.repeat(127),
    'x'.repeat(255),
  ])('may be as long and as odd as a code cannot be', async code => {
    expect((await visit({ code })).code).toBe(code)
    expect((await visit({ code })).code).toBe(code)
  })

  test('counts from the moment on in which it leads somewhere', async () => {
    await visit({ code: 'SOON' })
    await newPartner(server, acme, { slug: 'SOON' })
    const { clickId } = await visit({ code: 'SOON' })
    expect(await stored(clickId)).toMatchObject({ code: 'SOON' })
  })
})

describe('The same visitor', () => {
  test('counts once for a code and hour, and is answered with the first click', async () => {
    server.clock.now = new Date('2026-03-10T14:00:00Z')
    const before = await counted()
    const first = await visit({})
    pass(server, 59 * minute)
    expect((await visit({ code: 'jane20' })).clickId).toBe(first.clickId)
    expect(await counted()).toBe(before + 1)
    pass(server, 2 * minute)
    expect((await visit({})).clickId).not.toBe(first.clickId)
    expect(await counted()).toBe(before + 2)
  })

  test('is another one with another browser, address or code', async () => {
    await newPartner(server, acme, { slug: 'BOB' })
    const before = await counted()
    const ids = [
      await visit({}),
      await visit({}, { 'user-agent': `${browser} Edg/156` }),
      await visit({}, { 'x-forwarded-for': '198.51.100.7' }),
    ]
    expect(new Set([...ids, await visit({ code: 'BOB' })].map(each => each.clickId)).size).toBe(4)
    expect(await counted()).toBe(before + 3)
  })

  test('with one IPv6 network is one visitor, whatever address of it is used', async () => {
    const first = await visit({}, { 'x-forwarded-for': '2001:db8:1:2::a' })
    expect((await visit({}, { 'x-forwarded-for': '2001:0db8:0001:0002:ffff:ffff:ffff:ffff' })).clickId).toBe(first.clickId)
    expect((await visit({}, { 'x-forwarded-for': '2001:db8:1:3::a' })).clickId).not.toBe(first.clickId)
  })
})

describe('A click id that the page has made', () => {
  test('is the click’s own, and counts once however often it is sent', async () => {
    const before = await counted()
    const clickId = 'clk_madeByThePage00001'
    expect((await visit({ clickId })).clickId).toBe(clickId)
    pass(server, 2 * hour)
    expect((await visit({ clickId })).clickId).toBe(clickId)
    expect((await visit({ clickId }, { 'x-forwarded-for': '198.51.100.8' })).clickId).toBe(clickId)
    expect(await counted()).toBe(before + 1)
  })
})

test.each([
  'Googlebot/2.1 (+http://www.google.com/bot.html)',
  'curl/8.5.0',
  'python-requests/2.31',
  '',
])('A bot is answered, on record, and not counted: %s', async agent => {
  const before = await counted()
  const { clickId } = await visit({}, { 'user-agent': agent })
  expect(await stored(clickId)).toMatchObject({ ignored: 'bot' })
  expect(await counted()).toBe(before)
  expect((await stored((await visit({})).clickId))?.ignored).toBeNull()
})

test('A headless browser that says so is somebody’s test of their site, and counts', async () => {
  const { clickId } = await visit({}, { 'user-agent': browser.replace('Chrome/', 'HeadlessChrome/') })
  expect(await stored(clickId)).toMatchObject({ ignored: null })
})

describe('Who clicked', () => {
  test('is known by another name on the next day, and by no address', async () => {
    server.clock.now = new Date('2026-03-10T23:59:59Z')
    const today = await stored((await visit({})).clickId)
    pass(server, 2000)
    const tomorrow = await stored((await visit({})).clickId)
    expect(today?.visitor).toMatch(/^[\w-]{22}$/)
    expect(tomorrow?.visitor).toMatch(/^[\w-]{22}$/)
    expect(today?.visitor).not.toBe(tomorrow?.visitor)
    const all = JSON.stringify(await everyRow(server))
    for (const trace of [from, '203.0.113', '2001:db8', '2001:0db8', 'Chrome/156']) expect(all).not.toContain(trace)
  })
})
