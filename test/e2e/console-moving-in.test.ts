import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpToken } from '../../server/program/admins.ts'
import { launch } from '../support/browser.ts'
import { expectSettled } from '../support/payouts.ts'
import { type Receiver, receiver, until } from '../support/receiver.ts'
import { type TestServer, testServer } from '../support/server.ts'
import { barriers, barriersByNight } from '../widget/axe.ts'

// Somebody who knows Rewardful, and nothing of this: only what the screen says leads from one step to the next.
const rita = { email: 'rita@acme.example', password: 'correct horse battery' }
let server: TestServer
let told: Receiver
let browser: Browser
let page: Page
let secret = ''
const faults: string[] = []

beforeAll(async () => {
  // Nobody can sign in yet.
  const nobody = { ADMIN_EMAIL: undefined, ADMIN_PASSWORD: undefined } as unknown as Record<string, string>
  ;[server, told, browser] = await Promise.all([testServer({ ...nobody, ALLOW_PRIVATE_WEBHOOKS: '1' }), receiver(), launch()])
  page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    locale: 'en-GB',
    reducedMotion: 'reduce',
  })
  page.on('pageerror', error => faults.push(String(error)))
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([server?.stop(), told?.close()])
})

const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
const press = (name: string | RegExp) => page.getByRole('button', { name }).click()
const follow = (name: string | RegExp) => page.getByRole('link', { name }).first().click()
const says = (text: string | RegExp) => page.getByText(text).first().waitFor()
/** Nothing in anybody's way, by day and by night, and nothing beyond the edge of a small window. */
async function standsWell() {
  expect(await barriers(page)).toEqual([])
  expect(await barriersByNight(page)).toEqual([])
  await page.setViewportSize({ width: 768, height: 800 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ colorScheme: 'light' })
}

test('The link of the first start leads to the console, and the console to the first steps', async () => {
  await page.goto(`${server.url()}/setup/${await setUpToken(server.desk())}`)
  await page.getByLabel('Your e-mail').fill(rita.email)
  await page.getByLabel('A password').fill(rita.password)
  await page.getByLabel('What the programme is called').fill('Acme')
  await page.getByLabel('The site').fill('https://acme.example')
  await page.getByLabel('Currency').fill('USD')
  await page.keyboard.press('Enter')
  await heading('Acme is ready')
  secret = (await page.getByText(/^mislata_sk_/).textContent()) ?? ''
  await standsWell()
  await follow('Open the console')
  await page.getByLabel('E-mail').fill(rita.email)
  await page.getByLabel('Password').fill(rita.password)
  await page.keyboard.press('Enter')
  await heading('Overview')
  await says('There is no partner yet.')
  await standsWell()
  expect(faults).toEqual([])
})

test('What Rewardful exports is moved in, file by file, and each step names the next', async () => {
  await follow('Bring over what you have')
  await heading('Import')
  await says('Export the affiliates, the referrals and the commissions in Rewardful')
  await standsWell()
  const bring = async (name: string, would: string) => {
    await page.getByLabel('The file').setInputFiles(`test/samples/rewardful-${name}`)
    await says(`rewardful-${name}`)
    await press('Look at every line')
    await says(`${would} would be new.`)
    await press('Bring it in')
    await says(`${would} are new.`)
  }
  await bring('affiliates.json', '3 partners and 4 codes')
  expect(await page.getByRole('link', { name: 'the tag on your site' }).getAttribute('href')).toMatch(/install\?params=ref,via$/)
  await press('Next file: referrals')
  await bring('referrals.csv', '3 referrals')
  await press('Next file: commissions')
  await bring('commissions.csv', '6 commissions')
  // What the old system shows: com-3 and com-5 are due there, com-4 is pending, com-1 and com-2 are paid.
  for (const [name, amount] of [
    ['Pending', 'US$19.80'],
    ['Approved', 'US$78.80'],
    ['Paid', 'US$59.60'],
    ['Rejected', 'US$49.00'],
  ] as const)
    await page.locator('.figures > div', { hasText: name }).getByText(amount).waitFor()
  await standsWell()
  expect(faults).toEqual([])
})

test('An application is found waiting, reviewed, and stays where its link leads', async () => {
  const apply = (name: string, email: string) =>
    server.ask('POST', '/v1/affiliate/apply', { key: secret, body: { name, email, reason: 'I write about clay.' } })
  const { body: ada } = await apply('Ada Alba', 'ada@example.com')
  await apply('Bea Bosch', 'bea@example.com')
  await follow('Overview')
  await follow(/2 applications/)
  await page.goto(`${server.url()}/console/applications/${ada.id}`)
  await page.getByRole('article', { name: 'Ada Alba' }).waitFor()
  await press('Approve')
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await says('Ada Alba is a partner, with the code ')
  await page.getByRole('article', { name: 'Bea Bosch' }).waitFor()

  // Decided since: the list that waits has it no longer, and its own link still has.
  await page.goto(`${server.url()}/console/applications/${ada.id}`)
  const article = page.getByRole('article', { name: 'Ada Alba' })
  await article.getByText('Approved on').waitFor()
  expect(page.url()).toContain('/console/prog_')
  await page.goto(page.url().replace(ada.id, 'apl_nothing'))
  await says('There is no such application')
  await standsWell()
  expect(faults).toEqual([])
})

test('Who cannot be paid is named with the reason and what changes it; then a batch is paid', async () => {
  await follow('Overview')
  await follow('Propose payouts')
  await press('Make the batch')
  await says('Nobody can be paid yet.')
  const row = page.getByRole('row', { name: /Omar Díaz/ })
  await row.getByText('Below the minimum of US$50.00: US$1.00 short').waitFor()
  await standsWell()
  await follow('Change the minimum')
  await page.getByLabel('Minimum', { exact: true }).fill('25')
  await press('Save')
  await says('Saved')
  await follow('Payouts')
  await follow('Propose payouts')
  await press('Make the batch')
  await heading('Batch of US$78.80')
  await says('1 payout cannot be paid with a file:')
  await page.getByRole('checkbox', { name: 'Choose all' }).click()
  await press('Mark as paid')
  await says(/No file held Omar Díaz: their details are missing\./)
  await page.getByLabel('Reference').fill('TRX-1')
  await press('Mark 2 as paid')
  await says('All of it is paid, and the partners have been told.')
  await standsWell()
  await expectSettled(server)
  expect(faults).toEqual([])
})

test('A webhook that was refused is sent again, and so is a span of time', async () => {
  told.answer('/hooks', 503)
  await follow('Webhooks')
  await follow('Add an endpoint')
  await page.getByLabel('Address').fill(told.url('/hooks'))
  await press('Add it')
  await press('I have kept it')
  await press('Send a test')
  await says('Not taken (503)')
  told.answer('/hooks', 200)
  await follow('endpoint.test')
  await press('Send again')
  await page.getByRole('dialog').getByText('Taken (200)').waitFor()
  await press('Close')

  await follow('Replay a span')
  // The server's clock is the test's.
  await page.getByLabel('From').fill('2026-03-01T00:00')
  await page.getByLabel('Until').fill('2026-03-12T00:00')
  await press('Send it again')
  await says(/\d+ deliveries on their way/)
  await until(() => told.so('/hooks').filter(each => each.body.event === 'payout.completed').length === 2, 'both payouts told')
  await standsWell()
  expect(faults).toEqual([])
})
