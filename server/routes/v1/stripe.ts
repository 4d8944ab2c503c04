import { Hono } from 'hono'
import { NewStripeConnection, StripeConnection, StripeReceived } from '../../contract/stripe.ts'
import { door, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { take } from '../../program/stripe.ts'
import { connect, disconnect, verified } from '../../program/stripe-connection.ts'
import * as stripe from '../../store/stripe.ts'

const path = '/v1/apps/:appId/integrations/stripe'
const tag = 'Stripe'
const who = ['admin'] as const
const replies = { 200: StripeConnection }

/** What Stripe tells of payments, and the secret by which it is believed. */
export function stripeRoutes(server: Server) {
  const shown = (programId: string, row: { hint: string; createdAt: string } | undefined): StripeConnection => ({
    connected: !!row,
    url: `${server.publicUrl}/v1/integrations/stripe/${programId}`,
    hint: row?.hint ?? null,
    createdAt: row?.createdAt ?? null,
  })
  return new Hono()
    .get(
      path,
      ...door(server, { summary: 'Is Stripe connected', tag, who, inProgram: true, replies }, async ({ c, desk, program }) =>
        c.json(shown(program.id, await stripe.connection(desk.database.db, program.id))),
      ),
    )
    .put(
      path,
      ...door(
        server,
        { summary: 'Connect Stripe', tag, who, inProgram: true, body: NewStripeConnection, replies },
        async ({ c, desk, program, body }) => c.json(shown(program.id, await connect(desk, program, body.webhookSecret))),
      ),
    )
    .delete(
      path,
      ...door(server, { summary: 'Disconnect Stripe', tag, who, inProgram: true, replies }, async ({ c, desk, program }) => {
        await disconnect(desk, program)
        return c.json(shown(program.id, undefined))
      }),
    )
    .post(
      '/v1/integrations/stripe/:appId',
      ...door(
        server,
        {
          summary: 'Take an event of Stripe',
          tag,
          who: ['public'],
          // Stripe sends a month's renewals at once. Whoever cannot sign is counted instead.
          unlimited: true,
          headers: { 'stripe-signature': 'When and with what Stripe signed the body.' },
          replies: { 200: StripeReceived },
        },
        async ({ c, desk }) => {
          const { programs } = await desk.directory.current()
          const program = programs.get(c.req.param('appId') ?? '')
          const payload = new Uint8Array(await c.req.arrayBuffer())
          const signature = c.req.header('stripe-signature') ?? ''
          const text = await verified(desk, program?.id ?? '', { payload, signature }).catch(async error => {
            if (error instanceof Problem) await server.limitPublic(server.address(c))
            throw error
          })
          if (program) await take(desk, program, eventFrom(text))
          return c.json({ received: true as const })
        },
      ),
    )
}

// Not by the rules for what anybody may send: an invoice of Stripe's is wide, and only what is read of it is looked at.
function eventFrom(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('malformed_json')
  }
}
