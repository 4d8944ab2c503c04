import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY, type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.reset())

test('A code in the address is kept in a cookie and told to the server', async () => {
  await using visitor = await stage.visitor()
  const url = stage.at('shop.acme.test', '/pricing?ref=JANE20&utm_source=x#plans')
  await visitor.page.goto(url, { referer: 'http://blog.example/best-tools' })
  await stage.api.told(1)

  const [click] = stage.api.clicks()
  expect(click?.clickId).toMatch(/^clk_[A-Za-z0-9]{16,40}$/)
  expect(JSON.parse(stage.api.asked[0]?.body ?? '')).toEqual({
    key: 'mislata_pk_test',
    code: 'JANE20',
    clickId: click?.clickId,
    url,
    referrer: await visitor.page.evaluate(() => document.referrer),
  })
  expect(await visitor.cookie()).toMatchObject({
    value: `JANE20.${click?.clickId}`,
    domain: '.acme.test',
    path: '/',
    sameSite: 'Lax',
    secure: false,
    httpOnly: false,
  })
  expect(visitor.errors).toEqual([])
})

test('The post needs no preflight and carries no cookies of the server', async () => {
  await using visitor = await stage.visitor()
  await visitor.context.addCookies([{ name: 'session', value: '1', url: stage.api.origin }])
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  await stage.api.told(1)
  expect(stage.api.asked.map(({ method }) => method)).toEqual(['POST'])
  expect(stage.api.asked[0]?.headers['content-type']).toMatch(/^text\/plain\b/)
  expect(stage.api.asked[0]?.headers.cookie).toBeUndefined()
})

test.each([
  ['30 days', '', 30],
  ['as many days as data-days says', 'data-days="90"', 90],
  ['30 days where data-days is empty', 'data-days=""', 30],
])('The cookie is set before the server answers, for %s', async (_, attributes, days) => {
  const answer = Promise.withResolvers<void>()
  stage.api.state.answer = () => ({ after: answer.promise, cut: true })
  stage.show(stage.tag(attributes))
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  const cookie = await visitor.cookie()
  expect(cookie?.value).toMatch(/^JANE20\.clk_/)
  expect((cookie?.expires ?? 0) * 1000 - Date.now()).toBeGreaterThan(days * DAY - 60_000)
  expect((cookie?.expires ?? 0) * 1000 - Date.now()).toBeLessThanOrEqual(days * DAY)
  answer.resolve()
})

test('Click ids sort by time', async () => {
  const ids: (string | undefined)[] = []
  for (const code of ['ONE', 'TWO', 'THREE']) {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', `/?ref=${code}`))
    ids.push((await visitor.cookie())?.value.split('.')[1])
  }
  expect(new Set(ids).size).toBe(3)
  expect([...ids].sort()).toEqual(ids)
})

describe('The cookie belongs to the registrable domain', () => {
  test.each([
    ['acme.test', '.acme.test'],
    ['www.acme.test', '.acme.test'],
    ['a.b.shop.acme.test', '.acme.test'],
    ['www.acme.co.uk', '.acme.co.uk'],
    ['blog.acme.github.io', '.acme.github.io'],
    ['localhost', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
  ])('on %s: %s', async (host, domain) => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at(host, '/?ref=JANE20'))
    await expect
      .poll(() => visitor.context.cookies())
      .toEqual([expect.objectContaining({ name: 'mislata_ref', domain, value: expect.stringMatching(/^JANE20\.clk_/) })])
  })

  test('so that the shop, the app and the site share it', async () => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('shop.acme.test', '/?ref=JANE20'))
    const cookie = await visitor.page.evaluate(() => document.cookie)
    expect(cookie).toMatch(/^mislata_ref=JANE20\.clk_\w+$/)
    for (const host of ['www.acme.test', 'acme.test', 'app.eu.acme.test']) {
      await visitor.page.goto(stage.at(host))
      expect(await visitor.page.evaluate(() => document.cookie)).toBe(cookie)
    }
    await visitor.page.goto(stage.at('other.test'))
    expect(await visitor.page.evaluate(() => document.cookie)).toBe('')
  })

  test('unless data-domain names another', async () => {
    stage.show(stage.tag('data-domain="shop.acme.test"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('eu.shop.acme.test', '/?ref=JANE20'))
    expect((await visitor.cookie())?.domain).toBe('.shop.acme.test')
  })
})

test('On https the cookie is secure', async () => {
  await using visitor = await stage.visitor()
  await visitor.context.route(/^https:.*\/m\.js$/, route => route.fulfill({ contentType: 'text/javascript', body: stage.script }))
  const body = '<script async src="https://partners.example.test/m.js"></script>'
  await visitor.context.route(/^https:\/\/shop/, route => route.fulfill({ contentType: 'text/html', body }))
  await visitor.page.goto('https://shop.acme.test/?ref=JANE20')
  expect(await visitor.cookie()).toMatchObject({ domain: '.acme.test', secure: true, sameSite: 'Lax' })
})

describe('The code is looked for', () => {
  test.each([
    ['in ref', '', '?ref=A', 'A'],
    ['in nothing else', '', '?via=B&aff=C&reference=D', undefined],
    ['in each parameter that is named, the first of the list first', 'data-params="ref,via,aff"', '?aff=C&via=B&ref=A', 'A'],
    ['in the next one where that is absent', 'data-params="ref,via,aff"', '?aff=C&via=B', 'B'],
    ['in the next one where that is empty', 'data-params="ref,via"', '?ref=&via=B', 'B'],
    ['in those only', 'data-params="via"', '?ref=A', undefined],
    ['wherever it stands', '', '?utm_source=x&ref=A&b=2', 'A'],
    ['decoded', '', '?ref=A%2DB%7e1', 'A-B~1'],
  ])('%s: %s %s', async (_, attributes, query, code) => {
    stage.show(stage.tag(attributes))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', `/${query}`))
    expect(await visitor.posts()).toBe(code ? 1 : 0)
    expect(stage.api.clicks().map(click => click.code)).toEqual(code ? [code] : [])
    expect((await visitor.cookie())?.value.split('.clk_')[0]).toBe(code)
  })
})

describe('A code', () => {
  test.each(['a', '7', '_x', 'A.b_c~d-9', 'x.clk_1', 'J'.repeat(64)])('may be %s', async code => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', `/?ref=${code}`))
    await stage.api.told(1)
    const [click] = stage.api.clicks()
    expect(click?.code).toBe(code)
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(`${code}.${click?.clickId}`)
  })

  test('is ignored where it is none', async () => {
    const none = ['', ' ', '-x', '.x', '~x', 'a b', 'a;b', 'a,b', 'a=b', 'a/b', 'ä', '<b>', '\0', 'a\r\nb', 'J'.repeat(65)]
    await using visitor = await stage.visitor()
    for (const code of none) {
      await visitor.page.goto(stage.at('acme.test', `/?ref=${encodeURIComponent(code)}`))
      expect(await visitor.page.evaluate(() => document.cookie), code).toBe('')
    }
    expect(await visitor.posts()).toBe(0)
    expect(visitor.errors).toEqual([])
  })
})
