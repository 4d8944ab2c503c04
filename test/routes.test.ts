import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestServer, testServer } from './support/server.ts'

// Said once more, letter by letter: clients that were written against the documented systems rely on these.
const promised = `
  POST   /api/v1/partners
  GET    /api/v1/partners
  GET    /api/v1/partners/par_1
  PATCH  /api/v1/partners/par_1
  DELETE /api/v1/partners/par_1

  GET    /api/v1/partners/referrals
  GET    /api/v1/partners/commissions
  POST   /api/v1/partners/codes
  GET    /api/v1/partners/codes
  DELETE /api/v1/partners/codes/ref_blog_feb_7kx
  GET    /api/v1/partners/payouts
  GET    /v1/affiliate/payout-settings
  PATCH  /v1/affiliate/payout-settings
  GET    /v1/affiliate/codes
  POST   /v1/affiliate/codes
  DELETE /v1/affiliate/codes/ref_blog_feb_7kx
  GET    /v1/affiliate/api-keys
  POST   /v1/affiliate/api-keys
  DELETE /v1/affiliate/api-keys/key_1

  POST   /v1/affiliate/apply
  GET    /v1/affiliate/apply/status
  GET    /v1/affiliate/by-customer/cus_1
  GET    /v1/affiliate
  GET    /v1/affiliate/dashboard
  GET    /v1/affiliate/portal-link
  POST   /v1/affiliate/deals
  GET    /v1/affiliate/deals
  POST   /v1/affiliate/track
  GET    /v1/apps/prog_1/affiliates/applications
  POST   /v1/apps/prog_1/affiliates/applications/apl_1/review

  POST   /referrals/click
  GET    /referrals/me
  GET    /referrals/me/events
  GET    /referrals/qr.svg
  GET    /admin/referrals
  GET    /admin/referrals/ref_1
  POST   /admin/referrals/ref_1/approve
  POST   /admin/referrals/ref_1/reject
  POST   /admin/referrals/recover
  GET    /admin/referrals/stats

  POST   /v1/auth/login
  POST   /v1/auth/logout
  GET    /v1/auth/me
  GET    /v1/auth/sessions
  DELETE /v1/auth/sessions
  DELETE /v1/auth/sessions/ses_1
  POST   /v1/auth/password
  POST   /v1/auth/totp
  POST   /v1/auth/totp/confirm
  POST   /v1/auth/totp/recovery-codes
  POST   /v1/auth/totp/off
  GET    /v1/team
  POST   /v1/team/invites
  DELETE /v1/team/invites/inv_1
  PATCH  /v1/team/settings
  PATCH  /v1/team/adm_1
  DELETE /v1/team/adm_1
  GET    /v1/audit
  GET    /v1/apps
  POST   /v1/apps
  GET    /v1/apps/prog_1
  PATCH  /v1/apps/prog_1
  POST   /v1/apps/prog_1/clock
  GET    /v1/apps/prog_1/api-keys
  POST   /v1/apps/prog_1/api-keys
  DELETE /v1/apps/prog_1/api-keys/key_1

  GET    /v1/apps/prog_1/webhooks
  POST   /v1/apps/prog_1/webhooks
  PATCH  /v1/apps/prog_1/webhooks/whk_1
  DELETE /v1/apps/prog_1/webhooks/whk_1
  POST   /v1/apps/prog_1/webhooks/whk_1/test
  POST   /v1/apps/prog_1/webhooks/whk_1/rotate-secret
  GET    /v1/apps/prog_1/webhooks/events
  GET    /v1/apps/prog_1/webhooks/deliveries
  POST   /v1/apps/prog_1/webhooks/deliveries/dlv_1/replay
  POST   /v1/apps/prog_1/webhooks/replay
  GET    /v1/affiliate/webhooks
  POST   /v1/affiliate/webhooks
  PATCH  /v1/affiliate/webhooks/whk_1
  DELETE /v1/affiliate/webhooks/whk_1
  POST   /v1/affiliate/webhooks/whk_1/test
  POST   /v1/affiliate/webhooks/whk_1/rotate-secret
  GET    /v1/affiliate/webhooks/events
  GET    /v1/affiliate/webhooks/deliveries
  POST   /v1/affiliate/webhooks/deliveries/dlv_1/replay
  POST   /v1/affiliate/webhooks/replay

  GET    /v1/apps/prog_1/stats
  GET    /v1/apps/prog_1/audit
  GET    /v1/apps/prog_1/overview
  GET    /v1/apps/prog_1/stuck
  POST   /v1/apps/prog_1/stuck/retry
  GET    /v1/apps/prog_1/codes
  GET    /v1/apps/prog_1/deals
  GET    /v1/apps/prog_1/mails
  GET    /v1/apps/prog_1/partners/par_1/deactivation
  GET    /v1/apps/prog_1/partners/par_1/merge
  POST   /v1/apps/prog_1/partners/par_1/merge
  GET    /v1/apps/prog_1/affiliates/applications/apl_1
  POST   /v1/apps/prog_1/affiliates/applications/bulk
  GET    /v1/apps/prog_1/export
  POST   /v1/apps/prog_1/import
  GET    /v1/apps/prog_1/people/jane@acme.example
  DELETE /v1/apps/prog_1/people/jane@acme.example
  POST   /v1/sessions
  PUT    /v1/customers/cus_1
  GET    /v1/customers/cus_1/credits
  GET    /v1/apps/prog_1/grant-secret
  POST   /v1/referrals
  POST   /v1/conversions
  POST   /v1/refunds
  GET    /v1/apps/prog_1/commissions
  POST   /v1/apps/prog_1/commissions
  GET    /v1/apps/prog_1/commissions/com_1
  POST   /v1/apps/prog_1/commissions/com_1/approve
  POST   /v1/apps/prog_1/commissions/com_1/hold
  POST   /v1/apps/prog_1/commissions/com_1/release
  POST   /v1/apps/prog_1/commissions/com_1/reject
  GET    /v1/apps/prog_1/ledger/verify
  POST   /v1/apps/prog_1/periods/2026-02/close
  GET    /v1/apps/prog_1/payouts
  POST   /v1/apps/prog_1/payouts
  GET    /v1/apps/prog_1/payouts.csv
  GET    /v1/apps/prog_1/payouts.xml
  GET    /v1/apps/prog_1/payouts/batches
  GET    /v1/apps/prog_1/payouts/batches/bat_1
  GET    /v1/apps/prog_1/payouts/batches/bat_1/lines.csv
  POST   /v1/apps/prog_1/payouts/results
  POST   /v1/apps/prog_1/terms/preview
  GET    /v1/apps/prog_1/payouts/pay_1
  POST   /v1/apps/prog_1/payouts/pay_1/paid
  POST   /v1/apps/prog_1/payouts/pay_1/failed
  POST   /v1/apps/prog_1/payouts/send
  POST   /v1/apps/prog_1/payouts/pay_1/send
  POST   /v1/apps/prog_1/payouts/pay_1/sending/end
  GET    /v1/apps/prog_1/payout-providers
  PUT    /v1/apps/prog_1/payout-providers/stripe
  DELETE /v1/apps/prog_1/payout-providers/stripe
  PUT    /v1/apps/prog_1/payout-providers/paypal
  DELETE /v1/apps/prog_1/payout-providers/paypal
  PUT    /v1/apps/prog_1/partners/par_1/stripe-account

  GET    /v1/apps/prog_1/integrations/stripe
  PUT    /v1/apps/prog_1/integrations/stripe
  DELETE /v1/apps/prog_1/integrations/stripe
  POST   /v1/integrations/stripe/prog_1

  GET    /healthz
  GET    /readyz
  GET    /metrics
  POST   /mcp
  GET    /openapi.json
  GET    /docs
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
  if (status >= 400) expect(body.code).toMatch(/^(no_credential|bad_signature|wrong_type|malformed_json)$/)
})

test('What is not promised is not there, and an address that takes other methods says which', async () => {
  expect((await server.ask('GET', '/api/v1/partner')).body.code).toBe('not_found')
  const wrong = await server.ask('DELETE', '/v1/affiliate/apply')
  expect([wrong.status, wrong.body.code, wrong.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'POST'])
})
