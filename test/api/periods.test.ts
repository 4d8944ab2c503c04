import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Clock } from '../../server/contract/programs.ts'
import { closeMonths } from '../../server/jobs/close-month.ts'
import { jobs } from '../../server/jobs/index.ts'
import { closeEnded } from '../../server/program/periods.ts'
import { type Database, open } from '../../server/store/database.ts'
import { change, day, pass, pay, refer } from '../support/acts.ts'
import { engine } from '../support/database.ts'
import { commissionOf, decided, refund } from '../support/money.ts'
import { adjust, close, closed, expectSettled } from '../support/payouts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
let jane: { id: string; slug: string }
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

let tests = 0
beforeEach(async () => {
  server.clock.now = new Date('2026-03-10T12:00:00Z')
  acme = await newProgram(server, { mode: 'test' })
  jane = await newPartner(server, acme, { slug: `jane-${++tests}` })
  await refer(server, acme, { customerId: 'customer', code: jane.slug })
})
afterEach(() => expectSettled(server))

/** Moves the program's own time. */
const at = async (advanceTo: string, { program, token } = acme) =>
  answered(await server.ask('POST', `/v1/apps/${program.id}/clock`, { token, body: { advanceTo } }), 200, Clock)
/** A payment of which jane earns a fifth: the commission's id. */
async function sale(amount: number, more: Record<string, unknown> = {}) {
  return (await pay(server, acme, { customerId: 'customer', amount, ...more })).commissions[0]?.id ?? ''
}
/** What the outside was told of closed months. */
async function told(own = acme) {
  const events = await server
    .desk()
    .database.db.selectFrom('events')
    .selectAll()
    .where('programId', '=', own.program.id)
    .where('event', '=', 'commission.calculated')
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return events.map(each => {
    const { partnerId, period, amounts } = JSON.parse(each.body).data
    expect([each.partnerId, each.object]).toEqual([partnerId, `${partnerId}:${period}`])
    return [period, amounts]
  })
}
const eur = (amount: number) => [{ amount, currency: 'EUR' }]
const periodOf = async (id: string) => (await commissionOf(server, acme, id)).period
const monthsOf = async ({ program }: TestProgram) => {
  const { db } = server.desk().database
  const rows = await db.selectFrom('periods').selectAll().where('programId', '=', program.id).orderBy('period').execute()
  return rows.map(each => [each.period, each.closedAt !== null && each.announcedAt !== null])
}

describe('Closing a month', () => {
  test('that has not ended is refused', async () => {
    for (const period of ['2026-03', '2026-04', '9999-12']) refused(await close(server, acme, period), 409, 'period_not_ended')
    for (const period of ['2026-13', '2026-3', 'march', '2026-00', '%00'])
      expect(refused(await close(server, acme, period), 422, 'invalid')).toEqual(['period'])
  })

  test('tells each partner once what it came to, in each currency, whatever has become of it', async () => {
    const omar = await newPartner(server, acme, { slug: `omar-${tests}` })
    await sale(10_000)
    await decided(server, acme, await sale(5_000), 'hold')
    await decided(server, acme, await sale(50_000), 'reject')
    await sale(20_000, { externalId: 'half' })
    await refund(server, acme, { conversionExternalId: 'half', amount: 10_000 })
    await sale(1_000, { currency: 'JPY' })
    await sale(1_000, { currency: 'KWD' })
    await adjust(server, acme, omar, -700)
    await at('2026-04-01T00:00:00Z')
    expect((await told()).sort()).toEqual(
      [
        ['2026-03', [...eur(5_000), { amount: 200, currency: 'JPY' }, { amount: 200, currency: 'KWD' }]],
        ['2026-03', eur(-700)],
      ].sort(),
    )
    const reply = await closed(server, acme, '2026-03')
    expect(reply).toMatchObject({
      period: '2026-03',
      closedAt: '2026-04-01T00:00:00.000Z',
      totals: [...eur(4_300), { amount: 200, currency: 'JPY' }, { amount: 200, currency: 'KWD' }],
    })
    expect(reply.data).toHaveLength(2)
    await at('2026-04-20T00:00:00Z')
    for (let again = 0; again < 3; again++) expect(await closed(server, acme, '2026-03')).toEqual(reply)
    expect(await told()).toHaveLength(2)
  })

  test('many times at once, on several servers, is one closing', async () => {
    for (let i = 0; i < 7; i++) {
      const partner = await newPartner(server, acme, { slug: `many-${tests}-${i}` })
      await adjust(server, acme, partner, 100 + i)
    }
    // Not through the route, which would close it.
    const offset = Date.parse('2026-04-02T00:00:00Z') - server.clock.now.getTime()
    const { db } = server.desk().database
    await db.updateTable('programs').set({ clockOffsetMs: offset }).where('id', '=', acme.program.id).execute()
    server.desk().directory.forget()
    const program = (await server.desk().directory.current()).programs.get(acme.program.id)
    if (!program) throw new Error('The program is not there')
    const others: Database[] = engine === 'postgres' ? [open(server.database.url), open(server.database.url)] : []
    await Promise.all([
      ...Array.from({ length: 5 }, () => closed(server, acme, '2026-03')),
      ...others.map(database => closeEnded({ ...server.desk(), database }, program)),
      closeMonths(server.desk()),
    ])
    await Promise.all(others.map(each => each.close()))
    expect(await told()).toHaveLength(7)
    expect(await monthsOf(acme)).toEqual([['2026-03', true]])
    const { data } = (await server.ask('GET', `/v1/apps/${acme.program.id}/audit?action=period.closed`, { token: acme.token }))
      .body
    expect(data).toHaveLength(1)
  }, 60_000)

  test('that was broken off after the closing goes on with whom it had not told', async () => {
    const omar = await newPartner(server, acme, { slug: `omar-${tests}` })
    await adjust(server, acme, jane, 100)
    await adjust(server, acme, omar, 200)
    await at('2026-04-01T00:00:00Z')
    expect(await told()).toHaveLength(2)
    const { db } = server.desk().database
    const ours = { programId: acme.program.id, period: '2026-03' }
    await db.updateTable('periods').set({ announcedAt: null }).where('programId', '=', ours.programId).execute()
    const third = await newPartner(server, acme, { slug: `third-${tests}` })
    await db
      .insertInto('partnerPeriods')
      .values({ ...ours, partnerId: third.id, currency: 'EUR', amount: 300 })
      .execute()
    await closeMonths(server.desk())
    expect((await told()).map(([, amounts]) => amounts).sort()).toEqual([eur(100), eur(200), eur(300)].sort())
    // Nothing was booked for the third, and the books say so.
    await db.deleteFrom('partnerPeriods').where('partnerId', '=', third.id).execute()
  })

  test('by itself happens as soon as the month is over in the zone of the program', async () => {
    const zones = {
      UTC: '2026-04-01T00:00:00.000Z',
      'Pacific/Apia': '2026-03-31T11:00:00.000Z',
      'Australia/Lord_Howe': '2026-03-31T13:00:00.000Z',
      'America/Los_Angeles': '2026-04-01T07:00:00.000Z',
      'Europe/Madrid': '2026-03-31T22:00:00.000Z',
    }
    for (const [timeZone, ends] of Object.entries(zones)) {
      const own = await newProgram(server, { mode: 'test', timeZone })
      const before = new Date(Date.parse(ends) - 1).toISOString()
      await at(before, own)
      expect(await monthsOf(own), timeZone).toEqual([])
      refused(await close(server, own, '2026-03'), 409, 'period_not_ended')
      await at(ends, own)
      expect(await monthsOf(own), timeZone).toEqual([['2026-03', true]])
    }
    // And by the clock of the machine for a program that is live, half an hour further at Lord Howe by then.
    const live = await newProgram(server, { timeZone: 'Australia/Lord_Howe' })
    server.clock.now = new Date('2026-04-30T13:29:59.999Z')
    await closeMonths(server.desk())
    expect(await monthsOf(live)).toEqual([['2026-03', true]])
    server.clock.now = new Date('2026-04-30T13:30:00Z')
    await closeMonths(server.desk())
    expect(await monthsOf(live)).toEqual([
      ['2026-03', true],
      ['2026-04', true],
    ])
  })

  test('by itself makes up for every month since the program is there, and for those before it that something was earned in', async () => {
    for (const month of ['2025-11', '2026-01']) await sale(1_000, { occurredAt: `${month}-15T00:00:00Z` })
    await at('2026-06-01T00:00:00Z')
    expect((await told()).map(([period]) => period)).toEqual(['2025-11', '2026-01'])
    expect(await monthsOf(acme)).toEqual([
      ['2025-11', true],
      ['2026-01', true],
      ['2026-03', true],
      ['2026-04', true],
      ['2026-05', true],
    ])
  })
})

describe('What comes after the closing', () => {
  test('goes to the open month with its own date', async () => {
    await sale(10_000)
    await at('2026-04-02T00:00:00Z')
    const late = await sale(20_000, { occurredAt: '2026-03-31T23:00:00Z' })
    expect(await commissionOf(server, acme, late)).toMatchObject({ period: '2026-04', occurredAt: '2026-03-31T23:00:00.000Z' })
    expect((await closed(server, acme, '2026-03')).totals).toEqual(eur(2_000))
    expect(await periodOf((await adjust(server, acme, jane, 100)).id)).toBe('2026-04')
    await at('2026-05-01T00:00:00Z')
    expect(await told()).toEqual([
      ['2026-03', eur(2_000)],
      ['2026-04', eur(4_100)],
    ])
  })

  test('and takes something back lessens the open month, not the closed one', async () => {
    const id = await sale(10_000, { externalId: 'returned' })
    await at('2026-04-02T00:00:00Z')
    await refund(server, acme, { conversionExternalId: 'returned', amount: 4_000 })
    await at('2026-05-01T00:00:00Z')
    await decided(server, acme, id, 'reject')
    expect((await closed(server, acme, '2026-03')).totals).toEqual(eur(2_000))
    expect((await closed(server, acme, '2026-04')).totals).toEqual(eur(-800))
    await at('2026-06-01T00:00:00Z')
    expect((await closed(server, acme, '2026-05')).totals).toEqual(eur(-1_200))
    expect(await periodOf(id)).toBe('2026-03')
  })

  test('goes to its own month as long as that is open, over or not', async () => {
    const offset = Date.parse('2026-04-02T00:00:00Z') - server.clock.now.getTime()
    const { db } = server.desk().database
    await db.updateTable('programs').set({ clockOffsetMs: offset }).where('id', '=', acme.program.id).execute()
    server.desk().directory.forget()
    expect(await periodOf(await sale(10_000, { occurredAt: '2026-03-31T23:00:00Z' }))).toBe('2026-03')
  })

  test('while it is being closed is in the closed month and its sum, or in the open one', async () => {
    await at('2026-03-31T23:59:00Z')
    const { db } = server.desk().database
    const offset = Date.parse('2026-04-01T00:00:01Z') - server.clock.now.getTime()
    await db.updateTable('programs').set({ clockOffsetMs: offset }).where('id', '=', acme.program.id).execute()
    server.desk().directory.forget()
    await Promise.all([
      ...Array.from({ length: 10 }, (_, i) => sale(1_000, { occurredAt: '2026-03-31T22:00:00Z', externalId: `race-${i}` })),
      closed(server, acme, '2026-03'),
    ])
    const lines = await db.selectFrom('commissions').selectAll().where('programId', '=', acme.program.id).execute()
    const sum = (period: string) => lines.filter(each => each.period === period).length * 200
    expect(sum('2026-03') + sum('2026-04')).toBe(2_000)
    expect((await closed(server, acme, '2026-03')).totals).toEqual(sum('2026-03') ? eur(sum('2026-03')) : [])
    expect((await told()).map(([, amounts]) => amounts)).toEqual(sum('2026-03') ? [eur(sum('2026-03'))] : [])
    await at('2026-05-01T00:00:00Z')
    expect((await closed(server, acme, '2026-04')).totals).toEqual(sum('2026-04') ? eur(sum('2026-04')) : [])
  }, 30_000)
})

test('The closing of months is one of the jobs that go on by themselves', () => {
  expect(jobs(null).find(each => each.run === closeMonths)).toMatchObject({ name: 'close months', everyMs: 60_000 })
})

test('A month of another program is not closed with it', async () => {
  const other = await newProgram(server, { mode: 'test' })
  await sale(10_000)
  await at('2026-04-01T00:00:00Z')
  refused(
    await close(server, { program: acme.program, secret: other.secret } as TestProgram, '2026-03'),
    404,
    'program_not_found',
  )
  refused(await close(server, other, '2026-03'), 409, 'period_not_ended')
  expect(await told(other)).toEqual([])
})

test('A clock that is set back before anything has happened has the months before it again', async () => {
  const own = await newProgram(server, { mode: 'test' })
  await at('2027-01-01T00:00:00Z', own)
  expect((await monthsOf(own)).at(-1)).toEqual(['2026-12', true])
  await at('2026-12-15T00:00:00Z', own)
  const omar = await newPartner(server, own, { slug: 'omar' })
  await adjust(server, own, omar, 100)
  await at('2027-01-01T00:00:00Z', own)
  expect(await told(own)).toEqual([['2026-12', eur(100)]])
})

test('A change of zone neither opens a closed month nor closes one that has not ended', async () => {
  await sale(10_000)
  await at('2026-03-31T12:00:00Z')
  await change(server, acme, { timeZone: 'Pacific/Apia' })
  pass(server, day / 24)
  await closeMonths(server.desk())
  expect((await closed(server, acme, '2026-03')).totals).toEqual(eur(2_000))
  await change(server, acme, { timeZone: 'UTC' })
  expect(await periodOf(await sale(10_000))).toBe('2026-04')
})
