import { Hono } from 'hono'
import {
  MadePayouts,
  NewPayouts,
  PayoutFailed,
  PayoutFile,
  PayoutFileQuery,
  PayoutList,
  PayoutPaid,
  PayoutQuery,
  Payout as PayoutReply,
  PayoutWithLines,
  SepaFile,
  SepaFileQuery,
} from '../../contract/payouts.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import type { Desk } from '../../program/desk.ts'
import { run } from '../../program/payout-runs.ts'
import { markFailed, markPaid } from '../../program/payouts.ts'
import { lineKind } from '../../rules/payout.ts'
import type { Payout } from '../../store/payouts.ts'
import * as payouts from '../../store/payouts.ts'
import type { Program } from '../../store/programs.ts'
import type { Db } from '../../store/schema.ts'
import { shownBatch } from './payout-batches.ts'
import { sendingOf } from './payout-sending.ts'
import { fileOf, named, sepaFileOf, shown } from './payout-shown.ts'

const tag = 'Payouts'
const who = ['admin', 'secret'] as const

/** Paying partners: runs, what came of them, and the files that providers take. */
export function payoutRoutes(server: Server) {
  return new Hono()
    .get(
      '/v1/apps/:appId/payouts',
      ...door(
        server,
        { summary: 'List payouts', tag, who, inProgram: true, query: PayoutQuery, replies: { 200: PayoutList } },
        async ({ c, desk, program, query }) => {
          const { db } = desk.database
          const { limit, cursor, ...wanted } = query
          const page = await payouts.page(db, program.id, { ...wanted, limit, after: cursor ?? null })
          return c.json({ data: await shown(desk, program, page.data), nextCursor: page.nextCursor })
        },
      ),
    )
    .post(
      '/v1/apps/:appId/payouts',
      ...door(
        server,
        {
          summary: 'Make payouts',
          tag,
          who,
          inProgram: true,
          body: NewPayouts,
          bodyOptional: true,
          replies: { 201: MadePayouts },
        },
        async ({ c, desk, program, body }) => {
          const { batch, made, carried } = await run(desk, program, body)
          const { db } = desk.database
          return c.json(
            { batch: batch && shownBatch(batch), data: await shown(desk, program, made), carried: await named(db, carried) },
            201,
          )
        },
      ),
    )
    .get(
      '/v1/apps/:appId/payouts.csv',
      ...door(
        server,
        {
          summary: 'Open payouts as a file',
          tag,
          who,
          inProgram: true,
          query: PayoutFileQuery,
          replies: { 200: PayoutFile },
          media: 'text/csv',
        },
        async ({ desk, program, query }) => {
          const { text, leftOut } = await fileOf(desk, program, query)
          return new Response(text, {
            headers: {
              'content-type': 'text/csv; charset=utf-8',
              'content-disposition': `attachment; filename="payouts-${query.method}.csv"`,
              'x-left-out': String(leftOut),
            },
          })
        },
      ),
    )
    .get(
      '/v1/apps/:appId/payouts.xml',
      ...door(
        server,
        {
          summary: "A batch's euro transfers for a bank",
          tag,
          who,
          inProgram: true,
          query: SepaFileQuery,
          replies: { 200: SepaFile },
          media: 'application/xml',
        },
        async ({ desk, program, query }) => {
          const { text, leftOut } = await sepaFileOf(desk, program, query)
          return new Response(text, {
            headers: {
              'content-type': 'application/xml; charset=utf-8',
              'content-disposition': `attachment; filename="${query.batch}.xml"`,
              'x-left-out': String(leftOut),
            },
          })
        },
      ),
    )
    .get(
      '/v1/apps/:appId/payouts/:id',
      ...door(
        server,
        { summary: 'Read a payout', tag, who, inProgram: true, replies: { 200: PayoutWithLines } },
        async ({ c, desk, program }) => {
          const payout = await payouts.byId(desk.database.db, program.id, idFrom(c, 'id'))
          if (!payout) throw new Problem('payout_not_found')
          const { db } = desk.database
          const lines = await linesOf(db, payout.id)
          return c.json({ ...(await one(desk, program, payout)), lines, sending: await sendingOf(db, payout.id) })
        },
      ),
    )
    .post(
      '/v1/apps/:appId/payouts/:id/paid',
      ...door(
        server,
        {
          summary: 'Mark as paid',
          tag,
          who,
          inProgram: true,
          body: PayoutPaid,
          bodyOptional: true,
          replies: { 200: PayoutReply },
        },
        async ({ c, desk, program, body }) => {
          const payout = await markPaid(desk, program, idFrom(c, 'id'), body.reference || null)
          return c.json(await one(desk, program, payout))
        },
      ),
    )
    .post(
      '/v1/apps/:appId/payouts/:id/failed',
      ...door(
        server,
        { summary: 'Mark as failed', tag, who, inProgram: true, body: PayoutFailed, replies: { 200: PayoutReply } },
        async ({ c, desk, program, body }) => {
          return c.json(await one(desk, program, await markFailed(desk, program, idFrom(c, 'id'), body.reason)))
        },
      ),
    )
}

async function one(desk: Desk, program: Program, payout: Payout): Promise<PayoutReply> {
  const [reply] = await shown(desk, program, [payout])
  if (!reply) throw new Error(`${payout.id} cannot be shown`)
  return reply
}

async function linesOf(db: Db, id: string): Promise<PayoutWithLines['lines']> {
  return (await payouts.lines(db, id)).map(({ availableAt: _, approvedAt: __, owedTo: ___, why: text, ...line }) => {
    const why = JSON.parse(text)
    return { ...line, kind: lineKind({ ...line, why }), why }
  })
}
