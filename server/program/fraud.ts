import type { FraudReason } from '../contract/rewards.ts'
import { countedSignups, judge } from '../rules/fraud.ts'
import * as clicks from '../store/clicks.ts'
import type { Customer } from '../store/customers.ts'
import * as customers from '../store/customers.ts'
import * as stored from '../store/fraud.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'

type Signup = {
  customer: Customer
  partnerId: string | null
  /** The customer whose code it is, held; null for a partner's. */
  referrer: Customer | null
  clickId: string | null
  now: Date
}

// A chain of referrals that is longer than this and comes back to its beginning has been made by very patient people.
const LONGEST_CHAIN = 20
const HOUR_MS = 3_600_000

/** What is odd about a signup that is about to be attributed, as far as the program's `fraud` settings want to know. */
export async function suspect(db: Db, program: Program, signup: Signup): Promise<{ reasons: FraudReason[]; holds: boolean }> {
  const { customer, partnerId, referrer, clickId, now } = signup
  const partner = partnerId ? await partners.byId(db, program.id, partnerId) : undefined
  const own = referrer ?? (partner?.customerId ? await customers.byId(db, program.id, partner.customerId) : undefined)
  const click = clickId ? await clicks.byId(db, program.id, clickId) : undefined
  const cameBy = own && click && (await stored.visitorOf(db, program.id, own.id))
  const owner = partnerId ? { partnerId } : own && { referrerCustomerId: own.id }
  const since = (ms: number) => new Date(now.getTime() - ms).toISOString()
  const count = async (ms: number) => (owner ? stored.signupsSince(db, owner, since(ms), countedSignups) : 0)
  return judge(
    {
      referredEmail: customer.email,
      referrerEmails: [partner?.email, own?.email].filter(email => email != null),
      isOwnCode: own?.id === customer.id,
      isSameVisitor: !!cameBy && cameBy === click.visitor,
      isCircle: !!own && (await leadsTo(db, program, { from: own.id, to: customer.id })),
      landingUrl: click?.url ?? null,
      signups: { inHour: await count(HOUR_MS), inDay: await count(24 * HOUR_MS) },
      by: partnerId ? 'partner' : 'customer',
    },
    program.settings.fraud,
  )
}

/** True where going from a customer to who referred it, and so on, comes to another. */
async function leadsTo(db: Db, program: Program, { from, to }: { from: string; to: string }) {
  let at: string | undefined = from
  for (let step = 0; at && step < LONGEST_CHAIN; step++) {
    at = await stored.referrerOf(db, program.id, at)
    if (at === to) return true
  }
  return false
}
