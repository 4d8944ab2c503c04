import { Hono } from 'hono'
import { StuckList, StuckRetried, StuckRetry } from '../../contract/stuck.ts'
import { door, type Server } from '../../door.ts'
import { listStuck, retryStuck } from '../../program/stuck.ts'

const tag = 'Running it'

/** What does not go on by itself, and one safe way to try it again. */
export function stuckRoutes(server: Server) {
  return new Hono()
    .get(
      '/v1/apps/:appId/stuck',
      ...door(
        server,
        { summary: 'What is stuck', tag, who: ['admin'], inProgram: true, replies: { 200: StuckList } },
        async ({ c, desk, program }) => c.json(await listStuck(desk, program)),
      ),
    )
    .post(
      '/v1/apps/:appId/stuck/retry',
      ...door(
        server,
        {
          summary: 'Try again what is stuck',
          tag,
          who: ['admin'],
          inProgram: true,
          body: StuckRetry,
          bodyOptional: true,
          replies: { 200: StuckRetried },
        },
        async ({ c, desk, program, body }) => c.json({ data: await retryStuck(desk, program, body.ids) }),
      ),
    )
}
