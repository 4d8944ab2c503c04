import { Hono } from 'hono'
import { Overview } from '../../contract/overview.ts'
import { StatsQuery } from '../../contract/stats.ts'
import { door, type Server } from '../../door.ts'
import { nowIn } from '../../program/desk.ts'
import { countStuck } from '../../program/stuck.ts'
import { dayOf, daysUntil } from '../../rules/period.ts'
import { lengthOf, type Span } from '../../rules/span.ts'
import * as overview from '../../store/overview.ts'
import type { Db } from '../../store/schema.ts'
import * as stats from '../../store/stats.ts'
import { byCurrency, spanOf } from './stats.ts'

const MONTH_MS = 30 * 86_400_000

/** What the console opens with. */
export function overviewRoutes(server: Server) {
  return new Hono().get(
    '/v1/apps/:appId/overview',
    ...door(
      server,
      {
        summary: 'What goes on, and what waits for a decision',
        tag: 'Reports',
        who: ['admin'],
        inProgram: true,
        query: StatsQuery,
        replies: { 200: Overview },
      },
      async ({ c, desk, program, query }) => {
        const now = nowIn(desk, program)
        const span = spanOf(query, dayOf(now, program.settings.timeZone))
        const before = spanBefore(span)
        const { db } = desk.database
        const [days, daysBefore, money, standing, liabilities, decide, stuck] = await Promise.all([
          stats.days(db, program.id, span),
          stats.days(db, program.id, before),
          stats.money(db, program.id, span),
          stats.standing(db, program.id),
          stats.owed(db, program.id, now.toISOString()),
          waiting(db, program.id, now),
          countStuck(desk, program),
        ])
        const counted = new Map(days.map(each => [each.day, each]))
        const reply: Overview = {
          ...span,
          funnel: summed(days),
          previous: summed(daysBefore),
          ...byCurrency(money),
          byDay: daysUntil(span.to, lengthOf(span)).map(
            day => counted.get(day) ?? { day, clicks: 0, signups: 0, conversions: 0 },
          ),
          liabilities,
          decide: { applications: standing.applications.pending, ...decide },
          stuck,
        }
        return c.json(reply)
      },
    ),
  )
}

async function waiting(db: Db, programId: string, now: Date) {
  const since = new Date(now.getTime() - MONTH_MS).toISOString()
  const [held, payoutsFailed, deals] = await Promise.all([
    overview.waiting(db, programId),
    overview.failedPayouts(db, programId, since),
    overview.openDeals(db, programId),
  ])
  return { ...held, payoutsFailed, deals }
}

function spanBefore(span: Span): Span {
  const all = daysUntil(span.to, 2 * lengthOf(span))
  return { from: all[0] as string, to: all[lengthOf(span) - 1] as string }
}

type Counts = { clicks: number; signups: number; conversions: number }

function summed(days: Counts[]) {
  const total = { clicks: 0, signups: 0, conversions: 0 }
  for (const { clicks, signups, conversions } of days) {
    total.clicks += clicks
    total.signups += signups
    total.conversions += conversions
  }
  return total
}
