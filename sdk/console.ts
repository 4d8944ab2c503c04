import type { BulkReview, BulkReviewed, CodeRow, Deactivation, DealRow, MailRow } from '../server/contract/console.ts'
import type { Overview } from '../server/contract/overview.ts'
import type { Merge } from '../server/contract/partner-merges.ts'
import type { StuckList, StuckRetried } from '../server/contract/stuck.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import type { CursorQuery, In, Listed, Out } from './shapes.ts'
import type { AppOf } from './webhooks.ts'

const who = ['admin'] as const
type OfPartner = CursorQuery & { partnerId?: string }

/** What an operator looks at and decides, of the client's program, with an admin's token. */
export function operations(send: Send, app: AppOf) {
  return {
    /** What came in between two days, what is owed, and what waits for somebody. */
    overview: (query: { from?: string; to?: string } = {}, options?: CallOptions) =>
      send<Overview>('GET', `${app()}/overview`, { who, query }, options),
    /** What does not go on by itself. */
    stuck: (options?: CallOptions) => send<Out<typeof StuckList>>('GET', `${app()}/stuck`, { who }, options),
    /** Tries again what is named, or all that may be; nothing is done twice by it. */
    retryStuck: (ids?: string[], options?: CallOptions) =>
      send<StuckRetried>('POST', `${app()}/stuck/retry`, { who, body: ids ? { ids } : {}, natural: true }, options),
    /** Decides up to a hundred applications, each for itself. */
    reviewApplications: (decision: In<typeof BulkReview>, options?: CallOptions) =>
      send<BulkReviewed>('POST', `${app()}/affiliates/applications/bulk`, { who, body: decision, natural: true }, options),
    /** What deactivating a partner will mean. Changes nothing. */
    previewDeactivation: (partnerId: string, options?: CallOptions) =>
      send<Deactivation>('GET', `${app()}/partners/${segment(partnerId)}/deactivation`, { who }, options),
    /** What merging a partner into another will mean. Changes nothing. */
    previewMerge: (partnerId: string, into: string, options?: CallOptions) =>
      send<Merge>('GET', `${app()}/partners/${segment(partnerId)}/merge`, { who, query: { into } }, options),
    /** Merges a partner into another, for good. */
    mergePartner: (partnerId: string, into: string, options?: CallOptions) =>
      send<Merge>('POST', `${app()}/partners/${segment(partnerId)}/merge`, { who, body: { into } }, options),
    codes: (query: OfPartner & { search?: string } = {}, options?: CallOptions) =>
      send<Listed<CodeRow>>('GET', `${app()}/codes`, { who, query }, options),
    deals: (query: OfPartner = {}, options?: CallOptions) =>
      send<Listed<DealRow>>('GET', `${app()}/deals`, { who, query }, options),
    mails: (query: CursorQuery & { state?: MailRow['state'] } = {}, options?: CallOptions) =>
      send<Listed<MailRow>>('GET', `${app()}/mails`, { who, query }, options),
  }
}
