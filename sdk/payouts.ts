import type { MadePayouts, NewPayouts, Payout, PayoutFailed, PayoutPaid, PayoutWithLines } from '../server/contract/payouts.ts'
import type { ClosedPeriod } from '../server/contract/periods.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import type { CursorQuery, In, Listed } from './shapes.ts'
import type { AppOf } from './webhooks.ts'

const who = ['secret', 'admin'] as const

export type PayoutQuery = CursorQuery &
  Partial<Pick<Payout, 'status' | 'partnerId' | 'currency'>> & { method?: NonNullable<Payout['method']> }

/** Payouts of the client's program, one for each partner and currency. Amounts are minor units. */
export function payouts(send: Send, app: AppOf) {
  const base = () => `${app()}/payouts`
  const one = (id: string) => `${base()}/${segment(id)}`
  return {
    list: (query: PayoutQuery = {}, options?: CallOptions) => send<Listed<Payout>>('GET', base(), { who, query }, options),
    /** One, with every line that is in it and why. */
    get: (id: string, options?: CallOptions) => send<PayoutWithLines>('GET', one(id), { who }, options),
    /** Makes a payout of all that is due and reaches the minimum; again, of what has become due since. */
    create: (wanted: In<typeof NewPayouts> = {}, options?: CallOptions) =>
      send<MadePayouts>('POST', base(), { who, body: wanted }, options),
    /** The money has left, under the bank's or provider's own reference. */
    paid: (id: string, how: In<typeof PayoutPaid> = {}, options?: CallOptions) =>
      send<Payout>('POST', `${one(id)}/paid`, { who, body: how }, options),
    /** The money did not arrive: what was in the payout is due again. */
    failed: (id: string, why: In<typeof PayoutFailed>, options?: CallOptions) =>
      send<Payout>('POST', `${one(id)}/failed`, { who, body: why }, options),
  }
}

/** Months of the client's program, as `2026-03` in its time zone. */
export function periods(send: Send, app: AppOf) {
  return {
    /** Closes a month that is over and tells each partner of it; again, the same answer. */
    close: (period: string, options?: CallOptions) =>
      send<ClosedPeriod>('POST', `${app()}/periods/${segment(period)}/close`, { who: ['admin', 'secret'] }, options),
  }
}
