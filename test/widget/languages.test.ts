import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers } from './axe.ts'
import { LANGUAGES, sentences } from './languages.ts'
import {
  application,
  commission,
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
  problem,
} from './replies.ts'
import { type Answers, type Stage, setStage, tokenFor } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage({ oneDocument: true })
})
afterAll(() => stage.close())

const KEY = 'publishable-key="mislata_pk_1"'
const STATUS = 'GET /v1/affiliate/apply/status'
const now = '2026-11-21T12:00:00Z'
const narrow = { viewport: { width: 320, height: 700 } }
const form: Answers = { [STATUS]: () => ({ body: notApplied() }) }

const title = (page: Page) => page.locator('h2').first()
const languageFiles = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(
        ({ name }) =>
          name
            .match(/\/(\w\w)(-\w+)?-[\w-]{8}\.js$/)
            ?.slice(1, 3)
            .join('') ?? '',
      )
      .filter(Boolean)
      .toSorted(),
  )

/** Buttons and states whose text is cut off or hangs out, and whatever makes the page wider than the screen. */
const overflows = (page: Page) =>
  page.locator('.card').evaluate(card => {
    const cut = [...card.querySelectorAll('button, .state, [role=tab], th, dt, label, h2, h3')].filter(
      each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline' && !each.closest('.hidden'),
    )
    // The tabs scroll by themselves where they have to.
    const { left, right } = card.getBoundingClientRect()
    const out = [...card.querySelectorAll('button, p, dd, td, label')].filter(each => {
      const box = each.getBoundingClientRect()
      return box.width > 0 && !each.closest('.tabs, .hidden') && (box.left < left - 1 || box.right > right + 1)
    })
    const page = document.documentElement.scrollWidth > innerWidth ? ['the page'] : []
    return [...page, ...[...cut, ...out].map(each => `${each.tagName} ${each.textContent}`)]
  })

// A page that a test changes is not another's.
const ofItsOwn = async () => {}

type Shown = { element: string; answers: Answers; tabs?: true; group: 'start' | 'dashboard' | 'refer'; name: string }
const shown: Record<string, Shown> = {
  'the form': { element: `<mislata-apply ${KEY}></mislata-apply>`, answers: form, group: 'start', name: 'applyTitle' },
  'an application in review': {
    element: `<mislata-status ${KEY}></mislata-status>`,
    answers: { [STATUS]: () => ({ body: application('pending') }) },
    group: 'start',
    name: 'pendingTitle',
  },
  'a failure': {
    element: `<mislata-status ${KEY}></mislata-status>`,
    answers: { [STATUS]: () => ({ status: 429, body: problem(429, 'too_many_requests'), headers: { 'retry-after': '120' } }) },
    group: 'start',
    name: 'failedTitle',
  },
  'the dashboard': {
    element: `<mislata-dashboard token="${tokenFor('cus_1')}"></mislata-dashboard>`,
    answers: {
      'GET /v1/affiliate/dashboard': () => ({
        body: dashboard({
          deals: [deal(), deal({ id: 'deal_2', status: 'won' })],
          commissions: (['pending', 'approved', 'paid', 'held', 'rejected', 'reversed'] as const).map((status, index) =>
            commission({ status, occurredAt: `2026-11-0${index + 1}T10:00:00Z`, reversedAmount: status === 'reversed' ? 9 : 0 }),
          ),
        }),
      }),
      'GET /v1/affiliate/payout-settings': () => ({ body: payoutSettings() }),
      'GET /v1/affiliate/api-keys': () => ({ body: pageOf(partnerKey()) }),
      'GET /v1/affiliate/webhooks': () => ({ body: pageOf(endpoint()) }),
    },
    tabs: true,
    group: 'dashboard',
    name: 'dashboardTitle',
  },
  'a customer’s referrals': {
    element: `<mislata-refer token="${tokenFor('ada')}"></mislata-refer>`,
    answers: {
      'GET /referrals/me': () => ({ body: mine() }),
      'GET /referrals/me/events': () => ({ body: events() }),
      'GET /referrals/qr.svg': () => ({ body: picture() }),
    },
    group: 'refer',
    name: 'referTitle',
  },
}

describe.each(LANGUAGES)('In %s', lang => {
  test.each(Object.entries(shown))('%s fits at 320 pixels, to the last button', async (_, {
    element,
    answers,
    tabs,
    group,
    name,
  }) => {
    const { page, faults, close } = await stage.open(element, { answers, now, lang, context: narrow })
    await title(page).waitFor()
    const wanted = (await sentences(lang, group))[name] as string
    expect((await title(page).innerText()).replaceAll(/[\u2068\u2069]/g, '')).toBe(wanted.replace('{program}', 'Acme'))
    expect(await page.locator('.card').getAttribute('lang')).toBe(lang)
    expect(await overflows(page)).toEqual([])
    for (let at = 1; tabs && at < 5; at++) {
      await page.getByRole('tab').nth(at).click()
      await page.locator('.panel h3').first().waitFor()
      expect(await overflows(page), `tab ${at}`).toEqual([])
    }
    // No brace is left that something should have filled.
    expect(await page.locator('.card').innerText()).not.toMatch(/[{}]|undefined|NaN/)
    expect(faults).toEqual([])
    await close()
  })
})

describe('The language', () => {
  test.each<[string, string, string, string[], string]>([
    ['is that of the element', 'fr', 'lang="de-AT"', ['ja'], 'Partner werden'],
    ['is that of what it stands in', 'es-MX', '', ['ja'], 'Hazte partner'],
    ['is English where the page’s is not known', 'ca', '', ['de'], 'Become a partner'],
    ['is the first known of the reader’s where the page names none', '', '', ['ca', 'pt-PT', 'de'], 'Seja um parceiro'],
    ['is English where the reader’s are not known either', '', '', ['ca', 'eu'], 'Become a partner'],
  ])('%s', async (_, lang, attribute, languages, says) => {
    const before = (page: Page) =>
      page.addInitScript(languages => Object.defineProperty(navigator, 'languages', { value: languages }), languages)
    const element = `<mislata-apply ${attribute} ${KEY}></mislata-apply>`
    const { page, close } = await stage.open(element, { answers: form, lang, before })
    await title(page).waitFor()
    expect(await title(page).innerText()).toBe(says)
    await close()
  })

  test('is the only one that is loaded, and only for what is shown', async () => {
    const { page, close } = await stage.open(shown['the dashboard']?.element ?? '', {
      answers: shown['the dashboard']?.answers ?? {},
      lang: 'de',
      fresh: true,
    })
    await title(page).waitFor()
    expect(await languageFiles(page)).toEqual(['de', 'de-partner'])
    await page.getByRole('tab', { name: 'Deals' }).click()
    await page.getByRole('button', { name: 'Deal melden' }).waitFor()
    expect(await languageFiles(page)).toEqual(['de', 'de-partner'])
    await close()
  })

  test('changes with the element’s attribute and with the page’s, and keeps what was typed', async () => {
    const { page, close } = await stage.open(`<mislata-apply ${KEY}></mislata-apply>`, { answers: form, before: ofItsOwn })
    await page.getByLabel('Name').fill('Jane')
    await page.evaluate(() => {
      document.documentElement.lang = 'ja'
    })
    await page.getByText('パートナーに登録').waitFor()
    expect(await page.getByLabel('お名前').inputValue()).toBe('Jane')
    await page.evaluate(() => document.querySelector('mislata-apply')?.setAttribute('lang', 'es'))
    await page.getByText('Hazte partner').waitFor()
    expect(await page.getByLabel('Nombre').inputValue()).toBe('Jane')
    await close()
  })

  test('comes before anything is said: shapes keep the place, no English flashes, nothing jumps', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const before = async (page: Page) => {
      await page.route(/\/de-[\w-]{8}\.js$/, async route => {
        await released
        await route.continue()
      })
    }
    const { page, close } = await stage.open(`<mislata-apply ${KEY}></mislata-apply>`, { answers: form, lang: 'de', before })
    await page.locator('.skeleton').waitFor()
    const loaded = () => page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop()))
    await expect.poll(loaded).toContain('status')
    const [text, ready] = [await page.locator('.card').innerText(), await page.evaluate(() => window.seen)]
    expect([text.trim(), ready]).toEqual(['', []])
    const place = (await page.locator('.skeleton .field').first().boundingBox())?.y ?? Number.NaN
    release()
    await page.getByText('Partner werden').waitFor()
    expect(Math.abs(((await page.locator('input').first().boundingBox())?.y ?? Number.NaN) - place)).toBeLessThan(40)
    expect((await page.evaluate(() => window.seen)).map(({ type }) => type)).toEqual(['ready', 'status'])
    await close()
  })

  test('that cannot be had is English, and where that cannot either, something to press until it can', async () => {
    let fails: 'one' | 'all' = 'one'
    const before = async (page: Page) => {
      await page.route(/\/de-[\w-]{8}\.js$/, route => route.abort())
      await page.route(/\/en-[\w-]{8}\.js/, route => (fails === 'all' ? route.abort() : route.continue()))
    }
    const opened = await stage.open(`<mislata-apply ${KEY}></mislata-apply>`, { answers: form, lang: 'de', before })
    await opened.page.getByText('Become a partner').waitFor()
    await opened.close()
    fails = 'all'
    const { page, close } = await stage.open(`<mislata-apply ${KEY}></mislata-apply>`, { answers: form, lang: 'de', before })
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    fails = 'one'
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Become a partner').waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    await close()
  })

  test('gives way to every sentence of the host, with its own plurals', async () => {
    const { page, close } = await stage.open(shown['the dashboard']?.element ?? '', {
      answers: shown['the dashboard']?.answers ?? {},
      now,
    })
    await title(page).waitFor()
    await page.evaluate(() => {
      const element = document.querySelector('mislata-dashboard')
      if (!element) return
      element.wording = {
        dashboardTitle: 'Ambassadors',
        'tab.links': 'Share',
        clicks: { one: '{n} visit', other: '{n} visits' },
        youEarn: 'Yours: {share}',
      }
    })
    await page.getByText('Ambassadors').waitFor()
    await page.getByRole('tab', { name: 'Share' }).waitFor()
    await page.getByText('Yours: 20%').waitFor()
    expect(await page.locator('.key-clicks').innerText()).toBe('569 visits')
    await close()
  })

  test('is written from its own side, whichever way the page runs', async () => {
    const direction = (page: Page) => page.locator('.card').evaluate(card => getComputedStyle(card).direction)
    for (const [lang, attribute, runs] of [
      ['en', 'lang="ar"', 'rtl'],
      ['ar', '', 'rtl'],
      ['ar', 'lang="de"', 'ltr'],
      ['en', 'dir="rtl"', 'rtl'],
    ] as const) {
      const { page, close } = await stage.open(`<mislata-status ${attribute} ${KEY}></mislata-status>`, {
        answers: { [STATUS]: () => ({ body: application('pending') }) },
        lang,
      })
      await title(page).waitFor()
      expect(await direction(page), `${lang} ${attribute}`).toBe(runs)
      await close()
    }
  })

  test('of six plurals has all six, in digits of its own', async () => {
    const one = (clicks: number) =>
      dashboard({ stats: { clicks }, series: [{ date: '2026-11-21', clicks, signups: 0, conversions: 0, earned: 0 }] })
    const said: string[] = []
    for (const clicks of [0, 1, 2, 3, 11, 100]) {
      const { page, close } = await stage.open(shown['the dashboard']?.element ?? '', {
        answers: { 'GET /v1/affiliate/dashboard': () => ({ body: one(clicks) }) },
        now,
        lang: 'ar-EG',
      })
      await title(page).waitFor()
      said.push(await page.locator('.key-clicks').innerText())
      await close()
    }
    expect(said).toEqual(['٠ نقرة', 'نقرة واحدة', 'نقرتان', '٣ نقرات', '١١ نقرة', '١٠٠ نقرة'])
  })

  test('leaves nobody out: Arabic and Japanese dashboards have no barriers', async () => {
    for (const lang of ['ar', 'ja']) {
      const { page, close } = await stage.open(shown['the dashboard']?.element ?? '', {
        answers: shown['the dashboard']?.answers ?? {},
        now,
        lang,
      })
      await title(page).waitFor()
      expect(await barriers(page), lang).toEqual([])
      await close()
    }
  })
})
