import type { CommissionStatus } from '../server/contract/affiliate.ts'
import type { Commission, CommissionDecision, CommissionWithHistory, NewAdjustment } from '../server/contract/commissions.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import type { CursorQuery, In, Listed } from './shapes.ts'
import type { AppOf } from './webhooks.ts'

const who = ['secret', 'admin'] as const

export type CommissionQuery = CursorQuery & { partnerId?: string; status?: CommissionStatus; period?: string; search?: string }

/** Commissions of the client's program. Amounts are minor units; `why` says how each came about. */
export function commissions(send: Send, app: AppOf) {
  const one = (id: string) => `${app()}/commissions/${segment(id)}`
  const act =
    (verb: string) =>
    (id: string, why: In<typeof CommissionDecision> = {}, options?: CallOptions) =>
      send<Commission>('POST', `${one(id)}/${verb}`, { who, body: why }, options)
  return {
    list: (query: CommissionQuery = {}, options?: CallOptions) =>
      send<Listed<Commission>>('GET', `${app()}/commissions`, { who, query }, options),
    /** One, with every entry, refund and decision that made it what it is. */
    get: (id: string, options?: CallOptions) => send<CommissionWithHistory>('GET', one(id), { who }, options),
    /** Credits a partner by hand, or takes back where the amount is below zero. */
    create: (adjustment: In<typeof NewAdjustment>, options?: CallOptions) =>
      send<Commission>('POST', `${app()}/commissions`, { who, body: adjustment }, options),
    approve: act('approve'),
    hold: act('hold'),
    release: act('release'),
    reject: act('reject'),
  }
}
