import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.reset())

const LINKED = 'data-link-domains="acme.test,shop.example"'
const handed = (code: string, age = 0, clickId = `clk_${Date.now()}12345678`) =>
  `mislata_ref=${code}.${clickId}_${Date.now() - age}`
const ready = (page: { waitForFunction(what: string): Promise<unknown> }) =>
  page.waitForFunction(`mislata.link('/a') !== '/a' || performance.getEntriesByType('resource').length > 2`)

test('The second file is loaded only where an attribute asks for it', async () => {
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  expect(await visitor.posts()).toBe(1)
  expect(stage.api.scripts).toEqual(['/m.js'])
  expect(await visitor.page.evaluate(`mislata.link('/a?b')`)).toBe('/a?b')
  stage.show(stage.tag('data-stripe="auto"'))
  await visitor.page.goto(stage.at('acme.test'))
  await expect.poll(() => stage.api.scripts).toContain(`/${stage.secondName}`)
})

describe('A link to another of the host’s sites', () => {
  test.each(['click', 'keyboard'])('carries the click when it is followed by %s, and the other site takes it', async how => {
    stage.show(`${stage.tag(LINKED)}<a id="to" href="${stage.at('www.shop.example', '/buy?x=1')}">Shop</a>`)
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect(await visitor.posts()).toBe(1)
    const ref = await visitor.api()
    await ready(visitor.page)
    if (how === 'click') await visitor.page.click('#to')
    else await visitor.page.press('#to', 'Enter')
    await visitor.page.waitForURL('**/buy?**')
    await visitor.page.waitForFunction('mislata.code')
    expect(await visitor.api()).toBe(ref)
    await expect
      .poll(async () => (await visitor.context.cookies()).map(({ domain, value }) => [domain, value]))
      .toEqual(
        expect.arrayContaining([
          ['.acme.test', ref],
          ['.shop.example', ref],
        ]),
      )
    expect(await visitor.posts()).toBe(1)
    expect(visitor.errors).toEqual([])
  })

  test('and no other: not within the site, not to others, not to one that only looks like it', async () => {
    const links = [
      '/a',
      stage.at('app.acme.test'),
      stage.at('other.test', '/'),
      stage.at('evilshop.example', '/'),
      'mailto:a@b.example',
    ]
    stage.show(`${stage.tag(LINKED)}${links.map(link => `<a href="${link}">x</a>`).join('')}`)
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.posts()
    await ready(visitor.page)
    const after = await visitor.page.evaluate(() => {
      addEventListener('click', event => event.preventDefault())
      return [...document.links].map(link => {
        link.click()
        return link.getAttribute('href')
      })
    })
    expect(after).toEqual(links)
  })

  test('is made by link(url) too, and nothing that it is given hurts', async () => {
    stage.show(stage.tag(LINKED))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.posts()
    await ready(visitor.page)
    const url = new URL(await visitor.page.evaluate<string>(`mislata.link('https://shop.example/a?b=1#c')`))
    expect(url.searchParams.get('mislata_ref')).toMatch(/^JANE20\.clk_\d+_\d{13}$/)
    expect([url.searchParams.get('b'), url.hash]).toEqual(['1', '#c'])
    expect(await visitor.page.evaluate(`[mislata.link('http://['), mislata.link(7) && 1, mislata.link() && 1]`)).toEqual([
      'http://[',
      1,
      1,
    ])
  })
})

describe('What is handed over is taken', () => {
  async function arrive(path: string, attributes = LINKED, before?: string) {
    stage.show(stage.tag(attributes))
    const visitor = await stage.visitor()
    if (before) await visitor.context.addCookies([{ name: 'mislata_ref', value: before, domain: '.shop.example', path: '/' }])
    await visitor.page.goto(stage.at('shop.example', path))
    await expect.poll(() => stage.api.scripts.length).toBe(attributes ? 2 : 1)
    await visitor.posts()
    return visitor
  }
  const own = (age: number) => `OWN.clk_${Date.now() - age}12345678`

  test.each([
    ['while it is fresh', () => handed('JANE20', 60_000), LINKED, undefined, /^JANE20\./],
    ['and not later', () => handed('JANE20', 200_000), LINKED, undefined, undefined],
    ['and not from the future', () => handed('JANE20', -200_000), LINKED, undefined, undefined],
    ['and not where the attribute does not stand', () => handed('JANE20'), '', undefined, undefined],
    [
      'and not by a site that is not listed itself',
      () => handed('JANE20'),
      'data-link-domains="acme.test"',
      undefined,
      undefined,
    ],
    ['and not where it is no click', () => 'mislata_ref=%3Cb%3E.clk_1_1', LINKED, undefined, undefined],
    ['over an earlier click of the site’s own', () => handed('JANE20'), LINKED, own(9e7), /^JANE20\./],
    ['and not over a later one', () => handed('JANE20', 0, `clk_${Date.now() - 9e7}1`), LINKED, own(0), /^OWN\./],
    ['and not over a first one', () => handed('JANE20'), `${LINKED} data-attribution="first"`, own(9e7), /^OWN\./],
  ])('%s', async (_, query, attributes, before, expected) => {
    await using visitor = await arrive(`/?${query()}`, attributes, before)
    const value = (await visitor.cookie())?.value
    if (expected) expect(value).toMatch(expected)
    else expect(value).toBeUndefined()
    expect(visitor.errors).toEqual([])
  })

  test('once the visitor has agreed, where that is required', async () => {
    await using visitor = await arrive(`/?${handed('JANE20')}`, `${LINKED} data-consent="required"`)
    expect(await visitor.context.cookies()).toEqual([])
    await visitor.page.waitForFunction(`mislata.consent.toString().includes('then')`)
    await visitor.page.evaluate('mislata.consent(true)')
    await expect.poll(async () => (await visitor.cookie())?.value).toMatch(/^JANE20\./)
    await visitor.page.evaluate('mislata.consent(false)')
    await visitor.page.evaluate('mislata.consent(true)')
    expect(await visitor.context.cookies()).toEqual([])
  })
})

describe('With data-stripe="auto" the click is Stripe’s client reference:', () => {
  const PAGE = `<a id="link" href="https://buy.stripe.com/abc?locale=de">Buy</a>
    <a id="own" href="https://buy.stripe.com/abc?client_reference_id=order_7">Buy</a>
    <a id="else" href="/buy">Buy</a>
    <stripe-pricing-table id="table"></stripe-pricing-table>
    <stripe-buy-button id="button" client-reference-id="order_7"></stripe-buy-button>`
  const look = () =>
    Object.fromEntries(
      [...document.querySelectorAll('[id]')].map(each => [
        each.id,
        each.getAttribute('href') ?? each.getAttribute('client-reference-id'),
      ]),
    )

  test('in payment links, pricing tables and buy buttons, those that are there and those that come', async () => {
    stage.show(PAGE + stage.tag('data-stripe="auto"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.posts()
    const clickId = (await visitor.api()).split('.')[1]
    expect(clickId).toMatch(/^[\w-]{1,200}$/)
    await expect
      .poll(() => visitor.page.evaluate(look))
      .toEqual({
        link: `https://buy.stripe.com/abc?locale=de&client_reference_id=${clickId}`,
        own: 'https://buy.stripe.com/abc?client_reference_id=order_7',
        else: '/buy',
        table: clickId,
        button: 'order_7',
      })
    await visitor.page.evaluate(() =>
      document.body.append(Object.assign(document.createElement('stripe-buy-button'), { id: 'late' })),
    )
    await visitor.page.waitForFunction(`document.getElementById('late').getAttribute('client-reference-id')`)
    expect(visitor.errors).toEqual([])
  })

  test('the one that the server knows', async () => {
    const known = `clk_${Date.now()}KNOWN`
    const answer = Promise.withResolvers<void>()
    stage.api.state.answer = click => ({
      after: answer.promise,
      body: { clickId: known, code: click.code, expiresAt: new Date(Date.now() + 1e9).toISOString() },
    })
    stage.show(PAGE + stage.tag('data-stripe="auto"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.page.waitForFunction(`document.getElementById('table').getAttribute('client-reference-id')`)
    answer.resolve()
    await expect.poll(() => visitor.page.evaluate(look)).toMatchObject({ table: known })
    expect((await visitor.page.evaluate(look)).link).toContain(`client_reference_id=${known}`)
  })

  test('never an empty one', async () => {
    stage.show(PAGE + stage.tag('data-stripe="auto"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test'))
    await expect.poll(() => stage.api.scripts.length).toBe(2)
    await visitor.posts()
    expect(await visitor.page.evaluate(look)).toMatchObject({ link: 'https://buy.stripe.com/abc?locale=de', table: null })
  })
})

describe('Under the strictest policy the second file is loaded', () => {
  test.each([
    ['by address', () => stage.api.origin, ''],
    ['by nonce', () => '', 'nonce="page"'],
    ['by nonce, strictly', () => `'strict-dynamic'`, 'nonce="page"'],
  ])('%s', async (_, scripts, attributes) => {
    const policy = `default-src 'none'; script-src 'nonce-page' ${scripts()}; connect-src ${stage.api.origin}; require-trusted-types-for 'script'; trusted-types 'none'`
    const watch = `<script nonce="page">violations = []; addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective))</script>`
    stage.show(
      `${watch}<stripe-pricing-table></stripe-pricing-table>${stage.tag(`${attributes} ${LINKED} data-stripe="auto" data-forms="auto" data-clean-url`)}`,
      {
        'content-security-policy': policy,
      },
    )
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.page.locator('[client-reference-id]').first().waitFor({ state: 'attached' })
    expect(await visitor.posts()).toBe(1)
    expect(await visitor.page.evaluate('violations')).toEqual([])
    expect(visitor.errors).toEqual([])
  })

  test('or it is missing: the rest works', async () => {
    stage.show(stage.tag(LINKED))
    await using visitor = await stage.visitor()
    await visitor.context.route(`**/${stage.secondName}`, route => route.abort())
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await stage.api.told(1)
    expect(await visitor.posts()).toBe(1)
    expect(await visitor.page.evaluate(`mislata.link('/a')`)).toBe('/a')
    expect(visitor.errors).toEqual([])
  })
})
