import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asHtml } from '../../server/rules/mail/html.ts'
import type { Sender, Told } from '../../server/rules/mail/kinds.ts'
import { message } from '../../server/rules/mail/message.ts'
import { launch } from '../support/browser.ts'
import { acme, everyMail, payloads } from '../support/mails.ts'
import { smtpServer } from '../support/smtp.ts'
import { barriers, barriersByNight } from '../widget/axe.ts'
import { admin, client, installation } from './support.ts'

let mislata: Awaited<ReturnType<typeof installation>>
let smtp: Awaited<ReturnType<typeof smtpServer>>
let browser: Browser
let program: { id: string }
let key: string

beforeAll(async () => {
  smtp = await smtpServer()
  browser = await launch()
  mislata = await installation('sqlite', { SMTP_URL: smtp.url(), MAIL_FROM: 'partners@mail.example' })
  await mislata.start()
  const ask = client(mislata.url)
  const { token } = await ask('POST', '/v1/auth/login', { body: admin })
  const authorization = `Bearer ${token}`
  const body = { name: 'Kilnhouse', siteUrl: 'https://kilnhouse.example', currency: 'EUR', brand: { accent: '#7c3aed' } }
  program = await ask('POST', '/v1/apps', { authorization, body })
  ;({ key } = await ask('POST', `/v1/apps/${program.id}/api-keys`, { authorization, body: { type: 'secret', name: 'Backend' } }))
  await ask('POST', '/api/v1/partners', {
    'x-api-key': key,
    body: { email: 'jane@example.com', slug: 'JANE20', first_name: 'Jane' },
  })
})
afterAll(async () => {
  await browser?.close()
  await mislata?.remove()
  await smtp?.stop()
})

/** Nobody is in the way, by day and by night, and nothing is wider than the page. */
async function isGood(page: Page) {
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await barriers(page)).toEqual([])
  expect(await barriersByNight(page)).toEqual([])
  for (const width of [360, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  }
}

test('A partner signs in by mail with the keyboard alone, and no page is in anybody’s way', async () => {
  const context = await browser.newContext({ bypassCSP: true })
  const page = await context.newPage()
  await page.goto(`${mislata.url}/portal?program=${program.id}`)
  await isGood(page)
  await page.getByLabel('E-mail address').fill('jane')
  await page.keyboard.press('Enter')
  await page.getByText('That is not an e-mail address.').waitFor()
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('email')
  await isGood(page)
  await page.getByLabel('E-mail address').fill('Jane@Example.com')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  await isGood(page)

  const [mail] = await smtp.mailTo('jane@example.com')
  const mailbox = await context.newPage()
  await mailbox.setContent(mail?.html ?? '')
  const link = (await mailbox.getByRole('link', { name: 'Sign in' }).getAttribute('href')) ?? ''
  const elsewhere = await browser.newContext({ bypassCSP: true })
  const other = await elsewhere.newPage()
  await other.goto(link)
  await other.getByRole('heading', { name: 'Sign in here?' }).waitFor()
  await isGood(other)
  await elsewhere.close()

  await page.goto(link)
  await page.getByRole('heading', { name: 'Sign in to your portal' }).waitFor()
  await isGood(page)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${mislata.url}/portal`)
  await page.getByLabel('Your link').waitFor()
  expect(await page.getByLabel('Your link').inputValue()).toBe('https://kilnhouse.example/?ref=JANE20')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  await isGood(page)
  await page.goto(link)
  await page.getByRole('link', { name: 'Get a new link' }).click()
  await page.getByLabel('E-mail address').waitFor()
  await context.close()
})

const RUNS = 'script,img,svg,iframe,object,embed,form,input,base,link,math,audio,video,marquee,[style*=evil],[onclick],[onerror]'
const paidAt = '2026-03-10T12:00:00.000Z'

test('What strangers have typed is text in every page of the portal', async () => {
  const page = await browser.newPage()
  const asked: string[] = []
  page.on('request', request => void (request.url().startsWith(mislata.url) || asked.push(request.url())))
  page.on('dialog', dialog => void asked.push(dialog.message()))
  const typed = payloads.filter(each => !/[\r\n\0\ud800-\udfff]/u.test(each)).join(' ')
  // Beneath the dashboard stands what the page has of its own; the field has what was typed, and the address names nobody.
  await page.goto(`${mislata.url}/portal?program=${encodeURIComponent(typed.slice(0, 4_000))}`)
  await page.getByLabel('E-mail address').evaluate((input: HTMLInputElement, typed) => {
    input.removeAttribute('maxlength')
    input.value = typed
  }, typed)
  await page.getByRole('button', { name: 'Send me a link' }).click()
  await page.getByText('That is not an e-mail address.').waitFor()
  expect(await page.getByLabel('E-mail address').evaluate(input => input.getAttribute('value'))).toBe(typed)
  expect(await page.locator('script:not([src^="/"]),img,iframe,svg,base,math,[onerror],[onclick]').count()).toBe(0)

  const ask = client(mislata.url)
  const { token } = await ask('POST', '/v1/sessions', {
    'x-api-key': key,
    body: { customerId: 'jane', email: 'jane@example.com' },
  })
  const authorization = `Bearer ${token}`
  const parts = typed.match(/.{1,1990}/gs) ?? []
  for (const [index, notes] of parts.entries()) {
    const body = { leadEmail: `lead-${index}@example.com`, leadName: notes.slice(0, 190), notes }
    await ask('POST', '/v1/affiliate/deals', { authorization, body })
  }
  await ask('POST', '/v1/affiliate/codes', { authorization, body: { label: typed.slice(0, 120) } })
  await ask('POST', '/v1/affiliate/api-keys', { authorization, body: { name: typed.slice(0, 100) } })
  const { url } = await ask('GET', '/v1/affiliate/portal-link', { authorization })
  await page.goto(url)
  await page.getByRole('button', { name: 'Open the portal' }).click()
  await page.getByRole('tab', { name: 'Deals' }).click()
  await page.getByText('lead-0@example.com').waitFor()
  const shown = (await page.locator('mislata-dashboard .deals').textContent()) ?? ''
  expect(parts.filter(part => !shown.includes(part.trim()))).toEqual([])
  for (const tab of ['Links', 'Settings', 'Deals']) {
    await page.getByRole('tab', { name: tab }).click()
    await page.getByRole('tabpanel').locator('h3').first().waitFor()
    expect(await page.locator('mislata-dashboard :is(script,img,iframe,base,math,object,[onerror],[onclick])').count()).toBe(0)
  }
  expect(asked).toEqual([])
  expect(page.url()).toBe(`${mislata.url}/portal`)
  await page.close()
})

test.each([
  ['de-AT', 'Im Portal anmelden'],
  ['ja', 'ポータルにサインイン'],
  ['ar', 'ادخل إلى بوابتك'],
])('In %s its pages are whole, from edge to edge', async (locale, heading) => {
  const context = await browser.newContext({ locale, bypassCSP: true })
  const page = await context.newPage()
  await page.goto(`${mislata.url}/portal?program=${program.id}`)
  await page.getByRole('heading', { name: heading }).waitFor()
  await isGood(page)
  const ask = client(mislata.url)
  const { token } = await ask('POST', '/v1/sessions', {
    'x-api-key': key,
    body: { customerId: 'jane', email: 'jane@example.com' },
  })
  await page.goto((await ask('GET', '/v1/affiliate/portal-link', { authorization: `Bearer ${token}` })).url)
  await isGood(page)
  await page.getByRole('button').click()
  await page.locator('mislata-dashboard h2').waitFor()
  expect(await page.locator('mislata-dashboard .card').getAttribute('lang')).toBe(locale.slice(0, 2))
  await isGood(page)
  await context.close()
})

describe('A mail in a browser', () => {
  const ways = { portal: 'https://partners.example.com/portal', link: 'https://partners.example.com/portal/CODE' }

  test('has nothing in anybody’s way, by day and by night, however narrow', async () => {
    const page = await browser.newPage()
    for (const language of ['en', 'ar'] as const) {
      for (const told of everyMail) {
        const sender: Sender = { ...acme, language, accent: '#fde047' }
        await page.setContent(asHtml(message(told, sender, ways), sender))
        await page.emulateMedia({ colorScheme: 'light' })
        // A mail is read inside of another page, which has its landmarks.
        const landmarks = (each: string) => !/^(region|landmark-one-main)/.test(each)
        expect([told.kind, (await barriers(page)).filter(landmarks)]).toEqual([told.kind, []])
        expect([told.kind, await barriersByNight(page)]).toEqual([told.kind, []])
        for (const width of [320, 768]) {
          await page.setViewportSize({ width, height: 800 })
          expect([told.kind, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([told.kind, width])
        }
      }
    }
    await page.close()
  })

  test('runs nothing and asks nobody for anything, whatever strangers have typed', async () => {
    const page = await browser.newPage()
    const asked: string[] = []
    await page.route('**', route => {
      asked.push(route.request().url())
      return route.abort()
    })
    await page.exposeFunction('alert', () => asked.push('alert'))
    const mails = payloads.flatMap(payload => {
      const sender = { ...acme, name: payload, replyTo: payload, siteUrl: `https://acme.example/?${payload}` }
      const rejected: Told = { kind: 'application_rejected', facts: { reason: payload } }
      const failed: Told = { kind: 'payout_failed', facts: { amount: 1, currency: 'EUR', reason: payload } }
      const stopped: Told = { kind: 'endpoint_disabled', facts: { url: payload, why: 'gone', at: paidAt, own: false } }
      return [rejected, failed, stopped].map(told => asHtml(message(told, sender, ways), sender))
    })
    await page.setContent(mails.join('\n'))
    expect(await page.locator('body').textContent()).toContain('alert(1)')
    expect(await page.locator(RUNS).count()).toBe(0)
    const addresses = await page
      .locator('a')
      .evaluateAll(links => [...new Set(links.map(link => link.getAttribute('href') ?? ''))])
    expect(addresses.filter(each => !/^(https:\/\/|mailto:)/.test(each))).toEqual([])
    expect(asked).toEqual([])
    await page.close()
  })
})
