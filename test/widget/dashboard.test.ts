import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers } from './axe.ts'
import { commission, dashboard, problem, program, series } from './replies.ts'
import { type Answer, type Asked, type Stage, setStage, tokenFor } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage({ oneDocument: true })
})
afterAll(() => stage.close())

const DASHBOARD = 'GET /v1/affiliate/dashboard'
const ELEMENT = `<mislata-dashboard token="${tokenFor('cus_1')}"></mislata-dashboard>`

const byDays = ({ query }: Asked): Answer => ({ body: dashboard({ days: Number(query.get('days')) }) })

async function open(
  answer: (asked: Asked) => Answer = byDays,
  more: Partial<Parameters<Stage['open']>[1]> & { element?: string } = {},
) {
  const { element = ELEMENT, ...options } = more
  const opened = await stage.open(element, { answers: { [DASHBOARD]: answer }, now: '2026-11-21T12:00:00Z', ...options })
  await opened.page.getByText('Latest earnings').waitFor()
  return opened
}

const copied = (page: Page) => page.evaluate(() => window.seen.filter(({ type }) => type === 'copied'))
const LINK = 'https://acme.test/?ref=JANE20'

describe('The link', () => {
  test('is copied in place, and that is said', async () => {
    const { page, close } = await open(byDays, { context: { permissions: ['clipboard-read', 'clipboard-write'] } })
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.getByRole('status').textContent()).toBe('Copied')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(LINK)
    expect(await copied(page)).toEqual([{ type: 'copied', detail: { text: LINK } }])
    await close()
  })

  test('says it for a moment only', async () => {
    const before = (page: Page) => page.clock.install()
    const context = { permissions: ['clipboard-write'] }
    const { page, close } = await open(byDays, { before, context, now: undefined })
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    await page.clock.runFor(3000)
    await page.getByRole('button', { name: 'Copy link' }).waitFor()
    await close()
  })

  test.each<[string, () => void]>([
    ['is missing', () => Object.defineProperty(navigator, 'clipboard', { value: undefined })],
    [
      'refuses',
      () => Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } }),
    ],
  ])('is selected where the clipboard %s, and copied the old way', async (_, breakClipboard) => {
    const { page, close } = await open(byDays, { before: page => page.addInitScript(breakClipboard) })
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(selection)).toBe(LINK)
    await close()
  })

  test('waits selected where the browser copies nothing at all', async () => {
    const before = (page: Page) =>
      page.addInitScript(() => {
        Object.defineProperty(navigator, 'clipboard', { value: undefined })
        document.execCommand = () => false
      })
    const { page, close } = await open(byDays, { before })
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('The link is selected. Press Ctrl+C').waitFor()
    expect(await page.evaluate(selection)).toBe(LINK)
    expect(await copied(page)).toEqual([])
    expect(await barriers(page)).toEqual([])
    await close()
  })
})

function selection() {
  const input = document.querySelector('mislata-dashboard')?.shadowRoot?.activeElement as HTMLInputElement
  return input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0)
}

describe('The chart', () => {
  test('shows the time that is asked for, and keeps what it shows while it waits', async () => {
    let answer = () => {}
    const after = new Promise<void>(resolve => {
      answer = resolve
    })
    const { page, asked, close } = await open(asked => ({ ...byDays(asked), ...(asked.query.get('days') === '7' && { after }) }))
    await page.getByRole('button', { name: '7 days' }).click()
    await page.locator('section[aria-busy=true]').waitFor()
    expect(await page.locator('.dates').innerText()).toContain('23 Oct')
    answer()
    await page.locator('.dates').getByText('15 Nov').waitFor()
    expect(asked.map(({ query }) => query.get('days'))).toEqual(['30', '7'])
    expect(await page.locator('.ranges [aria-pressed=true]').innerText()).toBe('7d')
    await close()
  })

  test('that cannot be had says so, keeps the one before, and can be had again', async () => {
    let answer: Answer = { status: 500, body: problem(500, 'internal') }
    const { page, close } = await open(asked => (asked.query.get('days') === '30' ? byDays(asked) : answer))
    await page.getByRole('button', { name: '1 year' }).click()
    await page.getByRole('alert').getByText('Something went wrong on our side').waitFor()
    expect(await page.locator('.ranges [aria-pressed=true]').innerText()).toBe('30d')
    expect(await barriers(page)).toEqual([])
    answer = { body: dashboard({ days: 365 }) }
    await page.getByRole('button', { name: '1 year' }).click()
    await page.locator('.dates').getByText('22 Nov 2025').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await close()
  })

  test('says the figures of the point under the pointer', async () => {
    const { page, close } = await open()
    expect(await page.locator('.readout').innerText()).toContain('569 clicks')
    await page.locator('.plot').hover({ position: { x: 1, y: 60 } })
    await page.locator('.readout').getByText('23 Oct').waitFor()
    expect(await page.locator('.readout').innerText()).toMatch(/4 clicks\s+0 sales/)
    await page.locator('h2').hover()
    await page.locator('.readout').getByText('569 clicks').waitFor()
    await close()
  })

  test('starts at the right where the page is read from there', async () => {
    const { page, close } = await open(byDays, { element: `<div dir="rtl">${ELEMENT}</div>` })
    await page.locator('.plot').hover({ position: { x: 1, y: 60 } })
    await page.locator('.readout').getByText('21 Nov').waitFor()
    await close()
  })

  test('is read with the keyboard too', async () => {
    const { page, close } = await open()
    const chart = page.getByRole('slider', { name: 'Clicks and sales' })
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^21 Nov: 31 clicks, 0 sales, 1 signup, €0.00 earned$/)
    await chart.focus()
    await page.keyboard.press('Home')
    await page.locator('.readout').getByText('23 Oct').waitFor()
    await page.keyboard.press('ArrowRight')
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^24 Oct: /)
    await close()
  })

  test('has a table of the same figures, newest first', async () => {
    const { page, close } = await open()
    await page.getByText('Show as a table').click()
    const rows = page.locator('.as-table tbody tr')
    expect(await rows.count()).toBe(30)
    expect((await rows.first().innerText()).split(/\s*\t\s*/)).toEqual(['21 Nov', '31', '1', '0', '€0.00'])
    expect(await barriers(page)).toEqual([])
    await close()
  })
})

test.each([360, 1280])('Loading keeps the place of what comes, at %d pixels', async width => {
  let answer = () => {}
  const after = new Promise<void>(resolve => {
    answer = resolve
  })
  const { page, close } = await stage.open(ELEMENT, {
    answers: { [DASHBOARD]: asked => ({ ...byDays(asked), after }) },
    context: { viewport: { width, height: 900 } },
  })
  await page.locator('.skeleton').waitFor()
  const top = async (selector: string) => (await page.locator(selector).boundingBox())?.y ?? Number.NaN
  const expected = [await top('.skeleton .field'), await top('.skeleton .figures'), await top('.skeleton .row >> nth=0')]
  answer()
  await page.getByText('Latest earnings').waitFor()
  const found = [await top('.link'), await top('.figures'), await top('.earnings')]
  for (const [index, y] of found.entries())
    expect(Math.abs(y - (expected[index] ?? Number.NaN)), `part ${index}`).toBeLessThan(24)
  await close()
})

describe('An earning', () => {
  test('says why one step away', async () => {
    const { page, close } = await open()
    const why = page.getByText('20% of €598.00, through JANE20').first()
    expect(await why.isVisible()).toBe(false)
    await page.locator('summary', { hasText: 'Pro, yearly' }).first().click()
    expect(await why.isVisible()).toBe(true)
    await close()
  })

  test.each([
    ['pending', {}, 'Pending until 20 Dec', '€119.60'],
    ['approved', { status: 'approved' as const }, 'Approved', '€119.60'],
    [
      'a refund that is still to be settled',
      { amount: -24, status: 'approved' as const },
      'Taken from your next payout',
      '−€24.00',
    ],
    ['of another year', { occurredAt: '2025-12-03T10:00:00.000Z', status: 'paid' as const }, 'Paid', '3 Dec 2025'],
    ['in yen', { currency: 'JPY', amount: 1500 }, 'Pending', 'JP¥1,500'],
    ['of no product', { productId: null }, 'Sale', '€119.60'],
  ])('that is %s says so', async (_, over, ...sentences) => {
    const { page, close } = await open(() => ({ body: dashboard({ commissions: [commission(over)] }) }))
    const row = await page.locator('.earnings tbody tr').innerText()
    for (const sentence of sentences) expect(row).toContain(sentence)
    await close()
  })

  test('after the eighth waits to be asked for', async () => {
    const commissions = Array.from({ length: 30 }, (_, index) =>
      commission({ occurredAt: new Date(Date.UTC(2026, 9, index + 1)).toISOString() }),
    )
    const { page, close } = await open(() => ({ body: dashboard({ commissions }) }))
    const rows = page.locator('.earnings tbody tr')
    expect(await rows.count()).toBe(8)
    await page.getByRole('button', { name: 'Show 20 more' }).click()
    expect(await rows.count()).toBe(28)
    await page.getByRole('button', { name: 'Show 2 more' }).click()
    expect(await rows.count()).toBe(30)
    await close()
  })
})

test('A partner’s own rate goes before the programme’s, and the rules are those of its settings', async () => {
  const settings = { cookieDurationDays: 90, holdingPeriodDays: 0, attribution: 'first', minPayoutAmount: 25 } as const
  const { page, close } = await open(() => ({
    body: dashboard({
      affiliate: { commissionRate: 33.3 },
      program: program({ ...settings, commission: { recurringMonths: null } }),
    }),
  }))
  await page.getByText('You earn 33.3% of every payment', { exact: true }).waitFor()
  expect(await page.locator('.note').innerText()).toBe(
    'The first click within 90 days counts. Commissions are approved at once and due for payout when they reach €25.00 together.',
  )
  await close()
})

test('Markup in names and links stays text', async () => {
  const markup = '<img src=x onerror=alert(1)>'
  const commissions = [commission({ productId: markup, why: { code: markup } })]
  const { page, faults, close } = await open(() => ({
    body: { ...dashboard({ commissions }), link: 'javascript:alert(1)', series: series(7) },
  }))
  await page.locator('summary').getByText(markup).click()
  await page.getByText(`through ${markup}`).waitFor()
  expect(await page.locator('mislata-dashboard img').count()).toBe(0)
  expect(await page.getByLabel('Your link').inputValue()).toBe('')
  expect(await page.evaluate(() => window.violations)).toEqual([])
  expect(faults).toEqual([])
  await close()
})

test('Figures that stand on the screen for a while are fetched again', async () => {
  const before = (page: Page) => page.clock.install({ time: '2026-11-21T12:00:00Z' })
  let pendingBalance = 129.4
  const { page, asked, close } = await open(() => ({ body: dashboard({ affiliate: { pendingBalance } }) }), {
    before,
    now: undefined,
  })
  pendingBalance = 249
  await page.clock.runFor(4 * 60_000)
  expect(asked).toHaveLength(1)
  await page.clock.runFor(95_000)
  await page.getByText('€249.00').waitFor()
  expect(asked).toHaveLength(2)
  await close()
})

describe('The look', () => {
  const background = (page: Page) =>
    page.evaluate(
      () =>
        getComputedStyle(document.querySelector('mislata-dashboard')?.shadowRoot?.querySelector('.card') as Element)
          .backgroundColor,
    )
  const button = (page: Page) =>
    page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(
        document.querySelector('mislata-dashboard')?.shadowRoot?.querySelector('.primary') as Element,
      )
      return [backgroundColor, color]
    })

  test('follows the reader’s choice of day or night, unless the page says which', async () => {
    const { page, close } = await open(byDays, { context: { colorScheme: 'dark' } })
    expect(await background(page)).toBe('rgb(27, 25, 23)')
    await page.evaluate(() => document.querySelector('mislata-dashboard')?.setAttribute('theme', 'light'))
    expect(await background(page)).toBe('rgb(255, 255, 255)')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.evaluate(() => document.querySelector('mislata-dashboard')?.setAttribute('theme', 'dark'))
    expect(await background(page)).toBe('rgb(27, 25, 23)')
    await close()
  })

  test('takes the programme’s accent, and the page’s before it, with a text that can be read on either', async () => {
    const { page, close } = await open(() => ({ body: dashboard({ program: program({ brand: { accent: '#ffe066' } }) }) }))
    expect(await button(page)).toEqual(['rgb(255, 224, 102)', 'color(xyz-d65 0 0 0)'])
    await page.evaluate(() =>
      document.querySelector('mislata-dashboard')?.style.setProperty('--mislata-accent', 'rgb(88, 28, 135)'),
    )
    expect(await button(page)).toEqual(['rgb(88, 28, 135)', 'color(xyz-d65 0.9505 1 1.089)'])
    await close()
  })

  test('takes the page’s font, or the system’s where the page has chosen none', async () => {
    const font = () =>
      getComputedStyle(document.querySelector('mislata-dashboard')?.shadowRoot?.querySelector('.card') as Element).fontFamily
    const plain = await open()
    expect(await plain.page.evaluate(font)).toBe('system-ui, sans-serif')
    await plain.close()
    const before = (page: Page) =>
      page.addInitScript(() => {
        const sheet = new CSSStyleSheet()
        sheet.replaceSync('html { font-family: Georgia }')
        document.adoptedStyleSheets = [sheet]
      })
    const chosen = await open(byDays, { before })
    expect(await chosen.page.evaluate(font)).toBe('Georgia')
    await chosen.close()
  })

  test('fits the finger: every control is 44 pixels high', async () => {
    const commissions = Array.from({ length: 9 }, (_, day) => commission({ occurredAt: `2026-11-0${day + 1}T10:00:00Z` }))
    const { page, close } = await open(() => ({ body: dashboard({ commissions }) }), {
      context: { hasTouch: true, isMobile: true, viewport: { width: 360, height: 700 } },
    })
    const heights = await page
      .locator('mislata-dashboard :is(button, summary, input)')
      .evaluateAll(all => all.map(each => each.clientHeight))
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(42)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    await close()
  })
})
