import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.reset())

const QUEUE = '<script>window.mislata = window.mislata || []; window.heard = []</script>'

describe('What the page asks of window.mislata', () => {
  test('before the snippet is there is answered when it is, in turn', async () => {
    stage.show(`${QUEUE}<script>
      mislata.push(api => heard.push(['one', api === mislata, api.code, api.clickId]))
      mislata.push(api => heard.push(['two', typeof api.ready, typeof api.push]))
    </script>${stage.tag()}`)
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    const [code, clickId] = (await visitor.cookie())?.value.split('.') ?? []
    expect(await visitor.page.evaluate('heard')).toEqual([
      ['one', true, code, clickId],
      ['two', 'function', 'function'],
    ])
  })

  test('later is answered at once', async () => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    const heard = await visitor.page.evaluate(`
      heard = []
      mislata.push(api => heard.push(api.code))
      mislata.ready(api => heard.push(api.code))
      heard
    `)
    expect(heard).toEqual(['JANE20', 'JANE20'])
  })

  test('is answered from the cookie on the pages that follow', async () => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('www.acme.test', '/?ref=JANE20'))
    expect(await visitor.posts()).toBe(1)
    const cookie = await visitor.cookie()
    await visitor.page.goto(stage.at('app.acme.test', '/signup'))
    expect(await visitor.api()).toBe(cookie?.value)
    expect(await visitor.posts()).toBe(1)
    expect(await visitor.cookie()).toEqual(cookie)
  })

  test('is answered without a code where there is none', async () => {
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test'))
    expect(await visitor.page.evaluate('[mislata.code, mislata.clickId]')).toEqual([undefined, undefined])
    expect(await visitor.posts()).toBe(0)
    expect(await visitor.context.cookies()).toEqual([])
  })

  test('may fail: the other callbacks are called, and the page is told of its own error', async () => {
    stage.show(`${QUEUE}<script>
      addEventListener('unhandledrejection', event => heard.push(event.reason.message))
      mislata.push(() => { throw new Error('mine') })
      mislata.push('no function')
      mislata.push(() => heard.push('next'))
    </script>${stage.tag()}`)
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    expect(await visitor.page.evaluate('heard')).toEqual(['next', 'mine'])
  })
})

describe('A page that uses the name itself keeps it, and clicks are captured all the same:', () => {
  test.each([
    ['an object', `<script>mislata = { version: 3 }</script>`, `mislata.version === 3`],
    ['a function', `<script>function mislata() { return 7 }</script>`, `mislata() === 7`],
    ['a text', `<script>mislata = 'ours'</script>`, `mislata === 'ours'`],
    ['an element', `<form id="mislata"></form>`, `mislata.tagName === 'FORM'`],
  ])('%s', async (_, html, still) => {
    stage.show(html + stage.tag())
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    expect(await visitor.page.evaluate(still)).toBe(true)
    expect((await visitor.cookie())?.value).toMatch(/^JANE20\.clk_/)
    expect(visitor.errors).toEqual([])
  })
})

test('Nothing else of the page is touched', async () => {
  const look = () => ({ names: Object.getOwnPropertyNames(window).sort(), html: document.documentElement.outerHTML })
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  expect(await visitor.posts()).toBe(1)
  const after = await visitor.page.evaluate(look)
  await visitor.context.route('**/m.js', route => route.fulfill({ contentType: 'text/javascript', body: '' }))
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  const before = await visitor.page.evaluate(look)
  expect(after).toEqual({ ...before, names: [...before.names, 'mislata'].sort() })
})

describe('Under the strictest policy', () => {
  const watch = `<script nonce="page">
    violations = []
    addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective))
  </script>`
  const policy = (scripts: string, connect: string) => ({
    'content-security-policy': `default-src 'none'; script-src 'nonce-page' ${scripts}; connect-src ${connect}; require-trusted-types-for 'script'; trusted-types 'none'`,
  })

  test.each([
    ['by address', () => policy(stage.api.origin, stage.api.origin), ''],
    ['by nonce', () => policy(`'strict-dynamic'`, stage.api.origin), 'nonce="page"'],
  ])('nothing is violated, the script allowed %s', async (_, headers, attributes) => {
    stage.show(watch + stage.tag(attributes), headers())
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    expect(await visitor.posts()).toBe(1)
    expect(await visitor.page.evaluate('violations')).toEqual([])
    await expect.poll(async () => (await visitor.cookie())?.value).toBe(`JANE20.${stage.api.clicks()[0]?.clickId}`)
  })

  test('a page that forbids the post has the cookie and no error', async () => {
    stage.show(watch + stage.tag(), policy(stage.api.origin, "'none'"))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await expect.poll(() => visitor.page.evaluate('violations.length')).toBeGreaterThan(0)
    expect(await visitor.page.evaluate('violations')).toEqual(['connect-src'])
    expect((await visitor.cookie())?.value).toMatch(/^JANE20\.clk_/)
    expect(stage.api.asked).toEqual([])
    expect(visitor.errors).toEqual([])
  })
})

test.each(['acme.test', 'www.acme.test', 'elsewhere.test'])('In a frame on %s it is silent', async host => {
  stage.show(`<script>
    if (top === self) document.write('<iframe src="${stage.at('acme.test', '/framed?ref=JANE20')}"></iframe>')
    else document.write(${JSON.stringify(stage.tag()).replaceAll('</', '<\\/')})
  </script>`)
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at(host))
  const frame = visitor.page.frames()[1]
  expect(frame?.url()).toContain('/framed?ref=JANE20')
  expect(await frame?.evaluate(() => document.scripts.length)).toBe(2)
  expect(await visitor.posts()).toBe(0)
  expect(await visitor.context.cookies()).toEqual([])
  expect(await frame?.evaluate(() => 'mislata' in window)).toBe(false)
  expect(visitor.errors).toEqual([])
})
