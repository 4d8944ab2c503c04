import { Hono } from 'hono'
import { CreditQuery, Credits, GrantSecret } from '../../contract/rewards.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { grantSecret } from '../../program/grants.ts'
import * as credits from '../../store/credits.ts'
import * as customers from '../../store/customers.ts'

/** Credits that are kept here, and the key to those that are granted elsewhere. */
export function creditRoutes(server: Server) {
  return new Hono()
    .get(
      '/v1/customers/:id/credits',
      ...door(
        server,
        {
          summary: "Read a customer's credits",
          tag: 'Customers',
          who: ['secret'],
          query: CreditQuery,
          replies: { 200: Credits },
        },
        async ({ c, desk, program, query }) => {
          const { db } = desk.database
          const customerId = idFrom(c, 'id')
          const customer = await customers.byAnyId(db, program.id, customerId)
          // One that nobody has named yet has as little as one that has earned nothing.
          if (!customer) return c.json({ customerId, balance: 0, data: [], nextCursor: null })
          const page = await credits.page(db, program.id, customer.id, { limit: query.limit, after: query.cursor ?? null })
          const balance = await credits.balance(db, program.id, customer.id)
          return c.json({ customerId: customer.externalId ?? customer.id, balance, ...page })
        },
      ),
    )
    .get(
      '/v1/apps/:appId/grant-secret',
      ...door(
        server,
        {
          summary: 'Read what grants of rewards are signed with',
          tag: 'Programs',
          who: ['admin', 'secret'],
          inProgram: true,
          replies: { 200: GrantSecret },
        },
        ({ c, desk, program }) => c.json({ secret: grantSecret(desk, program) }),
      ),
    )
}
