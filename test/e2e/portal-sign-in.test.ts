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
  const { key } = await ask('POST', `/v1/apps/${program.id}/api-keys`, {
    authorization,
    body: { type: 'secret', name: 'Backend' },
  })
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
    for (const payload of payloads) {
      const sender = { ...acme, name: payload }
      const rejected: Told = { kind: 'application_rejected', facts: { reason: payload } }
      const failed: Told = { kind: 'payout_failed', facts: { amount: 1, currency: 'EUR', reason: payload } }
      await page.setContent([rejected, failed].map(told => asHtml(message(told, sender, ways), sender)).join('\n'))
      expect([payload, await page.locator('script,img,svg,iframe,form,input,base,math').count()]).toEqual([payload, 0])
    }
    expect(asked).toEqual([])
    await page.close()
  })
})
