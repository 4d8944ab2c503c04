import type { MiddlewareHandler } from 'hono'
import type { Instruments } from './instruments.ts'
import type { Desk } from './program/desk.ts'

export type Metrics = ReturnType<typeof metrics>

/**
 * What goes on here, in figures. Counting begins when somebody asks for the first time: a server that nobody watches does
 * not even load what counts. Requests go by their route, never by their address, which can hold what is nobody's business.
 */
export function metrics(desk: Desk) {
  let loading: Promise<Instruments> | undefined
  let instruments: Instruments | undefined

  return {
    requests(): MiddlewareHandler {
      return async (c, next) => {
        if (!instruments) return next()
        const startedAt = performance.now()
        await next()
        const { method, routePath: route } = c.req
        instruments.request({ method, route, status: c.res.status, seconds: since(startedAt) })
      }
    },

    /** Runs a job's turn, and takes the time that it takes. */
    async job(name: string, run: () => Promise<void>) {
      const startedAt = performance.now()
      const ended = (outcome: 'done' | 'failed') => instruments?.job({ name, outcome, seconds: since(startedAt) })
      try {
        await run()
        ended('done')
      } catch (error) {
        ended('failed')
        throw error
      }
    },

    /** Counts an attempt at a payout. */
    sending(attempted: { provider: string; act: string; outcome: string }) {
      instruments?.sending(attempted)
    },

    /** Counts clicks that are kept no longer. */
    forgotten(clicks: number) {
      instruments?.forgotten(clicks)
    },

    /** All figures as Prometheus reads them. */
    async text() {
      loading ??= import('./instruments.ts').then(loaded => loaded.instruments(desk))
      instruments = await loading
      return instruments.text()
    },
  }
}

const since = (startedAt: number) => (performance.now() - startedAt) / 1000
