import { randomUUID } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { Server } from './door.ts'
import type { Known } from './store/directory.ts'

// What every answer says beside its content. Layers say it for all routes but one: the answer to a click is one plain
// record of the same headers, because that is written out in a tenth of the time.

const api = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

const exposed = ['ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id']
const forPages = { 'access-control-expose-headers': exposed.join(','), vary: 'Origin' }

/** An answer of the API is data: it is not kept, not framed, not guessed at. Pages say more for themselves. */
export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const { headers } = c.res
    for (const [name, value] of Object.entries(api)) if (!headers.has(name)) headers.set(name, value)
  }
}

/** Pages of a program's own origins may read answers; the route then asks whether it is the right program. */
export function allowedOrigins(server: Server) {
  return cors({
    origin: async origin => (isAllowed(origin, await server.desk.directory.current(), server) ? origin : null),
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-api-key', 'x-application-token'],
    exposeHeaders: exposed,
    maxAge: 600,
  })
}

/** The same for a click: the request's id, and that the answer is data. */
export function answerHeaders(c: Context): Record<string, string> {
  const asked = c.req.header('x-request-id')
  const requestId = asked && asked.length <= 255 && !/[^\w\-=]/.test(asked) ? asked : randomUUID()
  c.set('requestId', requestId)
  return { 'content-type': 'application/json', 'x-request-id': requestId, ...api }
}

/** The same for a click: whether the page that sent it may read the answer. */
export function allowOrigin(c: Context, headers: Record<string, string>, known: Known, server: Server) {
  const origin = c.req.header('origin')
  if (origin && isAllowed(origin, known, server)) headers['access-control-allow-origin'] = origin
  Object.assign(headers, forPages)
}

function isAllowed(origin: string, { origins }: Known, { publicUrl }: Server) {
  return origins.has(origin) || origin === new URL(publicUrl).origin
}
