import { Hono } from 'hono'
import { Conversion, NewConversion } from '../../contract/conversions.ts'
import { door, type Server } from '../../door.ts'
import { record } from '../../program/conversions.ts'

export function conversionRoutes(server: Server) {
  const replies = { 201: Conversion, 200: Conversion }
  return new Hono().post(
    '/v1/conversions',
    ...door(
      server,
      { summary: 'Report a payment', tag: 'Attribution', who: ['secret'], body: NewConversion, replies },
      async ({ c, desk, program, body }) => {
        const { conversion, made } = await record(desk, program, body)
        return c.json(conversion, made ? 201 : 200)
      },
    ),
  )
}
