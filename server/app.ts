import { type Context, Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { openAPIRouteHandler } from 'hono-openapi'
import type { Logger } from 'pino'
import { assets } from './assets.ts'
import { boundBody } from './body.ts'
import type { Server } from './door.ts'
import { allowedOrigins, securityHeaders } from './headers.ts'
import { accessLog } from './log.ts'
import { plainPages } from './pages/plain.ts'
import { setUpPage } from './pages/set-up.ts'
import { Problem } from './problem.ts'
import { partnerRoutes } from './routes/api/v1/partners.ts'
import { health } from './routes/health.ts'
import { referrals } from './routes/referrals.ts'
import { affiliate } from './routes/v1/affiliate.ts'
import { affiliateSession } from './routes/v1/affiliate-session.ts'
import { applicationRoutes } from './routes/v1/applications.ts'
import { apps } from './routes/v1/apps.ts'
import { auth } from './routes/v1/auth.ts'
import { conversionRoutes } from './routes/v1/conversions.ts'
import { customerRoutes } from './routes/v1/customers.ts'
import { referralRoutes } from './routes/v1/referrals.ts'
import { TooManyClicks } from './store/clicks.ts'
import { isUnavailable } from './store/database.ts'

/** The whole API in one screen. Handlers stand under their whole path, so that a path leads to its handler. */
export function app(server: Server, { log, built, snippetPath }: { log: Logger; built: URL; snippetPath: string }) {
  const all = new Hono()
  // Before the layers, whose work it does itself: it is asked ten thousand times for each time that another route is.
  all.route('/', referrals(server, log))
  all.use(requestId(), accessLog(log), securityHeaders())
  all.use(async (c, next) => {
    await boundBody(c)
    await next()
  })

  const browserFiles = assets(built, snippetPath)
  all.route('/', browserFiles.routes)
  // Before anything that asks the database: without one the process is still alive.
  all.route('/', health(server))
  all.use(allowedOrigins(server))
  all.use(
    methodNotAllowed({
      app: all,
      onMethodNotAllowed: (c, methods) => told(c, new Problem('method_not_allowed', { headers: { allow: methods.join(', ') } })),
    }),
  )

  all.route('/', auth(server))
  all.route('/', apps(server))
  all.route('/', applicationRoutes(server))
  all.route('/', affiliate(server))
  all.route('/', affiliateSession(server))
  all.route('/', partnerRoutes(server))
  all.route('/', customerRoutes(server))
  all.route('/', referralRoutes(server))
  all.route('/', conversionRoutes(server))
  all.route('/', plainPages())
  all.route('/', setUpPage(server))
  all.get(
    '/openapi.json',
    openAPIRouteHandler(all, {
      documentation,
      defaultValidationErrorResponse: false,
      exclude: [...browserFiles.names, '/', '/docs/problems', '/setup/{token}'],
    }),
  )

  all.notFound(c => told(c, new Problem('not_found')))
  all.onError((error, c) => told(c, problemOf(error, log, c)))
  return all
}

function problemOf(error: Error, log: Logger, c: Context) {
  if (error instanceof Problem) return error
  if (error instanceof TooManyClicks || isUnavailable(error)) {
    log.warn({ err: error, requestId: c.get('requestId') }, 'The database cannot answer')
    return Problem.later('unavailable', 2)
  }
  log.error({ err: error, requestId: c.get('requestId'), route: c.req.routePath, method: c.req.method }, 'A request failed')
  return new Problem('internal')
}

function told(c: Context, problem: Problem) {
  return c.body(JSON.stringify(problem.body()), problem.status as 400, {
    'content-type': 'application/problem+json',
    ...problem.headers,
  })
}

const documentation = {
  openapi: '3.1.0',
  info: {
    title: 'Mislata',
    version: '0.1.0',
    description: 'A partner programme: clicks, applications, partners, referrals, commissions.',
    license: { name: 'MIT' },
  },
  components: {
    securitySchemes: {
      apiKey: { type: 'apiKey' as const, in: 'header' as const, name: 'x-api-key' },
      bearer: { type: 'http' as const, scheme: 'bearer' },
    },
  },
}
