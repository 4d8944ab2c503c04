import type { MiddlewareHandler } from 'hono'
import { type Logger, pino } from 'pino'

/** Lines of JSON on standard output. Whatever could let somebody in, or tell who somebody is, is taken out. */
export function logger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
    redact: {
      paths: ['password', 'token', 'key', 'secret', 'email', 'authorization', '*.password', '*.token', '*.key', '*.secret', '*.email', '*.authorization', 'err.parameters', 'err.detail', 'err.where'],
      censor: '[redacted]',
    },
  })
}

/** One line a request: the route, not the address, because addresses can hold tokens. Clicks only at `debug`. */
export function accessLog(log: Logger): MiddlewareHandler {
  return async (c, next) => {
    const startedAt = performance.now()
    await next()
    const quiet = c.req.path === '/referrals/click' || c.req.path === '/healthz' || c.req.path === '/readyz'
    if (!log.isLevelEnabled(quiet ? 'debug' : 'info')) return
    const line = { method: c.req.method, route: c.req.routePath, status: c.res.status, ms: Math.round(performance.now() - startedAt), requestId: c.get('requestId') }
    log[quiet ? 'debug' : 'info'](line, 'request')
  }
}
