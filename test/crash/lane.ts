import type { Chance } from './chance.ts'
import type { Act, Client, Reply } from './client.ts'
import type { Facts, Sale } from './facts.ts'
import { adjust, decide, pay, refund } from './lane-money.ts'
import { makePayouts, markPayout } from './lane-payouts.ts'
import { tellStripe } from './lane-stripe.ts'
import type { Outside } from './outside.ts'
import type { Bringer, Setting } from './setting.ts'

/** One of several callers that go on beside each other; what it does next depends on its own chance alone. */
export type Lane = {
  number: number
  /** What nobody else uses, in this cycle or another. */
  fresh(what: string): string
  chance: Chance
  facts: Facts
  setting: Setting
  outside: Outside
  bringer: Bringer
  now(): Date
  /** Customers that it has referred to its partner. */
  customers: string[]
  /** Sales that it knows to be booked, and may still be refunded. */
  sales: Sale[]
  /** Payouts that it knows of and has not marked. */
  payouts: { id: string; method: string | null }[]
  /**
   * Wants something, and says whether it was told that it is done; a refusal that is not among those allowed is a finding.
   * Some callers give up when the server dies; one that insists does not.
   */
  want(
    act: Act,
    options?: { refusals?: string[]; insists?: boolean },
  ): Promise<{ isAcked: boolean; isRefused: boolean; reply: Reply | undefined }>
}

type Does = (lane: Lane) => Promise<void>

const acts = { click, signUp, befriend, pay, refund, tellStripe, apply, adjust, decide, makeKey, makePayouts, markPayout }

const everybody: readonly (readonly [number, Does])[] = [
  [8, click],
  [4, signUp],
  [2, befriend],
  [5, pay],
  [3, refund],
  [3, tellStripe],
  [2, apply],
  [2, adjust],
  [2, decide],
  [1, makeKey],
]

const treasurer: typeof everybody = [...everybody, [3, makePayouts], [5, markPayout]]

/** So many things one after the other, of all that callers do; the first lane does now and then what is asked of it. */
export async function go(lane: Lane, count: number, asked: string | undefined) {
  const isFirst = lane.number === 0
  const wanted = isFirst && asked !== undefined ? acts[asked as keyof typeof acts] : undefined
  for (let done = 0; done < count; done++) {
    const does = lane.chance.weighted(isFirst ? treasurer : everybody)
    await (wanted && done % 3 === 1 ? wanted : does)(lane)
  }
}

/** Wants something as a caller does, and keeps what it was answered. */
export function wanting(
  send: Client,
  { chance, facts, now, found }: { chance: Chance; facts: Facts; now(): Date; found(what: string): void },
) {
  const want: Lane['want'] = async (act, { refusals = [], insists = false } = {}) => {
    const reply = await send(act, { mayGiveUp: !insists && chance.is(0.2) })
    if (!reply) return { isAcked: false, isRefused: false, reply }
    const isAcked = reply.status < 300
    const isRefused = refusals.includes(reply.body?.code)
    if (!isAcked && !isRefused)
      found(`${act.path} was answered ${reply.status} ${reply.text}${reply.isRetried ? ', sent again' : ''}`)
    if (act.key !== undefined && isAcked) {
      const { path, headers = {}, key, body } = act
      facts.answers.push({ path, headers, key, body, text: reply.text, at: now() })
    }
    return { isAcked, isRefused, reply }
  }
  return want
}

async function click({ want, fresh, chance, facts, setting, bringer }: Lane) {
  const id = `clk_${fresh('Click').replaceAll('-', '').padEnd(16, '0')}`
  const visitor = `10.${chance.from(0, 255)}.${chance.from(0, 255)}.${chance.from(1, 254)}`
  const headers = {
    ...setting.asPage,
    'x-forwarded-for': visitor,
    'user-agent': `Mozilla/5.0 (X11; Linux x86_64; ${id}) Firefox/130.0`,
  }
  const body = { code: bringer.code, clickId: id, url: 'https://acme.example/?utm_campaign=spring' }
  const { isAcked } = await want({ method: 'POST', path: '/referrals/click', headers, body })
  facts.clicks.push({ id, partnerId: bringer.partnerId, isAcked })
}

async function signUp({ want, fresh, facts, setting, bringer, customers }: Lane) {
  const customerId = fresh('customer')
  const body = { customerId, code: bringer.code }
  const { isAcked } = await want({ method: 'POST', path: '/v1/referrals', headers: setting.asHost, body })
  facts.signups.push({ customerId, partnerId: bringer.partnerId, referrer: null, isAcked })
  if (isAcked) customers.push(customerId)
}

/** A customer brings another, and both get credits from their host. */
async function befriend({ want, fresh, facts, setting, bringer }: Lane) {
  const customerId = fresh('friend')
  const body = { customerId, code: bringer.referrerCode }
  const { isAcked } = await want({ method: 'POST', path: '/v1/referrals', headers: setting.asHost, body })
  facts.signups.push({ customerId, partnerId: null, referrer: bringer.referrer, isAcked })
}

async function apply({ want, fresh, chance, facts, setting }: Lane) {
  const name = fresh('applicant')
  const email = `${name}@example.com`
  const headers = setting.asHost
  const applied = await want({
    ...{ method: 'POST', path: '/v1/affiliate/apply', headers },
    ...{ key: fresh('key'), body: { email, name } },
  })
  const application: Facts['applications'][number] = { email, review: null, isAcked: applied.isAcked }
  facts.applications.push(application)
  if (!applied.isAcked || chance.is(0.3)) return
  const action = chance.one(['approve', 'reject'] as const)
  const path = `/v1/apps/${setting.programId}/affiliates/applications/${applied.reply?.body.id}/review`
  const { isAcked } = await want({ method: 'POST', path, headers, key: fresh('key'), body: { action } })
  application.review = { action, isAcked }
}

async function makeKey({ want, fresh, chance, facts, setting, outside }: Lane) {
  const base = `/v1/apps/${setting.programId}`
  const name = fresh('made')
  const [headers, key] = [setting.asAdmin, fresh('key')]
  // There may be twenty endpoints. This one is told of nothing that happens here.
  if (facts.endpoints.length < 15 && chance.is(0.3)) {
    const url = outside.otherUrl(name)
    const body = { url, events: ['endpoint.disabled'] }
    facts.endpoints.push({ url, isAcked: (await want({ method: 'POST', path: `${base}/webhooks`, headers, key, body })).isAcked })
    return
  }
  const body = { type: 'publishable', name }
  facts.keys.push({ name, isAcked: (await want({ method: 'POST', path: `${base}/api-keys`, headers, key, body })).isAcked })
}
