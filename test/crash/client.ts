import type { Chance } from './chance.ts'
import type { Installation } from './installation.ts'

/** What a caller wants done. Sent again, it is the same: by its natural key, by its `Idempotency-Key`, or by both. */
export type Act = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  path: string
  headers?: Record<string, string>
  /** Sent as `Idempotency-Key`. */
  key?: string
  body?: unknown
  /** In place of a body that is made into JSON. */
  raw?: string
}

export type Reply = { status: number; text: string; body: any; isReplay: boolean; isRetried: boolean }

// Of a machine that has other things to do, too.
const PATIENCE_MS = 100_000
const TIMEOUT_MS = 40_000

/**
 * A caller as it should be: what was not acknowledged it sends again, the same, until it is. With `mayGiveUp` it dies, as
 * callers do, where the server has: then nobody knows what became of what it wanted, and the answer is undefined.
 */
export function client(installation: Installation, chance: Chance) {
  return async (act: Act, { mayGiveUp = false } = {}): Promise<Reply | undefined> => {
    const { method, path, key, raw } = act
    const body = raw ?? (act.body === undefined ? undefined : JSON.stringify(act.body))
    const headers = {
      ...(act.body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...act.headers,
    }
    const until = performance.now() + PATIENCE_MS
    const outcomes = new Map<string, number>()
    const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    for (let attempt = 1; ; attempt++) {
      if (performance.now() > until) throw new Error(`${method} ${path} was not answered: ${JSON.stringify([...outcomes])}`)
      const url = await installation.url(chance.one)
      try {
        const signal = AbortSignal.timeout(TIMEOUT_MS)
        const reply = await fetch(url + path, { method, headers, signal, ...(body !== undefined && { body }) })
        const text = await reply.text()
        if (reply.status < 500 && !text.includes('"idempotency_in_flight"')) {
          const isReplay = reply.headers.has('idempotency-replayed')
          return { status: reply.status, text, body: text ? JSON.parse(text) : undefined, isReplay, isRetried: attempt > 1 }
        }
        count(String(reply.status))
        if (reply.status >= 500 && reply.status !== 503)
          throw new Failed(`${method} ${path} was answered ${reply.status} ${text}`)
      } catch (error) {
        if (error instanceof Failed) throw error
        if (mayGiveUp) return undefined
        const { name, cause } = error as { name: string; cause?: { code?: string } }
        count(cause?.code ?? name)
      }
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
}

class Failed extends Error {}

export type Client = ReturnType<typeof client>
