import { expect, onTestFinished, test, vi } from 'vitest'
import { emptyDatabase } from '../support/database.ts'
import { readyProcess } from '../support/process.ts'
import { admin, newPartner, newProgram } from '../support/server.ts'

vi.setConfig({ testTimeout: 60_000 })

test('Whatever lets somebody in stands in no log, no audit entry, no export and no figure', async () => {
  const database = await emptyDatabase()
  onTestFinished(database.remove)
  const secrets = {
    APP_SECRET: 'canary-app-secret-canary-app-secret-canary',
    METRICS_TOKEN: 'canary-metrics-token',
    SMTP_URL: 'smtp://user:canary-smtp-password@127.0.0.1:9',
    MAIL_FROM: 'partners@example.com',
  }
  const account = { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }
  const server = await readyProcess({ DATABASE_URL: database.url, LOG_LEVEL: 'debug', ...account, ...secrets })
  await server.ask('GET', '/metrics')

  const acme = await newProgram(server)
  const { token, secret, publishable, program } = acme
  const path = `/v1/apps/${program.id}`
  await newPartner(server, acme, { slug: 'jane', email: 'jane@example.com' })
  const customer = { customerId: 'jane', email: 'jane@example.com' }
  const session = (await server.ask('POST', '/v1/sessions', { key: secret, body: customer })).body.token
  const partnerKey = (await server.ask('POST', '/v1/affiliate/api-keys', { token: session, body: { name: 'mine' } })).body.key
  const portal = (await server.ask('GET', '/v1/affiliate/portal-link', { token: session })).body.url
  const apply = { key: publishable, body: { email: 'new@example.com', name: 'New' } }
  const { applicationToken } = (await server.ask('POST', '/v1/affiliate/apply', apply)).body
  const hook = { token, body: { url: 'https://hooks.example/', events: ['*'] } }
  const endpoint = (await server.ask('POST', `${path}/webhooks`, hook)).body
  const rotated = (await server.ask('POST', `${path}/webhooks/${endpoint.id}/rotate-secret`, { token })).body
  await server.ask('POST', '/v1/auth/login', { body: { email: admin.email, password: 'canary-wrong-password' } })
  await server.ask('GET', '/metrics', { token: 'canary-wrong-token', headers: { via: 'proxy' } })
  await server.ask('GET', '/api/v1/partners', { key: 'mislata_sk_canaryunknown' })

  const told = [
    await server.ask('GET', `${path}/audit?limit=100`, { token }),
    await server.ask('GET', `${path}/export`, { token }),
    await server.ask('GET', `${path}/people/jane@example.com`, { token }),
    await server.ask('GET', '/metrics'),
    await server.ask('GET', `${path}/stats`, { token }),
  ]
  expect(told.map(each => each.status)).toEqual([200, 200, 200, 200, 200])
  await server.end('SIGTERM')

  const log = server.output.out + server.output.err
  expect(log).toContain('/v1/apps/:appId/export')
  const all = [log, ...told.map(each => each.text)].join('\n')
  const link = new URL(portal).pathname.split('/').at(-1)
  const hidden = { ...acme, partnerKey, session, link, applicationToken, first: endpoint.secret, second: rotated.secret }
  const keys = { token, secret, publishable, password: admin.password }
  for (const [name, one] of Object.entries({ ...keys, ...hidden })) {
    if (typeof one !== 'string' || name === 'site') continue
    expect(one.length, name).toBeGreaterThan(10)
    expect(all.includes(one), name).toBe(false)
  }
  expect(all).not.toMatch(/canary|scrypt\$/i)
})
