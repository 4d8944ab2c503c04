import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch } from '../support/browser.ts'
import { adjust, expectSettled } from '../support/payouts.ts'
import { type Receiver, receiver, until } from '../support/receiver.ts'
import { admin, newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { barriers } from '../widget/axe.ts'

let server: TestServer
let own: TestProgram
let told: Receiver
let browser: Browser
let page: Page
const faults: string[] = []

beforeAll(async () => {
  ;[server, told, browser] = await Promise.all([testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' }), receiver(), launch()])
  own = await newProgram(server, { name: 'Kilnhouse' })
  for (const [slug, first_name, amount] of [
    ['ana', 'Ana', 12_000],
    ['ben', 'Ben', 8_050],
    ['col', 'Col', 700],
  ] as const)
    await adjust(
      server,
      own,
      await newPartner(server, own, { slug, first_name, payout_method: 'paypal', payout_email: `${slug}@pay.example` }),
      amount,
    )
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, locale: 'en-GB' })
  page.on('pageerror', error => faults.push(String(error)))
  await page.goto(`${server.url()}/console/${own.program.id}/payouts`)
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password').fill(admin.password)
  await page.keyboard.press('Enter')
  await heading('Payouts')
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([server?.stop(), told?.close()])
})

const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
const press = (name: string | RegExp) => page.getByRole('button', { name }).click()
const follow = (name: string) => page.getByRole('link', { name }).first().click()

test('A batch is proposed, downloaded, looked at and paid by the screen alone', async () => {
  await follow('Propose payouts')
  await press('Make the batch')
  await heading('Batch of €200.50')
  // What does not reach the minimum is said to be left.
  await page.getByText('Below the minimum').waitFor()
  expect(await barriers(page)).toEqual([])

  const download = page.waitForEvent('download')
  await press('Download: PayPal')
  const lines = await text(await download)
  expect(lines).toContain('ana@pay.example,120.00,EUR,')
  expect(lines).toContain('ben@pay.example,80.50,EUR,')

  await follow('Ana')
  await page.getByText('For the tests').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Mark as paid' }).click()
  await page.getByLabel('Reference').fill('TRX-1')
  await page.getByRole('dialog', { name: 'Has €120.00 been paid to Ana?' }).getByRole('button', { name: 'Mark as paid' }).click()
  await page.getByRole('dialog').getByText('TRX-1').waitFor()
  await press('Close')

  await page.getByRole('checkbox', { name: 'Choose all' }).click()
  await press('Mark as paid')
  await page.getByLabel('Reference').fill('"2", by hand')
  await press('Mark 1 as paid')
  await page.getByText('1 payout marked as paid').waitFor()
  await page.getByText('2 payouts', { exact: true }).waitFor()

  const { body } = await server.ask('GET', `/v1/apps/${own.program.id}/payouts`, { key: own.secret })
  const paid = body.data.map(({ amount, status, reference }: Record<string, unknown>) => [amount, status, reference])
  expect(paid.sort()).toEqual([
    [12_000, 'paid', 'TRX-1'],
    [8_050, 'paid', '"2", by hand'],
  ])
  await expectSettled(server)
  expect(faults).toEqual([])
})

test('A result file is shown line by line before it is recorded', async () => {
  const partner = await newPartner(server, own, {
    slug: 'dot',
    first_name: 'Dot',
    payout_method: 'paypal',
    payout_email: 'd@pay.example',
  })
  await adjust(server, own, partner, 6_000)
  const { body: made } = await server.ask('POST', `/v1/apps/${own.program.id}/payouts`, { key: own.secret })
  const [{ id }] = made.data
  const statusOf = async () =>
    (await server.ask('GET', `/v1/apps/${own.program.id}/payouts/${id}`, { key: own.secret })).body.status
  await follow('Payouts')
  await follow('Result file')
  const content = `payout_id,status,reference,reason\n${id},failed,,Account closed\npay_none,paid,,\n`
  await page.getByLabel('The file').setInputFiles({ name: 'back.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })
  await page.getByText('Failed: owed again').waitFor()
  await page.getByText('No such payout here').waitFor()
  expect(await statusOf()).toBe('pending')
  await press('Record 1 payout')
  await page.getByText('recorded.', { exact: false }).waitFor()
  await page.getByText('What came of it').waitFor()
  expect(await statusOf()).toBe('failed')
  expect(faults).toEqual([])
})

test('An endpoint is added and tested, and what it refused is replayed, by the screen alone', async () => {
  told.answer('/hooks', 503)
  await follow('Webhooks')
  await follow('Add an endpoint')
  await page.getByLabel('Address').fill(told.url('/hooks'))
  await press('Add it')
  await page.getByText('It is not shown again').waitFor()
  await press('I have kept it')
  await press('Send a test')
  await told.at('/hooks')
  await page.getByText('Not taken (503)').first().waitFor()
  told.answer('/hooks', 200)
  await follow('endpoint.test')
  await press('Send again')
  await page.getByRole('dialog').getByText('Taken (200)').waitFor()
  await press('Close')

  // What happened before the endpoint was there.
  await follow('Replay a span')
  // The server's clock is the test's.
  await page.getByLabel('From').fill('2026-03-01T00:00')
  await page.getByLabel('Until').fill('2026-03-12T00:00')
  await press('Send it again')
  await page.getByText(/\d+ deliveries on their way/).waitFor()
  await until(() => told.so('/hooks').some(each => each.body.event === 'payout.completed'), 'payout.completed told')
  expect(faults).toEqual([])
})

test('A file of another system is looked at line by line, then brought in', async () => {
  const file = (name: string) => page.getByLabel('The file').setInputFiles(`test/samples/rewardful-${name}`)
  await follow('Import')
  await file('affiliates.json')
  await press('Look at every line')
  await page.getByText('nothing is brought in yet', { exact: false }).waitFor()
  const partners = async () => (await server.ask('GET', '/api/v1/partners?search=newsworthy', { key: own.secret })).body.data
  expect(await partners()).toEqual([])
  await press('Bring it in')
  await page.getByText('The same file again changes nothing more.', { exact: false }).waitFor()
  expect(await partners()).toMatchObject([{ email: 'jane@newsworthy.example' }])
  await press('Next file: referrals')
  await file('affiliates.json')
  await press('Look at every line')
  await page.getByText('Nothing would change.', { exact: false }).waitFor()
  expect(await barriers(page)).toEqual([])
  expect(faults).toEqual([])
})

async function text(download: import('playwright').Download) {
  const parts: Buffer[] = []
  for await (const part of await download.createReadStream()) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
