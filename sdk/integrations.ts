import type { NewStripeConnection, StripeConnection } from '../server/contract/stripe.ts'
import type { CallOptions, Send } from './send.ts'
import type { In } from './shapes.ts'
import type { AppOf } from './webhooks.ts'

const who = ['admin'] as const

/** What tells of payments by itself, for the client's program, with an admin's token. */
export function integrations(send: Send, app: AppOf) {
  const stripe = () => `${app()}/integrations/stripe`
  return {
    stripe: {
      /** Whether it is connected, and the address to give to Stripe. */
      get: (options?: CallOptions) => send<StripeConnection>('GET', stripe(), { who }, options),
      /** Sets the signing secret of the endpoint at Stripe, which is shown nowhere again. */
      connect: (secret: In<typeof NewStripeConnection>, options?: CallOptions) =>
        send<StripeConnection>('PUT', stripe(), { who, body: secret }, options),
      /** Nothing that Stripe sends is taken any more. */
      disconnect: (options?: CallOptions) => send<StripeConnection>('DELETE', stripe(), { who }, options),
    },
  }
}
