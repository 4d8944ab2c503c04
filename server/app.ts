import { type Context, Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import type { Logger } from 'pino'
import { assets } from './assets.ts'
import { boundBody } from './body.ts'
import { csvLists } from './csv.ts'
import type { Server } from './door.ts'
import { allowedOrigins, securityHeaders } from './headers.ts'
import { accessLog } from './log.ts'
import { type Metrics, metrics } from './metrics.ts'
import { openapi } from './openapi/document.ts'
import { consolePages } from './pages/console.ts'
import { consoleInvitePage } from './pages/console-invite.ts'
import { docsPage } from './pages/docs.ts'
import { plainPages } from './pages/plain.ts'
import { portalPages } from './pages/portal.ts'
import { setUpPage } from './pages/set-up.ts'
import { Problem } from './problem.ts'
import { adminReferrals } from './routes/admin/referrals.ts'
import { partnerApi } from './routes/api/v1/partner-api.ts'
import { partnerRoutes } from './routes/api/v1/partners.ts'
import { health } from './routes/health.ts'
import { mcp } from './routes/mcp.ts'
import { metricsRoute } from './routes/metrics.ts'
import { myReferrals } from './routes/referrals/me.ts'
import { referrals } from './routes/referrals.ts'
import { adminRoutes } from './routes/v1/admins.ts'
import { affiliate } from './routes/v1/affiliate.ts'
import { affiliateApiKeys } from './routes/v1/affiliate-api-keys.ts'
import { affiliateCodes } from './routes/v1/affiliate-codes.ts'
import { affiliateDeals } from './routes/v1/affiliate-deals.ts'
import { affiliatePayoutSettings } from './routes/v1/affiliate-payout-settings.ts'
import { affiliatePortal } from './routes/v1/affiliate-portal.ts'
import { affiliateSession } from './routes/v1/affiliate-session.ts'
import { affiliateWebhooks } from './routes/v1/affiliate-webhooks.ts'
import { applicationRoutes } from './routes/v1/applications.ts'
import { apps } from './routes/v1/apps.ts'
import { auditRoutes } from './routes/v1/audit.ts'
import { auth } from './routes/v1/auth.ts'
import { authMe } from './routes/v1/auth-me.ts'
import { authTotp } from './routes/v1/auth-totp.ts'
import { commissionRoutes } from './routes/v1/commissions.ts'
import { consoleLists } from './routes/v1/console-lists.ts'
import { consolePartners } from './routes/v1/console-partners.ts'
import { conversionRoutes } from './routes/v1/conversions.ts'
import { creditRoutes } from './routes/v1/customer-credits.ts'
import { customerRoutes } from './routes/v1/customers.ts'
import { exportRoutes } from './routes/v1/export.ts'
import { importRoutes } from './routes/v1/import.ts'
import { ledgerRoutes } from './routes/v1/ledger.ts'
import { overviewRoutes } from './routes/v1/overview.ts'
import { partnerMerges } from './routes/v1/partner-merges.ts'
import { payoutBatchRoutes } from './routes/v1/payout-batches.ts'
import { payoutProviderRoutes } from './routes/v1/payout-providers.ts'
import { payoutResultRoutes } from './routes/v1/payout-results.ts'
import { payoutSendingRoutes } from './routes/v1/payout-sending.ts'
import { payoutRoutes } from './routes/v1/payouts.ts'
import { peopleRoutes } from './routes/v1/people.ts'
import { periodRoutes } from './routes/v1/periods.ts'
import { referralRoutes } from './routes/v1/referrals.ts'
import { refundRoutes } from './routes/v1/refunds.ts'
import { statsRoutes } from './routes/v1/stats.ts'
import { stripeRoutes } from './routes/v1/stripe.ts'
import { stuckRoutes } from './routes/v1/stuck.ts'
import { termsRoutes } from './routes/v1/terms.ts'
import { webhookRoutes } from './routes/v1/webhooks.ts'
import { TooManyClicks } from './store/clicks.ts'
import { isUnavailable } from './store/database.ts'

type Around = { log: Logger; built: URL; snippetPath: string; watching?: { metrics: Metrics; token: string | undefined } }

/** The whole API in one screen. Handlers stand under their whole path, so that a path leads to its handler. */
export function app(server: Server, { log, built, snippetPath, watching }: Around) {
  const { metrics: figures, token } = watching ?? { metrics: metrics(server.desk), token: undefined }
  const all = new Hono()
  // Before the layers, whose work it does itself: it is asked ten thousand times for each time that another route is.
  all.route('/', referrals(server, log))
  all.use(requestId(), accessLog(log), figures.requests(), securityHeaders())
  all.use(async (c, next) => {
    await boundBody(c)
    await next()
  })

  const browserFiles = assets(built, snippetPath)
  all.route('/', browserFiles.routes)
  // Before anything that asks the database: without one the process is still alive.
  all.route('/', health(server))
  all.route('/', metricsRoute(server, { metrics: figures, token }))
  all.use(allowedOrigins(server))
  all.use(csvLists((request, env) => all.fetch(request, env as object)))
  all.use(
    methodNotAllowed({
      app: all,
      onMethodNotAllowed: (c, methods) => told(c, new Problem('method_not_allowed', { headers: { allow: methods.join(', ') } })),
    }),
  )

  all.route('/', auth(server))
  all.route('/', authMe(server))
  all.route('/', authTotp(server))
  all.route('/', adminRoutes(server))
  all.route('/', apps(server))
  all.route('/', applicationRoutes(server))
  all.route('/', consolePartners(server))
  all.route('/', partnerMerges(server))
  all.route('/', consoleLists(server))
  all.route('/', affiliate(server))
  all.route('/', affiliateSession(server))
  all.route('/', affiliatePortal(server))
  all.route('/', affiliateDeals(server))
  all.route('/', affiliateCodes(server))
  all.route('/', affiliatePayoutSettings(server))
  all.route('/', affiliateApiKeys(server))
  // Before system A's, to whose paths an id could otherwise be called "codes".
  all.route('/', partnerApi(server))
  all.route('/', partnerRoutes(server))
  all.route('/', customerRoutes(server))
  all.route('/', referralRoutes(server))
  all.route('/', conversionRoutes(server))
  all.route('/', myReferrals(server))
  all.route('/', adminReferrals(server))
  all.route('/', creditRoutes(server))
  all.route('/', refundRoutes(server))
  all.route('/', stripeRoutes(server))
  all.route('/', commissionRoutes(server))
  all.route('/', ledgerRoutes(server))
  all.route('/', payoutBatchRoutes(server))
  all.route('/', payoutResultRoutes(server))
  all.route('/', payoutRoutes(server))
  all.route('/', payoutSendingRoutes(server))
  all.route('/', payoutProviderRoutes(server))
  all.route('/', periodRoutes(server))
  all.route('/', statsRoutes(server))
  all.route('/', overviewRoutes(server))
  all.route('/', stuckRoutes(server))
  all.route('/', termsRoutes(server))
  all.route('/', auditRoutes(server))
  all.route('/', exportRoutes(server))
  all.route('/', importRoutes(server))
  all.route('/', peopleRoutes(server))
  all.route('/', webhookRoutes(server))
  all.route('/', affiliateWebhooks(server))
  all.route('/', plainPages())
  all.route('/', consoleInvitePage(server))
  all.route('/', consolePages())
  all.route('/', setUpPage(server))
  all.route('/', portalPages(server))
  const document = openapi(all, () => server.publicUrl)
  all.get('/openapi.json', async c => c.json(await document(c)))
  all.route('/', docsPage(document))
  all.route('/', mcp(server, { document, fetch: (request, env) => all.fetch(request, env as object) }))

  all.notFound(c => told(c, new Problem('not_found')))
  all.onError((error, c) => {
    const where = { requestId: c.get('requestId'), route: c.req.routePath, method: c.req.method }
    return told(c, problemOf(error, log, where))
  })
  return all
}

/** What a caller is told of an error; what no caller can have caused is logged with where it happened. */
export function problemOf(error: unknown, log: Logger, where: { requestId: string | undefined; route: string; method: string }) {
  if (error instanceof Problem) return error
  if (error instanceof TooManyClicks || isUnavailable(error)) {
    log.warn({ err: error, requestId: where.requestId }, 'The database cannot answer')
    return Problem.later('unavailable', 2)
  }
  log.error({ err: error, ...where }, 'A request failed')
  return new Problem('internal')
}

function told(c: Context, problem: Problem) {
  return c.body(JSON.stringify(problem.body()), problem.status as 400, {
    'content-type': 'application/problem+json',
    ...problem.headers,
  })
}
