import { ReadableStream } from 'node:stream/web'
import { setImmediate } from 'node:timers/promises'
import { Hono } from 'hono'
import { CursorQuery } from '../../contract/paging.ts'
import {
  PayoutBatchLines,
  PayoutBatchList,
  type PayoutBatch as PayoutBatchReply,
  PayoutBatchStanding,
} from '../../contract/payout-batches.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { payoutStatus } from '../../rules/partner-api.ts'
import { batchLine, batchTitles, totalsOf } from '../../rules/payout-batch.ts'
import type { Batch } from '../../store/payout-batches.ts'
import * as batches from '../../store/payout-batches.ts'
import type { Db } from '../../store/schema.ts'

const tag = 'Payouts'
const who = ['admin', 'secret'] as const

/** What each run has made, frozen. Mounted before the payouts, none of which is called "batches". */
export function payoutBatchRoutes(server: Server) {
  return new Hono()
    .get(
      '/v1/apps/:appId/payouts/batches',
      ...door(
        server,
        { summary: 'List batches', tag, who, inProgram: true, query: CursorQuery, replies: { 200: PayoutBatchList } },
        async ({ c, desk, program, query }) => {
          const paging = { limit: query.limit, after: query.cursor ?? null }
          const page = await batches.page(desk.database.db, program.id, paging)
          return c.json({ data: page.data.map(shownBatch), nextCursor: page.nextCursor })
        },
      ),
    )
    .get(
      '/v1/apps/:appId/payouts/batches/:id',
      ...door(
        server,
        { summary: 'Read a batch', tag, who, inProgram: true, replies: { 200: PayoutBatchStanding } },
        async ({ c, desk, program }) => {
          const { db } = desk.database
          const batch = await known(db, program.id, idFrom(c, 'id'))
          return c.json({ ...shownBatch(batch), standing: await standingOf(db, batch.id) })
        },
      ),
    )
    .get(
      '/v1/apps/:appId/payouts/batches/:id/lines.csv',
      ...door(
        server,
        {
          summary: "What a batch's hash is made of",
          tag,
          who,
          inProgram: true,
          replies: { 200: PayoutBatchLines },
          media: 'text/csv',
        },
        async ({ c, desk, program }) => {
          const { id } = await known(desk.database.db, program.id, idFrom(c, 'id'))
          return new Response(ReadableStream.from(written(desk.database.db, id)) as BodyInit, {
            headers: {
              'content-type': 'text/csv; charset=utf-8',
              'content-disposition': `attachment; filename="${id}.csv"`,
            },
          })
        },
      ),
    )
}

/** A batch as every route shows it. */
export function shownBatch(batch: Batch): PayoutBatchReply {
  const { id, currency, method, count, totals, hash, createdAt, actorKind, actorId, actorLabel } = batch
  const createdBy = { kind: actorKind as PayoutBatchReply['createdBy']['kind'], id: actorId, label: actorLabel }
  return { id, createdBy, currency, method, count, totals: JSON.parse(totals), hash, createdAt }
}

async function known(db: Db, programId: string, id: string) {
  const batch = await batches.byId(db, programId, id)
  if (!batch) throw new Problem('payout_batch_not_found')
  return batch
}

async function standingOf(db: Db, batchId: string): Promise<PayoutBatchStanding['standing']> {
  const all = await batches.payoutsOf(db, batchId)
  return (['pending', 'paid', 'failed'] as const).flatMap(status =>
    totalsOf(all.filter(each => payoutStatus(each) === status)).map(total => ({ status, ...total })),
  )
}

async function* written(db: Db, batchId: string) {
  const encoder = new TextEncoder()
  yield encoder.encode(batchTitles)
  for await (const lines of batches.lines(db, batchId)) {
    yield encoder.encode(lines.map(batchLine).join(''))
    // SQLite answers at once: without a pause a long batch would let nobody else have a turn.
    await setImmediate()
  }
}
