import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { screens } from '../../console/screens.ts'
import { codeAt, fromBase32, stepAt } from '../../server/rules/totp.ts'
import { launch } from '../support/browser.ts'
import { barriers, barriersByNight } from '../widget/axe.ts'
import { admin, client, installation } from './support.ts'

let mislata: Awaited<ReturnType<typeof installation>>
let browser: Browser
let program: { id: string }
let ask: (method: string, path: string, body?: unknown) => Promise<any>
let context: BrowserContext
let page: Page
const faults: string[] = []

beforeAll(async () => {
  browser = await launch()
  mislata = await installation('sqlite')
  await mislata.start()
  const raw = client(mislata.url)
  const { token } = await raw('POST', '/v1/auth/login', { body: admin })
  ask = (method, path, body) => raw(method, path, { authorization: `Bearer ${token}`, body })
  program = await ask('POST', '/v1/apps', { name: 'Kilnhouse', siteUrl: 'https://kilnhouse.example', currency: 'EUR' })
  const { key } = await ask('POST', `/v1/apps/${program.id}/api-keys`, { type: 'secret', name: 'Backend' })
  const secret = (path: string, body: unknown) => raw('POST', path, { 'x-api-key': key, body })
  await secret('/api/v1/partners', { email: 'jane@example.com', slug: 'JANE20', first_name: 'Jane', last_name: 'Smith' })
  await secret('/v1/referrals', { customerId: 'ruth', code: 'JANE20' })
  await secret('/v1/referrals', { customerId: 'me', code: 'JANE20', email: 'jane+me@example.com' })
  await secret('/v1/conversions', { externalId: 'in_1', customerId: 'ruth', amount: 59_800, currency: 'EUR' })
  for (const [name, email] of [
    ['Ada Alba', 'ada@example.com'],
    ['Bea Bosch', 'bea@example.com'],
    ['Cem Can', 'cem@example.com'],
  ])
    await secret('/v1/affiliate/apply', { name, email, website: 'https://clay.example/', reason: 'I write about clay.' })
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  page = await context.newPage()
  page.on('pageerror', error => faults.push(String(error)))
  page.on(
    'console',
    message => message.type() === 'error' && !/status of 4(01|09|22)/.test(message.text()) && faults.push(message.text()),
  )
})
afterAll(async () => {
  await browser?.close()
  await mislata?.remove()
})

const at = (path: string) => `${mislata.url}/console/${program.id}/${path}`
const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

test('signing in leads where somebody was going, and nothing that a script could read lets anybody in', async () => {
  // After an upgrade, nothing old looks for a screen that is no longer there.
  for (const name of ['console.js', 'console.css'])
    expect((await context.request.get(`${mislata.url}/${name}`)).headers()['cache-control']).toBe('no-cache')
  await page.goto(at('applications?status=all'))
  await heading('Sign in')
  expect(await barriers(page)).toEqual([])
  await page.keyboard.type(admin.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type('not the password')
  await page.keyboard.press('Enter')
  await page.getByText('That does not match. Check the address and the password.').waitFor()
  await page.getByLabel('Password').fill(admin.password)
  await page.keyboard.press('Enter')
  await heading('Applications')
  expect(page.url()).toBe(at('applications?status=all'))
  expect(await page.getByLabel('Program', { exact: true }).inputValue()).toBe(program.id)
  const [cookie] = await context.cookies()
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
  const readable = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]))
  expect(readable).not.toContain(cookie?.value)
  expect(faults).toEqual([])
})

test('a queue of applications is worked through with the keyboard', async () => {
  await page.goto(at('applications'))
  await heading('Applications')
  const shown = page.getByRole('article')
  const first = await shown.getAttribute('aria-label')
  await page.keyboard.press('j')
  await expect.poll(() => shown.getAttribute('aria-label')).not.toBe(first)
  await page.keyboard.press('k')
  await expect.poll(() => shown.getAttribute('aria-label')).toBe(first)

  // Approved with a code of the reviewer's choice; the next that waits takes its place.
  await page.keyboard.press('a')
  await page.getByRole('dialog', { name: `Approve ${first}?` }).waitFor()
  await page.keyboard.type('JANE20')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('This code is taken').waitFor()
  await page.getByLabel('Code').fill('CLAY')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => shown.getAttribute('aria-label')).not.toBe(first)

  // What is typed is text and no command; a reason goes out as it was written.
  const second = await shown.getAttribute('aria-label')
  await page.keyboard.press('r')
  await page.getByRole('dialog', { name: `Reject ${second}?` }).waitFor()
  await page.keyboard.type('jar of kilns')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  const { data } = await ask('GET', `/v1/apps/${program.id}/affiliates/applications`)
  const told = Object.fromEntries(data.map((each: any) => [each.name, [each.status, each.rejectionReason]]))
  expect(told[first ?? '']).toEqual(['approved', null])
  expect(told[second ?? '']).toEqual(['rejected', 'jar of kilns'])
  expect(Object.values(told).filter(([status]: any) => status === 'pending')).toHaveLength(1)
  expect(faults).toEqual([])
})

test('a commission says how it came about; it opens beside the list, and going back closes it', async () => {
  await page.goto(at('commissions'))
  await page.getByRole('table', { name: 'Commissions' }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog', { name: 'Commission' })
  await drawer.getByText('20 % of 598.00 EUR = 119.60 EUR').first().waitFor()
  await drawer.getByText(/customer ruth was bound to the code JANE20/i).waitFor()
  expect(page.url()).toMatch(/commissions\/com_/)
  expect(await barriers(page)).toEqual([])

  await drawer.getByRole('button', { name: 'Hold' }).click()
  await page.getByLabel('Why').fill('A second look')
  await page.keyboard.press('Enter')
  await drawer.getByText('Held: A second look').waitFor()
  await page.goBack()
  await drawer.waitFor({ state: 'detached' })
  expect(page.url()).toBe(at('commissions'))
  await page
    .getByRole('row', { name: /Jane Smith/ })
    .getByText('Held')
    .waitFor()
  await page.goForward()
  await drawer.getByText('Held: A second look').waitFor()
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  expect(faults).toEqual([])
})

test.each(
  screens.map(screen => [screen.name, screen.path] as const),
)('%s stands in nobody’s way, by day and by night', async (_, path) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto(at(path))
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expect.poll(() => page.locator('.skeleton, [aria-busy=true]').count()).toBe(0)
  expect(await page.getByRole('alert').allTextContents()).toEqual([])
  expect(await barriers(page)).toEqual([])
  expect(await barriersByNight(page)).toEqual([])
  // On a narrow screen nothing reaches beyond its edge.
  for (const width of [768, 360]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  }
  expect(faults).toEqual([])
})

test('two accounts of one partner are made one, by somebody who has seen what that will mean', async () => {
  const twin = { email: 'jane@studio.example', slug: 'JANE-OLD', first_name: 'Jane', last_name: 'Twice' }
  const { id } = await ask('POST', `/api/v1/partners?appId=${program.id}`, twin)
  await ask('POST', `/v1/apps/${program.id}/commissions`, { partnerId: id, amount: 2_500, currency: 'EUR', note: 'Owed' })
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto(at(`partners/${id}`))
  await page.getByRole('link', { name: 'Merge into …' }).click()
  const drawer = page.getByRole('dialog', { name: 'Merge Jane Twice into …' })
  // Nobody is merged into themselves.
  await drawer.getByText('jane@studio.example').waitFor()
  expect(await drawer.getByRole('link', { name: 'Jane Twice' }).count()).toBe(0)
  expect(await barriers(page)).toEqual([])
  await drawer.getByRole('link', { name: 'Jane Smith' }).click()
  await drawer.getByText('Jane Twice ends, and Jane Smith goes on').waitFor()
  expect(await drawer.locator('.means').innerText()).toContain('Jane Smith gets what they are owed: €25.00 approved.')
  expect(await barriers(page)).toEqual([])
  expect(await barriersByNight(page)).toEqual([])
  await drawer.getByRole('button', { name: 'Merge for good' }).click()
  await heading('Jane Smith')
  await page.getByText('Jane Twice is merged into Jane Smith').waitFor()
  await page.goto(at(`partners/${id}`))
  await page.getByRole('link', { name: 'Merged into another' }).waitFor()
  expect(await page.getByRole('link', { name: 'Merge into …' }).count()).toBe(0)
  expect(faults).toEqual([])
})

test('a session that has ended asks for both factors again, and goes on where it was', async () => {
  const { secret } = await ask('POST', '/v1/auth/totp', { password: admin.password })
  const { recoveryCodes } = await ask('POST', '/v1/auth/totp/confirm', { code: codeAt(fromBase32(secret), stepAt(new Date())) })
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto(at('partners'))
  await page.getByRole('link', { name: 'Jane Smith' }).waitFor()
  await ask('DELETE', '/v1/auth/sessions')
  await page.getByRole('link', { name: 'Jane Smith' }).click()
  await page.getByText('Your session has ended. Sign in to go on where you were.').waitFor()
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password').fill(admin.password)
  await page.keyboard.press('Enter')
  await heading('Enter your code')
  expect(await barriers(page)).toEqual([])
  await page.keyboard.type('000000')
  await page.keyboard.press('Enter')
  await page.getByText('That code does not match.').waitFor()
  await page.getByLabel('Code').fill(recoveryCodes[0])
  await page.keyboard.press('Enter')
  await heading('Jane Smith')
  expect(page.url()).toMatch(/partners\/par_/)
  expect(faults).toEqual([])
})
