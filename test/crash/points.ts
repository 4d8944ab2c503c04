import type { Chance } from './chance.ts'

/**
 * Where a server dies: before it sends the commit of a transaction, or when the commit has come back and nothing else has
 * happened yet. `of` says which transaction: one in which each of these statements was sent. `at`: before a statement.
 */
export type Point = { when: 'before' | 'after' | 'at'; of: string[]; nth: number; name: string; by?: string }

const idempotency = { 'a key is taken': ['insert into idempotency_keys'] }

// Between what was done and the answer that is kept for its key. Before that commit nobody knows what the answer was.
const answers = { 'an answer is kept': ['update idempotency_keys set status'] }

// What a provider, a host or a receiver has answered, before and after it is written down.
const outside = {
  'a reward is taken up': ['update rewards set leased_until'],
  'a reward is granted': ['update rewards set granted_at'],
  'deliveries are taken up': ['update deliveries set next_attempt_at'],
  'a payout is to be sent': ['insert into payout_attempts'],
  'what a provider has answered': ['update payout_sendings set key_number'],
  'a delivery is written down': ['insert into delivery_attempts'],
}

const kinds: Record<string, string[]> = {
  clicks: ['insert into clicks'],
  'a signup': ['insert into referrals'],
  'a payment': ['insert into conversions'],
  'a commission': ['insert into commissions', 'insert into conversions'],
  'a refund': ['insert into refunds'],
  'an event of Stripe': ['insert into inbound_events'],
  'an application': ['insert into applications'],
  'a review': ['update applications set decision'],
  'a partner': ['insert into partners'],
  'an adjustment': ['insert into commissions', 'insert into audit_entries'],
  'a decision': ['insert into commission_decisions', 'insert into audit_entries'],
  'a payout': ['insert into payouts'],
  'a payout run': ['insert into payout_runs'],
  'a batch': ['insert into payout_batches'],
  'a payout that is paid': ['update payouts set paid_at'],
  'a payout that has failed': ['update payouts set failed_at'],
  'a key of the API': ['insert into api_keys'],
  ...idempotency,
  ...answers,
  ...outside,
}

/** The others are only reached once or twice in a cycle, and are asked for at their first. */
const frequent = new Set(['clicks', 'a signup', 'a payment', 'a key is taken', 'an answer is kept', 'deliveries are taken up'])

/** What a caller does that leads there, where that is not done all the time. */
const ways: Record<string, string> = {
  ...{ 'a refund': 'refund', 'an event of Stripe': 'tellStripe', 'an application': 'apply', 'a review': 'apply' },
  ...{ 'a partner': 'apply', 'an adjustment': 'adjust', 'a decision': 'decide', 'a key of the API': 'makeKey' },
  ...{ 'a payout': 'makePayouts', 'a payout run': 'makePayouts', 'a batch': 'makePayouts' },
  ...{ 'a payout that is paid': 'markPayout', 'a payout that has failed': 'markPayout' },
  ...{ 'a payout is to be sent': 'markPayout', 'what a provider has answered': 'markPayout' },
  ...{ 'a reward is taken up': 'befriend', 'a reward is granted': 'befriend' },
}

/** One of the points that the load of a cycle may reach. */
export function anyPoint(chance: Chance): Point {
  const [kind, of] = chance.one(Object.entries(kinds))
  const when = chance.one(['before', 'after'] as const)
  const nth = frequent.has(kind) ? chance.from(1, 8) : 1
  const by = ways[kind]
  return { when, of, nth, name: `${when} ${kind}`, ...(by !== undefined && { by }) }
}

/** Somewhere within the making of the tables, or at the end of it. */
export function inMigration(chance: Chance): Point {
  const of = ['create table']
  const when = chance.one(['at', 'at', 'before', 'after'] as const)
  return { when, of, nth: when === 'at' ? chance.from(1, 30) : 1, name: `${when} the migration` }
}
