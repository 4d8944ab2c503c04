import type {
  MadePartnerCode,
  NewPartnerCode,
  PartnerCode,
  PartnerCodeList,
  PartnerCommissionList,
  PartnerPayoutList,
  PartnerReferralList,
} from '../server/contract/partner-api.ts'
import type { NewPartner, Partner, PartnerChange, PartnerStatus, PartnerWithStats } from '../server/contract/partners.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import type { CursorQuery, In, Out, Paged, PageQuery } from './shapes.ts'

const path = '/api/v1/partners'

/** Partners as the host's backend keeps them, with a secret key or an admin's token. Field names are `snake_case` here, money is in minor units. */
export function partners(send: Send) {
  const who = ['secret'] as const
  return {
    /** Makes a partner, `invited`; 409 where another has the address or the slug. */
    create: (partner: In<typeof NewPartner>, options?: CallOptions) =>
      send<Partner>('POST', path, { who, body: partner }, options),
    list: (query: PageQuery & { status?: PartnerStatus; search?: string } = {}, options?: CallOptions) =>
      send<Paged<Partner>>('GET', path, { who, query }, options),
    /** One partner with what it has earned. */
    get: (id: string, options?: CallOptions) =>
      send<Out<typeof PartnerWithStats>>('GET', `${path}/${segment(id)}`, { who }, options),
    /** Changes what is named; null takes a value away. */
    update: (id: string, change: In<typeof PartnerChange>, options?: CallOptions) =>
      send<Partner>('PATCH', `${path}/${segment(id)}`, { who, body: change }, options),
    /** Deactivates the partner; its record, commissions and payouts stay. */
    delete: (id: string, options?: CallOptions) => send<Partner>('DELETE', `${path}/${segment(id)}`, { who }, options),
  }
}

/** A page of replies that the documentation knows without pages: 1000 at once where nothing is asked. */
type OwnPages = { page?: number; per_page?: number }

/** What a partner reads and does with its own key (`mislata_pa_…`), at most 100 times a minute. Money is in decimals. */
export function partner(send: Send) {
  const who = ['partner'] as const
  return {
    referrals: (query: OwnPages = {}, options?: CallOptions) =>
      send<Out<typeof PartnerReferralList>>('GET', `${path}/referrals`, { who, query }, options),
    /** One row per referral, period, currency and status; `period` as in `2026-01`, all where none is named. */
    commissions: (query: OwnPages & { period?: string } = {}, options?: CallOptions) =>
      send<Out<typeof PartnerCommissionList>>('GET', `${path}/commissions`, { who, query }, options),
    /** Makes a code from a label and a random tail. */
    createCode: (wanted: In<typeof NewPartnerCode>, options?: CallOptions) =>
      send<Out<typeof MadePartnerCode>>('POST', `${path}/codes`, { who, body: wanted }, options),
    codes: (options?: CallOptions) => send<Out<typeof PartnerCodeList>>('GET', `${path}/codes`, { who }, options),
    /** Retires a code: it stops attributing and is never given away again. */
    deleteCode: (code: string, options?: CallOptions) =>
      send<Out<typeof PartnerCode>>('DELETE', `${path}/codes/${segment(code)}`, { who }, options),
    payouts: (query: CursorQuery = {}, options?: CallOptions) =>
      send<Out<typeof PartnerPayoutList>>('GET', `${path}/payouts`, { who, query }, options),
  }
}
