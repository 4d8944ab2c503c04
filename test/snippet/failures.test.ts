import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.reset())

describe('The cookie stays and the page notices nothing when the server', () => {
  const evil = { clickId: 'clk_0; Domain=evil.test', code: 'X; Path=/', expiresAt: 'never' }
  const answers: Record<string, Answer> = {
    'ends the connection': { cut: true },
    'has a bad day': {
      status: 500,
      body: { type: 'about:blank', title: 'Internal Server Error', status: 500, code: 'internal' },
    },
    'refuses the key': { status: 401, body: { type: 'about:blank', title: 'Unauthorized', status: 401, code: 'bad_credential' } },
    'has had enough': { status: 429, body: '' },
    'answers with a page': { status: 200, body: '<!doctype html><h1>Welcome to nginx</h1>' },
    'answers null': { body: 'null' },
    'answers with an empty object': { body: {} },
    'answers with a list': { body: [1, 2] },
    'answers with numbers': { body: { clickId: 7, code: 7, expiresAt: 7 } },
    'answers with objects': { body: { clickId: {}, code: [], expiresAt: {} } },
    'answers with no click id': { body: { clickId: null, code: 'OTHER', expiresAt: '2099-01-01T00:00:00.000Z' } },
    'answers with cookie attributes': { body: evil },
  }

  test.each(Object.entries(answers))('%s', async (_, answer) => {
    stage.api.state.answer = () => answer
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('shop.acme.test', '/?ref=JANE20'))
    expect(await visitor.posts()).toBe(1)
    const [click] = stage.api.clicks()
    await expect
      .poll(() => visitor.context.cookies())
      .toEqual([expect.objectContaining({ value: `JANE20.${click?.clickId}`, domain: '.acme.test' })])
    expect((await visitor.cookie())?.expires).toBeGreaterThan(Date.now() / 1000 + 29 * 86_400)
    expect(visitor.errors).toEqual([])
    await visitor.page.reload()
    expect(await visitor.api()).toBe(`JANE20.${click?.clickId}`)
  })

  test('takes its time: the page is loaded before it answers', async () => {
    const answer = Promise.withResolvers<void>()
    stage.api.state.answer = () => ({ after: answer.promise, cut: true })
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    expect(await visitor.page.evaluate(() => document.readyState)).toBe('complete')
    expect((await visitor.cookie())?.value).toMatch(/^JANE20\.clk_/)
    answer.resolve()
  })
})

describe('A browser may forbid', () => {
  test('storage: there is a cookie, and the page that stays tells of a code once', async () => {
    await using visitor = await stage.visitor()
    await visitor.context.addInitScript(() => {
      const get = () => {
        throw new DOMException('The operation is insecure', 'SecurityError')
      }
      Object.defineProperty(window, 'sessionStorage', { get })
    })
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.page.evaluate(() => history.pushState({}, '', '/a?ref=JANE20'))
    expect(await visitor.posts()).toBe(1)
    expect((await visitor.cookie())?.value).toMatch(/^JANE20\.clk_/)
    expect(visitor.errors).toEqual([])
  })

  test('to store anything more: there is a cookie', async () => {
    await using visitor = await stage.visitor()
    await visitor.context.addInitScript(() => {
      for (let size = 2 ** 23; size >= 1; size /= 2)
        try {
          sessionStorage[`full${size}`] = 'x'.repeat(size)
        } catch {}
    })
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect((await visitor.cookie())?.value).toMatch(/^JANE20\.clk_/)
    expect(await visitor.page.evaluate('mislata.code')).toBe('JANE20')
    expect(visitor.errors).toEqual([])
  })

  test('cookies, by dropping them: the click is told, and the page knows the code as long as it stays', async () => {
    await using visitor = await stage.visitor()
    await visitor.context.addInitScript(() => {
      Object.defineProperty(document, 'cookie', { get: () => '', set: () => {} })
    })
    await visitor.page.goto(stage.at('a.b.acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    expect(await visitor.api()).toBe(`JANE20.${stage.api.clicks()[0]?.clickId}`)
    expect(visitor.errors).toEqual([])
  })

  test.each(['get', 'set'])('cookies, by an error when they are %s: the page notices nothing', async which => {
    await using visitor = await stage.visitor()
    await visitor.context.addInitScript(which => {
      const refuse = () => {
        throw new DOMException('The document is sandboxed', 'SecurityError')
      }
      Object.defineProperty(document, 'cookie', { get: () => '', set: () => {}, [which]: refuse })
    }, which)
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect(await visitor.page.title()).toBe('Acme')
    expect(visitor.errors).toEqual([])
  })

  test('everything, in a sandbox: the page notices nothing', async () => {
    stage.show(stage.tag(), { 'content-security-policy': 'sandbox allow-scripts' })
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect(await visitor.page.title()).toBe('Acme')
    expect(visitor.errors).toEqual([])
  })

  test('requests, or not know them: there is a cookie', async () => {
    await using visitor = await stage.visitor()
    await visitor.context.addInitScript(() => Reflect.deleteProperty(window, 'fetch'))
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect((await visitor.cookie())?.value).toMatch(/^JANE20\.clk_/)
    expect(visitor.errors).toEqual([])
  })
})

describe('A tag that is written wrongly hurts nobody:', () => {
  test.each([
    ['as a module', (tag: string) => tag.replace('async', 'type="module" crossorigin')],
    ['with an API that is no address', (tag: string) => tag.replace('async', 'async data-api="http://["')],
    ['with days that are no number', (tag: string) => tag.replace('async', 'async data-days="a month"')],
    ['with a domain of somebody else', (tag: string) => tag.replace('async', 'async data-domain="other.test"')],
  ])('%s', async (_, wrong) => {
    stage.show(wrong(stage.tag()))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('www.acme.test', '/?ref=JANE20'))
    await visitor.posts()
    expect(visitor.errors).toEqual([])
    for (const { domain } of await visitor.context.cookies()) expect(domain).toMatch(/acme\.test$/)
  })
})
