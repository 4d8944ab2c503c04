import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, barriersByNight } from './axe.ts'
import {
  commission,
  dashboard,
  deal,
  delivery,
  endpoint,
  madeEndpoint,
  madeKey,
  page as pageOf,
  partnerKey,
  payoutSettings,
  picture,
  problem,
} from './replies.ts'
import { type Answers, type Stage, setStage, tokenFor } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage({ oneDocument: true })
})
afterAll(() => stage.close())

const CODES = 'POST /v1/affiliate/codes'
const KEYS = '/v1/affiliate/api-keys'
const HOOKS = '/v1/affiliate/webhooks'
const PAYMENT = '/v1/affiliate/payout-settings'
const ELEMENT = `<mislata-dashboard token="${tokenFor('cus_1')}"></mislata-dashboard>`

type Tab = 'Overview' | 'Payouts' | 'Links' | 'Deals' | 'Settings'
type Over = Parameters<typeof dashboard>[0]

async function open(tab: Tab, over: Over = {}, answers: Answers = {}, more: Partial<Parameters<Stage['open']>[1]> = {}) {
  const usual: Answers = {
    'GET /v1/affiliate/dashboard': () => ({ body: dashboard(over) }),
    'GET /referrals/qr.svg': () => ({ body: picture() }),
    [`GET ${KEYS}`]: () => ({ body: pageOf(partnerKey()) }),
    [`GET ${HOOKS}`]: () => ({ body: pageOf(endpoint()) }),
    [`GET ${PAYMENT}`]: () => ({ body: payoutSettings() }),
  }
  const opened = await stage.open(ELEMENT, { answers: { ...usual, ...answers }, now: '2026-11-21T12:00:00Z', ...more })
  await opened.page.getByRole('tab', { name: tab }).click()
  await opened.page.getByRole('tabpanel').locator('h3').first().waitFor()
  return opened
}

const panel = async (page: Page) => (await page.getByRole('tabpanel').innerText()).replaceAll(/\s+/g, ' ').trim()
const codes = [
  { code: 'JANE20', url: 'https://acme.test/?ref=JANE20', label: null, createdAt: '2026-01-10T09:00:00.000Z' },
  { code: 'ref_fair_7kx', url: 'https://acme.test/?ref=ref_fair_7kx', label: 'Fair', createdAt: '2026-03-10T09:00:00.000Z' },
]

describe('The tabs', () => {
  test('are gone through with arrows, keep one stop for the tab key, and are named for what they show', async () => {
    const { page, close } = await open('Overview')
    const selected = () => page.getByRole('tab', { selected: true }).innerText()
    await page.getByRole('tab', { name: 'Overview' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await selected()).toBe('Payouts')
    await page.keyboard.press('End')
    expect(await selected()).toBe('Settings')
    await page.keyboard.press('ArrowRight')
    expect(await selected()).toBe('Overview')
    await page.keyboard.press('ArrowLeft')
    expect(await selected()).toBe('Settings')
    expect(await page.getByRole('tabpanel', { name: 'Settings' }).count()).toBe(1)
    expect(await page.locator('[role=tab][tabindex="0"]').count()).toBe(1)
    await close()
  })

  test('are not there where the dashboard’s own code cannot be had, which it says', async () => {
    const before = (page: Page) => page.route('**/dashboard-*.js', route => route.abort(), { times: 1 })
    const { page, faults, close } = await stage.open(ELEMENT, {
      answers: { 'GET /v1/affiliate/dashboard': () => ({ body: dashboard() }) },
      before,
    })
    await page.getByText('The server cannot be reached').waitFor()
    expect(await page.evaluate(() => window.seen.at(-1))).toEqual({ type: 'error', detail: { code: 'unreachable' } })
    expect(await barriers(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('come with the dashboard: nothing but answers is fetched when one is opened', async () => {
    const { page, faults, close } = await stage.open(ELEMENT, {
      answers: { 'GET /v1/affiliate/dashboard': () => ({ body: dashboard() }) },
    })
    await page.getByRole('tab', { name: 'Deals' }).waitFor()
    await page.route('**/*.js', route => route.abort())
    for (const tab of ['Payouts', 'Links', 'Deals'] as const) {
      await page.getByRole('tab', { name: tab }).click()
      await page.getByRole('tabpanel', { name: tab }).getByRole('heading').first().waitFor()
    }
    expect(faults).toEqual([])
    await close()
  })

  test.each<[Tab]>([
    ['Payouts'],
    ['Links'],
    ['Deals'],
    ['Settings'],
  ])('can be read by everybody, by day and by night, from 320 pixels on: %s', async tab => {
    const { page, faults, close } = await open(tab, { codes, deals: [deal(), deal({ id: 'deal_2', status: 'won' })] })
    expect(await page.evaluate(() => window.violations)).toEqual([])
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    expect(await barriers(page), 'by day').toEqual([])
    expect(await barriersByNight(page), 'by night').toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test.each<[Tab]>([['Payouts'], ['Links'], ['Deals'], ['Settings']])('fit the finger: %s', async tab => {
    const context = { hasTouch: true, isMobile: true, viewport: { width: 360, height: 700 } }
    const { page, close } = await open(tab, { codes }, {}, { context })
    const heights = await page
      .locator('mislata-dashboard :is(button, summary, input)')
      .evaluateAll(all => all.map(each => each.getBoundingClientRect().height))
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
    await close()
  })
})

describe('The next payout', () => {
  const own = (approvedBalance: number, pendingBalance = 0) => ({ affiliate: { approvedBalance, pendingBalance } })

  test.each<[string, Over, RegExp]>([
    ['is due', own(95.6, 129.4), /^Next payout €95\.60 In the next payout\. €129\.40 is pending\./],
    ['has a way to go', own(12.4), /€12\.40 €37\.60 to go until the minimum of €50\.00\./],
    ['has nothing yet', own(0), /€0\.00 Nothing is approved yet\./],
    ['is below zero', own(-24), /−€24\.00 More was taken back than was left to be paid\./],
    [
      'is one for each currency',
      {
        balances: [
          { currency: 'EUR', totalEarned: 0, pending: 0, approved: 95.6, paid: 0 },
          { currency: 'JPY', totalEarned: 0, pending: 0, approved: 123456789, paid: 0 },
          { currency: 'USD', totalEarned: 0, pending: 0, approved: 0, paid: 7 },
        ],
      },
      /€95\.60 In the next payout\. JP¥123,456,789 In the next payout\. Getting paid/,
    ],
  ])('%s', async (_, over, says) => {
    const { page, close } = await open('Payouts', over)
    await expect.poll(() => panel(page)).toMatch(says)
    await close()
  })

  test('below zero says what was taken back after it was paid', async () => {
    const { page, close } = await open('Payouts', {
      ...own(-31),
      commissions: [
        commission({ status: 'paid', amount: 95.6, reversedAmount: 24 }),
        commission({ status: 'reversed', amount: 0, reversedAmount: 119.6, occurredAt: '2026-11-01T10:00:00.000Z' }),
        {
          ...commission({ status: 'approved', amount: -7, occurredAt: '2026-11-02T10:00:00.000Z' }),
          why: { kind: 'adjustment', note: 'Booked twice' },
        },
      ],
    })
    await page.getByText('Taken back after it was paid').click()
    const lines = await page.locator('.next details li').allInnerTexts()
    expect(lines).toEqual(['−€24.00 Refund of Pro, yearly 20 Nov', '−€7.00 Booked twice 2 Nov'])
    await close()
  })
})

describe('The payouts', () => {
  const payout = { id: 'pay_1', amount: 159.47, currency: 'EUR', createdAt: '2026-09-01T00:00:00.000Z', paidAt: null }

  test('each say how it stands', async () => {
    const payouts = [
      { ...payout, status: 'pending' as const, method: 'bank_transfer', reference: null },
      { ...payout, id: 'pay_2', status: 'failed' as const, method: 'pigeon', reference: null },
      { ...payout, id: 'pay_3', status: 'paid' as const, method: null, reference: 'SEPA 12', paidAt: '2026-09-03T00:00:00.000Z' },
    ]
    const { page, close } = await open('Payouts', { payouts })
    const rows = (await page.locator('.payouts tbody tr').allInnerTexts()).map(row => row.replaceAll(/\s+/g, ' '))
    expect(rows).toEqual([
      '1 Sept Bank transfer On its way €159.47',
      '1 Sept pigeon Failed It did not arrive, and is in your balance again. €159.47',
      '1 Sept Payout Reference SEPA 12 Paid on 3 Sept €159.47',
    ])
    await close()
  })

  test('that are none say what makes the first', async () => {
    const { page, close } = await open('Payouts', { payouts: [] })
    expect(await panel(page)).toContain('No payout yet The first one is made once €50.00 is approved.')
    await close()
  })
})

describe('A link', () => {
  test('is made from a label, stands there at once, and can be copied', async () => {
    const made = { code: 'ref_summer_9qz', url: 'https://acme.test/?ref=ref_summer_9qz', createdAt: '2026-11-21T12:00:00.000Z' }
    const { page, asked, close } = await open(
      'Links',
      { codes },
      { [CODES]: () => ({ status: 201, body: made }) },
      { context: { permissions: ['clipboard-read', 'clipboard-write'] } },
    )
    await page.getByLabel('Where will you share it?').fill(' Summer ')
    await page.getByRole('button', { name: 'Make a link' }).click()
    await page.getByLabel('Link “Summer”').waitFor()
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({ label: 'Summer' })
    expect(await page.getByLabel('Where will you share it?').inputValue()).toBe('')
    const inputs = page.locator('.items input')
    expect(await inputs.evaluateAll(all => all.map(each => (each as HTMLInputElement).value))).toEqual([
      'https://acme.test/?ref=JANE20',
      made.url,
      'https://acme.test/?ref=ref_fair_7kx',
    ])
    await page.locator('.items li', { hasText: 'Summer' }).getByRole('button', { name: 'Copy link' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(made.url)
    expect(await page.getByRole('button', { name: 'Copied' }).count()).toBe(1)
    await close()
  })

  test('is retired once it was asked for twice, and the main one cannot be', async () => {
    const { page, asked, close } = await open(
      'Links',
      { codes },
      { 'DELETE /v1/affiliate/codes/ref_fair_7kx': () => ({ body: { ...codes[1], retiredAt: '2026-11-21T12:00:00.000Z' } }) },
    )
    expect(await page.getByRole('button', { name: /^Retire/ }).count()).toBe(1)
    await page.getByRole('button', { name: 'Retire: Fair' }).click()
    await page.getByText('It cannot be undone').waitFor()
    expect(await page.evaluate(() => document.querySelector('mislata-dashboard')?.shadowRoot?.activeElement?.textContent)).toBe(
      'Retire it',
    )
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Keep it' }).click()
    expect(asked.some(({ route }) => route.startsWith('DELETE'))).toBe(false)
    await page.getByRole('button', { name: 'Retire: Fair' }).click()
    await page.getByRole('button', { name: 'Retire it' }).click()
    await page.getByLabel('Link “Fair”').waitFor({ state: 'detached' })
    await close()
  })

  test('that is refused says why, beside the answer or below the form', async () => {
    const replies = [
      { status: 422, body: problem(422, 'invalid', [{ path: 'label', message: 'Give a label.' }]) },
      { status: 409, body: problem(409, 'too_many_codes') },
      { status: 429, body: problem(429, 'too_many_requests'), headers: { 'retry-after': '30' } },
    ]
    const { page, close } = await open('Links', { codes }, { [CODES]: () => replies.shift() ?? {} })
    const make = async () => {
      await page.getByLabel('Where will you share it?').fill('x')
      await page.getByRole('button', { name: 'Make a link' }).click()
    }
    await make()
    await page.getByText('Give a label.').waitFor()
    expect(await page.getByLabel('Where will you share it?').getAttribute('aria-invalid')).toBe('true')
    await make()
    await page.getByRole('alert').getByText('There are as many links as there may be').waitFor()
    expect(await barriers(page)).toEqual([])
    await make()
    await page.getByRole('alert').getByText('Try again in 30 seconds').waitFor()
    await close()
  })
})

describe('A deal', () => {
  const lead = async (page: Page) => {
    await page.getByLabel('Company or person').fill('Globex')
    await page.getByLabel('Their e-mail').fill('buyer@globex.example')
    await page.getByLabel('Notes').fill('Met at the fair.')
    await page.getByRole('button', { name: 'Register the deal' }).click()
  }

  test('is registered, said, and first in the list', async () => {
    const { page, asked, close } = await open(
      'Deals',
      { deals: [deal({ id: 'deal_0', leadName: 'Hooli', status: 'won' })] },
      { 'POST /v1/affiliate/deals': () => ({ status: 201, body: deal({ notes: 'Met at the fair.' }) }) },
    )
    await lead(page)
    await page.getByRole('status').getByText('Globex is registered.').waitFor()
    const sent = { leadName: 'Globex', leadEmail: 'buyer@globex.example', notes: 'Met at the fair.' }
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual(sent)
    const items = (await page.locator('.deals li').allInnerTexts()).map(each => each.replaceAll(/\s+/g, ' '))
    expect(items).toEqual([
      'Globex buyer@globex.example 12 Nov Met at the fair. Registered',
      'Hooli buyer@globex.example 12 Nov Won',
    ])
    expect(await barriers(page)).toEqual([])
    await close()
  })

  test('that was registered before stands there once', async () => {
    const { page, close } = await open(
      'Deals',
      { deals: [deal()] },
      { 'POST /v1/affiliate/deals': () => ({ status: 200, body: deal() }) },
    )
    await lead(page)
    await page.getByText('Globex is registered.').waitFor()
    expect(await page.locator('.deals li').count()).toBe(1)
    await close()
  })

  test('that another partner holds keeps what was typed, and says so', async () => {
    const { page, close } = await open(
      'Deals',
      { deals: [] },
      { 'POST /v1/affiliate/deals': () => ({ status: 409, body: problem(409, 'lead_taken') }) },
    )
    await page.getByText('No deal yet').waitFor()
    await lead(page)
    await page.getByRole('alert').getByText('Somebody else has brought this lead already.').waitFor()
    expect(await page.getByLabel('Company or person').inputValue()).toBe('Globex')
    await close()
  })
})

describe('An API key', () => {
  test('is shown this one time, and then only how it ends', async () => {
    const { page, asked, close } = await open(
      'Settings',
      {},
      { [`POST ${KEYS}`]: () => ({ status: 201, body: madeKey() }) },
      { context: { permissions: ['clipboard-read', 'clipboard-write'] } },
    )
    await page.getByLabel('What is it for?').fill('Sheet')
    await page.getByRole('button', { name: 'Make a key' }).click()
    const shown = page.getByLabel('Your new key').getByRole('textbox')
    expect(await shown.inputValue()).toBe(madeKey().key)
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({ name: 'Sheet' })
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(madeKey().key)
    // A host that listens to what is copied is told of links, never of keys.
    expect(await page.evaluate(() => window.seen.filter(({ type }) => type === 'copied'))).toEqual([])
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'I have it' }).click()
    await shown.waitFor({ state: 'detached' })
    const keys = (await page.locator('.keys li').allInnerTexts()).map(each => each.replaceAll(/\s+/g, ' '))
    expect(keys).toEqual(['Sheet ends in x9Qz 2 Nov Revoke', 'Our reports ends in x9Qz 2 Nov Revoke'])
    await close()
  })

  test('is revoked once it was asked for twice; one that is gone already is said to be', async () => {
    let gone = true
    const { page, close } = await open(
      'Settings',
      {},
      {
        [`DELETE ${KEYS}/key_1`]: () =>
          gone ? { status: 404, body: problem(404, 'api_key_not_found') } : { body: partnerKey() },
      },
    )
    await page.getByRole('button', { name: 'Revoke: Our reports' }).click()
    await page.getByRole('button', { name: 'Revoke it' }).click()
    await page.getByRole('alert').getByText('This key is not there any more.').waitFor()
    gone = false
    await page.getByRole('button', { name: 'Revoke it' }).click()
    await page.getByText('No key yet.').waitFor()
    await close()
  })
})

describe('A webhook address', () => {
  const sent = delivery('pending')

  test('is added with its https, and shows its secret this one time', async () => {
    const { page, asked, close } = await open(
      'Settings',
      {},
      { [`POST ${HOOKS}`]: () => ({ status: 201, body: madeEndpoint() }) },
    )
    await page.getByLabel('Address').fill('new.example/hook')
    await page.getByLabel('Address').blur()
    await page.getByRole('button', { name: 'Add the address' }).click()
    expect(await page.getByLabel('Its signing secret').getByRole('textbox').inputValue()).toBe(madeEndpoint().secret)
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({ url: 'https://new.example/hook' })
    expect(await page.locator('.hooks li').count()).toBe(2)
    await close()
  })

  test.each<[string, ReturnType<typeof delivery>, string]>([
    ['arrived', delivery('delivered', [{ outcome: 'ok', status: 204 }]), 'The test arrived: it answered 204.'],
    ['was not answered', delivery('pending', [{ outcome: 'timeout', status: null }]), 'no answer in time. It is tried again.'],
    ['was refused', delivery('pending', [{ outcome: 'status', status: 500 }]), 'did not arrive: it answered 500.'],
  ])('says of a test that it %s', async (_, found, says) => {
    let looked = 0
    const { page, close } = await open(
      'Settings',
      {},
      {
        [`POST ${HOOKS}/whk_1/test`]: () => ({ status: 201, body: sent }),
        [`GET ${HOOKS}/deliveries`]: () => ({ body: pageOf(looked++ ? found : sent) }),
      },
    )
    await page.getByRole('button', { name: /^Send a test/ }).click()
    await page.getByText('The test is on its way.').waitFor()
    await page.getByText(says).waitFor()
    expect(await barriers(page)).toEqual([])
    await close()
  })

  test('that was stopped says why, cannot be tested, and can be deleted', async () => {
    const { page, close } = await open(
      'Settings',
      {},
      {
        [`GET ${HOOKS}`]: () => ({ body: pageOf(endpoint({ disabled: true, disabledReason: 'gone' })) }),
        [`DELETE ${HOOKS}/whk_1`]: () => ({ body: endpoint() }),
      },
    )
    await page.getByText('Stopped: it answered that it is gone').waitFor()
    expect(await page.getByRole('button', { name: /^Send a test/ }).count()).toBe(0)
    await page.getByRole('button', { name: /^Delete/ }).click()
    await page.getByRole('button', { name: 'Delete it' }).click()
    await page.getByText('No address yet.').waitFor()
    await close()
  })
})

test('Settings that cannot be had say so and can be asked for again', async () => {
  let fails = true
  const answers: Answers = {
    [`GET ${KEYS}`]: () => (fails ? { status: 403, body: problem(403, 'partner_not_active') } : { body: pageOf(partnerKey()) }),
  }
  const opened = await stage.open(ELEMENT, {
    answers: {
      'GET /v1/affiliate/dashboard': () => ({ body: dashboard() }),
      [`GET ${HOOKS}`]: () => ({ body: pageOf() }),
      ...answers,
    },
  })
  const { page, close } = opened
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByText('This works once your partnership is active.').waitFor()
  expect(await barriers(page)).toEqual([])
  fails = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Our reports').waitFor()
  await close()
})

test('Whoever is deactivated while the dashboard is open is shown out at the next act', async () => {
  const shut = { status: 403, body: problem(403, 'partner_deactivated') }
  let shutOut = false
  const { page, close } = await open(
    'Links',
    {},
    {
      [CODES]: () => shut,
      'GET /v1/affiliate/dashboard': () => (shutOut ? shut : { body: dashboard({ codes }) }),
    },
  )
  shutOut = true
  await page.getByLabel('Where will you share it?').fill('x')
  await page.getByRole('button', { name: 'Make a link' }).click()
  await page.getByText('Your partnership has ended').waitFor()
  expect(await page.evaluate(() => window.seen.at(-1))).toEqual({ type: 'status', detail: { status: 'deactivated' } })
  await close()
})

describe('Beside the clicks', () => {
  test('stand sales, signups or earnings, as somebody likes', async () => {
    const { page, close } = await open('Overview')
    expect(await page.locator('section h3').first().innerText()).toBe('Clicks and sales')
    const bars = () => page.locator('.bars').getAttribute('d')
    const sales = await bars()
    await page.getByRole('button', { name: '15 signups' }).click()
    await page.getByText('Clicks and signups').waitFor()
    expect(await bars()).not.toBe(sales)
    await page.getByRole('button', { name: '€137.20 earned' }).click()
    await page.getByText('Clicks and earnings').waitFor()
    expect(await page.locator('.key[aria-pressed=true]').innerText()).toBe('€137.20 earned')
    expect(await barriers(page)).toEqual([])
    await close()
  })
})

describe('An earning', () => {
  test.each<[string, Parameters<typeof commission>[0], string, string]>([
    [
      'of which a part was taken back',
      { amount: 95.6, reversedAmount: 24, status: 'paid' },
      '20% of €598.00, through JANE20 €24.00 was taken back with a refund.',
      '€95.60',
    ],
    [
      'of which all was taken back',
      { amount: 0, reversedAmount: 119.6, status: 'reversed' },
      '€119.60 was taken back with a refund.',
      '€119.60',
    ],
    ['on hold', { status: 'held' }, 'It is being looked at.', '€119.60'],
    ['not accepted', { status: 'rejected' }, 'It was looked at and does not count.', '€119.60'],
    ['at one’s own rate', { why: { ruleFrom: 'partner' } }, 'through JANE20, at your own rate', '€119.60'],
    ['of a product with a rate', { why: { ruleFrom: 'product' } }, 'through JANE20, at the rate of this product', '€119.60'],
  ])('%s says so', async (_, over, why, amount) => {
    const { page, close } = await open('Overview', { commissions: [commission(over)] })
    await page.locator('.earnings summary').click()
    const row = page.locator('.earnings tbody tr')
    expect((await row.innerText()).replaceAll(/\s+/g, ' ')).toContain(why)
    expect(await row.locator('td').last().innerText()).toBe(amount)
    const isStruck = over?.status === 'reversed' || over?.status === 'rejected'
    expect(await row.locator('s').count()).toBe(isStruck ? 1 : 0)
    await close()
  })
})
