import { afterAll, beforeAll, expect, test } from 'vitest'
import { Clock } from '../../server/contract/programs.ts'
import { pay, refer } from '../support/acts.ts'
import { commissionOf } from '../support/money.ts'
import { answered } from '../support/replies.ts'
import { newPartner, newProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

test('A month that was passed over, in which nothing was earned, is closed like the others and takes nothing that comes late', async () => {
  const acme = await newProgram(server, { mode: 'test' })
  await newPartner(server, acme, { slug: 'jane' })
  await refer(server, acme, { customerId: 'bob', code: 'jane' })
  const to = async (advanceTo: string) =>
    answered(
      await server.ask('POST', `/v1/apps/${acme.program.id}/clock`, { token: acme.token, body: { advanceTo } }),
      200,
      Clock,
    )
  await to('2026-07-15T12:00:00Z')
  for (const month of ['03', '04', '05', '06', '07']) {
    const { commissions } = await pay(server, acme, {
      customerId: 'bob',
      amount: 1_000,
      occurredAt: `2026-${month}-12T12:00:00Z`,
    })
    expect((await commissionOf(server, acme, commissions[0]?.id ?? '')).period).toBe('2026-07')
  }
  // Centuries, in which months are not closed one by one.
  await to('9000-01-15T12:00:00Z')
})
