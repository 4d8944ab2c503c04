import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestServer, testServer } from './support/server.ts'

// Said once more, letter by letter: clients that were written against the documented systems rely on these.
const promised = `
  POST   /api/v1/partners
  GET    /api/v1/partners
  GET    /api/v1/partners/par_1
  PATCH  /api/v1/partners/par_1
  DELETE /api/v1/partners/par_1

  POST   /v1/affiliate/apply
  GET    /v1/affiliate/apply/status
  GET    /v1/affiliate/by-customer/cus_1
  GET    /v1/affiliate
  GET    /v1/affiliate/dashboard
  POST   /v1/affiliate/track
  GET    /v1/apps/prog_1/affiliates/applications
  POST   /v1/apps/prog_1/affiliates/applications/apl_1/review

  POST   /referrals/click

  POST   /v1/auth/login
  POST   /v1/auth/logout
  GET    /v1/apps
  POST   /v1/apps
  GET    /v1/apps/prog_1
  PATCH  /v1/apps/prog_1
  POST   /v1/apps/prog_1/clock
  GET    /v1/apps/prog_1/api-keys
  POST   /v1/apps/prog_1/api-keys
  DELETE /v1/apps/prog_1/api-keys/key_1
  POST   /v1/sessions
  PUT    /v1/customers/cus_1
  POST   /v1/referrals
  POST   /v1/conversions

  GET    /healthz
  GET    /readyz
  GET    /openapi.json
`

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

const routes = promised
  .trim()
  .split(/\n\s*/)
  .map(line => line.split(/ +/) as [string, string])

test.each(routes)('%s %s is answered', async (method, path) => {
  const { status, body } = await server.ask(method, path)
  expect([404, 405, 500]).not.toContain(status)
  if (status >= 400) expect(body.code).toMatch(/^(no_credential|wrong_type|malformed_json)$/)
})

test('What is not promised is not there, and an address that takes other methods says which', async () => {
  expect((await server.ask('GET', '/api/v1/partner')).body.code).toBe('not_found')
  const wrong = await server.ask('DELETE', '/v1/affiliate/apply')
  expect([wrong.status, wrong.body.code, wrong.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'POST'])
})
