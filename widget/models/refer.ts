import { batch, effect, signal, untracked } from '@preact/signals'
import type { InferOutput } from 'valibot'
import type { MyReferralEvents, MyReferrals } from '../../server/contract/rewards.ts'
import { type Api, type Program, program } from '../api.ts'
import { whileWatched } from '../attention.ts'
import type { Emit, Settings } from '../element.ts'
import { Failure } from '../failure.ts'
import { flag, link, list, nullable, number, optional, shape, text, time, word } from '../reading.ts'

type Mine = InferOutput<typeof MyReferrals>
export type Refer = Pick<Mine, 'code' | 'shareUrl' | 'stats'> & {
  program: Program
  rewards: Pick<Mine['rewards'], 'enabled' | 'referrerCredits' | 'referredCredits' | 'maxPerReferrer'> & { qualifyOn: string }
}
type SentEvent = InferOutput<typeof MyReferralEvents>['data'][number]
export type Event = Pick<SentEvent, 'id' | 'role' | 'status' | 'campaign' | 'createdAt'> & {
  reward?: { credits: number; status: string }
}

const mine = shape<Refer>({
  code: text,
  shareUrl: link,
  program,
  rewards: shape<Refer['rewards']>({
    enabled: flag,
    referrerCredits: number,
    referredCredits: number,
    qualifyOn: text,
    maxPerReferrer: nullable(number),
  }),
  stats: shape<Refer['stats']>({
    clicks: number,
    signups: number,
    qualified: number,
    rewarded: number,
    pending: number,
    capped: number,
    creditsEarned: number,
  }),
})
const events = shape<{ data: Event[] }>({
  data: list(
    shape<Event>({
      id: text,
      role: word('referrer', 'referred'),
      status: word('attributed', 'qualified', 'review', 'rewarded', 'capped', 'rejected', 'reversed'),
      campaign: nullable(text),
      createdAt: time,
      reward: optional(shape<NonNullable<Event['reward']>>({ credits: number, status: text })),
    }),
  ),
})

const FRESH_MS = 60_000
const FIRST_LINES = 8

export type Place =
  | { at: 'loading' | 'signed-out' }
  | { at: 'shown'; refer: Refer; events: Event[] }
  | { at: 'failed'; failure: Failure }

/** A customer's own code, what it promises and what it has brought. */
export function referrals(api: Api, { settings, emit }: { settings: Settings; emit: Emit }) {
  const place = signal<Place>({ at: 'loading' })
  /** The figures that are shown could not be renewed. */
  const stale = signal<Failure | undefined>()
  const lines = signal(FIRST_LINES)
  let loadedAt = 0
  let turn = 0
  let ready = false

  function settle(found: Place) {
    batch(() => {
      place.value = found
      stale.value = undefined
    })
    if (!ready) emit('ready', {})
    ready = true
  }

  /** `quietly`: what is shown stays until something newer is known. */
  async function look(quietly = false) {
    const current = ++turn
    if (!quietly) place.value = { at: 'loading' }
    if (!settings.identity.peek()) return settle({ at: 'signed-out' })
    try {
      const [me, all] = await Promise.all([api.ask('GET', '/referrals/me'), api.ask('GET', '/referrals/me/events?limit=100')])
      const found = { at: 'shown' as const, refer: mine(me), events: events(all).data }
      if (current !== turn) return
      loadedAt = Date.now()
      settle(found)
    } catch (error) {
      const failure = Failure.from(error)
      if (current !== turn) return
      if (failure.code === 'signed_out') return settle({ at: 'signed-out' })
      if (quietly && place.peek().at === 'shown') stale.value = failure
      else place.value = { at: 'failed', failure }
      emit('error', { code: failure.code })
    }
  }

  const stopWatching = whileWatched(() => {
    const now = place.peek()
    if (now.at === 'shown' && Date.now() - loadedAt > FRESH_MS) void look(true)
    else if (now.at === 'failed' && ['offline', 'unreachable'].includes(now.failure.code)) void look()
  })

  // The host has renewed the token of a session that had ended.
  const stopWaiting = effect(() => {
    if (!settings.token.value) return
    untracked(() => {
      const now = place.peek()
      const ended = now.at === 'failed' ? now.failure : stale.peek()
      if (ended?.code === 'session_ended') void look(now.at === 'shown')
    })
  })

  return {
    place,
    stale,
    lines,
    look,
    retry: () => void look(),
    renew: () => void look(true),
    more() {
      lines.value += 20
    },
    leave() {
      stopWatching()
      stopWaiting()
    },
  }
}

export type Referrals = ReturnType<typeof referrals>
