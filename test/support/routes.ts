import { Applied } from '../../server/contract/applications.ts'
import { MadeApiKey } from '../../server/contract/auth.ts'
import { Commission } from '../../server/contract/commissions.ts'
import { MadePartnerCode, MadePartnerKey, PartnerKeyList } from '../../server/contract/partner-api.ts'
import { Partner } from '../../server/contract/partners.ts'
import { MadePayouts } from '../../server/contract/payouts.ts'
import { Referral } from '../../server/contract/referrals.ts'
import { Delivery, EndpointList, MadeEndpoint } from '../../server/contract/webhooks.ts'
import { anotherAdmin, anotherSession, knownCode, secondFactor } from './admins.ts'
import type { House } from './house.ts'
import { answered } from './replies.ts'
import type { Ask } from './server.ts'
import { everySetting } from './settings.ts'
import { SIGNING_SECRET, signedBy } from './stripe.ts'

/** Who may ask a route, and what a request looks like that sends every field the route takes. */
export type Route = {
  /** As the OpenAPI document has it: `GET /v1/apps/{appId}`. */
  name: string
  who: readonly Who[]
  ok: number
  /** More than one where the fields that may be sent together differ. */
  bodies?: (own: House) => object[]
  /** The path's ids, freshly made: a request may use them up. */
  ids?: (own: House) => Promise<Record<string, string>>
  /** `{appId}` stands for the id of that name. */
  query?: Record<string, string>
  /** What is sent in place of a credential and a body. */
  signed?: (own: House) => Promise<Pick<Ask, 'raw' | 'headers'>>
}
export type Who = 'public' | 'publishable' | 'secret' | 'partner' | 'session' | 'admin'

let made = 0
const another = (what: string) => `${what}-${++made}`

const application = async ({ server, program, secret }: House) => {
  const body = { email: `${another('applicant')}@example.com`, name: 'Somebody', answers: { audience: 'small' } }
  return {
    appId: program.id,
    id: answered(await server.ask('POST', '/v1/affiliate/apply', { key: secret, body }), 201, Applied).id,
  }
}
const apiKey = async ({ server, program, token }: House) => {
  const reply = await server.ask('POST', `/v1/apps/${program.id}/api-keys`, {
    token,
    body: { type: 'publishable', name: another('key') },
  })
  return { appId: program.id, keyId: answered(reply, 201, MadeApiKey).id }
}
// A partner has few keys, so one that no request has used up makes room for the next.
const partnerKey = async ({ server, session: token }: House) => {
  const path = '/v1/affiliate/api-keys'
  const listed = answered(await server.ask('GET', `${path}?limit=100`, { token }), 200, PartnerKeyList)
  for (const { id, name } of listed.data) if (name === 'spare') await server.ask('DELETE', `${path}/${id}`, { token })
  const made = await server.ask('POST', path, { token, body: { name: 'spare' } })
  return { keyId: answered(made, 201, MadePartnerKey).id }
}
const partnerCode = async ({ server, partnerKey: token }: House) => {
  const made = await server.ask('POST', '/api/v1/partners/codes', { token, body: { label: another('label') } })
  return { code: answered(made, 201, MadePartnerCode).code }
}
const person = async ({ server, program, secret }: House) => {
  const email = `${another('person')}@example.com`
  await server.ask('PUT', `/v1/customers/${another('customer')}`, { key: secret, body: { email } })
  return { appId: program.id, email }
}
/** The partner's own address with something behind a plus: such a signup is held for review. */
const heldReferral = async ({ server, program, token, secret, slug }: House) => {
  await server.ask('PATCH', `/v1/apps/${program.id}`, { token, body: { fraud: { selfReferral: 'hold' } } })
  const body = { customerId: another('customer'), code: slug, email: `owner+${another('r')}@example.com` }
  const reply = await server.ask('POST', '/v1/referrals', { key: secret, body })
  return { appId: program.id, id: answered(reply, 201, Referral).id }
}
// There are twenty at most, so those that no request has used up make room.
const spareUrl = 'https://spare.example/hook'
async function endpointAt({ server }: House, base: string, as: { token: string }) {
  const listed = answered(await server.ask('GET', `${base}?limit=100`, as), 200, EndpointList)
  for (const { id, url } of listed.data) if (url === spareUrl) await server.ask('DELETE', `${base}/${id}`, as)
  return { id: answered(await server.ask('POST', base, { ...as, body: { url: spareUrl } }), 201, MadeEndpoint).id }
}
async function deliveryAt(own: House, base: string, as: { token: string }) {
  const { id } = await endpointAt(own, base, as)
  return { id: answered(await own.server.ask('POST', `${base}/${id}/test`, as), 201, Delivery).id }
}
const hooks = ({ program }: House) => `/v1/apps/${program.id}/webhooks`
const endpoint = async (own: House) => ({ appId: own.program.id, ...(await endpointAt(own, hooks(own), { token: own.token })) })
const delivery = async (own: House) => ({ appId: own.program.id, ...(await deliveryAt(own, hooks(own), { token: own.token })) })
const ownHooks = '/v1/affiliate/webhooks'
const ownEndpoint = (own: House) => endpointAt(own, ownHooks, { token: own.session })
const ownDelivery = (own: House) => deliveryAt(own, ownHooks, { token: own.session })
const span = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' }
const hook = { url: spareUrl, events: ['referral.created'], slowRetries: false }

const program = async ({ program }: House) => ({ appId: program.id })
const testProgram = async ({ server, program, token }: House) => {
  await server.ask('PATCH', `/v1/apps/${program.id}`, { token, body: { mode: 'test' } })
  return { appId: program.id }
}
const partnerInProgram = async ({ program, partnerId }: House) => ({ appId: program.id, id: partnerId })
/** Somebody who is there twice. */
const twin = async ({ server, program, secret, partnerId: into }: House) => {
  const slug = another('twin')
  const made = await server.ask('POST', '/api/v1/partners', { key: secret, body: { email: `${slug}@example.com`, slug } })
  return { appId: program.id, id: answered(made, 201, Partner).id, into }
}
const customer = async () => ({ id: another('customer') })

// An adjustment may be approved, because it is already; it is held for whoever would release it.
const commission = async ({ server, program, token, partnerId }: House) => {
  const body = { partnerId, amount: 100, currency: 'EUR', note: 'For the tests' }
  const reply = await server.ask('POST', `/v1/apps/${program.id}/commissions`, { token, body })
  return { appId: program.id, id: answered(reply, 201, Commission).id }
}
const heldCommission = async (own: House) => {
  const ids = await commission(own)
  const path = `/v1/apps/${ids.appId}/commissions/${ids.id}/hold`
  answered(await own.server.ask('POST', path, { token: own.token, body: {} }), 200, Commission)
  return ids
}

const payout = async ({ server, program, token, partnerId }: House) => {
  const body = { partnerId, amount: 1_000_000, currency: 'EUR', note: 'For a payout' }
  await server.ask('POST', `/v1/apps/${program.id}/commissions`, { token, body })
  const made = await server.ask('POST', `/v1/apps/${program.id}/payouts`, { token, body: {} })
  return { appId: program.id, id: answered(made, 201, MadePayouts).data[0]?.id ?? '' }
}

/** One that may be sent; nobody answers where it goes. */
const waitingPayout = async (own: House) => {
  const { server, program, token, secret, partnerId } = own
  await server.ask('PATCH', `/v1/apps/${program.id}`, { token, body: { mode: 'live' } })
  const to = { secretKey: 'sk_test_51QbXyZ8kT2mNpRsV' }
  await server.ask('PUT', `/v1/apps/${program.id}/payout-providers/stripe`, { token, body: to })
  await server.ask('PATCH', `/api/v1/partners/${partnerId}`, { key: secret, body: { payout_method: 'stripe' } })
  const account = { stripeAccountId: 'acct_1QbXyZ8kT2mNpRsV' }
  await server.ask('PUT', `/v1/apps/${program.id}/partners/${partnerId}/stripe-account`, { token, body: account })
  return payout(own)
}
/** One that is being sent, with no call under way: there are no credentials to make one with. */
const sendingPayout = async (own: House) => {
  const { server, token } = own
  const ids = await waitingPayout(own)
  await server.ask('POST', `/v1/apps/${ids.appId}/payouts/${ids.id}/send`, { token })
  await server.ask('DELETE', `/v1/apps/${ids.appId}/payout-providers/stripe`, { token })
  return ids
}

/** A batch of one euro transfer, in a program that has an account to pay it from. */
const batch = async (own: House) => {
  const { server, program, token, secret, partnerId } = own
  const account = { payout_method: 'bank_transfer', metadata: { iban: 'DE89370400440532013000' } }
  await server.ask('PATCH', `/v1/apps/${program.id}`, { token, body: { sepa: { iban: 'ES9121000418450200051332' } } })
  await server.ask('PATCH', `/api/v1/partners/${partnerId}`, { key: secret, body: account })
  const { id } = await payout(own)
  const { batchId } = (await server.ask('GET', `/v1/apps/${program.id}/payouts/${id}`, { token })).body
  return { appId: program.id, id: batchId as string }
}

/** An event that means nothing, signed as Stripe does it for a program that is connected. */
const connected = async ({ server, program, token }: House) => {
  const path = `/v1/apps/${program.id}/integrations/stripe`
  await server.ask('PUT', path, { token, body: { webhookSecret: SIGNING_SECRET } })
  const event = { id: another('evt'), type: 'ping', created: 1_773_144_000, data: { object: {} } }
  return signedBy(SIGNING_SECRET, event, server.clock.now)
}

const settings = () => ({ ...everySetting, name: another('Program'), siteUrl: 'https://acme.example', autoApprove: false })
const someone = () => ({
  first_name: 'Jane',
  last_name: 'Smith',
  commission_pct: 25,
  payout_method: 'paypal',
  payout_email: 'p@example.com',
  metadata: { a: 1 },
})
const click = {
  url: 'https://acme.example/?ref=owner',
  referrer: 'https://blog.example/',
  campaign: 'spring',
  clickId: 'clk_1111111111111111',
}

const invite = async ({ server, token }: House) => {
  const body = { email: `${another('invited')}@example.com`, role: 'finance' }
  return { id: (await server.ask('POST', '/v1/team/invites', { token, body })).body.id as string }
}
const member = async ({ server }: House) => ({ id: await anotherAdmin(server) })
const factor = (state: 'off' | 'begun' | 'on') => async (own: House) => {
  await secondFactor(own.server, state)
  return {}
}
const password = 'correct horse battery'

const admin = ['admin'] as const
const secret = ['secret'] as const
const operators = ['admin', 'secret'] as const
const partners = ['partner'] as const
const session = ['session'] as const
const open = ['public'] as const

/** Every route of the API. A route that is documented and is not here, or the other way round, fails a test. */
export const routes: Route[] = [
  { name: 'GET /healthz', who: open, ok: 200 },
  { name: 'GET /readyz', who: open, ok: 200 },
  { name: 'GET /metrics', who: open, ok: 200 },
  {
    name: 'POST /referrals/click',
    who: ['publishable'],
    ok: 202,
    bodies: ({ slug, publishable }) => [{ code: slug, ...click, key: publishable }],
  },
  {
    name: 'POST /v1/auth/login',
    who: open,
    ok: 200,
    bodies: () => [
      { email: 'admin@example.com', password },
      { email: 'admin@example.com', password, console: true, code: '123456' },
    ],
  },
  {
    name: 'POST /v1/sessions',
    who: secret,
    ok: 201,
    bodies: () => [{ customerId: another('customer'), email: `${another('c')}@example.com`, name: 'C', expiresIn: 900 }],
  },
  { name: 'GET /v1/auth/me', who: admin, ok: 200 },
  { name: 'GET /v1/auth/sessions', who: admin, ok: 200 },
  { name: 'DELETE /v1/auth/sessions', who: admin, ok: 200 },
  {
    name: 'DELETE /v1/auth/sessions/{id}',
    who: admin,
    ok: 200,
    ids: async ({ server }) => ({ id: await anotherSession(server) }),
  },
  { name: 'POST /v1/auth/password', who: admin, ok: 200, bodies: () => [{ password, newPassword: password }] },
  { name: 'POST /v1/auth/totp', who: admin, ok: 201, ids: factor('off'), bodies: () => [{ password }] },
  {
    name: 'POST /v1/auth/totp/confirm',
    who: admin,
    ok: 200,
    ids: factor('begun'),
    bodies: ({ server }) => [{ code: knownCode(server) }],
  },
  { name: 'POST /v1/auth/totp/recovery-codes', who: admin, ok: 200, ids: factor('on'), bodies: () => [{ password }] },
  // Leaves the admin without one, as the routes below expect.
  { name: 'POST /v1/auth/totp/off', who: admin, ok: 200, ids: factor('on'), bodies: () => [{ password }] },
  { name: 'GET /v1/team', who: admin, ok: 200 },
  {
    name: 'POST /v1/team/invites',
    who: admin,
    ok: 201,
    bodies: () => [{ email: `${another('invited')}@example.com`, role: 'finance' }],
  },
  { name: 'DELETE /v1/team/invites/{id}', who: admin, ok: 200, ids: invite },
  { name: 'PATCH /v1/team/settings', who: admin, ok: 200, bodies: () => [{ requireSecondFactor: false }] },
  { name: 'PATCH /v1/team/{id}', who: admin, ok: 200, ids: member, bodies: () => [{ role: 'read_only' }] },
  { name: 'DELETE /v1/team/{id}', who: admin, ok: 200, ids: member },
  { name: 'GET /v1/audit', who: admin, ok: 200, query: { limit: '2', cursor: 'bm9uZQ' } },
  { name: 'GET /v1/apps', who: admin, ok: 200, query: { limit: '2', cursor: 'bm9uZQ' } },
  { name: 'POST /v1/apps', who: admin, ok: 201, bodies: () => [settings()] },
  { name: 'GET /v1/apps/{appId}', who: admin, ok: 200, ids: program },
  { name: 'PATCH /v1/apps/{appId}', who: admin, ok: 200, ids: program, bodies: () => [settings()] },
  // Before the one that moves its clock: a test program sends nothing.
  {
    name: 'POST /v1/apps/{appId}/payouts/send',
    who: operators,
    ok: 202,
    ids: program,
    bodies: () => [{ ids: ['pay_1111111111111111111111'], method: 'paypal' }],
  },
  { name: 'POST /v1/apps/{appId}/payouts/{id}/send', who: operators, ok: 202, ids: waitingPayout },
  {
    name: 'POST /v1/apps/{appId}/payouts/{id}/sending/end',
    who: admin,
    ok: 200,
    ids: sendingPayout,
    bodies: () => [
      { as: 'paid', reference: 'PP-1', note: 'Seen' },
      { as: 'failed', note: 'Because' },
    ],
  },
  {
    name: 'POST /v1/apps/{appId}/clock',
    who: admin,
    ok: 200,
    ids: testProgram,
    bodies: () => [{ advanceTo: '2030-01-01T00:00:00Z' }],
  },
  { name: 'GET /v1/apps/{appId}/api-keys', who: admin, ok: 200, ids: program, query: { limit: '2', cursor: 'bm9uZQ' } },
  {
    name: 'POST /v1/apps/{appId}/api-keys',
    who: admin,
    ok: 201,
    ids: program,
    bodies: () => [{ type: 'publishable', name: another('key') }],
  },
  { name: 'DELETE /v1/apps/{appId}/api-keys/{keyId}', who: admin, ok: 200, ids: apiKey },
  {
    name: 'GET /v1/apps/{appId}/affiliates/applications',
    who: ['admin', 'secret'],
    ok: 200,
    ids: program,
    query: { page: '1', per_page: '2', status: 'pending', search: 'jane' },
  },
  { name: 'GET /v1/apps/{appId}/affiliates/applications/{id}', who: ['admin', 'secret'], ok: 200, ids: application },
  {
    name: 'POST /v1/apps/{appId}/affiliates/applications/{id}/review',
    who: ['admin', 'secret'],
    ok: 200,
    ids: application,
    bodies: () => [
      { action: 'reject', rejectionReason: 'Not now' },
      { action: 'approve', code: another('CODE') },
    ],
  },
  {
    name: 'POST /v1/affiliate/apply',
    who: ['secret', 'publishable'],
    ok: 201,
    bodies: () => [
      {
        email: `${another('apply')}@example.com`,
        name: 'A',
        company: 'B',
        website: 'https://b.example',
        reason: 'C',
        answers: { audience: 'small' },
      },
    ],
  },
  { name: 'GET /v1/affiliate/apply/status', who: ['secret', 'publishable'], ok: 200, query: { email: 'jane@example.com' } },
  { name: 'GET /v1/affiliate/by-customer/{id}', who: secret, ok: 200, ids: customer },
  {
    name: 'POST /v1/affiliate/track',
    who: ['secret', 'publishable'],
    ok: 202,
    bodies: ({ slug }) => [{ code: slug, url: click.url }],
  },
  { name: 'GET /referrals/me', who: session, ok: 200 },
  { name: 'GET /referrals/me/events', who: session, ok: 200, query: { limit: '2' } },
  { name: 'GET /referrals/qr.svg', who: session, ok: 200, query: { code: 'ADA-7KXQ' } },
  {
    name: 'GET /admin/referrals',
    who: operators,
    ok: 200,
    ids: program,
    query: {
      appId: '{appId}',
      user_id: 'owner',
      status: 'review',
      campaign: 'x',
      pending_grant: 'true',
      search: 'jane',
      page: '1',
      limit: '2',
    },
  },
  {
    name: 'GET /admin/referrals/stats',
    who: operators,
    ok: 200,
    ids: program,
    query: { appId: '{appId}', from: '2026-03-01', to: '2026-03-10', campaign: 'x' },
  },
  { name: 'POST /admin/referrals/recover', who: operators, ok: 200, ids: program, query: { appId: '{appId}', limit: '2' } },
  { name: 'GET /admin/referrals/{id}', who: operators, ok: 200, ids: heldReferral, query: { appId: '{appId}' } },
  { name: 'POST /admin/referrals/{id}/approve', who: operators, ok: 200, ids: heldReferral, query: { appId: '{appId}' } },
  {
    name: 'POST /admin/referrals/{id}/reject',
    who: operators,
    ok: 200,
    ids: heldReferral,
    query: { appId: '{appId}' },
    bodies: () => [{ reason: 'The same person' }],
  },
  { name: 'GET /v1/customers/{id}/credits', who: secret, ok: 200, ids: customer, query: { limit: '2', cursor: 'bm9uZQ' } },
  { name: 'GET /v1/apps/{appId}/grant-secret', who: operators, ok: 200, ids: program },
  { name: 'GET /v1/affiliate', who: session, ok: 200 },
  { name: 'GET /v1/affiliate/dashboard', who: session, ok: 200, query: { days: '7' } },
  { name: 'GET /v1/affiliate/codes', who: session, ok: 200 },
  { name: 'POST /v1/affiliate/codes', who: session, ok: 201, bodies: () => [{ label: another('label') }] },
  { name: 'DELETE /v1/affiliate/codes/{code}', who: session, ok: 200, ids: partnerCode },
  { name: 'GET /v1/affiliate/payout-settings', who: session, ok: 200 },
  {
    name: 'PATCH /v1/affiliate/payout-settings',
    who: session,
    ok: 200,
    bodies: () => [
      { method: 'paypal', email: `${another('paid')}@example.com` },
      { accountHolder: 'Jane Smith', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX' },
      { accountNumber: '12345678', routingNumber: '021000021', walletAddress: 'bc1qexampleexample', network: 'bitcoin' },
    ],
  },
  { name: 'GET /v1/affiliate/api-keys', who: session, ok: 200, query: { limit: '2', cursor: 'bm9uZQ' } },
  { name: 'POST /v1/affiliate/api-keys', who: session, ok: 201, bodies: () => [{ name: another('key') }] },
  { name: 'DELETE /v1/affiliate/api-keys/{keyId}', who: session, ok: 200, ids: partnerKey },
  { name: 'GET /v1/affiliate/portal-link', who: session, ok: 200 },
  {
    name: 'POST /v1/affiliate/deals',
    who: session,
    ok: 201,
    bodies: () => [{ leadEmail: `${another('lead')}@example.com`, leadName: 'John Smith', notes: 'Met at conference' }],
  },
  { name: 'GET /v1/affiliate/deals', who: session, ok: 200, query: { limit: '2', cursor: 'bm9uZQ' } },
  { name: 'GET /api/v1/partners/referrals', who: partners, ok: 200, query: { page: '1', per_page: '2' } },
  {
    name: 'GET /api/v1/partners/commissions',
    who: partners,
    ok: 200,
    query: { period: '2026-01', page: '1', per_page: '2' },
  },
  { name: 'POST /api/v1/partners/codes', who: partners, ok: 201, bodies: () => [{ label: another('label') }] },
  { name: 'GET /api/v1/partners/codes', who: partners, ok: 200 },
  { name: 'DELETE /api/v1/partners/codes/{code}', who: partners, ok: 200, ids: partnerCode },
  { name: 'GET /api/v1/partners/payouts', who: partners, ok: 200, query: { limit: '2', cursor: 'bm9uZQ' } },
  {
    name: 'POST /api/v1/partners',
    who: operators,
    ok: 201,
    ids: program,
    query: { appId: '{appId}' },
    bodies: () => [{ email: `${another('partner')}@example.com`, slug: another('partner'), ...someone() }],
  },
  {
    name: 'GET /api/v1/partners',
    who: operators,
    ok: 200,
    ids: program,
    query: { appId: '{appId}', page: '1', per_page: '2', status: 'active', search: 'jane' },
  },
  { name: 'GET /api/v1/partners/{id}', who: operators, ok: 200, ids: partnerInProgram, query: { appId: '{appId}' } },
  {
    name: 'PATCH /api/v1/partners/{id}',
    who: operators,
    ok: 200,
    ids: partnerInProgram,
    query: { appId: '{appId}' },
    bodies: () => [{ email: 'owner@example.com', slug: 'owner', status: 'active', ...someone() }],
  },
  {
    name: 'PUT /v1/customers/{id}',
    who: secret,
    ok: 200,
    ids: customer,
    bodies: () => [{ email: `${another('c')}@example.com`, name: 'C' }],
  },
  {
    name: 'POST /v1/referrals',
    who: secret,
    ok: 201,
    bodies: ({ slug }) => [
      {
        customerId: another('customer'),
        ref: `${slug}.${click.clickId}`,
        code: slug,
        clickId: click.clickId,
        email: `${another('r')}@example.com`,
        campaign: 'x',
      },
    ],
  },
  {
    name: 'POST /v1/conversions',
    who: secret,
    ok: 201,
    bodies: ({ slug }) => [
      {
        externalId: another('payment'),
        customerId: another('customer'),
        amount: 59_800,
        currency: 'EUR',
        tax: 1,
        discount: 1,
        productId: 'pro',
        code: slug,
        occurredAt: '2026-03-01T00:00:00Z',
      },
    ],
  },
  {
    name: 'GET /v1/apps/{appId}/stats',
    who: admin,
    ok: 200,
    ids: program,
    query: { from: '2026-03-01', to: '2026-03-10' },
  },
  {
    name: 'GET /v1/apps/{appId}/audit',
    who: admin,
    ok: 200,
    ids: program,
    query: {
      ...{ limit: '2', cursor: 'bm9uZQ', object: 'par_1', action: 'partner.updated', noun: 'partner', actor: 'adm_1' },
      ...{ from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' },
    },
  },
  { name: 'GET /v1/apps/{appId}/overview', who: admin, ok: 200, ids: program, query: { from: '2026-03-01', to: '2026-03-10' } },
  { name: 'GET /v1/apps/{appId}/stuck', who: admin, ok: 200, ids: program },
  {
    name: 'POST /v1/apps/{appId}/stuck/retry',
    who: admin,
    ok: 200,
    ids: program,
    bodies: () => [{ ids: ['mail_1111111111111111111111'] }],
  },
  {
    name: 'GET /v1/apps/{appId}/codes',
    who: admin,
    ok: 200,
    ids: program,
    query: { limit: '2', cursor: 'bm9uZQ', search: 'own', partnerId: 'par_1111111111111111111111' },
  },
  {
    name: 'GET /v1/apps/{appId}/deals',
    who: admin,
    ok: 200,
    ids: program,
    query: { limit: '2', cursor: 'bm9uZQ', partnerId: 'par_1111111111111111111111' },
  },
  {
    name: 'GET /v1/apps/{appId}/mails',
    who: admin,
    ok: 200,
    ids: program,
    query: { limit: '2', cursor: 'bm9uZQ', state: 'failed' },
  },
  { name: 'GET /v1/apps/{appId}/partners/{id}/deactivation', who: admin, ok: 200, ids: partnerInProgram },
  { name: 'GET /v1/apps/{appId}/partners/{id}/merge', who: admin, ok: 200, ids: twin, query: { into: '{into}' } },
  {
    name: 'POST /v1/apps/{appId}/partners/{id}/merge',
    who: admin,
    ok: 200,
    ids: async own => {
      const { appId, id } = await twin(own)
      return { appId, id }
    },
    bodies: ({ partnerId: into }) => [{ into }],
  },
  {
    name: 'POST /v1/apps/{appId}/affiliates/applications/bulk',
    who: admin,
    ok: 200,
    ids: program,
    bodies: () => [{ ids: ['apl_1111111111111111111111'], action: 'reject', rejectionReason: 'Not now' }],
  },
  { name: 'GET /v1/apps/{appId}/export', who: admin, ok: 200, ids: program, query: { type: 'partner' } },
  {
    name: 'POST /v1/apps/{appId}/import',
    who: admin,
    ok: 200,
    ids: program,
    query: { from: 'rewardful', kind: 'partners', dryRun: 'true', stopAtRefusal: 'false', mapping: '{"dates":"dmy"}' },
  },
  { name: 'GET /v1/apps/{appId}/people/{email}', who: admin, ok: 200, ids: person },
  { name: 'DELETE /v1/apps/{appId}/people/{email}', who: admin, ok: 200, ids: person },
  ...(
    [
      { base: '/v1/apps/{appId}/webhooks', who: ['admin', 'secret'] as const, all: { ids: program }, endpoint, delivery },
      { base: '/v1/affiliate/webhooks', who: session, all: {}, endpoint: ownEndpoint, delivery: ownDelivery },
    ] as const
  ).flatMap(({ base, who, all, endpoint, delivery }): Route[] => [
    { name: `GET ${base}`, who, ok: 200, ...all, query: { limit: '2', cursor: 'bm9uZQ' } },
    { name: `POST ${base}`, who, ok: 201, ...all, bodies: () => [hook] },
    { name: `PATCH ${base}/{id}`, who, ok: 200, ids: endpoint, bodies: () => [{ ...hook, disabled: false }] },
    { name: `DELETE ${base}/{id}`, who, ok: 200, ids: endpoint },
    { name: `POST ${base}/{id}/test`, who, ok: 201, ids: endpoint },
    { name: `POST ${base}/{id}/rotate-secret`, who, ok: 200, ids: endpoint },
    { name: `GET ${base}/events`, who, ok: 200, ...all, query: { limit: '2', cursor: 'bm9uZQ', event: 'referral.created' } },
    {
      name: `GET ${base}/deliveries`,
      who,
      ok: 200,
      ...all,
      query: { limit: '2', cursor: 'bm9uZQ', status: 'pending', endpointId: 'whk_1111111111111111' },
    },
    { name: `POST ${base}/deliveries/{id}/replay`, who, ok: 200, ids: delivery },
    {
      name: `POST ${base}/replay`,
      who,
      ok: 200,
      ...all,
      bodies: () => [
        { ...span, cursor: 'bm9uZQ' },
        { ...span, endpointId: 'whk_1111111111111111' },
      ],
    },
  ]),
  {
    name: 'POST /v1/refunds',
    who: secret,
    ok: 201,
    bodies: () => [{ externalId: another('refund'), conversionExternalId: another('payment'), amount: 100 }],
  },
  {
    name: 'GET /v1/apps/{appId}/commissions',
    who: operators,
    ok: 200,
    ids: program,
    query: {
      limit: '2',
      cursor: 'bm9uZQ',
      partnerId: 'par_1111111111111111111111',
      status: 'held',
      period: '2026-03',
      search: 'jane',
    },
  },
  {
    name: 'POST /v1/apps/{appId}/commissions',
    who: operators,
    ok: 201,
    ids: program,
    bodies: ({ partnerId }) => [{ partnerId, amount: -100, currency: 'EUR', note: 'A correction' }],
  },
  { name: 'GET /v1/apps/{appId}/commissions/{id}', who: operators, ok: 200, ids: commission },
  ...(['approve', 'hold', 'release', 'reject'] as const).map(
    (act): Route => ({
      name: `POST /v1/apps/{appId}/commissions/{id}/${act}`,
      who: operators,
      ok: 200,
      ids: act === 'release' ? heldCommission : commission,
      bodies: () => [{ reason: 'Because' }],
    }),
  ),
  {
    name: 'GET /v1/apps/{appId}/ledger/verify',
    who: operators,
    ok: 200,
    ids: program,
    query: { length: '1', head: '0'.repeat(64) },
  },
  {
    name: 'POST /v1/apps/{appId}/periods/{period}/close',
    who: operators,
    ok: 200,
    ids: async ({ program }) => ({ appId: program.id, period: '2026-01' }),
  },
  {
    name: 'GET /v1/apps/{appId}/payouts',
    who: operators,
    ok: 200,
    ids: program,
    query: {
      ...{ limit: '2', cursor: 'bm9uZQ', status: 'paid', partnerId: 'par_1111111111111111111111' },
      ...{ currency: 'EUR', method: 'paypal', batch: 'bat_1111111111111111111111' },
    },
  },
  {
    name: 'POST /v1/apps/{appId}/payouts',
    who: operators,
    ok: 201,
    ids: program,
    bodies: () => [{ currency: 'EUR', method: 'paypal' }],
  },
  {
    name: 'GET /v1/apps/{appId}/payouts.csv',
    who: operators,
    ok: 200,
    ids: batch,
    query: { method: 'wise', currency: 'EUR', batch: '{id}' },
  },
  { name: 'GET /v1/apps/{appId}/payouts.xml', who: operators, ok: 200, ids: batch, query: { batch: '{id}', on: '2026-03-12' } },
  {
    name: 'GET /v1/apps/{appId}/payouts/batches',
    who: operators,
    ok: 200,
    ids: program,
    query: { limit: '2', cursor: 'bm9uZQ' },
  },
  { name: 'GET /v1/apps/{appId}/payouts/batches/{id}', who: operators, ok: 200, ids: batch },
  { name: 'GET /v1/apps/{appId}/payouts/batches/{id}/lines.csv', who: operators, ok: 200, ids: batch },
  {
    name: 'POST /v1/apps/{appId}/payouts/results',
    who: operators,
    ok: 200,
    ids: program,
    bodies: () => [{ format: 'wise', content: 'Reference,Status\npay_1,COMPLETED\n', dryRun: true }],
  },
  { name: 'GET /v1/apps/{appId}/payouts/{id}', who: operators, ok: 200, ids: payout },
  {
    name: 'POST /v1/apps/{appId}/payouts/{id}/paid',
    who: operators,
    ok: 200,
    ids: payout,
    bodies: () => [{ reference: 'PP-1' }],
  },
  {
    name: 'POST /v1/apps/{appId}/payouts/{id}/failed',
    who: operators,
    ok: 200,
    ids: payout,
    bodies: () => [{ reason: 'Because' }],
  },
  {
    name: 'POST /v1/apps/{appId}/terms/preview',
    who: operators,
    ok: 200,
    ids: program,
    bodies: () => {
      const { defaultCommissionRate, holdingPeriodDays, commission } = everySetting
      return [{ from: '2026-01-01', to: '2026-03-10', referrals: 'all', defaultCommissionRate, holdingPeriodDays, commission }]
    },
  },
  { name: 'GET /v1/apps/{appId}/payout-providers', who: admin, ok: 200, ids: program },
  {
    name: 'PUT /v1/apps/{appId}/payout-providers/stripe',
    who: admin,
    ok: 200,
    ids: program,
    bodies: () => [{ secretKey: 'sk_test_51QbXyZ8kT2mNpRsV' }],
  },
  { name: 'DELETE /v1/apps/{appId}/payout-providers/stripe', who: admin, ok: 200, ids: program },
  {
    name: 'PUT /v1/apps/{appId}/payout-providers/paypal',
    who: admin,
    ok: 200,
    ids: program,
    bodies: () => [{ clientId: 'AX4uP9wKfV2gE0Zx', clientSecret: 'EGnHDxDqRPdaLdZz', environment: 'sandbox' }],
  },
  { name: 'DELETE /v1/apps/{appId}/payout-providers/paypal', who: admin, ok: 200, ids: program },
  {
    name: 'PUT /v1/apps/{appId}/partners/{id}/stripe-account',
    who: operators,
    ok: 200,
    ids: async own => ({ appId: own.program.id, id: own.partnerId }),
    bodies: () => [{ stripeAccountId: 'acct_1QbXyZ8kT2mNpRsV' }],
  },
  { name: 'GET /v1/apps/{appId}/integrations/stripe', who: admin, ok: 200, ids: program },
  {
    name: 'PUT /v1/apps/{appId}/integrations/stripe',
    who: admin,
    ok: 200,
    ids: program,
    bodies: () => [{ webhookSecret: SIGNING_SECRET }],
  },
  { name: 'DELETE /v1/apps/{appId}/integrations/stripe', who: admin, ok: 200, ids: program },
  { name: 'POST /v1/integrations/stripe/{appId}', who: open, ok: 200, ids: program, signed: connected },
  {
    name: 'POST /mcp',
    who: ['secret', 'admin'],
    ok: 200,
    bodies: () => [{ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }],
  },
  // Last, because they end what the others need.
  { name: 'POST /v1/auth/logout', who: admin, ok: 200 },
  { name: 'DELETE /api/v1/partners/{id}', who: operators, ok: 200, ids: partnerInProgram, query: { appId: '{appId}' } },
]

/** The address that a route's name and ids make. */
export function addressOf({ name, query }: Route, ids: Record<string, string> = {}) {
  const [method = '', path = ''] = name.split(' ')
  const filled = path.replace(/\{(\w+)\}/g, (_, id) => ids[id] ?? '')
  const asked = Object.entries(query ?? {}).map(([name, value]) => [name, ids[/^\{(\w+)\}$/.exec(value)?.[1] ?? ''] ?? value])
  return { method, path: query ? `${filled}?${new URLSearchParams(asked)}` : filled }
}

/** What somebody sends along whom the route lets in. */
export function credential({ who: [first] }: Route, { publishable, secret, partnerKey, session, token }: House) {
  if (first === 'secret') return { key: secret }
  if (first === 'publishable') return { key: publishable }
  if (first === 'partner') return { token: partnerKey }
  return { token: first === 'session' ? session : token }
}
