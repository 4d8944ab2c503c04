import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Commission } from '../../server/contract/commissions.ts'
import { pay, refer, statsOf } from '../support/acts.ts'
import { balanceOf, commissionOf, decided, refund } from '../support/money.ts'
import { adjust, closed, markedFailed, markedPaid, payoutOf, runPayouts } from '../support/payouts.ts'
import { answered } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

// The numbers that docs/money.md works out, from the page itself: what it says is what happens.
const page = readFileSync(new URL('../../docs/money.md', import.meta.url), 'utf8')

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
  acme = await newProgram(server)
})
afterAll(() => server.stop())

const minor = (decimal: string) => Math.round(Number(decimal.replace('−', '-').replace(',', '')) * 100)

/** Everything in the page that looks like this, with the parts that the pattern names. */
function found(pattern: RegExp) {
  const [match] = [...page.replace(/\s+/g, ' ').matchAll(pattern)]
  if (!match) throw new Error(`The page does not say ${pattern}`)
  return match.slice(1) as string[]
}

let customers = 0
async function sold(rate: number, sale: { amount: number; tax?: number; currency?: string }) {
  const code = `page-${++customers}`
  const partner = await newPartner(server, acme, { slug: code, commission_pct: rate })
  await refer(server, acme, { customerId: code, code })
  const { commissions } = await pay(server, acme, { externalId: code, customerId: code, ...sale })
  return { partner, code, id: commissions[0]?.id ?? '', amount: commissions[0]?.amount }
}

test('What a sale earns', async () => {
  const sales = [...page.matchAll(/([\d.,]+) (EUR|JPY) at ([\d.]+) %\s+earns ([\d.,]+) \2/g)]
  expect(sales).toHaveLength(3)
  for (const [, amount = '', currency = '', rate = '', earned = ''] of sales) {
    const scale = currency === 'JPY' ? 100 : 1
    const { amount: line } = await sold(Number(rate), { amount: minor(amount) / scale, currency })
    expect(line, `${amount} ${currency}`).toBe(minor(earned) / scale)
  }
})

test('What is left after each refund, line by line', async () => {
  const rows = [...page.matchAll(/^\| (.+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$/gm)]
  expect(rows).toHaveLength(4)
  const [amount = '', tax = '', rate = ''] = found(/a payment of ([\d.]+), of which ([\d.]+) is tax, at (\d+) %/g)
  const { partner, code, id } = await sold(Number(rate), { amount: minor(amount), tax: minor(tax) })
  for (const [, says = '', earned = '', taken = '', left = ''] of rows) {
    const [refunded] = /([\d.]+) (?:is|more is) refunded/.exec(says)?.slice(1) ?? []
    if (refunded) await refund(server, acme, { conversionExternalId: code, amount: minor(refunded) })
    expect(await commissionOf(server, acme, id), says).toMatchObject({
      earned: minor(earned),
      reversed: minor(taken),
      amount: minor(left),
    })
    expect(await balanceOf(server, acme, partner)).toEqual([minor(left), 0])
  }
})

test('What is left in parts that do not divide', async () => {
  const [amount = '', rate = '', earned = '', part = '', first = '', second = '', third = '', rest = ''] = found(
    /([\d.]+) at (\d+) % earns ([\d.]+); after three refunds of ([\d.]+) there is ([\d.]+), ([\d.]+) and ([\d.]+) left, and after the last ([\d.]+) exactly nothing/g,
  )
  const { partner, code, amount: line } = await sold(Number(rate), { amount: minor(amount) })
  expect(line).toBe(minor(earned))
  for (const [refunded, left] of [
    [part, first],
    [part, second],
    [part, third],
    [rest, '0'],
  ] as const) {
    await refund(server, acme, { conversionExternalId: code, amount: minor(refunded) })
    expect(await balanceOf(server, acme, partner)).toEqual([minor(left), 0])
  }
})

test('What comes back of a line that was held, and what a correction does', async () => {
  const [held = '', back = ''] = found(/([\d.]+) held, of which half is refunded, comes back as (\d+\.\d+)/g)
  const one = await sold(20, { amount: minor(held) * 5 })
  await decided(server, acme, one.id, 'hold')
  await refund(server, acme, { conversionExternalId: one.code, amount: (minor(held) * 5) / 2 })
  expect((await decided(server, acme, one.id, 'release')).amount).toBe(minor(back))

  const [earned = '', correction = '', pending = '', approved = ''] = found(
    /([\d.]+) pending and a correction of (−[\d.]+) are ([\d.]+) pending and (−[\d.]+) approved/g,
  )
  const two = await sold(20, { amount: minor(earned) * 5 })
  const body = { partnerId: two.partner.id, amount: minor(correction), currency: 'EUR', note: 'As on the page' }
  answered(await server.ask('POST', `/v1/apps/${acme.program.id}/commissions`, { key: acme.secret, body }), 201, Commission)
  expect(await balanceOf(server, acme, two.partner)).toEqual([minor(pending), minor(approved)])
})

test('What a refund after the payout does, and a payout that fails, line by line', async () => {
  const rows = [...page.matchAll(/^\| (.+?) \| (−?[\d.]+) \| ([\d.]+) \| (.*?) ?\|$/gm)].filter(([, says]) =>
    /run|payout/.test(says ?? ''),
  )
  expect(rows).toHaveLength(7)
  const [minimum = ''] = found(/With a `minPayoutAmount` of ([\d.]+):/g)
  const own = await newProgram(server, { minPayoutAmount: Number(minimum) })
  const partner = await newPartner(server, own, { slug: 'paid-out' })
  await refer(server, own, { customerId: 'paid-out', code: 'paid-out' })
  const made: string[] = []
  for (const [, says = '', approved = '', paid = '', becomes = ''] of rows) {
    const [earned] = /([\d.]+) becomes payable/.exec(says)?.slice(1) ?? []
    if (earned) {
      const sale = { externalId: earned, customerId: 'paid-out', amount: minor(earned) * 5 }
      await decided(server, own, (await pay(server, own, sale)).commissions[0]?.id ?? '', 'approve')
    }
    if (/refunded/.test(says)) await refund(server, own, { conversionExternalId: '30.00' })
    if (/payout is paid/.test(says)) await markedPaid(server, own, made.at(-1) ?? '')
    if (/payout fails/.test(says)) await markedFailed(server, own, made.at(-1) ?? '')
    if (/a run/.test(says)) {
      const { data, carried } = await runPayouts(server, own)
      made.push(...data.map(each => each.id))
      const [amount = ''] = /−?[\d.]+/.exec(becomes) ?? []
      expect(
        [...data, ...carried].map(each => each.amount),
        says,
      ).toEqual([minor(amount)])
      expect(data, says).toHaveLength(/is made/.test(becomes) ? 1 : 0)
    } else expect(becomes).toBe('')
    const { approved_cents, paid_cents } = await statsOf(server, own, partner)
    expect([approved_cents, paid_cents], says).toEqual([minor(approved), minor(paid)])
  }
  const [taken = '', before = '', rest = ''] = found(
    /one of (−[\d.]+) \(`taken_back`, `settledBefore` ([\d.]+)\) and one of ([\d.]+) \(`commission`\)/g,
  )
  expect((await payoutOf(server, own, made.at(-1) ?? '')).lines).toMatchObject([
    { kind: 'taken_back', amount: minor(taken), settledBefore: minor(before) },
    { kind: 'commission', amount: minor(rest) },
  ])
  expect(await payoutOf(server, own, made[0] ?? '')).toMatchObject({ status: 'paid', amount: 3_000, lines: [{ amount: 3_000 }] })
})

test('What the minimum is in other currencies', async () => {
  const stated = found(/so that ([\d.]+) is ([\d.]+) EUR, ([\d.]+) JPY and ([\d.]+) KWD/g)
  const own = await newProgram(server, { minPayoutAmount: Number(stated[0]) })
  const partner = await newPartner(server, own, { slug: 'minimum' })
  for (const [currency, text = ''] of [
    ['EUR', stated[1]],
    ['JPY', stated[2]],
    ['KWD', stated[3]],
  ] as const) {
    const least = Number(text.replace('.', ''))
    await adjust(server, own, partner, least - 1, currency)
    expect((await runPayouts(server, own)).data, currency).toEqual([])
    await adjust(server, own, partner, 1, currency)
    expect((await runPayouts(server, own)).data, currency).toMatchObject([{ amount: least, currency }])
  }
})

test('What is taken back in a later month', async () => {
  const [earned = '', taken = '', first = '', second = ''] = found(
    /commission of ([\d.]+) in March of which ([\d.]+) is taken back in April leaves March at ([\d.]+) and makes April (−\d+\.\d+)/g,
  )
  const own = await newProgram(server, { mode: 'test' })
  await newPartner(server, own, { slug: 'months' })
  await refer(server, own, { customerId: 'months', code: 'months' })
  const sale = { externalId: 'months', customerId: 'months', amount: minor(earned) * 5, occurredAt: '2026-03-05T00:00:00Z' }
  await pay(server, own, sale)
  const at = (advanceTo: string) =>
    server.ask('POST', `/v1/apps/${own.program.id}/clock`, { token: own.token, body: { advanceTo } })
  await at('2026-04-05T00:00:00Z')
  await refund(server, own, { conversionExternalId: 'months', amount: minor(taken) * 5 })
  await at('2026-05-01T00:00:00Z')
  expect((await closed(server, own, '2026-03')).totals).toEqual([{ amount: minor(first), currency: 'EUR' }])
  expect((await closed(server, own, '2026-04')).totals).toEqual([{ amount: minor(second), currency: 'EUR' }])
})
