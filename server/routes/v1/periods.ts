import { Hono } from 'hono'
import * as v from 'valibot'
import { Period } from '../../contract/partner-api.ts'
import { ClosedPeriod } from '../../contract/periods.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { close } from '../../program/periods.ts'

/** Months, and their closing. */
export function periodRoutes(server: Server) {
  return new Hono().post(
    '/v1/apps/:appId/periods/:period/close',
    ...door(
      server,
      {
        summary: 'Close a month',
        tag: 'Payouts',
        who: ['admin', 'secret'],
        inProgram: true,
        replies: { 200: ClosedPeriod },
      },
      async ({ c, desk, program }) => {
        const period = v.safeParse(Period, idFrom(c, 'period'))
        if (!period.success) throw Problem.at('period', 'Give a month such as 2026-03.')
        return c.json(await close(desk, program, period.output))
      },
    ),
  )
}
