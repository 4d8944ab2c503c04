import { Hono } from 'hono'
import {
  CommissionDecision,
  CommissionList,
  CommissionQuery,
  Commission as CommissionReply,
  CommissionWithHistory,
  NewAdjustment,
} from '../../contract/commissions.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { decide, lineOf } from '../../program/commissions.ts'
import { nowIn } from '../../program/desk.ts'
import { adjust } from '../../program/earnings.ts'
import type { Commission } from '../../store/commissions.ts'
import * as commissions from '../../store/commissions.ts'
import { nameOf } from '../../store/partners.ts'
import { recipients } from '../../store/payouts.ts'
import type { Db } from '../../store/schema.ts'
import { historyOf } from './commission-story.ts'

const tag = 'Commissions'
const who = ['admin', 'secret'] as const
const acts = { approve: 'Approve early', hold: 'Hold', release: 'Release', reject: 'Reject' } as const

/** What partners have earned: lists, reasons, decisions and corrections. */
export function commissionRoutes(server: Server) {
  const routes = new Hono()
    .get(
      '/v1/apps/:appId/commissions',
      ...door(
        server,
        { summary: 'List commissions', tag, who, inProgram: true, query: CommissionQuery, replies: { 200: CommissionList } },
        async ({ c, desk, program, query }) => {
          const { limit, cursor, ...wanted } = query
          const now = nowIn(desk, program).toISOString()
          const page = await commissions.page(desk.database.db, program.id, { ...wanted, now, limit, after: cursor ?? null })
          return c.json({ data: await shownAll(desk.database.db, page.data, now), nextCursor: page.nextCursor })
        },
      ),
    )
    .post(
      '/v1/apps/:appId/commissions',
      ...door(
        server,
        { summary: 'Correct a balance', tag, who, inProgram: true, body: NewAdjustment, replies: { 201: CommissionReply } },
        async ({ c, desk, program, body }) => {
          const now = nowIn(desk, program).toISOString()
          return c.json(await shown(desk.database.db, await adjust(desk, program, body), now), 201)
        },
      ),
    )
    .get(
      '/v1/apps/:appId/commissions/:id',
      ...door(
        server,
        { summary: 'Read a commission', tag, who, inProgram: true, replies: { 200: CommissionWithHistory } },
        async ({ c, desk, program }) => {
          const { db } = desk.database
          const commission = await commissions.byId(db, program.id, idFrom(c, 'id'))
          if (!commission) throw new Problem('commission_not_found')
          const now = nowIn(desk, program).toISOString()
          return c.json({ ...(await shown(db, commission, now)), ...(await historyOf(db, commission, now)) })
        },
      ),
    )
  for (const [act, summary] of Object.entries(acts) as [keyof typeof acts, string][]) {
    routes.post(
      `/v1/apps/:appId/commissions/:id/${act}`,
      ...door(
        server,
        { summary, tag, who, inProgram: true, body: CommissionDecision, bodyOptional: true, replies: { 200: CommissionReply } },
        async ({ c, desk, program, caller, body }) => {
          const by = caller.kind === 'admin' ? caller.adminId : caller.keyId
          const decided = await decide(desk, program, idFrom(c, 'id'), { act, reason: body.reason || null, by })
          return c.json(await shown(desk.database.db, decided, nowIn(desk, program).toISOString()))
        },
      ),
    )
  }
  return routes
}

async function shown(db: Db, commission: Commission, now: string) {
  const [reply] = await shownAll(db, [commission], now)
  return reply as CommissionReply
}

async function shownAll(db: Db, all: Commission[], now: string): Promise<CommissionReply[]> {
  const partners = await recipients(
    db,
    all.map(each => each.partnerId),
  )
  return all.map(commission => {
    const { partnerId, amount, reversed, paidOut, payoutId } = commission
    const { referralId, conversionId, productId, period, heldReason, occurredAt, createdAt } = commission
    const partner = partners.get(partnerId)
    const origin = { referralId, conversionId, productId, period, heldReason, occurredAt, createdAt }
    return {
      ...lineOf(commission, now),
      partnerName: partner ? nameOf(partner) : partnerId,
      earned: amount,
      reversed,
      paid: paidOut,
      payoutId,
      ...origin,
    }
  })
}
