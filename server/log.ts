import type { MiddlewareHandler } from 'hono'
import { type Logger, type LoggerOptions, pino } from 'pino'

/** Lines of JSON on standard output, plain sentences on a terminal. Whatever could let somebody in is taken out. */
export function logger(level: string): Logger {
  const destination = process.stdout.isTTY ? { write: (line: string) => process.stdout.write(forPeople(line)) } : process.stdout
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
    redact: {
      paths: [
        'password',
        'token',
        'key',
        'secret',
        'email',
        'authorization',
        '*.password',
        '*.token',
        '*.key',
        '*.secret',
        '*.email',
        '*.authorization',
        'err.parameters',
        'err.detail',
        'err.where',
      ],
      censor: '[redacted]',
    },
  }
  return pino(options, destination)
}

function forPeople(line: string) {
  const { time, level, msg, err, requestId: _, ...rest } = JSON.parse(line)
  const facts = Object.entries(rest).map(([name, value]) => `${name} ${value}`)
  const mark = level === 'info' || level === 'debug' ? '' : `${String(level).toUpperCase()} `
  return `${time.slice(11, 19)}  ${mark}${[msg, ...facts].join(' · ')}\n${err?.stack ? `${err.stack}\n` : ''}`
}

/** One line a request: the route, not the address, because addresses can hold tokens. Clicks only at `debug`. */
export function accessLog(log: Logger): MiddlewareHandler {
  return async (c, next) => {
    const startedAt = performance.now()
    await next()
    const quiet =
      c.req.path === '/referrals/click' || c.req.path === '/healthz' || c.req.path === '/readyz' || c.req.path === '/metrics'
    if (!log.isLevelEnabled(quiet ? 'debug' : 'info')) return
    const line = {
      method: c.req.method,
      route: c.req.routePath,
      status: c.res.status,
      ms: Math.round(performance.now() - startedAt),
      requestId: c.get('requestId'),
    }
    log[quiet ? 'debug' : 'info'](line, 'request')
  }
}
