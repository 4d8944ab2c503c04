import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, barriersByNight } from './axe.ts'
import { dashboard, nextPayout, payoutSettings, problem } from './replies.ts'
import { type Answers, type Stage, setStage, tokenFor } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage({ oneDocument: true })
})
afterAll(() => stage.close())

const PATH = '/v1/affiliate/payout-settings'
const ELEMENT = `<mislata-dashboard token="${tokenFor('cus_1')}"></mislata-dashboard>`
const unknown = payoutSettings({ method: null, email: null, missing: ['method'], methods: ['paypal', 'bank_transfer', 'crypto'] })

async function open(answers: Answers, over: Parameters<typeof dashboard>[0] = {}, tab = 'Payouts') {
  const opened = await stage.open(ELEMENT, {
    answers: { 'GET /v1/affiliate/dashboard': () => ({ body: dashboard(over) }), ...answers },
    now: '2026-11-21T12:00:00Z',
  })
  const { page } = opened
  await page.getByRole('tab', { name: tab }).click()
  const panel = page.getByRole('tabpanel')
  await panel.locator('h3').first().waitFor()
  return { ...opened, said: async () => (await panel.innerText()).replaceAll(/\s+/g, ' ').trim() }
}
const seen = (body: object): Answers => ({ [`GET ${PATH}`]: () => ({ body }) })

describe('Getting paid', () => {
  test('begins with a choice, asks for what that needs, and says that it is saved', async () => {
    const after = payoutSettings({
      ...{ method: 'bank_transfer', iban: '•••1332', accountHolder: 'Jane Smith', email: null },
      ...{ changedAt: '2026-11-21T12:00:00.000Z', waitsUntil: '2026-11-24T12:00:00.000Z' },
    })
    const { page, said, asked, faults, close } = await open({ ...seen(unknown), [`PATCH ${PATH}`]: () => ({ body: after }) })
    await page.getByText('Say how you want to be paid').waitFor()
    await page.getByRole('button', { name: 'Set it up' }).click()
    const way = page.getByLabel('How do you want to be paid?')
    expect(await way.evaluate(each => each.matches(':focus'))).toBe(true)
    expect(await way.locator('option').allInnerTexts()).toEqual([
      'PayPal',
      'Bank account with IBAN',
      'Bank account without IBAN',
      'Crypto',
    ])
    await way.selectOption('Bank account without IBAN')
    expect(await page.getByLabel('Routing number or bank code').count()).toBe(1)
    await way.selectOption('Bank account with IBAN')
    expect(await page.getByLabel('PayPal e-mail').count()).toBe(0)
    expect(await barriers(page), 'by day').toEqual([])
    expect(await barriersByNight(page), 'by night').toEqual([])
    await page.getByLabel('Account holder').fill('Jane Smith')
    await page.getByLabel('IBAN', { exact: true }).fill('ES91 2100 0418 4502 0005 1332')
    await page.getByText('After a change nothing is paid out for 3 days').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. We have written to your address about it.').waitFor()
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({
      ...{ method: 'bank_transfer', accountHolder: 'Jane Smith', iban: 'ES91 2100 0418 4502 0005 1332', bic: null },
    })
    expect(await said()).toContain('Bank transfer •••1332')
    expect(await said()).toContain('Changed on 21 Nov. Nothing is paid out before 24 Nov')
    expect(await page.getByRole('button', { name: 'Change' }).evaluate(each => each.matches(':focus'))).toBe(true)
    expect(await barriers(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('shows what is there, masked, and can be left as it is', async () => {
    const { page, said, close } = await open(seen(payoutSettings()))
    await page.getByRole('button', { name: 'Change' }).waitFor()
    expect(await said()).toContain('Getting paid PayPal j•••@example.com All set Change')
    await page.getByRole('button', { name: 'Change' }).click()
    expect(await page.getByLabel('PayPal e-mail').inputValue()).toBe('')
    await page.getByRole('button', { name: 'Leave it as it is' }).click()
    expect(await page.getByLabel('How do you want to be paid?').count()).toBe(0)
    await close()
  })

  test.each([
    ['iban', 'This is no IBAN. Check its digits.', 'IBAN'],
    ['accountHolder', 'As the server says it', 'Account holder'],
  ])('says below %s what is wrong with it, in the reader’s words where there are some', async (path, says, label) => {
    const errors = [{ path, message: 'As the server says it' }]
    const { page, close } = await open({
      ...seen(payoutSettings({ method: 'bank_transfer', email: null, iban: '•••1332' })),
      [`PATCH ${PATH}`]: () => ({ status: 422, body: { ...problem(422, 'invalid'), errors } }),
    })
    await page.getByRole('button', { name: 'Change' }).click()
    await page.getByLabel('Account holder').fill('Jane')
    await page.getByLabel('IBAN', { exact: true }).fill('ES00')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(says).waitFor()
    const field = page.getByLabel(label, { exact: true })
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.evaluate(each => each.matches(':focus'))).toBe(true)
    expect(await page.getByLabel('IBAN', { exact: true }).inputValue()).toBe('ES00')
    expect(await barriers(page)).toEqual([])
    await close()
  })

  test('that cannot be had says so and can be asked for again; what was refused stays in the form', async () => {
    let fails = true
    const { page, close } = await open({
      [`GET ${PATH}`]: () => (fails ? { status: 503, body: problem(503, 'unavailable') } : { body: payoutSettings() }),
      [`PATCH ${PATH}`]: () => ({ cut: true }),
    })
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await barriers(page)).toEqual([])
    fails = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('button', { name: 'Change' }).click()
    await page.getByLabel('PayPal e-mail').fill('jane@example.com')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('tabpanel').getByRole('alert').waitFor()
    expect(await page.getByLabel('PayPal e-mail').inputValue()).toBe('jane@example.com')
    await close()
  })

  test('by Stripe has nothing to fill in', async () => {
    const stripe = payoutSettings({ methods: ['stripe'], method: 'stripe', email: null, stripeAccount: '•••7G8h' })
    const { page, said, close } = await open(seen(stripe))
    await page.getByRole('button', { name: 'Change' }).click()
    await page.getByText('Your Stripe account is connected.').waitFor()
    expect(await said()).toContain('Stripe •••7G8h')
    await close()
  })
})

test('The next payout says what is on its way, what is approved next and when, and when the minimum is reached', async () => {
  const nextPayouts = [
    nextPayout({ due: 12.4, missing: 37.6, onTheWay: 80, nextApproval: { availableAt: '2026-11-25T10:00:00.000Z', amount: 17 } }),
    nextPayout({ currency: 'JPY', due: 4_000, minimum: 5_000, missing: 1_000, minimumReachedAt: '2026-12-02T10:00:00.000Z' }),
  ]
  const { said, close } = await open(seen(payoutSettings()), { nextPayouts })
  expect(await said()).toMatch(
    /€12\.40 €37\.60 to go until the minimum of €50\.00\. €80\.00 is on its way to you\. €129\.40 is pending\. €17\.00 of it can be paid from 25 Nov on\./,
  )
  expect(await said()).toMatch(/JP¥4,000 JP¥1,000 to go until the minimum of JP¥5,000\. The minimum is reached on 2 Dec\./)
  await close()
})

test('Each link says what it has brought', async () => {
  const code = { url: 'https://acme.test/?ref=JANE20', label: null, createdAt: '2026-01-10T09:00:00.000Z' }
  const earned = [
    { currency: 'EUR', amount: 239.2 },
    { currency: 'JPY', amount: 1_000 },
  ]
  const codes = [
    { ...code, code: 'JANE20', clicks: 1, signups: 1, conversions: 1 },
    { ...code, code: 'ref_fair', label: 'Fair', clicks: 1_234, signups: 4, conversions: 2, earned },
  ]
  const { page, close } = await open(seen(payoutSettings()), { codes }, 'Links')
  const lines = (await page.locator('.items .aside .dots').allInnerTexts()).map(each => each.replaceAll(/\s+/g, ' ').trim())
  expect(lines).toEqual(['1 click 1 signup 1 sale', '1,234 clicks 4 signups 2 sales €239.20 earned JP¥1,000 earned'])
  await close()
})
