import { expect, vi } from 'vitest'
import type { PayoutWithLines } from '../../server/contract/payouts.ts'
import { PayoutProvider, SentPayouts } from '../../server/contract/sending.ts'
import type { PayoutServer } from './payout-server.ts'
import { adjust, payoutOf, runPayouts } from './payouts.ts'
import { answered } from './replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer } from './server.ts'

export type Provider = 'stripe' | 'paypal'
type Own = Pick<TestProgram, 'program' | 'secret' | 'token'>

export const LIVE_KEY = 'sk_live_51QbXyZ8_platform'
export const PAYPAL_APP = { clientId: 'AX4uP9wKfV2gE0Zx', clientSecret: 'EGnHDxD_qRPdaLdZz8iCr8N7', environment: 'live' }

/** A live program that pays by Stripe and by PayPal. */
export async function payingProgram(server: TestServer, settings: Record<string, unknown> = {}) {
  const own = await newProgram(server, { name: 'Acme', ...settings })
  await connected(server, own, 'stripe', { secretKey: LIVE_KEY })
  await connected(server, own, 'paypal', PAYPAL_APP)
  return own
}

export async function connected(server: TestServer, { program, token }: Own, provider: Provider, body: object) {
  const path = `/v1/apps/${program.id}/payout-providers/${provider}`
  return answered(await server.ask('PUT', path, { token, body }), 200, PayoutProvider)
}

let partners = 0

/** A partner who is paid by a provider, at an address of its own. */
export async function paidBy(server: TestServer, own: Own, provider: Provider, name = `partner${++partners}`) {
  const slug = `${provider}-${name}`.replace(/\W+/g, '-')
  const to = provider === 'stripe' ? `acct_${slug.replace(/-/g, '')}` : `${slug}@paypal.example`
  const details = provider === 'paypal' ? { payout_email: to } : {}
  const partner = await newPartner(server, own, { slug, payout_method: provider, ...details })
  if (provider === 'stripe') {
    const path = `/v1/apps/${own.program.id}/partners/${partner.id}/stripe-account`
    expect((await server.ask('PUT', path, { key: own.secret, body: { stripeAccountId: to } })).status).toBe(200)
  }
  return { ...partner, to }
}

/** An open payout to somebody: 100.00 EUR, if nothing else is said. */
export async function openPayout(server: TestServer, own: Own, partner: { id: string }, amount = 10_000, currency = 'EUR') {
  await adjust(server, own, partner, amount, currency)
  const { data } = await runPayouts(server, own)
  const made = data.find(each => each.partnerId === partner.id)
  if (!made) throw new Error('No payout was made')
  return made
}

export function send(server: TestServer, { program, secret }: Own, id: string) {
  return server.ask('POST', `/v1/apps/${program.id}/payouts/${id}/send`, { key: secret })
}

export async function sendAll(server: TestServer, { program, secret }: Own, body: object = {}) {
  return answered(await server.ask('POST', `/v1/apps/${program.id}/payouts/send`, { key: secret, body }), 202, SentPayouts)
}

type State = NonNullable<PayoutWithLines['sending']>['state']

/** The payout, as soon as its sending stands so. */
export async function sendingIs(server: TestServer, own: Own, id: string, ...states: State[]): Promise<PayoutWithLines> {
  let found: PayoutWithLines | undefined
  const look = async () => {
    found = await payoutOf(server, own, id)
    return found.sending?.state
  }
  await expect.poll(look, { timeout: 15_000, interval: 100 }).toSatisfy(state => states.includes(state))
  return found as PayoutWithLines
}

export function lookAt(server: TestServer) {
  const { db } = server.desk().database
  return db.selectFrom('payoutSendings').selectAll()
}

/** Nobody is at work on anything whose time has come. */
export async function quiet(server: TestServer) {
  const now = () => server.clock.now.toISOString()
  const idle = async () => {
    const all = await lookAt(server).where('endedAt', 'is', null).execute()
    expect(all.filter(each => each.leasedUntil !== null || (each.nextAt ?? now()) <= now())).toEqual([])
  }
  await vi.waitFor(idle, { timeout: 15_000, interval: 50 })
}

/** Lets the time of what is under way come, again and again, in steps of some minutes at least, until nothing is or `hours` are over. */
export async function letPass(server: TestServer, hours: number, minutes = 20) {
  const until = server.clock.now.getTime() + hours * 3_600_000
  for (;;) {
    await quiet(server)
    const open = await lookAt(server).where('endedAt', 'is', null).execute()
    const next = Math.min(...open.map(each => Date.parse(each.nextAt ?? '')))
    if (!open.length || next > until) return
    server.clock.now = new Date(Math.max(next, server.clock.now.getTime() + minutes * 60_000))
  }
}

/** What a provider has moved for each payout, and what we say of it: once where it is paid, and else not at all. */
export function expectBooks(fake: PayoutServer, payouts: PayoutWithLines[]) {
  for (const { id, status, amount, currency } of payouts) {
    const booked = fake.booked(id)
    expect([id, status, booked.length]).toEqual([id, status, status === 'paid' ? 1 : 0])
    for (const { amount: moved, currency: of } of booked) {
      const minor = typeof moved === 'string' ? Math.round(Number(moved) * 100) : moved
      expect([minor, of.toUpperCase()]).toEqual([amount, currency])
    }
  }
}
