import { Hono } from 'hono'
import { Merge, MergeInto, MergeQuestion } from '../../contract/partner-merges.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { merge, preview } from '../../program/partner-merges.ts'

const path = '/v1/apps/:appId/partners/:id/merge'
const common = { tag: 'Partners', who: ['admin'], inProgram: true } as const

/** Two accounts of one partner become one. */
export function partnerMerges(server: Server) {
  return new Hono()
    .get(
      path,
      ...door(
        server,
        { ...common, summary: 'What merging will mean', query: MergeQuestion, replies: { 200: Merge } },
        async ({ c, desk, program, query }) => c.json(await preview(desk, program, { id: idFrom(c, 'id'), into: query.into })),
      ),
    )
    .post(
      path,
      ...door(
        server,
        { ...common, summary: 'Merge a partner into another', body: MergeInto, replies: { 200: Merge } },
        async ({ c, desk, program, body }) => c.json(await merge(desk, program, { id: idFrom(c, 'id'), into: body.into })),
      ),
    )
}
