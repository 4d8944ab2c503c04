import { Hono } from 'hono'
import { NewRefund, Refund } from '../../contract/refunds.ts'
import { door, type Server } from '../../door.ts'
import { refund } from '../../program/refunds.ts'

export function refundRoutes(server: Server) {
  const replies = { 201: Refund, 200: Refund }
  return new Hono().post(
    '/v1/refunds',
    ...door(
      server,
      { summary: 'Report a refund', tag: 'Attribution', who: ['secret'], body: NewRefund, replies },
      async ({ c, desk, program, body }) => {
        const result = await refund(desk, program, body)
        return c.json(result.refund, result.made ? 201 : 200)
      },
    ),
  )
}
