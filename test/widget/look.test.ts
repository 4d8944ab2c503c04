import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  application,
  dashboard,
  deal,
  endpoint,
  events,
  mine,
  notApplied,
  page as pageOf,
  partnerKey,
  payoutSettings,
  picture,
} from './replies.ts'
import { type Answers, type Stage, setStage, tokenFor } from './support.ts'

// The same screens, looked at in all the ways in which people look at them.

let stage: Stage
let page: Page
beforeAll(async () => {
  stage = await setStage()
  const opened = await stage.open(elements, { answers, now: '2026-11-21T12:00:00Z' })
  page = opened.page
  for (const tag of ['mislata-apply', 'mislata-status', 'mislata-dashboard', 'mislata-refer'])
    await page.locator(`${tag} h2`).waitFor()
})
afterAll(() => stage.close())

const token = tokenFor('cus_1')
const elements = `<mislata-apply publishable-key="none"></mislata-apply><mislata-status publishable-key="pending"></mislata-status>
  <mislata-dashboard token="${token}"></mislata-dashboard><mislata-refer token="${token}"></mislata-refer>`
const long = 'Wolfeschlegelsteinhausenbergerdorff and Daughters of the Upper Valley, since 1874.'
const answers: Answers = {
  'GET /v1/affiliate/apply/status': ({ headers }) => ({
    body: headers['x-api-key'] === 'pending' ? application('pending') : notApplied({ name: long }),
  }),
  'GET /v1/affiliate/dashboard': () => ({
    body: dashboard({
      affiliate: { pendingBalance: 123_456_789.12, approvedBalance: 987_654_321.98, paidTotal: 999_999_999.99 },
      balances: [...'EUR USD JPY GBP BRL INR KWD CHF SEK AED'.split(' ')].map(currency => ({
        currency,
        totalEarned: 1,
        pending: 123_456,
        approved: 7,
        paid: 0,
      })),
      codes: [
        {
          code: 'x'.repeat(64),
          url: `https://acme.test/?ref=${'x'.repeat(64)}`,
          label: long,
          createdAt: '2026-01-10T09:00:00.000Z',
        },
      ],
      deals: [deal({ leadName: long, notes: long.repeat(5) }), deal({ id: 'deal_2', status: 'won' })],
    }),
  }),
  'GET /referrals/me': () => ({ body: mine() }),
  'GET /referrals/me/events': () => ({ body: events() }),
  'GET /referrals/qr.svg': () => ({ body: picture() }),
  'GET /v1/affiliate/payout-settings': () => ({ body: payoutSettings() }),
  'GET /v1/affiliate/api-keys': () => ({ body: pageOf(partnerKey({ name: long })) }),
  'GET /v1/affiliate/webhooks': () => ({ body: pageOf(endpoint({ url: `https://hooks.example/${'x'.repeat(200)}` })) }),
}
const TABS = ['Overview', 'Payouts', 'Links', 'Deals', 'Settings']

async function show(tab: string) {
  await page.getByRole('tab', { name: tab }).click()
  await page.getByRole('tabpanel').locator('h3').first().waitFor()
  if (tab === 'Settings') await page.getByText('ends in').waitFor()
}

/** What is told of each of the boxes in all elements for which `fault` returns something. */
const faults = (fault: (element: HTMLElement, style: CSSStyleDeclaration) => unknown) =>
  page.evaluate(source => {
    const fault = new Function(`return (${source})`)() as (element: Element, style: CSSStyleDeclaration) => unknown
    const all = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll('*') ?? [])])
    return all.flatMap(element => {
      const { width, height } = element.getBoundingClientRect()
      const told = width && height && !element.closest('.hidden') && fault(element, getComputedStyle(element))
      return told ? [`${element.localName}.${element.className} “${element.textContent?.slice(0, 30)}”: ${told}`] : []
    })
  }, `${fault}`)

/** Text that is cut off, or runs out of the box that it is in. */
const cut = () =>
  faults((element, style) => {
    if (
      !/^(input|textarea|select|option|svg|path)$/.test(element.localName) &&
      style.overflowX !== 'auto' &&
      style.textOverflow !== 'ellipsis'
    ) {
      const isBlock = style.display !== 'inline' && element.childElementCount === 0
      if (isBlock && element.scrollWidth > element.clientWidth + 1) return `${element.scrollWidth} in ${element.clientWidth}`
    }
    const card = element.closest('.card')?.getBoundingClientRect()
    const own = element.getBoundingClientRect()
    return (
      card &&
      !element.closest('.tabs, svg') &&
      (own.right > card.right + 1 || own.left < card.left - 1) &&
      `out of the card by ${own.right - card.right}`
    )
  })

describe.each(TABS)('With %s open', tab => {
  beforeAll(async () => {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference', media: 'screen' })
    await show(tab)
  })

  // 640 and 320 are a page of 1280 at 200 and 400 %.
  test.each([320, 360, 480, 640, 768, 1024, 1400])('nothing is cut off or beside the page at %i pixels', async width => {
    await page.setViewportSize({ width, height: 900 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    expect(await cut()).toEqual([])
  })

  test('nothing is cut off where a reader sets letters, words and lines apart', async () => {
    await page.setViewportSize({ width: 360, height: 900 })
    const spread =
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }'
    await page.evaluate(rules => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(rules)
      for (const { shadowRoot } of document.querySelectorAll('*')) shadowRoot?.adoptedStyleSheets.push(sheet)
    }, spread)
    const found = [await page.evaluate(() => document.documentElement.scrollWidth), await cut()]
    await page.evaluate(() => {
      for (const { shadowRoot } of document.querySelectorAll('*')) shadowRoot?.adoptedStyleSheets.pop()
    })
    expect(found).toEqual([360, []])
  })

  test('whatever can be pressed is as large as a fingertip, or has room around it', async () => {
    await page.setViewportSize({ width: 360, height: 900 })
    expect(
      await faults(element => {
        if (!element.matches('button, input, select, textarea, summary, a[href]') || element.closest('p, .plot')) return ''
        const { width, height } = element.getBoundingClientRect()
        const spot = element.closest('tr, li, label')?.getBoundingClientRect()
        return (
          Math.min(Math.max(width, 24), Math.max(height, spot && spot.height >= 24 ? 24 : height)) < 24 && `${width} × ${height}`
        )
      }),
    ).toEqual([])
  })

  test('every control is framed or underlined, and every choice shown, in forced colours', async () => {
    await page.emulateMedia({ forcedColors: 'active' })
    const found = await faults((element, style) => {
      if (
        !element.matches('button, input:not([type=range]), select, textarea, a[href]') ||
        element.matches('.key, .link input, [role=tab], .ranges button')
      ) {
        if (!element.matches('[aria-selected=true], .ranges [aria-pressed=true]')) return ''
        return parseFloat(style.borderBlockEndWidth) + parseFloat(style.outlineWidth) >= 2 ? '' : 'is chosen, and looks as if not'
      }
      const isFramed = parseFloat(style.borderTopWidth) >= 1 && style.borderTopStyle !== 'none'
      return isFramed || style.textDecorationLine.includes('underline') ? '' : 'looks like text'
    })
    await page.emulateMedia({ forcedColors: 'none' })
    expect(found).toEqual([])
  })

  test('nothing moves by itself, and on paper it is day and nothing is there to press', async () => {
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const found = await faults((element, style) => {
      if (element.matches('.tabs, .ranges, .acts, .small-form, .primary:not(form .primary)')) return 'is there to press'
      const channels =
        style.color
          .match(/[\d.]+/g)
          ?.slice(0, 3)
          .map(Number) ?? []
      const isPale = style.color.startsWith('rgb')
        ? channels.every(each => each > 180)
        : style.color.startsWith('oklab') && (channels[0] ?? 0) > 0.75
      return (
        element.childElementCount === 0 &&
        element.textContent?.trim() &&
        isPale &&
        !element.matches('.primary, option') &&
        `${style.color} on white`
      )
    })
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' })
    expect(found).toEqual([])
  })
})

test('What waits stands still for those who want no motion', async () => {
  const answers = { 'GET /v1/affiliate/dashboard': () => ({ after: new Promise(() => {}) }) }
  const opened = await stage.open(`<mislata-dashboard token="${token}"></mislata-dashboard>`, {
    answers,
    context: { reducedMotion: 'reduce' },
  })
  await opened.page.locator('.skeleton').waitFor()
  expect(
    await opened.page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length),
  ).toBe(0)
  await opened.close()
})

test.each(['light', 'dark'])('A page that is %s can say so for all that is in it', async theme => {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    const grounds = await page.evaluate(theme => {
      for (const element of document.querySelectorAll('mislata-apply, mislata-dashboard')) element.setAttribute('theme', theme)
      return [...document.querySelectorAll('mislata-apply, mislata-dashboard')].map(element => {
        const card = element.shadowRoot?.querySelector('.card')
        return card ? getComputedStyle(card).backgroundColor : ''
      })
    }, theme)
    expect(new Set(grounds)).toEqual(new Set([theme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(27, 25, 23)']))
  }
})
