import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launch, launchOptions } from '../support/browser.ts'
import { type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.reset())

describe('The codes of other systems are accepted on request:', () => {
  test.each(['via', 'fpr', 'aff', 'refcode', 'atp', 'rfsn', 'gspk', 'a_aid', 'grsf', 'ucc'])('%s', async name => {
    stage.show(stage.tag('data-params="ref,via,fpr,aff,refcode,atp,rfsn,gspk,a_aid,grsf,ucc"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', `/?${name}=JANE20`))
    await stage.api.told(1)
    expect(stage.api.clicks()[0]?.code).toBe('JANE20')
  })
})

describe('data-clean-url', () => {
  test('takes the code out of the address, and nothing else', async () => {
    stage.show(stage.tag('data-clean-url data-params="ref,via"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/a?x=1&ref=JANE20&via=B&utm_source=y#plans'))
    await stage.api.told(1)
    expect(visitor.page.url()).toBe(stage.at('acme.test', '/a?x=1&utm_source=y#plans'))
    expect(stage.api.clicks()[0]?.url).toContain('ref=JANE20')
    await visitor.page.evaluate(() => history.pushState({ mine: 7 }, '', '/b?ref=OTTO'))
    await stage.api.told(2)
    expect(visitor.page.url()).toBe(stage.at('acme.test', '/b'))
    expect(await visitor.page.evaluate('history.state')).toEqual({ mine: 7 })
    expect(visitor.errors).toEqual([])
  })

  test('leaves an address without a code as it is', async () => {
    stage.show(stage.tag('data-clean-url'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/a?flag&q=a%20b'))
    await visitor.posts()
    expect(visitor.page.url()).toBe(stage.at('acme.test', '/a?flag&q=a%20b'))
  })

  test('waits for consent', async () => {
    stage.show(stage.tag('data-clean-url data-consent="required"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/a?ref=JANE20'))
    expect(visitor.page.url()).toContain('ref=JANE20')
    await visitor.page.evaluate('mislata.consent(true)')
    await stage.api.told(1)
    expect(visitor.page.url()).toBe(stage.at('acme.test', '/a'))
  })
})

describe('Who is no visitor yet is not counted:', () => {
  test.each([
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)',
  ])('%s', async userAgent => {
    await using visitor = await stage.visitor({ userAgent })
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect(await visitor.posts()).toBe(0)
    expect(await visitor.context.cookies()).toEqual([])
    expect(visitor.errors).toEqual([])
  })

  test('a page that is rendered ahead, until it is looked at', async () => {
    await using visitor = await stage.visitor()
    await visitor.context.addInitScript(() => {
      Object.defineProperty(document, 'prerendering', { value: true, configurable: true })
    })
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect(await visitor.posts()).toBe(0)
    expect(await visitor.context.cookies()).toEqual([])
    await visitor.page.evaluate(() => {
      Object.defineProperty(document, 'prerendering', { value: false })
      document.dispatchEvent(new Event('prerenderingchange'))
    })
    await stage.api.told(1)
    expect((await visitor.cookie())?.value).toMatch(/^JANE20\./)
  })

  test('but somebody whose telephone is called Cubot', async () => {
    await using visitor = await stage.visitor({
      userAgent:
        'Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
    })
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
  })
})

test('A page that comes back as it was left knows what has come since', async () => {
  const browser = await launch({
    args: [...(launchOptions().args ?? []), '--host-resolver-rules=MAP * 127.0.0.1'],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  try {
    const page = await browser.newPage()
    await page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    await page.goto(stage.at('acme.test', '/other?ref=OTTO'))
    await stage.api.told(2)
    await page.evaluate(() => history.back())
    // Its address has its code, so that it is the last link that was followed.
    await stage.api.told(3)
    expect(stage.api.clicks().map(({ code }) => code)).toEqual(['JANE20', 'OTTO', 'JANE20'])
    await page.waitForFunction('mislata.code === "JANE20"')
    // It was not loaded anew.
    expect(
      await page.evaluate(() =>
        performance.getEntriesByType('navigation').map(entry => (entry as PerformanceNavigationTiming).type),
      ),
    ).toEqual(['navigate'])
  } finally {
    await browser.close()
  }
})

test('The page’s own patches of what every page has do not matter', async () => {
  await using visitor = await stage.visitor()
  await visitor.context.addInitScript(() => {
    const own = history.pushState
    history.pushState = function (...all) {
      own.apply(this, all)
    }
    // As libraries of long ago did.
    Object.assign(Array.prototype, { toJSON: () => 'no', each: () => {} })
    Object.assign(String.prototype, { startsWith: undefined })
  })
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  await visitor.page.evaluate(() => history.pushState({}, '', '/a?ref=OTTO'))
  await stage.api.told(2)
  expect(visitor.errors).toEqual([])
})
