import { admin } from './servers.ts'
import type { Site } from './visitors.ts'

/** A program that has been made through the API, with what its host and its admin ask with. */
export type Prepared = Site & { programId: string; secret: string; token: string }

/** A program with partners whose codes are to be clicked, made as its owner would make it: by the API. */
export async function prepare(url: string, partners = 50): Promise<Prepared> {
  const token = await signIn(url)
  const asAdmin = { authorization: `Bearer ${token}` }
  const { id: programId = '' } = await post(`${url}/v1/apps`, asAdmin, {
    name: 'Acme',
    siteUrl: 'https://acme.example',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
  })
  const secret = await newKey(url, asAdmin, programId, 'secret')
  const codes: string[] = []
  for (let i = 10; i < 10 + partners; i++) codes.push(await newPartner(url, secret, `PARTNER${i}`))
  return { key: await newKey(url, asAdmin, programId, 'publishable'), codes, programId, secret, token }
}

/** A sale that a partner has brought, in the program that a server begins with. */
export async function sellOne(url: string, token: string) {
  const asAdmin = { authorization: `Bearer ${token}` }
  const { data } = await send<{ data: { id: string; name: string }[] }>('GET', `${url}/v1/apps`, asAdmin)
  const first = data.find(({ name }) => name !== 'Acme')
  const secret = await newKey(url, asAdmin, first?.id ?? '', 'secret')
  const code = await newPartner(url, secret, 'EXAMPLE')
  const sale = { externalId: 'in_0', customerId: 'buyer', amount: 5_980, currency: 'EUR', productId: 'pro', code }
  await post(`${url}/v1/conversions`, { 'x-api-key': secret }, sale)
}

/** An admin's token. */
export async function signIn(url: string) {
  const { token = '' } = await post(`${url}/v1/auth/login`, {}, admin)
  return token
}

/** A customer's token, which is good for a quarter of an hour. */
export async function sessionOf(url: string, secret: string, customerId: string) {
  const { token = '' } = await post(`${url}/v1/sessions`, { 'x-api-key': secret }, { customerId })
  return token
}

async function newKey(url: string, asAdmin: Record<string, string>, programId: string, type: string) {
  const { key = '' } = await post(`${url}/v1/apps/${programId}/api-keys`, asAdmin, { type, name: type })
  return key
}

async function newPartner(url: string, secret: string, slug: string) {
  const asHost = { 'x-api-key': secret }
  const email = `${slug.toLowerCase()}@partners.example`
  const partner = await post(`${url}/api/v1/partners`, asHost, { email, slug })
  await send('PATCH', `${url}/api/v1/partners/${partner.id}`, asHost, { status: 'active' })
  return slug
}

const post = (url: string, headers: Record<string, string>, body: object) =>
  send<Record<string, string>>('POST', url, headers, body)

async function send<Reply = unknown>(method: string, url: string, headers: Record<string, string>, body?: object) {
  const reply = await fetch(url, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!reply.ok) throw new Error(`${method} ${url} was answered ${reply.status}: ${await reply.text()}`)
  return reply.json() as Promise<Reply>
}
