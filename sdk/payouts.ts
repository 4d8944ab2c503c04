import type { Ledger } from '../server/contract/ledger.ts'
import type { PayoutBatch, PayoutBatchStanding } from '../server/contract/payout-batches.ts'
import type { PayoutResults, PayoutResultsReport } from '../server/contract/payout-results.ts'
import type { MadePayouts, NewPayouts, Payout, PayoutFailed, PayoutPaid, PayoutWithLines } from '../server/contract/payouts.ts'
import type { ClosedPeriod } from '../server/contract/periods.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import { sending } from './sending.ts'
import type { CursorQuery, In, Listed } from './shapes.ts'
import type { AppOf } from './webhooks.ts'

const who = ['secret', 'admin'] as const

export type PayoutQuery = CursorQuery &
  Partial<Pick<Payout, 'status' | 'partnerId' | 'currency'>> & { method?: NonNullable<Payout['method']>; batch?: string }

/** Payouts of the client's program, one for each partner and currency. Amounts are minor units. */
export function payouts(send: Send, app: AppOf) {
  const base = () => `${app()}/payouts`
  const one = (id: string) => `${base()}/${segment(id)}`
  const batches = {
    /** What each run has made, newest first. */
    list: (query: CursorQuery = {}, options?: CallOptions) =>
      send<Listed<PayoutBatch>>('GET', `${base()}/batches`, { who, query }, options),
    /** One, with how its payouts stand now. */
    get: (id: string, options?: CallOptions) =>
      send<PayoutBatchStanding>('GET', `${base()}/batches/${segment(id)}`, { who }, options),
  }
  return {
    batches,
    list: (query: PayoutQuery = {}, options?: CallOptions) => send<Listed<Payout>>('GET', base(), { who, query }, options),
    /** One, with every line that is in it and why. */
    get: (id: string, options?: CallOptions) => send<PayoutWithLines>('GET', one(id), { who }, options),
    /** Makes a payout of all that is due and reaches the minimum; again, of what has become due since. */
    create: (wanted: In<typeof NewPayouts> = {}, options?: CallOptions) =>
      send<MadePayouts>('POST', base(), { who, body: wanted }, options),
    /** Marks payouts by a file of a bank or provider; with `dryRun` it only tells what would come of each line. */
    results: (file: In<typeof PayoutResults>, options?: CallOptions) =>
      send<PayoutResultsReport>('POST', `${base()}/results`, { who, body: file }, options),
    /** The money has left, under the bank's or provider's own reference. */
    paid: (id: string, how: In<typeof PayoutPaid> = {}, options?: CallOptions) =>
      send<Payout>('POST', `${one(id)}/paid`, { who, body: how }, options),
    ...sending(send, base),
    /** The money did not arrive: what was in the payout is due again. */
    failed: (id: string, why: In<typeof PayoutFailed>, options?: CallOptions) =>
      send<Payout>('POST', `${one(id)}/failed`, { who, body: why }, options),
  }
}

/** The books of the client's program. */
export function ledger(send: Send, app: AppOf) {
  return {
    /** Holds everything that is kept against the journal; with an end of the chain that was noted earlier, that as well. */
    verify: (noted: { length?: number; head?: string } = {}, options?: CallOptions) =>
      send<Ledger>('GET', `${app()}/ledger/verify`, { who, query: noted }, options),
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
