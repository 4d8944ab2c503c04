import type { Dashboard, Enrolment } from '../server/contract/affiliate.ts'
import type { Application, ApplicationStatus, NewApplication, Review, Reviewed } from '../server/contract/applications.ts'
import type { Deal, NewDeal } from '../server/contract/deals.ts'
import type {
  AffiliateCodeList,
  MadePartnerCode,
  MadePartnerKey,
  NewPartnerCode,
  NewPartnerKey,
  PartnerCode,
  PartnerKey,
} from '../server/contract/partner-api.ts'
import type { PayoutSettings, PayoutSettingsChange } from '../server/contract/payout-settings.ts'
import type { PortalLink } from '../server/contract/portal.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import type { CursorQuery, In, Listed, Out, Paged, PageQuery } from './shapes.ts'
import { type AppOf, webhooksAt } from './webhooks.ts'

/** `id` for a secret key; `applicationToken` for a publishable one, to ask for the state with later. */
export type Applied = { status: 'pending'; message: string; id?: string; applicationToken?: string }

/** The partner programme: applying, reviewing, and what a partner sees of itself. */
export function affiliates(send: Send, app: AppOf) {
  return {
    /**
     * Keeps an application, pending. A secret key learns of an address that is known (`already_applied`, 409); a
     * publishable key gets the same answer for every address, and a token to ask for the state with.
     */
    apply: (application: In<typeof NewApplication>, options?: CallOptions) =>
      send<Applied>('POST', '/v1/affiliate/apply', { who: ['secret', 'publishable'], body: application, natural: true }, options),

    /**
     * How an application stands: by the applicant's address with a secret key, by `applicationToken` with a publishable
     * one. Changes nothing.
     */
    getApplicationStatus: (of: string | { applicationToken: string }, options?: CallOptions) =>
      send<ApplicationStatus>(
        'GET',
        '/v1/affiliate/apply/status',
        typeof of === 'string'
          ? { who: ['secret'], query: { email: of } }
          : { who: ['publishable'], headers: { 'x-application-token': of.applicationToken } },
        options,
      ),

    /** Whether a customer is a partner, and which; money in decimals of `currency`. */
    get: (customerId: string, options?: CallOptions) =>
      send<Enrolment>('GET', `/v1/affiliate/by-customer/${segment(customerId)}`, { who: ['secret'] }, options),

    /** The same of the customer whose session this is. */
    me: (options?: CallOptions) => send<Enrolment>('GET', '/v1/affiliate', { who: ['session'] }, options),

    /** What the partner whose session this is has brought and earned; `series` covers the last `days` (default 30). */
    getDashboard: (query: { days?: number } = {}, options?: CallOptions) =>
      send<Dashboard>('GET', '/v1/affiliate/dashboard', { who: ['session'], query }, options),

    /** A link to the partner's portal that opens it once, within 24 hours. */
    getPortalLink: (options?: CallOptions) =>
      send<Out<typeof PortalLink>>('GET', '/v1/affiliate/portal-link', { who: ['session'] }, options),

    /** Tells of a visit through a code. A code that does not exist gets an id as well, which attributes nothing. */
    trackReferral: (code: string, url?: string, options?: CallOptions) =>
      send<{ clickId: string }>(
        'POST',
        '/v1/affiliate/track',
        { who: ['secret', 'publishable'], body: { code, ...(url !== undefined && { url }) } },
        options,
      ),

    /** Registers a lead for the partner whose session this is; 409 where another partner holds it. */
    registerDeal: (deal: In<typeof NewDeal>, options?: CallOptions) =>
      send<Deal>('POST', '/v1/affiliate/deals', { who: ['session'], body: deal, natural: true }, options),

    listDeals: (query: CursorQuery = {}, options?: CallOptions) =>
      send<Listed<Deal>>('GET', '/v1/affiliate/deals', { who: ['session'], query }, options),

    listApplications: (query: PageQuery & { status?: Application['status']; search?: string } = {}, options?: CallOptions) =>
      send<Paged<Application>>('GET', `${app()}/affiliates/applications`, { who: ['secret', 'admin'], query }, options),

    getApplication: (id: string, options?: CallOptions) =>
      send<Application>('GET', `${app()}/affiliates/applications/${segment(id)}`, { who: ['secret', 'admin'] }, options),

    /** Decides an application once; 409 where it was decided before, or where the code is taken. */
    reviewApplication: (id: string, decision: In<typeof Review>, options?: CallOptions) =>
      send<Out<typeof Reviewed>>(
        'POST',
        `${app()}/affiliates/applications/${segment(id)}/review`,
        { who: ['secret', 'admin'], body: decision },
        options,
      ),

    /** The partner's own codes, with its session. */
    codes: {
      /** All of them, the retired ones too, with what each has brought. */
      list: (options?: CallOptions) =>
        send<Out<typeof AffiliateCodeList>>('GET', '/v1/affiliate/codes', { who: ['session'] }, options),
      create: (wanted: In<typeof NewPartnerCode>, options?: CallOptions) =>
        send<Out<typeof MadePartnerCode>>('POST', '/v1/affiliate/codes', { who: ['session'], body: wanted }, options),
      /** The code brings nobody from now on; what it brought stays. */
      retire: (code: string, options?: CallOptions) =>
        send<Out<typeof PartnerCode>>('DELETE', `/v1/affiliate/codes/${segment(code)}`, { who: ['session'] }, options),
    },

    /** How the partner whose session this is gets its money. */
    payoutSettings: {
      /** Addresses and the numbers of accounts are masked. */
      get: (options?: CallOptions) => send<PayoutSettings>('GET', '/v1/affiliate/payout-settings', { who: ['session'] }, options),
      /** Nothing is paid out until `waitsUntil` then, and the addresses from before and after are told. */
      update: (change: In<typeof PayoutSettingsChange>, options?: CallOptions) =>
        send<PayoutSettings>('PATCH', '/v1/affiliate/payout-settings', { who: ['session'], body: change }, options),
    },

    /** The partner's own keys to the partner API, with its session. */
    apiKeys: {
      list: (query: CursorQuery = {}, options?: CallOptions) =>
        send<Listed<Out<typeof PartnerKey>>>('GET', '/v1/affiliate/api-keys', { who: ['session'], query }, options),
      /** `key` is in this reply and in no other. */
      create: (wanted: In<typeof NewPartnerKey>, options?: CallOptions) =>
        send<Out<typeof MadePartnerKey>>('POST', '/v1/affiliate/api-keys', { who: ['session'], body: wanted }, options),
      delete: (id: string, options?: CallOptions) =>
        send<Out<typeof PartnerKey>>('DELETE', `/v1/affiliate/api-keys/${segment(id)}`, { who: ['session'] }, options),
    },

    /** The partner's own webhook endpoints, with its session. */
    webhooks: webhooksAt(send, () => '/v1/affiliate', ['session']),
  }
}
