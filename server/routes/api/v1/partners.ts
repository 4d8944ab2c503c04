import { Hono } from 'hono'
import { fromPpm } from '../../../contract/money.ts'
import {
  NewPartner,
  PartnerChange,
  PartnerList,
  PartnerProgram,
  PartnerQuery,
  Partner as PartnerReply,
  PartnerWithStats,
} from '../../../contract/partners.ts'
import { door, idFrom, type Server } from '../../../door.ts'
import { Problem } from '../../../problem.ts'
import { type Desk, nowIn } from '../../../program/desk.ts'
import { change, create, deactivate } from '../../../program/partners.ts'
import * as commissions from '../../../store/commissions.ts'
import * as journal from '../../../store/journal.ts'
import type { Partner } from '../../../store/partners.ts'
import * as partners from '../../../store/partners.ts'
import type { Program } from '../../../store/programs.ts'

const tag = 'Partners'
const common = { tag, who: ['secret', 'admin'], inProgram: 'asked', query: PartnerProgram } as const

// System Q has paths of its own below /api/v1/partners, which are never ids, even while nothing answers there.
const reserved = ['referrals', 'commissions', 'codes', 'payouts']

/** System A: snake_case, cents. */
export function partnerRoutes(server: Server) {
  return new Hono()
    .post(
      '/api/v1/partners',
      ...door(
        server,
        { ...common, summary: 'Create a partner', body: NewPartner, replies: { 201: PartnerReply } },
        async ({ c, desk, program, body }) => {
          return c.json(shown(await create(desk, program, body)), 201)
        },
      ),
    )
    .get(
      '/api/v1/partners',
      ...door(
        server,
        { ...common, summary: 'List partners', query: PartnerQuery, replies: { 200: PartnerList } },
        async ({ c, desk, program, query }) => {
          const { page, per_page, status, search } = query
          const found = await partners.page(desk.database.db, program.id, {
            status,
            search,
            limit: per_page,
            offset: (page - 1) * per_page,
          })
          return c.json({ data: found.data.map(shown), total: found.total, page, per_page })
        },
      ),
    )
    .get(
      '/api/v1/partners/:id',
      ...door(
        server,
        { ...common, summary: 'Read a partner', replies: { 200: PartnerWithStats } },
        async ({ c, desk, program }) => {
          const partner = await partners.byId(desk.database.db, program.id, partnerId(idFrom(c, 'id')))
          if (!partner) throw new Problem('partner_not_found')
          return c.json({ ...shown(partner), stats: await statsOf(desk, program, partner) })
        },
      ),
    )
    .patch(
      '/api/v1/partners/:id',
      ...door(
        server,
        { ...common, summary: 'Change a partner', body: PartnerChange, replies: { 200: PartnerReply } },
        async ({ c, desk, program, body }) => {
          return c.json(shown(await change(desk, program, partnerId(idFrom(c, 'id')), body)))
        },
      ),
    )
    .delete(
      '/api/v1/partners/:id',
      ...door(
        server,
        { ...common, summary: 'Deactivate a partner', replies: { 200: PartnerReply } },
        async ({ c, desk, program }) => {
          return c.json(shown(await deactivate(desk, program, partnerId(idFrom(c, 'id')))))
        },
      ),
    )
}

function partnerId(id: string) {
  if (reserved.includes(id)) throw new Problem('not_found')
  return id
}

async function statsOf(desk: Desk, program: Program, partner: Partner) {
  const all = await journal.balances(desk.database.db, partner.id, nowIn(desk, program).toISOString())
  const { pending, approved, paid } = all.find(each => each.currency === program.settings.currency) ?? {
    pending: 0,
    approved: 0,
    paid: 0,
  }
  return {
    total_commissions: await commissions.count(desk.database.db, partner.id),
    total_earned_cents: pending + approved + paid,
    pending_cents: pending,
    approved_cents: approved,
    paid_cents: paid,
  }
}

function shown(partner: Partner) {
  return {
    id: partner.id,
    program_id: partner.programId,
    email: partner.email,
    first_name: partner.firstName,
    last_name: partner.lastName,
    slug: partner.slug,
    status: partners.statusOf(partner),
    commission_pct: partner.ratePpm === null ? null : fromPpm(partner.ratePpm),
    payout_method: partner.payoutMethod,
    payout_email: partner.payoutEmail,
    stripe_account_id: partner.stripeAccountId,
    metadata: partner.metadata === null ? null : JSON.parse(partner.metadata),
    created_at: partner.createdAt,
    ...(partner.mergedInto !== null && { merged_into: partner.mergedInto }),
  }
}
