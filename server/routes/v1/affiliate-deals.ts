import { Hono } from 'hono'
import { Deal, DealList, NewDeal } from '../../contract/deals.ts'
import { CursorQuery } from '../../contract/paging.ts'
import { door, type Server } from '../../door.ts'
import { register } from '../../program/deals.ts'
import * as deals from '../../store/deals.ts'
import { partnerOrRefuse } from './affiliate-session.ts'
import { shownDeal } from './affiliate-shown.ts'

const tag = 'Partner programme'

/** The leads that a partner has told of. */
export function affiliateDeals(server: Server) {
  return new Hono()
    .post(
      '/v1/affiliate/deals',
      ...door(
        server,
        { summary: 'Register a deal', tag, who: ['session'], body: NewDeal, replies: { 201: Deal, 200: Deal } },
        async ({ c, desk, program, caller, body }) => {
          const partner = await partnerOrRefuse(desk, program, caller.customer)
          const { deal, made } = await register(desk, program, partner, body)
          return c.json(shownDeal(deal), made ? 201 : 200)
        },
      ),
    )
    .get(
      '/v1/affiliate/deals',
      ...door(
        server,
        { summary: "List one's deals", tag, who: ['session'], query: CursorQuery, replies: { 200: DealList } },
        async ({ c, desk, program, caller, query }) => {
          const partner = await partnerOrRefuse(desk, program, caller.customer)
          const paging = { limit: query.limit, after: query.cursor ?? null }
          const { data, nextCursor } = await deals.page(desk.database.db, partner.id, paging)
          return c.json({ data: data.map(shownDeal), nextCursor })
        },
      ),
    )
}
