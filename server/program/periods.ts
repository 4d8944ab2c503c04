import type { ClosedPeriod } from '../contract/periods.ts'
import { Problem } from '../problem.ts'
import { monthAfter, monthBefore, monthOf } from '../rules/period.ts'
import { inTransaction } from '../store/database.ts'
import * as periods from '../store/periods.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { commissionCalculated } from './news.ts'

/**
 * Closes a month that has ended in the program's zone, and tells every partner who had a commission in it, once, what the
 * month came to. Again changes nothing and answers the same. 409 where the month has not ended.
 */
export async function close(desk: Desk, program: Program, period: string): Promise<ClosedPeriod> {
  const now = nowIn(desk, program)
  if (period >= monthOf(now, program.settings.timeZone)) throw new Problem('period_not_ended')
  const at = now.toISOString()
  const { closedAt, announcedAt } = await inTransaction(desk.database, async db => {
    const known = await periods.hold(db, program.id, period)
    if (known.closedAt) return { ...known, closedAt: known.closedAt }
    await periods.update(db, program.id, period, { closedAt: at })
    await record(desk, db, program, { action: 'period.closed', object: period, after: { closedAt: at } })
    return { ...known, closedAt: at }
  })
  if (!announcedAt) await tellAll(desk, program, period, at)
  return shown(desk, program, period, closedAt)
}

// A test program may be moved by centuries.
const MOST_MONTHS = 120

/**
 * Closes the months of a program that have ended and are not closed, oldest first, and goes on with one that was closed
 * and not told of to the end. Any number of servers may do it at once.
 */
export async function closeEnded(desk: Desk, program: Program) {
  const { timeZone } = program.settings
  const last = monthBefore(monthOf(nowIn(desk, program), timeZone))
  const known = await periods.upTo(desk.database.db, program.id, last)
  const due = known.filter(each => each.announcedAt === null).map(each => each.period)
  // A month in which nothing was earned is over as well, and takes nothing that comes late; those before the program was
  // there never began.
  const rows = new Set(known.map(each => each.period))
  const began = monthOf(new Date(program.createdAt), timeZone)
  for (let period = last, count = 0; period >= began && count < MOST_MONTHS; period = monthBefore(period), count++)
    if (!rows.has(period)) due.push(period)
  for (const period of due.sort()) await close(desk, program, period)
}

/**
 * The month that something is booked into, held for the caller's transaction: the one it belongs to by its own date, or
 * where that is closed the one that it is now.
 */
export async function openPeriod(desk: Desk, db: Db, program: Program, wanted: string) {
  const current = monthOf(nowIn(desk, program), program.settings.timeZone)
  for (let period = wanted; ; ) {
    const { closedAt } = await periods.hold(db, program.id, period)
    if (!closedAt) return period
    period = period < current ? current : monthAfter(period)
  }
}

// Some at a time, so that a month of many partners stops nobody else for long.
const AT_ONCE = 50

async function tellAll(desk: Desk, program: Program, period: string, at: string) {
  for (let found = AT_ONCE; found > 0; ) found = await tellSome(desk, program, period, at)
  await inTransaction(desk.database, db => periods.update(db, program.id, period, { announcedAt: at }))
}

function tellSome(desk: Desk, program: Program, period: string, at: string) {
  return inTransaction(desk.database, async db => {
    const { found, mine } = await periods.takeUntold(db, { programId: program.id, period, at, limit: AT_ONCE })
    const earned = mine.length ? await periods.earned(db, program.id, period, mine) : []
    for (const partnerId of mine) {
      const amounts = earned.filter(each => each.partnerId === partnerId).map(({ amount, currency }) => ({ amount, currency }))
      await announce(desk, db, program, commissionCalculated({ partnerId, period, amounts }))
    }
    return found
  })
}

async function shown(desk: Desk, program: Program, period: string, closedAt: string): Promise<ClosedPeriod> {
  const data = new Map<string, ClosedPeriod['data'][number]>()
  const totals = new Map<string, number>()
  for (const { partnerId, currency, amount } of await periods.earned(desk.database.db, program.id, period)) {
    const own = data.get(partnerId) ?? { partnerId, amounts: [] }
    own.amounts.push({ amount, currency })
    data.set(partnerId, own)
    totals.set(currency, (totals.get(currency) ?? 0) + amount)
  }
  const sums = [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, amount]) => ({ amount, currency }))
  return { period, closedAt, data: [...data.values()], totals: sums }
}
