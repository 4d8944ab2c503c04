import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { NotAttributed } from '../../server/contract/referrals.ts'
import { forgetClicks } from '../../server/jobs/forget-clicks.ts'
import { jobs } from '../../server/jobs/index.ts'
import { metrics } from '../../server/metrics.ts'
import { change, click, clicksOf, dashboard, day, minute, pass, refer, sessionOf } from '../support/acts.ts'
import { engine } from '../support/database.ts'
import { answered } from '../support/replies.ts'
import { newPartner, newProgram, signIn, type TestProgram, type TestServer, testServer } from '../support/server.ts'

// It waits more than it works.
vi.setConfig({ testTimeout: 60_000 })

let server: TestServer
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1', CLICK_RETENTION_DAYS: '60' })
})
afterAll(() => server.stop())

let programs = 0
/** A program with a partner, whose code is told. */
async function programme(settings: Record<string, unknown> = {}) {
  const acme = await newProgram(server, { timeZone: 'UTC', ...settings })
  const slug = `jane${++programs}`
  const partner = await newPartner(server, acme, { slug, email: `${slug}@example.com` })
  return { acme, partner, code: slug }
}

let visitors = 0
const visit = (acme: TestProgram, code: string, more: { from?: string; clickId?: string; campaign?: string } = {}) =>
  click(server, acme, { code, from: `198.51.${++visitors >> 8}.${visitors & 255}`, ...more })

/** Runs what runs once a day, until it has nothing more to do. Tells how many clicks each step has deleted. */
async function forget(desk = server.desk()) {
  const steps: number[] = []
  const job = forgetClicks(count => steps.push(count))
  // A turn that is not the last one rests after each step; afterwards there is nothing to do for a day.
  for (let took = Number.POSITIVE_INFINITY; took > 5; ) {
    const since = performance.now()
    await job.run(desk)
    took = performance.now() - since
  }
  return steps
}
const sum = (counts: number[]) => counts.reduce((all, each) => all + each, 0)

const kept = async ({ program }: TestProgram) =>
  (await clicksOf(server)).filter(row => row.programId === program.id).map(row => row.id)

test('A click is kept for as long as it is said, to the day, and a day longer than it counts in its program', async () => {
  const short = await programme({ cookieDurationDays: 30 })
  const long = await programme({ cookieDurationDays: 90 })
  await visit(short.acme, short.code)
  await visit(long.acme, long.code)
  const still = async () => {
    await forget()
    return [(await kept(short.acme)).length, (await kept(long.acme)).length]
  }
  pass(server, 60 * day)
  expect(await still()).toEqual([1, 1])
  const young = await visit(short.acme, short.code)
  // On PostgreSQL they are found by the day on which they came.
  pass(server, engine === 'postgres' ? day : minute)
  expect(await still()).toEqual([1, 1])
  expect(await kept(short.acme)).toEqual([young.clickId])
  pass(server, 30 * day)
  expect(await still()).toEqual([1, 1])
  pass(server, 2 * day)
  expect(await still()).toEqual([1, 0])
  // A day that is over in the program's zone may be none yet elsewhere: nothing goes before its hour.
  await change(server, short.acme, { timeZone: 'Pacific/Kiritimati' })
  expect(await still()).toEqual([1, 0])
})

test('Nothing changes but the clicks: figures, referrals and what they say are as before', async () => {
  const { acme, partner, code } = await programme({ cookieDurationDays: 7 })
  const clicks = []
  for (const campaign of ['spring', 'spring', 'autumn', undefined, undefined])
    clicks.push(await visit(acme, code, campaign ? { campaign } : {}))
  const [first] = clicks
  const referral = await refer(server, acme, { customerId: 'buyer', clickId: first?.clickId })
  await server.ask('POST', '/v1/conversions', {
    key: acme.secret,
    body: { externalId: `order-${code}`, customerId: 'buyer', amount: 10_000, currency: 'EUR' },
  })
  const figures = async () => {
    const token = await signIn(server)
    const session = await sessionOf(server, acme, { customerId: 'jane', email: partner.email })
    const days = '?from=2026-01-01&to=2026-12-31'
    const asked = [
      `/v1/apps/${acme.program.id}/stats?from=2026-03-01&to=2026-12-31`,
      `/admin/referrals/stats${days}&appId=${acme.program.id}`,
      `/admin/referrals/stats${days}&campaign=spring&appId=${acme.program.id}`,
      `/api/v1/partners/${partner.id}`,
      `/admin/referrals/${referral.id}?appId=${acme.program.id}`,
    ]
    const replies = await Promise.all(
      asked.map(path => server.ask('GET', path, path.startsWith('/api') ? { key: acme.secret } : { token })),
    )
    expect(replies.map(each => each.status)).toEqual(asked.map(() => 200))
    return [await dashboard(server, session, '?days=90'), ...replies.map(each => each.body)]
  }
  pass(server, 63 * day)
  const before = await figures()
  expect(before[1]).toMatchObject({ clicks: 5, conversions: 1 })
  expect(before[3]).toMatchObject({ clicks: 2 })
  await forget()
  expect(await kept(acme)).toEqual([first?.clickId])
  expect(await figures()).toEqual(before)
  expect(await forget()).toEqual([])
})

test('Who clicks again within the hour is known, though older clicks are forgotten and the server starts again', async () => {
  const { acme, code } = await programme()
  const from = '203.0.113.77'
  await visit(acme, code, { from })
  pass(server, 70 * day)
  const now = await visit(acme, code, { from })
  await forget()
  expect(await kept(acme)).toEqual([now.clickId])
  expect(await visit(acme, code, { from })).toMatchObject({ clickId: now.clickId })
  await server.restart()
  expect(await visit(acme, code, { from })).toMatchObject({ clickId: now.clickId })
  expect(await kept(acme)).toEqual([now.clickId])
})

describe('A click that has been forgotten is as expired as before', () => {
  const reason = async (acme: TestProgram, source: Record<string, unknown>) => {
    const body = { customerId: `late-${++programs}`, ...source }
    return answered(await server.ask('POST', '/v1/referrals', { key: acme.secret, body }), 200, NotAttributed).reason
  }

  test.each([
    ['by this server', () => undefined],
    ['by the snippet', () => `clk_${server.clock.now.getTime()}4503599627370497`],
  ])('where its id was made %s', async (_, id) => {
    const { acme, code } = await programme({ cookieDurationDays: 30 })
    const clickId = id()
    const made = await visit(acme, code, clickId ? { clickId } : {})
    const sources = [{ ref: `${code}.${made.clickId}` }, { clickId: made.clickId }]
    pass(server, 70 * day)
    for (const source of sources) expect(await reason(acme, source)).toBe('expired')
    await forget()
    expect(await kept(acme)).toEqual([])
    for (const source of sources) expect(await reason(acme, source)).toBe('expired')
    await refer(server, acme, { customerId: `told-${code}`, ref: code })
  })

  test('and one that nobody was ever told of is believed, as long as it could be kept', async () => {
    const { acme, code } = await programme()
    const blocked = (ago: number) => `${code}.clk_${server.clock.now.getTime() - ago}4503599627370497`
    await refer(server, acme, { customerId: `young-${code}`, ref: blocked(59 * day) })
    expect(await reason(acme, { ref: blocked(61 * day) })).toBe('expired')
    // A browser whose clock is at its beginning, and an id that says nothing of time.
    await refer(server, acme, { customerId: `unset-${code}`, ref: `${code}.clk_00000000000004503599627370497` })
    await refer(server, acme, { customerId: `other-${code}`, ref: `${code}.clk_0f8fad5bd9cb469fa16570867728950e` })
  })
})

test('Many are forgotten in small steps, by two servers at once, while clicks come in', async () => {
  const { acme, partner, code } = await programme()
  const { db } = server.desk().database
  await forget()
  const at = new Date(server.clock.now.getTime() - 70 * day).toISOString()
  const row = (n: number) => ({
    ...{
      id: `clk_many${String(n).padStart(20, '0')}`,
      programId: acme.program.id,
      partnerId: partner.id,
      customerId: null,
      code,
    },
    ...{ visitor: '', at, day: at.slice(0, 10), url: null, referrer: null, campaign: null, ignored: null },
  })
  for (let from = 0; from < 1_000; from += 500)
    await db
      .insertInto('clicks')
      .values(Array.from({ length: 500 }, (_, n) => row(from + n)))
      .execute()
  const visits = async () => {
    const ids = []
    for (let n = 0; n < 40; n++) ids.push((await visit(acme, code)).clickId)
    return ids
  }
  const [one, other, young] = await Promise.all([forget(), forget(), visits()])
  expect(sum(one) + sum(other)).toBe(1_000)
  expect(Math.max(...one, ...other)).toBeLessThanOrEqual(200)
  expect((await kept(acme)).sort()).toEqual(young.sort())
})

test('What is forgotten is counted among the figures, and 0 days are for ever', async () => {
  const { acme, code } = await programme()
  for (let n = 0; n < 3; n++) await visit(acme, code)
  pass(server, 500 * day)
  expect(await forget({ ...server.desk(), clickRetentionDays: 0 })).toEqual([])
  const figures = metrics(server.desk())
  const job = jobs(null, figures).find(({ name }) => name === 'forget clicks')
  onTestFinished(() => job?.stop?.())
  expect(await figures.text()).toContain('mislata_clicks_forgotten_total 0')
  // The first turn may be over before the round is.
  for (let turn = 0; turn < 20 && (await kept(acme)).length; turn++) await job?.run(server.desk())
  expect(await kept(acme)).toEqual([])
  expect(Number(/^mislata_clicks_forgotten_total (\d+)$/m.exec(await figures.text())?.[1])).toBeGreaterThanOrEqual(3)
})
