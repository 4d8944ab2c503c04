import { afterAll, beforeAll, expect, test } from 'vitest'
import { Mislata, type MislataEvent, verifySignature, verifyWebhook } from '../../sdk/index.ts'
import { newPartner, newProgram, type TestServer, testServer } from '../support/server.ts'
import { misbehaving, says } from './support.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer({ ALLOW_PRIVATE_WEBHOOKS: '1' })
  server.clock.now = new Date()
})
afterAll(() => server.stop())

test('What the server sends is what the SDK verifies and types, in both ways of signing', async () => {
  const acme = await newProgram(server)
  const mislata = new Mislata({ apiKey: acme.secret, appId: acme.program.id, baseUrl: server.url() })
  const hook = await misbehaving(says(200, {}))
  const { secret } = await mislata.webhooks.create({ url: `${hook.url}/hooks` })

  const { id = '' } = await mislata.affiliates.apply({ email: 'jane@example.com', name: 'Jane Smith' })
  await mislata.affiliates.reviewApplication(id, { action: 'approve', code: 'JANE20' })
  await newPartner(server, acme, { slug: 'OTHER' })
  await mislata.referrals.attribute({ customerId: 'buyer', code: 'JANE20' })
  await mislata.conversions.create({ externalId: 'sale-1', customerId: 'buyer', amount: 59_800, currency: 'EUR' })
  await expect
    .poll(() => hook.asked.map(each => JSON.parse(each.body).event), { timeout: 20_000 })
    .toContain('commission.created')

  const told: string[] = []
  for (const { body, headers } of hook.asked) {
    const event = await verifyWebhook({ payload: body, headers, secret })
    told.push(said(event))
    const signature = headers['x-quantumapi-signature'] as string
    expect(await verifySignature(body, signature, secret)).toBe(true)
    expect(await verifySignature(`${body} `, signature, secret)).toBe(false)
  }
  expect(told).toEqual(
    expect.arrayContaining(['jane@example.com applied', 'Jane Smith is JANE20', 'buyer came through JANE20', '11960 earned']),
  )
})

/** As a host would read it: what `event` is tells TypeScript what `data` has. */
function said({ event, data }: MislataEvent) {
  switch (event) {
    case 'application.created':
      return `${data.email} applied`
    case 'partner_application_approved':
      return `${data.application.name} is ${data.affiliate.code}`
    case 'referral.created':
      return `${data.customerId} came through ${data.code}`
    case 'commission.created':
      return `${data.amount} earned`
    default:
      return event
  }
}
