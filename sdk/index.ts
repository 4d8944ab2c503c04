import { affiliates } from './affiliates.ts'
import { apiKeys, apps, people } from './apps.ts'
import { commissions } from './commissions.ts'
import { operations } from './console.ts'
import { conversions, customers, refunds, sessions } from './host.ts'
import { integrations } from './integrations.ts'
import { partner, partners } from './partners.ts'
import { ledger, payouts, periods } from './payouts.ts'
import { referrals } from './referrals.ts'
import { type Options, segment, sender } from './send.ts'
import { payoutProviders } from './sending.ts'
import { team } from './team.ts'
import { webhooksAt } from './webhooks.ts'

/**
 * A client of one Mislata server. Every call gives what the server answers, or throws a `MislataError` where the server
 * refuses, and a `MislataConnectionError` where nothing could be heard of it.
 *
 *     const mislata = new Mislata({ apiKey: process.env.MISLATA_API_KEY, appId: process.env.MISLATA_APP_ID, baseUrl })
 *     const { status } = await mislata.affiliates.apply({ email: 'jane@example.com', name: 'Jane Smith' })
 */
export class Mislata {
  readonly affiliates: ReturnType<typeof affiliates>
  readonly partners: ReturnType<typeof partners>
  readonly partner: ReturnType<typeof partner>
  readonly referrals: ReturnType<typeof referrals>
  readonly conversions: ReturnType<typeof conversions>
  readonly refunds: ReturnType<typeof refunds>
  readonly customers: ReturnType<typeof customers>
  readonly sessions: ReturnType<typeof sessions>
  readonly apps: ReturnType<typeof apps>
  readonly apiKeys: ReturnType<typeof apiKeys>
  readonly people: ReturnType<typeof people>
  readonly operations: ReturnType<typeof operations>
  readonly team: ReturnType<typeof team>
  readonly webhooks: ReturnType<typeof webhooksAt>
  readonly commissions: ReturnType<typeof commissions>
  readonly payouts: ReturnType<typeof payouts>
  readonly ledger: ReturnType<typeof ledger>
  readonly payoutProviders: ReturnType<typeof payoutProviders>
  readonly periods: ReturnType<typeof periods>
  readonly integrations: ReturnType<typeof integrations>

  constructor(options: Options) {
    const { send, sendFile } = sender(options)
    const app = () => {
      if (!options.appId) throw new TypeError('This call needs the program that it is about: give appId (prog_…).')
      return `/v1/apps/${segment(options.appId)}`
    }
    this.affiliates = affiliates(send, app)
    this.partners = partners(send)
    this.partner = partner(send)
    this.referrals = referrals(send, app, options.appId)
    this.conversions = conversions(send)
    this.refunds = refunds(send)
    this.customers = customers(send)
    this.sessions = sessions(send)
    this.apps = apps(send, app, sendFile)
    this.apiKeys = apiKeys(send, app)
    this.people = people(send, app)
    this.operations = operations(send, app)
    this.team = team(send)
    this.webhooks = webhooksAt(send, app, ['secret', 'admin'])
    this.commissions = commissions(send, app)
    this.payouts = payouts(send, app)
    this.payoutProviders = payoutProviders(send, app)
    this.ledger = ledger(send, app)
    this.periods = periods(send, app)
    this.integrations = integrations(send, app)
  }
}

export { MislataConnectionError, MislataError } from './errors.ts'
export type { MislataEvent } from './events.ts'
export type { FileBody } from './lines.ts'
export type { CallOptions, Options } from './send.ts'
export { all } from './shapes.ts'
export { verifySignature, verifyWebhook, WebhookVerificationError } from './verify.ts'
