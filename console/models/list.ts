import { batch, computed, effect, type Signal, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { ask, withQuery } from '../api.ts'
import { Failure } from '../failure.ts'
import { beginOf } from './days.ts'
import { goQuery, place } from './place.ts'

export type ListOf = {
  /** Where the server has it, such as `/v1/apps/prog_1/commissions`. */
  path: string
  /** How the server hands it out: by `page` and `per_page`, by `cursor` and `limit`, or whole. */
  paging: 'page' | 'cursor' | 'whole'
  /** What somebody may ask of it. The names stand in the page's address, and go to the server as they are. */
  filters?: readonly string[]
  /** What is asked where the address says nothing. `all` in the address asks for everything. */
  defaults?: Record<string, string>
  /** The filters `from` and `to` are days of a time zone, both of them meant whole; the server is asked in points of time. */
  daysIn?: string
  /** What is asked always. */
  fixed?: Record<string, string>
  /** Rows at a time; 25 where nothing is said. */
  size?: number
  /** Filters are kept by the list instead of the address: for one of several on a page. */
  apart?: boolean
  /** Which field a row is known by; `id` where nothing is said. */
  key?: string
}

type Reply<Row> = { data: Row[]; total?: number; nextCursor?: string | null }
type Held<Row> = { rows: Row[]; total: number | undefined; cursor: string | null; at: number }

// What was shown lately, so that going back finds it as it was left.
const kept = new Map<string, Held<unknown>>()
const KEPT = 30
const FRESH_MS = 60_000

/** A list of the server's, as much of it as is shown, and what of it is chosen. */
export function list<Row>(of: ListOf) {
  const { path, paging, filters = [], defaults = {}, fixed = {}, size = 25, apart = false } = of
  const idOf = (row: Row) => String((row as Record<string, unknown>)[of.key ?? 'id'])
  const own = signal<Record<string, string | undefined>>({})
  const held = signal<Held<Row> | undefined>(undefined)
  const waiting = signal(false)
  const failure = signal<Failure | undefined>(undefined)
  const chosen = signal<ReadonlySet<string>>(new Set())
  let turn = 0

  const given = (name: string) => (apart ? own.value[name] : place.value.query.get(name)) ?? defaults[name] ?? ''
  const sent = (name: string) => {
    const value = given(name) === 'all' ? '' : given(name)
    if (!of.daysIn || (name !== 'from' && name !== 'to')) return value
    return beginOf(value, of.daysIn, name === 'to' ? 1 : 0) ?? value
  }
  const wanted = () => Object.fromEntries(filters.map(name => [name, sent(name)]))
  const page = computed(() => (paging === 'page' ? Math.max(1, Number(given('page')) || 1) : 1))
  const asked = computed(() => {
    const paged = paging === 'page' ? { page: page.value, per_page: size } : paging === 'cursor' ? { limit: size } : {}
    return withQuery(path, { ...fixed, ...wanted(), ...paged })
  })

  async function load({ quietly = false } = {}) {
    const url = asked.peek()
    const current = ++turn
    const known = kept.get(url) as Held<Row> | undefined
    batch(() => {
      if (known && !quietly) held.value = known
      waiting.value = !quietly
      failure.value = undefined
    })
    if (known && !quietly && place.peek().turn === 'back' && Date.now() - known.at < FRESH_MS) {
      waiting.value = false
      return
    }
    try {
      const { data, total, nextCursor = null } = await ask<Reply<Row>>('GET', url)
      if (current !== turn) return
      batch(() => {
        keep(url, { rows: data, total, cursor: nextCursor, at: Date.now() })
        // What is no longer shown is no longer meant.
        const ids = new Set(data.map(idOf))
        if ([...chosen.peek()].some(id => !ids.has(id))) chosen.value = new Set([...chosen.peek()].filter(id => ids.has(id)))
      })
    } catch (error) {
      if (current !== turn) return
      batch(() => {
        if (!quietly) held.value = undefined
        failure.value = Failure.from(error)
      })
    } finally {
      if (current === turn) waiting.value = false
    }
  }

  function keep(url: string, next: Held<Row>) {
    held.value = next
    kept.delete(url)
    kept.set(url, next)
    if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? '')
  }

  function change(rows: (rows: Row[]) => Row[]) {
    const now = held.peek()
    if (now) keep(asked.peek(), { ...now, rows: rows(now.rows) })
  }

  return {
    idOf,
    paging,
    size,
    rows: computed(() => held.value?.rows),
    total: computed(() => held.value?.total),
    hasMore: computed(() => !!held.value?.cursor),
    page,
    waiting: waiting as Signal<boolean>,
    failure: failure as Signal<Failure | undefined>,
    chosen,
    /** True where somebody has asked for less than everything. */
    isFiltered: computed(() => filters.some(name => name !== 'sort' && given(name) !== (defaults[name] ?? ''))),
    /** What a filter stands at; empty where it asks for nothing. */
    filter: given,
    set(change: Record<string, string | undefined>) {
      const all = { page: undefined, ...change }
      if (!apart) return goQuery(all)
      own.value = { ...own.peek(), ...all }
    },
    clear() {
      this.set(Object.fromEntries(filters.map(name => [name, undefined])))
    },
    /** The whole of it with the same filters, as the server writes it for a spreadsheet. */
    csv: (from = path) => withQuery(from, { ...fixed, ...wanted(), ...(!from.includes('format=') && { format: 'csv' }) }),
    load,
    /** The next rows below those that are shown. */
    async more() {
      const now = held.peek()
      if (!now?.cursor || waiting.peek()) return
      const current = ++turn
      waiting.value = true
      try {
        const next = await ask<Reply<Row>>('GET', withQuery(asked.peek(), { cursor: now.cursor }))
        if (current !== turn) return
        keep(asked.peek(), { ...now, rows: [...now.rows, ...next.data], cursor: next.nextCursor ?? null })
      } catch (error) {
        if (current === turn) failure.value = Failure.from(error)
      } finally {
        if (current === turn) waiting.value = false
      }
    },
    /** What is now known of one row, without asking for all of them again. */
    patch: (id: string, known: Partial<Row>) => change(rows => rows.map(row => (idOf(row) === id ? { ...row, ...known } : row))),
    choose(ids: string[], on: boolean) {
      const next = new Set(chosen.peek())
      for (const id of ids) on ? next.add(id) : next.delete(id)
      chosen.value = next
    },
    /** Reads it whenever what is asked changes; the answer stops that. */
    start() {
      return effect(() => {
        void asked.value
        void load()
      })
    },
  }
}

export type List<Row> = ReturnType<typeof list<Row>>

/** A list for as long as a component shows it. It is another where what it is of is another. */
export function useList<Row>(of: ListOf): List<Row> {
  const key = JSON.stringify(of)
  const model = useMemo(() => list<Row>(JSON.parse(key)), [key])
  useEffect(() => model.start(), [model])
  return model
}
