import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, barriersByNight } from './axe.ts'
import { event, events, mine, picture, problem, program } from './replies.ts'
import { type Answers, type Stage, setStage, tokenFor } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage({ oneDocument: true })
})
afterAll(() => stage.close())

const ME = 'GET /referrals/me'
const EVENTS = 'GET /referrals/me/events'
const QR = 'GET /referrals/qr.svg'
const LINK = 'https://acme.test/?ref=ADA-7KXQ'
const element = (more = `token="${tokenFor('ada')}"`) => `<mislata-refer ${more}></mislata-refer>`
const usual: Answers = {
  [ME]: () => ({ body: mine() }),
  [EVENTS]: () => ({ body: events() }),
  [QR]: () => ({ body: picture() }),
}

const nothing = { clicks: 0, signups: 0, qualified: 0, rewarded: 0, pending: 0, capped: 0, creditsEarned: 0 }
const card = async (page: Page) => (await page.locator('.card').innerText()).replaceAll(/\s+/g, ' ').trim()

async function open(answers: Answers = {}, more: Partial<Parameters<Stage['open']>[1]> & { html?: string } = {}) {
  const { html = element(), ...options } = more
  const opened = await stage.open(html, { answers: { ...usual, ...answers }, now: '2026-11-21T12:00:00Z', ...options })
  await opened.page.locator('mislata-refer h2').waitFor()
  return opened
}

type State = { answers?: Answers; html?: string; shows: RegExp; hides?: RegExp; tells?: string[] }
const states: Record<string, State> = {
  'what came of the link': {
    shows:
      /Bring friends to Acme You get 10 credits, your friend gets 5 once they have paid for the first time\. .*ADA-7KXQ.*Clicks 31.*Signups 5.*Rewarded 2 1 more is on its way.*Credits earned 20.*20 Nov A friend Signed up –.*Credits are on their way \+10.*A friend, through spring Rewarded \+10.*Taken back 10.*3 Dec 2025 You, through a friend’s link Rewarded \+5/,
    tells: ['ready'],
  },
  'a promise for one’s own part alone, to a few, at once': {
    answers: {
      [ME]: () => ({
        body: mine({ rewards: { referrerCredits: 1, referredCredits: 0, qualifyOn: 'signup', maxPerReferrer: 20 } }),
      }),
    },
    shows: /You get 1 credit for each friend as soon as they sign up\. This holds for up to 20 friends\./,
  },
  'a promise for the friend alone': {
    answers: { [ME]: () => ({ body: mine({ rewards: { referrerCredits: 0, referredCredits: 500 } }) }) },
    shows: /Your friend gets 500 credits once they have paid/,
  },
  'no promise where nothing is given': {
    answers: { [ME]: () => ({ body: mine({ rewards: { referrerCredits: 0, referredCredits: 0, maxPerReferrer: 3 } }) }) },
    shows: /Share your link with friends https|Share your link with friends/,
    hides: /once they have paid|up to 3/,
  },
  'what was over the limit, and what is looked at': {
    answers: {
      [ME]: () => ({ body: mine({ stats: { pending: 0, capped: 4 } }) }),
      [EVENTS]: () => ({ body: events([event('capped'), event('review'), event('rejected')]) }),
    },
    shows: /4 were over the limit.*Over the limit.*Being looked at.*Not accepted/,
  },
  'nothing yet': {
    answers: { [ME]: () => ({ body: mine({ stats: nothing }) }), [EVENTS]: () => ({ body: events([]) }) },
    shows: /Nobody has come yet Share your link\. The first friend who signs up through it stands here\. Copy link/,
  },
  'a programme without rewards': {
    answers: {
      [ME]: () => ({ body: mine({ rewards: { enabled: false }, stats: nothing }) }),
      [EVENTS]: () => ({ body: events([]) }),
    },
    shows: /^Referrals are not open at the moment Acme gives nothing for bringing friends just now/,
    hides: /Copy link/,
    tells: ['ready'],
  },
  'a programme without rewards any more': {
    answers: { [ME]: () => ({ body: mine({ rewards: { enabled: false } }) }) },
    shows: /What you have earned so far stays yours\..*Credits earned 20.*Taken back/,
    hides: /Copy link/,
  },
  'nobody who is signed in': { html: '<mislata-refer></mislata-refer>', shows: /Sign in to see your link/, tells: ['ready'] },
  'a session that has ended': {
    answers: { [ME]: () => ({ status: 401, body: problem(401, 'bad_credential') }) },
    shows: /Your session has ended.*Try again/,
    tells: ['error session_ended'],
  },
  'a server that fails': {
    answers: { [EVENTS]: () => ({ status: 500, body: problem(500, 'internal') }) },
    shows: /This could not be loaded.*Something went wrong on our side/,
    tells: ['error internal'],
  },
  'a server that answers something else': {
    answers: { [ME]: () => ({ body: { code: 7 } }) },
    shows: /Something went wrong on our side/,
    tells: ['error unexpected_reply'],
  },
}

describe('Every state says what it should, by day and by night, under the strictest policy', () => {
  test.each(Object.entries(states))('%s', async (_, { answers, html, shows, hides, tells }) => {
    const { page, faults, close } = await open(answers, { html })
    expect(await card(page)).toMatch(shows)
    if (hides) expect(await card(page)).not.toMatch(hides)
    const seen = await page.evaluate(() => window.seen)
    if (tells) expect(seen.map(({ type, detail }) => [type, detail.code].filter(Boolean).join(' '))).toEqual(tells)
    expect(faults).toEqual([])
    expect(await page.evaluate(() => window.violations)).toEqual([])
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'width').toBe(320)
    expect(await barriers(page), 'by day').toEqual([])
    expect(await barriersByNight(page), 'by night').toEqual([])
    await close()
  })
})

test('A page without it loads nothing of it', async () => {
  const loaded = (page: Page) =>
    page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.replace(/.*\//, '').replace(/-.*/, '')))
  const without = await stage.open('<mislata-status></mislata-status>', { fresh: true })
  await without.page.locator('h2').waitFor()
  expect(await loaded(without.page)).not.toContain('refer')
  await without.close()
  const { page, close } = await open({}, { now: undefined, fresh: true })
  expect(await loaded(page)).toEqual(expect.arrayContaining(['core', 'refer']))
  expect(await loaded(page)).not.toContain('dashboard')
  await close()
})

test.each([360, 1280])('Loading keeps the place of what comes, at %d pixels', async width => {
  let answer = () => {}
  const after = new Promise<void>(resolve => {
    answer = resolve
  })
  const { page, close } = await stage.open(element(), {
    answers: { ...usual, [ME]: () => ({ body: mine(), after }) },
    context: { viewport: { width, height: 900 } },
  })
  await page.locator('.skeleton').waitFor()
  const top = async (selector: string) => (await page.locator(selector).boundingBox())?.y ?? Number.NaN
  const expected = [await top('.skeleton .field'), await top('.skeleton .figures'), await top('.skeleton .row >> nth=0')]
  answer()
  await page.locator('h2').waitFor()
  const found = [await top('.link'), await top('.figures'), await top('.events')]
  for (const [index, y] of found.entries())
    expect(Math.abs(y - (expected[index] ?? Number.NaN)), `part ${index}`).toBeLessThan(24)
  await close()
})

describe('The link', () => {
  test('is copied in place, and that is said', async () => {
    const { page, close } = await open({}, { context: { permissions: ['clipboard-read', 'clipboard-write'] } })
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(LINK)
    expect(await page.evaluate(() => window.seen.at(-1))).toEqual({ type: 'copied', detail: { text: LINK } })
    await close()
  })

  test('is handed to other apps where the browser can, and copied where it then will not', async () => {
    const before = (page: Page) =>
      page.addInitScript(() => {
        const how = ['ok', 'AbortError', 'NotAllowedError']
        const shared: ShareData[] = []
        Object.assign(window, { shared })
        navigator.share = async data => {
          shared.push(data ?? {})
          const outcome = how.shift()
          if (outcome !== 'ok') throw new DOMException('no', outcome)
        }
      })
    const { page, close } = await open({}, { before, context: { permissions: ['clipboard-read', 'clipboard-write'] } })
    const share = page.getByRole('button', { name: 'Share' })
    await share.click()
    await share.click()
    expect(await page.evaluate(() => window.seen.filter(({ type }) => type === 'copied'))).toEqual([])
    await share.click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const shared = await page.evaluate(() => (window as unknown as { shared: ShareData[] }).shared)
    expect(shared).toEqual([1, 2, 3].map(() => ({ url: LINK, title: 'Acme' })))
    await close()
  })

  test('is not offered to other apps where there is no way to', async () => {
    const before = (page: Page) => page.addInitScript(() => Object.defineProperty(navigator, 'share', { value: undefined }))
    const { page, close } = await open({}, { before })
    expect(await page.getByRole('button', { name: 'Share' }).count()).toBe(0)
    await close()
  })
})

describe('The QR code', () => {
  test('is drawn from the server’s when it is asked for, black on white by night too, and can be saved', async () => {
    const { page, asked, faults, close } = await open({}, { context: { colorScheme: 'dark', acceptDownloads: true } })
    const button = page.getByRole('button', { name: 'QR code' })
    expect(await button.getAttribute('aria-expanded')).toBe('false')
    await button.click()
    const image = page.getByRole('img', { name: `QR code of ${LINK}` })
    await page.locator('.qr path[d^=M4]').waitFor()
    expect(asked.find(({ route }) => route === QR)?.query.get('code')).toBe('ADA-7KXQ')
    expect(await image.evaluate(svg => getComputedStyle(svg).backgroundColor)).toBe('rgb(255, 255, 255)')
    expect(await page.locator('.qr path').evaluate(path => getComputedStyle(path).fill)).toBe('rgb(0, 0, 0)')
    expect(await barriers(page)).toEqual([])
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as SVG' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('ADA-7KXQ.svg')
    await button.click()
    await button.click()
    expect(asked.filter(({ route }) => route === QR)).toHaveLength(1)
    expect(await page.evaluate(() => window.violations)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('that cannot be had says so and can be asked for again', async () => {
    let fails = true
    const { page, close } = await open({
      [QR]: () => (fails ? { status: 500, body: problem(500, 'internal') } : { body: picture() }),
    })
    await page.getByRole('button', { name: 'QR code' }).click()
    await page.getByRole('alert').getByText('Something went wrong').waitFor()
    fails = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.qr path[d^=M4]').waitFor()
    await close()
  })

  test.each([
    '<svg onload="alert(1)"></svg>',
    '<svg viewBox="0 0 37 37"><path d="M0 0" onload="x"/><script/></svg>',
  ])('is nothing that could run: %s', async svg => {
    const { page, faults, close } = await open({ [QR]: () => ({ body: svg }) })
    await page.getByRole('button', { name: 'QR code' }).click()
    await page.getByText(/Something went wrong|Scan it/).waitFor()
    expect(await page.locator('mislata-refer :is([onload], script)').count()).toBe(0)
    expect(await page.evaluate(() => window.violations)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })
})

test('A failed page comes back by itself with the token, and by the button', async () => {
  let fails = true
  const { page, close } = await open({
    [ME]: () => (fails ? { status: 401, body: problem(401, 'bad_credential') } : { body: mine() }),
  })
  await page.getByText('Your session has ended').waitFor()
  fails = false
  await page.evaluate(token => document.querySelector('mislata-refer')?.setAttribute('token', token), tokenFor('ada', 1800))
  await page.getByText('Bring friends to Acme').waitFor()
  await close()
})

test('Figures that somebody has had before them for a while are renewed, and say so where they cannot be', async () => {
  const before = (page: Page) => page.clock.install({ time: '2026-11-21T12:00:00Z' })
  let clicks = 31
  let fails = false
  const { page, close } = await open(
    { [ME]: () => (fails ? { status: 500, body: problem(500, 'internal') } : { body: mine({ stats: { clicks } }) }) },
    { before, now: undefined },
  )
  clicks = 77
  await page.clock.runFor(95_000)
  await page.getByText('77').waitFor()
  fails = true
  await page.clock.runFor(95_000)
  await page.getByRole('alert').getByText('These figures may be older than they look.').waitFor()
  expect(await page.getByText('77').isVisible()).toBe(true)
  fails = false
  clicks = 78
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('78').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await close()
})

test('Markup stays text, long names and nine digits stay inside, from either side', async () => {
  const name = `<b>${'Donaudampfschifffahrtsgesellschaft'.repeat(3)}</b>`
  const html = `<div dir="rtl">${element()}</div>`
  const { page, close } = await open(
    {
      [ME]: () => ({
        body: mine({ program: program({ name }), stats: { clicks: 123456789, creditsEarned: 987654321 } }),
      }),
      [EVENTS]: () => ({ body: events([event('rewarded', { campaign: name })]) }),
    },
    { html, context: { viewport: { width: 360, height: 800 } } },
  )
  expect(await card(page)).toContain('123,456,789')
  expect(await page.locator('mislata-refer b').count()).toBe(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  expect(await barriers(page)).toEqual([])
  await close()
})

test('The finger finds every control: each is 44 pixels high', async () => {
  const { page, close } = await open({}, { context: { hasTouch: true, isMobile: true, viewport: { width: 360, height: 700 } } })
  await page.getByRole('button', { name: 'QR code' }).click()
  await page.locator('.qr path[d^=M4]').waitFor()
  const heights = await page
    .locator('mislata-refer :is(button, summary, input)')
    .evaluateAll(all => all.map(each => each.getBoundingClientRect().height))
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
  await close()
})
