import { postgresCommit } from './clicks-postgres.ts'
import { sqliteCommit } from './clicks-sqlite.ts'
import type { Database } from './database.ts'
import type { Db } from './schema.ts'

/** A click as it is handed over: cleaned, but not yet known to lead anywhere. The address never reaches a row. */
export type NewClick = {
  id: string
  programId: string
  codeFold: string
  at: string
  /** The calendar day in the program's time zone. */
  day: string
  address: string
  userAgent: string
  bot: boolean
  url: string | null
  referrer: string | null
  campaign: string | null
}

/** Stores a batch in one transaction and tells the id that each click has: its own, or that of the click it repeats. */
export type CommitClicks = { commit(clicks: NewClick[]): Promise<string[]>; close(): Promise<void> }

/** One commit: how many clicks it held, how many of them repeated another, whether it failed, and how long it took. */
export type Batch = { size: number; repeated: number; failed: boolean; seconds: number }

export type ClickWriter = {
  write(click: NewClick): Promise<string>
  /** Clicks that wait for a commit now, and those that were ever sent away because too many did. */
  state(): { queued: number; refused: number }
  /** Tells of each commit from now on. */
  watch(watcher: (batch: Batch) => void): void
  close(): Promise<void>
}

type Waiting = { click: NewClick; resolve(id: string): void; reject(error: unknown): void }

export class TooManyClicks extends Error {}

const LONGEST_QUEUE = 20_000
const LARGEST_BATCH = 500
/** While several come at a time, commits begin this far apart, or sooner where so many wait: each costs as much as ten clicks. */
const APART_MS = 4
const ENOUGH = 16

/**
 * Stores clicks in groups: one commit is under way, whatever arrives meanwhile is the next one. A click that comes alone
 * waits for nothing, one of several at most for `APART_MS`.
 * `write` resolves after the commit that holds its click, with the id under which it is known; it rejects with
 * `TooManyClicks` when the disk has fallen so far behind that waiting would only use up memory. `rememberAtMost` clicks of
 * an hour are told apart in memory on SQLite, more on disk.
 */
export function clickWriter(database: Database, { rememberAtMost = 1_000_000 } = {}): ClickWriter {
  const store = database.engine === 'sqlite' ? sqliteCommit(database, rememberAtMost) : postgresCommit(database)
  let waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let refused = 0
  let watcher: ((batch: Batch) => void) | null = null
  let enough: (() => void) | null = null

  async function run() {
    // Requests that were read in this turn of the event loop go together; this waits for nothing else.
    await new Promise(resolve => setImmediate(resolve))
    for (let flying = takeOff(); flying; ) {
      const { batch, startedAt }: Flying = flying
      const outcome = await flying.outcome
      const waitMs = batch.length > 1 || waiting.length > 1 ? startedAt + APART_MS - performance.now() : 0
      // What has gathered goes first: the disk is at work again while the answers are written.
      flying = waitMs > 0 && waiting.length < ENOUGH ? null : takeOff()
      land(batch, outcome)
      watcher?.({ ...summed(batch, outcome), seconds: (performance.now() - startedAt) / 1000 })
      if (flying || waitMs <= 0) continue
      await new Promise<void>(resolve => {
        enough = resolve
        setTimeout(resolve, waitMs)
      })
      enough = null
      flying = takeOff()
    }
    running = null
  }

  function takeOff(): Flying | null {
    if (!waiting.length) return null
    const batch = waiting.slice(0, LARGEST_BATCH)
    waiting = waiting.slice(LARGEST_BATCH)
    const outcome = store.commit(batch.map(each => each.click)).then(
      ids => ({ ids }),
      (error: unknown) => ({ error }),
    )
    return { batch, outcome, startedAt: performance.now() }
  }

  return {
    write(click) {
      if (waiting.length >= LONGEST_QUEUE) {
        refused++
        return Promise.reject(new TooManyClicks())
      }
      return new Promise((resolve, reject) => {
        waiting.push({ click, resolve, reject })
        running ??= run()
        if (waiting.length >= ENOUGH) enough?.()
      })
    },
    state: () => ({ queued: waiting.length, refused }),
    watch(next) {
      watcher = next
    },
    async close() {
      enough?.()
      await running
      await store.close()
    },
  }
}

type Outcome = { ids: string[] } | { error: unknown }
type Flying = { batch: Waiting[]; outcome: Promise<Outcome>; startedAt: number }

function summed(batch: Waiting[], outcome: Outcome) {
  if ('error' in outcome) return { size: batch.length, repeated: 0, failed: true }
  const repeated = batch.filter(({ click }, i) => outcome.ids[i] !== click.id).length
  return { size: batch.length, repeated, failed: false }
}

function land(batch: Waiting[], outcome: Outcome) {
  for (const [i, { click, resolve, reject }] of batch.entries()) {
    if ('error' in outcome) reject(outcome.error)
    else resolve(outcome.ids[i] ?? click.id)
  }
}

/** One click that led to a partner; bots' clicks are on record but count for nothing. */
export function byId(db: Db, programId: string, id: string) {
  return db
    .selectFrom('clicks')
    .selectAll()
    .where('id', '=', id)
    .where('programId', '=', programId)
    .where('ignored', 'is', null)
    .executeTakeFirst()
}

/** Forgets who clicked before the hour of `before`, and the keys that told visitors apart then. */
export async function forgetVisitors(db: Db, before: string) {
  await db.deleteFrom('recentClicks').where('dedupe', '<', before.slice(0, 13)).execute()
  await db.deleteFrom('dayKeys').where('day', '<', before.slice(0, 10)).execute()
}
