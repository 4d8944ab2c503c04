import { Hono } from 'hono'
import { PayoutResults, PayoutResultsReport } from '../../contract/payout-results.ts'
import { door, type Server } from '../../door.ts'
import { importResults } from '../../program/payout-results.ts'

/** What banks and providers say came of payouts. Mounted before the payouts, none of which is called "results". */
export function payoutResultRoutes(server: Server) {
  return new Hono().post(
    '/v1/apps/:appId/payouts/results',
    ...door(
      server,
      {
        summary: 'Reconcile with a result file',
        tag: 'Payouts',
        who: ['admin', 'secret'],
        inProgram: true,
        body: PayoutResults,
        replies: { 200: PayoutResultsReport },
      },
      async ({ c, desk, program, body }) => c.json(await importResults(desk, program, body)),
    ),
  )
}
