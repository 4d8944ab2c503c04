import type {
  EndSending,
  NewPaypalPayouts,
  NewStripeAccount,
  NewStripePayouts,
  PayoutProvider,
  PayoutProviderList,
  SendPayouts,
  SentPayout,
  SentPayouts,
  StripeAccount,
} from '../server/contract/sending.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import type { In, Out } from './shapes.ts'
import type { AppOf } from './webhooks.ts'

const who = ['secret', 'admin'] as const
const admin = ['admin'] as const

/** Having payouts sent by Stripe or PayPal: the server does it by itself from then on, each once. */
export function sending(send: Send, base: () => string) {
  const one = (id: string) => `${base()}/${segment(id)}`
  return {
    /** Has one sent; again, while it is under way, changes nothing. */
    send: (id: string, options?: CallOptions) => send<Out<typeof SentPayout>>('POST', `${one(id)}/send`, { who }, options),
    /** Has several sent, or all that are open, and says of the others why they are not. */
    sendAll: (wanted: In<typeof SendPayouts> = {}, options?: CallOptions) =>
      send<SentPayouts>('POST', `${base()}/send`, { who, body: wanted }, options),
    /** Ends a sending by the word of an admin who has looked at the provider's own pages. */
    endSending: (id: string, seen: In<typeof EndSending>, options?: CallOptions) =>
      send<Out<typeof SentPayout>>('POST', `${one(id)}/sending/end`, { who: admin, body: seen }, options),
  }
}

/** What the client's program sends its payouts through, with an admin's token. Credentials are shown nowhere again. */
export function payoutProviders(send: Send, app: AppOf) {
  const base = () => `${app()}/payout-providers`
  return {
    list: (options?: CallOptions) => send<Out<typeof PayoutProviderList>>('GET', base(), { who: admin }, options),
    stripe: {
      connect: (key: In<typeof NewStripePayouts>, options?: CallOptions) =>
        send<PayoutProvider>('PUT', `${base()}/stripe`, { who: admin, body: key }, options),
      disconnect: (options?: CallOptions) => send<PayoutProvider>('DELETE', `${base()}/stripe`, { who: admin }, options),
      /** Says which connected account is a partner's. */
      setAccount: (partnerId: string, account: In<typeof NewStripeAccount>, options?: CallOptions) => {
        const path = `${app()}/partners/${segment(partnerId)}/stripe-account`
        return send<Out<typeof StripeAccount>>('PUT', path, { who, body: account }, options)
      },
    },
    paypal: {
      connect: (app: In<typeof NewPaypalPayouts>, options?: CallOptions) =>
        send<PayoutProvider>('PUT', `${base()}/paypal`, { who: admin, body: app }, options),
      disconnect: (options?: CallOptions) => send<PayoutProvider>('DELETE', `${base()}/paypal`, { who: admin }, options),
    },
  }
}
