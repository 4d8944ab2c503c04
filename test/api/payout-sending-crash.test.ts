import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { start } from '../../server/start.ts'
import { emptyDatabase, engine } from '../support/database.ts'
import {
  expectBooks,
  letPass,
  openPayout,
  type Provider,
  paidBy,
  payingProgram,
  send,
  sendAll,
} from '../support/payout-sending.ts'
import { type Manner, payoutServer } from '../support/payout-server.ts'
import { expectSettled, payoutOf } from '../support/payouts.ts'
import { serverProcess } from '../support/process.ts'
import { admin, asker, signIn, type TestServer } from '../support/server.ts'

// Processes are slow to start on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 })

const killAt = fileURLToPath(new URL('../support/kill-at.ts', import.meta.url))
const account = { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password, APP_SECRET: 'a secret of thirty-two characters' }

/** A database, the providers, and servers on them: whole ones here, or one as a process that can be killed. */
async function place() {
  const database = await emptyDatabase()
  const clock = { now: new Date() }
  const fake = await payoutServer(() => clock.now)
  onTestFinished(async () => {
    await fake.stop()
    await database.remove()
  })
  const limits = { PUBLIC_RATE_LIMIT: '0', LOG_LEVEL: 'info', PORT: '0' }
  const providers = { PAYOUT_PROVIDERS_URL: fake.url, ALLOW_PRIVATE_WEBHOOKS: '1' }
  const environment = { DATABASE_URL: database.url, ...limits, ...providers, ...account }
  const here = async () => {
    const config = readConfig({ ...environment, LOG_LEVEL: 'silent' })
    const running = await start(config, { clock: () => clock.now, payoutProviders: { timeoutMs: 400 } })
    onTestFinished(() => running.stop())
    const url = () => running.url
    return { url, ask: asker(url), clock, database, desk: () => running.desk } as unknown as TestServer
  }
  return { clock, fake, environment, here }
}

// What the server is about to write when it dies: that it is going to send, which has then not been sent; and what came of it.
const moments = {
  toSend: 'insert into "payout_attempts"',
  toRecord: 'update "payout_sendings" set "key_number"',
}
const deaths = [
  ['stripe', moments.toSend],
  ['stripe', moments.toRecord],
  ['paypal', moments.toRecord],
] as const

test.each<readonly [Provider, string]>(
  deaths,
)('Killed while it sends by %s, before its %s, the next server finds out, and the money has moved once', async (provider, at) => {
  const { clock, fake, environment, here } = await place()
  const killed = serverProcess({ ...environment, KILL_AT: at }, ['--import', killAt])
  const address = await killed.ready()
  const child = { ask: asker(() => address) } as TestServer
  const own = await payingProgram(child)
  const { id } = await openPayout(child, own, await paidBy(child, own, provider))
  expect((await send(child, own, id)).status).toBe(202)
  expect(await killed.ended).toEqual({ code: null, signal: 'SIGKILL' })
  const before = fake.moves.length
  expect(before).toBe(at.startsWith('insert') ? 0 : 1)

  clock.now = new Date()
  const next = await here()
  const token = await signIn(next)
  const mine = { ...own, token }
  const held = await payoutOf(next, mine, id)
  expect(held.status).toBe('pending')
  clock.now = new Date(clock.now.getTime() + 5 * 60_000)
  await letPass(next, 3)
  const payout = await payoutOf(next, mine, id)
  expect([payout.status, payout.sending?.state]).toEqual(['paid', 'paid'])
  expectBooks(fake, [payout])
  // Stripe was only asked; PayPal can only be asked by sending it again under the same key.
  expect(fake.moves.length).toBe(provider === 'stripe' ? 1 : 2)
  expect(new Set(fake.moves.map(each => each.key)).size).toBe(1)
  await expectSettled(next)
})

if (engine === 'postgres') {
  test('Two servers that both send, through providers that fail in every way, send each payout once', async () => {
    const { clock, fake, here } = await place()
    const [one, two] = [await here(), await here()]
    const own = await payingProgram(one)
    const manners: Manner[] = [
      'well',
      'hang',
      'cut',
      'booked, then hang',
      'booked, then cut',
      'booked, then 500',
      'poor',
      'refused',
    ]
    const ids: string[] = []
    for (const provider of ['stripe', 'paypal'] as const)
      for (const manner of [...manners, ...manners]) {
        const partner = await paidBy(one, own, provider)
        fake.manners.set(partner.to, manner)
        ids.push((await openPayout(one, own, partner)).id)
      }
    // Asked for on both, at once and more than once.
    await Promise.all([one, two, one, two].map(server => sendAll(server, own, { ids })))
    await letPass(one, 30)
    clock.now = new Date(clock.now.getTime() + 3_600_000)
    const payouts = await Promise.all(ids.map(id => payoutOf(two, own, id)))
    expect(payouts.filter(each => each.status === 'paid')).toHaveLength(28)
    expect(payouts.filter(each => each.status === 'failed')).toHaveLength(4)
    expectBooks(fake, payouts)
    await expectSettled(one)
    const begun = payouts.map(each => each.sending?.attempts.filter(({ act }) => act === 'send').length ?? 0)
    expect(fake.moves).toHaveLength(begun.reduce((sum, each) => sum + each, 0))
  })
}
