import { applicants, people, promoters } from './seed/cast.ts'
import { type Client, client } from './seed/client.ts'
import { live } from './seed/live.ts'

const NAME = 'Kilnhouse'

/** Keys are shown once: whoever seeds keeps them, and gives them back as `known` the next time. */
export type Keys = { appId: string; secretKey: string; publishableKey: string }
export type SeedOptions = { api: string; adminEmail: string; adminPassword: string; siteUrl?: string; known?: Keys | undefined }

/**
 * The program of Kilnhouse with sixty lived days, its keys, and the people who can sign in to its site. A program that
 * is there already stays as it is, but for the address of its site. All of it goes through the public API.
 */
export async function seed({ api, adminEmail, adminPassword, siteUrl = 'http://localhost:8788', known }: SeedOptions) {
  const { token } = await client(api, {}).post<{ token: string }>('/v1/auth/login', {
    email: adminEmail,
    password: adminPassword,
  })
  const admin = client(api, { authorization: `Bearer ${token}` })
  const site = { siteUrl, allowedOrigins: [siteUrl] }

  const { data } = await admin.get<{ data: { id: string; name: string; siteUrl: string }[] }>('/v1/apps?limit=100')
  const there = data.find(program => program.name === NAME)
  if (there) {
    if (there.siteUrl !== siteUrl) await admin.patch(`/v1/apps/${there.id}`, site)
    return { ...(known?.appId === there.id ? known : await makeKeys(admin, there.id)), people, made: false }
  }

  // It gets its name last: what was interrupted on the way is not taken for a seeded program the next time.
  const { id } = await admin.post<{ id: string }>('/v1/apps', { ...settings, ...site, name: `${NAME} (being set up)` })
  const keys = await makeKeys(admin, id)
  const secret = client(api, { 'x-api-key': keys.secretKey })
  await live({ admin, secret, appId: id, siteUrl, promoters, applicants })
  await admin.patch(`/v1/apps/${id}`, { name: NAME })
  return { ...keys, people, made: true }
}

const settings = {
  currency: 'EUR',
  timeZone: 'Europe/Madrid',
  mode: 'test',
  brand: {
    accent: '#2b46c8',
    applyFields: [
      {
        name: 'audience',
        label: 'How many potters hear from you?',
        type: 'select',
        options: ['A few', 'Hundreds', 'Thousands', 'Tens of thousands'],
      },
    ],
  },
}

async function makeKeys(admin: Client, appId: string): Promise<Keys> {
  const make = (type: 'secret' | 'publishable', name: string) =>
    admin.post<{ key: string }>(`/v1/apps/${appId}/api-keys`, { type, name })
  const [secret, publishable] = [await make('secret', 'Backend of the site'), await make('publishable', 'Pages of the site')]
  return { appId, secretKey: secret.key, publishableKey: publishable.key }
}
