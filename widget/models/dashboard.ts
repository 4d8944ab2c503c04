import { batch, computed, createModel, signal } from '@preact/signals'
import type { Api } from '../api.ts'
import { type Dashboard as Reply, dashboard as read } from '../dashboard-reply.ts'
import type { Emit } from '../element.ts'
import { Failure } from '../failure.ts'
import { plot, pointsOf } from './plot.ts'

export type Range = 7 | 30 | 90 | 365

const FRESH_MS = 5 * 60_000
const FIRST_LINES = 8

/** A partner's figures, the time they cover, and what of them is being looked at. */
export const Dashboard = createModel((api: Api, around: { emit: Emit; reply: unknown; deactivated: () => void }) => {
  const reply = signal<Reply>(read(around.reply))
  const range = signal<Range>(30)
  const waiting = signal(false)
  const failure = signal<Failure | undefined>()
  const pointed = signal<number | undefined>()
  const copying = signal<'copied' | 'by-hand' | undefined>()
  const lines = signal(FIRST_LINES)
  const drawn = computed(() => plot(pointsOf(reply.value.series)))
  let loadedAt = Date.now()
  let turn = 0
  let confirming: ReturnType<typeof setTimeout> | undefined

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
    copying,
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
    /** Tells that the link was copied or, where the browser refuses, that it waits selected. */
    copied(text: string, byHand: boolean) {
      copying.value = byHand ? 'by-hand' : 'copied'
      clearTimeout(confirming)
      if (byHand) return
      confirming = setTimeout(() => {
        copying.value = undefined
      }, 2500)
      around.emit('copied', { text })
    },
  }
})

export type Dashboard = InstanceType<typeof Dashboard>
