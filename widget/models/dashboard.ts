import { batch, computed, signal } from '@preact/signals'
import type { Api } from '../api.ts'
import { type Dashboard as Reply, dashboard as read } from '../dashboard-reply.ts'
import type { Emit } from '../element.ts'
import { Failure } from '../failure.ts'
import { type Beside, plot, pointsOf } from './plot.ts'

export type Range = 7 | 30 | 90 | 365
export type Tab = 'overview' | 'payouts' | 'links' | 'deals' | 'settings'

const FRESH_MS = 5 * 60_000
const FIRST_LINES = 8

/** A partner's figures, the time they cover, and what of them is being looked at. */
export function dashboard(api: Api, around: { emit: Emit; reply: unknown; deactivated: () => void }) {
  const reply = signal<Reply>(read(around.reply))
  const range = signal<Range>(30)
  const waiting = signal(false)
  const failure = signal<Failure | undefined>()
  const pointed = signal<number | undefined>()
  const beside = signal<Beside>('conversions')
  const tab = signal<Tab>('overview')
  const lines = signal(FIRST_LINES)
  const drawn = computed(() => plot(pointsOf(reply.value.series), beside.value))
  let loadedAt = Date.now()
  let turn = 0

  async function load(days = range.peek()) {
    const current = ++turn
    waiting.value = true
    try {
      const fresh = read(await api.dashboard(days))
      if (current !== turn) return
      loadedAt = Date.now()
      batch(() => {
        reply.value = fresh
        range.value = days
        failure.value = undefined
        pointed.value = undefined
      })
    } finally {
      if (current === turn) waiting.value = false
    }
  }

  async function show(days: Range) {
    try {
      await load(days)
    } catch (error) {
      const refused = Failure.from(error)
      if (refused.code === 'partner_deactivated') return around.deactivated()
      failure.value = refused
      around.emit('error', { code: refused.code })
    }
  }

  return {
    reply,
    range,
    waiting,
    failure,
    pointed,
    beside,
    tab,
    lines,
    drawn,
    load: () => load(),
    show,
    retry: () => void show(range.peek()),
    /** Figures that somebody has had before them for a while are fetched again. */
    refresh() {
      if (Date.now() - loadedAt > FRESH_MS && !waiting.peek()) void load().catch(() => {})
    },
    point(index: number | undefined) {
      pointed.value = index
    },
    more() {
      lines.value += 20
    },
    /** What somebody has just changed, so that it stands there before the figures are fetched again. */
    change(part: Partial<Pick<Reply, 'codes' | 'deals'>>) {
      reply.value = { ...reply.peek(), ...part }
    },
    deactivated: around.deactivated,
  }
}

export type Dashboard = ReturnType<typeof dashboard>
