import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.reset())

const ALL = 'data-forms="auto" data-stripe="auto" data-link-domains="acme.test,shop.example"'

describe('A click is captured, and the page is not troubled, where the page', () => {
  test.each([
    ['has added to every object', `<script>Object.assign(Object.prototype, { extend() {}, legacy: 'yes' })</script>`],
    [
      'wraps what the browser has',
      `<script>
        const { fetch } = window
        window.fetch = (...all) => new Promise((resolve, reject) => fetch(...all).then(resolve, reject))
        window.Promise = class extends Promise {}
        const { addEventListener } = EventTarget.prototype
        EventTarget.prototype.addEventListener = function (...all) { return addEventListener.apply(this, all) }
      </script>`,
    ],
    [
      'has elements that go by the names of what it uses',
      ['fetch', 'navigation', 'history', 'URL', 'Date', 'top', 'self']
        .map(id => `<form id="${id}"></form><a id="${id}"></a>`)
        .join(''),
    ],
    ['has another base', '<base href="https://elsewhere.example/deep/" target="_blank">'],
    ['is written in the old way', '<center><font>'],
    [
      'ends its own scripts with an error',
      `<script>throw undefined</script><script>addEventListener('error', event => event.preventDefault())</script>`,
    ],
  ])('%s', async (name, html) => {
    stage.show(`${html}${stage.tag(ALL)}`)
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    expect((await visitor.cookie())?.value).toMatch(/^JANE20\.clk_/)
    expect(visitor.errors.filter(error => !(name.startsWith('ends') && /undefined/.test(error)))).toEqual([])
  })

  // A form by one of these names takes the place of what the document itself has under it.
  test.each([
    'cookie',
    'URL',
    'domain',
    'referrer',
    'currentScript',
    'addEventListener',
    'querySelectorAll',
  ])('hides document.%s behind a form, there may be no click, and there is no error', async hidden => {
    stage.show(`<form name="${hidden}"></form>${stage.tag(ALL)}`)
    await using visitor = await stage.visitor()
    const logged: string[] = []
    visitor.page.on('console', message => message.type() === 'error' && logged.push(message.text()))
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.posts()
    expect([visitor.errors, logged.filter(each => !/favicon|404/.test(each))]).toEqual([[], []])
  })
})

describe('A page that sends its form itself has the click in', () => {
  const form = '<form id="signup"><input name="email" value="a@b.example"><button>Go</button></form>'
  const send = (read: string) =>
    `<script>document.forms.signup.onsubmit = event => { event.preventDefault(); sent = ${read} }</script>`

  test.each([
    ['form data', 'Object.fromEntries(new FormData(event.target))'],
    ['form data of a button', 'Object.fromEntries(new FormData(event.target, event.submitter))'],
    ['a query', 'Object.fromEntries(new URLSearchParams(new FormData(event.target)))'],
    ['JSON', 'JSON.parse(JSON.stringify(Object.fromEntries(new FormData(event.target).entries())))'],
  ])('%s', async (_, read) => {
    stage.show(form + send(read) + stage.tag('data-forms="auto"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect(await visitor.posts()).toBe(1)
    const ref = await visitor.api()
    await visitor.page.click('button')
    expect(await visitor.page.evaluate('sent')).toEqual({
      email: 'a@b.example',
      mislata_ref: ref,
      mislata_click: ref.split('.')[1],
    })
  })

  test('what it reads field by field, where it asks for it', async () => {
    const read = `Object.fromEntries([...event.target.elements].filter(each => each.name).map(each => [each.name, each.value]).concat([['ref', mislata.code]]))`
    stage.show(form + send(read) + stage.tag('data-forms="auto"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.page.click('button')
    expect(await visitor.page.evaluate('sent')).toEqual({ email: 'a@b.example', ref: 'JANE20' })
  })
})

test('It takes no long task: of a page with a thousand links and a hundred forms a few milliseconds', async () => {
  const links = Array.from(
    { length: 1000 },
    (_, at) => `<a href="${at % 50 ? '/plans' : 'https://buy.stripe.com'}/${at}">Buy</a>`,
  ).join('')
  stage.show(`${links}${'<form><input name="a"></form>'.repeat(100)}${stage.tag(ALL)}`)
  // Another process may have been given the time: the least of some is what it takes.
  const spent: number[] = []
  while (!spent.some(each => each < 50) && spent.length < 3) {
    await using visitor = await stage.visitor()
    const cdp = await visitor.context.newCDPSession(visitor.page)
    await cdp.send('Profiler.enable')
    await cdp.send('Profiler.setSamplingInterval', { interval: 200 })
    await cdp.send('Profiler.start')
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.page.waitForFunction(`document.links[0].href.includes('client_reference_id')`)
    const { nodes, samples = [], timeDeltas = [] } = (await cdp.send('Profiler.stop')).profile
    const own = new Set(nodes.filter(({ callFrame }) => callFrame.url.startsWith(stage.api.origin)).map(({ id }) => id))
    expect(own.size).toBeGreaterThan(0)
    spent.push(samples.reduce((sum, id, at) => sum + (own.has(id) ? (timeDeltas[at] ?? 0) : 0), 0) / 1000)
  }
  console.log(`snippet: ${spent.map(each => each.toFixed(1)).join(', ')} ms of a page with 1000 links`)
  expect(Math.min(...spent)).toBeLessThan(50)
})
