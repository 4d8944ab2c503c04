import type { Context } from 'hono'
import { Hono } from 'hono'
import {
  OneProgram,
  Recovered,
  RecoverQuery,
  ReferralDetail,
  ReferralQuery,
  ReferralRow,
  ReferralRows,
  ReferralStats,
  Rejection,
  StatsQuery,
} from '../../contract/rewards.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { recover } from '../../program/grants.ts'
import { approve, reject } from '../../program/referral-review.ts'
import { historyOf } from '../../rules/referral-state.ts'
import * as customers from '../../store/customers.ts'
import * as partners from '../../store/partners.ts'
import type { Program } from '../../store/programs.ts'
import * as lists from '../../store/referral-lists.ts'
import { funnel } from '../../store/referral-stats.ts'
import * as storedRewards from '../../store/rewards.ts'
import type { Db } from '../../store/schema.ts'
import { shownAll } from './referral-shown.ts'

const common = {
  tag: 'Referrals',
  who: ['admin', 'secret'],
  inProgram: 'asked',
  headers: { 'x-program-id': 'For an admin, in place of `appId`. Where there is only one program, neither is needed.' },
} as const

/** The operator's side of system R: all referrals of a program, by customers' codes and by partners' alike. */
export function adminReferrals(server: Server) {
  return new Hono()
    .get(
      '/admin/referrals',
      ...door(
        server,
        { ...common, summary: 'List referrals', query: ReferralQuery, replies: { 200: ReferralRows } },
        async ({ c, desk, program, query }) => {
          const { db } = desk.database
          const of = query.user_id ? await person(db, program, query.user_id) : undefined
          if (of === null) return c.json({ data: [], total: 0 })
          const { status, campaign, pending_grant: pendingGrant, search, page, limit } = query
          const offset = (page - 1) * limit
          const found = await lists.page(db, program.id, { of, status, campaign, pendingGrant, search, limit, offset })
          return c.json({ data: await shownAll(db, found.data), total: found.total })
        },
      ),
    )
    .get(
      '/admin/referrals/stats',
      ...door(
        server,
        { ...common, summary: 'Count what became of clicks and referrals', query: StatsQuery, replies: { 200: ReferralStats } },
        async ({ c, desk, program, query: { from, to, campaign } }) => {
          if (from && to && from > to) throw Problem.at('to', 'The last day cannot lie before the first.')
          return c.json(await funnel(desk.database.db, program, { from, to, campaign }))
        },
      ),
    )
    .post(
      '/admin/referrals/recover',
      ...door(
        server,
        { ...common, summary: 'Try again to grant what is pending', query: RecoverQuery, replies: { 200: Recovered } },
        async ({ c, desk, program, query }) => c.json(await recover(desk, program, query.limit)),
      ),
    )
    .get(
      '/admin/referrals/:id',
      ...door(
        server,
        { ...common, summary: 'Read a referral', query: OneProgram, replies: { 200: ReferralDetail } },
        async ({ c, desk, program }) => {
          const { db } = desk.database
          const [found] = await lists.withPeople(db, [idFrom(c, 'id')])
          if (found?.programId !== program.id) throw new Problem('referral_not_found')
          const [referral] = await shownAll(db, [found])
          return c.json({ ...referral, history: historyOf(found, await storedRewards.ofReferrals(db, [found.id])) })
        },
      ),
    )
    .post(
      '/admin/referrals/:id/approve',
      ...door(
        server,
        { ...common, summary: 'Approve a referral held for review', query: OneProgram, replies: { 200: ReferralRow } },
        async ({ c, desk, program }) => {
          const { id } = await approve(desk, program, idFrom(c, 'id'))
          return one(c, desk.database.db, id)
        },
      ),
    )
    .post(
      '/admin/referrals/:id/reject',
      ...door(
        server,
        {
          ...common,
          summary: 'Reject a referral held for review',
          query: OneProgram,
          body: Rejection,
          bodyOptional: true,
          replies: { 200: ReferralRow },
        },
        async ({ c, desk, program, body }) => {
          const { id } = await reject(desk, program, idFrom(c, 'id'), body.reason || null)
          return one(c, desk.database.db, id)
        },
      ),
    )
}

async function one(c: Context, db: Db, id: string) {
  const [referral] = await shownAll(db, await lists.withPeople(db, [id]))
  return c.json(referral)
}

/** Who goes by an id: a customer, with the partner that it is; null where nobody does. */
async function person(db: Db, program: Program, id: string) {
  const customer = await customers.byAnyId(db, program.id, id)
  if (!customer) return null
  const partner = await partners.byCustomer(db, program.id, customer.id)
  return { customerId: customer.id, partnerId: partner?.id ?? null }
}
