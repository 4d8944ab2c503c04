import type { Browser, Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { host } from '../../demo/host.ts'
import { launch } from '../support/browser.ts'
import { admin, client, freePort, installation } from './support.ts'

// The product's whole promise, once on each database: from an application to a commission that a killed server still has.
describe.each(['sqlite', 'postgres'] as const)('on %s', engine => {
  let mislata: Awaited<ReturnType<typeof installation>>
  let site: Awaited<ReturnType<typeof host>> | undefined
  let browser: Browser
  const violations: string[] = []

  beforeEach(async () => {
    browser = await launch()
    mislata = await installation(engine)
    await mislata.start()
  })
  afterEach(async () => {
    await browser.close()
    await site?.close()
    await mislata.remove()
  })

  test("a visitor's click becomes a partner's commission", async () => {
    const ask = client(mislata.url)
    const port = await freePort()
    const { token } = await ask('POST', '/v1/auth/login', { body: admin })
    const authorization = `Bearer ${token}`
    const program = await ask('POST', '/v1/apps', {
      authorization,
      body: { name: 'Kilnhouse', siteUrl: `http://localhost:${port}`, currency: 'EUR' },
    })
    const keyOf = async (type: string) =>
      (await ask('POST', `/v1/apps/${program.id}/api-keys`, { authorization, body: { type, name: type } })).key
    const secretKey = await keyOf('secret')
    site = await host({ port, api: mislata.url, secretKey, publishableKey: await keyOf('publishable') })

    // Jane is a customer of the host. She applies in the widget and waits.
    const jane = await newPage(browser, violations)
    await signUp(jane, site.url, 'Jane Smith', 'jane@example.com')
    await jane.goto(`${site.url}/app/partner`)
    await jane.getByLabel('Name').fill('Jane Smith')
    await jane.getByLabel('E-mail').fill('jane@example.com')
    await jane.getByRole('button', { name: 'Apply' }).click()
    await jane.getByText('Your application is in').waitFor()

    // An admin approves through the API; the widget finds out when the page is looked at again.
    const queue = `/v1/apps/${program.id}/affiliates/applications`
    const { data } = await ask('GET', `${queue}?status=pending`, { authorization })
    expect(data).toHaveLength(1)
    const { affiliate } = await ask('POST', `${queue}/${data[0].id}/review`, {
      authorization,
      body: { action: 'approve', code: 'JANE20' },
    })
    await jane.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    expect(await jane.getByLabel('Your link').inputValue()).toBe(`${site.url}/?ref=JANE20`)

    // Somebody else follows her link, looks around, signs up and buys.
    const visitor = await newPage(browser, violations)
    const told = visitor.waitForResponse(reply => reply.url() === `${mislata.url}/referrals/click`)
    await visitor.goto(`${site.url}/?ref=JANE20`)
    expect((await told).status()).toBe(202)
    await visitor.goto(`${site.url}/pricing`)
    await signUp(visitor, site.url, 'Ruth Adler', 'ruth@example.com')
    await visitor.goto(`${site.url}/app`)
    await visitor.getByRole('button', { name: 'Buy Pro, yearly' }).click()
    await visitor.getByText('Your plan').waitFor()

    const shown = async () => {
      await jane.goto(`${site?.url}/app/partner`)
      await jane.getByText('€119.60').first().waitFor()
      const text =
        (await jane.locator('mislata-program').evaluate(element => (element.shadowRoot as ShadowRoot).textContent)) ?? ''
      expect(text).toContain('1 click 1 signup 1 sale')
      expect(text).toContain('Pending€119.60')
      const { stats } = await ask('GET', `/api/v1/partners/${affiliate.id}`, { 'x-api-key': secretKey })
      expect(stats).toEqual({
        total_commissions: 1,
        total_earned_cents: 11960,
        pending_cents: 11960,
        approved_cents: 0,
        paid_cents: 0,
      })
    }
    await shown()

    // What was acknowledged is on the disk, whatever becomes of the process.
    await mislata.kill()
    await mislata.start()
    await shown()
    expect(violations).toEqual([])
    // What npm says of its own configuration is not ours.
    const said = mislata
      .output()
      .split('\n')
      .filter(line => !line.startsWith('npm warn'))
    expect(said.join('\n')).not.toMatch(/warn|deprecat|error/i)
  })
})

async function newPage(browser: Browser, violations: string[]): Promise<Page> {
  const context = await browser.newContext()
  const page = await context.newPage()
  page.on('console', message => message.type() === 'error' && violations.push(message.text()))
  page.on('pageerror', error => violations.push(String(error)))
  return page
}

async function signUp(page: Page, url: string, name: string, email: string) {
  await page.goto(`${url}/signup`)
  await page.locator('form[action="/signup"], main form').first().locator('[name=name]').fill(name)
  await page.locator('[name=email]').first().fill(email)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.waitForURL(`${url}/app`)
}
