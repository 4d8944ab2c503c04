import { Hono } from 'hono'
import * as v from 'valibot'
import { door, type Server } from '../door.ts'
import { Problem } from '../problem.ts'
import { answers } from '../store/database.ts'

const Health = v.object({ status: v.literal('ok') })

export function health(server: Server) {
  return new Hono()
    .get(
      '/healthz',
      ...door(
        server,
        { summary: 'Is the process there', tag: 'Running it', who: ['public'], unlimited: true, replies: { 200: Health } },
        ({ c }) => c.json({ status: 'ok' }),
      ),
    )
    .get(
      '/readyz',
      ...door(
        server,
        { summary: 'Does the database answer', tag: 'Running it', who: ['public'], unlimited: true, replies: { 200: Health } },
        async ({ c, desk }) => {
          if (server.isDraining() || !(await answers(desk.database))) throw Problem.later('unavailable', 2)
          return c.json({ status: 'ok' })
        },
      ),
    )
}
