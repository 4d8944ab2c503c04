import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeAt, fromBase32, stepAt } from '../../server/rules/totp.ts'
import { launch } from '../support/browser.ts'
import { joined } from '../support/console.ts'
import { customerReferrals } from '../support/customer-referrals.ts'
import { type GrantServer, grantServer } from '../support/grant-server.ts'
import { openPayout, paidBy, payingProgram } from '../support/payout-sending.ts'
import { type PayoutServer, payoutServer } from '../support/payout-server.ts'
import { until } from '../support/receiver.ts'
import { admin, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { barriers } from '../widget/axe.ts'

let server: TestServer
let providers: PayoutServer
let host: GrantServer
let own: TestProgram
let browser: Browser
let page: Page
const faults: string[] = []

beforeAll(async () => {
  ;[providers, host, browser] = await Promise.all([payoutServer(() => server.clock.now), grantServer(), launch()])
  const environment = { PAYOUT_PROVIDERS_URL: providers.url, ALLOW_PRIVATE_WEBHOOKS: '1' }
  server = await testServer(environment, { providerTimeoutMs: 2_000 })
  own = await payingProgram(server, {
    rewards: { enabled: true, referrerCredits: 10, referredCredits: 0, qualifyOn: 'signup', grantUrl: host.url },
    fraud: { velocity: 'off' },
  })
  page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    locale: 'en-GB',
    reducedMotion: 'reduce',
  })
  page.on('pageerror', error => faults.push(String(error)))
  await page.goto(at('overview'))
  await signIn()
  await heading('Overview')
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([server?.stop(), providers?.stop(), host?.stop()])
})

const at = (path: string) => `${server.url()}/console/${own.program.id}/${path}`
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click()
const says = (text: string | RegExp) => page.getByText(text).first().waitFor()
async function signIn(email = admin.email) {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(admin.password)
  await page.keyboard.press('Enter')
}

test('A payout is sent by its provider, and what the provider says of it is seen', async () => {
  const payout = await openPayout(server, own, await paidBy(server, own, 'paypal', 'ana'))
  await page.goto(at(`payouts/${payout.id}`))
  await press('Send by PayPal')
  await page.getByRole('dialog', { name: /^Send €100\.00/ }).waitFor()
  await press('Send the money')
  await until(() => providers.booked(payout.id).length === 1, 'PayPal has been asked')
  await page.reload()
  await says('Sending by PayPal')
  expect(await barriers(page)).toEqual([])
  expect(faults).toEqual([])
})

test('A reward that the host would not grant is granted when somebody asks again', async () => {
  const referrals = customerReferrals(server, () => own)
  host.behave('status 500')
  const { code } = await referrals.me('ada')
  await referrals.signUp(code, 'friend')
  await until(() => host.calls.length > 0, 'it is asked for')
  await page.goto(at('rewards/waiting'))
  await page.getByRole('row', { name: /friend/ }).waitFor()
  host.behave('well')
  await press('Grant what is waiting')
  await says(/1 granted, 0 failed, 0 still waiting|There is nothing to grant again/)
  await until(() => host.keys().length === 1, 'it is granted')
  expect(faults).toEqual([])
})

test('Questions of the application form are kept', async () => {
  await page.goto(at('settings/questions'))
  await press('Add a question')
  await page.getByLabel('What it asks').fill('How big is your list?')
  await page.getByLabel('Answered by').selectOption('select')
  await page.getByLabel('Choices').fill('Small\nLarge')
  await press('Save')
  await says('Saved')
  await page.reload()
  expect(await page.getByLabel('What it asks').inputValue()).toBe('How big is your list?')
  const { body } = await server.ask('GET', `/v1/apps/${own.program.id}`, { token: own.token })
  expect(body.brand.applyFields).toMatchObject([{ name: 'howBigIsYourList', type: 'select', options: ['Small', 'Large'] }])
  expect(faults).toEqual([])
})

test('A file of one’s own is read as its columns and words are explained, and an export moves all of it', async () => {
  await page.goto(at('import'))
  await page.getByLabel('It comes from').selectOption('csv')
  await page.getByLabel('The file').setInputFiles('test/samples/plain-partners.csv')
  await page.getByLabel('It holds').selectOption('partners')
  await page.getByLabel('Dates such as').selectOption('dmy')
  await page.getByLabel('Columns').fill('id = Partner\nemail = Mail\nfirstName = First\nlastName = Last\nwhat')
  await press('Look at every line')
  await says('A line cannot be read: what')
  const columns =
    'id = Partner\nemail = Mail\nfirstName = First\nlastName = Last\nstatus = State\ncodes = Links\ncreatedAt = Since'
  await page.getByLabel('Columns').fill(columns)
  await page.getByLabel('Words for states').fill('on = active\noff = deactivated')
  await press('Look at every line')
  await says('3 partners and 4 codes would be new.')
  await press('Bring it in')
  await says('3 partners and 4 codes are new.')

  await page.goto(at('import'))
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download everything' }).click()
  const path = await (await download).path()
  const [first = ''] = readFileSync(path, 'utf8').split('\n')
  expect(JSON.parse(first)).toMatchObject({ type: 'export' })
  // Where the program lives already it is not made a second time, and the screen says so.
  await page.getByLabel('It comes from').selectOption('mislata')
  await page.getByLabel('The file').setInputFiles(path)
  await press('Look at every line')
  await page
    .getByText(/lives here|lives on this server|already/i)
    .first()
    .waitFor()
  expect(faults).toEqual([])
})

test('The audit log answers who did what on which day', async () => {
  await page.goto(at('audit'))
  await page.getByRole('row', { name: /Data imported/ }).waitFor()
  await page.getByLabel('Who', { exact: true }).selectOption({ label: `${admin.email} (you)` })
  await page.getByLabel('From').fill('2026-03-10')
  await page.getByLabel('To', { exact: true }).fill('2026-03-10')
  await page.getByRole('row', { name: /Data imported/ }).waitFor()
  expect(await page.getByRole('row', { name: /secret …/ }).count()).toBe(0)
  await page.getByLabel('To', { exact: true }).fill('2026-03-11')
  await page.getByLabel('From').fill('2026-03-11')
  await says('Nothing matches')
  expect(await barriers(page)).toEqual([])
  expect(faults).toEqual([])
})

test('A second factor is set up on the account page, and a recovery code lets in once without it', async () => {
  await page.goto(at('account'))
  await press('Set it up')
  await page.getByLabel('Your password').fill(admin.password)
  await press('Go on')
  const secret = (await page.locator('code.secret').textContent()) ?? ''
  expect(await barriers(page)).toEqual([])
  const code = codeAt(fromBase32(secret.replaceAll(' ', '')), stepAt(server.clock.now))
  await page.getByLabel('The code that the app shows now').fill(code)
  await press('Turn it on')
  const recovery = (await page.locator('.codes code').first().textContent()) ?? ''
  await press('I have kept them')
  await says(/On, 10 recovery codes left/)
  await press('Sign out')
  await signIn()
  await heading('Enter your code')
  await page.getByLabel('Code').fill(recovery)
  await page.keyboard.press('Enter')
  await heading('Your account')
  await says(/On, 9 recovery codes left/)
  expect(faults).toEqual([])
})

test('A role sees what it may not, and a server that is down says so and comes back', async () => {
  await joined(server, { token: own.token, email: 'reader@example.com', role: 'read_only' })
  await press('Sign out')
  await signIn('reader@example.com')
  await page.goto(at('import'))
  await says('Your role may not do that')
  await page.goto(at('audit'))
  await page.getByRole('row', { name: /Data imported/ }).waitFor()
  await page.context().route('**/v1/**', route => route.abort())
  await page.getByLabel('About').selectOption('partner')
  await says('The server cannot be reached')
  await page.context().unroute('**/v1/**')
  await press('Try again')
  await page.getByRole('table', { name: 'What was done' }).waitFor()
  expect(faults).toEqual([])
})
