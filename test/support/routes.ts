import { Applied } from '../../server/contract/applications.ts'
import { MadeApiKey } from '../../server/contract/auth.ts'
import type { House } from './house.ts'
import { answered } from './replies.ts'
import { everySetting } from './settings.ts'

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
  query?: Record<string, string>
}
export type Who = 'public' | 'publishable' | 'secret' | 'session' | 'admin'

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
const program = async ({ program }: House) => ({ appId: program.id })
const partner = async ({ partnerId }: House) => ({ id: partnerId })
const customer = async () => ({ id: another('customer') })

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

const admin = ['admin'] as const
const secret = ['secret'] as const
const session = ['session'] as const
const open = ['public'] as const

/** Every route of the API. A route that is documented and is not here, or the other way round, fails a test. */
export const routes: Route[] = [
  { name: 'GET /healthz', who: open, ok: 200 },
  { name: 'GET /readyz', who: open, ok: 200 },
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
    bodies: () => [{ email: 'admin@example.com', password: 'correct horse battery' }],
  },
  {
    name: 'POST /v1/sessions',
    who: secret,
    ok: 201,
    bodies: () => [{ customerId: another('customer'), email: `${another('c')}@example.com`, name: 'C', expiresIn: 900 }],
  },
  { name: 'GET /v1/apps', who: admin, ok: 200, query: { limit: '2', cursor: 'bm9uZQ' } },
  { name: 'POST /v1/apps', who: admin, ok: 201, bodies: () => [settings()] },
  { name: 'GET /v1/apps/{appId}', who: admin, ok: 200, ids: program },
  { name: 'PATCH /v1/apps/{appId}', who: admin, ok: 200, ids: program, bodies: () => [settings()] },
  {
    name: 'POST /v1/apps/{appId}/clock',
    who: admin,
    ok: 200,
    ids: program,
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
    query: { page: '1', per_page: '2', status: 'pending' },
  },
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
  { name: 'GET /v1/affiliate', who: session, ok: 200 },
  { name: 'GET /v1/affiliate/dashboard', who: session, ok: 200, query: { days: '7' } },
  {
    name: 'POST /api/v1/partners',
    who: secret,
    ok: 201,
    bodies: () => [{ email: `${another('partner')}@example.com`, slug: another('partner'), ...someone() }],
  },
  { name: 'GET /api/v1/partners', who: secret, ok: 200, query: { page: '1', per_page: '2', status: 'active', search: 'jane' } },
  { name: 'GET /api/v1/partners/{id}', who: secret, ok: 200, ids: partner },
  {
    name: 'PATCH /api/v1/partners/{id}',
    who: secret,
    ok: 200,
    ids: partner,
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
  // Last, because they end what the others need.
  { name: 'DELETE /api/v1/partners/{id}', who: secret, ok: 200, ids: partner },
  { name: 'POST /v1/auth/logout', who: admin, ok: 200 },
]

/** The address that a route's name and ids make. */
export function addressOf({ name, query }: Route, ids: Record<string, string> = {}) {
  const [method = '', path = ''] = name.split(' ')
  const filled = path.replace(/\{(\w+)\}/g, (_, id) => ids[id] ?? '')
  return { method, path: query ? `${filled}?${new URLSearchParams(query)}` : filled }
}

/** What somebody sends along whom the route lets in. */
export function credential({ who: [first] }: Route, { publishable, secret, session, token }: House) {
  if (first === 'secret') return { key: secret }
  if (first === 'publishable') return { key: publishable }
  return { token: first === 'session' ? session : token }
}
