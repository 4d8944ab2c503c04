import type { Company } from './companies/company.ts'
import { type Client, client } from './seed/client.ts'
import { live } from './seed/live.ts'

/** Keys are shown once: whoever seeds keeps them, and gives them back as `known` the next time. */
export type Keys = { appId: string; secretKey: string; publishableKey: string }
export type SeedOptions = {
  api: string
  adminEmail: string
  adminPassword: string
  company: Company
  siteUrl: string
  known?: Keys | undefined
}

/**
 * The program of a company with sixty lived days, and its keys. A program that is there already stays as it is, but for
 * the address of its site. All of it goes through the public API.
 */
export async function seed({ api, adminEmail, adminPassword, company, siteUrl, known }: SeedOptions) {
  const { name, settings } = company
  const { token } = await client(api, {}).post<{ token: string }>('/v1/auth/login', {
    email: adminEmail,
    password: adminPassword,
  })
  const admin = client(api, { authorization: `Bearer ${token}` })
  const site = { siteUrl, allowedOrigins: [siteUrl] }

  const { data } = await admin.get<{ data: { id: string; name: string; siteUrl: string }[] }>('/v1/apps?limit=100')
  const there = data.find(program => program.name === name)
  if (there) {
    if (there.siteUrl !== siteUrl) await admin.patch(`/v1/apps/${there.id}`, site)
    return { ...(known?.appId === there.id ? known : await makeKeys(admin, there.id)), made: false }
  }

  // It gets its name last: what was interrupted on the way is not taken for a seeded program the next time.
  const { id } = await admin.post<{ id: string }>('/v1/apps', { ...settings, ...site, name: `${name} (being set up)` })
  const keys = await makeKeys(admin, id)
  const secret = client(api, { 'x-api-key': keys.secretKey })
  const session = async (customerId: string) => {
    const { token } = await secret.post<{ token: string }>('/v1/sessions', { customerId })
    return client(api, { authorization: `Bearer ${token}` })
  }
  await live({ company, admin, secret, session, appId: id, siteUrl })
  await admin.patch(`/v1/apps/${id}`, { name })
  return { ...keys, made: true }
}

async function makeKeys(admin: Client, appId: string): Promise<Keys> {
  const make = (type: 'secret' | 'publishable', name: string) =>
    admin.post<{ key: string }>(`/v1/apps/${appId}/api-keys`, { type, name })
  const [secret, publishable] = [await make('secret', 'Backend of the site'), await make('publishable', 'Pages of the site')]
  return { appId, secretKey: secret.key, publishableKey: publishable.key }
}
