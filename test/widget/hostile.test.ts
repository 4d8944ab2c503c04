import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { application, applied, dashboard, events, mine, notApplied, page as pageOf, payoutSettings, picture } from './replies.ts'
import { type Answers, type Stage, setStage, tokenFor } from './support.ts'

// Pages whose style and scripts do to everything what some pages do. The same elements stand in a peaceful one, and what
// they look like there is what they have to look like everywhere.

let stage: Stage
let calm: Shown
beforeAll(async () => {
  stage = await setStage()
  const { page, close } = await visit({})
  calm = await look(page)
  await close()
})
afterAll(() => stage.close())

const token = tokenFor('cus_1')
const applyFields = [
  { name: 'submit', label: 'Submit', type: 'text' as const, required: true },
  { name: 'elements', label: 'Elements', type: 'select' as const, options: ['constructor', '__proto__'] },
]
const answers: Answers = {
  'GET /v1/affiliate/apply/status': ({ headers }) => ({
    body: headers['x-api-key'] === 'pending' ? application('pending') : notApplied({ brand: { applyFields } }),
  }),
  'POST /v1/affiliate/apply': () => ({ status: 201, body: applied() }),
  'GET /v1/affiliate/dashboard': () => ({ body: dashboard() }),
  'GET /referrals/me': () => ({ body: mine() }),
  'GET /referrals/me/events': () => ({ body: events() }),
  'GET /referrals/qr.svg': () => ({ body: picture() }),
  'GET /v1/affiliate/payout-settings': () => ({ body: payoutSettings() }),
  'GET /v1/affiliate/api-keys': () => ({ body: pageOf() }),
  'GET /v1/affiliate/webhooks': () => ({ body: pageOf() }),
}
const elements = `<mislata-apply publishable-key="none"></mislata-apply><mislata-status publishable-key="pending"></mislata-status>
  <mislata-dashboard token="${token}"></mislata-dashboard><mislata-refer token="${token}"></mislata-refer>`

type Host = {
  head?: string
  around?: (elements: string) => string
  doctype?: string
  script?: () => void
  lang?: string
  count?: number
}

/** A page without a policy of its own, with all of the elements in it. */
async function visit({ head = '', around = html => html, doctype = '<!doctype html>', script, lang = 'en-GB', count = 1 }: Host) {
  const html = `${doctype}<html lang="${lang}"><meta charset="utf-8"><title>Host</title><style>html{font:16px system-ui,sans-serif}body{margin:0}</style>
    ${script ? `<script>(${script})()</script>` : ''}<script type="module" src="${stage.origin}/widget.js"></script>${head}${around(elements)}`
  // A page of such scripts is not one for the tests' own: it gets no clock and is not used again.
  const how = script ? { before: async () => {} } : { now: '2026-11-21T12:00:00Z' }
  const opened = await stage.open('', { answers, html, ...how })
  // By what there is to be seen: a script in the page would have to do with what the page has made of everything.
  for (const tag of TAGS)
    await opened.page
      .locator(`${tag} h2`)
      .nth(tag === TAGS[0] ? count - 1 : 0)
      .waitFor({ timeout: 8_000 })
  return opened
}

const TAGS = ['mislata-apply', 'mislata-status', 'mislata-dashboard', 'mislata-refer']

type Shown = Record<string, string[]>

/** What each element shows: every box of it with its place, size, colours and text, from the element's own corner on. */
function look(page: Page): Promise<Shown> {
  return page.evaluate(async tags => {
    const of = [
      'color',
      'background-color',
      'border-top-color',
      'border-top-width',
      'font-size',
      'font-weight',
      'font-style',
      'font-variant',
      'font-family',
      'line-height',
      'letter-spacing',
      'word-spacing',
      'text-transform',
      'text-align',
      'text-indent',
      'text-shadow',
      'white-space',
      'word-break',
      'display',
      'visibility',
      'opacity',
      'cursor',
      'list-style-type',
      'box-sizing',
      'direction',
      'color-scheme',
      '-webkit-text-fill-color',
    ]
    await document.fonts.ready
    const shown: Shown = Object.create(null)
    for (const tag of tags) {
      const root = document.querySelector(tag)?.shadowRoot
      const corner = root?.querySelector('.card')?.getBoundingClientRect()
      const all: string[] = []
      root?.querySelectorAll('*').forEach(element => {
        const { x, y, width, height } = element.getBoundingClientRect()
        const place = [x - (corner?.x ?? 0), y - (corner?.y ?? 0), width, height].map(Math.round).join(' ')
        // What has no box of its own, as the answers of a closed list, is nowhere.
        const box = width + height === 0 ? 'none' : place
        const style = getComputedStyle(element)
        const own = of.map(name => style.getPropertyValue(name)).join('; ')
        all.push(`${element.localName}.${element.getAttribute('class')} ${box} | ${own} | ${element.textContent?.slice(0, 60)}`)
      })
      shown[tag] = all
    }
    return shown
  }, TAGS)
}

const important = (rules: string) => `<style>${rules.replaceAll(';', ' !important;')}</style>`

describe('The elements look as everywhere in a page that', () => {
  test.each<[string, Host]>([
    ['unsets everything', { head: important('*, *::before, *::after { all: unset; }') }],
    ['sets everything back', { head: important('* { all: initial; }') }],
    [
      'resets everything',
      {
        head: important(`*, *::before, *::after { margin: 0; padding: 0; border: 0; box-sizing: content-box; background: none; list-style: none;
          vertical-align: baseline; outline: 0; appearance: none; font-size: 62.5%; line-height: 1; }`),
      },
    ],
    [
      'has a taste of its own',
      {
        head: important(`* { color: red; background: yellow; font-style: italic; font-weight: 900; font-size: 31px; font-variant: small-caps;
          line-height: 3; letter-spacing: .3em; word-spacing: 1em; text-transform: uppercase; text-indent: 2em; text-align: center; text-shadow: 2px 2px red;
          white-space: pre; word-break: break-all; list-style: square; cursor: crosshair; -webkit-text-fill-color: red; tab-size: 8; hyphens: auto;
          border-collapse: collapse; user-select: none; quotes: none; }`),
      },
    ],
    [
      'has their classes, parts and names',
      {
        head: important(
          `.card, .primary, .field, .figures, .tabs, .hidden, .state, [part], #panel, input, button, svg { display: none; }`,
        ),
        around: html => `<div id="panel"></div><form id="name"><input id="email"></form><b id="tab-overview"></b>${html}`,
      },
    ],
    ['is written in the old way', { doctype: '', around: html => `<center><font size="7">${html}</font></center>` }],
    [
      'lays them out as a table',
      { around: html => `<table width="100%" cellpadding="0" cellspacing="0"><td>${html}</td></table>` },
    ],
    ['has another base', { head: '<base href="https://elsewhere.test/deep/" target="_blank">' }],
  ])('%s', async (_, host) => {
    const { page, faults, close } = await visit(host)
    const shown = await look(page)
    for (const [tag, boxes] of Object.entries(calm)) {
      const other = boxes.map((box, at) => [box, shown[tag]?.[at]]).filter(([expected, found]) => expected !== found)
      expect([tag, other.slice(-3)]).toEqual([tag, []])
      expect(shown[tag]?.length).toBe(boxes.length)
    }
    expect(faults).toEqual([])
    await close()
  })
})

// Each runs before anything else of the page, as a script in its head does.
const scripts: Record<string, () => void> = {
  'adds to every array, text and number, as libraries of long ago do': () => {
    const added = {
      each(this: unknown[], act: (one: unknown) => void) {
        for (const one of this) act(one)
      },
      entries(this: unknown[]) {
        return [...this]
      },
      find(this: unknown[], test: (one: unknown, at: number) => boolean) {
        return this.filter(test)[0]
      },
      toJSON: () => 'no',
      last: 'last',
    }
    Object.assign(Array.prototype, added)
    Object.assign(Array, { from: (list: ArrayLike<unknown>) => [].slice.call(list) })
    Object.assign(String.prototype, { strip: () => '', sub: () => '', toJSON: () => 'no' })
    Object.assign(Number.prototype, { times: () => 0, toJSON: () => 'no' })
    Object.assign(Date.prototype, { toJSON: () => 'no' })
    const own = Element
    const replaced = (name: string) => document.createElement(name)
    replaced.prototype = own.prototype
    Object.assign(window, { Element: replaced, $: () => null, $$: () => [], jQuery: () => null, _: undefined })
    Object.assign(own.prototype, {
      select: () => [],
      hide: () => null,
      show: () => null,
      update: () => null,
      visible: () => true,
    })
  },
  'adds to every object': () => {
    Object.assign(Object.prototype, { extend: () => ({}), legacy: 'yes', size: 0, each: () => null })
  },
  'wraps what the browser has': () => {
    const { define } = customElements
    customElements.define = function (...all) {
      define.apply(this, all)
    }
    const { fetch } = window
    window.fetch = (...all) => new Promise((resolve, reject) => fetch(...all).then(resolve, reject))
    const { attachShadow, addEventListener, removeEventListener } = Element.prototype
    Element.prototype.attachShadow = function (how) {
      return attachShadow.call(this, how)
    }
    Element.prototype.addEventListener = function (...all: Parameters<typeof addEventListener>) {
      return addEventListener.apply(this, all)
    }
    Element.prototype.removeEventListener = function (...all: Parameters<typeof removeEventListener>) {
      return removeEventListener.apply(this, all)
    }
    window.Promise = class Patched<T> extends Promise<T> {} as PromiseConstructor
    window.queueMicrotask = task => void Promise.resolve().then(task)
  },
  'listens to everything, and stops what is not its own': () => {
    for (const type of ['submit', 'input', 'change', 'keydown', 'click', 'focusin'])
      document.addEventListener(type, event => {
        const target = event.target as HTMLElement
        if (target.closest('a[href]')) event.preventDefault()
        event.stopImmediatePropagation()
      })
  },
}

describe('The elements work as everywhere in a page that', () => {
  const named = [
    'title',
    'domain',
    'links',
    'forms',
    'images',
    'cookie',
    'referrer',
    'URL',
    'location',
    'fetch',
    'customElements',
  ]
  const noise = named.map(name => `<form name="${name}"></form><b id="${name}"></b>`).join('')

  test.each<[string, Host]>([
    ...Object.entries(scripts).map(([name, script]): [string, Host] => [name, { script }]),
    ['has names that stand for what every page has', { around: html => html + noise }],
    [
      'writes itself anew',
      { around: html => `${html}<script>addEventListener('load', () => { document.body.innerHTML += '<p>' })</script>` },
    ],
    [
      'moves them about',
      {
        around: html => `${html}<footer></footer><script>
          const each = () => [...document.querySelectorAll('mislata-apply, mislata-status, mislata-dashboard, mislata-refer')]
          for (const element of each()) element.remove(), document.body.append(element)
          addEventListener('load', () => { for (const element of each()) document.querySelector('footer').append(element) })
        </script>`,
      },
    ],
  ])('%s', async (_, host) => {
    const { page, asked, faults, close } = await visit(host)
    page.setDefaultTimeout(10_000)
    const apply = page.locator('mislata-apply')
    await apply.getByLabel('Name').fill('Jane')
    await apply.getByLabel('E-mail').fill('jane@example.com')
    await apply.getByLabel('Submit').fill('yes')
    await apply.getByLabel('Elements').selectOption('__proto__')
    await apply.getByLabel('Submit').press('Enter')
    await apply.getByText('Your application is in').waitFor()
    const sent = asked.find(({ route }) => route === 'POST /v1/affiliate/apply')
    const expected = { name: 'Jane', email: 'jane@example.com', answers: { submit: 'yes', elements: '__proto__' } }
    expect(JSON.parse(sent?.body ?? '')).toEqual(expected)

    const board = page.locator('mislata-dashboard')
    await board.getByText('Show as a table').click()
    expect(await board.getByRole('table').first().getByRole('row').count()).toBe(31)
    await board.getByRole('tab', { name: 'Payouts' }).press('End')
    await board.getByRole('heading', { name: 'API keys' }).waitFor()
    await board.getByRole('tab', { name: 'Links' }).click()
    await board.getByRole('button', { name: 'QR code' }).click()
    await board.getByRole('img', { name: /QR code of/ }).waitFor()
    await page.locator('mislata-refer').getByRole('button', { name: 'Copy link' }).click()
    await page
      .locator('mislata-refer')
      .getByText(/Copied|The link is selected/)
      .first()
      .waitFor()
    expect(faults).toEqual([])
    await close()
  })
})

test('The elements are as wide as they need to be in a row, a column, a grid, a float, a line and a place of their own', async () => {
  const places = [
    'display:flex;justify-content:center',
    'display:flex;flex-direction:column;align-items:center',
    'display:grid;place-items:center',
    'display:flow-root" class="float',
    'text-align:center" class="line',
    'position:relative;block-size:900px" class="own',
  ]
  const own = '<style>.float > *{float:left}.line > *{display:inline-block}.own > *{position:absolute}</style>'
  const one = '<mislata-apply publishable-key="none"></mislata-apply>'
  const around = (html: string) =>
    `${own}${places.map(style => `<div style="${style}">${one}</div>`).join('')}${html.replace(one, '')}`
  const { page, close } = await visit({ around, count: places.length })
  for (const width of [900, 320]) {
    await page.setViewportSize({ width, height: 900 })
    const found = await page.evaluate(() => ({
      widths: [...document.querySelectorAll('mislata-apply')].map(
        element => element.shadowRoot?.querySelector('.card')?.getBoundingClientRect().width ?? 0,
      ),
      page: document.documentElement.scrollWidth,
    }))
    const least = Math.min(0.9 * width, 480)
    expect(found).toEqual({ widths: places.map((_, at) => Math.max(found.widths[at] ?? 0, least)), page: width })
  }
  await close()
})
