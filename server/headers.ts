import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
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

const exposed = ['idempotency-replayed', 'ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id']
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

/** The same for a click: the request's id, that the answer is data, and whether the page that sent it may read it. */
export function answerHeaders({ asked, origin }: { asked: string | undefined; origin: string | undefined }, isKnown: boolean) {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-request-id': asked && asked.length <= 255 && !/[^\w\-=]/.test(asked) ? asked : randomUUID(),
    ...api,
    ...forPages,
  }
  if (origin && isKnown) headers['access-control-allow-origin'] = origin
  return headers
}

export function isAllowed(origin: string, { origins }: Known, { publicUrl }: Server) {
  return origins.has(origin) || origin === new URL(publicUrl).origin
}
