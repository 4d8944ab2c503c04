import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clicked, DAY, type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.reset())

const codes = () => stage.api.clicks().map(({ code }) => code)
const value = (index: number) => `${codes()[index]}.${stage.api.clicks()[index]?.clickId}`

describe('A code is told once per visit', () => {
  test('however often its pages are loaded', async () => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect(await visitor.posts()).toBe(1)
    const cookie = await visitor.cookie()
    await visitor.page.reload()
    await visitor.page.goto(stage.at('acme.test', '/pricing?ref=JANE20'))
    await visitor.page.goto(stage.at('acme.test', '/about'))
    await visitor.page.goBack()
    expect(await visitor.posts()).toBe(1)
    expect(await visitor.cookie()).toEqual(cookie)
  })

  test('also in another tab, and in another browser by its visitor', async () => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    const tab = await visitor.context.newPage()
    await tab.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect(await visitor.posts(tab)).toBe(1)
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(value(0))
    await using another = await stage.visitor()
    await another.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(2)
    expect(codes()).toEqual(['JANE20', 'JANE20'])
  })

  test('and again in the next one, some hours later', async () => {
    await using visitor = await stage.visitor()
    const earlier = `clk_${Date.now() - 12_000_000}12345678`
    await visitor.context.addCookies([{ name: 'mislata_ref', value: `JANE20.${earlier}`, domain: '.acme.test', path: '/' }])
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(value(0))
    expect(value(0)).not.toContain(earlier)
  })

  test('even where two copies of the tag are on the page', async () => {
    stage.show(stage.tag() + stage.tag())
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    await visitor.page.evaluate(() => history.pushState({}, '', '/?ref=OTTO'))
    await stage.api.told(2)
    expect(await visitor.posts()).toBe(2)
    expect(codes()).toEqual(['JANE20', 'OTTO'])
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(value(1))
  })
})

describe('Of two codes', () => {
  const visits = ['/?ref=FIRST', '/?ref=SECOND']

  test.each(['', 'data-attribution="last"'])('the last one counts: %j', async attributes => {
    stage.show(stage.tag(attributes))
    await using visitor = await stage.visitor()
    for (const path of visits) await visitor.page.goto(stage.at('acme.test', path))
    await stage.api.told(2)
    expect(codes()).toEqual(['FIRST', 'SECOND'])
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(value(1))
    // Whoever comes once more through the first is the first one's again.
    await visitor.page.goto(stage.at('acme.test', visits[0]))
    await stage.api.told(3)
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(value(2))
    expect(codes()[2]).toBe('FIRST')
  })

  test('the first one stays where data-attribution says so, until its cookie is gone', async () => {
    stage.show(stage.tag('data-attribution="first"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', visits[0]))
    expect(await visitor.posts()).toBe(1)
    const cookie = await visitor.cookie()
    await visitor.page.goto(stage.at('acme.test', visits[1]))
    expect(await visitor.api()).toBe(cookie?.value)
    const tab = await visitor.context.newPage()
    await tab.goto(stage.at('acme.test', visits[1]))
    expect(await visitor.posts(tab)).toBe(1)
    expect(await visitor.cookie()).toEqual(cookie)

    await visitor.context.clearCookies()
    await tab.reload()
    await stage.api.told(2)
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(value(1))
    expect(codes()).toEqual(['FIRST', 'SECOND'])
  })
})

describe('Without loading a page, a code is captured', () => {
  test('when it comes by pushState, by replaceState and by the back button', async () => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test'))
    // At once: a router may take the parameter away again.
    await visitor.page.evaluate(() => {
      history.pushState({}, '', '/a?ref=PUSHED')
      history.replaceState({}, '', '/a')
    })
    await stage.api.told(1)
    await visitor.page.evaluate(() => history.replaceState({}, '', '/b?ref=REPLACED'))
    await stage.api.told(2)
    await visitor.page.evaluate(() => history.pushState({}, '', '/c?ref=LATER'))
    // With its answer: until then the visitor is still known by the code before, and one who went back would not be news.
    expect(await visitor.posts()).toBe(3)
    await visitor.page.evaluate(() => history.back())
    await stage.api.told(4)
    expect(codes()).toEqual(['PUSHED', 'REPLACED', 'LATER', 'REPLACED'])
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(value(3))
    expect(stage.api.clicks()[2]?.url).toBe(stage.at('acme.test', '/c?ref=LATER'))
  })

  test('and not when it is there already', async () => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.page.evaluate(() => {
      history.pushState({}, '', '/a?ref=JANE20')
      location.hash = 'plans'
    })
    expect(await visitor.posts()).toBe(1)
  })

  test('with the history left as the browser made it', async () => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    const own = await visitor.page.evaluate(() => [Object.keys(history), `${history.pushState}${history.replaceState}`])
    expect(own[0]).not.toContain('pushState')
    expect(own[1]).toMatch(/^(function \w+\(\) \{\s*\[native code\]\s*\}){2}$/)
  })

  test('also by a browser that cannot tell of it, whose history is left alone too', async () => {
    await using visitor = await stage.visitor()
    await visitor.context.addInitScript(() => Reflect.deleteProperty(window, 'navigation'))
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    await visitor.page.evaluate(() => history.pushState({}, '', '/a?ref=OTTO'))
    await stage.api.told(2)
    expect(await visitor.posts()).toBe(2)
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(value(1))
    expect(await visitor.page.evaluate(() => Object.keys(history))).not.toContain('pushState')
    expect(visitor.errors).toEqual([])
  })

  test('and a page that such a browser leaves open tells of it once, however long it stays', async () => {
    await using visitor = await stage.visitor()
    await visitor.context.addInitScript(() => Reflect.deleteProperty(window, 'navigation'))
    await visitor.page.clock.install()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    await visitor.page.clock.runFor('06:00:00')
    expect(await visitor.posts()).toBe(1)
    // It still looks.
    await visitor.page.evaluate(() => history.pushState({}, '', '/a?ref=OTTO'))
    await visitor.page.clock.runFor(1500)
    await stage.api.told(2)
    expect(codes()).toEqual(['JANE20', 'OTTO'])
  })
})

describe('What the server knows better', () => {
  const kept = `clk_${Date.now()}KEPT`

  test.each([
    ['the click that it counted before', { clickId: kept }, `JANE20.${kept}`, 1],
    // It knows of first-click attribution, and the tag does not: it is asked again.
    ['the code that came first', { clickId: kept, code: 'FIRST' }, `FIRST.${kept}`, 2],
  ])('%s is in the cookie, in the page and stays there', async (_, over, expected, posts) => {
    stage.api.state.answer = click => clicked(click, over)
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('shop.acme.test', '/?ref=JANE20'))
    expect(await visitor.posts()).toBe(1)
    expect(await visitor.api()).toBe(expected)
    await expect
      .poll(() => visitor.context.cookies())
      .toEqual([expect.objectContaining({ value: expected, domain: '.acme.test' })])
    await visitor.page.reload()
    expect(await visitor.posts()).toBe(posts)
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(expected)
    expect(await visitor.api()).toBe(expected)
  })

  test.each([
    ['an hour', DAY / 24],
    ['two years, of which browsers keep 400 days', 730 * DAY],
  ])('is until when a click counts: %s', async (_, window) => {
    const expiresAt = new Date(Date.now() + window).toISOString()
    stage.api.state.answer = click => clicked(click, { expiresAt })
    stage.show(stage.tag('data-days="7"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.posts()
    const { expires = 0, value: held } = (await visitor.cookie()) ?? {}
    expect(held).toBe(value(0))
    expect(Math.abs(expires * 1000 - Date.now() - Math.min(window, 400 * DAY))).toBeLessThan(60_000)
  })
})
