import { afterAll, beforeAll, expect, test } from 'vitest'
import { Mislata } from '../../sdk/index.ts'
import { documented } from '../support/openapi.ts'
import { type TestServer, testServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

// Spoken by others than programs of the host: probes, assistants, the console that signs in, Stripe, and what comes as a stream.
const elsewhere = [
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'POST /mcp',
  'POST /v1/auth/login',
  'POST /v1/auth/logout',
  'GET /v1/auth/me',
  'GET /v1/auth/sessions',
  'DELETE /v1/auth/sessions',
  'DELETE /v1/auth/sessions/{id}',
  'POST /v1/auth/password',
  'POST /v1/auth/totp',
  'POST /v1/auth/totp/confirm',
  'POST /v1/auth/totp/recovery-codes',
  'POST /v1/auth/totp/off',
  'GET /v1/apps/{appId}/export',
  'GET /v1/apps/{appId}/payouts.csv',
  'GET /v1/apps/{appId}/payouts.xml',
  'GET /v1/apps/{appId}/payouts/batches/{id}/lines.csv',
  'POST /v1/integrations/stripe/{appId}',
  'GET /referrals/qr.svg',
]

/** The request that each call makes. */
async function requests() {
  const made: string[] = []
  const fetch = async (url: string, { method }: RequestInit) => {
    made.push(`${method} ${new URL(url).pathname}`)
    return new Response('{}')
  }
  const mislata = new Mislata({ token: 'jwt', appId: 'prog_1', baseUrl: 'https://partners.example', fetch })
  const callAll = async (group: object): Promise<void> => {
    for (const call of Object.values(group)) await (typeof call === 'function' ? call('id_1', 'x') : callAll(call))
  }
  await callAll(mislata)
  return [...new Set(made)]
}

test('Every route has a call, and every call a route', async () => {
  const routes = [...(await documented(server)).keys()].map(name => {
    const [method, path = ''] = name.split(' ')
    return { name, form: new RegExp(`^${method} ${path.replace(/\{\w+\}/g, '[^/]+')}$`), fixed: !path.includes('{') }
  })
  // `/partners/codes` is the list of codes, and no partner called "codes".
  const routeOf = (request: string) =>
    (routes.find(({ form, fixed }) => fixed && form.test(request)) ?? routes.find(({ form }) => form.test(request)))?.name
  const made = await requests()
  expect(made.filter(request => !routeOf(request))).toEqual([])
  const called = new Set([...made.map(routeOf), ...elsewhere])
  expect(routes.map(each => each.name).filter(name => !called.has(name))).toEqual([])
})
