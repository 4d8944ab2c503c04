import type { Click, Clicked, NewReferral, NotAttributed, Referral, ReferralStatus } from '../server/contract/referrals.ts'
import type {
  GrantSecret,
  MyReferralEvents,
  MyReferrals,
  Recovered,
  ReferralDetail,
  ReferralRow,
  ReferralRows,
  ReferralStats,
  Rejection,
} from '../server/contract/rewards.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import type { In, Out } from './shapes.ts'
import type { AppOf } from './webhooks.ts'

type ReferralQuery = {
  user_id?: string
  status?: ReferralStatus
  campaign?: string
  pending_grant?: boolean
  search?: string
  page?: number
  limit?: number
}

/** Clicks, signups, and customers who refer others. An admin names the program by the client's `appId`. */
export function referrals(send: Send, app: AppOf, appId: string | undefined) {
  const admin = ['secret', 'admin'] as const
  const session = ['session'] as const
  const one = (id: string) => `/admin/referrals/${segment(id)}`
  const inApp = { who: admin, query: { appId } }
  return {
    /** Tells of a visit through a code. The reply is the same whether the code exists or not. */
    click: (visit: In<typeof Click>, options?: CallOptions) => {
      const clickId = visit.clickId ?? `clk_${Date.now()}${crypto.getRandomValues(new Uint32Array(2)).join('')}`
      const body = { ...visit, clickId }
      return send<Out<typeof Clicked>>('POST', '/referrals/click', { who: ['publishable'], body, natural: true }, options)
    },

    /**
     * Attributes a signup to the code or click that brought it; `ref` is the value of the cookie `mislata_ref` as it is.
     * A customer is attributed once; asked again, the first answer stands. `attributed: false` says why there is nothing.
     */
    attribute: (signup: In<typeof NewReferral>, options?: CallOptions) =>
      send<Referral | Out<typeof NotAttributed>>('POST', '/v1/referrals', { who: ['secret'], body: signup }, options),

    /** The code, rewards and referrals of the customer whose session this is; one without a code gets one. */
    me: (options?: CallOptions) => send<Out<typeof MyReferrals>>('GET', '/referrals/me', { who: session }, options),
    events: (query: { limit?: number } = {}, options?: CallOptions) =>
      send<Out<typeof MyReferralEvents>>('GET', '/referrals/me/events', { who: session, query }, options),

    list: (query: ReferralQuery = {}, options?: CallOptions) =>
      send<Out<typeof ReferralRows>>('GET', '/admin/referrals', { who: admin, query: { appId, ...query } }, options),
    /** One referral with its rewards and its history. */
    get: (id: string, options?: CallOptions) => send<Out<typeof ReferralDetail>>('GET', one(id), inApp, options),
    /** Lets a referral that is held for review go on to its reward; 409 where it is not held. */
    approve: (id: string, options?: CallOptions) => send<Out<typeof ReferralRow>>('POST', `${one(id)}/approve`, inApp, options),
    /** Ends a referral that is held for review: it never earns credits. */
    reject: (id: string, why: In<typeof Rejection> = {}, options?: CallOptions) =>
      send<Out<typeof ReferralRow>>('POST', `${one(id)}/reject`, { ...inApp, body: why }, options),
    /** Tries rewards again that were not granted yet; none is granted twice. */
    recover: (query: { limit?: number } = {}, options?: CallOptions) =>
      send<Out<typeof Recovered>>('POST', '/admin/referrals/recover', { who: admin, query: { appId, ...query } }, options),
    /** What posts to the program's `grantUrl` are signed with; `verifyWebhook` takes it. */
    grantSecret: (options?: CallOptions) =>
      send<Out<typeof GrantSecret>>('GET', `${app()}/grant-secret`, { who: admin }, options),
    /** Clicks, signups and what became of them, by days of the program's calendar. */
    stats: (query: { from?: string; to?: string; campaign?: string } = {}, options?: CallOptions) =>
      send<ReferralStats>('GET', '/admin/referrals/stats', { who: admin, query: { appId, ...query } }, options),
  }
}
