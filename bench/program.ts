import { admin } from './servers.ts'
import type { Site } from './visitors.ts'

const PARTNERS = 50

/** A program with partners whose codes are to be clicked, made as its owner would make it: by the API. */
export async function prepare(url: string): Promise<Site> {
  const { token } = await post(`${url}/v1/auth/login`, {}, admin)
  const asAdmin = { authorization: `Bearer ${token}` }
  const program = await post(`${url}/v1/apps`, asAdmin, {
    name: 'Acme',
    siteUrl: 'https://acme.example',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
  })
  const keyOf = async (type: string) =>
    (await post(`${url}/v1/apps/${program.id}/api-keys`, asAdmin, { type, name: type })).key as string
  const asHost = { 'x-api-key': await keyOf('secret') }
  const codes: string[] = []
  for (let i = 10; i < 10 + PARTNERS; i++) {
    const slug = `PARTNER${i}`
    const partner = await post(`${url}/api/v1/partners`, asHost, { email: `partner${i}@partners.example`, slug })
    await send('PATCH', `${url}/api/v1/partners/${partner.id}`, asHost, { status: 'active' })
    codes.push(slug)
  }
  return { key: await keyOf('publishable'), codes }
}

const post = (url: string, headers: Record<string, string>, body: object) => send('POST', url, headers, body)

async function send(method: string, url: string, headers: Record<string, string>, body: object): Promise<Record<string, string>> {
  const reply = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (!reply.ok) throw new Error(`${method} ${url} was answered ${reply.status}: ${await reply.text()}`)
  return reply.json() as Promise<Record<string, string>>
}
