import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.reset())

const objecting = () => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })

describe.each(['data-consent="required"', 'Global Privacy Control'])('Where there is %s', which => {
  async function visitor() {
    if (which.startsWith('data')) stage.show(stage.tag(which))
    const visitor = await stage.visitor()
    if (!which.startsWith('data')) await visitor.context.addInitScript(objecting)
    return visitor
  }

  test('nothing is kept, told or known before the visitor has agreed', async () => {
    await using one = await visitor()
    await one.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect(await one.posts()).toBe(0)
    expect(await one.context.cookies()).toEqual([])
    expect(
      await one.page.evaluate('[mislata.code, mislata.clickId, Object.keys(localStorage), Object.keys(sessionStorage)]'),
    ).toEqual([undefined, undefined, [], []])
    expect(one.errors).toEqual([])
  })

  test('the click is kept and told with its own time and address when they have', async () => {
    await using one = await visitor()
    await one.page.goto(stage.at('acme.test', '/landing?ref=JANE20'))
    const before = await one.page.evaluate(() => {
      history.pushState({}, '', '/pricing')
      return Date.now()
    })
    await one.page.evaluate('mislata.consent(true)')
    await stage.api.told(1)
    const [click] = stage.api.clicks()
    expect(click).toMatchObject({ code: 'JANE20', url: stage.at('acme.test', '/landing?ref=JANE20') })
    expect(Number(click?.clickId?.slice(4, 17))).toBeLessThanOrEqual(before)
    await expect.poll(async () => (await one.cookie())?.value).toBe(`JANE20.${click?.clickId}`)
    expect(await one.posts()).toBe(1)
  })

  test('of several codes the one that counts waits', async () => {
    await using one = await visitor()
    await one.page.goto(stage.at('acme.test', '/?ref=FIRST'))
    await one.page.evaluate(() => history.pushState({}, '', '/a?ref=SECOND'))
    await one.page.evaluate('mislata.consent(true)')
    await stage.api.told(1)
    expect(await one.posts()).toBe(1)
    expect(stage.api.clicks()[0]?.code).toBe('SECOND')
  })
})

test('Consent that was given before the snippet was there counts', async () => {
  stage.show(
    `<script>window.mislata = []; mislata.push(api => api.consent(true))</script>${stage.tag('data-consent="required"')}`,
  )
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  await stage.api.told(1)
  expect((await visitor.cookie())?.value).toMatch(/^JANE20\./)
})

test('A refusal clears the cookie wherever it is, and what the page knows', async () => {
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('shop.acme.test', '/?ref=JANE20'))
  expect(await visitor.posts()).toBe(1)
  await visitor.context.addCookies([{ name: 'mislata_ref', value: 'OLD.clk_1', domain: '.shop.acme.test', path: '/' }])
  await visitor.page.goto(stage.at('shop.acme.test'))
  await visitor.page.evaluate('mislata.consent(false)')
  expect(await visitor.page.evaluate('mislata.code || mislata.clickId')).toBeFalsy()
  expect(await visitor.context.cookies()).toEqual([])
  await visitor.page.evaluate(() => history.pushState({}, '', '/a?ref=OTTO'))
  expect(await visitor.posts()).toBe(1)
})

test('With first-click attribution the first code waits for consent', async () => {
  stage.show(stage.tag('data-consent="required" data-attribution="first"'))
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=FIRST'))
  await visitor.page.evaluate(() => history.pushState({}, '', '/a?ref=SECOND'))
  await visitor.page.evaluate('mislata.consent(true)')
  await stage.api.told(1)
  expect(stage.api.clicks()[0]?.code).toBe('FIRST')
})
