export type Provider = 'stripe' | 'paypal'

/**
 * Where a payout stands that a provider sends. `waiting`: to be sent. `unknown`: it has been sent, and what came of it is not
 * known; it is only asked after. `pending`: the provider has it and has not finished. `stopped`: nothing has left, and nobody
 * tries any more. `paid` and `failed` are as the payout is.
 */
export type SendingState = 'waiting' | 'unknown' | 'pending' | 'stopped' | 'paid' | 'failed'
export type AttemptAct = 'send' | 'look_up' | 'by_hand'

/**
 * What a provider says. `done`: the money has gone. `pending`: it will go, or not; `handle` is what to ask after. `refused`:
 * it will not, because of the payout or its recipient. `not_sent`: nothing was done, for a reason that may pass. `absent`: the
 * provider has never heard of it. `repeatable`: it can be sent again under the same key, and then cannot be paid twice.
 * `unknown`: none of this is certain.
 */
export type Said =
  | { outcome: 'done'; reference: string }
  | { outcome: 'pending'; handle: string; reason: string }
  | { outcome: 'refused' | 'not_sent' | 'absent' | 'repeatable' | 'unknown'; reason: string }
export type Outcome = Said['outcome'] | 'stopped'

/** The times at which a request that nobody has answered is surely over: neither under way nor about to arrive. */
export const SETTLED_MS = 15 * 60_000

/** What a sending is under way in: its payout can be marked by nobody else meanwhile. */
export function isUnderWay(state: SendingState) {
  return state === 'waiting' || state === 'unknown' || state === 'pending'
}

export type Standing = {
  keyNumber: number
  doubtSince: string | null
  lastSentAt: string | null
  tries: number
  handle: string | null
}
export type Next = Standing & { state: SendingState; detail: string | null; nextAt: Date | null }

/**
 * What becomes of a sending, by what was done and what the provider says of it. Where an earlier call under the same key may
 * have moved the money (`inDoubt`, before this act), a refusal or a failure of this one says nothing about that one, and it
 * stays unknown. A key whose only call (`isFirst`) has moved nothing is not used again: providers repeat what they once
 * answered to it. One under which more was tried is kept, because it alone makes the same of whatever may still arrive.
 */
export function nextOf(
  act: 'send' | 'look_up',
  said: Said,
  before: Standing & { inDoubt: boolean; isFirst: boolean },
  now: Date,
): Next {
  const { keyNumber, doubtSince, lastSentAt, handle } = before
  const tries = before.tries + 1
  const same = { keyNumber, doubtSince, lastSentAt, handle, tries }
  const sure = { ...same, doubtSince: null }
  const open = () => {
    const nextAt = after(now, LOOK_UP_S, tries)
    return { ...same, state: 'unknown' as const, detail: reasonOf(said), nextAt }
  }
  switch (said.outcome) {
    case 'done':
      return { ...sure, state: 'paid', detail: null, nextAt: null }
    case 'pending': {
      // What moves on is asked after soon again.
      const count = handle === said.handle ? tries : 1
      const nextAt = after(now, LOOK_UP_S, count)
      return { ...sure, handle: said.handle, tries: count, state: 'pending', detail: said.reason, nextAt }
    }
    case 'refused':
      if (act === 'send' && before.inDoubt) return open()
      return { ...sure, state: 'failed', detail: said.reason, nextAt: null }
    case 'not_sent': {
      if (before.inDoubt) return open()
      const nextAt = tries > RETRIES ? null : after(now, RETRY_S, tries)
      const state = nextAt ? 'waiting' : 'stopped'
      const key = before.isFirst ? { keyNumber: keyNumber + 1, lastSentAt: null } : { keyNumber, lastSentAt }
      return { ...sure, ...key, state, detail: said.reason, nextAt }
    }
    case 'absent':
      return { ...sure, state: 'waiting', detail: said.reason, nextAt: now }
    case 'repeatable':
      return { ...same, state: 'waiting', detail: said.reason, nextAt: now }
    case 'unknown':
      if (handle !== null) return { ...same, state: 'pending', detail: said.reason, nextAt: after(now, LOOK_UP_S, tries) }
      return open()
  }
}

// Soon at first, because most are there; later every hour, and after a day four times a day, for as long as it takes.
const LOOK_UP_S = [30, 60, 120, 300, 900, 1_800, ...Array<number>(22).fill(3_600), 21_600]
const RETRY_S = [60, 300, 900, 1_800, 3_600]
/** A day, more or less. */
const RETRIES = 26

function after(now: Date, seconds: number[], tries: number) {
  const wait = seconds[Math.min(tries, seconds.length) - 1] ?? 0
  return new Date(now.getTime() + wait * 1_000)
}

const reasonOf = (said: Said) => ('reason' in said ? said.reason : null)
