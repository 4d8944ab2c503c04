import type { Page } from 'playwright'
import { parse } from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewApplication } from '../../server/contract/applications.ts'
import { barriers } from './axe.ts'
import { application, applied, notApplied, problem } from './replies.ts'
import { type Answer, type Answers, type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

const STATUS = 'GET /v1/affiliate/apply/status'
const APPLY = 'POST /v1/affiliate/apply'
const ELEMENT = '<mislata-apply publishable-key="mislata_pk_1"></mislata-apply>'
const REMEMBERED = 'mislata:application:mislata_pk_1'

const asksFor = {
  applyFields: [{ name: 'audience', label: 'Who reads you?', type: 'select' as const, required: true, options: ['Few', 'Many'] }],
}

/** As the server: whoever brings the token of an application hears of it. */
const server = (over: Answers = {}): Answers => ({
  [STATUS]: ({ headers }) => ({ body: headers['x-application-token'] ? application('pending') : notApplied() }),
  [APPLY]: () => ({ status: 202, body: applied() }),
  ...over,
})

const fill = async (page: Page, { name = 'Jane Smith', email = 'jane@example.com' } = {}) => {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(email)
}
const send = (page: Page) => page.getByRole('button', { name: 'Apply', exact: true }).click()
const focused = (page: Page) =>
  page.evaluate(() => {
    const inside = document.activeElement?.shadowRoot?.activeElement
    return inside?.id || inside?.getAttribute('role') || inside?.tagName
  })
const seen = (page: Page, type: string) => page.evaluate(type => window.seen.filter(event => event.type === type), type)

describe('An application', () => {
  test('is sent with the keyboard alone, and its state shown in the place of the form', async () => {
    const { page, asked, faults, close } = await stage.open(ELEMENT, { answers: server() })
    await page.locator('form').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('Jane Smith')
    await page.keyboard.press('Tab')
    await page.keyboard.type('jane@example.com')
    await page.keyboard.press('Tab')
    await page.keyboard.type('example.com/jane')
    await page.keyboard.press('Tab')
    await page.keyboard.type('A newsletter for 12,000 founders')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Your application is in').waitFor()

    expect(await focused(page)).toBe('H2')
    const sent = asked.find(({ route }) => route === APPLY)
    expect(parse(NewApplication, JSON.parse(sent?.body ?? ''))).toEqual({
      name: 'Jane Smith',
      email: 'jane@example.com',
      website: 'https://example.com/jane',
      reason: 'A newsletter for 12,000 founders',
    })
    expect(sent?.headers['x-api-key']).toBe('mislata_pk_1')
    expect(await page.evaluate(() => window.seen)).toEqual([
      { type: 'ready', detail: {} },
      { type: 'status', detail: { status: 'none' } },
      { type: 'applied', detail: {} },
      { type: 'status', detail: { status: 'pending' } },
    ])
    expect(await page.evaluate(() => window.violations)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('carries the answers to the questions that the program adds', async () => {
    const answers = server({ [STATUS]: () => ({ body: notApplied({ brand: asksFor }) }) })
    const { page, asked, close } = await stage.open(ELEMENT, { answers })
    await fill(page)
    await send(page)
    await page.getByText('This one is needed.').waitFor()
    expect(await focused(page)).toBe('answers.audience')
    await page.getByLabel('Who reads you?').selectOption('Many')
    expect(await page.getByText('This one is needed.').count()).toBe(0)
    await send(page)
    await page.getByText('Your application is in').waitFor()
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({
      name: 'Jane Smith',
      email: 'jane@example.com',
      answers: { audience: 'Many' },
    })
    await close()
  })

  test('is sent once, however often the button is pressed', async () => {
    let answer = () => {}
    const after = new Promise<void>(resolve => {
      answer = resolve
    })
    const { page, asked, close } = await stage.open(ELEMENT, {
      answers: server({ [APPLY]: () => ({ status: 202, body: applied(), after }) }),
    })
    await fill(page)
    for (let times = 0; times < 3; times++) await page.getByLabel('E-mail').press('Enter')
    await page.getByRole('button', { name: 'Sending…' }).waitFor()
    answer()
    await page.getByText('Your application is in').waitFor()
    expect(asked.filter(({ route }) => route === APPLY)).toHaveLength(1)
    await close()
  })

  test('is remembered: the same browser sees its state again, and so does the other element on the page', async () => {
    const both = `${ELEMENT}<mislata-status publishable-key="mislata_pk_1"></mislata-status>`
    const { page, close } = await stage.open(both, { answers: server() })
    await page.getByText('You have not applied yet').waitFor()
    await fill(page)
    await send(page)
    await page.locator('mislata-apply').getByText('Your application is in').waitFor()
    await page.locator('mislata-status').getByText('Your application is in').waitFor()
    expect(await page.evaluate(name => localStorage.getItem(name), REMEMBERED)).toBe('token-of-jane')
    await page.reload()
    await page.locator('mislata-apply').getByText('Your application is in').waitFor()
    await close()
  })

  test('is remembered for the page where storage is forbidden', async () => {
    const before = (page: Page) =>
      page.addInitScript(() => {
        Object.defineProperty(window, 'localStorage', {
          get() {
            throw new DOMException('Forbidden', 'SecurityError')
          },
        })
      })
    const { page, asked, faults, close } = await stage.open(ELEMENT, { answers: server(), before })
    await fill(page)
    await send(page)
    await page.getByText('Your application is in').waitFor()
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await expect.poll(() => asked.at(-1)?.headers['x-application-token']).toBe('token-of-jane')
    expect(faults).toEqual([])
    await close()
  })

  test.each<[string, Answer]>([
    ['knows no more', { body: notApplied() }],
    ['does not accept', { status: 401, body: problem(401, 'bad_credential') }],
  ])('of which the server %s is forgotten', async (_, answer) => {
    const before = (page: Page) => page.addInitScript(name => localStorage.setItem(name, 'token-of-nobody'), REMEMBERED)
    const answers = server({ [STATUS]: ({ headers }) => (headers['x-application-token'] ? answer : { body: notApplied() }) })
    const { page, close } = await stage.open(ELEMENT, { answers, before })
    await page.locator('form').waitFor()
    expect(await page.evaluate(name => localStorage.getItem(name), REMEMBERED)).toBeNull()
    await close()
  })
})

describe('What is wrong is said', () => {
  test('at the one field that is, which takes the focus', async () => {
    const { page, asked, close } = await stage.open(ELEMENT, { answers: server() })
    await fill(page, { email: 'jane@exam' })
    await send(page)
    const email = page.getByLabel('E-mail')
    await page.getByText('That address is not complete').waitFor()
    expect(await focused(page)).toBe('email')
    expect(await email.getAttribute('aria-invalid')).toBe('true')
    expect(await email.getAttribute('aria-describedby')).toBe('email-fault')
    expect(asked.filter(({ route }) => route === APPLY)).toEqual([])
    expect(await barriers(page)).toEqual([])

    await email.fill('jane@example.com')
    expect(await page.getByText('That address is not complete').count()).toBe(0)
    expect(await email.inputValue()).toBe('jane@example.com')
    await close()
  })

  test('in a summary that leads to each, where there are several', async () => {
    const { page, close } = await stage.open(ELEMENT, { answers: server() })
    await send(page)
    await page.getByText('2 answers need another look').waitFor()
    expect(await focused(page)).toBe('alert')
    expect(await barriers(page)).toEqual([])
    await page.getByRole('link', { name: 'E-mail' }).click()
    expect(await focused(page)).toBe('email')
    expect(page.url()).not.toContain('#')
    await close()
  })

  test('in the words of the server, where only it can know', async () => {
    const refused = problem(422, 'invalid', [{ path: 'email', message: 'That is not an e-mail address.' }])
    const { page, close } = await stage.open(ELEMENT, { answers: server({ [APPLY]: () => ({ status: 422, body: refused }) }) })
    await fill(page)
    await send(page)
    await page.getByText('That is not an e-mail address.').waitFor()
    expect(await focused(page)).toBe('email')
    expect(await page.getByLabel('Name').inputValue()).toBe('Jane Smith')
    await close()
  })

  test.each<[string, Answer, string]>([
    ['the server is not there', { cut: true }, 'The server cannot be reached. Try again in a moment.'],
    [
      'the site is not allowed',
      { status: 403, body: problem(403, 'origin_not_allowed') },
      'This site may not show the programme yet.',
    ],
    [
      'it was too often',
      { status: 429, body: problem(429, 'too_many_requests'), headers: { 'retry-after': '30' } },
      'That was too often. Try again in 30 seconds.',
    ],
    ['the server fails', { status: 500, body: problem(500, 'internal') }, 'Something went wrong on our side.'],
    [
      'a field is at fault that the form has not',
      { status: 422, body: problem(422, 'invalid', [{ path: '', message: '?' }]) },
      'went wrong',
    ],
  ])('and what to do, when %s', async (_, answer, sentence) => {
    let now = answer
    const { page, close } = await stage.open(ELEMENT, { answers: server({ [APPLY]: () => now }) })
    await fill(page)
    await send(page)
    await page.getByRole('alert').getByText(sentence).waitFor()
    expect(await focused(page)).toBe('alert')
    now = { status: 202, body: applied() }
    await send(page)
    await page.getByText('Your application is in').waitFor()
    await close()
  })
})

test('Markup in what the server says stays text, and a script for a link is no link', async () => {
  const markup = '<img src=x onerror=alert(1)>'
  const script = 'javascript:alert(1)'
  const brand = { termsUrl: script, applyFields: [{ ...asksFor.applyFields[0], label: markup, options: [markup] }] }
  const answers = server({
    [STATUS]: () => ({
      body: {
        ...notApplied(),
        program: { ...notApplied().program, name: markup, siteUrl: script, brand: { ...notApplied().program?.brand, ...brand } },
      },
    }),
  })
  const { page, faults, close } = await stage.open(ELEMENT, { answers })
  await page.getByText(`Where will you share ${markup}?`).waitFor()
  expect(await page.locator('mislata-apply :is(img, a)').count()).toBe(0)
  expect(await page.getByLabel(markup).last().locator('option').last().textContent()).toBe(markup)
  expect(await page.evaluate(() => window.violations)).toEqual([])
  expect(faults).toEqual([])
  await close()
})

test('An object where a sentence should be is refused, not shown', async () => {
  const vnode = { type: 'img', props: { src: 'x' }, key: null, ref: null, __v: null }
  const answers = server({ [STATUS]: () => ({ body: { applied: true, status: 'rejected', rejectionReason: vnode } }) })
  const { page, close } = await stage.open(ELEMENT, { answers })
  await page.getByText('This could not be loaded').waitFor()
  expect(await seen(page, 'error')).toEqual([{ type: 'error', detail: { code: 'unexpected_reply' } }])
  await close()
})

describe('The answer to an application appears by itself', () => {
  test('when somebody comes back to the page', async () => {
    let status: 'pending' | 'approved' = 'pending'
    const answers = server({ [STATUS]: () => ({ body: application(status, status === 'approved' ? { code: 'JANE20' } : {}) }) })
    const { page, close } = await stage.open(ELEMENT, { answers })
    await page.getByText('Your application is in').waitFor()
    status = 'approved'
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await page.getByText('You are in').waitFor()
    expect((await seen(page, 'status')).map(event => event.detail.status)).toEqual(['pending', 'approved'])
    await close()
  })

  test('every half minute that somebody waits for it, and only then', async () => {
    const before = (page: Page) => page.clock.install()
    const { page, asked, close } = await stage.open(ELEMENT, {
      answers: server({ [STATUS]: () => ({ body: application('pending') }) }),
      before,
    })
    await page.getByText('Your application is in').waitFor()
    // The page's clock goes on meanwhile, by as much as this takes.
    await page.clock.runFor(20_000)
    expect(asked).toHaveLength(1)
    await page.clock.runFor(12_000)
    await expect.poll(() => asked.length).toBe(2)

    await page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }))
    await page.clock.runFor(120_000)
    await page.evaluate(() => document.querySelector('mislata-apply')?.remove())
    await page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'visible' }))
    await page.clock.runFor(120_000)
    expect(asked).toHaveLength(2)
    await close()
  })

  test('and a check that fails leaves what is shown', async () => {
    let answer: Answer = { body: application('pending') }
    const { page, asked, close } = await stage.open(ELEMENT, { answers: server({ [STATUS]: () => answer }) })
    await page.getByText('Your application is in').waitFor()
    answer = { status: 500, body: problem(500, 'internal') }
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await expect.poll(() => asked.length).toBe(2)
    await page.evaluate(() => new Promise(requestAnimationFrame))
    expect(await page.getByText('Your application is in').count()).toBe(1)
    expect(await seen(page, 'error')).toEqual([])
    await close()
  })
})
