import { grantServer } from '../support/grant-server.ts'
import { payoutServer } from '../support/payout-server.ts'
import { receiver } from '../support/receiver.ts'
import type { Chance } from './chance.ts'

/**
 * The world that the server speaks to: a receiver of webhooks and a host that grants credits, each unwell now and then, and
 * Stripe and PayPal, which answer well, if the server that asked is still there.
 */
export async function outside(chance: Chance, now: () => Date) {
  const [hooks, host, providers] = await Promise.all([receiver(), grantServer(), payoutServer(now)])
  let isUnwell = true
  hooks.answer('/events', response => {
    response.writeHead(isUnwell && chance.is(0.02) ? 500 : 200).end()
  })
  host.behave(() => {
    if (!isUnwell) return 'well'
    return chance.weighted([
      [8, 'well'],
      [1, 'done, then dropped'],
      [1, 'status 500'],
    ] as const)
  })
  return {
    eventsUrl: hooks.url('/events'),
    otherUrl: (name: string) => hooks.url(`/${name}`),
    grantUrl: host.url,
    providersUrl: providers.url,
    /** What a provider has moved for a payout. */
    moved: (payoutId: string) => providers.booked(payoutId),
    /** The ids of what the receiver was told. */
    told: () => hooks.so('/events').map(each => each.body.id as string),
    granted: () => host.keys(),
    credits: (customerId: string) => host.credits(customerId),
    /** From now on all is answered well, so that what is under way can end. */
    recover: (isWell: boolean) => {
      isUnwell = !isWell
    },
    async stop() {
      await Promise.all([hooks.close(), host.stop(), providers.stop()])
    },
  }
}

export type Outside = Awaited<ReturnType<typeof outside>>
