import { Hono } from 'hono'
import { type Stats, StatsQuery, Stats as StatsReply } from '../../contract/stats.ts'
import { door, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { nowIn } from '../../program/desk.ts'
import { dayOf, daysUntil } from '../../rules/period.ts'
import { lengthOf, type Span } from '../../rules/span.ts'
import { nameOf } from '../../store/partners.ts'
import type { Db } from '../../store/schema.ts'
import * as stats from '../../store/stats.ts'

const MOST_DAYS = 400
const TOP = 20

/** How a program does, for whoever runs it. */
export function statsRoutes(server: Server) {
  return new Hono().get(
    '/v1/apps/:appId/stats',
    ...door(
      server,
      {
        summary: "A program's figures",
        tag: 'Reports',
        who: ['admin'],
        inProgram: true,
        query: StatsQuery,
        replies: { 200: StatsReply },
      },
      async ({ c, desk, program, query }) => {
        const { timeZone, currency } = program.settings
        const now = nowIn(desk, program)
        const span = spanOf(query, dayOf(now, timeZone))
        const { db } = desk.database
        const [days, money, topPartners, standing, liabilities] = await Promise.all([
          stats.days(db, program.id, span),
          stats.money(db, program.id, span),
          topOf(db, program.id, span, currency),
          stats.standing(db, program.id),
          stats.owed(db, program.id, now.toISOString()),
        ])
        const clicks = sum(days.map(each => each.clicks))
        const conversions = sum(days.map(each => each.conversions))
        const counted = new Map(days.map(each => [each.day, each]))
        const moneyOf = Map.groupBy(money, each => each.day)
        const reply: Stats = {
          ...span,
          clicks,
          signups: sum(days.map(each => each.signups)),
          conversions,
          conversionRate: clicks ? conversions / clicks : null,
          ...byCurrency(money),
          byDay: daysUntil(span.to, lengthOf(span)).map(day => ({
            ...(counted.get(day) ?? { day, clicks: 0, signups: 0, conversions: 0 }),
            ...byCurrency(moneyOf.get(day) ?? []),
          })),
          topPartners,
          ...standing,
          liabilities,
        }
        return c.json(reply)
      },
    ),
  )
}

export function spanOf(query: { from?: string | undefined; to?: string | undefined }, today: string): Span {
  const to = query.to ?? today
  const from = query.from ?? (daysUntil(to, 30)[0] as string)
  if (from > to) throw Problem.at('from', 'Give a day that is not after `to`.')
  if (lengthOf({ from, to }) > MOST_DAYS) throw Problem.at('from', `Ask for at most ${MOST_DAYS} days at a time.`)
  return { from, to }
}

async function topOf(db: Db, programId: string, span: Span, currency: string) {
  const top = await stats.top(db, programId, span, { currency, limit: TOP })
  if (!top.length) return []
  const ids = top.map(each => each.id)
  const earned = await stats.earned(db, ids, span)
  return top.map(({ id, slug, clicks, signups, conversions, ...person }) => ({
    partnerId: id,
    name: nameOf(person),
    code: slug,
    clicks,
    signups,
    conversions,
    earned: earned.filter(each => each.partnerId === id).map(({ currency, amount }) => ({ amount: Number(amount), currency })),
  }))
}

export function byCurrency(rows: { currency: string; revenue: number; commissions: number }[]) {
  const currencies = [...new Set(rows.map(each => each.currency))].sort()
  const of = (what: 'revenue' | 'commissions') =>
    currencies.map(currency => ({
      amount: sum(rows.filter(each => each.currency === currency).map(each => each[what])),
      currency,
    }))
  return { revenue: of('revenue'), commissions: of('commissions') }
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
