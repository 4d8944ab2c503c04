import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import * as v from 'valibot'
import { Click } from '../server/contract/referrals.ts'

// The baseline, a process of its own: takes the same request, validates it with the same schema, says 202 in as many
// words, and does nothing else. Whatever a real click costs beyond this is the price of its work.
const app = new Hono().post('/referrals/click', async c => {
  const click = v.safeParse(Click, await c.req.json())
  if (!click.success) return c.json({ code: 'invalid' }, 422)
  return c.json({ clickId: click.output.clickId, code: click.output.code, expiresAt: '2026-12-31T00:00:00.000Z' }, 202)
})

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  process.send?.({ url: `http://127.0.0.1:${port}` }),
)
process.once('SIGTERM', () => server.close())
process.once('disconnect', () => process.exit())
