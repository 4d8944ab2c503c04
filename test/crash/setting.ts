import type { Act, Client, Reply } from './client.ts'
import { admin } from './installation.ts'
import type { Outside } from './outside.ts'

export const SIGNING_SECRET = 'whsec_c3VwcG9zZWRseS1zZWNyZXQ'

/** Somebody who brings customers, and one of the customers who bring others. */
export type Bringer = { partnerId: string; code: string; referrer: string; referrerCode: string }

export type Setting = {
  programId: string
  asAdmin: Record<string, string>
  asHost: Record<string, string>
  asPage: Record<string, string>
  bringers: Bringer[]
}

/** An admin's session, which lasts for half a day. */
export async function signedIn(send: Client): Promise<Record<string, string>> {
  const reply = (await send({ method: 'POST', path: '/v1/auth/login', body: admin })) as Reply
  return { authorization: `Bearer ${reply.body.token}` }
}

const methods = ['bank_transfer', 'stripe', 'paypal']

type Wanted = { send: Client; outside: Outside; lanes: number }

/** One program with all that the load needs, made as a caller makes it whose server may die on the way. */
export async function setting({ send, outside, lanes }: Wanted): Promise<Setting> {
  const { eventsUrl, grantUrl } = outside
  const made = async (act: Act, status = 201) => {
    const reply = (await send(act)) as Reply
    if (reply.status !== status) throw new Error(`${act.method} ${act.path} was answered ${reply.status} ${reply.text}`)
    return reply.body
  }
  const asAdmin = await signedIn(send)
  const program = await made({ method: 'POST', path: '/v1/apps', headers: asAdmin, key: 'program', body: settings(grantUrl) })
  const base = `/v1/apps/${program.id}`
  const keyOf = async (type: string) =>
    (await made({ method: 'POST', path: `${base}/api-keys`, headers: asAdmin, key: type, body: { type, name: type } })).key
  const asHost = { 'x-api-key': await keyOf('secret') }
  const asPage = { 'x-api-key': await keyOf('publishable') }
  const endpoint = { url: eventsUrl, events: ['*'] }
  await made({ method: 'POST', path: `${base}/webhooks`, headers: asHost, key: 'endpoint', body: endpoint })
  const connection = { webhookSecret: SIGNING_SECRET }
  await made({ method: 'PUT', path: `${base}/integrations/stripe`, headers: asAdmin, body: connection }, 200)

  const providers = {
    stripe: { secretKey: 'sk_live_51QbXyZ8_platform' },
    paypal: { clientId: 'AX4uP9wKfV2gE0Zx', clientSecret: 'EGnHDxD_qRPdaLdZz8iCr8N7', environment: 'live' },
  }
  for (const [name, body] of Object.entries(providers))
    await made({ method: 'PUT', path: `${base}/payout-providers/${name}`, headers: asAdmin, body }, 200)

  async function bringer(lane: number): Promise<Bringer> {
    const [code, referrer] = [`lane${lane}`, `referrer-${lane}`]
    const payout_method = methods[lane % methods.length]
    const paypal = payout_method === 'paypal' ? { payout_email: `${code}@paypal.example` } : {}
    const body = { email: `${code}@partners.example`, slug: code, payout_method, ...paypal }
    const { id } = await made({ method: 'POST', path: '/api/v1/partners', headers: asHost, key: code, body })
    await made({ method: 'PATCH', path: `/api/v1/partners/${id}`, headers: asHost, body: { status: 'active' } }, 200)
    const account = { stripeAccountId: `acct_${code}` }
    if (payout_method === 'stripe')
      await made({ method: 'PUT', path: `${base}/partners/${id}/stripe-account`, headers: asHost, body: account }, 200)
    const session = await made({ method: 'POST', path: '/v1/sessions', headers: asHost, body: { customerId: referrer } })
    const asCustomer = { authorization: `Bearer ${session.token}` }
    const me = await made({ method: 'GET', path: '/referrals/me', headers: asCustomer }, 200)
    return { partnerId: id, code, referrer, referrerCode: me.code }
  }
  const bringers = await Promise.all(Array.from({ length: lanes }, (_, lane) => bringer(lane)))
  return { programId: program.id, asAdmin, asHost, asPage, bringers }
}

function settings(grantUrl: string) {
  return {
    ...{ name: 'Acme', siteUrl: 'https://acme.example', currency: 'EUR' },
    ...{ holdingPeriodDays: 0, minPayoutAmount: 1, defaultCommissionRate: 20 },
    rewards: { enabled: true, referrerCredits: 10, referredCredits: 5, qualifyOn: 'signup', review: 'off', grantUrl },
    fraud: { selfReferral: 'off', disposableEmail: 'off', paidAds: 'off', velocity: 'off' },
  }
}
