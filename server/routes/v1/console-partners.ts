import { Hono } from 'hono'
import { BulkReview, BulkReviewed, Deactivation } from '../../contract/console.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { reviewAll } from '../../program/console-review.ts'
import { nowIn } from '../../program/desk.ts'
import * as stored from '../../store/console.ts'
import * as journal from '../../store/journal.ts'
import * as partners from '../../store/partners.ts'

/** What the console does to several at once, and what it tells before it does something. */
export function consolePartners(server: Server) {
  return new Hono()
    .post(
      '/v1/apps/:appId/affiliates/applications/bulk',
      ...door(
        server,
        {
          summary: 'Approve or reject several',
          tag: 'Applications',
          who: ['admin'],
          inProgram: true,
          body: BulkReview,
          replies: { 200: BulkReviewed },
        },
        async ({ c, desk, program, caller, body }) =>
          c.json({ data: await reviewAll(desk, program, { ...body, decidedBy: caller.adminId }) }),
      ),
    )
    .get(
      '/v1/apps/:appId/partners/:id/deactivation',
      ...door(
        server,
        {
          summary: 'What deactivation will mean',
          tag: 'Partners',
          who: ['admin'],
          inProgram: true,
          replies: { 200: Deactivation },
        },
        async ({ c, desk, program }) => {
          const { db } = desk.database
          const partner = await partners.byId(db, program.id, idFrom(c, 'id'))
          if (!partner) throw new Problem('partner_not_found')
          const balances = await journal.balances(db, partner.id, nowIn(desk, program).toISOString())
          return c.json({
            partnerId: partner.id,
            name: partners.nameOf(partner),
            status: partners.statusOf(partner),
            ...(await stored.heldBy(db, program.id, partner.id)),
            balances: balances.map(({ currency, pending, approved }) => ({ currency, pending, approved })),
            payoutsWaiting: await stored.openPayouts(db, partner.id),
            paysOn: program.settings.payAfterDeactivation,
          })
        },
      ),
    )
}
