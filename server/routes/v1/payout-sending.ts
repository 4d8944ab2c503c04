import { Hono } from 'hono'
import { EndSending, type PayoutSending, SendPayouts, SentPayout, SentPayouts } from '../../contract/sending.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { end, send, sendAll } from '../../program/sending.ts'
import type { Db } from '../../store/schema.ts'
import * as sendings from '../../store/sendings.ts'

const tag = 'Payouts'
const who = ['admin', 'secret'] as const

/** Having payouts sent by their partners' providers. */
export function payoutSendingRoutes(server: Server) {
  return new Hono()
    .post(
      '/v1/apps/:appId/payouts/send',
      ...door(
        server,
        {
          summary: 'Send payouts',
          tag,
          who,
          inProgram: true,
          body: SendPayouts,
          bodyOptional: true,
          replies: { 202: SentPayouts },
        },
        async ({ c, desk, program, body }) => c.json(await sendAll(desk, program, body), 202),
      ),
    )
    .post(
      '/v1/apps/:appId/payouts/:id/send',
      ...door(
        server,
        { summary: 'Send a payout', tag, who, inProgram: true, replies: { 202: SentPayout } },
        async ({ c, desk, program }) => {
          const { payoutId } = await send(desk, program, idFrom(c, 'id'))
          return c.json({ payoutId, sending: await sendingOf(desk.database.db, payoutId) }, 202)
        },
      ),
    )
    .post(
      '/v1/apps/:appId/payouts/:id/sending/end',
      ...door(
        server,
        {
          summary: 'End the sending of a payout by hand',
          tag,
          who: ['admin'],
          inProgram: true,
          body: EndSending,
          replies: { 200: SentPayout },
        },
        async ({ c, desk, program, body }) => {
          const { payoutId } = await end(desk, program, idFrom(c, 'id'), body)
          return c.json({ payoutId, sending: await sendingOf(desk.database.db, payoutId) })
        },
      ),
    )
}

/** Where the sending of a payout stands, with its attempts; null where it was never sent. */
export async function sendingOf(db: Db, payoutId: string): Promise<PayoutSending | null> {
  const sending = await sendings.byPayout(db, payoutId)
  if (!sending) return null
  const { provider, state, detail, account, handle, createdAt, nextAt, endedAt } = sending
  const attempts = (await sendings.attemptsOf(db, payoutId)).map(
    ({ payoutId: _, programId: __, number: ___, ...attempt }) => attempt,
  )
  return { provider, state, detail, account, providerBatchId: handle, startedAt: createdAt, nextAt, endedAt, attempts }
}
