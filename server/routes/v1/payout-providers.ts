import { Hono } from 'hono'
import {
  NewPaypalPayouts,
  NewStripeAccount,
  NewStripePayouts,
  PayoutProvider,
  PayoutProviderList,
  type PayoutProviderName,
  StripeAccount,
} from '../../contract/sending.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { setStripeAccount } from '../../program/partners.ts'
import { connect, disconnect } from '../../program/payout-connections.ts'
import type { Connection } from '../../store/payout-providers.ts'
import * as connections from '../../store/payout-providers.ts'

const tag = 'Payouts'
const who = ['admin'] as const
const replies = { 200: PayoutProvider }

/** What payouts are sent through, and to which of Stripe's accounts. */
export function payoutProviderRoutes(server: Server) {
  const all = new Hono()
    .get(
      '/v1/apps/:appId/payout-providers',
      ...door(
        server,
        { summary: 'Payout providers', tag, who, inProgram: true, replies: { 200: PayoutProviderList } },
        async ({ c, desk, program }) => {
          const found = await connections.all(desk.database.db, program.id)
          const one = (name: PayoutProviderName) =>
            shown(
              name,
              found.find(each => each.provider === name),
            )
          return c.json({ data: [one('paypal'), one('stripe')] })
        },
      ),
    )
    .put(
      '/v1/apps/:appId/payout-providers/stripe',
      ...door(
        server,
        { summary: 'Pay by Stripe', tag, who, inProgram: true, body: NewStripePayouts, replies },
        async ({ c, desk, program, body }) =>
          c.json(shown('stripe', await connect(desk, program, { provider: 'stripe', ...body }))),
      ),
    )
    .put(
      '/v1/apps/:appId/payout-providers/paypal',
      ...door(
        server,
        { summary: 'Pay by PayPal', tag, who, inProgram: true, body: NewPaypalPayouts, replies },
        async ({ c, desk, program, body }) =>
          c.json(shown('paypal', await connect(desk, program, { provider: 'paypal', ...body }))),
      ),
    )
    .put(
      '/v1/apps/:appId/partners/:id/stripe-account',
      ...door(
        server,
        {
          summary: "Set a partner's Stripe account",
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          body: NewStripeAccount,
          replies: { 200: StripeAccount },
        },
        async ({ c, desk, program, body }) => {
          const { id, stripeAccountId } = await setStripeAccount(desk, program, idFrom(c, 'id'), body.stripeAccountId)
          return c.json({ partnerId: id, stripeAccountId })
        },
      ),
    )
  for (const name of ['stripe', 'paypal'] as const)
    all.delete(
      `/v1/apps/:appId/payout-providers/${name}`,
      ...door(
        server,
        { summary: `Stop paying by ${name === 'stripe' ? 'Stripe' : 'PayPal'}`, tag, who, inProgram: true, replies },
        async ({ c, desk, program }) => {
          await disconnect(desk, program, name)
          return c.json(shown(name, undefined))
        },
      ),
    )
  return all
}

function shown(provider: PayoutProviderName, row: Connection | undefined): PayoutProvider {
  const { environment = null, hint = null, account = null, createdAt = null } = row ?? {}
  return { provider, connected: !!row, environment, hint, account, createdAt }
}
