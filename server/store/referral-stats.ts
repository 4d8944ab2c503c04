import type { SelectQueryBuilder } from 'kysely'
import { dayOf } from '../rules/period.ts'
import type { Program } from './programs.ts'
import type { Range } from './referral-days.ts'
import * as days from './referral-days.ts'
import type { Db, Schema } from './schema.ts'

const nothing = { clicks: 0, signups: 0, qualified: 0, rewarded: 0, capped: 0, review: 0, rejected: 0, creditsGranted: 0 }
type Funnel = typeof nothing

/**
 * From clicks to credits, in all and by day, each number on the day on which it came about; `review` is what came into
 * review then and is still there. Days on which nothing happened are left out. All but that queue is read from counts.
 */
export async function funnel(db: Db, { id: programId, settings }: Program, range: Range) {
  const byDay = new Map<string, Funnel>()
  const on = (day: string) => byDay.get(day) ?? (byDay.set(day, { ...nothing }).get(day) as Funnel)
  for (const { day, clicks } of await clicksByDay(db, programId, range)) on(day).clicks += Number(clicks)
  for (const { day, credits, ...row } of await days.days(db, programId, range)) {
    const counted = on(day)
    counted.creditsGranted += Number(credits)
    for (const [step, count] of Object.entries(row)) counted[step as keyof typeof row] += Number(count)
  }
  for (const { reviewAt } of await waiting(db, programId, range)) {
    const day = dayOf(new Date(reviewAt), settings.timeZone)
    if ((!range.from || day >= range.from) && (!range.to || day <= range.to)) on(day).review++
  }
  const total = { ...nothing }
  for (const counted of byDay.values()) {
    for (const step of Object.keys(nothing) as (keyof Funnel)[]) total[step] += counted[step]
  }
  const ordered = [...byDay].sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...total, byDay: ordered.map(([day, counted]) => ({ day, ...counted })) }
}

async function waiting(db: Db, programId: string, { campaign }: Range) {
  const query = db
    .selectFrom('referrals')
    .select('reviewAt')
    .where('programId', '=', programId)
    .where('reviewAt', 'is not', null)
    .where('approvedAt', 'is', null)
    .where('rejectedAt', 'is', null)
    .where('reversedAt', 'is', null)
    .$narrowType<{ reviewAt: string }>()
  return (campaign ? query.where('campaign', '=', campaign) : query).execute()
}

async function clicksByDay(db: Db, programId: string, { from, to, campaign }: Range) {
  const of = campaign
    ? db.selectFrom('campaignDay').where('campaign', '=', campaign)
    : db.selectFrom('programDay').where('clicks', '>', 0)
  let query = (of as SelectQueryBuilder<Schema, 'programDay', object>).where('programId', '=', programId)
  if (from) query = query.where('day', '>=', from)
  if (to) query = query.where('day', '<=', to)
  return query.select(['day', 'clicks']).execute()
}

/** All clicks that a customer's own codes have brought. */
export async function clicksOfCustomer(db: Db, customerId: string) {
  const row = await db.selectFrom('customerClicks').select('clicks').where('customerId', '=', customerId).executeTakeFirst()
  return Number(row?.clicks ?? 0)
}
