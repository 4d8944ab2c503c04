import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { all, Mislata, type Options } from '../../sdk/index.ts'
import { Dashboard, Enrolment } from '../../server/contract/affiliate.ts'
import { ApplicationList, ApplicationStatus, Applied, AppliedInBrowser, Reviewed } from '../../server/contract/applications.ts'
import { AuditList } from '../../server/contract/audit.ts'
import { ApiKey, ApiKeyList, MadeApiKey, Token } from '../../server/contract/auth.ts'
import { Commission, CommissionList, CommissionWithHistory } from '../../server/contract/commissions.ts'
import { Conversion } from '../../server/contract/conversions.ts'
import { Customer } from '../../server/contract/customers.ts'
import { Deal, DealList } from '../../server/contract/deals.ts'
import * as own from '../../server/contract/partner-api.ts'
import { Partner, PartnerList, PartnerWithStats } from '../../server/contract/partners.ts'
import { Erased, Person } from '../../server/contract/people.ts'
import { PortalLink } from '../../server/contract/portal.ts'
import { Clock, Program, ProgramList } from '../../server/contract/programs.ts'
import { Clicked, NotAttributed, Referral, Tracked } from '../../server/contract/referrals.ts'
import { Refund } from '../../server/contract/refunds.ts'
import * as rewards from '../../server/contract/rewards.ts'
import { Stats } from '../../server/contract/stats.ts'
import * as hooks from '../../server/contract/webhooks.ts'
import { partnerKeyOf } from '../support/acts.ts'
import { keyedPartner } from '../support/partner.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { refusal } from './support.ts'

let server: TestServer
let acme: TestProgram
let host: Mislata
let page: Mislata
let admin: Mislata
beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  acme = await newProgram(server, { rewards: { enabled: true, referrerCredits: 10, review: 'all', qualifyOn: 'signup' } })
  host = client({ apiKey: acme.secret })
  page = client({ apiKey: acme.publishable })
  admin = client({ token: acme.token })
})
afterAll(() => server.stop())

const client = (options: Options) => new Mislata({ baseUrl: server.url(), appId: acme.program.id, maxRetries: 0, ...options })

/** What a call gives, if it is what the contract promises. */
async function gives<S extends v.GenericSchema>(schema: S, call: Promise<v.InferOutput<NoInfer<S>>>) {
  const given = await call
  expect(v.parse(schema, given)).toEqual(given)
  return given
}

/** A client in the name of a customer. */
async function signedIn(customerId: string, email?: string) {
  const { token } = await host.sessions.create({ customerId, ...(email && { email }) })
  return client({ token })
}

test('The documented sample runs as it is written, but for the name', async () => {
  const stackbe = new Mislata({ apiKey: acme.secret, appId: acme.program.id, baseUrl: server.url() })
  const result = await stackbe.affiliates.apply({
    email: 'partner@example.com',
    name: 'Jane Smith',
    company: 'Acme Inc',
    website: 'https://acme.com',
    reason: 'I have a large audience in the SaaS space',
  })
  expect(result.status).toBe('pending')
  const status = await stackbe.affiliates.getApplicationStatus('partner@example.com')
  expect([status.applied, status.status]).toEqual([true, 'pending'])
  expect(await stackbe.affiliates.get('cust_123')).toEqual({ enrolled: false })

  const { token } = await stackbe.sessions.create({ customerId: 'cust_123', email: 'partner@example.com' })
  await stackbe.affiliates.reviewApplication(result.id ?? '', { action: 'approve', code: 'JANE20' })
  const info = await stackbe.affiliates.get('cust_123')
  expect(info.enrolled && info.status === 'active' && [info.code, info.totalEarned]).toEqual(['JANE20', 0])

  const partner = client({ token })
  const dashboard = await partner.affiliates.getDashboard()
  expect([dashboard.affiliate.totalEarned, dashboard.affiliate.pendingBalance]).toEqual([0, 0])
  const { url } = await partner.affiliates.getPortalLink()
  expect(url).toContain(server.url())
  await stackbe.affiliates.trackReferral('JANE20', 'https://yoursite.com?ref=JANE20')
  const deal = await partner.affiliates.registerDeal({
    leadEmail: 'prospect@company.com',
    leadName: 'John Smith',
    notes: 'Met at conference',
  })
  expect(deal.status).toBe('registered')
})

describe('affiliates', () => {
  test('apply, and ask how it stands', async () => {
    await gives(Applied, host.affiliates.apply({ email: 'a1@example.com', name: 'A' }) as Promise<v.InferOutput<typeof Applied>>)
    await gives(ApplicationStatus, host.affiliates.getApplicationStatus('a1@example.com'))
    const onPage = page.affiliates.apply({ email: 'a2@example.com', name: 'A' })
    const { applicationToken } = await gives(AppliedInBrowser, onPage as Promise<v.InferOutput<typeof AppliedInBrowser>>)
    const status = await gives(ApplicationStatus, page.affiliates.getApplicationStatus({ applicationToken }))
    expect(status.status).toBe('pending')
  })

  test('a known address is refused with a typed error', async () => {
    await host.affiliates.apply({ email: 'twice@example.com', name: 'A' })
    const error = await refusal(host.affiliates.apply({ email: 'twice@example.com', name: 'A' }))
    expect([error.status, error.code, error.requestId]).toEqual([409, 'already_applied', expect.any(String)])
    const invalid = await refusal(host.affiliates.apply({ email: 'not an address', name: 'A' }))
    expect([invalid.status, invalid.errors.map(each => each.path)]).toEqual([422, ['email']])
  })

  test('applications are listed and reviewed, by a key and by an admin', async () => {
    const { id = '' } = await host.affiliates.apply({ email: 'listed@example.com', name: 'Listed' })
    const { data, per_page } = await gives(
      ApplicationList,
      admin.affiliates.listApplications({ status: 'pending', per_page: 100 }),
    )
    expect([data.some(each => each.id === id), per_page]).toEqual([true, 100])
    const { application } = await gives(
      Reviewed,
      admin.affiliates.reviewApplication(id, { action: 'reject', rejectionReason: 'Not now' }),
    )
    expect(application.rejectionReason).toBe('Not now')
    const again = await refusal(host.affiliates.reviewApplication(id, { action: 'approve' }))
    expect(again.code).toBe('already_reviewed')
  })

  test('a partner sees itself, and its portal, deals and keys', async () => {
    await newPartner(server, acme, { slug: 'SELF', email: 'self@example.com' })
    const self = await signedIn('self', 'self@example.com')
    await gives(Enrolment, self.affiliates.me())
    await gives(Enrolment, host.affiliates.get('self'))
    expect((await gives(Dashboard, self.affiliates.getDashboard({ days: 7 }))).series).toHaveLength(7)
    await gives(PortalLink, self.affiliates.getPortalLink())
    await gives(Deal, self.affiliates.registerDeal({ leadEmail: 'lead@example.com', leadName: 'Lead' }))
    expect((await gives(DealList, self.affiliates.listDeals({ limit: 1 }))).data).toHaveLength(1)

    const key = await gives(own.MadePartnerKey, self.affiliates.apiKeys.create({ name: 'Reports' }))
    expect((await gives(own.PartnerKeyList, self.affiliates.apiKeys.list())).data).toHaveLength(1)
    await gives(own.PartnerKey, self.affiliates.apiKeys.delete(key.id))
    expect((await refusal(client({ apiKey: key.key }).partner.referrals())).code).toBe('bad_credential')
  })

  test('clicks are told by a page and by a backend', async () => {
    await gives(Tracked, page.affiliates.trackReferral('NOBODY', 'https://acme.example/?ref=NOBODY'))
    await gives(Tracked, host.affiliates.trackReferral('NOBODY'))
    await gives(Clicked, page.referrals.click({ code: 'NOBODY', campaign: 'spring' }))
  })
})

test('partners are made, listed, read, changed and deactivated', async () => {
  const { id } = await gives(Partner, host.partners.create({ email: 'p@example.com', slug: 'crud', commission_pct: 25 }))
  const list = await gives(PartnerList, host.partners.list({ status: 'invited', search: 'p@example', page: 1, per_page: 5 }))
  expect(list.data.map(each => each.id)).toEqual([id])
  await gives(Partner, host.partners.update(id, { status: 'active', metadata: { tier: 1 } }))
  const one = await gives(PartnerWithStats, host.partners.get(id))
  expect([one.status, one.metadata, one.stats.total_earned_cents]).toEqual(['active', { tier: 1 }, 0])
  expect((await gives(Partner, host.partners.delete(id))).status).toBe('deactivated')
  expect((await refusal(host.partners.get('par_1'))).code).toBe('partner_not_found')
})

test('a partner reads what is its own with its own key', async () => {
  const { key, slug } = await keyedPartner(server, acme, 'keyed')
  await host.referrals.attribute({ customerId: 'keyed-1', code: slug })
  await host.conversions.create({ externalId: 'keyed-1', customerId: 'keyed-1', amount: 59_800, currency: 'EUR' })
  const { partner } = client({ apiKey: key })
  expect((await gives(own.PartnerReferralList, partner.referrals({ page: 1, per_page: 1 }))).total).toBe(1)
  expect((await gives(own.PartnerCommissionList, partner.commissions({ period: '2026-03' }))).totalAmount).toBe(119.6)
  const { code } = await gives(own.MadePartnerCode, partner.createCode({ label: 'blog-campaign-feb' }))
  expect((await gives(own.PartnerCodeList, partner.codes())).data.map(each => each.code)).toContain(code)
  await gives(own.PartnerCode, partner.deleteCode(code))
  await gives(own.PartnerPayoutList, partner.payouts({ limit: 1 }))
})

test('what the host tells of its customers earns commission, and a refund takes it back', async () => {
  const { id: partnerId } = await newPartner(server, acme, { slug: 'EARN' })
  await gives(Customer, host.customers.update('buyer', { email: 'buyer@example.com', name: 'Buyer' }))
  await gives(Token, host.sessions.create({ customerId: 'buyer', expiresIn: 600 }))
  await gives(
    Referral,
    host.referrals.attribute({ customerId: 'buyer', code: 'EARN' }) as Promise<v.InferOutput<typeof Referral>>,
  )
  const nobody = host.referrals.attribute({ customerId: 'other', code: 'UNKNOWN' })
  await gives(NotAttributed, nobody as Promise<v.InferOutput<typeof NotAttributed>>)
  const sale = { externalId: 'sale-1', customerId: 'buyer', amount: 59_800, currency: 'EUR' }
  const { commissions } = await gives(Conversion, host.conversions.create(sale))
  expect(commissions.map(each => each.amount)).toEqual([11_960])
  expect(await host.conversions.create(sale)).toMatchObject({ commissions: [{ id: commissions[0]?.id }] })
  expect((await refusal(host.conversions.create({ ...sale, amount: 1 }))).code).toBe('conversion_differs')
  const refund = { externalId: 'refund-1', conversionExternalId: 'sale-1', amount: 29_900 }
  expect((await gives(Refund, host.refunds.create(refund))).reversals.map(each => Math.abs(each.amount))).toEqual([5_980])

  const { data } = await gives(CommissionList, host.commissions.list({ partnerId, status: 'pending', period: '2026-03' }))
  const [{ id = '' } = {}] = data
  expect((await gives(Commission, admin.commissions.hold(id, { reason: 'Looks odd' }))).status).toBe('held')
  await gives(Commission, admin.commissions.release(id))
  await gives(Commission, host.commissions.approve(id))
  const bonus = { partnerId, amount: 500, currency: 'EUR', note: 'A thank you' }
  const made = await gives(Commission, host.commissions.create(bonus))
  await gives(Commission, host.commissions.reject(made.id, { reason: 'By mistake' }))
  const history = await gives(CommissionWithHistory, host.commissions.get(id))
  expect(history.decisions.map(each => each.act).sort()).toEqual(['approve', 'hold', 'release'])
})

test('a list is read to its end, part by part', async () => {
  const { id: partnerId } = await newPartner(server, acme, { slug: 'MANY' })
  for (const note of ['one', 'two', 'three']) await host.commissions.create({ partnerId, amount: 1, currency: 'EUR', note })
  const notes: unknown[] = []
  for await (const { why } of all(cursor => host.commissions.list({ partnerId, limit: 2, cursor })))
    notes.push(why.kind === 'adjustment' && why.note)
  expect(notes.sort()).toEqual(['one', 'three', 'two'])
})

test('customers refer customers: their code, what is held for review, and what is granted', async () => {
  const referrer = await signedIn('referrer', 'referrer@example.com')
  const { code } = await gives(rewards.MyReferrals, referrer.referrals.me())
  for (const customerId of ['friend-1', 'friend-2']) await host.referrals.attribute({ customerId, code })
  await gives(rewards.MyReferralEvents, referrer.referrals.events({ limit: 5 }))

  const asked = { user_id: 'referrer', status: 'review', limit: 10 } as const
  const { data, total } = await gives(rewards.ReferralRows, host.referrals.list(asked))
  expect(total).toBe(2)
  const [first, second] = data.map(each => each.id) as [string, string]
  expect((await gives(rewards.ReferralDetail, host.referrals.get(first))).status).toBe('review')
  await gives(rewards.ReferralRow, host.referrals.approve(first))
  expect((await gives(rewards.ReferralRow, admin.referrals.reject(second, { reason: 'Itself' }))).status).toBe('rejected')
  await gives(rewards.Recovered, host.referrals.recover({ limit: 10 }))
  await gives(rewards.ReferralStats, admin.referrals.stats({ from: '2026-03-01', to: '2026-03-31' }))
  await gives(rewards.GrantSecret, host.referrals.grantSecret())
  expect((await gives(rewards.Credits, host.customers.credits('referrer', { limit: 5 }))).balance).toBe(10)
})

describe('webhooks', () => {
  const url = 'http://127.0.0.1:9/hooks'

  test.each<[string, () => Promise<Mislata['webhooks']>]>([
    ['of a program, with a key', async () => host.webhooks],
    ['of a program, as admin', async () => admin.webhooks],
    [
      'of a partner, with its session',
      async () => {
        await newPartner(server, acme, { slug: 'HOOKS', email: 'hooks@example.com' })
        return (await signedIn('hooks', 'hooks@example.com')).affiliates.webhooks
      },
    ],
  ])('%s are made, changed, tried, read, told again and deleted', async (_, of) => {
    const webhooks = await of()
    const { id, secret } = await gives(hooks.MadeEndpoint, webhooks.create({ url, events: ['referral.created'] }))
    expect((await gives(hooks.EndpointList, webhooks.list())).data.map(each => each.id)).toEqual([id])
    await gives(hooks.Endpoint, webhooks.update(id, { events: ['*'] }))
    const { secret: next } = await gives(hooks.MadeEndpoint, webhooks.rotateSecret(id))
    expect(next).not.toBe(secret)
    const delivery = await gives(hooks.Delivery, webhooks.test(id))
    await gives(hooks.EventList, webhooks.events({ limit: 5 }))
    await gives(hooks.DeliveryList, webhooks.deliveries({ endpointId: id }))
    await gives(hooks.Delivery, webhooks.replayDelivery(delivery.id))
    await gives(hooks.Replayed, webhooks.replay({ from: '2026-03-01T00:00:00Z', to: '2026-03-11T00:00:00Z', endpointId: id }))
    await gives(hooks.Endpoint, webhooks.delete(id))
  })
})

test('an admin makes programs and keys, and moves the time of a test', async () => {
  const made = await gives(Program, admin.apps.create({ name: 'Other', siteUrl: 'https://other.example', currency: 'USD' }))
  await gives(ProgramList, admin.apps.list({ limit: 1 }))
  expect((await gives(Program, admin.apps.get(made.id))).currency).toBe('USD')
  await gives(Program, admin.apps.update(made.id, { mode: 'test', defaultCommissionRate: 30 }))
  await gives(Clock, admin.apps.advanceClock(made.id, '2027-01-01T00:00:00Z'))
  await gives(Stats, admin.apps.stats({ from: '2026-03-01', to: '2026-03-31' }))
  await gives(AuditList, admin.apps.audit({ limit: 5, action: 'partner.created' }))

  const { id, key } = await gives(MadeApiKey, admin.apiKeys.create({ type: 'secret', name: 'CI' }))
  expect((await gives(ApiKeyList, admin.apiKeys.list())).data.some(each => each.id === id)).toBe(true)
  await client({ apiKey: key }).partners.list()
  await gives(ApiKey, admin.apiKeys.delete(id))
  expect((await refusal(client({ apiKey: key }).partners.list())).status).toBe(401)
  expect((await refusal(host.apps.list())).code).toBe('wrong_credential')
})

test('what is held on a person is read, and erased', async () => {
  await host.affiliates.apply({ email: 'gone+tag@example.com', name: 'Gone' })
  const { applications } = await gives(Person, admin.people.get('gone+tag@example.com'))
  expect(applications.map(each => each.name)).toEqual(['Gone'])
  expect((await gives(Erased, admin.people.erase('gone+tag@example.com'))).applications).toBe(1)
})

test('a key of another program finds nothing', async () => {
  const { secret } = await newProgram(server)
  const stranger = client({ apiKey: secret })
  expect((await refusal(stranger.affiliates.listApplications())).code).toBe('program_not_found')
  await keyedPartner(server, acme, 'walled')
  expect(await stranger.affiliates.get('customer-walled')).toEqual({ enrolled: false })
})

test('a partner key is for its partner alone', async () => {
  const { token } = await host.sessions.create({ customerId: 'customer-walled' })
  const partnerKey = await partnerKeyOf(server, token)
  expect((await refusal(client({ apiKey: partnerKey }).partners.list())).code).toBe('wrong_credential')
})
